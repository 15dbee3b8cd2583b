/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear discriminant analysis with a shrunken within-class covariance, on standardised features
 * (Fisher 1936; shrinkage toward a multiple of the identity as in Ledoit & Wolf 2004, with a chosen
 * weight). */
#pragma once

#include "core/model/classifier.h"
#include "projection.h"

G_BEGIN_DECLS

typedef struct {
  guint n_features, n_labels;
  float *mean, *scale; /* the scaler, n_features */
  double *weights;     /* n_labels x n_features, of the scaled features */
  double *bias;        /* n_labels */
  guint n_components;  /* dimensions that part the labels, at most n_labels - 1 */
  double
      *projection; /* n_components x n_features: the within-class covariance becomes the identity */
} TrainingDiscriminant;

/* `shrinkage` in 0..1. Labels are held to be equally probable whatever their share of the rows, or
 * with `unbalanced` as probable as that. NULL with TRAINING_ERROR_DATA when the rows hold fewer than two labels or
 * their covariance is singular even so. A label without rows is never the prediction: its posterior at
 * temperature 1 is below 1e-20, whatever the row. */
TrainingDiscriminant *training_discriminant_fit (const TrainingMoments *moments, double shrinkage,
                                                 gboolean unbalanced, GError **error);
void training_discriminant_free (TrainingDiscriminant *self); /* NULL is fine */

/* As a classifier of temperature 1. */
EmotionClassifier *training_discriminant_to_classifier (const TrainingDiscriminant *self);

/* Its coordinates, as the discriminant holds them: valid while it lives, not to be freed. */
TrainingProjection training_discriminant_get_projection (const TrainingDiscriminant *self);

G_END_DECLS
