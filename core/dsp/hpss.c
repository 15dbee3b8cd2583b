/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hpss.h"

#include "median.h"
#include "stft.h"

#define N_BINS EMOTION_STFT_BINS
#define STRIDE EMOTION_STFT_STRIDE

void
emotion_hpss_percussive (const EmotionSimd *magnitude, EmotionSimd *median)
{
  emotion_running_median ((const float *)magnitude, EMOTION_SIMD_WIDTH, N_BINS, (float *)median,
                          EMOTION_SIMD_WIDTH);
}

/* x, or 1 where it is 0 */
static inline EmotionSimd
or_one (EmotionSimd x)
{
  EmotionSimdInts zero = x == 0;
  return (EmotionSimd)((EmotionSimdInts)x | (zero & (EmotionSimdInts)emotion_simd_all (1)));
}

/* Multiplies four bins of a spectrum by h^2 / (h^2 + p^2), or by 1/2 in silence. The order of the
 * operations and the roundings are those of the published system, as in core/dsp/stft.c: magnitude
 * times mask times phase. */
static inline void
keep_fraction (EmotionSimd h, EmotionSimd p, EmotionSimd magnitude, float *spectrum)
{
  EmotionSimd larger = emotion_simd_max (h, p), z = or_one (larger);
  EmotionSimd a = h / z, b = p / z;
  a *= a;
  b *= b;
  EmotionSimd fraction = (a + 0.5f * (z - larger)) / (a + b + (z - larger));
  EmotionSimd kept = magnitude * fraction, scale = or_one (magnitude);
  EmotionSimd low = __builtin_shufflevector (kept, kept, 0, 0, 1, 1);
  EmotionSimd high = __builtin_shufflevector (kept, kept, 2, 2, 3, 3);
  EmotionSimd scale_low = __builtin_shufflevector (scale, scale, 0, 0, 1, 1);
  EmotionSimd scale_high = __builtin_shufflevector (scale, scale, 2, 2, 3, 3);
  emotion_simd_store (spectrum, low * (emotion_simd_load (spectrum) / scale_low));
  emotion_simd_store (spectrum + EMOTION_SIMD_WIDTH,
                      high * (emotion_simd_load (spectrum + EMOTION_SIMD_WIDTH) / scale_high));
}

void
emotion_hpss_harmonic (const float *magnitude, const float *percussive, guint n_frames,
                       EmotionSimd *strip, fftwf_complex *spectra)
{
  for (guint bin = 0; bin < N_BINS; bin += EMOTION_SIMD_WIDTH) {
    emotion_running_median (magnitude + bin, STRIDE, n_frames, (float *)strip, EMOTION_SIMD_WIDTH);
    for (guint t = 0; t < n_frames; t++) {
      keep_fraction (strip[t], emotion_simd_load (percussive + (gsize)t * STRIDE + bin),
                     emotion_simd_load (magnitude + (gsize)t * STRIDE + bin),
                     (float *)(spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE + bin));
    }
  }
}
