/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pearson correlations of all pairs of series over selected frames: the descriptors' joint
 * movement, independent of their level and spread (Williamson et al. 2014 use them for the
 * coordination of articulators). Pure functions; they do not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CORRELATIONS(n_series) ((n_series) * ((n_series)-1) / 2)

/* Normalises `n_series` rows of `n` values, in place, for the functions below: mean 0 and sum of
 * squares 1, or all 0 for a constant series. Each row is `stride` floats after the previous one. */
void emotion_correlations_prepare (float *series, gsize stride, guint n_series, guint n);

/* The correlations of the prepared rows: pairs (0, 1), (0, 2) .. (1, 2) .. */
void emotion_correlations_within (const float *series, gsize stride, guint n_series, guint n,
                                  float *out);

/* The correlations of prepared rows of `a` with those of `b`: pairs (0, 0), (0, 1) .. (1, 0) .. */
void emotion_correlations_between (const float *a, guint n_a, const float *b, guint n_b,
                                   gsize stride, guint n, float *out);

G_END_DECLS
