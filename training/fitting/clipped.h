/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standardised rows clipped at +-limit (winsorised). A classifier fitted on them is converted to
 * one of the raw rows. */
#pragma once

#include "core/model/classifier.h"
#include "moments.h"

G_BEGIN_DECLS

typedef struct {
  guint n_features;
  double limit;
  float *mean, *scale;      /* n_features, of the raw rows */
  float *matrix;            /* n x n_features; NULL if it is not kept */
  TrainingMoments *moments; /* of the clipped matrix, which is scaled */
  double *offset;           /* of the moments: zeros */
} TrainingClipped;

/* Clips `n` rows given by index; `moments` are those of the same rows, of which the diagonal of the
 * second moments is enough. With `keep`, keeps the clipped matrix too. */
TrainingClipped *training_clipped_new (const TrainingMoments *moments, const float *matrix,
                                       const guint *rows, const guint *labels,
                                       const double *weights, guint n, double limit, gboolean keep);
void training_clipped_free (TrainingClipped *self); /* NULL is fine */

/* Mixes a fraction, 0..1, of the same rows in another matrix, less their mean, into the moments. */
void training_clipped_mix (TrainingClipped *self, const float *matrix, const guint *rows,
                           const guint *labels, const double *weights, guint n, double fraction);

/* Converts a classifier fitted on the clipped matrix and moments, whose reference it takes, to one
 * of the raw rows; NULL for NULL. */
EmotionClassifier *training_clipped_wrap (const TrainingClipped *self, EmotionClassifier *inner);

G_END_DECLS
