/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the clock alone: which timestamps continue the stream and which do not, to
 * the nanosecond. */
#include <gst/check/gstcheck.h>

#include "gst-plugin/stream-clock.h"

#define RATE 16000
#define MS GST_MSECOND
#define NONE GST_CLOCK_TIME_NONE
#define MAX_HOLE (2 * GST_SECOND)

/* The result of follow(): the number of missing ms, or that the buffer does not follow. */
#define FOLLOWS 0
#define BREAK (-1)

static gint
follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont)
{
  guint64 missing;
  if (!gst_emotion_clock_follow (clock, pts, discont, MAX_HOLE, &missing))
    return BREAK;
  clock->position += missing;
  return (gint)(missing * 1000 / RATE);
}

/* A clock that has counted `ms` of a stream that started at one second, the last 10
 * ms in a buffer. */
static GstEmotionClock
start (guint ms)
{
  GstEmotionClock clock;
  gst_emotion_clock_reset (&clock, RATE);
  fail_unless_equals_int (follow (&clock, GST_SECOND, FALSE), FOLLOWS);
  if (ms < 10)
    return clock;
  clock.position = (ms - 10) * RATE / 1000;
  fail_unless_equals_int (follow (&clock, GST_SECOND + (ms - 10) * MS, FALSE), FOLLOWS);
  clock.position += RATE / 100;
  return clock;
}

/* Counts 10 ms that start at `pts`. */
static void
count (GstEmotionClock *clock, GstClockTime pts)
{
  fail_unless_equals_int (follow (clock, pts, FALSE), FOLLOWS);
  clock->position += RATE / 100;
}

/* Counts `ms` of buffers of 10 ms whose PTS are `off` the count; returns the time in ms until
 * follow() first reported something other than continuity, and that report. */
static guint
count_off (GstEmotionClock *clock, GstClockTimeDiff off, guint ms, gint *said)
{
  GstClockTime pts = gst_emotion_clock_pts (clock, clock->position);
  for (guint i = 0; i < ms / 10; i++) {
    *said = follow (clock, (GstClockTime)((GstClockTimeDiff)(pts + i * 10 * MS) + off), FALSE);
    if (*said != FOLLOWS)
      return i * 10;
    clock->position += RATE / 100;
  }
  return ms;
}

/* At the first buffer that is off. */
GST_START_TEST (test_jumps)
{
  static const struct {
    GstClockTimeDiff off;
    gboolean discont;
    gint said;
  } cases[] = {
      {0, FALSE, FOLLOWS},
      {40 * MS, FALSE, FOLLOWS},
      {40 * MS + 1, FALSE, FOLLOWS}, /* until it lasts */
      {(GstClockTimeDiff)MAX_HOLE, FALSE, FOLLOWS},
      {(GstClockTimeDiff)MAX_HOLE + 1, FALSE, BREAK},
      {-40 * MS, FALSE, FOLLOWS},
      {-500 * MS, FALSE, FOLLOWS},
      {-(GstClockTimeDiff)MAX_HOLE - 1, FALSE, BREAK},
      {0, TRUE, FOLLOWS},
      {MS, TRUE, FOLLOWS},
      {20 * MS, TRUE, 20},
      {500 * MS, TRUE, 500},
      {(GstClockTimeDiff)MAX_HOLE, TRUE, 2000},
      {(GstClockTimeDiff)MAX_HOLE + 1, TRUE, BREAK},
      {-10 * MS, TRUE, FOLLOWS}, /* as late as the buffer before */
      {-40 * MS, TRUE, FOLLOWS},
      {-41 * MS, TRUE, BREAK},
      {-(GstClockTimeDiff)MAX_HOLE - 1, TRUE, BREAK},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstEmotionClock clock = start (5000);
    GstClockTime pts = (GstClockTime)((gint64)(6000 * MS) + cases[i].off);
    gint said = follow (&clock, pts, cases[i].discont);
    fail_unless (said == cases[i].said, "case %u: %d", i, said);
    if (said > 0)
      fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, clock.position), pts);
  }
}
GST_END_TEST

/* Without a flag from upstream, an offset becomes a hole or a jump back only after it has lasted
 * for a second. */
GST_START_TEST (test_lasting)
{
  gint said;
  GstEmotionClock clock = start (5000);
  fail_unless_equals_int (count_off (&clock, 300 * MS, 3000, &said), 1000);
  fail_unless_equals_int (said, 300);
  fail_unless_equals_int (count_off (&clock, 0, 3000, &said), 3000);

  clock = start (5000);
  fail_unless_equals_int (count_off (&clock, -300 * MS, 3000, &said), 1000);
  fail_unless_equals_int (said, BREAK);

  /* Alternating offsets; the windows that end meanwhile keep their times. */
  clock = start (5000);
  for (guint i = 0; i < 40; i++) {
    GstClockTimeDiff off = (i % 4 == 1 ? 60 : i % 4 == 3 ? -300 : 0) * (gint64)MS;
    fail_unless_equals_int (count_off (&clock, off, 400, &said), 400);
    gst_emotion_clock_end_window (&clock);
  }
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), GST_SECOND);

  /* More than one hole per second: none is forgotten, and eventually all are filled. */
  clock = start (5000);
  guint lost = 0, silence = 0;
  for (guint i = 0; i < 3000; i++) {
    if (i % 50 == 0 && i < 2500)
      lost += 60;
    said = follow (&clock, 6 * GST_SECOND + (i * 10 + lost) * MS, FALSE);
    fail_if (said == BREAK);
    silence += (guint)said;
    clock.position += RATE / 100;
  }
  fail_unless_equals_int (lost, silence);

  /* A stall of two seconds that the network catches up is no hole, otherwise the sound would have
   * been twice that long. */
  clock = start (5000);
  fail_unless_equals_int (count_off (&clock, 2000 * MS, 10, &said), 10);
  for (guint i = 1; i < 400; i++)
    count (&clock, 8 * GST_SECOND + i * 5 * MS);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, clock.position), 10 * GST_SECOND);
}
GST_END_TEST

/* A receiver has buffered the beginning: timestamps from the time of arrival hardly advance. */
GST_START_TEST (test_burst)
{
  GstEmotionClock clock = start (0);
  for (guint i = 0; i < 400; i++)
    count (&clock, GST_SECOND + i * MS);
  gst_emotion_clock_end_window (&clock);
  for (guint i = 0; i < 400; i++)
    count (&clock, GST_SECOND + (400 + 10 * i) * MS);
  /* Parts of a buffer with the same PTS. */
  GstClockTime pts = gst_emotion_clock_next (&clock);
  for (guint i = 0; i < 20; i++)
    count (&clock, pts);
}
GST_END_TEST

/* Timestamps that start, or end, within a stream. */
GST_START_TEST (test_unknown)
{
  GstEmotionClock clock = start (500);
  fail_unless_equals_int (follow (&clock, NONE, FALSE), FOLLOWS);
  fail_unless_equals_int (follow (&clock, NONE, TRUE), BREAK);
  gst_emotion_clock_end_window (&clock);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 8000), 1500 * MS);

  gst_emotion_clock_reset (&clock, RATE);
  count (&clock, NONE);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), NONE);
  fail_unless_equals_uint64 (gst_emotion_clock_next (&clock), NONE);
  fail_unless_equals_int (follow (&clock, 7 * GST_SECOND, TRUE), BREAK);
  count (&clock, 7 * GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 160), 7 * GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), 6990 * MS);
}
GST_END_TEST

/* Within a window the count sets the time, and from the next window on the newest timestamp; later
 * jumps are measured from there. */
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
  fail_unless_equals_int (follow (&copy, next, TRUE), FOLLOWS);
  copy = clock;
  fail_unless_equals_int (follow (&copy, next + 99 * MS, TRUE), 99); /* by the drift */

  /* Rounding to a millisecond is no drift, nor is a drift that has gone back. */
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

/* Rounding does not accumulate, and no time is before 0. */
GST_START_TEST (test_times)
{
  GstEmotionClock clock;
  gst_emotion_clock_reset (&clock, 44100);
  follow (&clock, 0, FALSE);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 44100 * G_GUINT64_CONSTANT (86400)),
                             86400 * GST_SECOND);
  clock = start (0);
  clock.anchor_frame = 32000;
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 0), 0);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 32000), GST_SECOND);
  fail_unless_equals_uint64 (gst_emotion_clock_pts (&clock, 31984), 999 * MS);
}
GST_END_TEST

/* Where the next frame is due: a drift that the count has not yet adopted is no hole. */
GST_START_TEST (test_next)
{
  GstEmotionClock clock = start (500);
  fail_unless_equals_uint64 (gst_emotion_clock_next (&clock), 1500 * MS);
  for (guint i = 0; i < 100; i++)
    count (&clock, 1500 * MS + i * 11 * MS);
  fail_unless_equals_uint64 (gst_emotion_clock_next (&clock), 1500 * MS + (99 * 11 + 10) * MS);
  fail_unless_equals_int (follow (&clock, gst_emotion_clock_next (&clock) + 60 * MS, TRUE), 60);
}
GST_END_TEST

static Suite *
stream_clock_suite (void)
{
  Suite *suite = suite_create ("stream-clock");
  TCase *tests = tcase_create ("general");
  tcase_add_test (tests, test_jumps);
  tcase_add_test (tests, test_lasting);
  tcase_add_test (tests, test_burst);
  tcase_add_test (tests, test_unknown);
  tcase_add_test (tests, test_drift);
  tcase_add_test (tests, test_times);
  tcase_add_test (tests, test_next);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (stream_clock)
