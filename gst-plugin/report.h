/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the element tells the world: message structures and tags of results. */
#pragma once

#include "core/detector.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_EMOTION_TAG "emotion"
#define GST_EMOTION_TAG_CONFIDENCE "emotion-confidence"

/* Times in ns; GST_CLOCK_TIME_NONE where unknown. */
typedef struct {
  GstClockTime timestamp, stream_time, running_time; /* of the first frame */
  GstClockTime duration;
} GstEmotionTimes;

/* Registers the tags; once per process, before any use. */
void gst_emotion_tags_register (void);

/* The structure "emotiondetect" of a window, or with `summary` of a whole stream; `model_name` is
 * shown to the user. Ownership goes to the caller. */
GstStructure *gst_emotion_report_new (const EmotionResult *result, gboolean summary,
                                      const EmotionModel *model, const char *model_name,
                                      const GstEmotionTimes *times);

/* The answer as a stream-scope tag list, owned by the caller. */
GstTagList *gst_emotion_report_tags (const EmotionResult *result, const EmotionModel *model);

G_END_DECLS
