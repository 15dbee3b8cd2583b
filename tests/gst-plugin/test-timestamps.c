/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Timestamps as networks and receivers create them: small holes, jitter, bursts, drift. They cost
 * no window, and each window has its times, in order. */
#include "fixture.h"

#define RATE 16000
#define MS GST_MSECOND

/* Windows that are not partial. */
static guint
count_full (const Fixture *fixture)
{
  guint n = 0;
  for (guint i = 0; i < fixture->windows->len; i++) {
    gboolean partial = TRUE;
    gst_structure_get_boolean (g_ptr_array_index (fixture->windows, i), "partial", &partial);
    n += !partial;
  }
  return n;
}

/* Fails unless each window has its times, none before `first` or before the previous window's. */
static void
check_times (Fixture *fixture, GstClockTime first)
{
  GstClockTime before = first;
  for (guint i = 0; i < fixture->windows->len; i++) {
    GstClockTime timestamp = fixture_time (fixture->windows, i, "timestamp");
    fail_unless (timestamp >= before, "window %u goes back from %f to %f s", i,
                 (double)before / GST_SECOND, (double)timestamp / GST_SECOND);
    fixture_time (fixture->windows, i, "stream-time");
    fixture_time (fixture->windows, i, "running-time");
    before = timestamp;
  }
  fail_unless (fixture_time (fixture->summaries, 0, "timestamp") >= first);
  fixture_time (fixture->summaries, 0, "running-time");
}

/* 20 s of sound of which `hole_ms` are missing every `period_ms`: the buffer after a hole has the
 * flag `flags`, or the hole is zeros. */
static Fixture *
play_holes (guint period_ms, guint hole_ms, GstBufferFlags flags, gboolean zeros)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gboolean lost = FALSE;
  for (guint ms = 0; ms < 20000; ms += 10) {
    gboolean was_lost = lost;
    lost = ms >= period_ms && ms % period_ms < hole_ms;
    GstBuffer *buffer = fixture_next (fixture, ms * MS, was_lost && !lost ? flags : 0);
    if (lost && zeros)
      gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
    if (lost && !zeros)
      gst_buffer_unref (buffer);
    else
      fixture_push_buffer (fixture, buffer);
  }
  fixture_push_eos (fixture);
  return fixture;
}

/* A hole that upstream marks with DISCONT is silence. */
GST_START_TEST (test_holes)
{
  static const guint holes[][2] = {{2000, 20}, {2000, 60}, {500, 100}, {3000, 1000}, {100, 50}};
  for (guint i = 0; i < G_N_ELEMENTS (holes); i++) {
    Fixture *lost = play_holes (holes[i][0], holes[i][1], GST_BUFFER_FLAG_DISCONT, FALSE);
    Fixture *zeros = play_holes (holes[i][0], holes[i][1], 0, TRUE);
    fixture_assert_same (lost, zeros);
    fixture_free (lost);
    fixture_free (zeros);
  }
}
GST_END_TEST

/* Without DISCONT no window is lost either, and in the end nothing is missing. */
GST_START_TEST (test_unmarked_holes)
{
  static const guint holes[][2] = {{2000, 20}, {2000, 60}, {500, 100}, {3000, 1000}, {300, 60}};
  for (guint i = 0; i < G_N_ELEMENTS (holes); i++) {
    Fixture *fixture = play_holes (holes[i][0], holes[i][1], 0, FALSE);
    check_times (fixture, 0);
    guint full = count_full (fixture);
    fail_unless (full >= 35, "holes of %u ms each %u ms: %u full windows", holes[i][1], holes[i][0],
                 full);
    guint last = fixture->windows->len - 1;
    GstClockTime end = fixture_time (fixture->windows, last, "timestamp") +
                       fixture_time (fixture->windows, last, "duration");
    fail_unless (end >= 19 * GST_SECOND && end <= 20 * GST_SECOND, "%f s",
                 (double)end / GST_SECOND);
    fixture_free (fixture);
  }
}
GST_END_TEST

/* Complete sound with inaccurate timestamps: `get_off` gives their error in ms. */
static void
check_whole (const char *what, gint (*get_off) (GRand *rand, guint ms))
{
  GRand *rand = g_rand_new_with_seed (1);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push_segment (fixture, 1, 10 * GST_SECOND, 0);
  for (guint ms = 0; ms < 20000; ms += 10) {
    gint off = get_off (rand, ms);
    GstClockTime pts = (GstClockTime)MAX (10000 + (gint)ms + off, 10000) * MS;
    fixture_push_buffer (fixture, fixture_next (fixture, pts, 0));
  }
  fixture_push_eos (fixture);
  fail_unless (fixture->windows->len == 40, "%s: %u windows", what, fixture->windows->len);
  fail_unless_equals_int (count_full (fixture), 39);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 20 * GST_SECOND);
  check_times (fixture, 10 * GST_SECOND);
  fixture_free (fixture);
  g_rand_free (rand);
}

static gint
jitter_to_and_fro (GRand *rand, guint ms)
{
  (void)ms;
  return g_rand_int_range (rand, -100, 100);
}

static gint
one_in_ten_is_late (GRand *rand, guint ms)
{
  (void)ms;
  return g_rand_int_range (rand, 0, 10) == 0 ? g_rand_int_range (rand, 40, 900) : 0;
}

static gint
one_in_ten_is_early (GRand *rand, guint ms)
{
  return -one_in_ten_is_late (rand, ms);
}

/* Read in pieces of 100 ms, each with the time at which its last byte arrived. */
static gint
read_in_pieces (GRand *rand, guint ms)
{
  (void)rand;
  return 100 - (gint)(ms % 100);
}

/* Every two seconds the network stalls for 900 ms; then everything comes at once, or at twice the
 * speed. */
static gint
stall (GRand *rand, guint ms)
{
  (void)rand;
  return ms % 2000 < 900 ? 900 - (gint)(ms % 2000) : 0;
}

static gint
stall_made_up_for (GRand *rand, guint ms)
{
  (void)rand;
  return ms % 5000 < 1800 ? 900 - (gint)(ms % 5000) / 2 : 0;
}

/* The content that a server has buffered comes at once, the rest in real time. */
static gint
stored (GRand *rand, guint ms)
{
  (void)rand;
  return ms < 4000 ? -(gint)ms : -4000;
}

/* The skew correction of a jitter buffer. */
static gint
drift_back (GRand *rand, guint ms)
{
  (void)rand;
  return -(gint)MIN (ms / 200, 6);
}

GST_START_TEST (test_whole)
{
  check_whole ("jitter", jitter_to_and_fro);
  check_whole ("late", one_in_ten_is_late);
  check_whole ("early", one_in_ten_is_early);
  check_whole ("pieces", read_in_pieces);
  check_whole ("stall", stall);
  check_whole ("stall made up for", stall_made_up_for);
  check_whole ("stored", stored);
  check_whole ("drift back", drift_back);
}
GST_END_TEST

/* Timestamps of a stream that has none at its start. */
GST_START_TEST (test_late_timestamps)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 10, 160, GST_CLOCK_TIME_NONE);
  fixture_push (fixture, 2990, 160, 7010 * MS);
  fixture_push_eos (fixture);
  check_times (fixture, 7 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 0, "timestamp"), 7 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 7 * GST_SECOND);
  fixture_free (fixture);

  /* Nor before the segment. */
  fixture = fixture_new_f32 (RATE, 1);
  fixture_push_segment (fixture, 1, 7 * GST_SECOND, 0);
  fixture_push (fixture, 10, 160, GST_CLOCK_TIME_NONE);
  fixture_push (fixture, 2990, 160, 7 * GST_SECOND);
  fixture_push_eos (fixture);
  check_times (fixture, 7 * GST_SECOND);
  fixture_free (fixture);
}
GST_END_TEST

/* An unmarked jump back by less than a window: after a second it no longer counts as jitter, and
 * the windows start again with earlier times. */
GST_START_TEST (test_unmarked_jump_back)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 3000, 160, 0);
  fixture_push (fixture, 3000, 160, 2100 * MS);
  fixture_push_eos (fixture);
  Fixture *alone = fixture_play_f32 (RATE, RATE * 4, 2000, 3100 * MS);
  fixture_assert_ends_like (fixture, 8, alone); /* to 0.5, 1, ... 4 s */
  fixture_free (fixture);
  fixture_free (alone);
}
GST_END_TEST

/* Timestamps that run fast or slow, with jitter too, and drift within a window by as much as a
 * jump: no window is lost, and the times follow. */
GST_START_TEST (test_drift)
{
  static const guint steps_us[] = {10100, 9900, 11000, 9100};
  for (guint k = 0; k < G_N_ELEMENTS (steps_us); k++) {
    for (guint jitter_ms = 0; jitter_ms <= 15; jitter_ms += 15) {
      Fixture *fixture = fixture_new_f32 (RATE, 1);
      for (guint i = 0; i < 1000; i++) {
        GstClockTime pts = i * steps_us[k] * GST_USECOND;
        pts += i % 2 * jitter_ms * GST_MSECOND;
        fixture_push_buffer (fixture, fixture_next (fixture, pts, 0));
      }
      fixture_push_eos (fixture);
      fail_unless_equals_int (fixture->windows->len, 20);
      /* The last window starts at frame 900; its time comes from the previous window, half a second
       * before. */
      double off = (double)fixture_time (fixture->windows, 19, "timestamp") / GST_MSECOND -
                   900. * steps_us[k] / 1000;
      double tolerance = 0.5 * ABS ((double)steps_us[k] / 1e4 - 1) * 1e3 + jitter_ms + 5;
      fail_unless (ABS (off) < tolerance, "%u us: %f ms off", steps_us[k], off);
      fixture_free (fixture);
    }
  }
}
GST_END_TEST

static Suite *
timestamps_suite (void)
{
  Suite *suite = suite_create ("timestamps");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_holes);
  tcase_add_test (tests, test_unmarked_holes);
  tcase_add_test (tests, test_whole);
  tcase_add_test (tests, test_late_timestamps);
  tcase_add_test (tests, test_unmarked_jump_back);
  tcase_add_test (tests, test_drift);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (timestamps)
