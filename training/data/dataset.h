/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The training rows of a corpus: for each clip what the element would emit for that file, one row a
 * window; then the same for altered copies of the clips, if any. A copy belongs to its original's
 * side of every split, is there to learn from only, and is never evaluated or calibrated on. */
#pragma once

#include "clip-rows.h"

G_BEGIN_DECLS

typedef struct {
  guint clip;           /* index into TrainingDataset.clips */
  EmotionWindow window; /* window.vector points into the dataset's matrix */
  double weight;        /* share of the clip: speech frames over those of the clip, or equal without
                         * any; sums to 1 over a clip's rows */
} TrainingRow;

typedef struct {
  const char *path;        /* TrainingClip.id, owned by the corpus */
  guint label;             /* index into labels */
  guint speaker;           /* index into speakers */
  guint first_row, n_rows; /* its rows are contiguous */
  char hash[65];           /* SHA-256 in hex of the decoded samples, rate and channels */
                           /* before any effect */
  gint duplicate_of;       /* an earlier clip with the same hash and effect, or -1 */
  guint corpus;            /* index into corpora */
  gint statement;          /* index into statements: what is said; -1 when not known */
  gboolean test;           /* of a predefined split, see split.h */
  gint intensity;          /* of the emotion: 0 weak, 1 strong; -1 when not known */
  gint copy_of;            /* the original clip's index, or -1 for an original */
  guint augmentation;      /* 1 + index into the augmentations of a copy, 0 for an original */
  double weight;           /* how much it counts: 1, or that of a copy's effect */
} TrainingDatasetClip;

typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  guint n_labels, n_speakers, n_clips, n_rows;
  guint n_source_clips; /* clips [0, n_source_clips) are the source, in the corpus' order, then come
                      * copies, effect by effect */
  guint n_augmentations, n_corpora, n_statements;
  gboolean speakers_known; /* of every clip; a clip of which none is known is a group of its own */
  char **labels;           /* sorted, NULL-terminated */
  char **label_texts; /* of each, what people call it; NULL where all are the labels themselves */
  char **speakers;    /* sorted, NULL-terminated */
  char **statements;  /* sorted, NULL-terminated */
  char **corpora;     /* in the order they were pooled, NULL-terminated */
  TrainingDatasetClip *clips;
  TrainingRow *rows;
  float *matrix; /* n_rows x features->n_features */
  TrainingCacheUse cache_use;
  TrainingClipReport report; /* faults of all clips, those too that are left out */
  GPtrArray *rejects;        /* TrainingReject: one for each clip or copy that gave no row */
  char hash[65]; /* SHA-256 over the source' paths, labels, groups and hashes, in order, and
                        * the augmentations */
} TrainingDataset;

/* Decodes and extracts every clip and its copies. Clips that fail are named in `problems` and left
 * out with their copies; NULL with TRAINING_ERROR_DATA when none is left, or as
 * training_clip_rows_extract(). `corpus` must outlive the dataset. */
TrainingDataset *training_dataset_extract (const TrainingCorpus *corpus,
                                           const TrainingExtraction *extraction, GError **error);

/* Whether the speaker of no clip is known. */
gboolean training_dataset_has_no_speaker (const TrainingDataset *dataset);

/* The clip's speaker; NULL where none is known, so that the clip is a group of its own. */
const char *training_dataset_get_speaker (const TrainingDataset *dataset, guint clip);

/* The speaker of each group, "" for a clip of which none is known, and how many of them are speakers.
 * Free with g_free(). */
const char **training_dataset_name_speakers (const TrainingDataset *dataset, guint *n_speakers);

/* How many of the speakers that are known have test clips and others. */
guint training_dataset_count_shared (const TrainingDataset *dataset);

void training_dataset_free (TrainingDataset *dataset); /* NULL is fine */

G_END_DECLS
