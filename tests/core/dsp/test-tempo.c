/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/tempo.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW 250
#define BANDS EMOTION_SLANEY_BANDS
#define MAX_FRAMES 700

static int
compare (const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* The estimate by its definition: window, autocorrelate and normalise around each frame. */
static double
slow_tempo (const float *onsets, guint n)
{
  double mean[WINDOW] = {0}, best = -INFINITY, tempo = 0;
  gboolean any = FALSE;
  for (guint t = 0; t < n; t++) {
    double x[WINDOW], first = 0;
    for (guint m = 0; m < WINDOW; m++) {
      gint at = (gint)t - WINDOW / 2 + (gint)m, behind = at - (gint)n + 1;
      float value = at < 0                 ? onsets[0] * (float)(1 + at * 2.0 / WINDOW)
                    : behind <= 0          ? onsets[at]
                    : behind <= WINDOW / 2 ? (float)(onsets[n - 1] * (1 - behind * 2.0 / WINDOW))
                                           : 0;
      x[m] = value * (0.5 - 0.5 * cos (2 * G_PI * m / WINDOW));
      any |= value != 0;
      first += x[m] * x[m];
    }
    for (guint lag = 0; lag < WINDOW && first > 0; lag++)
      for (guint m = 0; m + lag < WINDOW; m++)
        mean[lag] += x[m] * x[m + lag] / first / n;
  }
  for (guint lag = 1; lag < WINDOW; lag++) {
    double bpm = 1875.0 / lag;
    double score = log1p (1e6 * mean[lag]) - 0.5 * pow (log2 (bpm / 120), 2);
    if (bpm < 320 && score > best) {
      best = score;
      tempo = bpm;
    }
  }
  return any ? tempo : 0;
}

static void
test_definition (void)
{
  GRand *random = g_rand_new_with_seed (9);
  EmotionTempo *tempo = emotion_tempo_new (MAX_FRAMES);
  for (guint round = 0; round < 60; round++) {
    float onsets[MAX_FRAMES] = {0};
    guint n = (guint)g_rand_int_range (random, 4, round % 10 ? 200 : MAX_FRAMES);
    double density = g_rand_double (random);
    for (guint t = 3; t < n; t++)
      if (g_rand_double (random) < density * density)
        onsets[t] = (float)g_rand_double_range (random, 0, 20);
    g_assert_cmpfloat_with_epsilon (emotion_tempo_estimate (tempo, onsets, n),
                                    slow_tempo (onsets, n), 1e-9);
  }
  emotion_tempo_free (tempo);
  emotion_tempo_free (NULL);
  g_rand_free (random);
}

/* Beats at fixed distances in frames; outside an octave around 120 bpm the prior may prefer a
 * multiple. */
static void
test_beats (void)
{
  EmotionTempo *tempo = emotion_tempo_new (MAX_FRAMES);
  for (guint period = 11; period <= 22; period++) {
    float onsets[MAX_FRAMES] = {0};
    for (guint t = 5; t < MAX_FRAMES; t += period)
      onsets[t] = 3;
    g_assert_cmpfloat_with_epsilon (emotion_tempo_estimate (tempo, onsets, MAX_FRAMES),
                                    1875.0 / period, 1e-9);
  }
  emotion_tempo_free (tempo);
}

static void
test_none (void)
{
  EmotionTempo *tempo = emotion_tempo_new (100);
  float onsets[100] = {0};
  for (guint n = 1; n <= 100; n++)
    g_assert_cmpfloat (emotion_tempo_estimate (tempo, onsets, n), ==, 0);
  onsets[50] = 1; /* a single beat has no period: the prior's, 1875 / 16 */
  g_assert_cmpfloat_with_epsilon (emotion_tempo_estimate (tempo, onsets, 100), 117.1875, 1e-9);
  emotion_tempo_free (tempo);
}

/* The median of the rises, by sorting; three frames late. */
static void
test_onsets (void)
{
  enum { FRAMES = 300 };
  GRand *random = g_rand_new_with_seed (2);
  float *levels = g_new (float, FRAMES *BANDS), onsets[FRAMES];
  for (guint t = 0; t < FRAMES; t++) {
    double trend = 10 * sin (t * 0.7), flat = t % 5 == 0;
    for (guint b = 0; b < BANDS; b++)
      levels[t * BANDS + b] = (float)(trend + (flat ? 0 : g_rand_double_range (random, -9, 9)));
  }
  emotion_tempo_onsets (levels, FRAMES, onsets);
  for (guint t = 0; t < FRAMES; t++) {
    float rises[BANDS];
    for (guint b = 0; b < BANDS; b++)
      rises[b] = t < 3 ? 0 : MAX (levels[(t - 2) * BANDS + b] - levels[(t - 3) * BANDS + b], 0);
    qsort (rises, BANDS, sizeof *rises, compare);
    g_assert_cmpfloat (onsets[t], ==, (rises[BANDS / 2 - 1] + rises[BANDS / 2]) / 2);
  }
  for (guint n = 1; n < 5; n++)
    emotion_tempo_onsets (levels, n, onsets);
  g_free (levels);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tempo/definition", test_definition);
  g_test_add_func ("/tempo/beats", test_beats);
  g_test_add_func ("/tempo/none", test_none);
  g_test_add_func ("/tempo/onsets", test_onsets);
  return g_test_run ();
}
