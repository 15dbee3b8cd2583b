/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/spectral-shape.h"

#include "core/dsp/stft.h"
#include "tests/core/signals.h"

#define BINS EMOTION_STFT_BINS
#define HZ 7.8125 /* per bin */

static EmotionSimd spectrum[BINS];

static void
clear (void)
{
  memset (spectrum, 0, sizeof spectrum);
}

/* Each frame has its own results. */
static void
test_lines (void)
{
  EmotionSpectralShape shape;
  clear ();
  spectrum[100][0] = 2;
  spectrum[100][1] = spectrum[300][1] = 1;
  spectrum[1024][2] = 1e-3f;
  emotion_spectral_shape (spectrum, &shape); /* lane 3 is silent */
  g_assert_cmpfloat_with_epsilon (shape.centroid[0], 100 * HZ, 1e-3);
  g_assert_cmpfloat_with_epsilon (shape.centroid[1], 200 * HZ, 1e-3);
  g_assert_cmpfloat_with_epsilon (shape.centroid[2], 1024 * HZ, 1e-3);
  g_assert_cmpfloat (shape.centroid[3], ==, 0);
  g_assert_cmpfloat_with_epsilon (shape.bandwidth[0], 0, 1e-2);
  g_assert_cmpfloat_with_epsilon (shape.bandwidth[1], 100 * HZ, 1e-3);
  g_assert_cmpfloat (shape.bandwidth[3], ==, 0);
  g_assert_cmpfloat (shape.rolloff[0], ==, 100 * HZ);
  g_assert_cmpfloat (shape.rolloff[1], ==, 300 * HZ);
  g_assert_cmpfloat (shape.rolloff[2], ==, 1024 * HZ);
  g_assert_cmpfloat (shape.rolloff[3], ==, 0);
  /* Each line except DC and Nyquist represents two of a real signal. */
  g_assert_cmpfloat_with_epsilon (shape.rms[0], sqrt (2 * 4) / 2048, 1e-9);
  g_assert_cmpfloat_with_epsilon (shape.rms[2], 1e-3 / 2048, 1e-12);
  g_assert_cmpfloat (shape.rms[3], ==, 0);
  /* One line among floors of 1e-10. */
  g_assert_cmpfloat_with_epsilon (
      shape.flatness[0] / (exp (log (1e-10) + log (4e10) / BINS) / (4.0 / BINS)), 1, 1e-4);
  g_assert_cmpfloat_with_epsilon (shape.flatness[3], 1, 1e-6);
}

static void
test_flat (void)
{
  EmotionSpectralShape shape;
  for (guint i = 0; i < BINS; i++)
    spectrum[i] = (EmotionSimd){1, 1e-4f, 30, 1e4f};
  emotion_spectral_shape (spectrum, &shape);
  for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
    g_assert_cmpfloat_with_epsilon (shape.flatness[l], 1, 2e-6);
    g_assert_cmpfloat_with_epsilon (shape.centroid[l], 4000, 1e-2);
    g_assert_cmpfloat_with_epsilon (shape.bandwidth[l], HZ * sqrt ((BINS * BINS - 1) / 12.), 1e-1);
    g_assert_cmpfloat (shape.rolloff[l], ==, HZ * (ceil (0.85 * BINS) - 1));
  }
}

/* Compares with the sums of the definitions. */
static void
test_random (void)
{
  EmotionSpectralShape shape;
  GRand *random = g_rand_new_with_seed (8);
  for (guint i = 0; i < BINS; i++)
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      spectrum[i][l] = (float)pow (10, g_rand_double_range (random, -6, 2));
  emotion_spectral_shape (spectrum, &shape);
  for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
    double sum = 0, by_hz = 0, spread = 0, power = 0, logs = 0, floored = 0;
    for (guint i = 0; i < BINS; i++) {
      double m = spectrum[i][l];
      sum += m;
      by_hz += m * i * HZ;
      power += m * m * (i == 0 || i + 1 == BINS ? 1 : 2);
      floored += MAX (m * m, 1e-10);
      logs += log (MAX (m * m, 1e-10));
    }
    for (guint i = 0; i < BINS; i++)
      spread += spectrum[i][l] * pow (i * HZ - by_hz / sum, 2);
    g_assert_cmpfloat_with_epsilon (shape.centroid[l], by_hz / sum, 1e-2);
    g_assert_cmpfloat_with_epsilon (shape.bandwidth[l], sqrt (spread / sum), 1e-2);
    g_assert_cmpfloat_with_epsilon (shape.rms[l] / (sqrt (power) / 2048), 1, 1e-6);
    g_assert_cmpfloat_with_epsilon (shape.flatness[l] / (exp (logs / BINS) * BINS / floored), 1,
                                    1e-5);
  }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spectral-shape/lines", test_lines);
  g_test_add_func ("/spectral-shape/flat", test_flat);
  g_test_add_func ("/spectral-shape/random", test_random);
  return g_test_run ();
}
