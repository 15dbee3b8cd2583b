/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the element would emit for every clip of a corpus and for its altered copies, by threads. */
#pragma once

#include "augment.h"
#include "clip-check.h"
#include "core/features/extractor.h"
#include "corpus.h"

G_BEGIN_DECLS

/* How a corpus is extracted. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  const GArray *effects; /* TrainingEffect: one altered copy of each clip for each; NULL: none */
  const char *cache;     /* folder for what was extracted, see row-cache.h; NULL: none */
  guint n_jobs;          /* threads; 0: one a core. Results do not depend on it */
  guint32 seed;          /* of the effects, with each clip's samples */
  gboolean progress;     /* on stderr */
} TrainingExtraction;

/* Of one clip or copy. */
typedef struct {
  GArray *windows; /* EmotionWindow, their vectors not set */
  GArray *vectors; /* float, one vector a window */
  char hash[65];   /* SHA-256 in hex of the decoded samples, rate and channels, before any effect */
  guint faults;    /* bits of TrainingFault, of a clip, not of copies */
  char *problem; /* "FILE:LINE: what is wrong; clip left out", and then no windows; NULL if none */
  const char *reason; /* the kind of problem */
} TrainingClipRows;

/* The kind of problem that an error of decoding or extraction is. */
const char *training_clip_rows_reason (const GError *error);

guint training_extraction_count_effects (const TrainingExtraction *extraction);

/* How a cache did. */
typedef struct {
  guint n_found;   /* clips and copies that it had */
  guint n_damaged; /* files of it that were made anew */
  char *problem;   /* why some could not be kept; NULL when all were, or without a cache */
} TrainingCacheUse;

/* Decodes every clip once and extracts it and its copies, or takes them from the cache: an array of TrainingClipRows, a clip's own
 * rows, then its copies' by effect, then the next clip's. NULL with EMOTION_ERROR_INVALID for the
 * windowing or TRAINING_ERROR_DECODE when an effect is not available or TRAINING_ERROR_OUTPUT for a cache that
 * cannot be written. Free with
 * training_clip_rows_free(). */
TrainingClipRows *training_clip_rows_extract (const TrainingCorpus *corpus,
                                              const TrainingExtraction *extraction,
                                              TrainingCacheUse *use, GError **error);
void training_clip_rows_clear (TrainingClipRows *rows);         /* of one */
void training_clip_rows_free (TrainingClipRows *rows, guint n); /* of all; NULL is fine */

G_END_DECLS
