/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Order statistics and moments of short series. Pure functions; they do not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sorts the finite values x[0..n): the low 32 bits of order[0..n) become their indices in ascending
 * order of value. Equal values keep their order. `scratch` holds n values, like `order`. Radix
 * sort, linear in n. */
void emotion_sort_order (const float *x, guint n, guint64 *order, guint64 *scratch);

/* order[0..n) = the indices in descending order of value. Equal values keep their order. Insertion
 * sort, for a few values. */
void emotion_rank (const double *values, guint n, guint *order);

/* The q-quantile (0..1) of ascending values by linear interpolation (Hyndman & Fan 1996, type 7).
 */
float emotion_quantile (const float *sorted, guint n, double q);

typedef struct {
  double mean;
  double sd;       /* population */
  double skewness; /* 0 for a constant series */
  double kurtosis; /* excess, 0 for a constant series */
  double slope;    /* of the regression line; time runs from -1 to 1 over the series */
} EmotionMoments;

/* Computes the moments of x[0..n), n >= 1. */
void emotion_moments (const float *x, guint n, EmotionMoments *moments);

/* out[i] = slope of x around i over two neighbours on each side; the edge values are repeated
 * (Furui 1986). */
void emotion_delta (const float *x, guint n, float *out);

G_END_DECLS
