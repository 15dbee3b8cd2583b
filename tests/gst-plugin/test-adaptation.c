/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the adaptation learns from a stream, how long it keeps that, and that it can be switched
 * off. */
#include <glib/gstdio.h>

#include "common/test-model.h"
#include "fixture.h"

#define RATE 16000

static char *adapting_model;

static void
setup (void)
{
  fixture_setup_models ();
  adapting_model = g_build_filename (fixture_folder (), "adapting.emotion", NULL);
  test_model_save_adapting (adapting_model, 3);
}

static void
teardown (void)
{
  g_remove (adapting_model);
  g_clear_pointer (&adapting_model, g_free);
  fixture_remove_models ();
}

static Fixture *
new_fixture (guint channels)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, channels);
  Fixture *fixture = fixture_new (caps, "model", adapting_model, NULL);
  g_free (caps);
  return fixture;
}

/* The first sound; the element adapts to it or not. */
static void
push_first (Fixture *fixture)
{
  fixture->position = 0;
  fixture_push (fixture, 3000, 160, 0);
  fixture_collect (fixture);
}

/* Another sound, much later, with its end and summary. */
static void
push_second (Fixture *fixture)
{
  fixture->position = 50 * RATE;
  fixture->restless = TRUE;
  fixture_push (fixture, 2000, 160, 50 * GST_SECOND);
  fixture_push_eos (fixture);
}

static void
flush (Fixture *fixture)
{
  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_segment (fixture, 1, 0, 0);
}

static void
start_stream (Fixture *fixture, const char *id)
{
  fixture_push_event (fixture, gst_event_new_stream_start (id));
  fixture_push_segment (fixture, 1, 0, 0);
}

static void
jump (Fixture *fixture)
{
  (void)fixture; /* push_second() adds one */
}

static void
end (Fixture *fixture)
{
  fixture_push_eos (fixture);
  flush (fixture);
}

static void
end_segment (Fixture *fixture)
{
  fixture_push_event (fixture, gst_event_new_segment_done (GST_FORMAT_TIME, 3 * GST_SECOND));
}

static void
begin_segment (Fixture *fixture)
{
  fixture_push_segment (fixture, 1, 40 * GST_SECOND, 3 * GST_SECOND);
}

static void
change_interval (Fixture *fixture)
{
  g_object_set (fixture->element, "interval", 2 * MODEL_INTERVAL, NULL);
  fixture_push (fixture, 100, 160, 3 * GST_SECOND);
  g_object_set (fixture->element, "interval", MODEL_INTERVAL, NULL);
}

static void
reset (Fixture *fixture)
{
  g_signal_emit_by_name (fixture->element, "reset");
}

static void
begin_stream (Fixture *fixture)
{
  start_stream (fixture, "another");
}

static void
set_rate (Fixture *fixture, guint rate)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", rate, 1);
  fixture_set_caps (fixture, caps);
  g_free (caps);
}

static void
change_rate (Fixture *fixture)
{
  set_rate (fixture, 3 * RATE);
  fixture_push (fixture, 100, 160, 3 * GST_SECOND);
  set_rate (fixture, RATE);
}

static void
restart (Fixture *fixture)
{
  gst_element_set_state (fixture->element, GST_STATE_READY);
  gst_element_set_state (fixture->element, GST_STATE_PLAYING);
  start_stream (fixture, "first");
  set_rate (fixture, RATE);
}

static void
change_model (Fixture *fixture)
{
  g_object_set (fixture->element, "model", fixture_model (), NULL);
  fixture_push (fixture, 100, 160, 3 * GST_SECOND);
  g_object_set (fixture->element, "model", adapting_model, NULL);
}

/* The windows of the second sound after the first one and `between`, or alone if that is NULL. */
static GPtrArray *
play (void (*between) (Fixture *fixture), const char *mode)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func ((GDestroyNotify)gst_structure_free);
  Fixture *fixture = new_fixture (1);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "adaptation", mode);
  start_stream (fixture, "first");
  if (between != NULL) {
    push_first (fixture);
    between (fixture);
  }
  push_second (fixture);
  for (guint i = 0; i < fixture->windows->len; i++) {
    if (fixture_time (fixture->windows, i, "timestamp") >= 50 * GST_SECOND)
      g_ptr_array_add (windows, gst_structure_copy (g_ptr_array_index (fixture->windows, i)));
  }
  fixture_free (fixture);
  return windows;
}

static gboolean
same_scores (const GstStructure *a, const GstStructure *b)
{
  return gst_structure_is_equal (gst_value_get_structure (gst_structure_get_value (a, "scores")),
                                 gst_value_get_structure (gst_structure_get_value (b, "scores")));
}

static gboolean
all_same_scores (GPtrArray *a, GPtrArray *b)
{
  gboolean same = TRUE;
  fail_unless_equals_int (a->len, b->len);
  for (guint i = 0; i < a->len; i++)
    same = same && same_scores (g_ptr_array_index (a, i), g_ptr_array_index (b, i));
  return same;
}

/* The learnt mean outlives events within the same stream, and nothing else. */
GST_START_TEST (test_kept)
{
  static const struct {
    void (*between) (Fixture *fixture);
    const char *name;
    gboolean kept;
  } cases[] = {
      {flush, "flush", TRUE},
      {jump, "jump", TRUE},
      {end, "EOS", TRUE},
      {end_segment, "SEGMENT_DONE", TRUE},
      {begin_segment, "segment", TRUE},
      {change_interval, "interval", TRUE},
      {change_rate, "rate", TRUE},
      {reset, "reset", FALSE},
      {begin_stream, "stream-start", FALSE},
      {restart, "READY", FALSE},
      {change_model, "model", FALSE},
  };
  GPtrArray *alone = play (NULL, "running"), *plain = play (NULL, "none");
  fail_unless_equals_int (alone->len, 4);
  fail_if (all_same_scores (alone, plain));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GPtrArray *windows = play (cases[i].between, "running");
    fail_unless (all_same_scores (windows, alone) != cases[i].kept, "%s", cases[i].name);
    g_ptr_array_unref (windows);
    /* Without adaptation, the earlier sound makes no difference. */
    windows = play (cases[i].between, "none");
    fail_unless (all_same_scores (windows, plain), "%s", cases[i].name);
    g_ptr_array_unref (windows);
  }
  g_ptr_array_unref (alone);
  g_ptr_array_unref (plain);
}
GST_END_TEST

/* Switched while playing: takes effect with the next result. */
GST_START_TEST (test_switched)
{
  Fixture *fixture = new_fixture (1), *plain = new_fixture (1);
  gst_util_set_object_arg (G_OBJECT (plain->element), "adaptation", "none");
  fixture_push (fixture, 1200, 160, 0);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "adaptation", "none");
  fixture_push (fixture, 1000, 160, 1200 * GST_MSECOND);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "adaptation", "running");
  fixture_push (fixture, 1000, 160, 2200 * GST_MSECOND);
  fixture_push (plain, 3200, 160, 0);
  fail_unless_equals_int (fixture_collect (fixture), 6);
  fail_unless_equals_int (fixture_collect (plain), 6);
  for (guint i = 0; i < 6; i++)
    fail_unless_equals_int (same_scores (g_ptr_array_index (fixture->windows, i),
                                         g_ptr_array_index (plain->windows, i)),
                            i == 2 || i == 3);
  fixture_free (fixture);
  fixture_free (plain);
}
GST_END_TEST

/* Each channel adapts separately. */
GST_START_TEST (test_separate)
{
  Fixture *both = new_fixture (2);
  gst_util_set_object_arg (G_OBJECT (both->element), "channel-mode", "separate");
  fixture_push (both, 3000, 160, 0);
  fixture_collect (both);
  for (guint channel = 0; channel < 2; channel++) {
    Fixture *one = new_fixture (1);
    one->first_channel = channel;
    fixture_push (one, 3000, 160, 0);
    fail_unless_equals_int (2 * fixture_collect (one), both->windows->len);
    for (guint i = 0; i < one->windows->len; i++)
      fail_unless (same_scores (g_ptr_array_index (both->windows, 2 * i + channel),
                                g_ptr_array_index (one->windows, i)));
    fixture_free (one);
  }
  fixture_free (both);
}
GST_END_TEST

GST_START_TEST (test_model_info)
{
  Fixture *fixture = new_fixture (1);
  for (guint i = 0; i < 2; i++) {
    GstStructure *info;
    g_object_set (fixture->element, "model", i == 0 ? adapting_model : fixture_model (), NULL);
    g_object_get (fixture->element, "model-info", &info, NULL);
    fail_unless_equals_string (gst_structure_get_string (info, "adaptation"),
                               i == 0 ? "running" : "none");
    gst_structure_free (info);
  }
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
adaptation_suite (void)
{
  Suite *suite = suite_create ("adaptation");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, setup, teardown);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_kept);
  tcase_add_test (tests, test_switched);
  tcase_add_test (tests, test_separate);
  tcase_add_test (tests, test_model_info);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (adaptation)
