/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element in pipelines: it changes no sample, and copes with its neighbours. */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "launch.h"

#define SOURCE "audiotestsrc wave=saw freq=180 num-buffers=%u samplesperbuffer=%u"

static const char *const formats[] = {
    GST_AUDIO_NE (S16), GST_AUDIO_NE (S24), GST_AUDIO_NE (S24_32),
    GST_AUDIO_NE (S32), GST_AUDIO_NE (F32), GST_AUDIO_NE (F64),
};
static const char *const layouts[] = {"interleaved", "non-interleaved"};

static GString *printed;

static void
keep_printed (const char *text)
{
  g_string_append (printed, text);
}

/* The output of checksumsink for the pipeline's buffers: times and hashes. */
static char *
get_checksums (const char *format, const char *layout, const char *detector)
{
  Launch *launch = launch_new (
      SOURCE " ! audio/x-raw, format=%s, layout=%s, channels=2, rate=44100 %s ! checksumsink", 60,
      1009, format, layout, detector);
  if (launch == NULL)
    return NULL;
  printed = g_string_new (NULL);
  GPrintFunc before = g_set_print_handler (keep_printed);
  gboolean ended = launch_run (launch);
  g_set_print_handler (before);
  fail_unless (ended, "%s", launch->error);
  launch_free (launch);
  return g_string_free (printed, FALSE);
}

GST_START_TEST (test_checksums)
{
  char *detectors[] = {
      g_strdup_printf ("! emotiondetect model=%s", fixture_model ()),
      g_strdup_printf ("! emotiondetect model=%s attach-meta=true channel-mode=separate",
                       fixture_model ()),
  };
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (guint l = 0; l < G_N_ELEMENTS (layouts); l++) {
      char *without = get_checksums (formats[f], layouts[l], "");
      for (guint d = 0; d < G_N_ELEMENTS (detectors) && without != NULL; d++) {
        char *with = get_checksums (formats[f], layouts[l], detectors[d]);
        fail_unless_equals_string (with, without);
        g_free (with);
      }
      g_free (without);
    }
  }
  for (guint d = 0; d < G_N_ELEMENTS (detectors); d++)
    g_free (detectors[d]);
}
GST_END_TEST

/* Fails unless the pipeline between source and element leaves the results unchanged. */
static void
check_same (const char *between)
{
  char *texts[2];
  for (guint i = 0; i < 2; i++) {
    Launch *launch =
        launch_new (SOURCE " ! audio/x-raw, format=%s, rate=44100, channels=1 %s ! "
                           "emotiondetect model=%s ! fakesink",
                    100, 1764, GST_AUDIO_NE (S16), i == 0 ? "" : between, fixture_model ());
    if (launch == NULL) {
      g_free (i == 1 ? texts[0] : NULL);
      return;
    }
    fail_unless (launch_run (launch), "%s", launch->error);
    fail_unless_equals_int (launch_count (launch, "window"), 8);
    texts[i] = launch_to_string (launch);
    launch_free (launch);
  }
  fail_unless (g_str_equal (texts[0], texts[1]), "%s changes what is told", between);
  g_free (texts[0]);
  g_free (texts[1]);
}

/* The neighbouring elements do not matter. */
GST_START_TEST (test_neighbours)
{
  check_same ("! audiobuffersplit output-buffer-duration=1/50");
  check_same ("! audiobuffersplit output-buffer-size=2");
  check_same ("! queue max-size-buffers=1 ! identity silent=true");
  check_same ("! level ! spectrum");
  check_same ("! tee ! queue");
}
GST_END_TEST

/* chopmydata gives all pieces of a buffer its PTS. */
GST_START_TEST (test_chopped)
{
  Launch *launch = launch_new (
      SOURCE " ! audio/x-raw, format=%s, rate=44100, channels=1 ! chopmydata min-size=2 "
             "max-size=600 step-size=2 ! emotiondetect model=%s ! fakesink",
      100, 1323, GST_AUDIO_NE (S16), fixture_model ());
  if (launch == NULL)
    return;
  fail_unless (launch_run (launch), "%s", launch->error);
  /* 3 s without a break: to 0.5, 1, 1.5, 2, 2.5 and 3 s. */
  fail_unless_equals_int (launch_count (launch, "window"), 6);
  launch_free (launch);
}
GST_END_TEST

static void
check_finite (const Launch *launch)
{
  static const char *const numbers[] = {"confidence", "speech-ratio", "level"};
  for (guint i = 0; i < launch->messages->len; i++) {
    const GstStructure *message = g_ptr_array_index (launch->messages, i);
    for (guint k = 0; k < G_N_ELEMENTS (numbers); k++) {
      double number = NAN;
      fail_unless (gst_structure_get_double (message, numbers[k], &number) && isfinite (number));
    }
  }
}

/* Corrupted bytes, and dropped buffers. */
GST_START_TEST (test_damage)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    Launch *launch = launch_new (
        SOURCE " ! audio/x-raw, format=%s, rate=16000, channels=2 ! breakmydata probability=0.01 "
               "seed=5 ! identity drop-probability=0.1 ! emotiondetect model=%s ! fakesink",
        500, 160, formats[f], fixture_model ());
    if (launch == NULL)
      return;
    fail_unless (launch_run (launch), "%s", launch->error);
    fail_unless (launch_count (launch, "summary") == 1);
    check_finite (launch);
    launch_free (launch);
  }
}
GST_END_TEST

/* In real time from a live source: the latency stays that of the source, and each window is posted
 * when it is over. */
GST_START_TEST (test_live)
{
  Launch *launch = launch_new ("audiotestsrc is-live=true num-buffers=70 samplesperbuffer=160 ! "
                               "audio/x-raw, rate=16000, channels=1 ! emotiondetect name=detector "
                               "model=%s ! fakesink sync=true",
                               fixture_model ());
  fail_unless_equals_int (gst_element_set_state (launch->pipeline, GST_STATE_PAUSED),
                          GST_STATE_CHANGE_NO_PREROLL);
  gst_element_set_state (launch->pipeline, GST_STATE_PLAYING);
  fail_unless (launch_wait (launch, GST_MESSAGE_EOS), "%s", launch->error);
  fail_unless (launch_count (launch, "window") >= 2);
  launch_free (launch);
}
GST_END_TEST

static void
seek (Launch *launch, double rate, GstSeekFlags flags, GstClockTime start, GstClockTime stop)
{
  g_ptr_array_set_size (launch->messages, 0);
  fail_unless (gst_element_seek (launch->pipeline, rate, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
                                 start, GST_SEEK_TYPE_SET, stop));
}

static guint64
get_time (const Launch *launch, guint index, const char *field)
{
  guint64 value = G_MAXUINT64;
  fail_unless (index < launch->messages->len);
  fail_unless (
      gst_structure_get_uint64 (g_ptr_array_index (launch->messages, index), field, &value));
  return value;
}

/* Seeks of all kinds in one pipeline. */
GST_START_TEST (test_seeks)
{
  Launch *launch = launch_new ("audiotestsrc wave=saw freq=180 samplesperbuffer=160 ! "
                               "audio/x-raw, rate=16000, channels=1 ! emotiondetect name=detector "
                               "model=%s ! fakesink",
                               fixture_model ());
  gst_element_set_state (launch->pipeline, GST_STATE_PAUSED);
  fail_unless (launch_wait (launch, GST_MESSAGE_ASYNC_DONE));

  seek (launch, 1, GST_SEEK_FLAG_FLUSH, 10 * GST_SECOND, 12 * GST_SECOND);
  gst_element_set_state (launch->pipeline, GST_STATE_PLAYING);
  fail_unless (launch_wait (launch, GST_MESSAGE_EOS));
  fail_unless_equals_uint64 (get_time (launch, 0, "stream-time"), 10 * GST_SECOND);
  fail_unless_equals_uint64 (get_time (launch, 0, "running-time"), 0);
  fail_unless_equals_int (launch_count (launch, "window"), 4);
  fail_unless_equals_int (launch_count (launch, "summary"), 1);

  /* Twice as fast: the same samples, half the running time. */
  seek (launch, 2, GST_SEEK_FLAG_FLUSH, 10 * GST_SECOND, 12 * GST_SECOND);
  fail_unless (launch_wait (launch, GST_MESSAGE_EOS));
  fail_unless_equals_int (launch_count (launch, "window"), 4);
  fail_unless_equals_uint64 (get_time (launch, 3, "stream-time"), 11 * GST_SECOND);
  fail_unless_equals_uint64 (get_time (launch, 3, "running-time"), GST_SECOND / 2);
  fail_unless_equals_uint64 (get_time (launch, 3, "duration"), GST_SECOND);

  /* Backwards: no results. */
  seek (launch, -1, GST_SEEK_FLAG_FLUSH, 0, 3 * GST_SECOND);
  fail_unless (launch_wait (launch, GST_MESSAGE_EOS));
  fail_unless_equals_int (launch->messages->len, 0);

  /* A loop of segments: a summary each, and running time continues. */
  seek (launch, 1, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT, 5 * GST_SECOND, 6 * GST_SECOND);
  for (guint round = 0; round < 3; round++) {
    fail_unless (launch_wait (launch, GST_MESSAGE_SEGMENT_DONE));
    while (launch_count (launch, "summary") == 0) /* the source posts before the event comes */
      fail_unless (launch_wait (launch, GST_MESSAGE_ELEMENT));
    fail_unless_equals_int (launch_count (launch, "summary"), 1);
    fail_unless_equals_uint64 (get_time (launch, 0, "stream-time"), 5 * GST_SECOND);
    fail_unless_equals_uint64 (get_time (launch, 0, "running-time"), round * GST_SECOND);
    seek (launch, 1, GST_SEEK_FLAG_SEGMENT, 5 * GST_SECOND, 6 * GST_SECOND);
  }
  launch_free (launch);
}
GST_END_TEST

/* Channels without positions: declared to have none, or refused. */
GST_START_TEST (test_channel_masks)
{
  static const struct {
    const char *caps;
    gboolean accepted;
  } cases[] = {
      {"audio/x-raw, format=S16LE, layout=interleaved, rate=16000, channels=3", FALSE},
      {"audio/x-raw, format=S16LE, layout=interleaved, rate=16000, channels=3, "
       "channel-mask=(bitmask)0",
       TRUE},
      {"audio/x-raw, format=S16LE, layout=interleaved, rate=16000, channels=3, "
       "channel-mask=(bitmask)7",
       TRUE},
      {"audio/x-raw, format=S16LE, layout=interleaved, rate=16000, channels=2", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Fixture *fixture = fixture_new (NULL, NULL, NULL);
    gst_harness_set_src_caps_str (fixture->harness, cases[i].caps);
    fail_unless_equals_int (
        gst_harness_push (fixture->harness, gst_buffer_new_wrapped (g_malloc0 (960), 960)),
        cases[i].accepted ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED);
    GstMessage *message = gst_bus_pop_filtered (fixture->bus, GST_MESSAGE_ERROR);
    fail_unless_equals_int (message == NULL, cases[i].accepted);
    if (message != NULL) {
      GError *error;
      gst_message_parse_error (message, &error, NULL);
      fail_unless (strstr (error->message, "channel-mask") != NULL);
      g_error_free (error);
      gst_message_unref (message);
    }
    fixture_free (fixture);
  }
}
GST_END_TEST

/* Late buffers are not dropped, even if QoS tells the base class to. */
GST_START_TEST (test_qos)
{
  Fixture *fixture = fixture_new_f32 (16000, 1);
  g_object_set (fixture->element, "qos", TRUE, NULL);
  fixture_push (fixture, 500, 160, 0);
  fail_unless (gst_harness_push_upstream_event (
      fixture->harness,
      gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 10, 100 * GST_SECOND, GST_SECOND)));
  GstEvent *event;
  gboolean passed = FALSE;
  while ((event = gst_harness_try_pull_upstream_event (fixture->harness)) != NULL) {
    passed = passed || GST_EVENT_TYPE (event) == GST_EVENT_QOS;
    gst_event_unref (event);
  }
  fail_unless (passed);
  fixture_push (fixture, 500, 160, 500 * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_received (fixture->harness), 100);
  fixture_free (fixture);
}
GST_END_TEST

/* The base class clips samples outside the segment; they are not analysed. */
GST_START_TEST (test_segment_clipping)
{
  Fixture *fixture = fixture_new_f32 (16000, 1);
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 350 * GST_MSECOND;
  segment.stop = 1950 * GST_MSECOND;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  fixture_push (fixture, 3000, 1600, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_uint64 (fixture_time (fixture->windows, 0, "timestamp"), 350 * GST_MSECOND);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 1600 * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_received (fixture->harness), 17);
  fixture_free (fixture);
}
GST_END_TEST

/* Samples at and above full scale. */
GST_START_TEST (test_loud)
{
  Fixture *fixture = fixture_new_f32 (16000, 1);
  GstBuffer *buffer = fixture_make (fixture, 0, 32000);
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_READWRITE);
  for (guint i = 0; i < 32000; i++)
    ((float *)(gpointer)map.data)[i] *= 1e6f;
  gst_buffer_unmap (buffer, &map);
  fixture_push_buffer (fixture, buffer);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 4);
  for (guint i = 0; i < 4; i++) {
    fixture_number (fixture->windows, i, "confidence");
    fixture_number (fixture->windows, i, "level");
  }
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
pipelines_suite (void)
{
  Suite *suite = suite_create ("pipelines");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_checksums);
  tcase_add_test (tests, test_neighbours);
  tcase_add_test (tests, test_chopped);
  tcase_add_test (tests, test_damage);
  tcase_add_test (tests, test_live);
  tcase_add_test (tests, test_seeks);
  tcase_add_test (tests, test_channel_masks);
  tcase_add_test (tests, test_qos);
  tcase_add_test (tests, test_segment_clipping);
  tcase_add_test (tests, test_loud);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (pipelines)
