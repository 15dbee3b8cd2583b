/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Repeated state changes of the element, and the latency that it reports. */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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

static void
check_property (GstElement *element, GParamSpec *pspec)
{
  const GParamFlags mutability =
      GST_PARAM_MUTABLE_READY | GST_PARAM_MUTABLE_PAUSED | GST_PARAM_MUTABLE_PLAYING;
  const char *nick = g_param_spec_get_nick (pspec), *blurb = g_param_spec_get_blurb (pspec);
  gboolean writable = (pspec->flags & G_PARAM_WRITABLE) != 0;
  GValue value = G_VALUE_INIT;

  fail_unless (strlen (blurb) > 20 && g_ascii_isupper (*blurb), "%s: \"%s\"", pspec->name, blurb);
  fail_unless (g_ascii_isupper (*nick), "%s is called \"%s\"", pspec->name, nick);
  fail_unless ((pspec->flags & mutability) == (writable ? GST_PARAM_MUTABLE_PLAYING : 0), "%s",
               pspec->name);
  fail_unless_equals_int ((pspec->flags & GST_PARAM_CONTROLLABLE) != 0,
                          g_str_equal (pspec->name, "threshold"));
  if (pspec->value_type == G_TYPE_UINT64)
    fail_unless (strstr (blurb, "in nanoseconds") != NULL, "%s has no unit", pspec->name);

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), pspec->name, &value);
  fail_unless (g_param_value_defaults (pspec, &value), "%s is not preset", pspec->name);
  g_value_unset (&value);
}

/* Each property has a description, states when it can be set, and has a default. */
GST_START_TEST (test_properties)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  guint n, n_own = 0;
  GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  for (guint i = 0; i < n; i++) {
    if (pspecs[i]->owner_type != G_OBJECT_TYPE (element))
      continue;
    check_property (element, pspecs[i]);
    n_own++;
  }
  fail_unless (n_own >= 21);
  g_free (pspecs);
  gst_object_unref (element);
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

/* Without a model it fails to start, posts an error each time, and can be freed. */
GST_START_TEST (test_without_model)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstBus *bus = gst_bus_new ();
  gst_element_set_bus (element, bus);
  g_object_set (element, "model", "/nowhere/x.emotion", NULL);
  for (guint i = 0; i < 20; i++) {
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_READY),
                            GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (
        gst_element_set_state (element, i % 2 ? GST_STATE_PAUSED : GST_STATE_PLAYING),
        GST_STATE_CHANGE_FAILURE);
    GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    fail_unless (message != NULL);
    gst_message_unref (message);
    fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR) == NULL);
    if (i % 3 == 0)
      gst_element_set_state (element, GST_STATE_NULL);
  }
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bus_set_flushing (bus, TRUE);
  gst_element_set_bus (element, NULL);
  ASSERT_OBJECT_REFCOUNT (element, "emotiondetect", 1);
  gst_object_unref (element);
  gst_object_unref (bus);
}
GST_END_TEST

/* --- A file that takes long to open: this program's open() replaces that of the C library. --- */

static GMutex gate_lock;
static GCond gate_moved;
static char *gate_path; /* the path to delay, or NULL */
static gboolean gate_reached;

static int
open_through_gate (const char *path, int flags, mode_t mode)
{
  g_mutex_lock (&gate_lock);
  if (g_strcmp0 (path, gate_path) == 0) {
    gate_reached = TRUE;
    g_cond_broadcast (&gate_moved);
    while (gate_path != NULL)
      g_cond_wait (&gate_moved, &gate_lock);
  }
  g_mutex_unlock (&gate_lock);
  return (int)syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT int
open64 (const char *path, int flags, ...)
{
  va_list arguments;
  va_start (arguments, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);
  return open_through_gate (path, flags, mode);
}

static gpointer
set_other_model (gpointer element)
{
  g_object_set (element, "model", fixture_other_model (), NULL);
  return NULL;
}

/* The states can change while a thread sets a model that takes long to load. */
GST_START_TEST (test_slow_model)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstStructure *info;
  g_object_set (element, "model", fixture_model (), NULL);
  gst_element_set_state (element, GST_STATE_PAUSED);
  gate_path = g_strdup (fixture_other_model ());
  GThread *thread = g_thread_new ("setter", set_other_model, element);

  g_mutex_lock (&gate_lock);
  while (!gate_reached)
    g_cond_wait (&gate_moved, &gate_lock);
  g_mutex_unlock (&gate_lock);
  for (guint i = 0; i < 3; i++) {
    gst_element_set_state (element, GST_STATE_READY);
    gst_element_set_state (element, GST_STATE_PLAYING);
  }
  g_mutex_lock (&gate_lock);
  g_clear_pointer (&gate_path, g_free);
  g_cond_broadcast (&gate_moved);
  g_mutex_unlock (&gate_lock);

  g_thread_join (thread);
  g_object_get (element, "model-info", &info, NULL);
  fail_unless_equals_string (gst_structure_get_string (info, "model"), "two.emotion");
  gst_structure_free (info);
  gst_element_set_state (element, GST_STATE_NULL);
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

/* A run that starts at another position than the one before has its own times. */
GST_START_TEST (test_restart_elsewhere)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", 16000, 1);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  fixture_push (fixture, 1700, 160, 0);
  gst_element_set_state (fixture->element, GST_STATE_READY);
  gst_element_set_state (fixture->element, GST_STATE_PLAYING);
  fixture_push_event (fixture, gst_event_new_stream_start ("again"));
  fixture_set_caps (fixture, caps);
  fixture_push_segment (fixture, 1, 4 * GST_SECOND, 2 * GST_SECOND);
  fixture_push (fixture, 1200, 160, 5 * GST_SECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 5 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "running-time"), 3 * GST_SECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 1200 * GST_MSECOND);
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* Stopped in the middle of a window, and with settings that are not yet applied. */
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
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_metadata);
  tcase_add_test (tests, test_properties);
  tcase_add_test (tests, test_up_and_down);
  tcase_add_test (tests, test_without_model);
  tcase_add_test (tests, test_slow_model);
  tcase_add_test (tests, test_restarts);
  tcase_add_test (tests, test_restart_elsewhere);
  tcase_add_test (tests, test_stop_anywhere);
  tcase_add_test (tests, test_latency);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (states)
