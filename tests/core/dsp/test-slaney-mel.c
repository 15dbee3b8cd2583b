/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/slaney-mel.h"

#include "core/dsp/stft.h"

#define BINS EMOTION_STFT_BINS
#define BANDS EMOTION_SLANEY_BANDS
#define HZ 7.8125 /* per bin */

static EmotionSimd spectrum[BINS], levels[BANDS];

/* Corner i of the bank in Hz, 0 .. BANDS + 1. */
static double
corner (guint i)
{
  const double top = 15 + 27 * log (8) / log (6.4); /* mel of 8 kHz */
  double mel = top * i / (BANDS + 1);
  return mel < 15 ? mel * 200 / 3 : 1000 * exp ((mel - 15) * log (6.4) / 27);
}

/* A bin of power 1 gives each band's weight there: a triangle of area 1. */
static void
test_triangles (void)
{
  EmotionSlaneyMel *mel = emotion_slaney_mel_new (20);
  for (guint bin = 0; bin < BINS; bin += 7) {
    double f = bin * HZ;
    memset (spectrum, 0, sizeof spectrum);
    spectrum[bin] = (EmotionSimd){1, 10, 100, 0};
    emotion_slaney_mel_levels (mel, spectrum, levels);
    for (guint b = 0; b < BANDS; b++) {
      double left = corner (b), top = corner (b + 1), right = corner (b + 2);
      double height = MIN ((f - left) / (top - left), (right - f) / (right - top));
      double weight = MAX (height, 0) * 2 / (right - left);
      for (guint l = 0; l < 3; l++)
        g_assert_cmpfloat_with_epsilon (levels[b][l],
                                        10 * log10 (MAX (weight * pow (100, l), 1e-10)),
                                        weight < 1e-6 ? 0.1 : 1e-3);
      g_assert_cmpfloat_with_epsilon (levels[b][3], -100, 1e-4);
    }
  }
  emotion_slaney_mel_free (mel);
  emotion_slaney_mel_free (NULL);
}

static void
test_limit (void)
{
  float x[] = {-20, 3, -76, -77.5f, -100};
  emotion_slaney_mel_limit (x, G_N_ELEMENTS (x));
  const float expected[] = {-20, 3, -76, -77, -77};
  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    g_assert_cmpfloat (x[i], ==, expected[i]);
}

/* The transform is orthonormal: constant levels have only the first coefficient; a cosine over the
 * bands has one other, with the norm of the levels. */
static void
test_cepstra (void)
{
  enum { N = 18 }; /* not a whole number of SIMD vectors */
  EmotionSlaneyMel *mel = emotion_slaney_mel_new (N);
  float row[BANDS], cepstra[N + 1];
  for (guint k = 0; k < N; k++) {
    double norm = 0;
    for (guint b = 0; b < BANDS; b++) {
      row[b] = (float)(7 * cos (G_PI * k * (b + 0.5) / BANDS));
      norm += (double)row[b] * row[b];
    }
    cepstra[N] = 77;
    emotion_slaney_mel_cepstra (mel, row, cepstra);
    for (guint i = 0; i < N; i++)
      g_assert_cmpfloat_with_epsilon (cepstra[i], i == k ? sqrt (norm) : 0, 1e-4);
    g_assert_cmpfloat (cepstra[N], ==, 77);
  }
  emotion_slaney_mel_free (mel);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slaney-mel/triangles", test_triangles);
  g_test_add_func ("/slaney-mel/limit", test_limit);
  g_test_add_func ("/slaney-mel/cepstra", test_cepstra);
  return g_test_run ();
}
