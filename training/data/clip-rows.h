/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the element would emit for every clip of a corpus and for its altered copies, by threads. */
#pragma once

#include "corpus.h"
#include "extraction.h"

G_BEGIN_DECLS

/* The kind of problem that an error of decoding or extraction is. */
const char *training_clip_rows_reason (const GError *error);

guint training_extraction_count_augmentations (const TrainingExtraction *extraction);

/* How a cache did. */
typedef struct {
  guint n_found;   /* clips and copies that it had */
  guint n_damaged; /* files of it that were made anew */
  char *problem;   /* why some could not be kept; NULL when all were, or without a cache */
} TrainingCacheUse;

/* Decodes every clip once and extracts it and its copies, or takes them from the cache: an array of TrainingClipRows, a clip's own
 * rows, then its copies' by effect, then the next clip's. NULL with EMOTION_ERROR_INVALID for the
 * windowing or MEDIA_ERROR_DECODE when an effect is not available or TRAINING_ERROR_OUTPUT for a cache that
 * cannot be written. Free with
 * training_clip_rows_free(). */
TrainingClipRows *training_clip_rows_extract (const TrainingCorpus *corpus,
                                              const TrainingExtraction *extraction,
                                              TrainingCacheUse *use, GError **error);
void training_clip_rows_clear (TrainingClipRows *rows);         /* of one */
void training_clip_rows_free (TrainingClipRows *rows, guint n); /* of all; NULL is fine */

G_END_DECLS
