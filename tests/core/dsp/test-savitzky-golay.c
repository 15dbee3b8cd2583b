/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/savitzky-golay.h"

#define COLUMNS 3

/* The derivatives of a parabola are found wherever the window lies: the second exactly, the first
 * at the window's centre. */
static void
test_parabola (void)
{
  enum { N = 31 };
  float x[N * COLUMNS], first[N * COLUMNS], second[N * COLUMNS];
  for (guint t = 0; t < N; t++)
    for (guint c = 0; c < COLUMNS; c++)
      x[t * COLUMNS + c] = (float)(5.0 + c - 0.7 * c * t + 0.05 * c * t * t);
  emotion_savitzky_golay (x, N, COLUMNS, 1, first);
  emotion_savitzky_golay (x, N, COLUMNS, 2, second);
  for (guint t = 0; t < N; t++)
    for (guint c = 0; c < COLUMNS; c++) {
      guint centre = CLAMP (t, 4, N - 5);
      g_assert_cmpfloat_with_epsilon (first[t * COLUMNS + c], -0.7 * c + 0.1 * c * centre, 1e-5);
      g_assert_cmpfloat_with_epsilon (second[t * COLUMNS + c], 0.1 * c, 1e-5);
    }
}

/* An impulse gives the weights of the least-squares line and parabola over 9 values. */
static void
test_impulse (void)
{
  float x[17] = {0}, first[17], second[17];
  x[8] = 1;
  emotion_savitzky_golay (x, 17, 1, 1, first);
  emotion_savitzky_golay (x, 17, 1, 2, second);
  static const double parabola[] = {28, 7, -8, -17, -20, -17, -8, 7, 28}; /* of 462, halved */
  for (guint t = 4; t < 13; t++) {
    g_assert_cmpfloat_with_epsilon (first[t], (8.0 - t) / 60, 1e-7);
    g_assert_cmpfloat_with_epsilon (second[t], 2 * parabola[t - 4] / 924, 1e-7);
  }
}

static void
test_short (void)
{
  float x[8] = {1, 5, 2, 9, -3, 4, 4, 1}, out[8];
  for (guint n = 1; n <= 8; n++) {
    emotion_savitzky_golay (x, n, 1, 1, out);
    for (guint t = 0; t < n; t++)
      g_assert_cmpfloat (out[t], ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/savitzky-golay/parabola", test_parabola);
  g_test_add_func ("/savitzky-golay/impulse", test_impulse);
  g_test_add_func ("/savitzky-golay/short", test_short);
  return g_test_run ();
}
