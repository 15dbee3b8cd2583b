/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Weighted first and second moments of rows by label: sufficient for a linear discriminant. Moments
 * are additive, so those of a fold are the sum over its speaker groups. Many uses need only the
 * diagonal of the second moments, which takes a thousandth of their memory. */
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
  /* Of weight * row row': n_features x n_features, the upper triangle; or NULL and only its
   * diagonal, n_features. */
  double *square, *diagonal;
} TrainingMoments;

/* Computes the rows [first, first + n) of a sum, n x n_features. */
typedef void (*TrainingFillRows) (gpointer data, guint first, guint n, float *block);

TrainingMoments *training_moments_new (guint n_features, guint n_labels, const double *offset);
TrainingMoments *training_moments_new_diagonal (guint n_features, guint n_labels,
                                                const double *offset);
void training_moments_free (TrainingMoments *self); /* NULL is fine */

/* The weighted sum of the squares of feature i. */
double training_moments_get_square (const TrainingMoments *self, guint i);

/* Adds `n` rows of the matrix given by index, with their labels and weights. */
void training_moments_add_rows (TrainingMoments *self, const float *matrix, const guint *rows,
                                const guint *labels, const double *weights, guint n);

/* Adds `n` standardised rows (near 0, variance near 1) to moments with an offset of zeros and all
 * second moments. The products are summed in single precision: a relative error of about 1e-6,
 * half the time. */
void training_moments_add_standardised (TrainingMoments *self, TrainingFillRows fill, gpointer data,
                                        const guint *labels, const double *weights, guint n);

void training_moments_scale (TrainingMoments *self, double factor);

/* Adds moments with the same offset. If one has only the diagonal, only that is added. */
void training_moments_add (TrainingMoments *self, const TrainingMoments *other);

/* Adds factor * vector vector' to the second moments. */
void training_moments_add_product (TrainingMoments *self, double factor, const double *vector);

/* The second moments above the diagonal, row after row, in single precision; free with g_free(). */
float *training_moments_pack (const TrainingMoments *self);
void training_moments_add_packed (TrainingMoments *self, const float *packed);

G_END_DECLS
