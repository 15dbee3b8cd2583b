/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pearson's correlations of all pairs of series over chosen frames: how the descriptors move
 * together, whatever their level and spread (Williamson et al. 2014 use them for the coordination of
 * articulators). Nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CORRELATIONS(n_series) ((n_series) * ((n_series)-1) / 2)

/* Makes `n_series` rows of `n` values, each `stride` floats after the one before, what the functions
 * below want: mean 0 and sum of squares 1, or all 0 where a series does not vary. In place. */
void emotion_correlations_prepare (float *series, gsize stride, guint n_series, guint n);

/* Of prepared rows the pairs (0, 1), (0, 2) .. (1, 2) .. */
void emotion_correlations_within (const float *series, gsize stride, guint n_series, guint n,
                                  float *out);

/* Of prepared rows of `a` with such of `b` the pairs (0, 0), (0, 1) .. (1, 0) .. */
void emotion_correlations_between (const float *a, guint n_a, const float *b, guint n_b,
                                   gsize stride, guint n, float *out);

G_END_DECLS
