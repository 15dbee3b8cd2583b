/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptors of the shape of a magnitude spectrum (core/dsp/stft.h), one number each, for four
 * frames at once. Pure; any thread. */
#pragma once

#include "core/base/simd.h"

G_BEGIN_DECLS

typedef struct {
  EmotionSimd rms;       /* of the windowed frame: root mean square, by Parseval */
  EmotionSimd centroid;  /* Hz, mean frequency weighted by magnitude; 0 for silence */
  EmotionSimd bandwidth; /* Hz, standard deviation around it, weighted by magnitude */
  EmotionSimd rolloff;   /* Hz, 85 % of the sum of magnitudes lie below it */
  /* geometric over arithmetic mean of power, each value at least 1e-10; 1 for a flat spectrum and
   * for silence */
  EmotionSimd flatness;
} EmotionSpectralShape;

/* `magnitude`: EMOTION_STFT_BINS values; lane i is frame i. */
void emotion_spectral_shape (const EmotionSimd *magnitude, EmotionSpectralShape *shape);

G_END_DECLS
