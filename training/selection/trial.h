/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cross-validated predictions, by speaker-grouped folds, to the rows of some groups: what choices and
 * calibrations are made on. */
#pragma once

#include "score.h"

G_BEGIN_DECLS

/* The folds of an inner cross-validation. */
typedef struct {
  const TrainingSplit *split;
  TrainingGroups groups; /* all of them */
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  guint n_folds;
} TrainingFolds;

void training_folds_init (TrainingFolds *self, const TrainingSplit *split, TrainingGroups groups,
                          guint n_folds, guint32 seed);

/* A fold for each corpus that has speakers in `groups`. */
void training_folds_init_by_corpus (TrainingFolds *self, const TrainingSplit *split,
                                    TrainingGroups groups);

typedef struct {
  double *log_posteriors;    /* n_rows x n_labels; each row by what was fitted without its fold */
  double window_temperature; /* of the rows */
  double clip_temperature;   /* of the clips' means */
  TrainingOutcome *outcomes; /* the clips of the groups in order, calibrated */
  double *posteriors;        /* their storage */
  guint *folds;              /* of the outcomes */
  guint n_outcomes;
} TrainingTrial;

/* Room for the rows; fill log_posteriors fold by fold, then call training_trial_calibrate(). */
TrainingTrial *training_trial_new (const TrainingSplit *split);
void training_trial_free (TrainingTrial *self); /* NULL is fine */

/* The mean log-posteriors of some trials that are calibrated: a late fusion with equal weights. */
TrainingTrial *training_trial_fuse (const TrainingSplit *split, TrainingTrial **trials, guint n);

/* Fits the temperature of the rows. Where `apply`, they are left at it. */
void training_trial_calibrate_rows (TrainingTrial *self, const TrainingFolds *folds,
                                    gboolean apply);

/* Decides the clips, fits their temperature and sets the outcomes by it. */
void training_trial_decide (TrainingTrial *self, const TrainingFolds *folds);

/* UAR, or weighted F1, over all outcomes. */
double training_trial_uar (const TrainingTrial *self, const TrainingSplit *split);
double training_trial_f1 (const TrainingTrial *self, const TrainingSplit *split);

/* The figures of each fold, n_folds, without intervals. */
void training_trial_figures_by_fold (const TrainingTrial *self, const TrainingFolds *folds,
                                     TrainingFigures *figures);

/* Mean and deviation of weighted F1 over the folds. */
void training_trial_f1_by_fold (const TrainingTrial *self, const TrainingFolds *folds, double *mean,
                                double *sd);

G_END_DECLS
