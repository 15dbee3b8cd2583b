/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/simd.h"

/* Every vector operation equals the scalar operation in each lane. */
static void
test_elements (void)
{
  GRand *random = g_rand_new_with_seed (1);
  for (guint round = 0; round < 1000; round++) {
    EmotionSimd a, b;
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
      a[l] = (float)g_rand_double_range (random, 0, 10);
      b[l] = round % 3 ? (float)g_rand_double_range (random, 0, 10) : a[l];
    }
    EmotionSimd low = emotion_simd_min (a, b), high = emotion_simd_max (a, b);
    EmotionSimd root = emotion_simd_sqrt (a);
    guint less = emotion_simd_true (a < b);
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
      g_assert_cmpfloat (low[l], ==, MIN (a[l], b[l]));
      g_assert_cmpfloat (high[l], ==, MAX (a[l], b[l]));
      g_assert_cmpfloat (root[l], ==, sqrtf (a[l]));
      g_assert_cmpuint (less >> l & 1, ==, a[l] < b[l]);
    }
    g_assert_cmpuint (less, <, 1 << EMOTION_SIMD_WIDTH);
  }
  g_rand_free (random);
}

static void
test_transpose (void)
{
  EmotionSimd m[4];
  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      m[i][j] = (float)(10 * i + j);
  emotion_simd_transpose (m);
  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      g_assert_cmpfloat (m[i][j], ==, 10 * j + i);
}

/* Unaligned addresses and every lane work. */
static void
test_largest (void)
{
  float x[40];
  for (guint n = 1; n < 30; n++)
    for (guint at = 0; at < n; at++) {
      for (guint i = 0; i < 40; i++)
        x[i] = i < 3 || i >= 3 + n ? 9 : -2;
      x[3 + at] = -1;
      g_assert_cmpfloat (emotion_simd_largest (x + 3, n), ==, -1);
    }
}

/* Sums over any number of values equal those of the scalars. */
static void
test_sums (void)
{
  GRand *random = g_rand_new_with_seed (2);
  float a[40], b[40], power[40], logs[40];
  double parts[80];
  for (guint i = 0; i < 80; i++)
    parts[i] = g_rand_double_range (random, -1, 1);
  for (guint i = 0; i < 40; i++)
    a[i] = (float)parts[i];
  for (guint i = 0; i < 40; i++)
    b[i] = (float)g_rand_double_range (random, 0, 1);
  for (guint n = 0; n < 40; n++) {
    double sum = 0, product = 0;
    power[n] = logs[n] = 77;
    for (guint i = 0; i < n; i++) {
      sum += a[i];
      product += a[i] * b[i];
    }
    g_assert_cmpfloat_with_epsilon (emotion_simd_sum (a, n), sum, 1e-5);
    g_assert_cmpfloat_with_epsilon (emotion_simd_product (a, b, n), product, 1e-5);
    emotion_simd_power (parts, n, power);
    emotion_simd_log (b, 1e-3f, n, logs);
    for (guint i = 0; i < n; i++) {
      g_assert_cmpfloat_with_epsilon (
          power[i], parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1], 1e-6);
      g_assert_cmpfloat_with_epsilon (logs[i], log (b[i] + 1e-3), 1e-5);
    }
    /* Nothing is written beyond them. */
    g_assert_cmpfloat (power[n], ==, 77);
    g_assert_cmpfloat (logs[n], ==, 77);
  }
  g_rand_free (random);
}

static void
test_log2 (void)
{
  double worst = 0;
  for (double x = 1e-37; x < 1e37; x *= 1.00173) {
    EmotionSimd y = emotion_simd_log2 (
        (EmotionSimd){(float)x, (float)(x * 1.1), (float)(x * 1.25), (float)(x * 1.4)});
    const double factors[] = {1, 1.1, 1.25, 1.4};
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
      double expected = log2 ((float)(x * factors[l]));
      /* No float of this size can be nearer. */
      worst = MAX (worst, fabs (y[l] - expected) - fabs (expected) * 1.2e-7);
    }
  }
  g_test_message ("largest error %g beyond rounding", worst);
  g_assert_cmpfloat (worst, <, 1.5e-7);
  for (gint e = -126; e < 127; e++) {
    EmotionSimdInts exponent;
    EmotionSimd m = emotion_simd_split (emotion_simd_all (exp2f ((float)e)), &exponent);
    g_assert_cmpfloat (m[2], ==, 1);
    g_assert_cmpint (exponent[2], ==, e);
    g_assert_cmpfloat (emotion_simd_log2 (emotion_simd_all (exp2f ((float)e)))[1], ==, e);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simd/elements", test_elements);
  g_test_add_func ("/simd/transpose", test_transpose);
  g_test_add_func ("/simd/largest", test_largest);
  g_test_add_func ("/simd/sums", test_sums);
  g_test_add_func ("/simd/log2", test_log2);
  return g_test_run ();
}
