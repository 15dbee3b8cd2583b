/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

void
gst_emotion_tags_register (void)
{
  gst_tag_register (GST_EMOTION_TAG, GST_TAG_FLAG_META, G_TYPE_STRING, "emotion",
                    "emotion heard in the speech, or none", NULL);
  gst_tag_register (GST_EMOTION_TAG_CONFIDENCE, GST_TAG_FLAG_META, G_TYPE_DOUBLE,
                    "emotion confidence", "probability of the emotion, 0 to 1", NULL);
}

static const char *
answer (const EmotionResult *result, const EmotionModel *model)
{
  return result->label < 0 ? "none" : emotion_model_get_label (model, (guint)result->label);
}

static void
set_time (GstStructure *structure, const char *field, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_structure_set (structure, field, G_TYPE_UINT64, time, NULL);
}

GstStructure *
gst_emotion_report_new (const EmotionResult *result, gboolean summary, const EmotionModel *model,
                        const char *model_name, const GstEmotionTimes *times)
{
  GstStructure *report = gst_structure_new ("emotiondetect", "type", G_TYPE_STRING,
                                            summary ? "summary" : "window", NULL);
  set_time (report, "timestamp", times->timestamp);
  set_time (report, "stream-time", times->stream_time);
  set_time (report, "running-time", times->running_time);
  set_time (report, "duration", times->duration);

  GstStructure *scores = gst_structure_new_empty ("scores");
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    gst_structure_set (scores, emotion_model_get_label (model, i), G_TYPE_DOUBLE, result->scores[i],
                       NULL);
  gst_structure_set (report, "emotion", G_TYPE_STRING, answer (result, model), "confidence",
                     G_TYPE_DOUBLE, result->confidence, "scores", GST_TYPE_STRUCTURE, scores,
                     "speech-ratio", G_TYPE_DOUBLE, result->speech_ratio, "level", G_TYPE_DOUBLE,
                     result->level, "partial", G_TYPE_BOOLEAN, result->partial, "model",
                     G_TYPE_STRING, model_name, NULL);
  gst_structure_free (scores);

  if (result->label < 0)
    gst_structure_set (report, "reason", G_TYPE_STRING, emotion_reason_to_string (result->reason),
                       NULL);
  if (summary)
    gst_structure_set (report, "windows", G_TYPE_UINT64, result->n_windows, NULL);
  return report;
}

GstTagList *
gst_emotion_report_tags (const EmotionResult *result, const EmotionModel *model)
{
  return gst_tag_list_new (GST_EMOTION_TAG, answer (result, model), GST_EMOTION_TAG_CONFIDENCE,
                           result->confidence, NULL);
}
