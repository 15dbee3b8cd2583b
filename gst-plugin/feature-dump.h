/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionDump: a CSV file of feature vectors. It appears under its name only when it is
 * complete. For one thread at a time. */
#pragma once

#include "core/features/feature-set.h"

G_BEGIN_DECLS

typedef struct _GstEmotionDump GstEmotionDump;

/* Creates a temporary file beside `path`. NULL with GST_RESOURCE_ERROR_OPEN_WRITE. */
GstEmotionDump *gst_emotion_dump_new (const char *path, GError **error);

/* Adds a row, after the header if it is the first. The rows are buffered, and all must have the
 * same feature set. FALSE with GST_RESOURCE_ERROR_WRITE; the dump can only be closed then. */
gboolean gst_emotion_dump_write (GstEmotionDump *self, const EmotionFeatureSet *set,
                                 const char *name, double start, double duration,
                                 const float *vector, GError **error);

/* Renames the temporary file to `path`, or removes it if it has no rows. Frees `self`. FALSE with
 * GST_RESOURCE_ERROR_WRITE if a row could not be stored. */
gboolean gst_emotion_dump_close (GstEmotionDump *self, GError **error);

G_END_DECLS
