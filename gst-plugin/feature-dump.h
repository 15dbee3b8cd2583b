/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionDump: feature vectors into a CSV file, which appears under its name when it is
 * complete. One thread at a time. */
#pragma once

#include "core/features/feature-set.h"

G_BEGIN_DECLS

typedef struct _GstEmotionDump GstEmotionDump;

/* Begins a temporary file next to `path`, or NULL with GST_RESOURCE_ERROR_OPEN_WRITE. */
GstEmotionDump *gst_emotion_dump_new (const char *path, GError **error);

/* Adds a row, and before the first one the header; buffered. All rows are of one feature set. FALSE
 * with GST_RESOURCE_ERROR_WRITE; then close it. */
gboolean gst_emotion_dump_write (GstEmotionDump *self, const EmotionFeatureSet *set,
                                 const char *name, double start, double duration,
                                 const float *vector, GError **error);

/* Gives the file its name, in place of what was there; without any row there is none. FALSE with
 * GST_RESOURCE_ERROR_WRITE if what was written could not be stored. Frees `self`. */
gboolean gst_emotion_dump_close (GstEmotionDump *self, GError **error);

G_END_DECLS
