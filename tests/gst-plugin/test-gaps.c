/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gaps that upstream signals by flags and by events: up to a window's length they are silence,
 * longer ones one window of silence. */
#include "fixture.h"

#define RATE 16000

/* Buffers marked as gaps are zeros, whatever their content. */
GST_START_TEST (test_gap_buffers)
{
  Fixture *gaps = fixture_new_f32 (RATE, 1), *zeros = fixture_new_f32 (RATE, 1);
  fixture_push (gaps, 600, 160, 0);
  fixture_push (zeros, 600, 160, 0);
  for (guint i = 0; i < 80; i++) {
    GstClockTime pts = (600 + 10 * i) * GST_MSECOND;
    fixture_push_buffer (gaps, fixture_next (gaps, pts, GST_BUFFER_FLAG_GAP));
    GstBuffer *zero = fixture_next (zeros, pts, 0);
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

/* The result of a stream of sound with `n_gaps` gap events of `ms` each from 700 ms on, or with
 * zeros in their place. */
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

/* Up to a window's length, gap events are silence; they pass downstream. */
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

/* For the same lost packets, an RTP depayloader and the decoder each send an event, with times that
 * are rounded differently. */
GST_START_TEST (test_gaps_reported_twice)
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

/* Fails unless the windows of `fixture` are those of `before`, one of silence from `gap` on, and
 * those of `after`. */
static void
check_around_gap (Fixture *fixture, Fixture *before, GstClockTime gap, Fixture *after)
{
  guint n = before->windows->len;
  for (guint i = 0; i < n; i++)
    fail_unless (gst_structure_is_equal (g_ptr_array_index (fixture->windows, i),
                                         g_ptr_array_index (before->windows, i)));
  fixture_assert_ends_like (fixture, n + 1, after);
  fail_unless_equals_string (fixture_string (fixture->windows, n, "emotion"), "none");
  fail_unless_equals_string (fixture_string (fixture->windows, n, "reason"), "silence");
  fail_unless_equals_uint64 (fixture_time (fixture->windows, n, "timestamp"), gap);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, n, "duration"), MODEL_WINDOW);
  fixture_free (fixture);
  fixture_free (before);
  fixture_free (after);
}

/* A longer gap ends the current window and is reported once; the next window starts after it. */
GST_START_TEST (test_long_gap)
{
  Fixture *before = fixture_play_f32 (RATE, 0, 700, 0);
  Fixture *after = fixture_play_f32 (RATE, RATE * 1701 / 1000, 1200, 1701 * GST_MSECOND);
  check_around_gap (play_gaps (1, 1001, FALSE), before, 700 * GST_MSECOND, after);
}
GST_END_TEST

/* Also if the audio after it has no timestamp. */
GST_START_TEST (test_long_gap_without_times)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  fixture_push_event (fixture, gst_event_new_gap (700 * GST_MSECOND, 5 * GST_SECOND));
  fixture_push (fixture, 1200, 160, GST_CLOCK_TIME_NONE);
  fixture_push_eos (fixture);
  check_around_gap (fixture, fixture_play_f32 (RATE, 0, 700, 0), 700 * GST_MSECOND,
                    fixture_play_f32 (RATE, RATE * 700 / 1000, 1200, GST_CLOCK_TIME_NONE));
}
GST_END_TEST

/* Gap events that continue it are not reported again; a gap without a duration lasts until the next
 * event. */
GST_START_TEST (test_gaps_in_a_row)
{
  static const gint lengths_ms[][4] = {
      {5000, 5000, 20, 980}, {2000, 20, 2000, 3000}, {-1, 6000, 5000, -1}, {-1, -1, 20, 980}};
  for (guint i = 0; i < G_N_ELEMENTS (lengths_ms); i++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    fixture_push (fixture, 700, 160, 0);
    guint ms = 700;
    for (guint k = 0; k < 4; k++) {
      gint length = lengths_ms[i][k];
      GstClockTime duration = length < 0 ? GST_CLOCK_TIME_NONE : (guint)length * GST_MSECOND;
      fixture_push_event (fixture, gst_event_new_gap (ms * GST_MSECOND, duration));
      ms += length < 0 ? 5000 : (guint)length;
    }
    fixture->position += (ms - 700) * RATE / 1000;
    fixture_push (fixture, 1200, 160, ms * GST_MSECOND);
    fixture_push_eos (fixture);
    check_around_gap (fixture, fixture_play_f32 (RATE, 0, 700, 0), 700 * GST_MSECOND,
                      fixture_play_f32 (RATE, RATE * ms / 1000, 1200, ms * GST_MSECOND));
  }
}
GST_END_TEST

/* Unmarked holes are jumps that must last before they count; a gap event among them confirms that
 * the time has passed. No window loses anything. */
GST_START_TEST (test_gap_after_holes)
{
  GstClockTime pts = 700 * GST_MSECOND;
  guint n_full = 0;
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  for (guint i = 0; i < 3; i++) {
    fixture_push (fixture, 20, 320, pts + 400 * GST_MSECOND);
    pts += 420 * GST_MSECOND;
  }
  /* As a jitter buffer that reports the same lost packet twice. */
  fixture_push_event (fixture, gst_event_new_gap (pts + 255 * GST_MSECOND, 0));
  fixture_push_event (fixture, gst_event_new_gap (pts, 20 * GST_MSECOND));
  fixture_push (fixture, 1200, 160, pts + 20 * GST_MSECOND);
  fixture_push_eos (fixture);
  for (guint i = 0; i < fixture->windows->len; i++) {
    gboolean partial = TRUE;
    gst_structure_get_boolean (g_ptr_array_index (fixture->windows, i), "partial", &partial);
    n_full += !partial;
  }
  fail_unless_equals_int (n_full, (3180 - 1000) / 500 + 1 + 1); /* and the one at the end */
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 3180 * GST_MSECOND);
  fixture_free (fixture);
}
GST_END_TEST

/* Incomplete gap events: without a duration, outside the segment, before caps, backwards. */
GST_START_TEST (test_odd_gaps)
{
  Fixture *whole = fixture_play_f32 (RATE, 0, 1900, 0), *fixture = fixture_new_f32 (RATE, 1);
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

/* A stream may start with a gap. */
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

static Suite *
gaps_suite (void)
{
  Suite *suite = suite_create ("gaps");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_gap_buffers);
  tcase_add_test (tests, test_gap_events);
  tcase_add_test (tests, test_gaps_reported_twice);
  tcase_add_test (tests, test_long_gap);
  tcase_add_test (tests, test_long_gap_without_times);
  tcase_add_test (tests, test_gaps_in_a_row);
  tcase_add_test (tests, test_gap_after_holes);
  tcase_add_test (tests, test_odd_gaps);
  tcase_add_test (tests, test_first_gap);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (gaps)
