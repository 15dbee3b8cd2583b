/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionDetect: the element "emotiondetect". Its streaming thread is in gstemotiondetect.c;
 * other threads only touch `control` and `wants_reset`. */
#pragma once

#include <gst/audio/gstaudiofilter.h>

#include "control.h"
#include "emitter.h"

G_BEGIN_DECLS

#define GST_TYPE_EMOTION_DETECT (gst_emotion_detect_get_type ())
G_DECLARE_FINAL_TYPE (GstEmotionDetect, gst_emotion_detect, GST, EMOTION_DETECT, GstAudioFilter)

struct _GstEmotionDetect {
  GstAudioFilter parent;

  GstEmotionControl control;
  gint wants_reset; /* atomic */

  /* Of the streaming thread; of start() and stop() while there is none. */
  GstEmotionSettings settings; /* in use: a copy of those in `control` */
  GstEmotionStream stream;
  GstEmotionEmitter emitter;
  GstSegment first_segment; /* the one in which the stream began */
  gboolean attaching;       /* metas; buffers do not pass through then */
  gboolean warned_of_bad_samples, warned_of_cost, warned_of_layout;
  char *stream_id;
};

GST_ELEMENT_REGISTER_DECLARE (emotiondetect)

G_END_DECLS
