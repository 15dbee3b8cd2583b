/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing the model file, see docs/model-format.md. */
#include "model-format.h"

#include "core/base/text.h"
#include "core/emotion.h"

static void
put_number (GString *text, const EmotionField *field, gconstpointer at)
{
  if (field->type == EMOTION_FIELD_DOUBLE)
    emotion_text_put_double (text, field->key, *(const double *)at);
  else if (field->type == EMOTION_FIELD_TIME)
    g_string_append_printf (text, "%s %" G_GUINT64_FORMAT "\n", field->key, *(const guint64 *)at);
  else
    g_string_append_printf (text, "%s %u\n", field->key, *(const guint *)at);
}

static void
put_field (GString *text, const EmotionField *field, const EmotionModelContent *content)
{
  gpointer at = emotion_model_content_get (content, field->place);
  const gsize rows = emotion_model_content_get_size (content, field->rows);
  const gsize columns = emotion_model_content_get_size (content, field->columns);
  switch (field->type) {
  case EMOTION_FIELD_WORD:
    g_string_append_printf (text, "%s %s\n", field->key, *(char **)at);
    break;
  case EMOTION_FIELD_FLOATS:
    emotion_text_put_floats (text, field->key, rows, columns, *(const float **)at);
    break;
  case EMOTION_FIELD_CHOICE:
    g_string_append_printf (text, "%s %s\n", field->key, field->names[*(guint *)at]);
    break;
  case EMOTION_FIELD_LINES:
    for (char **line = *(char ***)at; *line; line++)
      g_string_append_printf (text, "%s\n", *line);
    break;
  case EMOTION_FIELD_PAIRS:
    for (char **word = *(char ***)at; *word; word += 2)
      g_string_append_printf (text, "%s %s\n", word[0], word[1]);
    break;
  default:
    if (!field->rows)
      put_number (text, field, at);
    for (gsize i = 0; i < rows; i++)
      put_number (text, field, emotion_model_content_get_row (content, field, i));
  }
}

static void
put_section (GString *file, const EmotionSection *section, const EmotionModelContent *content)
{
  GString *text = g_string_new (NULL);
  for (const EmotionField *field = section->fields; field->key; field++)
    if (emotion_model_content_has (content, field))
      put_field (text, field, content);
  g_string_append_printf (file, "section %s %" G_GSIZE_FORMAT "\n", section->name, text->len);
  g_string_append_len (file, text->str, (gssize)text->len);
  g_string_free (text, TRUE);
}

/* Writes one section per classifier that is not NULL. */
static void
put_classifiers (GString *file, const EmotionSection *section, EmotionModelContent *content,
                 EmotionClassifier *const *classifiers, guint n)
{
  for (guint i = 0; i < n; i++)
    if (classifiers[i]) {
      content->classifier = *emotion_classifier_get_parts (classifiers[i]);
      put_section (file, section, content);
    }
}

/* The text before the checksum. */
static GString *
put_content (const EmotionModel *self)
{
  const EmotionModelParts *p = emotion_model_get_parts (self);
  EmotionModelContent content = {.set_name = (char *)p->features->name,
                                 .layout = emotion_feature_set_hash (p->features),
                                 .model = *p};
  GString *file = g_string_new (EMOTION_MODEL_MAGIC);
  if (p->decision) {
    content.decision = *p->decision;
    content.has_priors = p->decision->priors != NULL;
  }
  for (const EmotionSection *section = emotion_sections; section->name; section++) {
    gpointer at = emotion_model_content_get (&content, section->place);
    if (section->kind != EMOTION_SECTION_CLASSIFIER) {
      if (!section->place || *(gpointer *)at)
        put_section (file, section, &content);
    } else if (section->place) {
      put_classifiers (file, section, &content, at, 1);
    } else {
      put_classifiers (file, section, &content, p->classifiers, p->n_classifiers);
    }
  }
  g_free (content.layout);
  return file;
}

static char *
hash_content (const GString *content)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content->str,
                                      content->len);
}

const char *
emotion_model_get_hash (const EmotionModel *self)
{
  const char *hash = emotion_model_peek_hash (self);
  if (hash)
    return hash;
  GString *file = put_content (self);
  hash = emotion_model_keep_hash (self, hash_content (file));
  g_string_free (file, TRUE);
  return hash;
}

GBytes *
emotion_model_serialize (const EmotionModel *self)
{
  GString *file = put_content (self);
  char *hash = hash_content (file);
  g_string_append_printf (file, EMOTION_MODEL_TAIL, hash);
  emotion_model_keep_hash (self, hash);
  return g_string_free_to_bytes (file);
}

gboolean
emotion_model_save (const EmotionModel *self, const char *path, GError **error)
{
  GBytes *bytes = emotion_model_serialize (self);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GError *cause = NULL;
  gboolean ok = g_file_set_contents (path, data, (gssize)size, &cause);
  if (!ok)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_IO, "%s: the model cannot be written: %s",
                 path, cause->message);
  g_clear_error (&cause);
  g_bytes_unref (bytes);
  return ok;
}
