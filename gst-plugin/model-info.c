/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-info.h"

#include <math.h>

/* Takes ownership of `part`. */
static void
take_part (GstStructure *info, const char *field, GstStructure *part)
{
  gst_structure_set (info, field, GST_TYPE_STRUCTURE, part, NULL);
  gst_structure_free (part);
}

/* The model's own decision parameters, for the properties that are not set. */
static void
set_decision (GstStructure *info, const EmotionModel *model)
{
  const EmotionDecisionDefaults *defaults = emotion_model_get_decision (model);
  const guint n = emotion_model_get_n_labels (model);
  GstStructure *priors = gst_structure_new_empty ("priors");
  double sum = 0;
  for (guint k = 0; k < n; k++)
    sum += defaults->priors != NULL ? defaults->priors[k] : 1;
  for (guint k = 0; k < n; k++)
    gst_structure_set (priors, emotion_model_get_label (model, k), G_TYPE_DOUBLE,
                       (defaults->priors != NULL ? defaults->priors[k] : 1) / sum, NULL);
  take_part (info, "priors", priors);
  gst_structure_set (info, "smoothing", G_TYPE_UINT64,
                     (guint64)llround (defaults->smoothing * GST_SECOND), "hysteresis",
                     G_TYPE_DOUBLE, defaults->hysteresis, "hold-time", G_TYPE_UINT64,
                     (guint64)llround (defaults->hold_time * GST_SECOND), NULL);
}

/* Sets an array with a text for each label. */
static void
set_texts (GstStructure *info, const char *name, const EmotionModel *model,
           const char *(*get_text) (const EmotionModel *, guint))
{
  GValue texts = G_VALUE_INIT, text = G_VALUE_INIT;
  gst_value_array_init (&texts, emotion_model_get_n_labels (model));
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++) {
    g_value_init (&text, G_TYPE_STRING);
    g_value_set_string (&text, get_text (model, i));
    gst_value_array_append_and_take_value (&texts, &text);
  }
  gst_structure_take_value (info, name, &texts);
}

GstStructure *
gst_emotion_model_info_new (const EmotionModel *model, const char *model_name)
{
  const EmotionFeatureSet *features = emotion_model_get_features (model);
  const EmotionWindowing *windowing = emotion_model_get_windowing (model);
  const EmotionThresholds *thresholds = emotion_model_get_thresholds (model);
  GstStructure *info = gst_structure_new (
      "model-info", "model", G_TYPE_STRING, model_name, "features", G_TYPE_STRING, features->name,
      "n-features", G_TYPE_UINT, features->n_features, "window", G_TYPE_UINT64, windowing->window,
      "interval", G_TYPE_UINT64, windowing->interval, "min-window", G_TYPE_UINT64,
      windowing->min_window, "threshold", G_TYPE_DOUBLE, thresholds->confidence,
      "silence-threshold", G_TYPE_DOUBLE, thresholds->silence, "min-speech-ratio", G_TYPE_DOUBLE,
      thresholds->min_speech_ratio, "adaptation", G_TYPE_STRING,
      emotion_model_adapts (model) ? "running" : "none", "sha256", G_TYPE_STRING,
      emotion_model_get_hash (model), NULL);

  set_decision (info, model);

  set_texts (info, "labels", model, emotion_model_get_label);
  set_texts (info, "label-texts", model, emotion_model_get_label_text);

  GstStructure *provenance = gst_structure_new_empty ("provenance");
  for (const char *const *pair = emotion_model_get_provenance (model); *pair != NULL; pair += 2)
    gst_structure_set (provenance, pair[0], G_TYPE_STRING, pair[1], NULL);
  take_part (info, "provenance", provenance);
  return info;
}
