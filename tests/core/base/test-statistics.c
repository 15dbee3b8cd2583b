/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/statistics.h"

#include <math.h>
#include <string.h>

#include "tests/core/signals.h"

static const guint lengths[] = {1, 2, 3, 4, 5, 10, 11, 97, 300, 1000};

/* Noise in which every third value repeats an earlier one; its spread grows with the seed. */
static float *
series_with_ties (guint n, guint32 seed)
{
  float *x = test_noise (n, pow (10, seed % 7) / 100, seed);
  for (guint i = 3; i < n; i += 3)
    x[i] = x[i / 2];
  return x;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static float *
sorted_copy (const float *x, guint n)
{
  float *sorted = g_memdup2 (x, n * sizeof *x);
  qsort (sorted, n, sizeof *sorted, compare);
  return sorted;
}

static void
assert_order (const float *x, guint n)
{
  float *sorted = sorted_copy (x, n);
  guint64 *order = g_new (guint64, n), *scratch = g_new (guint64, n);
  emotion_sort_order (x, n, order, scratch);
  for (guint i = 0; i < n; i++) {
    guint at = (guint32)order[i], before = i ? (guint32)order[i - 1] : 0;
    g_assert_cmpuint (at, <, n);
    g_assert_cmpfloat (x[at], ==, sorted[i]);
    /* Equal values keep their order, which also shows that no index occurs twice. */
    if (i && x[at] == x[before])
      g_assert_cmpuint (at, >, before);
  }
  g_free (sorted);
  g_free (order);
  g_free (scratch);
}

static void
test_sort (void)
{
  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    for (guint32 seed = 0; seed < 20; seed++) {
      float *x = series_with_ties (lengths[l], seed);
      assert_order (x, lengths[l]);
      g_free (x);
    }
  const float extremes[] = {1e38f, -1e38f, 1e-45f, -1e-45f, 0, 1, -1, 3.4e38f, -3.4e38f, 1e-38f};
  assert_order (extremes, G_N_ELEMENTS (extremes));
  const float equal[] = {2, 2, 2, 2};
  assert_order (equal, G_N_ELEMENTS (equal));
}

/* Equals emotion_sort_order() of the negated values. */
static void
test_rank (void)
{
  for (guint l = 0; l < G_N_ELEMENTS (lengths) - 3; l++)
    for (guint32 seed = 0; seed < 20; seed++) {
      const guint n = lengths[l];
      float *x = series_with_ties (n, seed);
      double values[16];
      guint order[16];
      guint64 ascending[16], scratch[16];
      for (guint i = 0; i < n; i++)
        values[i] = -(double)x[i];
      emotion_rank (values, n, order);
      emotion_sort_order (x, n, ascending, scratch);
      for (guint i = 0; i < n; i++)
        g_assert_cmpuint (order[i], ==, (guint32)ascending[i]);
      g_free (x);
    }
}

static void
test_quantile (void)
{
  /* R: quantile (c (1, 2, 4, 8, 16), c (.05, .25, .5, .9)), type 7 */
  const float known[] = {1, 2, 4, 8, 16};
  g_assert_cmpfloat_with_epsilon (emotion_quantile (known, 5, 0.05), 1.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (emotion_quantile (known, 5, 0.25), 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (emotion_quantile (known, 5, 0.5), 4, 1e-6);
  g_assert_cmpfloat_with_epsilon (emotion_quantile (known, 5, 0.9), 12.8, 1e-6);
  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++) {
    guint n = lengths[l];
    float *x = series_with_ties (n, 3), *sorted = sorted_copy (x, n);
    g_assert_cmpfloat (emotion_quantile (sorted, n, 0), ==, sorted[0]);
    g_assert_cmpfloat (emotion_quantile (sorted, n, 1), ==, sorted[n - 1]);
    for (double q = 0.01; q < 1; q += 0.01) {
      double at = q * (n - 1), part = at - floor (at);
      guint i = (guint)floor (at), j = (guint)ceil (at);
      double expected = (1 - part) * sorted[i] + part * sorted[j];
      g_assert_cmpfloat_with_epsilon (emotion_quantile (sorted, n, q), expected,
                                      1e-6 * (1 + fabs (expected)));
    }
    g_free (x);
    g_free (sorted);
  }
}

/* Compares every moment with its textbook definition. */
static void
assert_moments (const float *x, guint n)
{
  EmotionMoments m;
  emotion_moments (x, n, &m);
  long double mean = 0, central[5] = {0}, t_mean = 0, covariance = 0, t_variance = 0;
  for (guint i = 0; i < n; i++)
    mean += (long double)x[i] / n;
  for (guint i = 0; i < n; i++)
    for (guint k = 2; k <= 4; k++)
      central[k] += powl (x[i] - mean, k) / n;
  for (guint i = 0; i < n; i++)
    t_mean += (n > 1 ? -1 + 2.0L * i / (n - 1) : 0) / n;
  for (guint i = 0; i < n; i++) {
    long double t = (n > 1 ? -1 + 2.0L * i / (n - 1) : 0) - t_mean;
    covariance += t * (x[i] - mean);
    t_variance += t * t;
  }
  double sd = (double)sqrtl (central[2]), size = sd + fabs ((double)mean);
  g_assert_cmpfloat_with_epsilon (m.mean, (double)mean, 1e-9 * size);
  g_assert_cmpfloat_with_epsilon (m.sd, sd, 1e-9 * size);
  g_assert_cmpfloat_with_epsilon (m.slope, t_variance > 0 ? (double)(covariance / t_variance) : 0,
                                  1e-9 * size);
  g_assert_cmpfloat_with_epsilon (
      m.skewness, sd > 0 ? (double)(central[3] / powl (central[2], 1.5L)) : 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (
      m.kurtosis, sd > 0 ? (double)(central[4] / (central[2] * central[2])) - 3 : 0, 1e-6);
}

static void
test_moments (void)
{
  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
    for (guint32 seed = 0; seed < 20; seed++) {
      float *x = series_with_ties (lengths[l], seed);
      assert_moments (x, lengths[l]);
      g_free (x);
    }
}

static void
test_known_moments (void)
{
  EmotionMoments m;
  const float line[] = {1, 2, 3, 4, 5}; /* from 3 - 2 to 3 + 2 */
  emotion_moments (line, 5, &m);
  g_assert_cmpfloat_with_epsilon (m.mean, 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.sd, sqrt (2), 1e-12);
  g_assert_cmpfloat_with_epsilon (m.slope, 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.skewness, 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (m.kurtosis, 1.7 - 3, 1e-12);
  const float constant[] = {0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f};
  emotion_moments (constant, 7, &m);
  g_assert_cmpfloat_with_epsilon (m.mean, 0.1f, 1e-9);
  g_assert_cmpfloat_with_epsilon (m.sd, 0, 1e-9);
  g_assert_cmpfloat (m.skewness, ==, 0);
  g_assert_cmpfloat (m.kurtosis, ==, 0);
}

static void
test_delta (void)
{
  for (guint l = 0; l < G_N_ELEMENTS (lengths); l++) {
    gint n = (gint)lengths[l];
    float *x = test_noise (n, 1, 9), *out = g_new (float, n);
    emotion_delta (x, n, out);
    for (gint i = 0; i < n; i++) {
      double slope = 0;
      for (gint k = -2; k <= 2; k++)
        slope += k * (double)x[CLAMP (i + k, 0, n - 1)] / 10; /* 10 = the sum of k * k */
      g_assert_cmpfloat_with_epsilon (out[i], slope, 1e-6);
    }
    g_free (x);
    g_free (out);
  }
  const float line[] = {0, 3, 6, 9, 12, 15, 18};
  float out[7];
  emotion_delta (line, 7, out);
  for (guint i = 2; i < 5; i++)
    g_assert_cmpfloat_with_epsilon (out[i], 3, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/sort", test_sort);
  g_test_add_func ("/statistics/rank", test_rank);
  g_test_add_func ("/statistics/quantile", test_quantile);
  g_test_add_func ("/statistics/moments", test_moments);
  g_test_add_func ("/statistics/known-moments", test_known_moments);
  g_test_add_func ("/statistics/delta", test_delta);
  return g_test_run ();
}
