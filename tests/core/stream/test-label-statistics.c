/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/stream/label-statistics.h"

enum { NONE = -1 };

/* Adds the results that the letters stand for, `each` ns per letter from `start` on: '-' for none,
 * 'a' for label 0. */
static void
add (EmotionLabelStatistics *statistics, const char *predictions, guint64 start, guint64 each)
{
  for (guint i = 0; predictions[i]; i++)
    emotion_label_statistics_add (statistics, predictions[i] == '-' ? NONE : predictions[i] - 'a',
                                  start + i * each, each);
}

static void
assert_segment (const EmotionLabelSegment *segment, gint label, guint64 start, guint64 length)
{
  g_assert_cmpint (segment->label, ==, label);
  g_assert_cmpuint (segment->start, ==, start);
  g_assert_cmpuint (segment->length, ==, length);
}

static void
test_nothing (void)
{
  EmotionLabelStatistics statistics;
  emotion_label_statistics_init (&statistics);
  g_assert_cmpuint (statistics.total, ==, 0);
  g_assert_cmpuint (statistics.n_transitions, ==, 0);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, NONE), ==, 0);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, 3), ==, 0);
  assert_segment (&statistics.longest, NONE, EMOTION_TIME_UNKNOWN, 0);
}

static void
test_fractions (void)
{
  EmotionLabelStatistics statistics;
  double sum = 0;
  emotion_label_statistics_init (&statistics);
  add (&statistics, "--aab-aaa-", 0, 7);
  g_assert_cmpuint (statistics.total, ==, 70);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, NONE), ==, 0.4);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, 0), ==, 0.5);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, 1), ==, 0.1);
  g_assert_cmpfloat (emotion_label_statistics_fraction (&statistics, 2), ==, 0);
  for (gint i = NONE; i < 3; i++)
    sum += emotion_label_statistics_fraction (&statistics, i);
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
}

/* The first prediction is a change from none, and so is the return to none. */
static void
test_transitions (void)
{
  static const struct {
    const char *predictions;
    guint n;
  } cases[] = {{"---", 0}, {"aaa", 1}, {"-a", 1}, {"-a-", 2}, {"ab", 2}, {"aabbaa", 3}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    EmotionLabelStatistics statistics;
    emotion_label_statistics_init (&statistics);
    add (&statistics, cases[i].predictions, 0, 1);
    g_assert_cmpuint (statistics.n_transitions, ==, cases[i].n);
  }
}

/* Of equally long segments, the first; segments without a prediction count too. */
static void
test_longest (void)
{
  EmotionLabelStatistics statistics;
  emotion_label_statistics_init (&statistics);
  add (&statistics, "abbcaa", 100, 10);
  assert_segment (&statistics.longest, 1, 110, 20);
  add (&statistics, "a", 160, 10);
  assert_segment (&statistics.longest, 0, 140, 30);
  add (&statistics, "b----", 170, 10);
  assert_segment (&statistics.longest, NONE, 180, 40);
  /* Results may differ in length. */
  add (&statistics, "c", 220, 41);
  assert_segment (&statistics.longest, 2, 220, 41);
}

/* A break ends the segment and is not a transition. */
static void
test_break (void)
{
  EmotionLabelStatistics statistics;
  emotion_label_statistics_init (&statistics);
  add (&statistics, "aaa", 0, 10);
  emotion_label_statistics_break (&statistics);
  add (&statistics, "aa", 1000, 10);
  g_assert_cmpuint (statistics.n_transitions, ==, 1);
  assert_segment (&statistics.longest, 0, 0, 30);
  assert_segment (&statistics.current, 0, 1000, 20);
  add (&statistics, "aa", 1020, 10);
  assert_segment (&statistics.longest, 0, 1000, 40);
}

static void
test_unknown_times (void)
{
  EmotionLabelStatistics statistics;
  emotion_label_statistics_init (&statistics);
  emotion_label_statistics_add (&statistics, 1, EMOTION_TIME_UNKNOWN, 10);
  emotion_label_statistics_add (&statistics, 1, EMOTION_TIME_UNKNOWN, 10);
  assert_segment (&statistics.longest, 1, EMOTION_TIME_UNKNOWN, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-statistics/nothing", test_nothing);
  g_test_add_func ("/label-statistics/fractions", test_fractions);
  g_test_add_func ("/label-statistics/transitions", test_transitions);
  g_test_add_func ("/label-statistics/longest", test_longest);
  g_test_add_func ("/label-statistics/break", test_break);
  g_test_add_func ("/label-statistics/unknown-times", test_unknown_times);
  return g_test_run ();
}
