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
  guint n_components;  /* dimensions that separate the labels, at most n_labels - 1 */
  /* n_components x n_features: the within-class covariance becomes the identity. */
  double *projection;
} TrainingDiscriminant;

/* `shrinkage` in 0..1. Labels have equal prior probabilities, or with `unbalanced` their weights in
 * the rows. NULL with TRAINING_ERROR_DATA when the rows have fewer than two labels or the shrunken
 * covariance is singular. A label without rows is never predicted: its posterior at temperature 1
 * is below 1e-20 for any row. */
TrainingDiscriminant *training_discriminant_fit (const TrainingMoments *moments, double shrinkage,
                                                 gboolean unbalanced, GError **error);
void training_discriminant_free (TrainingDiscriminant *self); /* NULL is fine */

/* Converts it to a classifier with temperature 1. */
EmotionClassifier *training_discriminant_to_classifier (const TrainingDiscriminant *self);

/* The projection to its dimensions. Valid while the discriminant lives; not to be freed. */
TrainingProjection training_discriminant_get_projection (const TrainingDiscriminant *self);

G_END_DECLS
