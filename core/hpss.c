/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hpss.h"

#include "median.h"
#include "stft.h"

#define N_BINS EMOTION_STFT_BINS
#define STRIDE EMOTION_STFT_STRIDE
#define TINY 1e-37f /* shares silence out in halves */

void
emotion_hpss_percussive (const EmotionLanes *magnitude, EmotionLanes *median)
{
  emotion_running_median ((const float *)magnitude, EMOTION_LANES, N_BINS, (float *)median,
                          EMOTION_LANES);
}

void
emotion_hpss_harmonic (const float *magnitude, const float *percussive, guint n_frames,
                       EmotionLanes *strip, fftwf_complex *spectra)
{
  for (guint bin = 0; bin < N_BINS; bin += EMOTION_LANES) {
    emotion_running_median (magnitude + bin, STRIDE, n_frames, (float *)strip, EMOTION_LANES);
    for (guint t = 0; t < n_frames; t++) {
      float *s = (float *)(spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE + bin);
      EmotionLanes p = emotion_lanes_load (percussive + (gsize)t * STRIDE + bin);
      EmotionLanes h2 = strip[t] * strip[t] + TINY, p2 = p * p + TINY, share = h2 / (h2 + p2);
      EmotionLanes low = __builtin_shufflevector (share, share, 0, 0, 1, 1);
      EmotionLanes high = __builtin_shufflevector (share, share, 2, 2, 3, 3);
      emotion_lanes_store (s, emotion_lanes_load (s) * low);
      emotion_lanes_store (s + EMOTION_LANES, emotion_lanes_load (s + EMOTION_LANES) * high);
    }
  }
}
