/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evaluation protocols with held-out speakers. For each fold a model is selected, calibrated and
 * fitted on the other speakers only, and predicts the fold's clips as the element would. */
#pragma once

#include "choose.h"
#include "neutral-streams.h"
#include "training/base/progress.h"

G_BEGIN_DECLS

/* The predictions for held-out clips. */
typedef struct {
  guint n_clips, n_windows;
  TrainingOutcome *clips;   /* utterance-level decisions */
  guint *clip_indices;      /* their indices into the dataset's clips */
  guint *clip_folds;        /* their folds, from 0 */
  TrainingOutcome *windows; /* windows with speech, except early partial ones */
  guint *window_folds;
  double *clip_posteriors, *window_posteriors; /* their storage */
} TrainingPredictions;

typedef struct {
  TrainingPredictions strict; /* each clip processed alone */
  /* A speaker's clips processed as one stream in random order; empty if a model does not adapt. */
  TrainingPredictions adapted;
  /* Of mostly neutral streams; n is 0 if a model does not adapt, or without a label neutral. */
  TrainingNeutralFigures neutral_strict, neutral_adapted;
  TrainingStreams *streams; /* of training_block_streams_score() */
  GPtrArray *chosen;        /* char *: the candidates chosen in each fold */
} TrainingEvaluation;

/* Evaluates the `n_folds` sets of groups, each with a model of the groups outside it. Steps
 * `progress` per fold. With `statement` >= 0 only clips of that statement are predicted (see
 * TrainingSplitConfig.statement_out). NULL with TRAINING_ERROR_DATA. */
TrainingEvaluation *training_evaluate (const TrainingSplit *split, const TrainingGroups *folds,
                                       guint n_folds, const TrainingPlan *plan, gint statement,
                                       TrainingProgress *progress, GError **error);
void training_evaluation_free (TrainingEvaluation *self); /* NULL is fine */

/* The predictions and the choice of one fold, as an evaluation of that fold alone has them; without
 * its streams. */
TrainingEvaluation *training_evaluation_of_fold (const TrainingEvaluation *self,
                                                 const TrainingDataset *data, guint fold);

G_END_DECLS
