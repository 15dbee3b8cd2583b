/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The training rows of a corpus: one row for each window that the element would analyse, first
 * of the source clips, then of their augmented clips, if any. An augmented clip is on the same
 * side of every split as its source clip. It is used for fitting only, never for evaluation or
 * calibration. */
#pragma once

#include "clip-rows.h"

G_BEGIN_DECLS

typedef struct {
  guint clip;           /* index into TrainingDataset.clips */
  EmotionWindow window; /* window.vector points into the dataset's matrix */
  /* Fraction of the clip: speech frames over those of the clip, or equal if there are none; sums
   * to 1 over a clip's rows. */
  double weight;
} TrainingRow;

typedef struct {
  const char *path;        /* TrainingClip.id, owned by the corpus */
  guint label;             /* index into labels */
  guint speaker;           /* index into speakers */
  guint first_row, n_rows; /* its rows are contiguous */
  /* SHA-256 in hex of the decoded samples, rate and channels, before augmentation. */
  char hash[65];
  gint duplicate_of;  /* an earlier clip with the same hash and augmentation, or -1 */
  guint corpus;       /* index into corpora */
  gint statement;     /* index into statements (sentences); -1 if unknown */
  gboolean test;      /* in the test set of a predefined split, see predefined-split.h */
  gint intensity;     /* of the emotion: 0 weak, 1 strong; -1 if unknown */
  gint source_clip;   /* index of the source clip, or -1 for a source clip */
  guint augmentation; /* 1 + index into the augmentations, 0 for a source clip */
  double weight;      /* 1, or the weight of the augmentation */
} TrainingDatasetClip;

typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  guint n_labels, n_speakers, n_clips, n_rows;
  /* Clips [0, n_source_clips) are source clips in the corpus' order; augmented clips follow,
   * grouped by augmentation. */
  guint n_source_clips;
  guint n_augmentations, n_corpora, n_statements;
  gboolean speakers_known; /* of every clip; a clip without a speaker is a speaker of its own */
  char **labels;           /* sorted, NULL-terminated */
  char **label_texts;      /* display text of each label; NULL if all equal the labels */
  char **speakers;         /* sorted, NULL-terminated */
  char **statements;       /* sorted, NULL-terminated */
  char **corpora;          /* in the order they were pooled, NULL-terminated */
  TrainingDatasetClip *clips;
  TrainingRow *rows;
  float *matrix; /* n_rows x features->n_features */
  TrainingCacheUse cache_use;
  TrainingClipReport report; /* faults of all clips, including rejected ones */
  GPtrArray *rejects; /* TrainingReject: one for each source or augmented clip without rows */
  /* SHA-256 over the source clips' paths, labels, speakers and hashes, in order, and the
   * augmentations. */
  char hash[65];
} TrainingDataset;

/* Decodes and extracts every clip and its augmented clips. Clips that fail are added to `rejects`,
 * together with their augmented clips. NULL with TRAINING_ERROR_DATA when none is left, or with the
 * errors of training_clip_rows_extract(). `corpus` must outlive the dataset. */
TrainingDataset *training_dataset_extract (const TrainingCorpus *corpus,
                                           const TrainingExtraction *extraction, GError **error);

/* Whether no clip has a known speaker. */
gboolean training_dataset_has_no_speaker (const TrainingDataset *dataset);

/* The clip's speaker; NULL if unknown (the clip is then a speaker of its own). */
const char *training_dataset_get_speaker (const TrainingDataset *dataset, guint clip);

/* The name of each speaker, "" for a clip without a known one, and the number of known speakers.
 * Free with g_free(). */
const char **training_dataset_name_speakers (const TrainingDataset *dataset, guint *n_speakers);

/* The number of known speakers with both test clips and other clips. */
guint training_dataset_count_shared (const TrainingDataset *dataset);

void training_dataset_free (TrainingDataset *dataset); /* NULL is fine */

G_END_DECLS
