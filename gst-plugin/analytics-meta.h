/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a window as GstAnalytics, GStreamer's library of analysis results, carries it. Only
 * built where GStreamer has that library. */
#pragma once

#include "stream.h"

G_BEGIN_DECLS

/* Adds to the GstAnalyticsRelationMeta of a writable buffer, which gets one if it has none, a
 * classification with the scores of all labels: the prediction first, as readers take the first class
 * for the result, then the others by falling score. Nothing when the prediction is none. */
void gst_emotion_analytics_attach (const GstEmotionResult *result, GstBuffer *buffer);

G_END_DECLS
