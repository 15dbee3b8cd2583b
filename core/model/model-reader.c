/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the model file, see docs/model-format.md. */
#include "model-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/emotion.h"
#include "model-cache.h"

#define MAX_SIZE (64 * 1024 * 1024)

typedef struct {
  EmotionTextReader text; /* of the current section */
  const char *content_end;
  gboolean any_layout;
  EmotionModelContent *content;
} Reader;

/* For content that another version may support. */
static gboolean unsupported (EmotionTextReader *r, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
unsupported (EmotionTextReader *r, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (r->error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED, "%s: %s", r->origin, what);
  g_free (what);
  r->failed = TRUE;
  return FALSE;
}

static gboolean
is_known (const char *section)
{
  for (const EmotionSection *known = emotion_sections; known->name; known++)
    if (strcmp (section, known->name) == 0)
      return TRUE;
  return strcmp (section, "checksum") == 0 || strcmp (section, "end") == 0;
}

/* Enters the next section, which must be `name`: `text` is then its content. */
static gboolean
enter_section (Reader *self, const char *name)
{
  EmotionTextReader *r = &self->text;
  char *line = NULL;
  guint64 size = 0;
  r->section = name;
  r->end = self->content_end;
  if (!emotion_text_line (r, &line))
    return FALSE;
  char **words = g_strsplit (line, " ", -1);
  const gsize left = (gsize)(r->end - r->at);
  gboolean ok = FALSE;
  if (g_strv_length (words) != 3 || strcmp (words[0], "section") != 0 ||
      !g_ascii_string_to_unsigned (words[2], 10, 0, MAX_SIZE, &size, NULL))
    emotion_text_fail (r, "expected a line 'section NAME SIZE'");
  else if (words[2][0] == '0' && words[2][1])
    emotion_text_fail (r, "a number is not in canonical notation");
  else if (!is_known (words[1]))
    unsupported (r,
                 "this version does not know the section '%s'; use a newer version, or train the "
                 "model again with this one",
                 words[1]);
  else if (strcmp (words[1], name) != 0)
    emotion_text_fail (r, "expected this section, found section '%s'", words[1]);
  else if (size > left)
    emotion_text_fail (r,
                       "%" G_GUINT64_FORMAT " bytes are stated, %" G_GSIZE_FORMAT
                       " are left: the file is truncated",
                       size, left);
  else
    ok = TRUE;
  r->end = r->at + (ok ? size : 0);
  g_strfreev (words);
  g_free (line);
  return ok;
}

/* Whether the next section is `section`. */
static gboolean
comes_next (const Reader *self, const char *section)
{
  char *head = g_strdup_printf ("section %s ", section);
  const gboolean next = g_str_has_prefix (self->text.at, head);
  g_free (head);
  return next;
}

static gboolean
read_choice (Reader *self, const EmotionField *field, guint *chosen)
{
  char *name;
  guint i = 0;
  if (!emotion_text_string (&self->text, field->key, &name))
    return FALSE;
  while (field->names[i] && strcmp (name, field->names[i]) != 0)
    i++;
  if (field->names[i])
    *chosen = i;
  else
    unsupported (&self->text,
                 "section '%s': this version does not know the %s '%s'; use a newer version",
                 self->text.section, field->key, name);
  g_free (name);
  return !self->text.failed;
}

static gboolean
read_lines (Reader *self, const EmotionField *field, char ***lines)
{
  EmotionTextReader *r = &self->text;
  const gboolean pairs = field->type == EMOTION_FIELD_PAIRS;
  GPtrArray *words = g_ptr_array_new ();
  char *line;
  while (r->at < r->end && emotion_text_line (r, &line)) {
    char *space = pairs ? strchr (line, ' ') : NULL;
    g_ptr_array_add (words, line);
    if (space) {
      *space = '\0';
      g_ptr_array_add (words, g_strdup (space + 1));
    } else if (pairs) {
      emotion_text_fail (r, "a key has no value");
    }
  }
  const guint n = words->len;
  g_ptr_array_add (words, NULL);
  *lines = (char **)g_ptr_array_free (words, FALSE);
  if (!pairs && (n < field->min || n > field->max))
    return emotion_text_fail (r, "%u %s are out of range", n, field->key);
  return !r->failed;
}

static gboolean
read_number (Reader *self, const EmotionField *field, gpointer at)
{
  EmotionTextReader *r = &self->text;
  if (field->type == EMOTION_FIELD_DOUBLE)
    return emotion_text_double (r, field->key, field->min, field->max, at);
  guint64 max = (guint64)field->max, integer = 0;
  if (field->max_of)
    max = emotion_model_content_get_size (self->content, field->max_of);
  const gboolean ok = emotion_text_uint (r, field->key, (guint64)field->min, max, &integer);
  if (field->type == EMOTION_FIELD_TIME)
    *(guint64 *)at = integer;
  else
    *(guint *)at = (guint)integer;
  return ok;
}

/* Reads one line per row. */
static gboolean
read_rows (Reader *self, const EmotionField *field, gsize rows, gpointer *numbers)
{
  guint64 total = 0;
  *numbers = g_new0 (double, rows); /* large enough for counts too */
  for (gsize i = 0; i < rows; i++) {
    guint *at = emotion_model_content_get_row (self->content, field, i);
    if (!read_number (self, field, at))
      return FALSE;
    total += field->total ? *at : 0;
  }
  if (!field->total)
    return TRUE;
  *(guint *)emotion_model_content_get (self->content, field->total) = (guint)total;
  return (total >= 1 && (double)total <= field->max) ||
         emotion_text_fail (&self->text, "%" G_GUINT64_FORMAT " support vectors are out of range",
                            total);
}

static gboolean
read_field (Reader *self, const EmotionField *field)
{
  gpointer at = emotion_model_content_get (self->content, field->place);
  const gsize rows = emotion_model_content_get_size (self->content, field->rows);
  const gsize columns = emotion_model_content_get_size (self->content, field->columns);
  switch (field->type) {
  case EMOTION_FIELD_WORD:
    return emotion_text_string (&self->text, field->key, at);
  case EMOTION_FIELD_FLOATS:
    return emotion_text_floats (&self->text, field->key, rows, columns, at);
  case EMOTION_FIELD_CHOICE:
    return read_choice (self, field, at);
  case EMOTION_FIELD_LINES:
  case EMOTION_FIELD_PAIRS:
    return read_lines (self, field, at);
  default:
    return field->rows ? read_rows (self, field, rows, at) : read_number (self, field, at);
  }
}

static gboolean
read_fields (Reader *self, const EmotionField *fields)
{
  gboolean ok = TRUE;
  for (; ok && fields->key; fields++)
    ok = !emotion_model_content_has (self->content, fields) || read_field (self, fields);
  return ok;
}

static void
clear_fields (EmotionModelContent *content, const EmotionField *fields)
{
  for (; fields->key; fields++) {
    gpointer *at = emotion_model_content_get (content, fields->place);
    if (fields->type == EMOTION_FIELD_LINES || fields->type == EMOTION_FIELD_PAIRS)
      g_clear_pointer (at, g_strfreev);
    else if (fields->type == EMOTION_FIELD_WORD || fields->rows)
      g_clear_pointer (at, g_free);
  }
}

/* Sets the number of features. In a file with another layout it comes from the first array "mean".
 */
static gboolean
find_features (Reader *self)
{
  static const char mean[] = "\nmean 1 ";
  EmotionModelContent *content = self->content;
  EmotionTextReader *r = &self->text;
  const EmotionFeatureSet *set = emotion_feature_set_find (content->set_name);
  char *ours = set ? emotion_feature_set_hash (set) : NULL;
  const char *at = g_strstr_len (r->at, self->content_end - r->at, mean);
  if (g_strcmp0 (content->layout, ours) == 0) {
    content->model.features = set;
    content->classifier.n_features = set->n_features;
  } else if (self->any_layout && at) {
    content->classifier.n_features = (guint)g_ascii_strtoull (at + strlen (mean), NULL, 10);
  } else {
    unsupported (r,
                 "made for feature set '%s' with layout %.12s, this version has %s%.12s; train the "
                 "model again with this version",
                 content->set_name, content->layout, ours ? "layout " : "no such set",
                 ours ? ours : "");
  }
  g_free (ours);
  return !r->failed;
}

static gboolean
read_classifier_section (Reader *self, const EmotionSection *section)
{
  EmotionModelContent *content = self->content;
  EmotionModelParts *model = &content->model;
  if (!section->place && model->n_classifiers == EMOTION_MAX_CLASSIFIERS)
    return emotion_text_fail (&self->text, "more than %d classifiers", EMOTION_MAX_CLASSIFIERS);
  EmotionClassifier **classifier = section->place
                                       ? emotion_model_content_get (content, section->place)
                                       : &content->classifiers[model->n_classifiers++];
  GError *cause = NULL;
  content->classifier = (EmotionClassifierParts){
      .n_features = content->classifier.n_features,
      .n_labels = section->place ? 2 : g_strv_length ((char **)model->labels)};
  if (read_fields (self, section->fields) && emotion_text_finish (&self->text) &&
      !(*classifier = emotion_classifier_new (&content->classifier, &cause))) {
    emotion_text_fail (&self->text, "%s", cause->message);
    g_error_free (cause);
  }
  clear_fields (content, section->fields);
  return *classifier != NULL;
}

static gboolean
read_section (Reader *self, const EmotionSection *section)
{
  if (!enter_section (self, section->name))
    return FALSE;
  if (section->kind == EMOTION_SECTION_CLASSIFIER)
    return read_classifier_section (self, section);
  if (section->kind == EMOTION_SECTION_DECISION)
    self->content->model.decision = &self->content->decision;
  return read_fields (self, section->fields) && emotion_text_finish (&self->text) &&
         (section->kind != EMOTION_SECTION_FEATURES || find_features (self));
}

static gboolean
read_content (Reader *self)
{
  self->content->model.classifiers = self->content->classifiers;
  for (const EmotionSection *section = emotion_sections; section->name; section++) {
    const gboolean repeated = section->kind == EMOTION_SECTION_CLASSIFIER && !section->place;
    if (section->place && !comes_next (self, section->name))
      continue;
    do {
      if (!read_section (self, section))
        return FALSE;
    } while (repeated && comes_next (self, section->name));
  }
  self->text.end = self->content_end;
  return emotion_text_finish (&self->text);
}

static gboolean
check_start (EmotionTextReader *r, const char *data, gsize size)
{
  static const char name[] = "emotion-model ";
  const char *zero = size > 0 ? memchr (data, '\0', size) : NULL;
  gsize line = 0;
  while (line < size && data[line] != '\n' && data[line] != '\r')
    line++;
  r->at = zero ? zero : data;
  if (zero)
    return emotion_text_fail (r, "it has a zero byte: it is not a model file, or it is damaged");
  if (size < strlen (name) || memcmp (data, name, strlen (name)) != 0)
    return emotion_text_fail (r, "it is not a model file");
  if (line < size && data[line] == '\r')
    return emotion_text_fail (r,
                              "its line ends were changed, as git and file transfers in text mode "
                              "do: copy it again as a binary file");
  if (size < strlen (EMOTION_MODEL_MAGIC) ||
      memcmp (data, EMOTION_MODEL_MAGIC, strlen (EMOTION_MODEL_MAGIC)) != 0)
    return unsupported (r,
                        "its format '%.*s' is not '%.15s', which this version reads; use another "
                        "version, or train the model again",
                        (int)line, data, EMOTION_MODEL_MAGIC);
  return TRUE;
}

/* Checks the first line, the end and the checksum, so that damage is found before any content is
 * used. Moves to the content. Returns the hash of the content, or NULL. */
static char *
verify (Reader *self, const char *data, gsize size)
{
  static const char end_mark[] = "section end 0\n";
  const gsize tail = strlen (EMOTION_MODEL_TAIL) - strlen ("%s") + 64;
  EmotionTextReader *r = &self->text;
  if (!check_start (r, data, size))
    return NULL;
  r->section = "end";
  r->at = data + size;
  if (size < strlen (EMOTION_MODEL_MAGIC) + tail ||
      memcmp (r->at - strlen (end_mark), end_mark, strlen (end_mark)) != 0) {
    emotion_text_fail (r, "the end mark is missing: the file is truncated or damaged");
    return NULL;
  }
  r->section = "checksum";
  r->at = self->content_end = data + size - tail;
  char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)data, size - tail);
  char *expected = g_strdup_printf (EMOTION_MODEL_TAIL, hash);
  if (memcmp (r->at, expected, tail) != 0) {
    emotion_text_fail (r, "the checksum does not match the content: the file is damaged");
    g_clear_pointer (&hash, g_free);
  }
  g_free (expected);
  r->at = data + strlen (EMOTION_MODEL_MAGIC);
  return hash;
}

static Reader
reader_of (EmotionModelContent *content, const char *data, const char *origin, GError **error)
{
  return (Reader){
      .text = {.origin = origin, .section = "start", .data = data, .at = data, .error = error},
      .content = content};
}

gboolean
emotion_model_content_read (EmotionModelContent *self, const char *data, gsize size,
                            const char *origin, gboolean any_layout, GError **error)
{
  *self = (EmotionModelContent){0};
  Reader reader = reader_of (self, data, origin, error);
  reader.any_layout = any_layout;
  char *hash = verify (&reader, data, size);
  const gboolean ok = hash && read_content (&reader);
  g_free (hash);
  return ok;
}

void
emotion_model_content_clear (EmotionModelContent *self)
{
  EmotionModelParts *model = &self->model;
  for (const EmotionSection *section = emotion_sections; section->name; section++)
    clear_fields (self, section->fields);
  for (guint i = 0; i < model->n_classifiers; i++)
    emotion_classifier_unref (self->classifiers[i]);
  emotion_classifier_unref (model->outlier);
  emotion_classifier_unref (model->intensity);
}

/* Builds the model. The same content has only one notation, so the file's hash is the model's hash.
 */
static EmotionModel *
build (Reader *self, const char *hash)
{
  GError *cause = NULL;
  EmotionModel *model = emotion_model_new (&self->content->model, &cause);
  if (!model) {
    emotion_text_fail (&self->text, "%s", cause->message);
    g_error_free (cause);
    return NULL;
  }
  emotion_model_keep_hash (model, g_strdup (hash));
  return emotion_model_intern (model);
}

EmotionModel *
emotion_model_parse (const char *data, gsize size, const char *origin, GError **error)
{
  EmotionModelContent content = {0};
  Reader reader = reader_of (&content, data, origin, error);
  char *hash = verify (&reader, data, size);
  EmotionModel *model = hash ? emotion_model_cache_find (hash) : NULL;
  if (hash && !model && read_content (&reader))
    model = build (&reader, hash);
  emotion_model_content_clear (&content);
  g_free (hash);
  return model;
}

static void
set_file_error (GError **error, const char *path, int code)
{
  g_set_error (error, EMOTION_ERROR,
               code == ENOENT || code == ENOTDIR ? EMOTION_ERROR_NOT_FOUND : EMOTION_ERROR_IO,
               "%s: the model cannot be read: %s", path, g_strerror (code));
}

/* Opens `path` without blocking: opening a pipe without a writer would block for ever. */
static FILE *
open_file (const char *path, GError **error)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &status) < 0)
    set_file_error (error, path, errno);
  else if (S_ISDIR (status.st_mode))
    set_file_error (error, path, EISDIR);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_IO,
                 "%s: the model cannot be read: it is a pipe or a device; copy the model to a file",
                 path);
  else
    return fdopen (fd, "rb");
  if (fd >= 0)
    close (fd);
  return NULL;
}

EmotionModel *
emotion_model_load (const char *path, GError **error)
{
  FILE *file = open_file (path, error);
  if (!file)
    return NULL;
  GString *data = g_string_new (NULL);
  char block[65536];
  gsize n;
  errno = 0;
  while (data->len <= MAX_SIZE && (n = fread (block, 1, sizeof block, file)) > 0)
    g_string_append_len (data, block, (gssize)n);
  EmotionModel *model = NULL;
  if (ferror (file))
    set_file_error (error, path, errno);
  else if (data->len > MAX_SIZE)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT,
                 "%s: larger than %d MiB: it is not a model file", path, MAX_SIZE / 1024 / 1024);
  else
    model = emotion_model_parse (data->str, data->len, path, error);
  fclose (file);
  g_string_free (data, TRUE);
  return model;
}
