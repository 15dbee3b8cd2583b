/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/spectral-contrast.h"

#include <stdlib.h>

#include "core/dsp/stft.h"

#define BINS EMOTION_STFT_BINS
#define BANDS EMOTION_CONTRAST_BANDS
#define HZ 7.8125 /* per bin */

static int
compare (const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* The bins of band b as the published system takes them: from one corner to the next, plus the bin
 * before. Except in the highest band the last bin is left out; `n_all` counts it too. */
static void
band_bins (guint b, guint *first, guint *n, guint *n_all)
{
  double low = b ? 100 * pow (2, b) : 0, high = 100 * pow (2, b + 1);
  *first = (guint)ceil (low / HZ);
  guint last = MIN ((guint)floor (high / HZ), BINS - 1);
  if (b > 0)
    (*first)--;
  if (b + 1 == BANDS)
    last = BINS - 1;
  *n_all = last + 1 - *first;
  *n = *n_all - (b + 1 < BANDS);
}

static void
test_extremes (void)
{
  GRand *random = g_rand_new_with_seed (3);
  EmotionSimd magnitude[BINS], peaks[BANDS], valleys[BANDS];
  for (guint i = 0; i < BINS; i++)
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      magnitude[i][l] = (float)pow (10, g_rand_double_range (random, -4, 2));
  emotion_contrast_extremes (magnitude, peaks, valleys);
  for (guint b = 0; b < BANDS; b++)
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
      float sorted[BINS];
      double low = 0, high = 0;
      guint first, n, n_all;
      band_bins (b, &first, &n, &n_all);
      for (guint i = 0; i < n; i++)
        sorted[i] = magnitude[first + i][l];
      qsort (sorted, n, sizeof *sorted, compare);
      guint kept = MAX ((guint)rint (0.02 * n_all), 1);
      for (guint i = 0; i < kept; i++) {
        low += (double)sorted[i] / kept;
        high += (double)sorted[n - 1 - i] / kept;
      }
      g_assert_cmpfloat_with_epsilon (valleys[b][l], low, 1e-6 * low);
      g_assert_cmpfloat_with_epsilon (peaks[b][l], high, 1e-6 * high);
    }
  g_rand_free (random);
}

static void
test_levels (void)
{
  float values[BANDS][6], *series[BANDS];
  for (guint b = 0; b < BANDS; b++) {
    series[b] = values[b];
    for (guint i = 0; i < 3; i++) {
      values[b][i] = 1000;   /* peaks */
      values[b][3 + i] = 10; /* valleys */
    }
  }
  values[0][0] = 1e-7f;                /* 100 dB below the highest peak */
  values[1][3 + 1] = 0;                /* 110 dB below the highest valley */
  values[2][2] = values[2][3 + 2] = 1; /* 10 dB below it */
  emotion_contrast_levels (series, 3, 3);
  for (guint b = 0; b < BANDS; b++)
    for (guint i = 0; i < 3; i++) {
      double expected = b == 0 && i == 0   ? (30 - 80) - 10
                        : b == 1 && i == 1 ? 30 - (10 - 80)
                        : b == 2 && i == 2 ? 0
                                           : 20;
      g_assert_cmpfloat_with_epsilon (values[b][i], expected, 1e-4);
    }
}

/* Silence has no contrast. */
static void
test_silence (void)
{
  float values[BANDS][4] = {{0}}, *series[BANDS];
  for (guint b = 0; b < BANDS; b++)
    series[b] = values[b];
  emotion_contrast_levels (series, 2, 2);
  for (guint b = 0; b < BANDS; b++)
    g_assert_cmpfloat (values[b][0], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spectral-contrast/extremes", test_extremes);
  g_test_add_func ("/spectral-contrast/levels", test_levels);
  g_test_add_func ("/spectral-contrast/silence", test_silence);
  return g_test_run ();
}
