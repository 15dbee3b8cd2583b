/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jumps, gaps, flushes, segments and changes of caps: nothing of what was before leaks into what
 * comes after, which is heard as a stream of its own. */
#include "fixture.h"

#define RATE 16000

/* What the sound from `first` on, `ms` long with PTS from `pts`, gives by itself. */
static Fixture *
play_alone (guint64 first, guint ms, GstClockTime pts)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture->position = first;
  fixture_push (fixture, ms, 160, pts);
  fixture_push_eos (fixture);
  return fixture;
}

/* A buffer of the sound's next 10 ms. */
static GstBuffer *
next_buffer (Fixture *fixture, GstClockTime pts, GstBufferFlags flags)
{
  GstBuffer *buffer = fixture_make (fixture, fixture->position, RATE / 100);
  fixture->position += RATE / 100;
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_FLAG_SET (buffer, flags);
  return buffer;
}

/* 0.7 s of sound, which give one partial window, then 1.2 s of which the first 10 ms come with
 * `pts` and `flags`. */
static Fixture *
play_broken (GstClockTime pts, GstBufferFlags flags)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fixture_push_buffer (fixture, next_buffer (fixture, pts, flags));
  GstClockTime rest = GST_CLOCK_TIME_IS_VALID (pts) ? pts + 10 * GST_MSECOND : pts;
  fixture_push (fixture, 1190, 160, rest);
  fixture_push_eos (fixture);
  return fixture;
}

static void
check_break (GstClockTime pts, GstBufferFlags flags)
{
  Fixture *fixture = play_broken (pts, flags);
  Fixture *alone = play_alone (RATE * 700 / 1000, 1200, pts);
  fixture_assert_ends_like (fixture, 1, alone);
  fixture_free (fixture);
  fixture_free (alone);
}

GST_START_TEST (test_breaks)
{
  check_break (10 * GST_SECOND, 0);
  check_break (741 * GST_MSECOND, 0);
  check_break (659 * GST_MSECOND, 0);
  check_break (0, 0);
  check_break (10 * GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  check_break (720 * GST_MSECOND, GST_BUFFER_FLAG_DISCONT);
  check_break (GST_CLOCK_TIME_NONE, GST_BUFFER_FLAG_DISCONT);
}
GST_END_TEST

/* A DISCONT without a jump loses nothing, nor do timestamps that are a little off or missing. */
GST_START_TEST (test_no_breaks)
{
  Fixture *whole = play_alone (0, 1900, 0);
  fail_unless_equals_int (whole->windows->len, 4);

  Fixture *fixture = play_broken (700 * GST_MSECOND, GST_BUFFER_FLAG_DISCONT);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);

  fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fixture_push (fixture, 200, 160, GST_CLOCK_TIME_NONE);
  fixture_push (fixture, 1000, 160, 900 * GST_MSECOND + 500 * GST_USECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);

  fixture = play_broken (730 * GST_MSECOND, 0);
  fail_unless_equals_int (fixture->windows->len, 4);
  fixture_free (fixture);
  fixture_free (whole);
}
GST_END_TEST

/* Timestamps that run fast or slow, jittering too, as far off within a window as a jump would be:
 * no window is lost, and the times follow. */
GST_START_TEST (test_drift)
{
  static const guint steps_us[] = {10100, 9900, 11000, 9100};
  for (guint k = 0; k < G_N_ELEMENTS (steps_us); k++) {
    for (guint jitter_ms = 0; jitter_ms <= 15; jitter_ms += 15) {
      Fixture *fixture = fixture_new_f32 (RATE, 1);
      for (guint i = 0; i < 1000; i++) {
        GstClockTime pts = i * steps_us[k] * GST_USECOND;
        pts += i % 2 * jitter_ms * GST_MSECOND;
        fixture_push_buffer (fixture, next_buffer (fixture, pts, 0));
      }
      fixture_push_eos (fixture);
      fail_unless_equals_int (fixture->windows->len, 20);
      /* The last window begins with frame 900, and is timed by the one before, half a second ago. */
      double off = (double)fixture_time (fixture->windows, 19, "timestamp") / GST_MSECOND -
                   900. * steps_us[k] / 1000;
      double tolerance = 0.5 * ABS ((double)steps_us[k] / 1e4 - 1) * 1e3 + jitter_ms + 5;
      fail_unless (ABS (off) < tolerance, "%u us: %f ms off", steps_us[k], off);
      fixture_free (fixture);
    }
  }
}
GST_END_TEST

/* What was heard before a jump gets a result, if it is more than the rest of an interval. */
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

/* Buffers marked as gaps are zeros, whatever is in them. */
GST_START_TEST (test_gap_buffers)
{
  Fixture *gaps = fixture_new_f32 (RATE, 1), *zeros = fixture_new_f32 (RATE, 1);
  fixture_push (gaps, 600, 160, 0);
  fixture_push (zeros, 600, 160, 0);
  for (guint i = 0; i < 80; i++) {
    GstClockTime pts = (600 + 10 * i) * GST_MSECOND;
    fixture_push_buffer (gaps, next_buffer (gaps, pts, GST_BUFFER_FLAG_GAP));
    GstBuffer *zero = next_buffer (zeros, pts, 0);
    gst_buffer_memset (zero, 0, 0, gst_buffer_get_size (zero));
    fixture_push_buffer (zeros, zero);
  }
  fixture_push (gaps, 600, 160, 1400 * GST_MSECOND);
  fixture_push (zeros, 600, 160, 1400 * GST_MSECOND);
  fixture_push_eos (gaps);
  fixture_push_eos (zeros);
  fail_unless_equals_int (fixture_collect (gaps), 4);
  fixture_assert_same (gaps, zeros);
  fixture_free (gaps);
  fixture_free (zeros);
}
GST_END_TEST

/* What a stream of sound gives that has `n_gaps` gap events of `ms` each from 700 ms on, or zeros in
 * their place. */
static Fixture *
play_gaps (guint n_gaps, guint ms, gboolean zeros)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  GstClockTime pts = 700 * GST_MSECOND;
  fixture_push (fixture, 700, 160, 0);
  for (guint i = 0; i < n_gaps; i++) {
    if (zeros) {
      GstBuffer *zero = fixture_make (fixture, fixture->position, RATE * ms / 1000);
      gst_buffer_memset (zero, 0, 0, gst_buffer_get_size (zero));
      GST_BUFFER_PTS (zero) = pts;
      fixture_push_buffer (fixture, zero);
    } else {
      fixture_push_event (fixture, gst_event_new_gap (pts, ms * GST_MSECOND));
    }
    fixture->position += RATE * ms / 1000;
    pts += ms * GST_MSECOND;
  }
  fixture_push (fixture, 1200, 160, pts);
  fixture_push_eos (fixture);
  return fixture;
}

/* Up to a window's length, gap events are silence; they go on downstream. */
GST_START_TEST (test_gap_events)
{
  static const guint lengths_ms[] = {1, 20, 333, 1000};
  for (guint i = 0; i < G_N_ELEMENTS (lengths_ms); i++) {
    Fixture *gaps = play_gaps (6, lengths_ms[i], FALSE);
    Fixture *zeros = play_gaps (6, lengths_ms[i], TRUE);
    guint n = 0;
    GstEvent *event;
    fixture_assert_same (gaps, zeros);
    while ((event = gst_harness_try_pull_event (gaps->harness)) != NULL) {
      n += GST_EVENT_TYPE (event) == GST_EVENT_GAP;
      gst_event_unref (event);
    }
    fail_unless_equals_int (n, 6);
    fixture_free (gaps);
    fixture_free (zeros);
  }
}
GST_END_TEST

/* Of the same lost packets, a depayloader of RTP and the decoder tell one after the other, with
 * times that are rounded otherwise. */
GST_START_TEST (test_gaps_told_twice)
{
  Fixture *once = play_gaps (3, 20, FALSE), *twice = fixture_new_f32 (RATE, 1);
  fixture_push (twice, 700, 160, 0);
  for (guint i = 0; i < 6; i++) {
    GstClockTime early = i < 3 ? 0 : 10 * GST_USECOND;
    fixture_push_event (twice, gst_event_new_gap ((700 + 20 * (i % 3)) * GST_MSECOND - early,
                                                  20 * GST_MSECOND + early));
  }
  twice->position += RATE * 60 / 1000;
  fixture_push (twice, 1200, 160, 760 * GST_MSECOND);
  fixture_push_eos (twice);
  fixture_assert_same (twice, once);
  fixture_free (once);
  fixture_free (twice);
}
GST_END_TEST

/* A longer one ends the window that is heard, and the next begins after it. */
GST_START_TEST (test_long_gap)
{
  Fixture *fixture = play_gaps (1, 1001, FALSE);
  Fixture *before = play_alone (0, 700, 0);
  Fixture *after = play_alone (RATE * 1701 / 1000, 1200, 1701 * GST_MSECOND);
  fail_unless_equals_int (fixture->windows->len, before->windows->len + after->windows->len);
  for (guint i = 0; i < before->windows->len; i++)
    fail_unless (gst_structure_is_equal (g_ptr_array_index (fixture->windows, i),
                                         g_ptr_array_index (before->windows, i)));
  fixture_assert_ends_like (fixture, before->windows->len, after);
  fixture_free (fixture);
  fixture_free (before);
  fixture_free (after);
}
GST_END_TEST

/* Also when what comes after it does not say when it is. */
GST_START_TEST (test_long_gap_without_times)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  Fixture *before = play_alone (0, 700, 0);
  Fixture *after = play_alone (RATE * 700 / 1000, 1200, GST_CLOCK_TIME_NONE);
  fixture_push (fixture, 700, 160, 0);
  fixture_push_event (fixture, gst_event_new_gap (700 * GST_MSECOND, 5 * GST_SECOND));
  fixture_push (fixture, 1200, 160, GST_CLOCK_TIME_NONE);
  fixture_push_eos (fixture);
  fixture_assert_ends_like (fixture, before->windows->len, after);
  fixture_free (fixture);
  fixture_free (before);
  fixture_free (after);
}
GST_END_TEST

/* Gaps that say little: without a length, outside the segment, before caps, backwards. */
GST_START_TEST (test_odd_gaps)
{
  Fixture *whole = play_alone (0, 1900, 0), *fixture = fixture_new_f32 (RATE, 1);
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = 10 * GST_SECOND;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  fixture_push (fixture, 700, 160, 0);
  fixture_push_event (fixture, gst_event_new_gap (700 * GST_MSECOND, GST_CLOCK_TIME_NONE));
  fixture_push_event (fixture, gst_event_new_gap (20 * GST_SECOND, 100 * GST_MSECOND));
  fixture_push_event (fixture, gst_event_new_gap (700 * GST_MSECOND, 0));
  fixture_push (fixture, 1200, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, whole);
  fixture_free (fixture);
  fixture_free (whole);

  fixture = fixture_new (NULL, NULL, NULL);
  fixture_push_event (fixture, gst_event_new_stream_start ("test"));
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  gst_pad_push_event (fixture->harness->srcpad, gst_event_new_gap (0, GST_SECOND));
  fixture_free (fixture);

  fixture = fixture_new_f32 (RATE, 1);
  segment.rate = -1;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  fixture_push_event (fixture, gst_event_new_gap (0, GST_SECOND));
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 0);
  fixture_free (fixture);
}
GST_END_TEST

/* A stream may begin with a gap. */
GST_START_TEST (test_first_gap)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push_event (fixture, gst_event_new_gap (5 * GST_SECOND, 600 * GST_MSECOND));
  fixture->position = RATE * 600 / 1000;
  fixture_push (fixture, 700, 160, 5600 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 3);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 0, "timestamp"), 5 * GST_SECOND);
  fail_unless_equals_string (fixture_string (fixture->windows, 0, "reason"), "silence");
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 5 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 1300 * GST_MSECOND);
  fixture_free (fixture);
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

  Fixture *alone = play_alone (RATE * 700 / 1000, 1200, 700 * GST_MSECOND);
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

/* The same segment once more, as demuxers send it with a new duration, changes nothing. */
GST_START_TEST (test_segment_update)
{
  Fixture *whole = play_alone (0, 1900, 0);
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

/* Each of the fields that say when something is played ends the window, alone; the others do not. */
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

  /* ... and then as if nothing had been. */
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
  Fixture *whole = play_alone (0, 1900, 0);
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
  Fixture *before = play_alone (0, 1200, 0);
  Fixture *after = play_alone (RATE * 1200 / 1000, 900, 1200 * GST_MSECOND);
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

/* Whatever comes in between, the summary is that of both parts, from the first one's start. */
GST_START_TEST (test_summary_of_all)
{
  Fixture *one = play_alone (0, 1200, 3 * GST_SECOND);
  Fixture *two = play_alone (RATE * 1200 / 1000, 900, 0);
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
  tcase_add_test (tests, test_drift);
  tcase_add_test (tests, test_last_before_break);
  tcase_add_test (tests, test_gap_buffers);
  tcase_add_test (tests, test_gap_events);
  tcase_add_test (tests, test_gaps_told_twice);
  tcase_add_test (tests, test_long_gap);
  tcase_add_test (tests, test_long_gap_without_times);
  tcase_add_test (tests, test_odd_gaps);
  tcase_add_test (tests, test_first_gap);
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
