/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running median over 31 values, as the separation of harmonic and percussive parts needs it along
 * both axes of a spectrogram.
 *
 * Eight neighbouring windows share 24 of their values: those are sorted once, from sorted runs of
 * eight that three groups of windows share in turn, and only the ranks that can still become a
 * median are kept. The rest is added on a binary tree over the eight windows. All of it is
 * comparisons of fixed places, done for four series side by side, about 28 minima and maxima per
 * median (after Adams 2021, "Fast Median Filters using Separable Sorting Networks", ACM TOG 40). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_MEDIAN_WIDTH 31

/* Medians of four series: in[i * in_stride + lane], i < n, to out[i * out_stride + lane]. Beyond
 * its ends a series is its mirror image, the last value repeated (b a | a b c | c b). `in` and
 * `out` do not overlap. Nothing allocates; any thread. */
void emotion_running_median (const float *in, gsize in_stride, guint n, float *out,
                             gsize out_stride);

G_END_DECLS
