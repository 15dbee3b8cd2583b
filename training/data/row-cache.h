/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cache of extracted rows in a folder, with one file per source or augmented clip. A training
 * that was interrupted or is repeated need not extract them again.
 *
 * A file's name is the SHA-256 of everything that its rows depend on: the bytes of the audio file,
 * the layout of the feature set, the windowing, the augmentation with its seed, and the program
 * itself. Files contain a checksum. They appear complete or not at all. */
#pragma once

#include "extraction.h"

G_BEGIN_DECLS

typedef struct _TrainingRowCache TrainingRowCache;

/* Creates the folder `extraction->cache` unless it exists. NULL with TRAINING_ERROR_OUTPUT when it
 * cannot be written. `extraction` must outlive the cache. */
TrainingRowCache *training_row_cache_new (const TrainingExtraction *extraction, GError **error);
void training_row_cache_free (TrainingRowCache *self); /* NULL is fine */

/* The SHA-256 of a file's bytes, for the calls below; FALSE when it cannot be read. */
gboolean training_row_cache_digest (const char *path, char digest[65]);

/* Reads the rows of a clip augmented by `augmentation`, or with NULL of the source clip; `rows` has
 * empty arrays. FALSE when there are none or they are damaged, which is counted. Any thread. */
gboolean training_row_cache_get (TrainingRowCache *self, const char *digest,
                                 const TrainingAugmentation *augmentation, TrainingClipRows *rows);

/* Stores rows without a problem. Errors are kept for the end. Any thread. */
void training_row_cache_put (TrainingRowCache *self, const char *digest,
                             const TrainingAugmentation *augmentation,
                             const TrainingClipRows *rows);

/* Source and augmented clips found, and damaged files, which were replaced. */
guint training_row_cache_count_found (const TrainingRowCache *self);
guint training_row_cache_count_damaged (const TrainingRowCache *self);

/* Why some rows could not be stored; NULL when all were. Owned by the cache. */
const char *training_row_cache_get_problem (const TrainingRowCache *self);

G_END_DECLS
