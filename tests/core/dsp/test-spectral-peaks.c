/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/spectral-peaks.h"

#include <math.h>
#include <string.h>

#include "core/dsp/stft.h"
#include "tests/core/signals.h"

#define RATE 16000

/* The peaks of all frames of a signal. */
static EmotionPeaks *
peaks_of (const float *x, gsize n)
{
  guint n_frames = emotion_stft_n_frames (n);
  EmotionPeaks *peaks = emotion_peaks_new (n_frames);
  EmotionStft *stft = emotion_stft_new ();
  fftwf_complex *spectrum = fftwf_malloc (sizeof (fftwf_complex) * EMOTION_STFT_BINS);
  float magnitude[EMOTION_STFT_STRIDE];
  emotion_peaks_clear (peaks);
  for (guint t = 2; t + 2 < n_frames; t++) { /* those that lie inside */
    emotion_stft_forward (stft, x, n, t, spectrum);
    emotion_stft_magnitude (spectrum, magnitude);
    emotion_peaks_add (peaks, magnitude);
  }
  fftwf_free (spectrum);
  emotion_stft_free (stft);
  return peaks;
}

/* A tone between two bins is found at its frequency; the height is that of a Hann window. */
static void
test_tones (void)
{
  static const double tones[] = {156.3, 440, 1000.7, 2345.6, 3990};
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    float *x = test_tone (RATE, RATE, tones[i], 0.5, 0.3);
    EmotionPeaks *peaks = peaks_of (x, RATE);
    g_assert_cmpuint (peaks->n, ==, 28); /* one in each frame */
    for (guint p = 0; p < peaks->n; p++) {
      g_assert_cmpfloat_with_epsilon (peaks->hz[p], tones[i], 1);
      g_assert_cmpfloat_with_epsilon (peaks->height[p], 0.5 * 1024 / 2, 20);
    }
    emotion_peaks_free (peaks);
    g_free (x);
  }
  emotion_peaks_free (NULL);
}

/* No peaks below 150 Hz or from 4000 Hz on, and none below a tenth of the frame's largest
 * magnitude, which may lie anywhere. */
static void
test_limits (void)
{
  static const double tones[] = {60, 140, 4010, 7000};
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    float *x = test_tone (RATE, RATE, tones[i], 0.5, 0), *y;
    EmotionPeaks *peaks = peaks_of (x, RATE);
    g_assert_cmpuint (peaks->n, ==, 0);
    emotion_peaks_free (peaks);
    for (gint louder = 0; louder < 2; louder++) {
      y = test_tone (RATE, RATE, 1000, louder ? 0.06 : 0.04, 0);
      for (guint k = 0; k < RATE; k++)
        y[k] += x[k];
      peaks = peaks_of (y, RATE);
      g_assert_cmpuint (peaks->n, ==, louder ? 28 : 0);
      emotion_peaks_free (peaks);
      g_free (y);
    }
    g_free (x);
  }
}

static void
set_peaks (EmotionPeaks *peaks, const float *hz, const float *height, guint n)
{
  peaks->n = n;
  memcpy (peaks->hz, hz, n * sizeof *hz);
  memcpy (peaks->height, height, n * sizeof *height);
}

/* Frequencies that are off the grid by the same part of a bin give that tuning, in any octave. */
static void
test_tuning (void)
{
  EmotionPeaks *peaks = emotion_peaks_new (10);
  float hz[60], height[60];
  g_assert_cmpint (emotion_peaks_tuning (peaks, 12), ==, 0);
  for (gint tuning = -50; tuning < 50; tuning++) {
    for (guint i = 0; i < 60; i++) {
      /* in the middle of the hundredth */
      hz[i] = (float)(440 * pow (2, ((gint)i - 17 + (tuning + 0.5) / 100) / 12));
      height[i] = 1;
    }
    set_peaks (peaks, hz, height, 60);
    g_assert_cmpint (emotion_peaks_tuning (peaks, 12), ==, tuning);
    gint fine = 3 * tuning + 1; /* of a third of a semitone */
    fine -= 100 * (gint)floor ((fine + 50) / 100.0);
    g_assert_cmpint (emotion_peaks_tuning (peaks, 36), ==, fine);
  }
  emotion_peaks_free (peaks);
}

/* Peaks below the median height are ignored; peaks at the median count. */
static void
test_median (void)
{
  EmotionPeaks *peaks = emotion_peaks_new (10);
  const double low = 440 * pow (2, 0.205 / 12), high = 440 * pow (2, -0.395 / 12);
  for (guint n = 2; n < 30; n++) {
    float hz[30], height[30];
    for (guint i = 0; i < n; i++) { /* there is at most one more quiet peak */
      gboolean quiet = i % 2 == 0;
      hz[i] = (float)(quiet ? low : high);
      height[i] = quiet ? 1e-4f * (float)(1 + i) : 1 + (float)i;
    }
    set_peaks (peaks, hz, height, n);
    g_assert_cmpint (emotion_peaks_tuning (peaks, 12), ==, -40);
    for (guint i = 0; i < n; i++)
      height[i] = 2;
    set_peaks (peaks, hz, height, n);
    g_assert_cmpint (emotion_peaks_tuning (peaks, 12), ==, n % 2 ? 20 : -40);
  }
  emotion_peaks_free (peaks);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spectral-peaks/tones", test_tones);
  g_test_add_func ("/spectral-peaks/limits", test_limits);
  g_test_add_func ("/spectral-peaks/tuning", test_tuning);
  g_test_add_func ("/spectral-peaks/median", test_median);
  return g_test_run ();
}
