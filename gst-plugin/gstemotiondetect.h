/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element "emotiondetect"; see the top of gstemotiondetect.c. */
#pragma once

#include <gst/audio/gstaudiofilter.h>

G_BEGIN_DECLS

#define GST_TYPE_EMOTION_DETECT (gst_emotion_detect_get_type ())
G_DECLARE_FINAL_TYPE (GstEmotionDetect, gst_emotion_detect, GST, EMOTION_DETECT, GstAudioFilter)

GST_ELEMENT_REGISTER_DECLARE (emotiondetect)

G_END_DECLS
