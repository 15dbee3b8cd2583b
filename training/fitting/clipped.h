/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows as a classifier with a limit sees them: scaled, and what is beyond the limit cut to it. What is then
 * fitted on them becomes a classifier of the rows as they were. */
#pragma once

#include "core/model/classifier.h"
#include "moments.h"

G_BEGIN_DECLS

typedef struct {
  guint n_features;
  double limit;
  float *mean, *scale;      /* n_features, of the rows as they were */
  float *matrix;            /* n x n_features */
  TrainingMoments *moments; /* of the matrix, scaled */
  double *offset;           /* theirs: zeros */
} TrainingClipped;

/* Of `n` rows given by index, and `moments` that are theirs. */
TrainingClipped *training_clipped_new (const TrainingMoments *moments, const float *matrix,
                                       const guint *rows, const guint *labels,
                                       const double *weights, guint n, double limit);
void training_clipped_free (TrainingClipped *self); /* NULL is fine */

/* Mixes a share, 0..1, of the same rows in another matrix, less their mean, into the moments. */
void training_clipped_mix (TrainingClipped *self, const float *matrix, const guint *rows,
                           const guint *labels, const double *weights, guint n, double fraction);

/* A classifier of the rows as they were, from one that was fitted on the matrix and the moments, whose
 * reference it takes; NULL for NULL. */
EmotionClassifier *training_clipped_wrap (const TrainingClipped *self, EmotionClassifier *inner);

G_END_DECLS
