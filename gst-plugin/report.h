/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the element reports: structures and tags of results, and of the model. */
#pragma once

#include "stream.h"

G_BEGIN_DECLS

#define GST_EMOTION_TAG "emotion"
#define GST_EMOTION_TAG_CONFIDENCE "emotion-confidence"
#define GST_EMOTION_META "GstEmotionMeta"
#define GST_EMOTION_NONE "none"

/* Of a result's start, in ns; GST_CLOCK_TIME_NONE where unknown. */
typedef struct {
  GstClockTime stream_time, running_time;
} GstEmotionTimes;

/* Registers the tags and the meta; once per process, before any use. */
void gst_emotion_report_register (void);

/* The predicted label, or "none". */
const char *gst_emotion_report_label (const GstEmotionResult *result);

/* The structure "emotiondetect" of a window or a summary, with the features if `features`;
 * ownership goes to the caller. */
GstStructure *gst_emotion_report_new (const GstEmotionResult *result, const GstEmotionTimes *times,
                                      gboolean features);

/* Makes the report of a window that of the change that the window brought. */
void gst_emotion_report_make_change (GstStructure *report, const GstEmotionResult *result);

/* Attaches the report to a writable buffer. */
void gst_emotion_report_attach (const GstStructure *report, GstBuffer *buffer);

/* The prediction as tags; of a summary also as a comment that containers can store. Of stream scope,
 * owned by the caller. */
GstTagList *gst_emotion_report_tags (const GstEmotionResult *result);

/* `upstream`, which may be NULL, with `own`, what gst_emotion_report_tags() returned; owned by the
 * caller. */
GstTagList *gst_emotion_report_merge_tags (const GstTagList *upstream, const GstTagList *own);

/* The structure "model-info", owned by the caller. */
GstStructure *gst_emotion_report_model (const EmotionModel *model, const char *model_name);

G_END_DECLS
