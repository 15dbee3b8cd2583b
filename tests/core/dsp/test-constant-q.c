/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/constant-q.h"

#include <math.h>

#include "core/dsp/stft.h"
#include "tests/core/signals.h"

#define RATE 16000
#define N (4 * RATE)
#define BINS EMOTION_CONSTANT_Q_BINS

static double
hz_of (guint bin, gint tuning)
{
  return 440 * pow (2, -3.75 + (bin + tuning / 100.0) / 36); /* C1 is 45 semitones below A4 */
}

/* A tone at a bin's centre is largest in that bin, with the height that the header states. */
static void
test_tones (void)
{
  static const gint tunings[] = {-50, -17, 0, 49};
  const double q = 1 / ((pow (2, 1 / 18.0) - 1) / (pow (2, 1 / 18.0) + 1));
  EmotionConstantQ *cq = emotion_constant_q_new (N);
  guint n_frames = emotion_stft_n_frames (N);
  float *magnitudes = g_new (float, n_frames *BINS);
  for (guint i = 0; i < G_N_ELEMENTS (tunings); i++)
    for (guint bin = 3 + i; bin < BINS; bin += 17) {
      double hz = hz_of (bin, tunings[i]), height = 0.5 * 0.6 * sqrt (q * RATE / hz);
      float *x = test_tone (RATE, N, hz, 0.6, 1);
      emotion_constant_q_transform (cq, x, N, tunings[i], magnitudes);
      for (guint t = 55; t < 70; t++) { /* 0.8 s from the ends, the reach of the lowest bin */
        const float *row = magnitudes + t * BINS;
        guint best = 0;
        for (guint b = 1; b < BINS; b++)
          if (row[b] > row[best])
            best = b;
        g_assert_cmpuint (best, ==, bin);
        g_assert_cmpfloat_with_epsilon (row[bin], height, 0.01 * height);
        /* An octave away there is almost nothing. */
        if (bin >= 36)
          g_assert_cmpfloat (row[bin - 36], <, 0.005 * height);
        if (bin + 36 < BINS)
          g_assert_cmpfloat (row[bin + 36], <, 0.005 * height);
      }
      g_free (x);
    }
  g_free (magnitudes);
  emotion_constant_q_free (cq);
  emotion_constant_q_free (NULL);
}

/* A tone that starts appears first in high bins, whose wavelets are short; in all bins it has half
 * its height at the onset. */
static void
test_time (void)
{
  EmotionConstantQ *cq = emotion_constant_q_new (N);
  guint n_frames = emotion_stft_n_frames (N), start = 64;
  float *magnitudes = g_new (float, n_frames *BINS);
  for (guint bin = 40; bin < BINS; bin += 36) {
    float *x = test_tone (RATE, N, hz_of (bin, 0), 0.5, 0);
    for (guint i = 0; i < start * EMOTION_STFT_HOP; i++)
      x[i] = 0;
    emotion_constant_q_transform (cq, x, N, 0, magnitudes);
    double full = magnitudes[96 * BINS + bin];
    g_assert_cmpfloat_with_epsilon (magnitudes[start * BINS + bin], full / 2, 0.03 * full);
    double reach = 25.9 * RATE / hz_of (bin, 0) / EMOTION_STFT_HOP; /* half a wavelet, in frames */
    g_assert_cmpfloat (magnitudes[(start - (guint)ceil (reach) - 1) * BINS + bin], <, 0.01 * full);
    g_free (x);
  }
  g_free (magnitudes);
  emotion_constant_q_free (cq);
}

/* Signals of any length work, and nothing is left over from the previous signal. */
static void
test_lengths (void)
{
  EmotionConstantQ *cq = emotion_constant_q_new (N);
  float *x = test_noise (N, 0.5, 2);
  float *loud = g_new (float, emotion_stft_n_frames (N) * BINS);
  for (gsize n = 1; n <= N; n = n * 7 + 3) {
    guint n_frames = emotion_stft_n_frames (n);
    EmotionConstantQ *other = emotion_constant_q_new (n);
    float *a = g_new (float, n_frames *BINS), *b = g_new (float, n_frames *BINS);
    emotion_constant_q_transform (cq, x, N, 30, loud);
    emotion_constant_q_transform (cq, x, n, -20, a);
    emotion_constant_q_transform (other, x, n, -20, b);
    test_assert_same_bits (a, n_frames * BINS, b, n_frames * BINS);
    for (guint i = 0; i < n_frames * BINS; i++)
      g_assert_true (isfinite (a[i]));
    emotion_constant_q_free (other);
    g_free (a);
    g_free (b);
  }
  float *silence = test_silence (N);
  emotion_constant_q_transform (cq, silence, N, 0, loud);
  for (guint i = 0; i < emotion_stft_n_frames (N) * BINS; i++)
    g_assert_cmpfloat (loud[i], ==, 0);
  g_free (silence);
  g_free (loud);
  g_free (x);
  emotion_constant_q_free (cq);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/constant-q/tones", test_tones);
  g_test_add_func ("/constant-q/time", test_time);
  g_test_add_func ("/constant-q/lengths", test_lengths);
  return g_test_run ();
}
