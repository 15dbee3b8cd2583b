/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio of every format and layout passes unchanged, and the results do not depend
 * on the format. */
#include <math.h>
#include <string.h>

#include "fixture.h"

/* The formats that hold the test sound exactly. */
static const char *const formats[] = {
    "S16LE",    "S16BE",    "U16LE",    "U16BE", "S18LE", "S18BE", "U18LE",
    "U18BE",    "S20LE",    "S20BE",    "U20LE", "U20BE", "S24LE", "S24BE",
    "U24LE",    "U24BE",    "S32LE",    "S32BE", "U32LE", "U32BE", "S24_32LE",
    "S24_32BE", "U24_32LE", "U24_32BE", "F32LE", "F32BE", "F64LE", "F64BE",
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

/* The format changes nothing, because the test sound is exact in each. */
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

/* 8-bit formats hold the sound closely enough for the same predictions. */
GST_START_TEST (test_8_bits)
{
  static const char *const names[] = {GST_AUDIO_NE (S16), "S8", "U8"};
  Fixture *fixtures[G_N_ELEMENTS (names)];
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    fixtures[i] = new_fixture (names[i], "interleaved", 16000, 1);
    fixture_push (fixtures[i], 3000, 160, 0);
    fixture_push_eos (fixtures[i]);
    fail_unless_equals_int (fixtures[i]->windows->len, 6);
  }
  for (guint i = 1; i < G_N_ELEMENTS (names); i++) {
    for (guint k = 0; k < 6; k++) {
      fail_unless_equals_string (fixture_string (fixtures[i]->windows, k, "emotion"),
                                 fixture_string (fixtures[0]->windows, k, "emotion"));
      fail_unless (fabs (fixture_number (fixtures[i]->windows, k, "level") -
                         fixture_number (fixtures[0]->windows, k, "level")) < 0.1);
    }
    fixture_free (fixtures[i]);
  }
  fixture_free (fixtures[0]);
}
GST_END_TEST

/* The sound in buffers of `size` bytes, whole frames or not; `timed`: with the PTS of the frame in
 * which they start. */
static Fixture *
play_pieces (const char *format, guint channels, gsize size, gboolean timed, gboolean attach_meta)
{
  Fixture *fixture = new_fixture (format, "interleaved", 16000, channels);
  g_object_set (fixture->element, "attach-meta", attach_meta, NULL);
  gsize frame = (gsize)fixture->info.bpf, n_frames = 20000;
  GstBuffer *whole = fixture_make (fixture, 0, n_frames);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  for (gsize done = 0; done < n_frames * frame; done += size) {
    gsize n = MIN (size, n_frames * frame - done);
    GstBuffer *piece =
        gst_buffer_copy_region (whole, GST_BUFFER_COPY_DEEP | GST_BUFFER_COPY_MEMORY, done, n);
    if (timed)
      GST_BUFFER_PTS (piece) = gst_util_uint64_scale (done / frame, GST_SECOND, 16000);
    fixture_push_buffer (fixture, piece);
    GstBuffer *out = gst_harness_pull (fixture->harness);
    GstMapInfo map;
    gst_buffer_map (out, &map, GST_MAP_READ);
    fail_unless (map.size == n && gst_buffer_memcmp (whole, done, map.data, n) == 0);
    gst_buffer_unmap (out, &map);
    gst_buffer_unref (out);
  }
  fixture_push_eos (fixture);
  gst_buffer_unref (whole);
  return fixture;
}

/* Buffers need not hold whole frames, for example those of filesrc or a socket. */
GST_START_TEST (test_unaligned)
{
  static const struct {
    const char *format;
    guint channels;
    gsize size;
  } cases[] = {{"S16LE", 1, 4095}, {"S16LE", 1, 1},   {"S24LE", 2, 4096},
               {"F64LE", 3, 5},    {"U8", 3, 1000},   {"F32BE", 64, 1023},
               {"S16LE", 2, 3},    {"S32LE", 1, 161}, {"S24_32LE", 6, 997}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint timed = 0; timed < 2; timed++) {
      gsize frame =
          gst_audio_format_get_info (gst_audio_format_from_string (cases[i].format))->width / 8 *
          cases[i].channels;
      Fixture *whole = play_pieces (cases[i].format, cases[i].channels, 320 * frame, timed, FALSE);
      Fixture *pieces =
          play_pieces (cases[i].format, cases[i].channels, cases[i].size, timed, timed);
      fixture_assert_same (pieces, whole);
      fail_unless_equals_int (pieces->warnings->len, 0);
      fixture_free (pieces);
      fixture_free (whole);
    }
  }
}
GST_END_TEST

/* After a flush, another format, a gap or a DISCONT, the rest of a partial frame is dropped. */
GST_START_TEST (test_rest_forgotten)
{
  for (guint kind = 0; kind < 4; kind++) {
    Fixture *fixture = new_fixture (GST_AUDIO_NE (S16), "interleaved", 16000, 1);
    fixture_push_buffer (fixture, gst_buffer_new_wrapped (g_malloc0 (1), 1));
    if (kind == 0) {
      fixture_push_event (fixture, gst_event_new_flush_start ());
      fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
      fixture_push_segment (fixture, 1, 0, 0);
    } else if (kind == 1) {
      char *caps = fixture_caps (GST_AUDIO_NE (U16), "interleaved", 16000, 1);
      fixture_set_caps (fixture, caps);
      g_free (caps);
    } else if (kind == 2) {
      fixture_push_event (fixture, gst_event_new_gap (0, 0));
    }
    GstBuffer *buffer = fixture_make (fixture, 0, 16000);
    GST_BUFFER_PTS (buffer) = 0;
    GST_BUFFER_FLAG_SET (buffer, kind == 3 ? GST_BUFFER_FLAG_DISCONT : 0);
    fixture_push_buffer (fixture, buffer);
    fixture_push_eos (fixture);
    Fixture *alone = fixture_play_f32 (16000, 0, 1000, 0);
    fixture_assert_same (fixture, alone);
    /* Lost bytes cause one warning. */
    fail_unless_equals_int (fixture->warnings->len, kind >= 2);
    if (kind >= 2)
      fail_unless (strstr (g_ptr_array_index (fixture->warnings, 0), "rawaudioparse") != NULL);
    fixture_free (fixture);
    fixture_free (alone);
  }
}
GST_END_TEST

/* Planar buffers without a layout meta pass without analysis, with one warning; with one channel
 * they are unambiguous. */
GST_START_TEST (test_planes)
{
  for (guint channels = 1; channels <= 2; channels++) {
    Fixture *fixture = new_fixture (GST_AUDIO_NE (S16), "non-interleaved", 16000, channels);
    for (guint i = 0; i < 20; i++)
      fixture_push_buffer (fixture, gst_buffer_new_wrapped (g_malloc0 (6400), 6400));
    fixture_push_eos (fixture);
    fail_unless_equals_int (gst_harness_buffers_received (fixture->harness), 20);
    fail_unless_equals_int (fixture->windows->len > 0, channels == 1);
    fail_unless_equals_int (fixture->warnings->len, channels == 2);
    fixture_free (fixture);
  }
}
GST_END_TEST

GST_START_TEST (test_refused_caps)
{
  Fixture *fixture = fixture_new (NULL, NULL, NULL);
  GstPad *pad = gst_element_get_static_pad (fixture->element, "sink");
  static const char *const refused[] = {
      "audio/x-mulaw, rate=16000, channels=1",
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
  tcase_add_test (tests, test_8_bits);
  tcase_add_test (tests, test_unaligned);
  tcase_add_test (tests, test_rest_forgotten);
  tcase_add_test (tests, test_planes);
  tcase_add_test (tests, test_extremes);
  tcase_add_test (tests, test_refused_caps);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (formats)
