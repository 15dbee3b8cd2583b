/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/rhythm.h"

#include <math.h>
#include <string.h>

enum { N = 400 };

static void
assert_value (const float *out, const char *name, double expected, double within)
{
  const char *unit;
  guint i = 0;
  while (i < EMOTION_RHYTHMS && strcmp (emotion_rhythm_describe (i, &unit), name) != 0)
    i++;
  g_assert_cmpuint (i, <, EMOTION_RHYTHMS);
  if (!(fabs (out[i] - expected) <= within))
    g_error ("%s is %g, expected %g", name, out[i], expected);
}

/* Eight syllables: 0.3 s voiced, another 50 ms unvoiced, then a pause of 0.15 s. */
static void
test_syllables (void)
{
  guint8 active[N], voiced[N];
  float energy[N], column[N], out[EMOTION_RHYTHMS];
  for (guint i = 0; i < N; i++) {
    const guint at = i % 50;
    voiced[i] = at < 30;
    active[i] = at < 35;
    energy[i] = at < 30 ? (float)sin (G_PI * at / 30) : -1;
  }
  emotion_rhythm (active, voiced, energy, N, column, out);
  assert_value (out, "voiced", 0.6, 1e-6);
  assert_value (out, "active", 0.7, 1e-6);
  assert_value (out, "voiced_runs", 8. / N, 1e-6);
  assert_value (out, "voiced_mean", 30, 1e-5);
  assert_value (out, "voiced_sd", 0, 1e-5);
  assert_value (out, "voiced_max", 30, 0);
  assert_value (out, "log_voiced_max", log (31), 1e-5);
  assert_value (out, "frames", N, 0);
  assert_value (out, "active_frames", 280, 0);
  assert_value (out, "gap_mean", 20, 1e-5);
  assert_value (out, "gap_sd", 0, 1e-5);
  assert_value (out, "pauses", 8, 0);
  assert_value (out, "pause_mean", 15, 1e-5);
  assert_value (out, "pause_share", 0.3, 1e-6);
  assert_value (out, "unvoiced_mean", 5, 1e-5);
  assert_value (out, "unvoiced_max", 5, 0);
  assert_value (out, "syllable_rate", 2, 1e-6);
  assert_value (out, "syllable_mean", 50, 1e-5);
  assert_value (out, "syllable_sd", 0, 1e-5);
}

/* Ripples of less than 2 dB are not syllables, and pauses of less than 50 ms are not pauses. */
static void
test_small (void)
{
  guint8 active[N], voiced[N];
  float energy[N], column[N], out[EMOTION_RHYTHMS];
  for (guint i = 0; i < N; i++) {
    active[i] = i % 40 >= 4;
    voiced[i] = active[i];
    energy[i] = 0.1f * (float)sin (2 * G_PI * i / 20);
  }
  emotion_rhythm (active, voiced, energy, N, column, out);
  assert_value (out, "pauses", 0, 0);
  assert_value (out, "pause_mean", 0, 0);
  assert_value (out, "syllable_rate", 0, 0);
  assert_value (out, "syllable_mean", 30, 0);
  assert_value (out, "unvoiced_runs", 0, 0);
}

static void
test_one_frame (void)
{
  const guint8 no = 0, yes = 1;
  const float energy = -3;
  float column, out[EMOTION_RHYTHMS];
  emotion_rhythm (&no, &no, &energy, 1, &column, out);
  assert_value (out, "frames", 1, 0);
  assert_value (out, "voiced", 0, 0);
  emotion_rhythm (&yes, &yes, &energy, 1, &column, out);
  assert_value (out, "voiced_mean", 1, 0);
  for (guint i = 0; i < EMOTION_RHYTHMS; i++)
    g_assert_true (isfinite (out[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rhythm/syllables", test_syllables);
  g_test_add_func ("/rhythm/small", test_small);
  g_test_add_func ("/rhythm/one-frame", test_one_frame);
  return g_test_run ();
}
