/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constant-Q transform (Schoerkhuber & Klapuri 2010, "Constant-Q transform toolbox for music
 * processing", SMC): seven octaves of 36 bins from C1, 32.7 Hz, each 512 samples, frame t centred
 * on sample t * 512; zeros beyond the signal's ends.
 *
 * The highest octave is analysed at the full rate, each lower one after another halving of the
 * rate: an FFT of 512 points without a window, and on it the sparse spectra of the bins' wavelets,
 * Hann windows of Q = 51.9 periods; the weakest parts, 1 % of each wavelet's spectrum, are left
 * out. All octaves share one set of spectra, which depends on the tuning only.
 *
 * One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

#include "constant-q-basis.h"

G_BEGIN_DECLS

typedef struct _EmotionConstantQ EmotionConstantQ;

/* For signals of up to `max_samples`. */
EmotionConstantQ *emotion_constant_q_new (gsize max_samples);
void emotion_constant_q_free (EmotionConstantQ *self); /* NULL is fine */

/* Magnitudes of emotion_stft_n_frames (n) frames of x[0..n), rows of EMOTION_CONSTANT_Q_BINS, lowest
 * bin first. Bin b lies at 32.7 Hz * 2^((b + tuning / 100) / 36), tuning in -50 .. 49. A sine of
 * amplitude A at a bin's centre gives A / 2 times the square root of its wavelet's length in
 * samples. */
void emotion_constant_q_transform (EmotionConstantQ *self, const float *x, gsize n, gint tuning,
                                   float *magnitudes);

G_END_DECLS
