/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/median.h"

#include <stdlib.h>

#define LANES 4
#define WIDTH EMOTION_MEDIAN_WIDTH

static int
compare (const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* The median around i by sorting; the series is mirrored at its ends. */
static float
slow_median (const float *x, gint n, gsize stride, gint i)
{
  float window[WIDTH];
  for (gint k = 0; k < WIDTH; k++) {
    gint at = i + k - WIDTH / 2;
    while (at < 0 || at >= n)
      at = at < 0 ? -1 - at : 2 * n - 1 - at;
    window[k] = x[(gsize)at * stride];
  }
  qsort (window, WIDTH, sizeof *window, compare);
  return window[WIDTH / 2];
}

static void
assert_medians (const float *in, guint n, gsize in_stride, gsize out_stride)
{
  const float mark = -1000;
  float *out = g_new (float, (n + 1) * out_stride);
  for (gsize i = 0; i < (n + 1) * out_stride; i++)
    out[i] = mark;
  emotion_running_median (in, in_stride, n, out, out_stride);
  for (guint i = 0; i < n; i++)
    for (guint l = 0; l < LANES; l++)
      g_assert_cmpfloat (out[i * out_stride + l], ==,
                         slow_median (in + l, (gint)n, in_stride, (gint)i));
  for (gsize i = 0; i < (n + 1) * out_stride; i++) /* nothing else is written */
    if (i / out_stride >= n || i % out_stride >= LANES)
      g_assert_cmpfloat (out[i], ==, mark);
  g_free (out);
}

/* All lengths that span several groups, with and without ties. */
static void
test_random (void)
{
  GRand *random = g_rand_new_with_seed (5);
  float *in = g_new (float, 1100 * 9);
  for (guint n = 1; n < 150; n++)
    for (gint range = 3; range < 1000000; range *= 80) {
      for (guint i = 0; i < n * 9; i++)
        in[i] = (float)g_rand_int_range (random, 0, range);
      assert_medians (in, n, n % 2 ? LANES : 9, n % 3 ? LANES : 7);
    }
  for (guint i = 0; i < 1025 * LANES; i++)
    in[i] = (float)g_rand_double (random);
  assert_medians (in, 1025, LANES, LANES);
  g_free (in);
  g_rand_free (random);
}

/* The order of the values within the window does not matter. */
static void
test_order (void)
{
  GRand *random = g_rand_new_with_seed (6);
  float in[WIDTH * LANES], out[WIDTH * LANES];
  for (guint round = 0; round < 500; round++) {
    for (guint l = 0; l < LANES; l++) {
      for (guint i = 0; i < WIDTH; i++)
        in[i * LANES + l] = (float)(i + 100 * l);
      for (guint i = WIDTH - 1; i > 0; i--) {
        guint j = (guint)g_rand_int_range (random, 0, (gint)i + 1);
        float swap = in[i * LANES + l];
        in[i * LANES + l] = in[j * LANES + l];
        in[j * LANES + l] = swap;
      }
    }
    emotion_running_median (in, LANES, WIDTH, out, LANES);
    for (guint l = 0; l < LANES; l++)
      g_assert_cmpfloat (out[WIDTH / 2 * LANES + l], ==, WIDTH / 2 + 100 * l);
  }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/median/random", test_random);
  g_test_add_func ("/median/order", test_order);
  return g_test_run ();
}
