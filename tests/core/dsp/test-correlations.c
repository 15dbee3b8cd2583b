/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/correlations.h"

#include <math.h>

#include "tests/core/signals.h"

enum { N = 301, STRIDE = 310, SERIES = 4, PAIRS = EMOTION_CORRELATIONS (SERIES) };

/* A tone, the same inverted and shifted, one a third of a period off, and noise. */
static void
test_known (void)
{
  float series[SERIES * STRIDE], out[PAIRS];
  const double w = 2 * G_PI * 10 / (N - 1);
  float *noise = test_noise (N, 1, 7);
  for (guint i = 0; i < N; i++) {
    series[i] = (float)(5 + 3 * sin (w * i));
    series[STRIDE + i] = (float)(1000 - 0.1 * sin (w * i));
    series[2 * STRIDE + i] = (float)sin (w * i + G_PI / 3);
    series[3 * STRIDE + i] = noise[i];
  }
  emotion_correlations_prepare (series, STRIDE, SERIES, N);
  emotion_correlations_within (series, STRIDE, SERIES, N, out);
  g_assert_cmpfloat_with_epsilon (out[0], -1, 1e-3);
  g_assert_cmpfloat_with_epsilon (out[1], 0.5, 0.01);
  g_assert_cmpfloat_with_epsilon (out[2], 0, 0.15);
  g_assert_cmpfloat_with_epsilon (out[3], -0.5, 0.01);
  for (guint p = 0; p < PAIRS; p++)
    g_assert_cmpfloat (fabsf (out[p]), <=, 1.00001f);
  /* The first two and the last two series give four of the six pairs, in another order. */
  float between[4];
  emotion_correlations_between (series, 2, series + 2 * STRIDE, 2, STRIDE, N, between);
  for (guint p = 0; p < 4; p++)
    g_assert_cmpfloat (between[p], ==, out[p + 1]);
  g_free (noise);
}

/* A constant series has no correlation with any other. */
static void
test_constant (void)
{
  float series[3 * STRIDE], out[3];
  for (guint i = 0; i < N; i++) {
    series[i] = (float)i;
    series[STRIDE + i] = 123.456f;
    series[2 * STRIDE + i] = -(float)i;
  }
  emotion_correlations_prepare (series, STRIDE, 3, N);
  emotion_correlations_within (series, STRIDE, 3, N, out);
  g_assert_cmpfloat (out[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (out[1], -1, 1e-5);
  g_assert_cmpfloat (out[2], ==, 0);
  emotion_correlations_prepare (series, STRIDE, 3, 1);
  emotion_correlations_within (series, STRIDE, 3, 1, out);
  for (guint p = 0; p < 3; p++)
    g_assert_cmpfloat (out[p], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/correlations/known", test_known);
  g_test_add_func ("/correlations/constant", test_constant);
  return g_test_run ();
}
