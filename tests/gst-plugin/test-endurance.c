/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ten minutes of sound: the number and times of the windows, the memory of unread messages, and the
 * allocations. */
#include <glib/gstdio.h>
#include <malloc.h>
#include <math.h>
#include <string.h>

#include "common/test-model.h"
#include "core/allocations.h"
#include "fixture.h"

#define MINUTES 10

/* Pushes `ms` milliseconds of a repeating second of sound in buffers of `size` frames. */
static void
push_loop (Fixture *fixture, guint64 ms, gsize size)
{
  guint64 rate = (guint64)fixture->info.rate, n = rate * ms / 1000;
  GstBuffer *second = fixture_make (fixture, 0, rate);
  gsize bpf = (gsize)GST_AUDIO_INFO_BPF (&fixture->info);
  for (guint64 done = 0; done < n;) {
    gsize at = done % rate, part = MIN (MIN (size, rate - at), n - done);
    GstBuffer *buffer =
        gst_buffer_copy_region (second, GST_BUFFER_COPY_MEMORY, at * bpf, part * bpf);
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (done, GST_SECOND, rate);
    GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (part, GST_SECOND, rate);
    fixture_push_buffer (fixture, buffer);
    done += part;
  }
  gst_buffer_unref (second);
}

/* With a rate and an interval that do not divide, no window is lost or doubled, and rounding does
 * not accumulate. */
GST_START_TEST (test_times)
{
  const guint64 interval = 33 * GST_MSECOND, window = 100 * GST_MSECOND;
  const guint64 length = MINUTES * 60 * GST_SECOND;
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "interleaved", 44100, 1);
  Fixture *fixture = fixture_new (caps, "window", window, "interval", interval, NULL);
  guint64 n_full = 1 + (length - window) / interval, at = 0;
  push_loop (fixture, length / GST_MSECOND, 1009);
  fixture_push_eos (fixture);
  for (guint i = 0; i < fixture->windows->len; i++) {
    GstClockTime start = fixture_time (fixture->windows, i, "timestamp");
    GstClockTime duration = fixture_time (fixture->windows, i, "duration");
    if (duration < window - GST_MSECOND)
      continue; /* an early one */
    GstClockTime ideal = at < n_full ? at * interval : length - window;
    at++;
    fail_unless (ABS (GST_CLOCK_DIFF (ideal, start)) <= GST_SECOND / 44100 / 2 + 1,
                 "window %u begins at %" GST_TIME_FORMAT ", not %" GST_TIME_FORMAT, i,
                 GST_TIME_ARGS (start), GST_TIME_ARGS (ideal));
    fail_unless (ABS (GST_CLOCK_DIFF (duration, window)) <= GST_SECOND / 44100 + 1);
  }
  fail_unless_equals_uint64 (at, n_full + 1); /* and the one anchored to the end */
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), length);
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* --- The bus --- */

#define UNREAD_MINUTES 3

/* A model with the first `n_labels` of nine labels; returns its path. */
static char *
make_model (guint n_labels)
{
  const char *labels[] = {"angry",   "calm",    "disgust",   "fearful", "happy",
                          "neutral", "boredom", "surprised", "sad",     NULL};
  labels[n_labels] = NULL;
  char *path = g_build_filename (fixture_folder (), "labels.emotion", NULL);
  EmotionModel *model = test_model_new (labels, 3);
  fail_unless (emotion_model_save (model, path, NULL));
  emotion_model_unref (model);
  return path;
}

/* Messages that nobody reads, at the windows of the shipped models; each takes less than `max`
 * bytes. */
static void
check_unread (guint n_labels, guint channels, double threshold, gsize max)
{
  char *path = make_model (n_labels);
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "interleaved", 8000, channels);
  Fixture *fixture = fixture_new (caps, "model", path, "window", 3 * GST_SECOND, "interval",
                                  GST_SECOND, "threshold", threshold, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode",
                           channels > 1 ? "separate" : "mix");
  push_loop (fixture, 10000, 160);
  fixture_collect (fixture);
  gsize before = mallinfo2 ().uordblks;
  push_loop (fixture, UNREAD_MINUTES * 60000, 160);
  gsize after = mallinfo2 ().uordblks;
  guint n = fixture->windows->len;
  n = fixture_collect (fixture) - n;
  fail_unless (n >= (UNREAD_MINUTES * 60 - 5) * channels);
  g_printerr ("%u labels, %u channels: %u messages of %" G_GSIZE_FORMAT " bytes\n", n_labels,
              channels, n, (after - before) / n);
  fail_unless (after - before < n * max);
  fixture_free (fixture);
  g_unlink (path);
  g_free (caps);
  g_free (path);
}

/* The limits of the element's documentation. GStreamer allocates room for eight
 * fields at a time. */
GST_START_TEST (test_unread_bus)
{
  if (!test_allocations_available ()) {
    g_printerr ("skipped: a sanitizer's allocator is not counted\n");
    return;
  }
  check_unread (8, 1, 0, 1300);
  check_unread (8, 1, 1, 1300);
  check_unread (9, 1, 0, 1600);
  check_unread (8, 2, 1, 1700);
}
GST_END_TEST

static guint
count_allocations (GstHarness *harness, GstBuffer *buffer)
{
  test_allocations_start ();
  gst_harness_push (harness, buffer);
  return test_allocations_stop ().n_allocations;
}

static void
check_allocations (const char *format, const char *layout, guint channels)
{
  char *caps = fixture_caps (format, layout, 48000, channels);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  GstHarness *identity = gst_harness_new ("identity");
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode",
                           channels == 3 ? "separate" : "mix");
  gst_harness_set_drop_buffers (identity, TRUE);
  gst_harness_set_src_caps_str (identity, caps);
  for (guint i = 0; i < 300; i++) {
    GstBuffer *buffer = fixture_make (fixture, i * 480, 480);
    GST_BUFFER_PTS (buffer) = i * 10 * GST_MSECOND;
    GST_BUFFER_DURATION (buffer) = 10 * GST_MSECOND;
    guint n_min = count_allocations (identity, gst_buffer_copy (buffer));
    guint n_windows = fixture_collect (fixture);
    guint n = count_allocations (fixture->harness, buffer);
    if (i > 0 && fixture_collect (fixture) == n_windows)
      fail_unless (n <= n_min, "%s, buffer %u: %u allocations instead of %u", caps, i, n, n_min);
  }
  gst_harness_teardown (identity);
  fixture_free (fixture);
  g_free (caps);
}

/* A buffer that completes no window costs no more allocations than with identity. */
GST_START_TEST (test_allocations)
{
  if (!test_allocations_available ()) {
    g_printerr ("skipped: a sanitizer's allocator is not counted\n");
    return;
  }
  check_allocations (GST_AUDIO_NE (F32), "interleaved", 2);
  check_allocations (GST_AUDIO_NE (S16), "interleaved", 1);
  check_allocations (GST_AUDIO_NE (S24), "non-interleaved", 6);
  check_allocations (GST_AUDIO_NE (F64), "interleaved", 3);
}
GST_END_TEST

static Suite *
endurance_suite (void)
{
  Suite *suite = suite_create ("endurance");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 600);
  tcase_add_test (tests, test_times);
  tcase_add_test (tests, test_unread_bus);
  tcase_add_test (tests, test_allocations);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (endurance)
