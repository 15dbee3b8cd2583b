/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multi-threaded extraction: the windows that the element would analyse, for every clip of a corpus
 * and for its augmented clips. */
#pragma once

#include "corpus.h"
#include "extraction.h"

G_BEGIN_DECLS

/* The kind of a decoding or extraction error, for summaries. */
const char *training_clip_rows_reason (const GError *error);

guint training_extraction_count_augmentations (const TrainingExtraction *extraction);

/* Statistics of the use of a cache. */
typedef struct {
  guint n_found;   /* source and augmented clips found in the cache */
  guint n_damaged; /* damaged files, which were replaced */
  char *problem;   /* why some rows could not be stored; NULL when all were, or without a cache */
} TrainingCacheUse;

/* Decodes every clip once and extracts it and its augmented clips, or reads them from the cache.
 * Returns an array of TrainingClipRows: the rows of a source clip, then of its augmented clips in
 * the order of the augmentations, then of the next clip. NULL with EMOTION_ERROR_INVALID for the
 * windowing, MEDIA_ERROR_DECODE when an augmentation is not available, or TRAINING_ERROR_OUTPUT for
 * a cache that cannot be written. Free with training_clip_rows_free(). */
TrainingClipRows *training_clip_rows_extract (const TrainingCorpus *corpus,
                                              const TrainingExtraction *extraction,
                                              TrainingCacheUse *use, GError **error);
void training_clip_rows_clear (TrainingClipRows *rows);         /* of one */
void training_clip_rows_free (TrainingClipRows *rows, guint n); /* of all; NULL is fine */

G_END_DECLS
