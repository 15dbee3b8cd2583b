/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element up and down its states, again and again, and what it says of latency. */
#include "fixture.h"

GST_START_TEST (test_metadata)
{
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  GstElementFactory *factory = gst_element_get_factory (fixture->element);
  fail_unless_equals_string (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_LONGNAME),
      "Speech emotion detector");
  fail_unless_equals_string (gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
                             "Filter/Analyzer/Audio");
  fail_unless_equals_int (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)),
                          GST_RANK_NONE);
  fail_unless_equals_string (G_OBJECT_TYPE_NAME (fixture->element), "GstEmotionDetect");
  fail_unless (gst_tag_exists ("emotion") && gst_tag_exists ("emotion-confidence"));
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_up_and_down)
{
  static const GstState course[] = {
      GST_STATE_READY,  GST_STATE_NULL,    GST_STATE_READY,  GST_STATE_PAUSED, GST_STATE_READY,
      GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY,  GST_STATE_PAUSED,
      GST_STATE_NULL,   GST_STATE_PLAYING, GST_STATE_NULL,
  };
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  g_object_set (element, "model", fixture_model (), NULL);
  for (guint i = 0; i < 5 * G_N_ELEMENTS (course); i++)
    fail_unless_equals_int (gst_element_set_state (element, course[i % G_N_ELEMENTS (course)]),
                            GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (element);
}
GST_END_TEST

static GPtrArray *
run_to_end (GstElement *pipeline)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_free);
  GstBus *bus = gst_element_get_bus (pipeline);
  gboolean done = FALSE;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR);
    done = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    if (gst_message_has_name (message, "emotiondetect"))
      g_ptr_array_add (messages, gst_structure_to_string (gst_message_get_structure (message)));
    gst_message_unref (message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  return messages;
}

/* Each run from NULL gives the same messages. */
GST_START_TEST (test_restarts)
{
  char *text = g_strdup_printf ("audiotestsrc wave=saw num-buffers=40 samplesperbuffer=4410 ! "
                                "emotiondetect model=%s ! fakesink",
                                fixture_model ());
  GstElement *pipeline = gst_parse_launch (text, NULL);
  GPtrArray *once = run_to_end (pipeline);
  fail_unless (once->len > 5);
  for (guint run = 0; run < 10; run++) {
    GPtrArray *again = run_to_end (pipeline);
    fail_unless_equals_int (again->len, once->len);
    for (guint i = 0; i < once->len; i++)
      fail_unless_equals_string (g_ptr_array_index (again, i), g_ptr_array_index (once, i));
    g_ptr_array_unref (again);
  }
  g_ptr_array_unref (once);
  gst_object_unref (pipeline);
  g_free (text);
}
GST_END_TEST

/* Stopped in the middle of a window, and with settings that nobody has taken. */
GST_START_TEST (test_stop_anywhere)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", 16000, 1);
  for (guint ms = 0; ms < 1500; ms += 230) {
    Fixture *fixture = fixture_new (caps, NULL, NULL);
    fixture_push (fixture, ms, 160, 0);
    g_object_set (fixture->element, "model", fixture_other_model (), "interval", 200 * GST_MSECOND,
                  NULL);
    fixture_free (fixture);
  }
  g_free (caps);
}
GST_END_TEST

GST_START_TEST (test_latency)
{
  Fixture *fixture = fixture_new_f32 (16000, 1);
  fixture_push (fixture, 100, 160, 0);
  fail_unless_equals_uint64 (gst_harness_query_latency (fixture->harness), 0);
  gst_harness_set_upstream_latency (fixture->harness, 30 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_harness_query_latency (fixture->harness), 30 * GST_MSECOND);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
states_suite (void)
{
  Suite *suite = suite_create ("states");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 60);
  tcase_add_test (tests, test_metadata);
  tcase_add_test (tests, test_up_and_down);
  tcase_add_test (tests, test_restarts);
  tcase_add_test (tests, test_stop_anywhere);
  tcase_add_test (tests, test_latency);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (states)
