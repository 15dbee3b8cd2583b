/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pearson's correlations of all pairs of series over chosen frames: how the descriptors move
 * together, whatever their level and spread (Williamson et al. 2014 use them for the coordination of
 * articulators). Nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CORRELATIONS(n_series) ((n_series) * ((n_series)-1) / 2)

/* Standardises in place: `n_series` rows of `n` values, each `stride` floats after the one before;
 * out[] gets the pairs (0, 1), (0, 2) .. (1, 2) ..; 0 where a series does not vary. */
void emotion_correlations (float *series, gsize stride, guint n_series, guint n, float *out);

G_END_DECLS
