/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of changes and summaries, and when each is posted. */
#include <math.h>

#include "core/emotion.h"
#include "core/features/feature-set.h"
#include "fixture.h"

#define RATE 16000

static Fixture *
play (const char *mode, guint ms)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "message-mode", mode);
  fixture->restless = TRUE;
  fixture_push (fixture, ms, 160, 0);
  fixture_push_eos (fixture);
  return fixture;
}

static void
remove_fields (gpointer message, gpointer data)
{
  (void)data;
  gst_structure_remove_fields (message, "type", "previous", NULL);
}

/* A change has the window that caused it and the previous prediction; with "both", both messages
 * are posted. */
GST_START_TEST (test_modes)
{
  Fixture *interval = play ("interval", 12000), *change = play ("change", 12000),
          *both = play ("both", 12000);
  const char *before = "none";
  guint n = 0;

  fail_unless_equals_int (interval->changes->len, 0);
  fail_unless_equals_int (change->windows->len, 0);
  fail_unless_equals_int (change->changes->len, both->changes->len);
  fixture_assert_same (both, interval); /* windows and summaries */
  for (guint i = 0; i < change->changes->len; i++)
    fail_unless (gst_structure_is_equal (g_ptr_array_index (change->changes, i),
                                         g_ptr_array_index (both->changes, i)));
  fail_unless_equals_int (change->summaries->len, 1);

  g_ptr_array_foreach (both->windows, remove_fields, NULL);
  for (guint i = 0; i < both->windows->len; i++) {
    const char *emotion = fixture_string (both->windows, i, "emotion");
    if (g_str_equal (emotion, before))
      continue;
    fail_unless_equals_string (fixture_string (both->changes, n, "previous"), before);
    GstStructure *message = gst_structure_copy (g_ptr_array_index (both->changes, n++));
    remove_fields (message, NULL);
    fail_unless (gst_structure_is_equal (message, g_ptr_array_index (both->windows, i)));
    gst_structure_free (message);
    before = emotion;
  }
  fail_unless_equals_int (n, both->changes->len);
  fail_unless (n >= 4);
  fixture_free (interval);
  fixture_free (change);
  fixture_free (both);
}
GST_END_TEST

static void
push_gaps (Fixture *fixture, guint ms, GstClockTime pts)
{
  for (guint i = 0; i < ms / 100; i++) {
    GstBuffer *buffer = fixture_make (fixture, 0, RATE / 10);
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
    GST_BUFFER_PTS (buffer) = pts + i * 100 * GST_MSECOND;
    fixture_push_buffer (fixture, buffer);
  }
}

/* Both edges: to none and from it, with the reason. */
GST_START_TEST (test_edges)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "message-mode", "change");
  push_gaps (fixture, 1500, 0);
  fail_unless_equals_int (fixture_collect (fixture), 0);
  fail_unless_equals_int (fixture->changes->len, 0);
  fixture_push (fixture, 2000, 160, 1500 * GST_MSECOND);
  push_gaps (fixture, 1500, 3500 * GST_MSECOND);
  fixture_push (fixture, 1500, 160, 5000 * GST_MSECOND);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->changes->len, 3);
  fail_unless_equals_string (fixture_string (fixture->changes, 0, "previous"), "none");
  fail_unless_equals_string (fixture_string (fixture->changes, 1, "emotion"), "none");
  fail_unless_equals_string (fixture_string (fixture->changes, 1, "reason"), "silence");
  fail_unless_equals_string (fixture_string (fixture->changes, 1, "previous"),
                             fixture_string (fixture->changes, 0, "emotion"));
  fail_unless_equals_string (fixture_string (fixture->changes, 2, "previous"), "none");
  fixture_free (fixture);
}
GST_END_TEST

/* Sound, a gap event of 5 s, and sound. */
static Fixture *
play_gap (const char *mode, const char *channel_mode)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  Fixture *fixture = fixture_new (caps, "post-tags", TRUE, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "message-mode", mode);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", channel_mode);
  fixture_push (fixture, 2000, 160, 0);
  fixture_push_event (fixture, gst_event_new_gap (2 * GST_SECOND, 5 * GST_SECOND));
  g_free (caps);
  return fixture;
}

/* The tags now. */
static char *
get_tag (Fixture *fixture)
{
  GstEvent *event = gst_pad_get_sticky_event (fixture->harness->sinkpad, GST_EVENT_TAG, 0);
  GstTagList *tags;
  char *emotion = NULL;
  gst_event_parse_tag (event, &tags);
  gst_tag_list_get_string (tags, "emotion", &emotion);
  gst_event_unref (event);
  return emotion;
}

/* A gap longer than a window sets the prediction to none because of silence, immediately and once,
 * and the next prediction is a change; in each mode, and in properties and tags. */
GST_START_TEST (test_long_gap)
{
  static const char *const modes[] = {"interval", "change", "both"};
  for (guint m = 0; m < G_N_ELEMENTS (modes); m++) {
    Fixture *fixture = play_gap (modes[m], "mix");
    char *last, *tag = get_tag (fixture);
    g_object_get (fixture->element, "last-emotion", &last, NULL);
    fail_unless_equals_string (last, "none");
    fail_unless_equals_string (tag, "none");
    fixture_collect (fixture);
    GPtrArray *kinds[] = {fixture->windows, fixture->changes};
    for (guint k = 0; k < 2; k++) {
      guint n = kinds[k]->len;
      fail_unless_equals_int (n > 0, m == 2 || m == k);
      if (n == 0)
        continue;
      fail_unless_equals_string (fixture_string (kinds[k], n - 1, "emotion"), "none");
      fail_unless_equals_string (fixture_string (kinds[k], n - 1, "reason"), "silence");
      fail_unless_equals_uint64 (fixture_time (kinds[k], n - 1, "timestamp"), 2 * GST_SECOND);
      fail_unless_equals_uint64 (fixture_time (kinds[k], n - 1, "running-time"), 2 * GST_SECOND);
      fail_unless_equals_uint64 (fixture_time (kinds[k], n - 1, "duration"), MODEL_WINDOW);
      fail_unless (fixture_number (kinds[k], n - 1, "speech-ratio") == 0);
      fail_unless (fixture_number (kinds[k], n - 1, "level") == -120);
      fail_unless (gst_structure_has_field (g_ptr_array_index (kinds[k], n - 1), "scores"));
    }
    guint before = fixture->changes->len;
    fixture_push_event (fixture, gst_event_new_gap (7 * GST_SECOND, 5 * GST_SECOND));
    fixture_push (fixture, 2000, 160, 12 * GST_SECOND);
    fixture_collect (fixture);
    fail_unless_equals_int (fixture->changes->len, m == 0 ? 0 : before + 1);
    if (m > 0)
      fail_unless_equals_string (fixture_string (fixture->changes, before, "previous"), "none");
    g_free (last);
    g_free (tag);
    fixture_free (fixture);
  }
}
GST_END_TEST

/* Of each channel that is analysed separately, and with any thresholds. */
GST_START_TEST (test_long_gap_of_channels)
{
  Fixture *fixture = play_gap ("change", "separate");
  fixture_collect (fixture);
  for (guint k = fixture->changes->len - 2; k < fixture->changes->len; k++)
    fail_unless_equals_string (fixture_string (fixture->changes, k, "reason"), "silence");
  fixture_free (fixture);

  fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "silence-threshold", -120., "min-speech-ratio", 0., "threshold",
                0., NULL);
  fixture_push (fixture, 2000, 160, 0);
  fixture_push_event (fixture, gst_event_new_gap (2 * GST_SECOND, 5 * GST_SECOND));
  guint n = fixture_collect (fixture);
  fail_unless_equals_string (fixture_string (fixture->windows, n - 1, "reason"), "silence");
  fixture_free (fixture);
}
GST_END_TEST

/* A value that the application already has is not posted again, whatever happens in between, except
 * after the end of a stream. */
GST_START_TEST (test_posted_once)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "message-mode", "change");
  fixture_push (fixture, 1200, 160, 0);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->changes->len, 1);
  for (guint kind = 0; kind < 5; kind++) {
    char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 1 + kind % 2);
    if (kind == 0) {
      fixture_push_event (fixture, gst_event_new_flush_start ());
      fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
      fixture_push_segment (fixture, 1, 0, 0);
    } else if (kind == 1) {
      fixture_set_caps (fixture, caps);
    } else if (kind == 2) {
      fixture_push_segment (fixture, 1, 30 * GST_SECOND, 0);
    } else if (kind == 3) {
      g_object_set (fixture->element, "interval", 250 * GST_MSECOND, NULL);
    } /* otherwise a jump in time */
    fixture_push (fixture, 1200, 160, (30 + 10 * kind) * GST_SECOND);
    fixture_collect (fixture);
    fail_unless_equals_int (fixture->changes->len, 1);
    g_free (caps);
  }
  fixture_push_event (fixture, gst_event_new_stream_start ("another"));
  fixture_push_segment (fixture, 1, 0, 0);
  fixture_push (fixture, 1200, 160, 0);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->changes->len, 2);
  fail_unless_equals_string (fixture_string (fixture->changes, 1, "previous"), "none");
  fixture_free (fixture);
}
GST_END_TEST

/* The summary's times are those of the windows' predictions; each prediction stands for the time
 * that its window adds. */
GST_START_TEST (test_summary)
{
  Fixture *fixture = play ("both", 12345);
  const GstStructure *summary = g_ptr_array_index (fixture->summaries, 0);
  const GstStructure *fractions =
      gst_value_get_structure (gst_structure_get_value (summary, "fractions"));
  const GstStructure *longest =
      gst_value_get_structure (gst_structure_get_value (summary, "longest-stretch"));
  guint64 by_label[5] = {0}, end = 0, since = 0, best_start = 0, best_length = 0;
  static const char *const labels[] = {"none", "angry", "happy", "neutral", "sad"};
  const char *before = "", *best = "";
  double sum = 0;

  fail_unless_equals_int (gst_structure_n_fields (fractions), 5);
  for (guint i = 0; i < fixture->windows->len; i++) {
    const char *emotion = fixture_string (fixture->windows, i, "emotion");
    guint64 from = end;
    end = fixture_time (fixture->windows, i, "timestamp") +
          fixture_time (fixture->windows, i, "duration");
    for (guint k = 0; k < 5; k++)
      by_label[k] += g_str_equal (labels[k], emotion) ? end - from : 0;
    if (!g_str_equal (emotion, before))
      since = from;
    before = emotion;
    if (end - since > best_length) {
      best = emotion;
      best_start = since;
      best_length = end - since;
    }
  }
  fail_unless_equals_uint64 (end, 12345 * GST_MSECOND);
  for (guint k = 0; k < 5; k++) {
    double fraction = -1;
    fail_unless (gst_structure_get_double (fractions, labels[k], &fraction));
    fail_unless (fabs (fraction - (double)by_label[k] / (double)end) < 1e-6);
    sum += fraction;
  }
  fail_unless (fabs (sum - 1) < 1e-9);
  fail_unless_equals_string (gst_structure_get_string (longest, "emotion"), best);
  fail_unless_equals_uint64 (g_value_get_uint64 (gst_structure_get_value (longest, "timestamp")),
                             best_start);
  fail_unless_equals_uint64 (g_value_get_uint64 (gst_structure_get_value (longest, "duration")),
                             best_length);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "transitions"),
                             fixture->changes->len);
  fail_if (gst_structure_has_field (summary, "partial"));
  fixture_free (fixture);
}
GST_END_TEST

/* In a stream without timestamps, the longest segment has none either. */
GST_START_TEST (test_summary_without_times)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 3000, 160, GST_CLOCK_TIME_NONE);
  fixture_push_eos (fixture);
  const GstStructure *longest = gst_value_get_structure (
      gst_structure_get_value (g_ptr_array_index (fixture->summaries, 0), "longest-stretch"));
  fail_if (gst_structure_has_field (longest, "timestamp"));
  fail_unless (gst_structure_has_field (longest, "duration"));
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_features)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  guint n = emotion_feature_set_find ("speech-1")->n_features;
  g_object_set (fixture->element, "send-features", TRUE, NULL);
  fixture_push (fixture, 1200, 160, 0);
  g_object_set (fixture->element, "send-features", FALSE, NULL);
  fixture_push (fixture, 800, 160, 1200 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 4);
  for (guint i = 0; i < 2; i++) {
    const GValue *features =
        gst_structure_get_value (g_ptr_array_index (fixture->windows, i), "features");
    fail_unless (features != NULL && GST_VALUE_HOLDS_ARRAY (features));
    fail_unless_equals_int (gst_value_array_get_size (features), n);
    for (guint k = 0; k < n; k++) {
      const GValue *feature = gst_value_array_get_value (features, k);
      fail_unless (G_VALUE_HOLDS_DOUBLE (feature) && isfinite (g_value_get_double (feature)));
    }
  }
  fail_if (gst_structure_has_field (g_ptr_array_index (fixture->windows, 2), "features"));
  fail_if (gst_structure_has_field (g_ptr_array_index (fixture->summaries, 0), "features"));
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
messages_suite (void)
{
  Suite *suite = suite_create ("messages");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_modes);
  tcase_add_test (tests, test_edges);
  tcase_add_test (tests, test_long_gap);
  tcase_add_test (tests, test_long_gap_of_channels);
  tcase_add_test (tests, test_posted_once);
  tcase_add_test (tests, test_summary);
  tcase_add_test (tests, test_summary_without_times);
  tcase_add_test (tests, test_features);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (messages)
