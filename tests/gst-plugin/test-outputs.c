/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outputs besides messages, tags and dumped features: metas, readable properties, reset. */
#include "core/model/model.h"
#include "fixture.h"

#define RATE 16000

/* --- Meta --- */

/* The structures of the metas on `buffer`, named and typed like messages. */
static GPtrArray *
get_metas (GstBuffer *buffer)
{
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify)gst_structure_free);
  gpointer state = NULL;
  GstMeta *meta;
  GType api = gst_meta_get_info ("GstEmotionMeta")->api;
  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state, api)) != NULL) {
    GstStructure *copy = gst_structure_copy (gst_custom_meta_get_structure ((GstCustomMeta *)meta));
    gst_structure_set_name (copy, "emotiondetect");
    g_ptr_array_add (metas, copy);
  }
  return metas;
}

/* Pushes buffers of 100 ms that have a second owner, and checks the output. */
static void
check_metas (Fixture *fixture, guint n, GstClockTime pts, gboolean expected)
{
  guint at = fixture_collect (fixture);
  for (guint i = 0; i < n; i++) {
    GstBuffer *buffer = fixture_make (fixture, fixture->position, RATE / 10);
    fixture->position += RATE / 10;
    GST_BUFFER_PTS (buffer) = pts + i * 100 * GST_MSECOND;
    /* If there is none yet, GstAudioFilter sets it on a copy. */
    GST_BUFFER_DURATION (buffer) = 100 * GST_MSECOND;
    GST_BUFFER_OFFSET (buffer) = i;
    if (i % 5 == 4)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP | GST_BUFFER_FLAG_MARKER);
    gst_buffer_ref (buffer);
    fixture_push_buffer (fixture, buffer);
    fixture_collect (fixture);
    GstBuffer *out = gst_harness_pull (fixture->harness);
    GPtrArray *metas = get_metas (out);
    fail_unless_equals_int (metas->len, expected ? fixture->windows->len - at : 0);
    for (guint k = 0; k < metas->len; k++)
      fail_unless (gst_structure_is_equal (g_ptr_array_index (metas, k),
                                           g_ptr_array_index (fixture->windows, at + k)));
    at = fixture->windows->len;
    fail_unless (gst_buffer_peek_memory (out, 0) == gst_buffer_peek_memory (buffer, 0));
    fail_unless_equals_uint64 (gst_buffer_get_size (out), gst_buffer_get_size (buffer));
    fail_unless_equals_uint64 (GST_BUFFER_PTS (out), GST_BUFFER_PTS (buffer));
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (out), GST_BUFFER_DURATION (buffer));
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (out), GST_BUFFER_OFFSET (buffer));
    fail_unless_equals_int (GST_BUFFER_FLAGS (out), GST_BUFFER_FLAGS (buffer));
    fail_unless (expected || out == buffer);
    g_ptr_array_unref (metas);
    gst_buffer_unref (out);
    gst_buffer_unref (buffer);
  }
}

/* The meta is on the buffer that completes the window; the samples are not copied. */
GST_START_TEST (test_meta)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  check_metas (fixture, 15, 0, FALSE);
  g_object_set (fixture->element, "attach-meta", TRUE, NULL);
  check_metas (fixture, 20, 1500 * GST_MSECOND, TRUE);
  g_object_set (fixture->element, "attach-meta", FALSE, NULL);
  check_metas (fixture, 10, 3500 * GST_MSECOND, FALSE);
  fail_unless (fixture->windows->len >= 8);
  fixture_free (fixture);
}
GST_END_TEST

/* Several windows of several channels in one buffer: a meta each; also if no message is posted. */
GST_START_TEST (test_many_metas)
{
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "non-interleaved", RATE, 2);
  Fixture *fixture = fixture_new (caps, "attach-meta", TRUE, "post-messages", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  fixture_push_buffer (fixture, fixture_make (fixture, 0, 5 * RATE / 2));
  GstBuffer *out = gst_harness_pull (fixture->harness);
  GPtrArray *metas = get_metas (out);
  fail_unless_equals_int (metas->len, 2 * 4); /* to 0.5, 1, 1.5 and 2 s */
  fail_unless_equals_int (fixture_collect (fixture), 0);
  g_ptr_array_unref (metas);
  gst_buffer_unref (out);
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* --- Properties --- */

typedef struct {
  guint emotions, confidences;
  char *emotion;
} Notified;

static void
take_notification (GObject *element, GParamSpec *pspec, gpointer data)
{
  Notified *notified = data;
  if (g_str_equal (pspec->name, "last-confidence")) {
    notified->confidences++;
    return;
  }
  notified->emotions++;
  g_free (notified->emotion);
  g_object_get (element, "last-emotion", &notified->emotion, NULL);
  /* No lock is held. */
  g_object_set (element, "threshold", -1., "model", fixture_model (), "interval", (guint64)0, NULL);
}

static void
check_last (Fixture *fixture, const char *expected, double expected_confidence)
{
  char *emotion;
  double confidence;
  g_object_get (fixture->element, "last-emotion", &emotion, "last-confidence", &confidence, NULL);
  fail_unless_equals_string (emotion, expected);
  fail_unless_equals_float (confidence, expected_confidence);
  g_free (emotion);
}

/* The latest prediction, with a notification of each change. */
GST_START_TEST (test_last)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  Notified notified = {0};
  const char *before = "none";
  guint changes = 0;
  check_last (fixture, "none", 0);
  g_signal_connect (fixture->element, "notify::last-emotion", G_CALLBACK (take_notification),
                    &notified);
  g_signal_connect (fixture->element, "notify::last-confidence", G_CALLBACK (take_notification),
                    &notified);
  fixture->restless = TRUE;
  g_object_set (fixture->element, "threshold", 0.8, "post-messages", TRUE, NULL);
  for (guint i = 0; i < 24; i++) {
    fixture_push (fixture, 500, 160, i * 500 * GST_MSECOND);
    if (fixture_collect (fixture) == 0)
      continue;
    guint last = fixture->windows->len - 1;
    const char *emotion = fixture_string (fixture->windows, last, "emotion");
    check_last (fixture, emotion, fixture_number (fixture->windows, last, "confidence"));
    changes += !g_str_equal (emotion, before);
    before = emotion;
    fail_unless_equals_int (notified.emotions, changes);
    if (notified.emotion != NULL)
      fail_unless_equals_string (notified.emotion, emotion);
  }
  fail_unless (changes >= 3);
  fail_unless (notified.confidences > changes);
  /* A new run starts without one. */
  gst_element_set_state (fixture->element, GST_STATE_READY);
  gst_element_set_state (fixture->element, GST_STATE_PAUSED);
  check_last (fixture, "none", 0);
  g_free (notified.emotion);
  fixture_free (fixture);
}
GST_END_TEST

static void
count_notification (GObject *element, GParamSpec *pspec, gpointer count)
{
  (void)element, (void)pspec;
  ++*(guint *)count;
}

GST_START_TEST (test_model_info)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstStructure *info;
  guint notified = 0;
  g_signal_connect (element, "notify::model-info", G_CALLBACK (count_notification), &notified);
  g_object_set (element, "model", fixture_model (), NULL);
  g_object_get (element, "model-info", &info, NULL);
  fail_unless (info == NULL);
  gst_element_set_state (element, GST_STATE_PAUSED);
  fail_unless_equals_int (notified, 1);
  g_object_get (element, "model-info", &info, NULL);
  fail_unless (info != NULL && gst_structure_has_name (info, "model-info"));

  EmotionModel *model = emotion_model_load (fixture_model (), NULL);
  const GValue *labels = gst_structure_get_value (info, "labels");
  const GValue *texts = gst_structure_get_value (info, "label-texts");
  const GstStructure *provenance =
      gst_value_get_structure (gst_structure_get_value (info, "provenance"));
  guint64 window = 0;
  double silence = 0;
  fail_unless_equals_string (gst_structure_get_string (info, "model"), "one.emotion");
  fail_unless_equals_string (gst_structure_get_string (info, "features"), "speech-1");
  fail_unless_equals_string (gst_structure_get_string (info, "sha256"),
                             emotion_model_get_hash (model));
  fail_unless (gst_structure_get_uint64 (info, "window", &window) && window == MODEL_WINDOW);
  fail_unless (gst_structure_get_double (info, "silence-threshold", &silence) && silence == -60);
  fail_unless_equals_int (gst_value_array_get_size (labels), 4);
  fail_unless_equals_string (g_value_get_string (gst_value_array_get_value (labels, 2)), "neutral");
  fail_unless_equals_int (gst_value_array_get_size (texts), 4);
  fail_unless_equals_string (g_value_get_string (gst_value_array_get_value (texts, 2)), "neutral");
  fail_unless_equals_string (gst_structure_get_string (provenance, "made-by"), "tests");
  emotion_model_unref (model);
  gst_structure_free (info);

  g_object_set (element, "model", fixture_other_model (), NULL);
  fail_unless_equals_int (notified, 2);
  g_object_get (element, "model-info", &info, NULL);
  fail_unless_equals_string (gst_structure_get_string (info, "model"), "two.emotion");
  gst_structure_free (info);
  gst_element_set_state (element, GST_STATE_NULL);
  g_object_get (element, "model-info", &info, NULL);
  fail_unless (info == NULL);
  gst_object_unref (element);
}
GST_END_TEST

/* After a reset, the results are those of a new stream. */
GST_START_TEST (test_reset)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1), *alone = fixture_new_f32 (RATE, 1);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "message-mode", "both");
  gst_util_set_object_arg (G_OBJECT (alone->element), "message-mode", "both");
  fixture_push (fixture, 1700, 160, 0);
  guint n_before = fixture_collect (fixture);
  g_signal_emit_by_name (fixture->element, "reset");
  fixture_push (fixture, 100, 160, 1700 * GST_MSECOND);
  check_last (fixture, "none", 0);
  fixture_push (fixture, 1900, 160, 1800 * GST_MSECOND);
  fixture_push_eos (fixture);
  alone->position = RATE * 1700 / 1000;
  fixture_push (alone, 2000, 160, 1700 * GST_MSECOND);
  fixture_push_eos (alone);
  fixture_assert_ends_like (fixture, n_before, alone);
  fail_unless_equals_int (fixture->changes->len, 1 + alone->changes->len);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fail_unless (gst_structure_is_equal (g_ptr_array_index (fixture->summaries, 0),
                                       g_ptr_array_index (alone->summaries, 0)));
  fixture_free (fixture);
  fixture_free (alone);
}
GST_END_TEST

/* After a reset that no sound follows, the earlier stream is not reported either. */
GST_START_TEST (test_reset_at_end)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 1700, 160, 0);
  guint n_before = fixture_collect (fixture);
  g_signal_emit_by_name (fixture->element, "reset");
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, n_before);
  fail_unless_equals_int (fixture->summaries->len, 0);
  check_last (fixture, "none", 0);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
outputs_suite (void)
{
  Suite *suite = suite_create ("outputs");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_meta);
  tcase_add_test (tests, test_many_metas);
  tcase_add_test (tests, test_last);
  tcase_add_test (tests, test_model_info);
  tcase_add_test (tests, test_reset);
  tcase_add_test (tests, test_reset_at_end);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (outputs)
