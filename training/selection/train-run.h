/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The run of a training: evaluation with speakers held out, the final model, and the evaluations that follow
 * its choice. */
#pragma once

#include "decision-fit.h"
#include "intensity.h"
#include "protocol.h"
#include "train-data.h"
#include "training/base/timing.h"

G_BEGIN_DECLS

/* What a training found. It owns all but `data` and the options. */
typedef struct {
  const TrainingData *data;
  TrainingPlan plan;
  TrainingSplit *split;
  TrainingChoice final;         /* fitted on everything: what the model file holds */
  TrainingEvaluation *pooled;   /* over the outer folds */
  TrainingEvaluation *held_out; /* of the --test-size speakers; `pooled` where clips are split */
  TrainingGroups held_out_groups;
  guint n_outer_folds;
  TrainingEvaluation *random; /* of clips held out at random, by the final choice; NULL: none */
  guint n_random_folds;
  /* TrainingEvaluation by statement, neither it nor the speaker being in the training, by the final choice;
   * NULL: none */
  GPtrArray *statements;
  TrainingOutlierFigures *outlier;     /* NULL where the model refuses nothing */
  TrainingIntensityFigures *intensity; /* NULL where the model does not tell it */
  TrainingDecisionFit *decision;       /* NULL where no ordinary speech was given */
  const char *protocol; /* "speaker", "loso", "split", or "random" without speakers */
  gboolean
      shares_voices; /* those of the clips that are held out may be learnt from: figures flatter */
  guint32 seed;
} TrainingResults;

/* Runs a training, with its search logged in `trials` (NULL: not) and its stages in `timing`. NULL with an error
 * of the data or the options. `data` and `o` must outlive the results. */
TrainingResults *training_run (const TrainingOptions *o, const TrainingData *data,
                               TrainingTrials *trials, TrainingTiming *timing, GError **error);
void training_results_free (TrainingResults *self); /* NULL is fine */

G_END_DECLS
