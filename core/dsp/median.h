/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running median over 31 values. Harmonic/percussive separation needs it along both axes of a
 * spectrogram.
 *
 * Eight neighbouring windows have 24 values in common. These are sorted once, from sorted runs of
 * eight that three groups of windows share, and only the ranks that can still become a median are
 * kept. The other values are merged along a binary tree over the eight windows. All comparisons are
 * between fixed positions, so four series are processed side by side, with about 28 minima and
 * maxima per median (after Adams 2021, "Fast Median Filters using Separable Sorting Networks", ACM
 * TOG 40). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_MEDIAN_WIDTH 31

/* Medians of four interleaved series: in[i * in_stride + lane], i < n, to out[i * out_stride +
 * lane]. Beyond its ends a series is mirrored, with the last value repeated (b a | a b c | c b).
 * `in` and `out` must not overlap. Does not allocate; any thread. */
void emotion_running_median (const float *in, gsize in_stride, guint n, float *out,
                             gsize out_stride);

G_END_DECLS
