/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/contour.h"

#include <math.h>
#include <string.h>

enum { N = 200 };

static float
value (const float *out, const char *name)
{
  const char *unit;
  for (guint i = 0; i < EMOTION_CONTOURS; i++)
    if (strcmp (emotion_contour_describe (i, &unit), name) == 0)
      return out[i];
  g_error ("there is no contour '%s'", name);
}

static void
assert_value (const float *out, const char *name, double expected, double within)
{
  if (!(fabs (value (out, name) - expected) <= within))
    g_error ("%s is %g, expected %g", name, value (out, name), expected);
}

/* Half a second that rises by 6 semitones, a pause, and half a second that falls by 12. */
static void
test_lines (void)
{
  float octaves[N] = {0}, column[N], out[EMOTION_CONTOURS];
  for (guint i = 0; i < 50; i++) {
    octaves[20 + i] = 7 + 0.5f * (float)i / 49;
    octaves[120 + i] = 7.5f - (float)i / 49;
  }
  emotion_contour (octaves, N, column, out);
  assert_value (out, "slope", (12 - 24) / 2., 0.01);
  assert_value (out, "abs_slope", (12 + 24) / 2., 0.01);
  assert_value (out, "slope_sd", (12 + 24) / 2., 0.01);
  assert_value (out, "first_slope", 3, 0.01);
  assert_value (out, "last_slope", -6, 0.01);
  assert_value (out, "first_mean", 12 * 0.125, 0.01);
  assert_value (out, "last_mean", -12 * 0.125, 0.01);
  assert_value (out, "bow", 0, 0.01);
  assert_value (out, "range", 9, 0.01);
  assert_value (out, "max_range", 12, 0.01);
  assert_value (out, "runs", 1, 1e-6);
}

/* 7 + 0.5 t^2 over t from -1 to 1: the second-order term is 6 semitones. */
static void
test_bow (void)
{
  float octaves[N] = {0}, column[N], out[EMOTION_CONTOURS];
  for (guint i = 0; i < 101; i++)
    octaves[50 + i] = 7 + 0.5f * (float)pow (i / 50. - 1, 2);
  emotion_contour (octaves, N, column, out);
  assert_value (out, "bow", 6, 0.02);
  assert_value (out, "slope", 0, 0.01);
}

/* Runs shorter than 50 ms are ignored. */
static void
test_none (void)
{
  float octaves[N] = {0}, column[N], out[EMOTION_CONTOURS];
  for (guint i = 0; i < N; i++)
    octaves[i] = i % 5 == 4 ? 0 : 7 + 0.01f * (float)i;
  emotion_contour (octaves, N, column, out);
  for (guint i = 0; i < EMOTION_CONTOURS; i++)
    g_assert_cmpfloat (out[i], ==, 0);
  octaves[0] = 7;
  emotion_contour (octaves, 1, column, out);
  for (guint i = 0; i < EMOTION_CONTOURS; i++)
    g_assert_cmpfloat (out[i], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contour/lines", test_lines);
  g_test_add_func ("/contour/bow", test_bow);
  g_test_add_func ("/contour/none", test_none);
  return g_test_run ();
}
