/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/stream/utterance.h"

#include <math.h>

enum { N_LABELS = 3 };

typedef struct {
  gboolean early;
  guint n_frames, n_speech;
  double level, log_posteriors[N_LABELS];
} Case;

static void
add (EmotionUtterance *clip, const Case *c)
{
  const EmotionWindow window = {
      .early = c->early, .partial = c->early, .activity = {c->n_frames, c->n_speech, c->level}};
  emotion_utterance_add (clip, &window, c->log_posteriors, N_LABELS);
}

static const Case cases[] = {
    {TRUE, 100, 90, -10, {-9, -9, -9}}, /* early: does not count */
    {FALSE, 300, 100, -20, {-1, -2, -3}},
    {FALSE, 300, 0, -90, {-7, -8, -9}}, /* without speech: no weight */
    {FALSE, 200, 50, -10, {-4, -1, -0.5}},
};

static void
test_weighted_mean (void)
{
  static const double expected[] = {-(1 * 100 + 4 * 50) / 150., -(2 * 100 + 1 * 50) / 150.,
                                    -(3 * 100 + 0.5 * 50) / 150.};
  double mean[N_LABELS];
  EmotionUtterance clip;
  emotion_utterance_init (&clip);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    add (&clip, &cases[i]);
  g_assert_true (emotion_utterance_mean (&clip, N_LABELS, mean));
  for (guint i = 0; i < N_LABELS; i++)
    g_assert_cmpfloat_with_epsilon (mean[i], expected[i], 1e-12);
  g_assert_cmpuint (clip.n_windows, ==, 3);
  g_assert_cmpuint (clip.n_speech, ==, 150);
  g_assert_cmpuint (clip.n_frames, ==, 800);
  g_assert_cmpfloat_with_epsilon (clip.energy, 300 * 1e-2 + 300 * 1e-9 + 200 * 1e-1, 1e-9);
}

/* If no window has speech, all have the same weight, however long they are. */
static void
test_no_speech (void)
{
  double mean[N_LABELS];
  EmotionUtterance clip;
  emotion_utterance_init (&clip);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Case silent = cases[i];
    silent.n_speech = 0;
    add (&clip, &silent);
  }
  g_assert_true (emotion_utterance_mean (&clip, N_LABELS, mean));
  g_assert_cmpfloat_with_epsilon (mean[0], -(1 + 7 + 4) / 3., 1e-12);
  g_assert_cmpfloat_with_epsilon (mean[1], -(2 + 8 + 1) / 3., 1e-12);
  g_assert_cmpfloat_with_epsilon (mean[2], -(3 + 9 + 0.5) / 3., 1e-12);
}

static void
test_nothing (void)
{
  double mean[N_LABELS];
  EmotionUtterance clip;
  emotion_utterance_init (&clip);
  g_assert_false (emotion_utterance_mean (&clip, N_LABELS, mean));
  add (&clip, &cases[0]); /* an early one */
  g_assert_false (emotion_utterance_mean (&clip, N_LABELS, mean));
  add (&clip, &cases[1]);
  g_assert_true (emotion_utterance_mean (&clip, N_LABELS, mean));
  g_assert_cmpfloat (mean[1], ==, -2);
  emotion_utterance_init (&clip);
  g_assert_false (emotion_utterance_mean (&clip, N_LABELS, mean));
}

/* A day of windows every second: the sums keep the precision that the mean needs. */
static void
test_long (void)
{
  double mean[N_LABELS];
  EmotionUtterance clip;
  emotion_utterance_init (&clip);
  for (guint i = 0; i < 86400; i++) {
    const Case c = {FALSE, 300, 1 + i % 300, -20, {-0.1, -3, -1e-3 * (i % 300)}};
    add (&clip, &c);
  }
  g_assert_true (emotion_utterance_mean (&clip, N_LABELS, mean));
  g_assert_cmpfloat_with_epsilon (mean[0], -0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon (mean[1], -3, 1e-9);
  /* sum of (1 + k) k over sum of (1 + k), k = 0 .. 299: 299 * 300 * 301 / 3 over 300 * 301 / 2 */
  g_assert_cmpfloat_with_epsilon (mean[2], -1e-3 * 2 * 299 / 3, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/utterance/weighted-mean", test_weighted_mean);
  g_test_add_func ("/utterance/no-speech", test_no_speech);
  g_test_add_func ("/utterance/nothing", test_nothing);
  g_test_add_func ("/utterance/long", test_long);
  return g_test_run ();
}
