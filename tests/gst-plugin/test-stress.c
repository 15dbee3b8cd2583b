/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many threads use one element: they set and get properties, push events and buffers, and change
 * states. Longer with EMOTION_TEST_LONG; also meant for the thread sanitizer. */
#include <glib/gstdio.h>

#include "fixture.h"

#define RATE 16000

static guint
rounds (guint n)
{
  return g_getenv ("EMOTION_TEST_LONG") != NULL ? 20 * n : n;
}

typedef struct {
  GstElement *element;
  gint stop;
} Meddler;

static void
read_all (GstElement *element)
{
  char *model, *emotion, *dump;
  guint64 window, interval;
  double confidence, threshold;
  GstStructure *info, *priors;
  g_object_get (element, "model", &model, "last-emotion", &emotion, "window", &window, "interval",
                &interval, "last-confidence", &confidence, "model-info", &info, "priors", &priors,
                "threshold", &threshold, "dump-features", &dump, NULL);
  g_free (model);
  g_free (emotion);
  g_free (dump);
  g_clear_pointer (&info, gst_structure_free);
  g_clear_pointer (&priors, gst_structure_free);
}

/* Changes everything that can be changed, repeatedly. */
static gpointer
meddle (gpointer data)
{
  static const char *const modes[] = {"mix", "separate", "first", "single"};
  static const char *const messages[] = {"interval", "change", "both"};
  Meddler *meddler = data;
  char *dump = g_build_filename (fixture_folder (), "stress.csv", NULL);
  GstStructure *priors = gst_structure_from_string ("priors, neutral=0.7", NULL);
  for (guint i = 0; !g_atomic_int_get (&meddler->stop); i++) {
    GObject *object = G_OBJECT (meddler->element);
    g_object_set (object, "interval", (100 + i % 50) * GST_MSECOND, "min-window",
                  i % 3 * 100 * GST_MSECOND, "model",
                  i % 2 ? fixture_model () : fixture_other_model (), NULL);
    gst_util_set_object_arg (object, "channel-mode", modes[i % 4]);
    gst_util_set_object_arg (object, "adaptation", i / 2 % 2 ? "none" : "running");
    gst_util_set_object_arg (object, "message-mode", messages[i / 2 % 3]);
    g_object_set (object, "threshold", i % 5 * 0.2, "hysteresis", i % 7 * 0.1, "smoothing",
                  i % 4 * GST_SECOND, "hold-time", i % 4 * GST_SECOND, "silence-threshold",
                  -60. + i % 62, "min-speech-ratio", i % 3 * 0.4, "priors", i % 2 ? priors : NULL,
                  "attach-meta", i / 3 % 2, "send-features", i / 5 % 2, "post-tags", i / 7 % 2,
                  "post-messages", i / 11 % 2, "dump-features", i % 13 < 6 ? dump : NULL, NULL);
    if (i % 17 == 0)
      g_signal_emit_by_name (object, "reset");
    read_all (meddler->element);
  }
  gst_structure_free (priors);
  g_free (dump);
  return NULL;
}

static void
remove_dump (Fixture *fixture)
{
  char *dump = g_build_filename (fixture_folder (), "stress.csv", NULL);
  g_object_set (fixture->element, "dump-features", NULL, NULL);
  g_remove (dump);
  g_free (dump);
}

/* Two threads change all properties while sound flows, its caps change and events arrive. */
GST_START_TEST (test_properties)
{
  char *caps[] = {
      fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 1),
      fixture_caps (GST_AUDIO_NE (S16), "non-interleaved", RATE, 2),
      fixture_caps (GST_AUDIO_NE (S24), "interleaved", 11025, 3),
  };
  Fixture *fixture = fixture_new (caps[0], NULL, NULL);
  Meddler meddler = {fixture->element, 0};
  GThread *threads[2];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("meddler", meddle, &meddler);
  for (guint i = 0; i < rounds (30); i++) {
    GstClockTime pts = i * GST_SECOND;
    fixture_set_caps (fixture, caps[i / 2 % G_N_ELEMENTS (caps)]);
    fixture_push (fixture, 700, 441, pts);
    fixture_push_event (fixture, gst_event_new_gap (pts + 700 * GST_MSECOND, 300 * GST_MSECOND));
    if (i % 5 == 4) {
      fixture_push_event (fixture, gst_event_new_flush_start ());
      fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
      fixture_push_segment (fixture, 1, 0, 0);
    }
    fixture_collect (fixture);
  }
  g_atomic_int_set (&meddler.stop, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fixture_push_eos (fixture);
  for (guint i = 0; i < fixture->warnings->len; i++) /* only from the dump, if models differ */
    fail_unless (g_strrstr (g_ptr_array_index (fixture->warnings, i), "dump") != NULL, "%s",
                 (char *)g_ptr_array_index (fixture->warnings, i));
  remove_dump (fixture);
  fixture_free (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (caps); i++)
    g_free (caps[i]);
}
GST_END_TEST

static void
count (GObject *element, GParamSpec *pspec, gpointer data)
{
  (void)element, (void)pspec;
  g_atomic_int_inc ((gint *)data);
}

/* The stress helpers of GstHarness: buffers from two threads, states, properties and events from
 * others. */
GST_START_TEST (test_harness)
{
  char *text = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 1);
  GstCaps *caps = gst_caps_from_string (text);
  Fixture *fixture = fixture_new (text, NULL, NULL);
  GstHarness *harness = fixture->harness;
  GstSegment segment;
  GValue interval = G_VALUE_INIT, mode = G_VALUE_INIT;
  g_value_init (&interval, G_TYPE_UINT64);
  g_value_set_uint64 (&interval, 200 * GST_MSECOND);
  g_value_init (&mode, G_TYPE_BOOLEAN);
  g_value_set_boolean (&mode, TRUE);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  GstBuffer *buffer = fixture_make (fixture, 0, RATE / 10);
  GstEvent *gap = gst_event_new_gap (0, 20 * GST_MSECOND);
  gst_bus_set_flushing (fixture->bus, TRUE); /* nobody would read its messages */

  GstHarnessThread *threads[] = {
      gst_harness_stress_push_buffer_start (harness, caps, &segment, buffer),
      gst_harness_stress_push_buffer_start (harness, caps, &segment, buffer),
      gst_harness_stress_property_start_full (harness, "interval", &interval, 500),
      gst_harness_stress_property_start_full (harness, "attach-meta", &mode, 500),
      gst_harness_stress_push_event_start_full (harness, gap, 1000),
  };
  /* Until this many buffers have passed through. */
  guint n = rounds (300), seen = 0;
  while (gst_harness_buffers_received (harness) < n)
    g_thread_yield ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    seen += gst_harness_stress_thread_stop (threads[i]) > 0;
  fail_unless_equals_int (seen, G_N_ELEMENTS (threads));

  /* The states, while properties are set, until the element has started and stopped this many
   * times. */
  gint starts = 0;
  g_signal_connect (fixture->element, "notify::model-info", G_CALLBACK (count), &starts);
  threads[0] = gst_harness_stress_property_start_full (harness, "interval", &interval, 500);
  threads[1] = gst_harness_stress_statechange_start_full (harness, 0);
  threads[2] = gst_harness_stress_property_start_full (harness, "attach-meta", &mode, 500);
  for (guint i = 0; g_atomic_int_get (&starts) < (gint)rounds (100); i++) {
    read_all (fixture->element);
    g_object_set (fixture->element, "model", i % 2 ? fixture_model () : fixture_other_model (),
                  NULL);
  }
  for (guint i = 0; i < 3; i++)
    fail_unless (gst_harness_stress_thread_stop (threads[i]) > 0);
  gst_event_unref (gap);
  gst_buffer_unref (buffer);
  gst_caps_unref (caps);
  g_value_unset (&interval);
  g_value_unset (&mode);
  g_free (text);
  fixture_free (fixture);
}
GST_END_TEST

/* Elements are created, used and freed in several threads; the model is shared. */
static gpointer
come_and_go (gpointer data)
{
  (void)data;
  for (guint i = 0; i < rounds (10); i++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    fixture_push (fixture, 1100, 441, 0);
    fixture_push_eos (fixture);
    g_assert_cmpuint (fixture->windows->len, ==, 3);
    fixture_free (fixture);
  }
  return NULL;
}

GST_START_TEST (test_elements)
{
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", come_and_go, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}
GST_END_TEST

static Suite *
stress_suite (void)
{
  Suite *suite = suite_create ("stress");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 600);
  tcase_add_test (tests, test_properties);
  tcase_add_test (tests, test_harness);
  tcase_add_test (tests, test_elements);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (stress)
