/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "odd-wav.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#define MAX_CHUNKS 1000 /* before the data */

static guint32
size_of (const guint8 *chunk)
{
  return (guint32)chunk[4] | (guint32)chunk[5] << 8 | (guint32)chunk[6] << 16 |
         (guint32)chunk[7] << 24;
}

static gboolean
is_odd (const char *path)
{
  guint8 head[12], chunk[8];
  gboolean odd = FALSE;
  /* Reading from anything else would lose the data. */
  FILE *file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_fopen (path, "rb") : NULL;
  if (!file)
    return FALSE;
  if (fread (head, 1, 12, file) == 12 && memcmp (head, "RIFF", 4) == 0 &&
      memcmp (head + 8, "WAVE", 4) == 0)
    for (guint n = 0; !odd && n < MAX_CHUNKS && fread (chunk, 1, 8, file) == 8; n++) {
      const guint32 size = size_of (chunk);
      odd = memcmp (chunk, "data", 4) == 0 && size % 2 == 1;
      if (memcmp (chunk, "data", 4) == 0 || fseeko (file, (off_t)size + size % 2, SEEK_CUR) != 0)
        break;
    }
  fclose (file);
  return odd;
}

/* Answers scheduling queries: the source supports push mode only. */
static GstPadProbeReturn
refuse_to_be_pulled (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  (void)pad;
  (void)data;
  if (GST_QUERY_TYPE (query) != GST_QUERY_SCHEDULING)
    return GST_PAD_PROBE_OK;
  gst_query_set_scheduling (query, GST_SCHEDULING_FLAG_SEQUENTIAL, 1, -1, 0);
  gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
  return GST_PAD_PROBE_HANDLED;
}

static void
set_up_source (GstElement *decoder, GstElement *source, gpointer data)
{
  char *path = NULL;
  (void)decoder;
  (void)data;
  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (source), "location"))
    return;
  g_object_get (source, "location", &path, NULL);
  GstPad *pad = path && is_odd (path) ? gst_element_get_static_pad (source, "src") : NULL;
  if (pad) {
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, refuse_to_be_pulled, NULL, NULL);
    gst_object_unref (pad);
  }
  g_free (path);
}

void
media_odd_wav_prepare (GstElement *decoder)
{
  g_signal_connect (decoder, "source-setup", G_CALLBACK (set_up_source), NULL);
}
