/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constant-Q transform (Schoerkhuber & Klapuri 2010, "Constant-Q transform toolbox for music
 * processing", SMC): seven octaves of 36 bins from C1, 32.7 Hz; one frame every 512 samples, frame
 * t centred on sample t * 512. The signal is zero beyond its ends.
 *
 * The highest octave is analysed at the full rate, and each lower octave after halving the rate
 * once more. Each octave has an FFT of 512 points without a window, multiplied by the sparse
 * spectra of the bins' wavelets. A wavelet is a Hann window of Q = 51.9 periods; the weakest parts
 * of its spectrum, 1 %, are left out. All octaves share one set of spectra, which depends only on
 * the tuning.
 *
 * One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

#include "constant-q-basis.h"

G_BEGIN_DECLS

typedef struct _EmotionConstantQ EmotionConstantQ;

/* A new transform for signals of up to `max_samples` samples. */
EmotionConstantQ *emotion_constant_q_new (gsize max_samples);
void emotion_constant_q_free (EmotionConstantQ *self); /* NULL is fine */

/* Magnitudes of emotion_stft_n_frames (n) frames of x[0..n): rows of EMOTION_CONSTANT_Q_BINS,
 * lowest bin first. The frequency of bin b is 32.7 Hz * 2^((b + tuning / 100) / 36), tuning in -50
 * .. 49. A sine of amplitude A at a bin's frequency gives A / 2 times the square root of the length
 * of its wavelet in samples. */
void emotion_constant_q_transform (EmotionConstantQ *self, const float *x, gsize n, gint tuning,
                                   float *magnitudes);

G_END_DECLS
