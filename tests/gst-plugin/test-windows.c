/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of windows: their fields, times and number, for streams without interruption. */
#include "fixture.h"

#include <math.h>

static Fixture *
play (guint rate, guint ms, gsize size, GstClockTime pts)
{
  Fixture *fixture = fixture_new_f32 (rate, 1);
  fixture_push (fixture, ms, size, pts);
  fixture_push_eos (fixture);
  return fixture;
}

static double
number (const GstStructure *structure, const char *field)
{
  double value = NAN;
  fail_unless (gst_structure_get_double (structure, field, &value), "no field %s", field);
  fail_unless (isfinite (value), "%s is not finite", field);
  return value;
}

static void
check_fields (const GstStructure *message)
{
  fail_unless (gst_structure_has_name (message, "emotiondetect"));
  double confidence = number (message, "confidence");
  fail_unless (confidence > 0 && confidence <= 1);
  double ratio = number (message, "speech-ratio");
  fail_unless (ratio >= 0 && ratio <= 1);
  double level = number (message, "level");
  fail_unless (level > -30 && level < 0);
  fail_unless_equals_string (gst_structure_get_string (message, "model"), "one.emotion");
  fail_if (gst_structure_has_field (message, "reason"));
  fail_if (gst_structure_has_field (message, "channel"));
  fail_if (gst_structure_has_field (message, "features"));

  const GValue *value = gst_structure_get_value (message, "scores");
  fail_unless (value != NULL && GST_VALUE_HOLDS_STRUCTURE (value));
  const GstStructure *scores = gst_value_get_structure (value);
  fail_unless (gst_structure_has_name (scores, "scores"));
  fail_unless_equals_int (gst_structure_n_fields (scores), 4);
  fail_unless (gst_structure_has_field (scores, gst_structure_get_string (message, "emotion")));
  double sum = number (scores, "angry") + number (scores, "happy") + number (scores, "neutral") +
               number (scores, "sad");
  fail_unless (fabs (sum - 1) < 1e-9);

  char *text = gst_structure_to_string (message);
  GstStructure *parsed = gst_structure_from_string (text, NULL);
  fail_unless (parsed != NULL && gst_structure_is_equal (parsed, message), "%s", text);
  gst_structure_free (parsed);
  g_free (text);
}

GST_START_TEST (test_fields)
{
  Fixture *fixture = play (16000, 2200, 160, 0);
  /* Partial at 0.5 s; full ones to 1, 1.5 and 2 s; the last one to the end. */
  fail_unless_equals_int (fixture->windows->len, 5);
  fail_unless_equals_int (fixture->summaries->len, 1);
  for (guint i = 0; i < 5; i++) {
    gboolean partial = FALSE;
    check_fields (g_ptr_array_index (fixture->windows, i));
    fail_unless_equals_string (fixture_string (fixture->windows, i, "type"), "window");
    fail_unless (
        gst_structure_get_boolean (g_ptr_array_index (fixture->windows, i), "partial", &partial));
    fail_unless_equals_int (partial, i == 0);
  }
  check_fields (g_ptr_array_index (fixture->summaries, 0));
  fail_unless_equals_string (fixture_string (fixture->summaries, 0, "type"), "summary");
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "windows"), 4);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_times)
{
  static const GstClockTime starts[] = {0, 0, 500, 1000, 1200};
  static const GstClockTime durations[] = {500, 1000, 1000, 1000, 1000};
  const GstClockTime pts = 100 * GST_SECOND;
  Fixture *fixture = fixture_new_f32 (16000, 1);
  /* Stream time is the PTS, running time is 93 s behind it. */
  fixture_push_segment (fixture, 1, 98 * GST_SECOND, 5 * GST_SECOND);
  fixture_push (fixture, 2200, 441, pts);
  fixture_push_eos (fixture);

  fail_unless_equals_int (fixture->windows->len, 5);
  for (guint i = 0; i < 5; i++) {
    GstClockTime start = pts + starts[i] * GST_MSECOND;
    fail_unless_equals_uint64 (fixture_time (fixture->windows, i, "timestamp"), start);
    fail_unless_equals_uint64 (fixture_time (fixture->windows, i, "stream-time"), start);
    fail_unless_equals_uint64 (fixture_time (fixture->windows, i, "running-time"),
                               start - 93 * GST_SECOND);
    fail_unless_equals_uint64 (fixture_time (fixture->windows, i, "duration"),
                               durations[i] * GST_MSECOND);
  }
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), pts);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 2200 * GST_MSECOND);
  fixture_free (fixture);
}
GST_END_TEST

/* With a rate and an interval that do not divide, rounding does not accumulate. */
GST_START_TEST (test_no_drift)
{
  Fixture *fixture = fixture_new_f32 (44100, 1);
  g_object_set (fixture->element, "window", 100 * GST_MSECOND, "interval", 33 * GST_MSECOND, NULL);
  fixture_push (fixture, 20000, 1009, 0);
  fixture_push_eos (fixture);
  guint n_full = 1 + (20000 - 100) / 33, at = 0;
  for (guint i = 0; i < fixture->windows->len; i++) {
    if (fixture_time (fixture->windows, i, "duration") < 99 * GST_MSECOND)
      continue;
    GstClockTime ideal = at++ * 33 * GST_MSECOND;
    GstClockTime start = fixture_time (fixture->windows, i, "timestamp");
    if (at <= n_full) /* half a frame */
      fail_unless (ABS (GST_CLOCK_DIFF (ideal, start)) <= GST_SECOND / 44100 / 2 + 1);
  }
  fail_unless_equals_int (at, n_full + 1); /* and the one anchored to the end */
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_buffer_sizes)
{
  static const gsize sizes[] = {1, 7, 441, 4093};
  Fixture *whole = play (11025, 2345, G_MAXINT, 0);
  fail_unless_equals_int (whole->windows->len, 5);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Fixture *cut = play (11025, 2345, sizes[i], 0);
    fixture_assert_same (cut, whole);
    fixture_free (cut);
  }
  fixture_free (whole);
}
GST_END_TEST

GST_START_TEST (test_end_on_boundary)
{
  Fixture *fixture = play (16000, 2000, 512, 0);
  fail_unless_equals_int (fixture->windows->len, 4);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 3, "timestamp"), GST_SECOND);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_short_streams)
{
  /* Shorter than the first partial window. */
  Fixture *fixture = play (16000, 300, 160, 0);
  gboolean partial = FALSE;
  fail_unless_equals_int (fixture->windows->len, 1);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 0, "duration"), 300 * GST_MSECOND);
  fail_unless (
      gst_structure_get_boolean (g_ptr_array_index (fixture->windows, 0), "partial", &partial) &&
      partial);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fixture_free (fixture);

  /* Shorter than an analysis frame: no result. */
  fixture = play (16000, 10, 160, 0);
  fail_unless_equals_int (fixture->windows->len, 0);
  fail_unless_equals_int (fixture->summaries->len, 0);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_end_before_sound)
{
  /* Before caps, after caps, after an empty buffer. */
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  GstHarness *harness = fixture->harness;
  fail_unless (gst_pad_push_event (harness->srcpad, gst_event_new_stream_start ("test")));
  gst_pad_push_event (harness->srcpad, gst_event_new_eos ());
  fail_unless_equals_int (fixture_collect (fixture), 0);
  fixture_free (fixture);

  fixture = fixture_new_f32 (16000, 1);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture_collect (fixture), 0);
  fixture_free (fixture);

  fixture = fixture_new_f32 (16000, 1);
  fixture_push_buffer (fixture, gst_buffer_new ());
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture_collect (fixture), 0);
  fail_unless_equals_int (fixture->summaries->len, 0);
  fixture_free (fixture);
}
GST_END_TEST

/* Buffers without audio caps are an error; they do not pass unanalysed. */
GST_START_TEST (test_no_caps)
{
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  GstPad *pad = fixture->harness->srcpad;
  GstSegment segment;
  GError *error = NULL;
  gst_segment_init (&segment, GST_FORMAT_BYTES); /* as of filesrc */
  gst_pad_push_event (pad, gst_event_new_stream_start ("test"));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  fail_unless_equals_int (gst_pad_push (pad, gst_buffer_new_and_alloc (1000)),
                          GST_FLOW_NOT_NEGOTIATED);
  GstMessage *message = gst_bus_pop_filtered (fixture->bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION));
  g_error_free (error);
  gst_message_unref (message);
  fixture_free (fixture);
}
GST_END_TEST

/* An empty buffer in the middle changes nothing. */
GST_START_TEST (test_empty_buffer)
{
  Fixture *plain = play (16000, 1300, 160, 0);
  Fixture *fixture = fixture_new_f32 (16000, 1);
  fixture_push (fixture, 600, 160, 0);
  GstBuffer *empty = gst_buffer_new ();
  GST_BUFFER_PTS (empty) = 600 * GST_MSECOND;
  fixture_push_buffer (fixture, empty);
  fixture_push (fixture, 700, 160, 600 * GST_MSECOND);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, plain);
  fixture_free (plain);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_no_timestamps)
{
  static const char *const unknown[] = {"timestamp", "stream-time", "running-time"};
  Fixture *fixture = play (16000, 1700, 160, GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (fixture->windows->len, 4);
  for (guint i = 0; i < 4; i++) {
    for (guint f = 0; f < G_N_ELEMENTS (unknown); f++)
      fail_if (gst_structure_has_field (g_ptr_array_index (fixture->windows, i), unknown[f]));
    fixture_time (fixture->windows, i, "duration");
  }
  fail_if (gst_structure_has_field (g_ptr_array_index (fixture->summaries, 0), "timestamp"));
  fixture_free (fixture);
}
GST_END_TEST

static void
push_constant (Fixture *fixture, guint n, float value)
{
  float *samples = g_new (float, n);
  for (guint i = 0; i < n; i++)
    samples[i] = value;
  fixture_push_buffer (fixture, gst_buffer_new_wrapped (samples, n * sizeof *samples));
}

GST_START_TEST (test_silence)
{
  Fixture *fixture = fixture_new_f32 (16000, 1);
  push_constant (fixture, 32000, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 4);
  for (guint i = 0; i < 4; i++) {
    fail_unless_equals_string (fixture_string (fixture->windows, i, "emotion"), "none");
    fail_unless_equals_string (fixture_string (fixture->windows, i, "reason"), "silence");
    number (g_ptr_array_index (fixture->windows, i), "confidence");
    number (g_ptr_array_index (fixture->windows, i), "level");
  }
  fixture_free (fixture);
}
GST_END_TEST

static void
count_warnings (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
                const gchar *function, gint line, GObject *object, GstDebugMessage *message,
                gpointer data)
{
  (void)file, (void)function, (void)line, (void)object, (void)message;
  if (level == GST_LEVEL_WARNING &&
      g_str_equal (gst_debug_category_get_name (category), "emotiondetect"))
    ++*(guint *)data;
}

/* One warning per stream, however many there are. */
GST_START_TEST (test_bad_sample_warning)
{
  guint warnings = 0;
  Fixture *fixture = fixture_new_f32 (16000, 1);
  gst_debug_set_active (TRUE);
  gst_debug_set_threshold_for_name ("emotiondetect", GST_LEVEL_WARNING);
  gst_debug_add_log_function (count_warnings, &warnings, NULL);
  fixture_push (fixture, 500, 160, GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (warnings, 0);
  for (guint stream = 1; stream <= 2; stream++) {
    push_constant (fixture, 300, NAN);
    push_constant (fixture, 300, NAN);
    fixture_push_event (fixture, gst_event_new_stream_start (stream == 1 ? "one" : "two"));
    fixture_push_segment (fixture, 1, 0, 0);
    fail_unless_equals_int (warnings, stream);
  }
  gst_debug_remove_log_function (count_warnings);
  fixture_free (fixture);
}
GST_END_TEST

/* NaN and infinite samples count as zeros. */
GST_START_TEST (test_bad_samples)
{
  static const float bad[] = {NAN, INFINITY, -INFINITY};
  Fixture *zeros = fixture_new_f32 (16000, 1);
  fixture_push (zeros, 500, 160, GST_CLOCK_TIME_NONE);
  push_constant (zeros, 3000, 0);
  fixture_push (zeros, 1000, 160, GST_CLOCK_TIME_NONE);
  fixture_push_eos (zeros);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Fixture *fixture = fixture_new_f32 (16000, 1);
    fixture_push (fixture, 500, 160, GST_CLOCK_TIME_NONE);
    push_constant (fixture, 3000, bad[i]);
    fixture_push (fixture, 1000, 160, GST_CLOCK_TIME_NONE);
    fixture_push_eos (fixture);
    fixture_assert_same (fixture, zeros);
    fixture_free (fixture);
  }
  fixture_free (zeros);
}
GST_END_TEST

static Suite *
windows_suite (void)
{
  Suite *suite = suite_create ("windows");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_fields);
  tcase_add_test (tests, test_times);
  tcase_add_test (tests, test_no_drift);
  tcase_add_test (tests, test_buffer_sizes);
  tcase_add_test (tests, test_end_on_boundary);
  tcase_add_test (tests, test_short_streams);
  tcase_add_test (tests, test_end_before_sound);
  tcase_add_test (tests, test_no_caps);
  tcase_add_test (tests, test_empty_buffer);
  tcase_add_test (tests, test_no_timestamps);
  tcase_add_test (tests, test_silence);
  tcase_add_test (tests, test_bad_samples);
  tcase_add_test (tests, test_bad_sample_warning);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (windows)
