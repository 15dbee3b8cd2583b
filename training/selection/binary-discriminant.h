/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binary shrunken linear discriminants, for model outputs besides emotions (outlier gate,
 * intensity). Every row is also scored by a classifier fitted without its fold. For two labels,
 * Fisher's discriminant has the same direction as least-squares regression on 0 and 1. */
#pragma once

#include "core/model/classifier.h"

G_BEGIN_DECLS

#define TRAINING_BINARY_SHRINKAGE 0.3
#define TRAINING_BINARY_LIMIT 2.0

typedef struct {
  guint n_features, n_rows, n_folds, n_jobs;
  const float *matrix;   /* n_rows x n_features */
  const double *offset;  /* n_features, as in TrainingMoments */
  const guint *labels;   /* by row, 0 or 1 */
  const guint *folds;    /* by row, below n_folds */
  const double *weights; /* by row */
} TrainingBinaryDiscriminant;

/* Returns the classifier fitted on all rows. `log_posteriors` (n_rows x 2) gets those of each row
 * by the classifier of the other folds. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_binary_discriminant_fit (const TrainingBinaryDiscriminant *binary,
                                                     double *log_posteriors, GError **error);

/* Renames the classifier, adds `bias` to that of label 0, and sets the temperature; takes the
 * reference. */
EmotionClassifier *training_binary_discriminant_finish (EmotionClassifier *classifier,
                                                        const char *name, double bias,
                                                        double temperature);

G_END_DECLS
