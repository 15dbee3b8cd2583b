/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral-contrast.h"

#include <math.h>

#include "core/base/audio.h"
#include "stft.h"

#define FLOOR 1e-10f
#define RANGE 80.f /* dB */
#define MAX_KEPT 8 /* 2 % of the largest band, 410 bins */

/* The bins of each band, and how many of them make a peak or a valley. A band begins with the last
 * bin below its lower limit. It ends before the last bin below its upper limit; only the highest
 * band includes that bin. The 2 % are of the bins including that last one, rounded to even. */
static const struct {
  guint first, count, kept;
} bands[EMOTION_CONTRAST_BANDS] = {
    {0, 25, 1},    {25, 26, 1},   {51, 51, 1},   {102, 102, 2},
    {204, 205, 4}, {409, 410, 8}, {819, 206, 4},
};

G_STATIC_ASSERT (EMOTION_SAMPLE_RATE == 16000 && EMOTION_STFT_SIZE == 2048);

/* Finds the `kept` smallest values, ascending, and the `kept` largest values, descending. */
static inline void
keep_extremes (const EmotionSimd *x, guint n, guint kept, EmotionSimd *low, EmotionSimd *high)
{
  for (guint k = 0; k < kept; k++) {
    low[k] = emotion_simd_all (INFINITY);
    high[k] = emotion_simd_all (-INFINITY);
  }
  for (guint i = 0; i < n; i++) {
    EmotionSimd up = x[i], down = x[i];
    for (guint k = 0; k < kept; k++) {
      EmotionSimd l = low[k], h = high[k];
      low[k] = emotion_simd_min (l, up);
      up = emotion_simd_max (l, up);
      high[k] = emotion_simd_max (h, down);
      down = emotion_simd_min (h, down);
    }
  }
}

static EmotionSimd
mean (const EmotionSimd *x, guint n)
{
  EmotionSimd sum = {0};
  for (guint i = 0; i < n; i++)
    sum += x[i];
  return sum / (float)n;
}

void
emotion_contrast_extremes (const EmotionSimd *magnitude, EmotionSimd *peaks, EmotionSimd *valleys)
{
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++) {
    EmotionSimd low[MAX_KEPT], high[MAX_KEPT];
    const EmotionSimd *band = magnitude + bands[b].first;
    switch (bands[b].kept) { /* a constant `kept` allows the values to stay in registers */
    case 1:
      keep_extremes (band, bands[b].count, 1, low, high);
      break;
    case 2:
      keep_extremes (band, bands[b].count, 2, low, high);
      break;
    case 4:
      keep_extremes (band, bands[b].count, 4, low, high);
      break;
    default:
      keep_extremes (band, bands[b].count, MAX_KEPT, low, high);
    }
    valleys[b] = mean (low, bands[b].kept);
    peaks[b] = mean (high, bands[b].kept);
  }
}

/* Converts x[from .. from + n) of all series to levels in dB, in place, at least RANGE below the
 * maximum. */
static void
to_levels (float *const series[EMOTION_CONTRAST_BANDS], gsize from, gsize n)
{
  float highest = -INFINITY;
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++)
    for (gsize i = from; i < from + n; i++) {
      series[b][i] = 10 * log10f (MAX (series[b][i], FLOOR));
      highest = MAX (highest, series[b][i]);
    }
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++)
    for (gsize i = from; i < from + n; i++)
      series[b][i] = MAX (series[b][i], highest - RANGE);
}

void
emotion_contrast_levels (float *const series[EMOTION_CONTRAST_BANDS], gsize valleys, gsize n)
{
  to_levels (series, 0, n);
  to_levels (series, valleys, n);
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++)
    for (gsize i = 0; i < n; i++)
      series[b][i] -= series[b][valleys + i];
}
