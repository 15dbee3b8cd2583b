/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dataset prepared for cross-validation. Speakers form speaker groups, the smallest unit that a
 * fold holds out: one per speaker, or several speakers per group with more than TRAINING_MAX_GROUPS
 * speakers. A fold is a set of groups, as a bit mask. Of duplicates (clips with the same samples)
 * only the first stays, so that none is on both sides of a fold. */
#pragma once

#include "auxiliary.h"
#include "training/data/dataset.h"
#include "training/fitting/squares.h"

G_BEGIN_DECLS

#define TRAINING_MAX_GROUPS 44 /* each may store its second moments: 4.3 MB for 1474 features */

typedef guint64 TrainingGroups; /* a set of groups */

/* The mean vectors of the voices. A voice is the clips of a speaker with the same augmentation. */
typedef struct {
  guint n;
  guint *of_clip;  /* by clip */
  guint *group;    /* of each voice; G_MAXUINT for one without clips in the split */
  double *sum;     /* n x n_features, of weight * (row - offset) */
  double *weights; /* n x n_labels */
} TrainingVoices;

typedef struct _TrainingSplit TrainingSplit;

struct _TrainingSplit {
  const TrainingDataset *data;
  const float *matrix; /* the rows: the dataset's, or in a centred split its own */
  guint n_speakers;    /* with clips in `all` that are not duplicates */
  guint n_groups;      /* including that of test clips */
  TrainingGroups all;  /* without the test clips of a predefined split */
  TrainingGroups test; /* 0 without a predefined split */
  /* By clip; G_MAXUINT for a clip that is not used. Augmented clips are in the group of their
   * source clip. */
  guint *group_of_clip;
  guint **rows_of_group; /* row indices, in order */
  guint *n_rows_of_group;
  /* By row: its fraction of the clip, times the weight of the augmentation and the factor that
   * gives corpora equal weights. */
  double *weights;
  TrainingMoments **moments; /* by group, of the raw rows, with the diagonal only */
  TrainingSquares *squares;  /* of the groups */
  double *offset;
  TrainingVoices *voices; /* NULL if clips are held out, because their voices are on both sides */
  /* The same with each row minus the mean of its voice; NULL without voices. */
  TrainingSplit *centred;
  /* In a centred split, the raw split that it belongs to; otherwise NULL. */
  const TrainingSplit *raw;
  const TrainingAuxiliary *auxiliary; /* or NULL */
};

/* The kind of a fold's held-out set. */
typedef enum {
  TRAINING_HOLD_SPEAKERS,
  /* Random clips, stratified by label. The same voices are on both sides, so figures are too
   * optimistic: a labelled control only. */
  TRAINING_HOLD_CLIPS,
} TrainingHold;

typedef struct {
  TrainingHold hold;
  /* Keep clips with the same samples, on any side: figures are even more optimistic. */
  gboolean allow_duplicates;
  guint32 seed;
  /* 1 + index of a statement that is only predicted, not trained on; 0: none. */
  guint statement_out;
  /* Test clips (see predefined-split.h) are a group of their own outside `all`. */
  gboolean predefined;
  /* For discriminants, in every fold; must outlive the split; NULL: none. */
  const TrainingAuxiliary *auxiliary;
} TrainingSplitConfig;

/* NULL with TRAINING_ERROR_DATA when there are fewer than 3 speakers (or clips, if these are held
 * out), fewer than 2 or more than EMOTION_MAX_LABELS labels, an invalid label, or a label of a
 * single speaker (or clip). */
TrainingSplit *training_split_new (const TrainingDataset *data, const TrainingSplitConfig *config,
                                   guint n_jobs, GError **error);
void training_split_free (TrainingSplit *self); /* NULL is fine */

/* Distributes the groups of `groups` to `n` folds of about equal size, seeded: folds[0..n-1], none
 * empty. `n` is reduced to the number of groups; returns the number of folds. */
guint training_split_deal (const TrainingSplit *self, TrainingGroups groups, guint n, guint32 seed,
                           TrainingGroups *folds);

guint training_groups_count (TrainingGroups groups);

/* The moments of the rows of `groups`. In a centred split they are mixed with a small fraction
 * (TRAINING_RAW_FRACTION) of rows minus the overall mean, which adds the error of a stream's centre
 * to the covariance: measured on two alternating voices, this gains 1 to 3 points. Without `whole`
 * they have the diagonal of the second moments only. Any thread. */
#define TRAINING_RAW_FRACTION 0.1
TrainingMoments *training_split_sum (const TrainingSplit *self, TrainingGroups groups,
                                     gboolean whole);

/* The mean of the rows of `groups`, without augmented clips, n_features: the initial centre of a
 * stream. */
void training_split_centre (const TrainingSplit *self, TrainingGroups groups, float *centre);

/* Whether the clip is in one of `groups`; FALSE for augmented clips, which are not evaluated. */
gboolean training_split_has_clip (const TrainingSplit *self, guint clip, TrainingGroups groups);

G_END_DECLS
