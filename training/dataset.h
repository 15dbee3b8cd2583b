/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The training rows of a corpus: for each clip what the element would emit for that file, one row a
 * window, extracted on several threads with the same result for any number of them. */
#pragma once

#include "core/extractor.h"
#include "corpus.h"

G_BEGIN_DECLS

typedef struct {
  guint clip;           /* index into TrainingDataset.clips */
  EmotionWindow window; /* window.vector points into the dataset's matrix */
  double weight;        /* share of the clip: speech frames over those of the clip, or equal without
                         * any; sums to 1 over a clip's rows */
} TrainingRow;

typedef struct {
  const char *path;        /* owned by the corpus */
  guint label;             /* index into labels */
  guint group;             /* index into groups: speaker */
  guint first_row, n_rows; /* its rows are contiguous */
  char hash[65];           /* SHA-256 in hex of the decoded samples, rate and channels */
  gint twin_of;            /* an earlier clip with the same hash, or -1 */
} TrainingDatasetClip;

typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  guint n_labels, n_groups, n_clips, n_rows;
  gboolean speakers_known; /* else each clip is a group */
  char **labels; /* sorted, NULL-terminated */
  char **groups; /* sorted, NULL-terminated */
  TrainingDatasetClip *clips;
  TrainingRow *rows;
  float *matrix;       /* n_rows x features->n_features */
  GPtrArray *problems; /* char *: one message for each clip that gave no row */
  char hash[65];       /* SHA-256 over the clips' paths, labels, groups and hashes, in order */
} TrainingDataset;

/* Decodes and extracts every clip with `n_jobs` threads (0: one a core); progress on stderr when
 * `progress`. Clips that fail are named in `problems` and left out; NULL with TRAINING_ERROR_DATA
 * when none is left, or EMOTION_ERROR_INVALID for the windowing. Without speakers each clip is a
 * group of its own. `corpus` must outlive the dataset. */
TrainingDataset *training_dataset_extract (const TrainingCorpus *corpus,
                                           const EmotionFeatureSet *features,
                                           const EmotionWindowing *windowing, guint n_jobs,
                                           gboolean progress, GError **error);
void training_dataset_free (TrainingDataset *dataset); /* NULL is fine */

G_END_DECLS
