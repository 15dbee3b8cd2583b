/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hpss.h"

#include "median.h"
#include "stft.h"

#define N_BINS EMOTION_STFT_BINS
#define STRIDE EMOTION_STFT_STRIDE

void
emotion_hpss_percussive (const EmotionLanes *magnitude, EmotionLanes *median)
{
  emotion_running_median ((const float *)magnitude, EMOTION_LANES, N_BINS, (float *)median,
                          EMOTION_LANES);
}

/* x, or 1 where it is 0 */
static inline EmotionLanes
or_one (EmotionLanes x)
{
  EmotionLaneInts zero = x == 0;
  return (EmotionLanes)((EmotionLaneInts)x | (zero & (EmotionLaneInts)emotion_lanes_all (1)));
}

/* Four bins of a spectrum times h^2 / (h^2 + p^2), which is a half in silence. In the order and with
 * the roundings of the published system, like core/dsp/stft.c: magnitude times share times phase. */
static inline void
keep_share (EmotionLanes h, EmotionLanes p, EmotionLanes magnitude, float *spectrum)
{
  EmotionLanes larger = emotion_lanes_max (h, p), z = or_one (larger);
  EmotionLanes a = h / z, b = p / z;
  a *= a;
  b *= b;
  EmotionLanes share = (a + 0.5f * (z - larger)) / (a + b + (z - larger));
  EmotionLanes kept = magnitude * share, scale = or_one (magnitude);
  EmotionLanes low = __builtin_shufflevector (kept, kept, 0, 0, 1, 1);
  EmotionLanes high = __builtin_shufflevector (kept, kept, 2, 2, 3, 3);
  EmotionLanes scale_low = __builtin_shufflevector (scale, scale, 0, 0, 1, 1);
  EmotionLanes scale_high = __builtin_shufflevector (scale, scale, 2, 2, 3, 3);
  emotion_lanes_store (spectrum, low * (emotion_lanes_load (spectrum) / scale_low));
  emotion_lanes_store (spectrum + EMOTION_LANES,
                       high * (emotion_lanes_load (spectrum + EMOTION_LANES) / scale_high));
}

void
emotion_hpss_harmonic (const float *magnitude, const float *percussive, guint n_frames,
                       EmotionLanes *strip, fftwf_complex *spectra)
{
  for (guint bin = 0; bin < N_BINS; bin += EMOTION_LANES) {
    emotion_running_median (magnitude + bin, STRIDE, n_frames, (float *)strip, EMOTION_LANES);
    for (guint t = 0; t < n_frames; t++) {
      keep_share (strip[t], emotion_lanes_load (percussive + (gsize)t * STRIDE + bin),
                  emotion_lanes_load (magnitude + (gsize)t * STRIDE + bin),
                  (float *)(spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE + bin));
    }
  }
}
