/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extracted rows kept in a folder, a file for each clip and each of its copies, so that a training
 * that was interrupted, or is repeated, need not extract them again.
 *
 * A file's name is the SHA-256 of all that its rows depend on: the bytes of the audio file, the
 * feature set's layout, the windowing, the effect with its seed, and the program itself. What was
 * made otherwise has another name. Files hold a checksum; they appear whole, or not at all. */
#pragma once

#include "extraction.h"

G_BEGIN_DECLS

typedef struct _TrainingRowCache TrainingRowCache;

/* Makes the folder `extraction->cache` unless it is there. NULL with TRAINING_ERROR_OUTPUT when it
 * cannot be written. `extraction` must outlive the cache. */
TrainingRowCache *training_row_cache_new (const TrainingExtraction *extraction, GError **error);
void training_row_cache_free (TrainingRowCache *self); /* NULL is fine */

/* The key of a file's bytes, for the calls below; FALSE when it cannot be read. */
gboolean training_row_cache_digest (const char *path, char digest[65]);

/* The rows of that clip, of the copy by `effect` or of itself for NULL; `rows` has empty arrays.
 * FALSE when there are none, or damaged ones, which are counted. Any thread. */
gboolean training_row_cache_get (TrainingRowCache *self, const char *digest,
                                 const TrainingAugmentation *augmentation, TrainingClipRows *rows);

/* Keeps rows that have no problem. What goes wrong is kept for the end. Any thread. */
void training_row_cache_put (TrainingRowCache *self, const char *digest,
                             const TrainingAugmentation *augmentation,
                             const TrainingClipRows *rows);

/* Clips and copies found, and damaged files, which were made anew. */
guint training_row_cache_count_found (const TrainingRowCache *self);
guint training_row_cache_count_damaged (const TrainingRowCache *self);

/* Why some rows could not be kept; NULL when all were. Owned by the cache. */
const char *training_row_cache_get_problem (const TrainingRowCache *self);

G_END_DECLS
