/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evaluation with speakers held out: for each fold a model is chosen, calibrated and fitted on the
 * other speakers alone, and predictions the fold's clips as the element would. */
#pragma once

#include "choose.h"
#include "neutral-streams.h"
#include "training/base/progress.h"

G_BEGIN_DECLS

/* What held-out clips got. */
typedef struct {
  guint n_clips, n_windows;
  TrainingOutcome *clips;   /* clip decisions */
  guint *clip_indices;      /* of them, into the dataset's clips */
  guint *clip_folds;        /* of them, from 0 */
  TrainingOutcome *windows; /* windows with speech, without the early partial ones */
  double *clip_posteriors, *window_posteriors; /* their storage */
} TrainingPredictions;

typedef struct {
  TrainingPredictions strict; /* each clip heard alone */
  /* A speaker's clips heard as one stream, in an order of chance; nothing where a model does not adapt. */
  TrainingPredictions adapted;
  /* Of mostly neutral streams; n is 0 where a model does not adapt, or without a label neutral. */
  TrainingNeutralFigures neutral_strict, neutral_adapted;
  TrainingStreams *streams; /* of training_block_streams_score() */
  GPtrArray *chosen;        /* char *: the candidates of each fold */
} TrainingEvaluation;

/* Evaluates the `n_folds` sets of groups, each by a model from the groups outside it. Steps
 * `progress` by fold. With `statement` >= 0 only clips of that statement are answered (see
 * TrainingSplitConfig.statement_out). NULL with TRAINING_ERROR_DATA. */
TrainingEvaluation *training_evaluate (const TrainingSplit *split, const TrainingGroups *folds,
                                       guint n_folds, const TrainingPlan *plan, gint statement,
                                       TrainingProgress *progress, GError **error);
void training_evaluation_free (TrainingEvaluation *self); /* NULL is fine */

G_END_DECLS
