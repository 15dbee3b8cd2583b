/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Weighted first and second moments of rows by label: sufficient for a linear discriminant. Moments
 * are additive, so those of a fold are the sum over its speaker groups. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n_features, n_labels;
  gboolean scaled; /* the rows are scaled already, and fits do not scale them again */
  /* n_features, not owned: subtracted from every row for numerical precision. */
  const double *offset;
  double *weight; /* n_labels */
  double *sum;    /* n_labels x n_features, of weight * row */
  double *square; /* n_features x n_features, upper triangle, of weight * row row' */
} TrainingMoments;

TrainingMoments *training_moments_new (guint n_features, guint n_labels, const double *offset);
void training_moments_free (TrainingMoments *self); /* NULL is fine */

/* Adds `n` rows of the matrix given by index, with their labels and weights. */
void training_moments_add_rows (TrainingMoments *self, const float *matrix, const guint *rows,
                                const guint *labels, const double *weights, guint n);
void training_moments_scale (TrainingMoments *self, double factor);
void training_moments_add (TrainingMoments *self, const TrainingMoments *other);

G_END_DECLS
