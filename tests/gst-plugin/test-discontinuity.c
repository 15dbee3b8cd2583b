/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jumps, flushes, segments and changes of caps: nothing from before leaks into the results after,
 * which are those of a separate stream. */
#include "fixture.h"

#define RATE 16000

/* 0.7 s of sound from `start` on, which give one partial window, then 1.2 s whose first 10 ms have
 * `pts` and `flags`. */
static Fixture *
play_broken (GstClockTime start, GstClockTime pts, GstBufferFlags flags)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, start);
  fixture_push_buffer (fixture, fixture_next (fixture, pts, flags));
  GstClockTime rest = GST_CLOCK_TIME_IS_VALID (pts) ? pts + 10 * GST_MSECOND : pts;
  fixture_push (fixture, 1190, 160, rest);
  fixture_push_eos (fixture);
  return fixture;
}

static void
check_break (GstClockTime start, GstClockTime pts, GstBufferFlags flags)
{
  Fixture *fixture = play_broken (start, pts, flags);
  Fixture *alone = fixture_play_f32 (RATE, RATE * 700 / 1000, 1200, pts);
  fixture_assert_ends_like (fixture, 1, alone);
  fixture_free (fixture);
  fixture_free (alone);
}

/* More than a window is missing, or the timestamps run backwards: by more than a window, or by more
 * than jitter if upstream flags it. */
GST_START_TEST (test_breaks)
{
  check_break (0, 10 * GST_SECOND, 0);
  check_break (0, 1701 * GST_MSECOND, 0);
  check_break (5 * GST_SECOND, 4699 * GST_MSECOND, 0);
  check_break (5 * GST_SECOND, 0, 0);
  check_break (0, 10 * GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  check_break (0, 1701 * GST_MSECOND, GST_BUFFER_FLAG_DISCONT);
  check_break (0, 0, GST_BUFFER_FLAG_DISCONT);
  check_break (0, 659 * GST_MSECOND, GST_BUFFER_FLAG_DISCONT);
  check_break (0, GST_CLOCK_TIME_NONE, GST_BUFFER_FLAG_DISCONT);
}
GST_END_TEST

/* A DISCONT without a jump loses nothing, nor do timestamps that are slightly off or missing. */
GST_START_TEST (test_no_breaks)
{
  Fixture *whole = fixture_play_f32 (RATE, 0, 1900, 0);
  fail_unless_equals_int (whole->windows->len, 4);

  Fixture *fixture = play_broken (0, 700 * GST_MSECOND, GST_BUFFER_FLAG_DISCONT);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);

  fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fixture_push (fixture, 200, 160, GST_CLOCK_TIME_NONE);
  fixture_push (fixture, 1000, 160, 900 * GST_MSECOND + 500 * GST_USECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);

  fixture = play_broken (0, 730 * GST_MSECOND, 0);
  fail_unless_equals_int (fixture->windows->len, 4);
  fixture_free (fixture);
  fixture_free (whole);
}
GST_END_TEST

/* Sound before a jump gets a result if it is more than the remainder of an interval. */
GST_START_TEST (test_last_before_break)
{
  for (guint ms = 700; ms <= 800; ms += 100) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    fixture_push (fixture, ms, 160, 0);
    fixture_push (fixture, 300, 160, 10 * GST_SECOND);
    fail_unless_equals_int (fixture_collect (fixture), ms < 750 ? 1 : 2);
    if (ms > 750) {
      fail_unless_equals_uint64 (fixture_time (fixture->windows, 1, "timestamp"), 0);
      fail_unless_equals_uint64 (fixture_time (fixture->windows, 1, "duration"), ms * GST_MSECOND);
    }
    fixture_free (fixture);
  }
}
GST_END_TEST

GST_START_TEST (test_flush)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fail_unless_equals_int (fixture_collect (fixture), 1);
  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_segment (fixture, 1, 0, 0);
  fail_unless_equals_int (fixture_collect (fixture), 1);
  fixture_push (fixture, 1200, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);

  Fixture *alone = fixture_play_f32 (RATE, RATE * 700 / 1000, 1200, 700 * GST_MSECOND);
  fixture_assert_ends_like (fixture, 1, alone);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fixture_free (fixture);
  fixture_free (alone);
}
GST_END_TEST

/* A new segment ends the window, which keeps the running time of the old segment. */
GST_START_TEST (test_segment)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push_segment (fixture, 1, 0, 7 * GST_SECOND);
  fixture_push (fixture, 1200, 160, 0);
  fail_unless_equals_int (fixture_collect (fixture), 2);
  fixture_push_segment (fixture, 1, 30 * GST_SECOND, 8200 * GST_MSECOND);
  fail_unless_equals_int (fixture_collect (fixture), 3);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 2, "timestamp"), 200 * GST_MSECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 2, "running-time"),
                             7200 * GST_MSECOND);

  fixture_push (fixture, 1200, 160, 30 * GST_SECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 6);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 3, "timestamp"), 30 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 3, "stream-time"), 30 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 3, "running-time"),
                             8200 * GST_MSECOND);
  fixture_free (fixture);
}
GST_END_TEST

/* The same segment again, as demuxers send it with a new duration, changes nothing. */
GST_START_TEST (test_segment_update)
{
  Fixture *whole = fixture_play_f32 (RATE, 0, 1900, 0);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push_segment (fixture, 1, 0, 0);
  fixture_push (fixture, 700, 160, 0);
  fixture_push_segment (fixture, 1, 0, 0);
  fixture_push (fixture, 1200, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);
  fixture_free (whole);
}
GST_END_TEST

/* Each field that affects the playback time ends the window when it changes alone; the other fields
 * do not. */
GST_START_TEST (test_segment_fields)
{
  for (guint field = 0; field < 9; field++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.start = segment.time = segment.position = GST_SECOND;
    segment.stop = 60 * GST_SECOND;
    fixture_push_event (fixture, gst_event_new_segment (&segment));
    fixture_push (fixture, 900, 160, 5 * GST_SECOND);
    fail_unless_equals_int (fixture_collect (fixture), 1);
    if (field == 0)
      segment.rate = 2;
    else if (field == 1)
      segment.applied_rate = 2;
    else if (field == 2)
      segment.base = GST_MSECOND;
    else if (field == 3)
      segment.offset = GST_MSECOND;
    else if (field == 4)
      segment.start -= GST_MSECOND;
    else if (field == 5)
      segment.time += GST_MSECOND;
    else if (field == 6)
      segment.stop += GST_SECOND;
    else if (field == 7)
      segment.position += GST_SECOND;
    else
      segment.duration = 90 * GST_SECOND;
    fixture_push_event (fixture, gst_event_new_segment (&segment));
    fail_unless_equals_int (fixture_collect (fixture), field < 6 ? 2 : 1);
    fixture_free (fixture);
  }
}
GST_END_TEST

GST_START_TEST (test_backwards)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = 10 * GST_SECOND;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  for (guint i = 0; i < 20; i++)
    fixture_push (fixture, 100, 1600, (9900 - 100 * i) * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_received (fixture->harness), 20);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 0);
  fail_unless_equals_int (fixture->summaries->len, 0);

  /* Forwards again. */
  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_segment (fixture, 1, 0, 0);
  fixture_push (fixture, 1100, 160, 0);
  fail_unless_equals_int (fixture_collect (fixture), 2);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_rate_change)
{
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "interleaved", 48000, 2);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 1200, 160, 0);
  fail_unless_equals_int (fixture_collect (fixture), 2);
  fixture_set_caps (fixture, caps);
  /* The last window of the old rate ... */
  fail_unless_equals_int (fixture_collect (fixture), 3);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 2, "timestamp"), 200 * GST_MSECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 2, "duration"), GST_SECOND);

  /* ... and then as if nothing had come before. */
  Fixture *alone = fixture_new (caps, NULL, NULL);
  fixture_push (alone, 1200, 480, 1200 * GST_MSECOND);
  fixture_push_eos (alone);
  fixture->position = 0;
  fixture_push (fixture, 1200, 480, 1200 * GST_MSECOND);
  fixture_push_eos (fixture);
  fixture_assert_ends_like (fixture, 3, alone);
  fixture_free (fixture);
  fixture_free (alone);
  g_free (caps);
}
GST_END_TEST

/* Another sample format at the same rate is the same sound. */
GST_START_TEST (test_format_change)
{
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "non-interleaved", RATE, 1);
  Fixture *whole = fixture_play_f32 (RATE, 0, 1900, 0);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fixture_set_caps (fixture, caps);
  fixture_push (fixture, 1200, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);
  fixture_free (whole);
  g_free (caps);
}
GST_END_TEST

/* Each of these ends a stream with a summary. */
GST_START_TEST (test_stream_ends)
{
  Fixture *before = fixture_play_f32 (RATE, 0, 1200, 0);
  Fixture *after = fixture_play_f32 (RATE, RATE * 1200 / 1000, 900, 1200 * GST_MSECOND);
  GstEvent *ends[] = {
      gst_event_new_stream_start ("another"),
      gst_event_new_segment_done (GST_FORMAT_TIME, 1200 * GST_MSECOND),
  };
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    fixture_push (fixture, 1200, 160, 0);
    fixture_push_event (fixture, ends[i]);
    fixture_assert_same (fixture, before);
    fixture_push_segment (fixture, 1, 0, 0);
    fixture_push (fixture, 900, 160, 1200 * GST_MSECOND);
    fixture_push_eos (fixture);
    fixture_assert_ends_like (fixture, before->windows->len, after);
    fail_unless_equals_int (fixture->summaries->len, 2);
    fail_unless (gst_structure_is_equal (g_ptr_array_index (fixture->summaries, 1),
                                         g_ptr_array_index (after->summaries, 0)));
    fixture_free (fixture);
  }
  fixture_free (before);
  fixture_free (after);
}
GST_END_TEST

/* Whatever comes in between, the summary covers both parts, from the start of the first. */
GST_START_TEST (test_summary_of_all)
{
  Fixture *one = fixture_play_f32 (RATE, 0, 1200, 3 * GST_SECOND);
  Fixture *two = fixture_play_f32 (RATE, RATE * 1200 / 1000, 900, 0);
  guint64 windows =
      fixture_time (one->summaries, 0, "windows") + fixture_time (two->summaries, 0, "windows");
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  for (guint kind = 0; kind < 3; kind++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    fixture_push_segment (fixture, 1, 2 * GST_SECOND, 0);
    fixture_push (fixture, 1200, 160, 3 * GST_SECOND);
    if (kind == 1)
      fixture_push_segment (fixture, 1, 50 * GST_SECOND, 2200 * GST_MSECOND);
    else if (kind == 2)
      fixture_set_caps (fixture, caps);
    fixture_push (fixture, 900, 160, 50 * GST_SECOND);
    fixture_push_eos (fixture);
    fail_unless_equals_int (fixture->summaries->len, 1);
    fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "windows"), windows);
    fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 3 * GST_SECOND);
    fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "running-time"), GST_SECOND);
    fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"),
                               2100 * GST_MSECOND);
    fixture_free (fixture);
  }
  fixture_free (one);
  fixture_free (two);
  g_free (caps);
}
GST_END_TEST

static Suite *
discontinuity_suite (void)
{
  Suite *suite = suite_create ("discontinuity");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_breaks);
  tcase_add_test (tests, test_no_breaks);
  tcase_add_test (tests, test_last_before_break);
  tcase_add_test (tests, test_flush);
  tcase_add_test (tests, test_segment);
  tcase_add_test (tests, test_segment_update);
  tcase_add_test (tests, test_segment_fields);
  tcase_add_test (tests, test_backwards);
  tcase_add_test (tests, test_rate_change);
  tcase_add_test (tests, test_format_change);
  tcase_add_test (tests, test_stream_ends);
  tcase_add_test (tests, test_summary_of_all);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (discontinuity)
