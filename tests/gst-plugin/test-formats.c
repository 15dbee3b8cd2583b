/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio of every format and layout passes untouched, and what is heard does not depend on them. */
#include "fixture.h"

static const char *const formats[] = {
    GST_AUDIO_NE (S16), GST_AUDIO_NE (S24), GST_AUDIO_NE (S24_32),
    GST_AUDIO_NE (S32), GST_AUDIO_NE (F32), GST_AUDIO_NE (F64),
};
static const char *const layouts[] = {"interleaved", "non-interleaved"};
static const guint channel_counts[] = {1, 2, 6};

static Fixture *
new_fixture (const char *format, const char *layout, guint rate, guint channels)
{
  char *caps = fixture_caps (format, layout, rate, channels);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  g_free (caps);
  return fixture;
}

static void
check_passes (const char *format, const char *layout, guint channels)
{
  Fixture *fixture = new_fixture (format, layout, 44100, channels);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);

  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = fixture_make (fixture, 700 * i, 700), *copy = gst_buffer_copy_deep (buffer);
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (700 * i, GST_SECOND, 44100);
    fixture_push_buffer (fixture, buffer);
    GstBuffer *out = gst_harness_pull (fixture->harness);
    fail_unless (out == buffer, "%s %s %u: another buffer came out", format, layout, channels);
    GstMapInfo map;
    gst_buffer_map (copy, &map, GST_MAP_READ);
    fail_unless (gst_buffer_get_size (out) == map.size);
    fail_unless_equals_int (gst_buffer_memcmp (out, 0, map.data, map.size), 0);
    gst_buffer_unmap (copy, &map);
    gst_buffer_unref (copy);
    gst_buffer_unref (out);
  }
  fixture_free (fixture);
}

GST_START_TEST (test_pass_through)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
      for (guint c = 0; c < G_N_ELEMENTS (channel_counts); c++)
        check_passes (formats[f], layouts[l], channel_counts[c]);
}
GST_END_TEST

/* A format changes nothing, as the test sound is exact in each. */
GST_START_TEST (test_same_results)
{
  for (guint c = 0; c < G_N_ELEMENTS (channel_counts); c++) {
    Fixture *reference = new_fixture (GST_AUDIO_NE (F32), "interleaved", 48000, channel_counts[c]);
    fixture_push (reference, 1200, 4800, 0);
    fixture_push_eos (reference);
    fail_unless (fixture_collect (reference) >= 3);

    for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
      for (guint l = 0; l < G_N_ELEMENTS (layouts); l++) {
        Fixture *fixture = new_fixture (formats[f], layouts[l], 48000, channel_counts[c]);
        fixture_push (fixture, 1200, 4800, 0);
        fixture_push_eos (fixture);
        fixture_assert_same (fixture, reference);
        fixture_free (fixture);
      }
    }
    fixture_free (reference);
  }
}
GST_END_TEST

/* The ends of the range: lowest and highest rate, and 64 channels. */
GST_START_TEST (test_extremes)
{
  static const struct {
    guint rate, channels;
  } extremes[] = {{8000, 1}, {192000, 1}, {8000, 64}, {11025, 3}};
  for (guint i = 0; i < 2 * G_N_ELEMENTS (extremes); i++) {
    Fixture *fixture = new_fixture (GST_AUDIO_NE (S16), layouts[i % 2], extremes[i / 2].rate,
                                    extremes[i / 2].channels);
    fixture_push (fixture, 2000, 1009, 0);
    fixture_push_eos (fixture);
    fail_unless_equals_int (fixture_collect (fixture), 4);
    fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "duration"), 2 * GST_SECOND);
    fixture_free (fixture);
  }
}
GST_END_TEST

GST_START_TEST (test_refused_caps)
{
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  GstPad *pad = gst_element_get_static_pad (fixture->element, "sink");
  static const char *const refused[] = {
      "audio/x-raw, format=U8, layout=interleaved, rate=16000, channels=1",
      "audio/x-raw, format=S16LE, layout=interleaved, rate=7999, channels=1",
      "audio/x-raw, format=S16LE, layout=interleaved, rate=192001, channels=1",
      "audio/x-raw, format=S16LE, layout=interleaved, rate=16000, channels=65",
  };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    GstCaps *caps = gst_caps_from_string (refused[i]);
    fail_if (gst_pad_query_accept_caps (pad, caps), "%s", refused[i]);
    gst_caps_unref (caps);
  }
  gst_object_unref (pad);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
formats_suite (void)
{
  Suite *suite = suite_create ("formats");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_pass_through);
  tcase_add_test (tests, test_same_results);
  tcase_add_test (tests, test_extremes);
  tcase_add_test (tests, test_refused_caps);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (formats)
