/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include <math.h>
#include <string.h>

#define COMMENT_KEY "EMOTION="

void
gst_emotion_report_register (void)
{
  gst_tag_register (GST_EMOTION_TAG, GST_TAG_FLAG_META, G_TYPE_STRING, "emotion",
                    "emotion heard in the speech, or none", NULL);
  gst_tag_register (GST_EMOTION_TAG_CONFIDENCE, GST_TAG_FLAG_META, G_TYPE_DOUBLE,
                    "emotion confidence", "probability of the emotion, 0 to 1", NULL);
  const char *tags[] = {GST_META_TAG_AUDIO_STR, NULL};
  gst_meta_register_custom (GST_EMOTION_META, tags, NULL, NULL, NULL);
}

static const char *
label_name (const EmotionModel *model, gint label)
{
  return label < 0 ? GST_EMOTION_NONE : emotion_model_get_label (model, (guint)label);
}

const char *
gst_emotion_report_label (const GstEmotionResult *result)
{
  return label_name (result->analysis->model, result->output->label);
}

static void
set_time (GstStructure *structure, const char *field, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_structure_set (structure, field, G_TYPE_UINT64, time, NULL);
}

/* A word that comes again and again: copies of the structure share one string, so that messages that
 * nobody takes off the bus are smaller. */
static void
set_word (GstStructure *structure, const char *field, const char *word)
{
  GValue value = G_VALUE_INIT;
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_interned_string (&value, g_intern_string (word));
  gst_structure_take_value (structure, field, &value);
}

static void
set_number (GstStructure *structure, const char *field, double number)
{
  gst_structure_set (structure, field, G_TYPE_DOUBLE, number, NULL);
}

static void
set_if_known (GstStructure *structure, const char *field, double number)
{
  if (!isnan (number))
    set_number (structure, field, number);
}

/* Takes ownership of `part`. */
static void
take_part (GstStructure *structure, const char *field, GstStructure *part)
{
  GValue value = G_VALUE_INIT;
  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, part);
  gst_structure_take_value (structure, field, &value);
}

static void
set_scores (GstStructure *report, const GstEmotionResult *result)
{
  const EmotionModel *model = result->analysis->model;
  GstStructure *scores = gst_structure_new_empty ("scores");
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    set_number (scores, emotion_model_get_label (model, i), result->output->scores[i]);
  take_part (report, "scores", scores);
}

static void
set_features (GstStructure *report, const GstEmotionResult *result)
{
  guint n = emotion_model_get_features (result->analysis->model)->n_features;
  GValue array = G_VALUE_INIT, feature = G_VALUE_INIT;
  gst_value_array_init (&array, n);
  for (guint i = 0; i < n; i++) {
    g_value_init (&feature, G_TYPE_DOUBLE);
    g_value_set_double (&feature, result->output->features[i]);
    gst_value_array_append_and_take_value (&array, &feature);
  }
  gst_structure_take_value (report, "features", &array);
}

static void
set_tally (GstStructure *report, const GstEmotionResult *result)
{
  const EmotionModel *model = result->analysis->model;
  const EmotionTally *tally = &result->channel->tally;
  GstStructure *fractions = gst_structure_new_empty ("fractions");
  for (gint i = -1; i < (gint)emotion_model_get_n_labels (model); i++)
    set_number (fractions, label_name (model, i), emotion_tally_fraction (tally, i));
  take_part (report, "fractions", fractions);

  GstStructure *longest = gst_structure_new_empty ("longest-stretch");
  set_word (longest, "emotion", label_name (model, tally->longest.label));
  set_time (longest, "timestamp", tally->longest.start);
  set_time (longest, "duration", tally->longest.length);
  take_part (report, "longest-stretch", longest);

  gst_structure_set (report, "transitions", G_TYPE_UINT64, tally->n_transitions, "windows",
                     G_TYPE_UINT64, result->output->n_windows, NULL);
}

GstStructure *
gst_emotion_report_new (const GstEmotionResult *result, const GstEmotionTimes *times,
                        gboolean features)
{
  const EmotionResult *output = result->output;
  GstStructure *report = gst_structure_new_empty ("emotiondetect");
  set_word (report, "type", result->summary ? "summary" : "window");
  set_time (report, "timestamp", result->timestamp);
  set_time (report, "stream-time", times->stream_time);
  set_time (report, "running-time", times->running_time);
  set_time (report, "duration", result->duration);
  if (result->channel->index >= 0)
    gst_structure_set (report, "channel", G_TYPE_INT, result->channel->index, NULL);
  set_word (report, "emotion", gst_emotion_report_label (result));
  set_number (report, "confidence", output->confidence);
  if (output->label < 0)
    set_word (report, "reason", emotion_reason_to_string (output->reason));
  set_scores (report, result);
  set_number (report, "speech-ratio", output->speech_ratio);
  set_number (report, "level", output->level);
  set_if_known (report, "intensity", output->intensity);
  set_if_known (report, "valence", output->valence);
  set_if_known (report, "arousal", output->arousal);
  if (result->summary)
    set_tally (report, result);
  else
    gst_structure_set (report, "partial", G_TYPE_BOOLEAN, output->partial, NULL);
  set_word (report, "model", result->analysis->model_name);
  if (features && !result->summary)
    set_features (report, result);
  return report;
}

void
gst_emotion_report_make_change (GstStructure *report, const GstEmotionResult *result)
{
  GQuark previous = result->channel->previous;
  set_word (report, "type", "change");
  set_word (report, "previous", previous == 0 ? GST_EMOTION_NONE : g_quark_to_string (previous));
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, field, value);
  return TRUE;
}

void
gst_emotion_report_attach (const GstStructure *report, GstBuffer *buffer)
{
  GstCustomMeta *meta = gst_buffer_add_custom_meta (buffer, GST_EMOTION_META);
  gst_structure_foreach (report, copy_field, gst_custom_meta_get_structure (meta));
}

GstTagList *
gst_emotion_report_tags (const GstEmotionResult *result)
{
  const char *label = gst_emotion_report_label (result);
  GstTagList *tags = gst_tag_list_new (GST_EMOTION_TAG, label, GST_EMOTION_TAG_CONFIDENCE,
                                       result->output->confidence, NULL);
  if (result->summary) {
    char *comment = g_strconcat (COMMENT_KEY, label, NULL);
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_EXTENDED_COMMENT, comment, NULL);
    g_free (comment);
  }
  return tags;
}

/* Adds the comments of `upstream` to `tags`, but for one that an earlier run has left there. */
static void
add_comments (GstTagList *tags, const GstTagList *upstream)
{
  const char *comment;
  for (guint i = 0;
       gst_tag_list_peek_string_index (upstream, GST_TAG_EXTENDED_COMMENT, i, &comment); i++)
    if (g_ascii_strncasecmp (comment, COMMENT_KEY, strlen (COMMENT_KEY)) != 0)
      gst_tag_list_add (tags, GST_TAG_MERGE_APPEND, GST_TAG_EXTENDED_COMMENT, comment, NULL);
}

GstTagList *
gst_emotion_report_merge_tags (const GstTagList *upstream, const GstTagList *own)
{
  GstTagList *tags = gst_tag_list_merge (upstream, own, GST_TAG_MERGE_REPLACE);
  if (upstream != NULL && gst_tag_list_get_tag_size (own, GST_TAG_EXTENDED_COMMENT) > 0)
    add_comments (tags, upstream);
  return tags;
}

/* The decision that applies where no property says otherwise. */
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
    set_number (priors, emotion_model_get_label (model, k),
                (defaults->priors != NULL ? defaults->priors[k] : 1) / sum);
  take_part (info, "priors", priors);
  set_time (info, "smoothing", (guint64)llround (defaults->smoothing * GST_SECOND));
  set_number (info, "hysteresis", defaults->hysteresis);
  set_time (info, "hold-time", (guint64)llround (defaults->hold_time * GST_SECOND));
}

/* Of each label one text, in the labels' order. */
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
gst_emotion_report_model (const EmotionModel *model, const char *model_name)
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
