/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/modulation.h"

#include <math.h>

#define N 300 /* frames of 10 ms */

/* The three values of a sine of `hz` and amplitude 1. */
static void
of_sine (double hz, float *out)
{
  float x[N];
  double sums[N + 1];
  for (guint i = 0; i < N; i++)
    x[i] = (float)sin (2 * G_PI * hz * i / 100);
  emotion_modulation (x, N, sums, out);
}

/* Two neighbouring blocks of B frames at w radians a frame differ by 4 sin^2 (w B / 2) / (B * 2 sin
 * (w / 2)) times the sine, whose RMS is sqrt (1/2). */
static void
test_response (void)
{
  static const double rates[] = {1, 2.3, 5, 9.3, 20, 37};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    float actual[EMOTION_MODULATIONS];
    of_sine (rates[r], actual);
    for (guint s = 0; s < EMOTION_MODULATIONS; s++) {
      const double block = emotion_modulation_block (s), w = 2 * G_PI * rates[r] / 100;
      const double expected = 2 * pow (sin (w * block / 2), 2) / (block * sin (w / 2)) * sqrt (0.5);
      g_assert_cmpfloat (fabs (actual[s] - expected), <, 0.05 * expected + 0.02);
    }
  }
}

/* Each scale responds most to its own rate. */
static void
test_rates (void)
{
  static const double rates[EMOTION_MODULATIONS] = {37, 9.3, 2.3};
  float out[EMOTION_MODULATIONS][EMOTION_MODULATIONS];
  for (guint r = 0; r < EMOTION_MODULATIONS; r++)
    of_sine (rates[r], out[r]);
  for (guint s = 0; s < EMOTION_MODULATIONS; s++)
    for (guint r = 0; r < EMOTION_MODULATIONS; r++)
      if (r != s)
        g_assert_cmpfloat (out[s][s], >, out[r][s]);
}

static void
test_levels (void)
{
  float x[N], out[EMOTION_MODULATIONS];
  double sums[N + 1];
  for (guint i = 0; i < N; i++)
    x[i] = 1e6f;
  emotion_modulation (x, N, sums, out);
  for (guint s = 0; s < EMOTION_MODULATIONS; s++)
    g_assert_cmpfloat (out[s], ==, 0);
  for (guint i = 0; i < N; i++)
    x[i] = 1000 + (i % 2 ? 1.f : -1.f);
  emotion_modulation (x, N, sums, out);
  g_assert_cmpfloat_with_epsilon (out[0], 2, 1e-5);
  g_assert_cmpfloat_with_epsilon (out[1], 0, 1e-5);
}

/* Too short for two blocks. */
static void
test_short (void)
{
  const float x[3] = {1, 5, 1};
  float out[EMOTION_MODULATIONS];
  double sums[4];
  emotion_modulation (x, 1, sums, out);
  g_assert_cmpfloat (out[0], ==, 0);
  emotion_modulation (x, 3, sums, out);
  g_assert_cmpfloat (out[0], ==, 4);
  g_assert_cmpfloat (out[1], ==, 0);
  g_assert_cmpfloat (out[2], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/modulation/response", test_response);
  g_test_add_func ("/modulation/rates", test_rates);
  g_test_add_func ("/modulation/levels", test_levels);
  g_test_add_func ("/modulation/short", test_short);
  return g_test_run ();
}
