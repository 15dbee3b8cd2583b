/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A training run: evaluation with held-out speakers, the final model, and the evaluations that
 * follow its choice. */
#pragma once

#include "decision-fit.h"
#include "intensity.h"
#include "protocol.h"
#include "train-data.h"
#include "training/base/timing.h"

G_BEGIN_DECLS

/* The results of a training. It owns everything except `data` and the options. */
typedef struct {
  const TrainingData *data;
  TrainingPlan plan;
  TrainingSplit *split;
  TrainingChoice final;         /* fitted on all data: the content of the model file */
  TrainingEvaluation *pooled;   /* over the outer folds */
  TrainingEvaluation *held_out; /* of the --test-size speakers; `pooled` with a predefined split */
  TrainingGroups held_out_groups;
  guint n_outer_folds;
  /* Of clips held out at random, with the final candidates; NULL: none. */
  TrainingEvaluation *random;
  guint n_random_folds;
  /* TrainingEvaluation by statement, with both the statement and the speaker held out, by the final
   * candidates; NULL: none. */
  GPtrArray *statements;
  TrainingOutlierFigures *outlier;     /* NULL if the model has no outlier gate */
  TrainingIntensityFigures *intensity; /* NULL if the model has no intensity */
  TrainingDecisionFit *decision;       /* NULL if no ordinary speech was given */
  const char *protocol; /* "speaker", "loso", "split", or "random" without speakers */
  /* Held-out clips may have voices of the training: figures are too optimistic. */
  gboolean shares_speakers;
  guint32 seed;
} TrainingResults;

/* Runs a training. Logs its search in `trials` (NULL: no log) and its stages in `timing`. NULL with
 * an error of the data or the options. `data` and `o` must outlive the results. */
TrainingResults *training_run (const TrainingOptions *o, const TrainingData *data,
                               TrainingTrials *trials, TrainingTiming *timing, GError **error);
void training_results_free (TrainingResults *self); /* NULL is fine */

G_END_DECLS
