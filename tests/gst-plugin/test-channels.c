/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which channels are analysed: their mix by position, each one separately, the first, or a chosen
 * one. */
#include <math.h>
#include <string.h>

#include "fixture.h"

#define RATE 16000

static Fixture *
play (const char *mode, guint channels, guint first_channel, const char *layout)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), layout, RATE, channels);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", mode);
  fixture->first_channel = first_channel;
  fixture_push (fixture, 2200, 441, 0);
  fixture_push_eos (fixture);
  g_free (caps);
  return fixture;
}

static gint
get_channel (const GstStructure *message)
{
  gint channel = -1;
  gst_structure_get_int (message, "channel", &channel);
  return channel;
}

/* Fails unless the messages with `channel` equal those of `alone` apart from that field. */
static void
assert_channel (GPtrArray *messages, gint channel, GPtrArray *alone)
{
  guint n = 0;
  for (guint i = 0; i < messages->len; i++) {
    if (get_channel (g_ptr_array_index (messages, i)) != channel)
      continue;
    GstStructure *message = gst_structure_copy (g_ptr_array_index (messages, i));
    gst_structure_remove_field (message, "channel");
    fail_unless (n < alone->len);
    fail_unless (gst_structure_is_equal (message, g_ptr_array_index (alone, n++)));
    gst_structure_free (message);
  }
  fail_unless_equals_int (n, alone->len);
}

static void
check_separate (guint channels, const char *layout)
{
  Fixture *fixture = play ("separate", channels, 0, layout);
  for (guint channel = 0; channel < channels; channel++) {
    Fixture *alone = play ("mix", 1, channel, "interleaved");
    assert_channel (fixture->windows, (gint)channel, alone->windows);
    assert_channel (fixture->summaries, (gint)channel, alone->summaries);
    fixture_free (alone);
  }
  fixture_free (fixture);
}

/* Each channel is analysed as if it were a separate stream. */
GST_START_TEST (test_separate)
{
  check_separate (2, "interleaved");
  check_separate (2, "non-interleaved");
  check_separate (1, "interleaved");
  check_separate (7, "interleaved");
}
GST_END_TEST

/* The results of the channels alternate, in order of time. */
GST_START_TEST (test_order)
{
  Fixture *fixture = play ("separate", 3, 0, "interleaved");
  fail_unless_equals_int (fixture->windows->len, 3 * 5);
  for (guint i = 0; i < fixture->windows->len; i++)
    fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, i)), (gint)i % 3);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_first)
{
  static const char *const layouts[] = {"interleaved", "non-interleaved"};
  Fixture *alone = play ("mix", 1, 0, "interleaved");
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    Fixture *fixture = play ("first", 5, 0, layouts[i]);
    assert_channel (fixture->windows, 0, alone->windows);
    assert_channel (fixture->summaries, 0, alone->summaries);
    fail_unless_equals_int (fixture->windows->len, alone->windows->len);
    fixture_free (fixture);
  }
  fixture_free (alone);
}
GST_END_TEST

/* A chosen channel is analysed as if it were a separate stream, and its number is reported. */
GST_START_TEST (test_single)
{
  static const char *const layouts[] = {"interleaved", "non-interleaved"};
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    for (guint channel = 0; channel < 6; channel += 2 + channel / 2) { /* 0, 2, 5 */
      char *caps = fixture_caps (GST_AUDIO_NE (F32), layouts[i], RATE, 6);
      Fixture *fixture = fixture_new (caps, "channel", channel, NULL);
      Fixture *alone = play ("mix", 1, channel, "interleaved");
      gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "single");
      fixture_push (fixture, 2200, 441, 0);
      fixture_push_eos (fixture);
      assert_channel (fixture->windows, (gint)channel, alone->windows);
      assert_channel (fixture->summaries, (gint)channel, alone->summaries);
      fail_unless_equals_int (fixture->windows->len, alone->windows->len);
      fixture_free (fixture);
      fixture_free (alone);
      g_free (caps);
    }
  }
}
GST_END_TEST

/* The text of the first error on the bus; free with g_free(). */
static char *
get_error (Fixture *fixture)
{
  GError *error = NULL;
  GstMessage *message = gst_bus_pop_filtered (fixture->bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "no error");
  gst_message_parse_error (message, &error, NULL);
  char *text = g_strdup (error->message);
  g_error_free (error);
  gst_message_unref (message);
  return text;
}

/* A stream without the chosen channel is an error that gives the number of channels. */
GST_START_TEST (test_no_such_channel)
{
  Fixture *fixture = fixture_new (NULL, "channel", 2, NULL);
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "single");
  gst_harness_set_src_caps_str (fixture->harness, caps);
  char *text = get_error (fixture);
  fail_unless (strstr (text, "channel 2") && strstr (text, "2 channels"), "%s", text);
  fail_unless (strstr (text, "0 to 1"), "%s", text);
  fixture_free (fixture);
  g_free (caps);
  g_free (text);
}
GST_END_TEST

/* Without channel-mode=single the choice does not matter. */
GST_START_TEST (test_unused_choice)
{
  Fixture *fixture = fixture_new_f32 (RATE, 2), *plain = play ("mix", 2, 0, "interleaved");
  g_object_set (fixture->element, "channel", 40, NULL);
  fixture_push (fixture, 2200, 441, 0);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, plain);
  fail_unless_equals_int (fixture->warnings->len, 0);
  fixture_free (fixture);
  fixture_free (plain);
}
GST_END_TEST

/* While playing, a new choice takes effect with the next window. If the stream lacks that channel,
 * there is a warning and the previous channel stays. */
GST_START_TEST (test_choice_while_playing)
{
  Fixture *fixture = fixture_new_f32 (RATE, 2);
  gint channel;
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "single");
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "channel", 1, NULL);
  fixture_push (fixture, 1800, 160, 700 * GST_MSECOND);
  g_object_set (fixture->element, "channel", 2, NULL);
  g_object_get (fixture->element, "channel", &channel, NULL);
  fixture_push_eos (fixture);
  fail_unless_equals_int (channel, 1);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_unless (strstr (g_ptr_array_index (fixture->warnings, 0), "2 channels") != NULL);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 1)), 0);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 2)), 1);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->summaries, 0)), 1);
  fixture_free (fixture);
}
GST_END_TEST

/* free with g_free() */
static char *
get_caps (guint channels, guint64 mask)
{
  return g_strdup_printf ("audio/x-raw, format=%s, layout=interleaved, rate=%d, channels=%u, "
                          "channel-mask=(bitmask)0x%" G_GINT64_MODIFIER "x",
                          GST_AUDIO_NE (F32), RATE, channels, mask);
}

static void
push_frames (Fixture *fixture, const float *frames, gsize n, guint channels)
{
  fixture_push_buffer (fixture, gst_buffer_new_memdup (frames, n * channels * sizeof *frames));
}

/* Plays the frames with that channel mask. */
static Fixture *
play_frames (const float *frames, gsize n, guint channels, guint64 mask)
{
  char *caps = get_caps (channels, mask);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  push_frames (fixture, frames, n, channels);
  fixture_push_eos (fixture);
  g_free (caps);
  return fixture;
}

/* Fills one channel of interleaved frames with a voice-like sound. */
static void
set_channel (float *frames, gsize n, guint channels, guint channel, double frequency, float gain)
{
  for (gsize i = 0; i < n; i++) {
    const double t = (double)i / RATE;
    const double syllable = 0.55 + 0.45 * sin (2 * G_PI * 4.7 * t);
    double voice = 0;
    for (guint k = 1; k < 6; k++)
      voice += sin (2 * G_PI * frequency * k * t) / k;
    frames[i * channels + channel] = gain * (float)(0.2 * syllable * voice);
  }
}

#define STEREO 0x3
#define FRONT_AND_CENTRE 0x7
#define FRONT_AND_LFE 0xb /* left, right, low frequencies: 2.1 */
#define SURROUND 0x3f     /* 5.1 */
#define N_FRAMES ((gsize)2 * RATE)

/* The low-frequency channel does not count; left and right count as in stereo. */
GST_START_TEST (test_mix_without_lfe)
{
  float *three = g_new0 (float, 3 * N_FRAMES), *two = g_new0 (float, 2 * N_FRAMES);
  for (guint c = 0; c < 2; c++) {
    set_channel (three, N_FRAMES, 3, c, 150 + 40 * c, 0.5f);
    set_channel (two, N_FRAMES, 2, c, 150 + 40 * c, 0.5f);
  }
  set_channel (three, N_FRAMES, 3, 2, 45, 4);
  Fixture *with = play_frames (three, N_FRAMES, 3, FRONT_AND_LFE);
  Fixture *without = play_frames (two, N_FRAMES, 2, STEREO);
  fail_unless (with->windows->len > 0);
  fixture_assert_same (with, without);
  fixture_free (with);
  fixture_free (without);
  g_free (three);
  g_free (two);
}
GST_END_TEST

static void
assert_near (GPtrArray *messages, GPtrArray *wanted, guint i, const char *field)
{
  double is = fixture_number (messages, i, field), should = fixture_number (wanted, i, field);
  fail_unless (fabs (is - should) < 1e-3, "%s of window %u: %f, not %f", field, i, is, should);
}

/* 5.1 is the mean of its downmix to stereo by ITU-R BS.775: left 1, centre and surrounds 0.7071. */
GST_START_TEST (test_mix_of_surround)
{
  static const double gains[] = {1, 1, 1.4142, 0, 0.7071, 0.7071};
  float *frames = g_new0 (float, 6 * N_FRAMES), *mono = g_new0 (float, N_FRAMES);
  for (guint c = 0; c < 6; c++) {
    set_channel (frames, N_FRAMES, 6, c, 110 + 30 * c, 0.4f);
    for (gsize i = 0; i < N_FRAMES; i++)
      mono[i] += (float)(gains[c] / 2 * frames[i * 6 + c]);
  }
  Fixture *mixed = play_frames (frames, N_FRAMES, 6, SURROUND);
  Fixture *wanted = play_frames (mono, N_FRAMES, 1, 0);
  fail_unless_equals_int (mixed->windows->len, wanted->windows->len);
  for (guint i = 0; i < mixed->windows->len; i++) {
    assert_near (mixed->windows, wanted->windows, i, "level");
    assert_near (mixed->windows, wanted->windows, i, "confidence");
  }
  fixture_free (mixed);
  fixture_free (wanted);
  g_free (frames);
  g_free (mono);
}
GST_END_TEST

/* The same number of channels at other positions: later frames are mixed in the new way. */
GST_START_TEST (test_other_places)
{
  float *frames = g_new0 (float, 3 * N_FRAMES);
  char *caps = get_caps (3, FRONT_AND_LFE), *others = get_caps (3, FRONT_AND_CENTRE);
  set_channel (frames, N_FRAMES, 3, 2, 150, 0.5f);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  push_frames (fixture, frames, N_FRAMES, 3);
  fixture_set_caps (fixture, others);
  guint n = fixture_collect (fixture);
  push_frames (fixture, frames, N_FRAMES, 3);
  fixture_push_eos (fixture);
  fail_unless (0 < n && n < fixture->windows->len);
  for (guint i = 0; i < fixture->windows->len; i++)
    fail_unless ((fixture_number (fixture->windows, i, "level") > -60) == (i >= n));
  fixture_free (fixture);
  g_free (caps);
  g_free (others);
  g_free (frames);
}
GST_END_TEST

GST_START_TEST (test_many)
{
  char *caps = fixture_caps (GST_AUDIO_NE (S16), "interleaved", 8000, 64);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1100, 1009, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 3 * 64);
  fail_unless_equals_int (fixture->summaries->len, 64);
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* A change of the mode takes effect with the next window, and the summary covers the
 * time after it. */
GST_START_TEST (test_while_playing)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  fixture_push (fixture, 700, 160, 0);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1800, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 1)), -1);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 2)), 0);
  fail_unless_equals_int (get_channel (g_ptr_array_index (fixture->windows, 3)), 1);
  fail_unless_equals_int (fixture->summaries->len, 2);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"),
                             fixture_time (fixture->windows, 2, "timestamp"));
  fixture_free (fixture);
  g_free (caps);
}
GST_END_TEST

/* New caps: one stream of results per channel of the new caps. */
GST_START_TEST (test_caps_change)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  char *more = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 3);
  Fixture *fixture = fixture_new (caps, NULL, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1200, 160, 0);
  fixture_set_caps (fixture, more);
  fixture_push (fixture, 1200, 160, 1200 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->windows->len, 3 * 2 + 3 * 3);
  fail_unless_equals_int (fixture->summaries->len, 3);
  fail_unless_equals_uint64 (fixture_time (fixture->summaries, 0, "timestamp"), 1200 * GST_MSECOND);
  fixture_free (fixture);
  g_free (caps);
  g_free (more);
}
GST_END_TEST

/* Separate channels post no tags. */
GST_START_TEST (test_no_tags)
{
  Fixture *fixture = play ("separate", 2, 0, "interleaved");
  GstEvent *event;
  while ((event = gst_harness_try_pull_event (fixture->harness)) != NULL) {
    fail_if (GST_EVENT_TYPE (event) == GST_EVENT_TAG);
    gst_event_unref (event);
  }
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
channels_suite (void)
{
  Suite *suite = suite_create ("channels");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_separate);
  tcase_add_test (tests, test_order);
  tcase_add_test (tests, test_first);
  tcase_add_test (tests, test_single);
  tcase_add_test (tests, test_no_such_channel);
  tcase_add_test (tests, test_unused_choice);
  tcase_add_test (tests, test_choice_while_playing);
  tcase_add_test (tests, test_mix_without_lfe);
  tcase_add_test (tests, test_mix_of_surround);
  tcase_add_test (tests, test_other_places);
  tcase_add_test (tests, test_many);
  tcase_add_test (tests, test_while_playing);
  tcase_add_test (tests, test_caps_change);
  tcase_add_test (tests, test_no_tags);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (channels)
