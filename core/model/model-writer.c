/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing the model file: docs/model-format.md. */
#include "model-format.h"

#include "core/base/error.h"
#include "core/base/text.h"

const char *const emotion_classifier_names[EMOTION_N_CLASSIFIERS] = {"linear", "svm", "kernel",
                                                                     "trees"};

static void
put_section (GString *file, const char *name, GString *content)
{
  g_string_append_printf (file, "section %s %" G_GSIZE_FORMAT "\n", name, content->len);
  g_string_append_len (file, content->str, (gssize)content->len);
  g_string_truncate (content, 0);
}

static void
put_uint (GString *text, const char *key, guint64 value)
{
  g_string_append_printf (text, "%s %" G_GUINT64_FORMAT "\n", key, value);
}

static void
put_view (GString *text, const EmotionViewParts *p)
{
  gsize d = p->n_components ? p->n_components : p->n_features;
  g_string_append_printf (text, "name %s\n", p->name);
  emotion_text_put_floats (text, "mean", 1, p->n_features, p->mean);
  emotion_text_put_floats (text, "scale", 1, p->n_features, p->scale);
  emotion_text_put_double (text, "limit", p->limit);
  put_uint (text, "components", p->n_components);
  if (p->n_components)
    emotion_text_put_floats (text, "projection", p->n_components, p->n_features, p->projection);
  g_string_append_printf (text, "classifier %s\n", emotion_classifier_names[p->classifier]);
  if (p->classifier == EMOTION_CLASSIFIER_LINEAR) {
    emotion_text_put_floats (text, "weights", p->n_labels, d, p->weights);
    emotion_text_put_floats (text, "bias", 1, p->n_labels, p->bias);
  } else if (p->classifier == EMOTION_CLASSIFIER_KERNEL) {
    emotion_text_put_floats (text, "weights", p->n_labels, p->n_features, p->weights);
    emotion_text_put_floats (text, "bias", 1, p->n_labels, p->bias);
    emotion_text_put_double (text, "gamma", p->gamma);
    put_uint (text, "vector-count", p->n_vectors);
    emotion_text_put_floats (text, "vectors", p->n_vectors, d, p->vectors);
    emotion_text_put_floats (text, "coefficients", p->n_labels, p->n_vectors, p->coefficients);
  } else if (p->classifier == EMOTION_CLASSIFIER_TREES) {
    emotion_text_put_floats (text, "bias", 1, p->n_labels, p->bias);
    put_uint (text, "tree-count", p->n_trees);
    emotion_text_put_floats (text, "trees", p->n_trees, 2, p->trees);
    put_uint (text, "node-count", p->n_nodes);
    emotion_text_put_floats (text, "nodes", p->n_nodes, 4, p->nodes);
  } else if (p->classifier == EMOTION_CLASSIFIER_SVM) {
    emotion_text_put_double (text, "gamma", p->gamma);
    for (guint i = 0; i < p->n_labels; i++)
      put_uint (text, "vectors-of-label", p->vectors_per_label[i]);
    emotion_text_put_floats (text, "vectors", p->n_vectors, d, p->vectors);
    emotion_text_put_floats (text, "coefficients", p->n_labels - 1, p->n_vectors, p->coefficients);
    emotion_text_put_floats (text, "rho", 1, p->n_labels * (p->n_labels - 1) / 2, p->rho);
  }
  emotion_text_put_double (text, "temperature", p->temperature);
}

static void
put_adaptation (GString *text, const EmotionModelParts *p)
{
  const EmotionAdaptationParts *a = &p->adaptation;
  if (!a->running) {
    g_string_append (text, "kind none\n");
    return;
  }
  g_string_append (text, "kind running\n");
  emotion_text_put_double (text, "prior", a->prior);
  emotion_text_put_double (text, "memory", a->memory);
  emotion_text_put_double (text, "blend", a->blend);
  emotion_text_put_double (text, "window-temperature", a->window_temperature);
  emotion_text_put_double (text, "clip-temperature", a->clip_temperature);
  for (guint i = 0; i < p->n_views; i++)
    put_uint (text, "centred", a->centred[i] ? 1 : 0);
  emotion_text_put_floats (text, "centre", 1, p->features->n_features, a->centre);
  emotion_text_put_double (text, "offset-share", a->offset_share);
  emotion_text_put_floats (text, "expected", 1, g_strv_length ((char **)p->labels), a->expected);
  emotion_text_put_floats (text, "offsets", g_strv_length ((char **)p->labels),
                           p->features->n_features, a->offsets);
}

/* A section that not every model has. */
static void
put_other_view (GString *file, GString *text, const char *section, EmotionView *view)
{
  if (!view)
    return;
  put_view (text, emotion_view_get_parts (view));
  put_section (file, section, text);
}

/* The same. */
static void
put_decision (GString *file, GString *text, const EmotionModelParts *p)
{
  const EmotionDecisionDefaults *d = p->decision;
  if (!d)
    return;
  emotion_text_put_double (text, "smoothing", d->smoothing);
  emotion_text_put_double (text, "hysteresis", d->hysteresis);
  emotion_text_put_double (text, "hold-time", d->hold_time);
  put_uint (text, "has-priors", d->priors != NULL);
  if (d->priors)
    emotion_text_put_floats (text, "priors", 1, g_strv_length ((char **)p->labels), d->priors);
  put_section (file, "decision", text);
}

/* Everything before the checksum. */
static GString *
put_content (const EmotionModelParts *p)
{
  GString *file = g_string_new (EMOTION_MODEL_MAGIC), *text = g_string_new (NULL);
  char *layout = emotion_feature_set_hash (p->features);
  g_string_append_printf (text, "name %s\nlayout %s\n", p->features->name, layout);
  g_free (layout);
  put_section (file, "features", text);
  put_uint (text, "window", p->windowing.window);
  put_uint (text, "interval", p->windowing.interval);
  put_uint (text, "min-window", p->windowing.min_window);
  put_section (file, "windowing", text);
  for (guint i = 0; p->labels[i]; i++)
    g_string_append_printf (text, "%s\n", p->labels[i]);
  put_section (file, "labels", text);
  for (guint i = 0; p->label_texts && p->label_texts[i]; i++)
    g_string_append_printf (text, "%s\n", p->label_texts[i]);
  if (p->label_texts)
    put_section (file, "label-texts", text);
  for (guint i = 0; i < p->n_views; i++) {
    put_view (text, emotion_view_get_parts (p->views[i]));
    put_section (file, "view", text);
  }
  for (guint i = 0; i < p->n_views; i++)
    emotion_text_put_double (text, "weight", p->fusion[i]);
  put_section (file, "fusion", text);
  emotion_text_put_double (text, "window-temperature", p->window_temperature);
  emotion_text_put_double (text, "clip-temperature", p->clip_temperature);
  put_section (file, "calibration", text);
  put_adaptation (text, p);
  put_section (file, "adaptation", text);
  put_other_view (file, text, "outlier", p->outlier);
  put_other_view (file, text, "intensity", p->intensity);
  emotion_text_put_double (text, "confidence", p->thresholds.confidence);
  emotion_text_put_double (text, "min-speech-ratio", p->thresholds.min_speech_ratio);
  emotion_text_put_double (text, "silence", p->thresholds.silence);
  put_section (file, "thresholds", text);
  put_decision (file, text, p);
  for (guint i = 0; p->provenance[i]; i += 2)
    g_string_append_printf (text, "%s %s\n", p->provenance[i], p->provenance[i + 1]);
  put_section (file, "provenance", text);
  g_string_free (text, TRUE);
  return file;
}

char *
emotion_model_hash_content (const char *content, gsize size)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content, size);
}

const char *
emotion_model_get_hash (const EmotionModel *self)
{
  const char *hash = emotion_model_peek_hash (self);
  if (hash)
    return hash;
  GString *file = put_content (emotion_model_get_parts (self));
  hash = emotion_model_keep_hash (self, emotion_model_hash_content (file->str, file->len));
  g_string_free (file, TRUE);
  return hash;
}

GBytes *
emotion_model_serialize (const EmotionModel *self)
{
  GString *file = put_content (emotion_model_get_parts (self)), *text = g_string_new (NULL);
  char *hash = emotion_model_hash_content (file->str, file->len);
  g_string_append_printf (text, "sha256 %s\n", hash);
  put_section (file, "checksum", text);
  put_section (file, "end", text);
  g_string_free (text, TRUE);
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
