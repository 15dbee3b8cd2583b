/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock by itself: what follows and what does not, to the nanosecond. */
#include <gst/check/gstcheck.h>

#include "gst-plugin/stream-clock.h"

#define RATE 16000
#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE

/* A clock that has counted `ms` of a stream that began at one second. */
static GstEmotionClock
start (guint ms)
{
  GstEmotionClock clock;
  gst_emotion_clock_reset (&clock, RATE);
  fail_unless (gst_emotion_clock_follow (&clock, GST_SECOND, FALSE));
  clock.position = ms * RATE / 1000;
  return clock;
}

/* Counts 10 ms that begin at `pts`. */
static void
count (GstEmotionClock *clock, GstClockTime pts)
{
  fail_unless (gst_emotion_clock_follow (clock, pts, FALSE));
  clock->position += RATE / 100;
}

GST_START_TEST (test_jumps)
{
  static const struct {
    GstClockTimeDiff off;
    gboolean discont, follows;
  } cases[] = {
      {0, FALSE, TRUE},        {40 * MS, FALSE, TRUE},       {40 * MS + 1, FALSE, FALSE},
      {-40 * MS, FALSE, TRUE}, {-40 * MS - 1, FALSE, FALSE}, {0, TRUE, TRUE},
      {MS, TRUE, TRUE},        {MS + 1, TRUE, FALSE},        {-MS, TRUE, TRUE},
      {-MS - 1, TRUE, FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstEmotionClock clock = start (500);
    GstClockTime pts = (GstClockTime)((gint64)(1500 * MS) + cases[i].off);
    fail_unless_equals_int (gst_emotion_clock_follow (&clock, pts, cases[i].discont),
                            cases[i].follows);
  }
}
GST_END_TEST

/* Timestamps that begin, or end, within a stream. */
GST_START_TEST (test_unknown)
{
  GstEmotionClock clock = start (500);
  fail_unless (gst_emotion_clock_follow (&clock, NONE, FALSE));
  fail_if (gst_emotion_clock_follow (&clock, NONE, TRUE));
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 8000), 1500 * MS);

  gst_emotion_clock_reset (&clock, RATE);
  count (&clock, NONE);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), NONE);
  fail_if (gst_emotion_clock_follow (&clock, 7 * GST_SECOND, TRUE));
  count (&clock, 7 * GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), NONE); /* this window is without */
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 160), 7 * GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), 6990 * MS);
}
GST_END_TEST

/* Within a window the count tells the time, and from the next one on the newest timestamp; a jump
 * after that is measured from there. */
GST_START_TEST (test_drift)
{
  GstEmotionClock clock = start (0);
  for (guint i = 0; i < 100; i++)
    count (&clock, GST_SECOND + i * 11 * MS);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 100 * 160), 2 * GST_SECOND);
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 99 * 160), GST_SECOND + 99 * 11 * MS);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 100 * 160),
                             GST_SECOND + (99 * 11 + 10) * MS);
  GstClockTime next = gst_emotion_clock_pts (&clock, clock.position);
  GstEmotionClock copy = clock;
  fail_unless (gst_emotion_clock_follow (&copy, next, FALSE));
  copy = clock;
  fail_if (gst_emotion_clock_follow (&copy, next + 99 * MS, FALSE)); /* as far as the drift was */

  /* What is rounded to a millisecond is no drift, nor is one that has gone back. */
  clock = start (500);
  count (&clock, 1501 * MS);
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 8000), 1500 * MS);
  count (&clock, 1515 * MS);
  count (&clock, 1520 * MS);
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 8000), 1500 * MS);
}
GST_END_TEST

/* No rounding adds up, and no time is before 0. */
GST_START_TEST (test_times)
{
  GstEmotionClock clock;
  gst_emotion_clock_reset (&clock, 44100);
  gst_emotion_clock_follow (&clock, 0, FALSE);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 44100 * G_GUINT64_CONSTANT (86400)),
                             86400 * GST_SECOND);
  clock = start (0);
  clock.anchor_frame = 32000;
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), 0);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 32000), GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 31984), 999 * MS);
}
GST_END_TEST

GST_START_TEST (test_frames_until)
{
  GstEmotionClock clock = start (500);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, 1500 * MS, 20 * MS), 320);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, 1490 * MS, 20 * MS), 160);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, 1510 * MS, 20 * MS), 480);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, 1000 * MS, 20 * MS), 0);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, NONE, 20 * MS), 320);
  gst_emotion_clock_reset (&clock, RATE);
  fail_unless_equals_uint64 (gst_emotion_clock_frames_until (&clock, 1500 * MS, 20 * MS), 320);
}
GST_END_TEST

static Suite *
stream_clock_suite (void)
{
  Suite *suite = suite_create ("stream-clock");
  TCase *tests = tcase_create ("general");
  tcase_add_test (tests, test_jumps);
  tcase_add_test (tests, test_unknown);
  tcase_add_test (tests, test_drift);
  tcase_add_test (tests, test_times);
  tcase_add_test (tests, test_frames_until);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (stream_clock)
