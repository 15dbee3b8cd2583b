/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which channels are heard: their mean, each by itself, or the first one. */
#include "fixture.h"

#define RATE 16000

static Fixture *
play (const char *mode, guint channels, guint first_channel, const char *layout)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), layout, RATE, channels);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", mode);
  fixture->first_channel = first_channel;
  fixture_push (fixture, 2200, 441, 0);
  fixture_push_eos (fixture);
  g_free (caps);
  return fixture;
}

static gint
get_channel (const GstStructure *message)
{
  gint channel = -1;
  gst_structure_get_int (message, "channel", &channel);
  return channel;
}

/* Of those messages that have `channel` set to this, fails unless they are `alone` otherwise. */
static void
assert_channel (GPtrArray *messages, gint channel, GPtrArray *alone)
{
  guint n = 0;
  for (guint i = 0; i < messages->len; i++) {
    if (get_channel (g_ptr_array_index (messages, i)) != channel)
      continue;
    GstStructure *message = gst_structure_copy (g_ptr_array_index (messages, i));
    gst_structure_remove_field (message, "channel");
    fail_unless (n < alone->len);
    fail_unless (gst_structure_is_equal (message, g_ptr_array_index (alone, n++)));
    gst_structure_free (message);
  }
  fail_unless_equals_int (n, alone->len);
}

static void
check_separate (guint channels, const char *layout)
{
  Fixture *fixture = play ("separate", channels, 0, layout);
  for (guint channel = 0; channel < channels; channel++) {
    Fixture *alone = play ("mix", 1, channel, "interleaved");
    assert_channel (fixture->windows, (gint)channel, alone->windows);
    assert_channel (fixture->summaries, (gint)channel, alone->summaries);
    fixture_free (alone);
  }
  fixture_free (fixture);
}

/* Each channel is heard as if it were a stream of its own. */
GST_START_TEST (test_separate)
{
  check_separate (2, "interleaved");
  check_separate (2, "non-interleaved");
  check_separate (1, "interleaved");
  check_separate (7, "interleaved");
}
GST_END_TEST

/* The results of the channels alternate, in order of time. */
GST_START_TEST (test_order)
{
  Fixture *fixture = play ("separate", 3, 0, "interleaved");
  fail_unless_equals_int (fixture->windows->len, 3 * 5);
  for (guint i = 0; i < fixture->windows->len; i++)
    fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, i)), (gint)i % 3);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_first)
{
  static const char *const layouts[] = {"interleaved", "non-interleaved"};
  Fixture *alone = play ("mix", 1, 0, "interleaved");
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    Fixture *fixture = play ("first", 5, 0, layouts[i]);
    assert_channel (fixture->windows, 0, alone->windows);
    assert_channel (fixture->summaries, 0, alone->summaries);
    fail_unless_equals_int (fixture->windows->len, alone->windows->len);
    fixture_free (fixture);
  }
  fixture_free (alone);
}
GST_END_TEST

GST_START_TEST (test_many)
{
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "interleaved", 8000, 64);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1100, 1009, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 3 * 64);
  fail_unless_equals_int (fixture->summaries->len, 64);
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* A change of the mode comes with the next window, and the summary is of what follows it. */
GST_START_TEST (test_while_playing)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  fixture_push (fixture, 700, 160, 0);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1800, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 1)), -1);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 2)), 0);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 3)), 1);
  fail_unless_equals_int (fixture->summaries->len, 2);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"),
                             fixture_time (fixture->windows, 2, "timestamp"));
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* Other caps: as many voices as there are channels then. */
GST_START_TEST (test_caps_change)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  char *more = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 3);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1200, 160, 0);
  fixture_set_caps (fixture, more);
  fixture_push (fixture, 1200, 160, 1200 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 3 * 2 + 3 * 3);
  fail_unless_equals_int (fixture->summaries->len, 3);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 1200 * GST_MSECOND);
  fixture_free (fixture);
  g_free (caps);
  g_free (more);
}
GST_END_TEST

/* Voices apart have no tags in common. */
GST_START_TEST (test_no_tags)
{
  Fixture *fixture = play ("separate", 2, 0, "interleaved");
  GstEvent *event;
  while ((event = gst_harness_try_pull_event (fixture->harness)) != NULL) {
    fail_if (GST_EVENT_TYPE (event) == GST_EVENT_TAG);
    gst_event_unref (event);
  }
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
channels_suite (void)
{
  Suite *suite = suite_create ("channels");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_separate);
  tcase_add_test (tests, test_order);
  tcase_add_test (tests, test_first);
  tcase_add_test (tests, test_many);
  tcase_add_test (tests, test_while_playing);
  tcase_add_test (tests, test_caps_change);
  tcase_add_test (tests, test_no_tags);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (channels)
