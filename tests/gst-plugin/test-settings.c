/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties that are set while the stream is running. */
#include <glib/gstdio.h>

#include "fixture.h"

#define RATE 16000

static Fixture *
play_plain (guint ms)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, ms, 160, 0);
  fixture_push_eos (fixture);
  return fixture;
}

GST_START_TEST (test_properties)
{
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  guint64 window = 1, interval = 1;
  gboolean messages, tags;
  char *model;
  g_object_get (fixture->element, "window", &window, "interval", &interval, "post-messages",
                &messages, "post-tags", &tags, "model", &model, NULL);
  fail_unless (window == 0 && interval == 0 && messages && tags);
  fail_unless_equals_string (model, fixture_model ());
  g_free (model);

  /* Too short values are raised to the minimum. */
  g_object_set (fixture->element, "window", G_GUINT64_CONSTANT (1), "interval",
                G_GUINT64_CONSTANT (1), NULL);
  g_object_get (fixture->element, "window", &window, "interval", &interval, NULL);
  fail_unless_equals_uint64 (window, 100 * GST_MSECOND);
  fail_unless_equals_uint64 (interval, 10 * GST_MSECOND);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 2);
  fixture_free (fixture);
}
GST_END_TEST

/* Wrong settings before the start cause one warning at the start. */
GST_START_TEST (test_early_warnings)
{
  GstStructure *bad = gst_structure_from_string ("priors, neutral=1.5", NULL);
  GstStructure *good = gst_structure_from_string ("priors, neutral=0.5", NULL);
  for (guint mended = 0; mended < 2; mended++) {
    GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
    GstBus *bus = gst_bus_new ();
    g_object_set (element, "model", fixture_model (), "priors", bad, "window",
                  G_GUINT64_CONSTANT (3), NULL);
    if (mended)
      g_object_set (element, "priors", good, "window", 3 * GST_SECOND, NULL);
    gst_element_set_bus (element, bus);
    for (guint start = 0; start < 2; start++) {
      GstMessage *message;
      guint n = 0;
      gst_element_set_state (element, GST_STATE_PAUSED);
      while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING)) != NULL) {
        gst_message_unref (message);
        n++;
      }
      fail_unless_equals_int (n, mended || start > 0 ? 0 : 2);
      gst_element_set_state (element, GST_STATE_NULL);
    }
    gst_bus_set_flushing (bus, TRUE);
    gst_element_set_bus (element, NULL);
    gst_object_unref (bus);
    gst_object_unref (element);
  }
  gst_structure_free (bad);
  gst_structure_free (good);
}
GST_END_TEST

/* In the middle of a window, the new windows start where the next result of the old ones ends. */
GST_START_TEST (test_window_change)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "window", 200 * GST_MSECOND, "interval", 100 * GST_MSECOND, NULL);
  fixture_push (fixture, 800, 160, 700 * GST_MSECOND);
  fail_unless (fixture_collect (fixture) >= 4);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 1, "timestamp"), 0);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 1, "duration"), GST_SECOND);
  GstClockTime start = fixture_time (fixture->windows, 2, "timestamp");
  fail_unless (start >= GST_SECOND && start < 1050 * GST_MSECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 2, "duration"), 200 * GST_MSECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 3, "timestamp"),
                             start + 100 * GST_MSECOND);
  /* It is still one stream. */
  fixture_push_eos (fixture);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 0);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 1500 * GST_MSECOND);
  fixture_free (fixture);
}
GST_END_TEST

/* An interval longer than the window becomes as long as the window. */
GST_START_TEST (test_long_interval)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1), *same = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "interval", 50 * MODEL_WINDOW, NULL);
  g_object_set (same->element, "interval", MODEL_WINDOW, NULL);
  for (guint i = 0; i < 2; i++) {
    Fixture *played = i == 0 ? fixture : same;
    fixture_push (played, 1700, 160, 0);
    fixture_push (played, 1700, 160, 9 * GST_SECOND); /* the remainder before the jump counts */
    fixture_push_eos (played);
  }
  fail_unless_equals_int (fixture->windows->len, 4);
  fixture_assert_same (fixture, same);
  fixture_free (fixture);
  fixture_free (same);
}
GST_END_TEST

GST_START_TEST (test_model_swap)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "model", fixture_other_model (), NULL);
  fixture_push (fixture, 1800, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);

  fail_unless_equals_string (fixture_string (fixture->windows, 1, "model"), "one.emotion");
  GstClockTime start = fixture_time (fixture->windows, 2, "timestamp");
  fail_unless (start >= GST_SECOND && start < 1050 * GST_MSECOND);

  /* The results after it are those that the new model gives for the sound from there on. */
  Fixture *other = fixture_new_f32 (RATE, 1);
  g_object_set (other->element, "model", fixture_other_model (), NULL);
  other->position = gst_util_uint64_scale (start, RATE, GST_SECOND);
  guint rest = (guint)((2500 * GST_MSECOND - start) / GST_MSECOND);
  fail_unless_equals_uint64 (start + rest * GST_MSECOND, 2500 * GST_MSECOND);
  fixture_push (other, rest, 160, start);
  fixture_push_eos (other);
  fixture_assert_ends_like (fixture, 2, other);
  fail_unless_equals_string (fixture_string (fixture->summaries, 0, "model"), "two.emotion");
  fixture_free (fixture);
  fixture_free (other);
}
GST_END_TEST

/* A model set after the last result of a stream is first used for the next stream. */
GST_START_TEST (test_swap_before_end)
{
  Fixture *plain = play_plain (1400), *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 1400, 160, 0);
  g_object_set (fixture->element, "model", fixture_other_model (), NULL);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, plain);
  fixture_free (fixture);
  fixture_free (plain);
}
GST_END_TEST

static void
check_bad_swap (const char *path)
{
  Fixture *plain = play_plain (2500), *fixture = fixture_new_f32 (RATE, 1);
  char *model;
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "model", path, NULL);
  g_object_get (fixture->element, "model", &model, NULL);
  fail_unless_equals_string (model, fixture_model ());
  g_free (model);
  fixture_push (fixture, 1800, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_unless (g_strrstr (g_ptr_array_index (fixture->warnings, 0), path) != NULL);
  fixture_assert_same (fixture, plain);
  fixture_free (fixture);
  fixture_free (plain);
}

GST_START_TEST (test_bad_swap)
{
  char *path = g_build_filename (fixture_folder (), "bad.emotion", NULL);
  check_bad_swap (path);
  fail_unless (g_file_set_contents (path, "no model", -1, NULL));
  check_bad_swap (path);
  g_remove (path);
  g_free (path);
}
GST_END_TEST

/* Without messages the analysis continues. */
GST_START_TEST (test_post_messages)
{
  Fixture *plain = play_plain (3000), *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "post-messages", FALSE, NULL);
  fixture_push (fixture, 1000, 160, 700 * GST_MSECOND);
  fail_unless_equals_int (fixture_collect (fixture), 1);
  g_object_set (fixture->element, "post-messages", TRUE, NULL);
  fixture_push (fixture, 1300, 160, 1700 * GST_MSECOND);
  fixture_push_eos (fixture);

  /* Those that ended at 1 and 1.5 s were not posted. */
  g_ptr_array_remove_range (plain->windows, 1, 2);
  fixture_assert_same (fixture, plain);
  fixture_free (fixture);
  fixture_free (plain);
}
GST_END_TEST

typedef struct {
  GstElement *element;
  guint calls;
} Handler;

static GstBusSyncReply
set_all (GstBus *bus, GstMessage *message, gpointer data)
{
  Handler *handler = data;
  (void)bus;
  gboolean result = gst_message_has_name (message, "emotiondetect");
  gst_message_unref (message);
  if (!result)
    return GST_BUS_DROP;
  const char *model = handler->calls++ % 2 ? fixture_model () : fixture_other_model ();
  g_object_set (handler->element, "interval", (400 + handler->calls % 3) * GST_MSECOND, "window",
                900 * GST_MSECOND, "post-messages", TRUE, "post-tags", TRUE, "model", model, NULL);
  /* This handler posts a message itself. */
  g_object_set (handler->element, "model", "/nowhere/x.emotion", NULL);
  g_object_get (handler->element, "model", &model, NULL);
  g_free ((char *)model);
  return GST_BUS_DROP;
}

GST_START_TEST (test_sync_handler)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  Handler handler = {fixture->element, 0};
  gst_bus_set_sync_handler (fixture->bus, set_all, &handler, NULL);
  fixture_push (fixture, 5000, 160, 0);
  fixture_push_eos (fixture);
  fail_unless (handler.calls > 5);
  gst_bus_set_sync_handler (fixture->bus, NULL, NULL, NULL);
  fixture_free (fixture);
}
GST_END_TEST

static gpointer
set_without_end (gpointer data)
{
  Handler *handler = data;
  for (guint i = 0; g_atomic_int_get ((gint *)&handler->calls) == 0; i++)
    g_object_set (handler->element, "interval", (100 + i % 50) * GST_MSECOND, "model",
                  i % 2 ? fixture_model () : fixture_other_model (), "post-tags", i % 2, NULL);
  return NULL;
}

/* Two threads set properties while sound flows and its rate changes. */
GST_START_TEST (test_threads)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  Handler handler = {fixture->element, 0};
  GThread *threads[2];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("setter", set_without_end, &handler);
  for (guint i = 0; i < 10; i++) {
    char *caps =
        fixture_caps (GST_AUDIO_NE (F32), "interleaved", i % 2 ? RATE : RATE / 2, 1 + i % 3);
    fixture_set_caps (fixture, caps);
    fixture_push (fixture, 500, 160, i * 500 * GST_MSECOND);
    g_free (caps);
  }
  g_atomic_int_set ((gint *)&handler.calls, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fixture_push_eos (fixture);
  fail_unless (fixture->windows->len >= 10);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fail_unless_equals_int (fixture->warnings->len, 0);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
settings_suite (void)
{
  Suite *suite = suite_create ("settings");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_properties);
  tcase_add_test (tests, test_early_warnings);
  tcase_add_test (tests, test_window_change);
  tcase_add_test (tests, test_long_interval);
  tcase_add_test (tests, test_model_swap);
  tcase_add_test (tests, test_swap_before_end);
  tcase_add_test (tests, test_bad_swap);
  tcase_add_test (tests, test_post_messages);
  tcase_add_test (tests, test_sync_handler);
  tcase_add_test (tests, test_threads);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (settings)
