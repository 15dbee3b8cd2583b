/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dataset made ready for folds. Speakers are gathered in groups, the smallest thing that a fold
 * may leave out: one a speaker, or with more than TRAINING_MAX_GROUPS speakers several in one. A
 * fold is a set of groups, as a bit mask. Duplicates (clips of the same samples) are left out but for the
 * first, so that none can straddle a fold. */
#pragma once

#include "auxiliary.h"
#include "training/data/dataset.h"
#include "training/fitting/moments.h"

G_BEGIN_DECLS

#define TRAINING_MAX_GROUPS 44 /* each keeps its second moments: 17 MB for 1474 features */

typedef guint64 TrainingGroups; /* a set of groups */

/* Where the vectors of one voice have their mean: the clips of a speaker with the same effect. */
typedef struct {
  guint n;
  guint *of_clip;  /* by clip */
  guint *group;    /* of each voice; G_MAXUINT for one that is left out */
  double *sum;     /* n x n_features, of weight * (row - offset) */
  double *weights; /* n x n_labels */
} TrainingVoices;

typedef struct _TrainingSplit TrainingSplit;

struct _TrainingSplit {
  const TrainingDataset *data;
  const float *matrix; /* the rows: the dataset's, or in a centred split its own */
  guint n_speakers;    /* with clips that are no duplicates, in `all` */
  guint n_groups;      /* with that of test clips */
  TrainingGroups all;  /* without that of a predefined split's test clips: */
  TrainingGroups test; /* 0 where clips are not split */
  guint
      *group_of_clip; /* by clip; G_MAXUINT for one left out. Copies are where their source are. */
  guint **rows_of_group; /* row indices, in order */
  guint *n_rows_of_group;
  /* By row: its share of the clip, times what a copy counts and what makes the corpora count alike. */
  double *weights;
  TrainingMoments **moments; /* by group, of the rows as they are */
  double *offset;
  TrainingVoices *voices; /* NULL where clips are held out: their voices are on both sides */
  TrainingSplit
      *centred; /* the same with each row less the mean of its voice; NULL with no voices */
  const TrainingSplit *raw; /* in a centred split, the one that it belongs to; else NULL */
  const TrainingAuxiliary *auxiliary; /* or NULL */
};

/* What a fold holds out. */
typedef enum {
  TRAINING_HOLD_SPEAKERS,
  TRAINING_HOLD_CLIPS, /* clips at random, each label alike: the same voices are on both sides, so that figures
                        * flatter; a labelled control only */
} TrainingHold;

typedef struct {
  TrainingHold hold;
  gboolean
      allow_duplicates; /* keep clips of the same samples, on whatever side: figures flatter more */
  guint32 seed;
  guint statement_out; /* 1 + index of a statement that is not trained on, only answered; 0: none */
  gboolean predefined; /* test clips (see split.h) are a group of their own that is not in `all` */
  const TrainingAuxiliary
      *auxiliary; /* of discriminants, in every fold; outlives the split; NULL: none */
} TrainingSplitConfig;

/* NULL with TRAINING_ERROR_DATA when there are fewer than 3 speakers (or clips, when these are held out), fewer
 * than 2 or more than EMOTION_MAX_LABELS labels, a label that no model may have, or one of a single speaker (or clip). */
TrainingSplit *training_split_new (const TrainingDataset *data, const TrainingSplitConfig *config,
                                   guint n_jobs, GError **error);
void training_split_free (TrainingSplit *self); /* NULL is fine */

/* Deals the groups of `groups` into `n` folds of about equal size, seeded; folds[0..n), none empty. n
 * is lowered to the number of groups and returned. */
guint training_split_deal (const TrainingSplit *self, TrainingGroups groups, guint n, guint32 seed,
                           TrainingGroups *folds);

guint training_groups_count (TrainingGroups groups);

/* The moments of the rows of `groups`; of a centred split, mixed with a small share of rows less the
 * mean of all (TRAINING_RAW_FRACTION), which tells the covariance how far a stream's centre may be off:
 * measured on two voices in turn, that gains 1 to 3 points. */
#define TRAINING_RAW_FRACTION 0.1
TrainingMoments *training_split_sum (const TrainingSplit *self, TrainingGroups groups);

/* The mean of the rows of `groups` that are no copies, n_features: where a stream starts. */
void training_split_centre (const TrainingSplit *self, TrainingGroups groups, float *centre);

/* Whether the clip is in one of `groups`; copies are in none, as they are not to be answered. */
gboolean training_split_has_clip (const TrainingSplit *self, guint clip, TrainingGroups groups);

G_END_DECLS
