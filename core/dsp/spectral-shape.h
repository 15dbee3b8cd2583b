/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What describes the shape of a magnitude spectrum of core/dsp/stft.h by one number each, for four
 * frames at once. Pure; any thread. */
#pragma once

#include "core/base/simd.h"

G_BEGIN_DECLS

typedef struct {
  EmotionSimd rms;       /* of the frame under its window: root mean square, by Parseval */
  EmotionSimd centroid;  /* Hz, mean of frequency weighted by magnitude; 0 for silence */
  EmotionSimd bandwidth; /* Hz, spread of frequency around it, weighted by magnitude */
  EmotionSimd rolloff;   /* Hz, below which 85 % of the sum of magnitudes lie */
  EmotionSimd flatness;  /* geometric over arithmetic mean of power, floored at 1e-10 each;
                             1 for white noise's shape and for silence */
} EmotionSpectralShape;

/* `magnitude`: EMOTION_STFT_BINS, lane i of frame i. */
void emotion_spectral_shape (const EmotionSimd *magnitude, EmotionSpectralShape *shape);

G_END_DECLS
