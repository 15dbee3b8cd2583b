/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modulation of a series at three rates: the RMS of the difference between the means of
 * neighbouring blocks of 1, 4 and 16 frames, which are the scales of the Haar wavelet (Mallat
 * 1989). With a frame every 10 ms these respond most to modulation of 37, 9.3 and 2.3 Hz. Pure
 * functions; they do not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_MODULATIONS 3

/* Frames per block of scale `index`. */
guint emotion_modulation_block (guint index);

/* Writes EMOTION_MODULATIONS numbers for x[0..n), n >= 1; 0 for a scale if n is less than two of
 * its blocks. `sums`: scratch memory for n + 1 numbers. */
void emotion_modulation (const float *x, guint n, double *sums, float *out);

G_END_DECLS
