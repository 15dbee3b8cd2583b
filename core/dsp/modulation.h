/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much a series moves at three rates: RMS of the difference between the means of neighbouring
 * blocks of 1, 4 and 16 frames, the Haar wavelet's scales (Mallat 1989): with frames each 10 ms they
 * prediction most to modulation of 37, 9.3 and 2.3 Hz. Pure functions; nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_MODULATIONS 3

/* Frames in a block of scale `index`. */
guint emotion_modulation_block (guint index);

/* Of x[0..n), n >= 1; 0 for scales that two blocks of do not fit in. `sums`: room for n + 1. */
void emotion_modulation (const float *x, guint n, double *sums, float *out);

G_END_DECLS
