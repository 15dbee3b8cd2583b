/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trials: cross-validated predictions, by speaker-grouped folds, for the rows of some groups.
 * Selection and calibration are based on them. */
#pragma once

#include "score.h"

G_BEGIN_DECLS

/* The folds of an inner cross-validation. */
typedef struct {
  const TrainingSplit *split;
  TrainingGroups groups; /* all groups */
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  guint n_folds;
} TrainingFolds;

void training_folds_init (TrainingFolds *self, const TrainingSplit *split, TrainingGroups groups,
                          guint n_folds, guint32 seed);

/* One fold per corpus that has speakers in `groups`. */
void training_folds_init_by_corpus (TrainingFolds *self, const TrainingSplit *split,
                                    TrainingGroups groups);

typedef struct {
  /* n_rows x n_labels; each row by the classifier fitted without its fold. */
  double *log_posteriors;
  double window_temperature; /* of the rows */
  double clip_temperature;   /* of the clips' mean log-posteriors */
  TrainingOutcome *outcomes; /* the clips of the groups in order, calibrated */
  double *posteriors;        /* their storage */
  guint *folds;              /* of the outcomes */
  guint n_outcomes;
} TrainingTrial;

/* Allocates a trial. Fill log_posteriors fold by fold, then call training_trial_calibrate_rows()
 * and training_trial_decide(). */
TrainingTrial *training_trial_new (const TrainingSplit *split);
void training_trial_free (TrainingTrial *self); /* NULL is fine */

/* The mean log-posteriors of several calibrated trials: a late fusion with equal weights. */
TrainingTrial *training_trial_fuse (const TrainingSplit *split, TrainingTrial **trials, guint n);

/* Fits the temperature of the rows. With `apply`, divides them by it. */
void training_trial_calibrate_rows (TrainingTrial *self, const TrainingFolds *folds,
                                    gboolean apply);

/* Decides the clips, fits their temperature and sets the calibrated outcomes. */
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
