/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scratch.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define WAV_HEADER_SIZE 44

char *
scratch_new (void)
{
  GError *error = NULL;
  char *folder = g_dir_make_tmp ("emotion-test-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

void
scratch_remove (char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
      scratch_remove (path);
    } else {
      g_assert_cmpint (g_remove (path), ==, 0);
      g_free (path);
    }
  }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

char *
scratch_write (const char *folder, const char *name, const void *content, gsize size)
{
  GError *error = NULL;
  char *path = g_build_filename (folder, name, NULL);
  g_file_set_contents (path, content, (gssize)size, &error);
  g_assert_no_error (error);
  return path;
}

static void
put_u16 (guint8 *at, guint value)
{
  at[0] = (guint8)value;
  at[1] = (guint8)(value >> 8);
}

static void
put_u32 (guint8 *at, guint value)
{
  put_u16 (at, value);
  put_u16 (at + 2, value >> 16);
}

char *
scratch_write_wav (const char *folder, const char *name, guint rate, guint channels,
                   const gint16 *samples, gsize n_frames)
{
  const guint n = (guint)n_frames * channels;
  const gsize size = WAV_HEADER_SIZE + 2 * (gsize)n;
  guint8 *file = g_malloc0 (size);
  memcpy (file, "RIFF....WAVEfmt ", 16);
  put_u32 (file + 4, (guint)size - 8);
  put_u32 (file + 16, 16);
  put_u16 (file + 20, 1); /* PCM */
  put_u16 (file + 22, channels);
  put_u32 (file + 24, rate);
  put_u32 (file + 28, rate * channels * 2);
  put_u16 (file + 32, channels * 2);
  put_u16 (file + 34, 16);
  memcpy (file + 36, "data", 4);
  put_u32 (file + 40, 2 * n);
  for (guint i = 0; i < n; i++)
    put_u16 (file + WAV_HEADER_SIZE + 2 * i, (guint16)samples[i]);
  char *path = scratch_write (folder, name, file, size);
  g_free (file);
  return path;
}

char *
scratch_write_speech (const char *folder, const char *name, guint rate, double f0, double seconds)
{
  const gsize n = (gsize)(seconds * rate);
  gint16 *samples = g_new (gint16, n);
  const double radius = exp (-G_PI * 80 / rate), angle = 2 * G_PI * 700 / rate;
  double phase = 0, last = 0, before = 0;
  for (gsize i = 0; i < n; i++) {
    phase += f0 / rate;
    const double pulse = phase >= 1 ? 1 : 0;
    phase -= floor (phase);
    const double out = pulse + 2 * radius * cos (angle) * last - radius * radius * before;
    before = last;
    last = out;
    const double syllable = sin (2 * G_PI * 3 * (double)i / rate) > -0.5 ? 1 : 0.01;
    samples[i] = (gint16)lrint (4000 * syllable * out);
  }
  char *path = scratch_write_wav (folder, name, rate, 1, samples, n);
  g_free (samples);
  return path;
}

gboolean
scratch_run_pipeline (const char *description)
{
  GstElement *pipeline =
      gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, NULL);
  if (!pipeline)
    return FALSE;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message =
      gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  const gboolean ended = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return ended;
}
