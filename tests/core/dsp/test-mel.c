/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/mel.h"

#include <math.h>

#include "core/features/feature-set.h"

#define FFT_SIZE 512
#define N_BINS (FFT_SIZE / 2 + 1)
#define N_BANDS 40
#define LOW 20.0
#define HIGH 8000.0

/* O'Shaughnessy's scale in its natural-logarithm form, as textbooks also give it. */
static double
mel_of (double hz)
{
  return 1127.01048 * log1p (hz / 700);
}

/* Corner `i` of the bank, 0 .. N_BANDS + 1, by bisection. */
static double
corner (guint i, guint n_bands, double low, double high)
{
  double target = mel_of (low) + (mel_of (high) - mel_of (low)) * i / (n_bands + 1);
  double below = low, above = high;
  for (guint step = 0; step < 60; step++) {
    double middle = (below + above) / 2;
    if (mel_of (middle) < target)
      below = middle;
    else
      above = middle;
  }
  return (below + above) / 2;
}

/* weights[band][bin], measured one bin at a time. */
static float *
find_weights (const EmotionMel *mel, guint n_bands, guint n_bins)
{
  float *weights = g_new (float, n_bands *n_bins);
  float *power = g_new0 (float, n_bins), *bands = g_new (float, n_bands);
  for (guint i = 0; i < n_bins; i++) {
    power[i] = 1;
    emotion_mel_bands (mel, power, bands);
    for (guint b = 0; b < n_bands; b++)
      weights[b * n_bins + i] = bands[b];
    power[i] = 0;
  }
  g_free (power);
  g_free (bands);
  return weights;
}

static void
test_weights (void)
{
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, LOW, HIGH, 20);
  float *weights = find_weights (mel, N_BANDS, N_BINS);
  for (guint b = 0; b < N_BANDS; b++) {
    double left = corner (b, N_BANDS, LOW, HIGH), top = corner (b + 1, N_BANDS, LOW, HIGH),
           right = corner (b + 2, N_BANDS, LOW, HIGH);
    for (guint i = 0; i < N_BINS; i++) {
      double hz = (double)i * EMOTION_SAMPLE_RATE / FFT_SIZE, expected = 0;
      if (hz > left && hz <= top)
        expected = (hz - left) / (top - left);
      else if (hz > top && hz < right)
        expected = (right - hz) / (right - top);
      g_assert_cmpfloat_with_epsilon (weights[b * N_BINS + i], expected, 1e-4);
    }
  }
  g_free (weights);
  emotion_mel_free (mel);
}

/* Neighbouring bands have complementary slopes: between the first and the last centre, the weights
 * of each bin sum to 1. */
static void
test_partition (void)
{
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, LOW, HIGH, 20);
  float *weights = find_weights (mel, N_BANDS, N_BINS);
  double first = corner (1, N_BANDS, LOW, HIGH), last = corner (N_BANDS, N_BANDS, LOW, HIGH);
  for (guint i = 0; i < N_BINS; i++) {
    double hz = (double)i * EMOTION_SAMPLE_RATE / FFT_SIZE, sum = 0;
    for (guint b = 0; b < N_BANDS; b++)
      sum += weights[b * N_BINS + i];
    if (hz >= first && hz <= last)
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
    else if (hz <= LOW || hz >= HIGH)
      g_assert_cmpfloat_with_epsilon (sum, 0, 1e-12);
    else
      g_assert_cmpfloat (sum, <, 1);
  }
  g_free (weights);
  emotion_mel_free (mel);
}

/* With bins of 1 Hz, the strongest bin is the band's centre. 1000 Hz is 1000 mel. */
static void
test_centres (void)
{
  enum { FINE = 16384, BINS = FINE / 2 + 1 };
  EmotionMel *mel = emotion_mel_new (N_BANDS, FINE, LOW, HIGH, 20);
  float *weights = find_weights (mel, N_BANDS, BINS);
  g_assert_cmpfloat_with_epsilon (mel_of (1000), 1000, 0.1);
  for (guint b = 0; b < N_BANDS; b++) {
    guint best = 0;
    for (guint i = 1; i < BINS; i++)
      if (weights[b * BINS + i] > weights[b * BINS + best])
        best = i;
    double hz = (double)best * EMOTION_SAMPLE_RATE / FINE;
    g_assert_cmpfloat_with_epsilon (hz, corner (b + 1, N_BANDS, LOW, HIGH), 1);
  }
  g_free (weights);
  emotion_mel_free (mel);
}

/* Bands sum linearly, also over many bins. */
static void
test_sum (void)
{
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, LOW, HIGH, 20);
  float *weights = find_weights (mel, N_BANDS, N_BINS), power[N_BINS], bands[N_BANDS];
  for (guint i = 0; i < N_BINS; i++)
    power[i] = (float)(1 + i % 7);
  emotion_mel_bands (mel, power, bands);
  for (guint b = 0; b < N_BANDS; b++) {
    double expected = 0;
    for (guint i = 0; i < N_BINS; i++)
      expected += (double)weights[b * N_BINS + i] * power[i];
    g_assert_cmpfloat_with_epsilon (bands[b], expected, 1e-4 * MAX (1, expected));
  }
  g_free (weights);
  emotion_mel_free (mel);
}

static void
test_orthonormal (void)
{
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, LOW, HIGH, N_BANDS);
  float columns[N_BANDS][N_BANDS], in[N_BANDS] = {0};
  for (guint b = 0; b < N_BANDS; b++) {
    in[b] = 1;
    emotion_mel_cepstra (mel, in, columns[b]);
    in[b] = 0;
  }
  for (guint a = 0; a < N_BANDS; a++)
    for (guint b = 0; b < N_BANDS; b++) {
      double dot = 0;
      for (guint k = 0; k < N_BANDS; k++)
        dot += (double)columns[a][k] * columns[b][k];
      g_assert_cmpfloat_with_epsilon (dot, a == b, 1e-5);
    }
  emotion_mel_free (mel);
}

/* A constant input has only coefficient 0; a cosine has only its own. */
static void
test_cosines (void)
{
  enum { N_CEPSTRA = 20 };
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, LOW, HIGH, N_CEPSTRA);
  for (guint c = 0; c < N_CEPSTRA; c++) {
    float in[N_BANDS], out[N_CEPSTRA];
    for (guint b = 0; b < N_BANDS; b++)
      in[b] = (float)cos (G_PI * c * (2 * b + 1) / (2 * N_BANDS));
    emotion_mel_cepstra (mel, in, out);
    for (guint k = 0; k < N_CEPSTRA; k++)
      g_assert_cmpfloat_with_epsilon (out[k], k != c ? 0 : sqrt (c == 0 ? N_BANDS : N_BANDS / 2.0),
                                      1e-4);
  }
  emotion_mel_free (mel);
  emotion_mel_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mel/weights", test_weights);
  g_test_add_func ("/mel/partition", test_partition);
  g_test_add_func ("/mel/centres", test_centres);
  g_test_add_func ("/mel/sum", test_sum);
  g_test_add_func ("/mel/orthonormal", test_orthonormal);
  g_test_add_func ("/mel/cosines", test_cosines);
  return g_test_run ();
}
