/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results in the format of GstAnalytics, GStreamer's library of analysis results. Built only where
 * GStreamer has that library. */
#pragma once

#include "stream.h"

G_BEGIN_DECLS

/* Adds a classification with the scores of all labels to the GstAnalyticsRelationMeta of a writable
 * buffer, which gets one if it has none. The predicted label comes first, as readers take the first
 * class for the result; the others follow by falling score. If the prediction is none, nothing is
 * added. */
void gst_emotion_analytics_attach (const GstEmotionResult *result, GstBuffer *buffer);

G_END_DECLS
