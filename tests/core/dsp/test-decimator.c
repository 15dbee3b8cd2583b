/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/decimator.h"

#include <math.h>

#include "tests/core/signals.h"

#define RATE 16000
#define N 12001
#define HALF_N ((N + 1) / 2)

/* Away from the ends, a pass-band tone is unchanged, without delay. */
static void
test_pass_band (void)
{
  EmotionDecimator *decimator = emotion_decimator_new ();
  float out[HALF_N];
  for (double hz = 20; hz < 0.913 * RATE / 4; hz *= 1.3) {
    float *x = test_tone (RATE, N, hz, 0.7, 0.4);
    float *expected = test_tone (RATE / 2, HALF_N, hz, 0.7, 0.4);
    emotion_decimator_process (decimator, x, N, out);
    double snr = test_snr (expected + 200, out + 200, HALF_N - 400);
    g_test_message ("%.0f Hz: %.1f dB", hz, snr);
    g_assert_cmpfloat (snr, >, 110);
    g_free (x);
    g_free (expected);
  }
  emotion_decimator_free (decimator);
  emotion_decimator_free (NULL);
}

static void
test_stop_band (void)
{
  EmotionDecimator *decimator = emotion_decimator_new ();
  float out[HALF_N];
  for (double hz = RATE / 4 + 1; hz < RATE / 2; hz *= 1.07) {
    float *x = test_tone (RATE, N, hz, 1, 0.4);
    double power = 0;
    emotion_decimator_process (decimator, x, N, out);
    for (guint i = 200; i < HALF_N - 200; i++)
      power += (double)out[i] * out[i] / (HALF_N - 400);
    g_test_message ("%.0f Hz: %.1f dB", hz, 10 * log10 (2 * power));
    g_assert_cmpfloat (10 * log10 (2 * power), <, -124);
    g_free (x);
  }
  emotion_decimator_free (decimator);
}

/* Any length works. An impulse gives the same symmetric response wherever it is, also at the ends
 * of the processing blocks, and nothing outside the filter's reach. */
static void
test_impulse (void)
{
  EmotionDecimator *decimator = emotion_decimator_new ();
  float x[N] = {0}, out[HALF_N], at_centre[HALF_N];
  x[6000] = 1;
  emotion_decimator_process (decimator, x, N, at_centre);
  g_assert_cmpfloat_with_epsilon (at_centre[3000], 0.478436, 1e-6);
  for (guint k = 1; k < 100; k++)
    g_assert_cmpfloat (at_centre[3000 + k], ==, at_centre[3000 - k]);
  x[6000] = 0;
  for (guint at = 0; at < N; at += 26) {
    x[at] = 1;
    emotion_decimator_process (decimator, x, N, out);
    x[at] = 0;
    for (gint k = -99; k <= 99; k++) {
      gint i = (gint)at / 2 + k;
      if (i >= 0 && i < HALF_N)
        g_assert_cmpfloat_with_epsilon (out[i], k < -97 || k > 97 ? 0 : at_centre[3000 + k], 1e-8);
    }
  }
  emotion_decimator_free (decimator);
}

static void
test_lengths (void)
{
  EmotionDecimator *decimator = emotion_decimator_new ();
  float *x = test_noise (N, 0.5, 4), whole[HALF_N], out[HALF_N + 1];
  emotion_decimator_process (decimator, x, N, whole);
  for (gsize n = 1; n < N; n = n * 5 / 4 + 1) {
    gsize made = (n + 1) / 2;
    out[made] = 77;
    emotion_decimator_process (decimator, x, n, out);
    g_assert_cmpfloat (out[made], ==, 77);
    for (gsize i = 0; 2 * i + 194 < n; i++) /* beyond the reach of the end */
      g_assert_cmpfloat_with_epsilon (out[i], whole[i], 1e-7);
  }
  g_free (x);
  emotion_decimator_free (decimator);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimator/pass-band", test_pass_band);
  g_test_add_func ("/decimator/stop-band", test_stop_band);
  g_test_add_func ("/decimator/impulse", test_impulse);
  g_test_add_func ("/decimator/lengths", test_lengths);
  return g_test_run ();
}
