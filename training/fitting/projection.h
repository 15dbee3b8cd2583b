/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A linear map of standardised features to fewer coordinates, fitted on training rows. */
#pragma once

#include "moments.h"

G_BEGIN_DECLS

typedef struct {
  guint n_features, n_components;
  float *mean, *scale; /* the scaler, n_features: x -> (x - mean) * scale */
  double *directions;  /* n_components x n_features, of the scaled features */
  double unit;         /* root mean square of the coordinates */
} TrainingProjection;

/* The unit of principal components. Their directions and the coordinates of stored vectors are
 * integers: 2.6 characters each in a model file instead of 12. On RAVDESS with clips held out,
 * rounding changes 0.7 % of predictions and no UAR by more than 0.003. A unit of 24 takes 0.5
 * characters more, one of 3 only 0.1 less. */
#define TRAINING_COORDINATE_UNIT 6.0

/* The scaler of the rows: mean and inverse deviation of every feature, 1 for a constant feature,
 * which has no effect. For scaled moments it is 0 and 1. `centre` (n_features) gets the mean minus
 * the moments' offset. */
void training_scaler_fit (const TrainingMoments *moments, float *mean, float *scale,
                          double *centre);

/* The first principal components (Pearson 1901) of the scaled features, with a common scale that
 * gives the coordinates a root mean square of about TRAINING_COORDINATE_UNIT. Fewer than
 * `n_components` if the rows have no more. NULL with TRAINING_ERROR_DATA when there is no variance
 * at all. */
TrainingProjection *training_components_fit (const TrainingMoments *moments, guint n_components,
                                             GError **error);
void training_projection_free (TrainingProjection *self); /* NULL is fine */

/* The coordinates of `n` rows of the matrix given by index, n x n_components. Coordinates on
 * components are rounded if they are `kept` in a model. Free with g_free(). */
float *training_projection_apply (const TrainingProjection *self, const float *matrix,
                                  const guint *rows, guint n, gboolean kept);

G_END_DECLS
