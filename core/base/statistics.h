/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Order statistics and moments of short series. Pure functions; nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sorts x[0..n) (finite): the low 32 bits of order[0..n) become the indices of ascending values,
 * equal ones in their order in x. `scratch` holds n too. Radix sort, linear in n. */
void emotion_sort_order (const float *x, guint n, guint64 *order, guint64 *scratch);

/* order[0..n) = the indices of falling values, equal ones in their order; for a few values. */
void emotion_rank (const double *values, guint n, guint *order);

/* The q-quantile (0..1) of ascending values by linear interpolation (Hyndman & Fan 1996, type 7).
 */
float emotion_quantile (const float *sorted, guint n, double q);

typedef struct {
  double mean;
  double sd;       /* population */
  double skewness; /* 0 for a constant series */
  double kurtosis; /* excess, 0 for a constant series */
  double slope;    /* of the regression on time running from -1 to 1 over the series */
} EmotionMoments;

/* n >= 1. */
void emotion_moments (const float *x, guint n, EmotionMoments *moments);

/* out[i] = slope of x around i over 2 neighbours each side, the edges repeated (Furui 1986). */
void emotion_delta (const float *x, guint n, float *out);

G_END_DECLS
