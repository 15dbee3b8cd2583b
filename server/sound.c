/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sound.h"

#include <math.h>
#include <string.h>

#define PEAK_INTERVAL 0.02   /* s, at first */
#define COLUMN_INTERVAL 0.05 /* s, at first */
#define FULL_SCALE 255

/* Rows of bytes; two neighbours become their maximum when there are too many. */
typedef struct {
  GByteArray *rows;
  guint width, max_rows, n_merged; /* n_merged: arrived rows in a stored row */
  guint n_pending;                 /* arrived rows in `pending` */
  guint8 pending[SERVER_SOUND_BANDS];
} Rows;

struct _ServerSound {
  GMutex lock;
  gboolean has_peaks, has_spectrogram;
  Rows peaks, columns;
  /* The peak under way; only used by the streaming thread: */
  guint n_samples;
  float peak;
};

static void
rows_init (Rows *self, guint width, guint max_rows)
{
  self->rows = g_byte_array_new ();
  self->width = width;
  self->max_rows = max_rows;
  self->n_merged = 1;
}

static void
merge (guint8 *into, const guint8 *row, guint width)
{
  for (guint i = 0; i < width; i++)
    into[i] = MAX (into[i], row[i]);
}

static void
rows_halve (Rows *self)
{
  guint8 *data = self->rows->data;
  const guint n = self->rows->len / self->width / 2;
  for (guint i = 0; i < n; i++) {
    memmove (data + i * self->width, data + 2 * i * self->width, self->width);
    merge (data + i * self->width, data + (2 * i + 1) * self->width, self->width);
  }
  g_byte_array_set_size (self->rows, n * self->width);
  self->n_merged *= 2;
}

static void
rows_add (Rows *self, const guint8 *row)
{
  merge (self->pending, row, self->width);
  if (++self->n_pending < self->n_merged)
    return;
  g_byte_array_append (self->rows, self->pending, self->width);
  memset (self->pending, 0, sizeof self->pending);
  self->n_pending = 0;
  if (self->rows->len >= self->max_rows * self->width)
    rows_halve (self);
}

ServerSound *
server_sound_new (gboolean peaks, gboolean spectrogram)
{
  ServerSound *self = g_new0 (ServerSound, 1);
  g_mutex_init (&self->lock);
  self->has_peaks = peaks;
  self->has_spectrogram = spectrogram;
  rows_init (&self->peaks, 1, SERVER_SOUND_MAX_PEAKS);
  rows_init (&self->columns, SERVER_SOUND_BANDS, SERVER_SOUND_MAX_COLUMNS);
  return self;
}

void
server_sound_free (ServerSound *self)
{
  if (!self)
    return;
  g_byte_array_unref (self->peaks.rows);
  g_byte_array_unref (self->columns.rows);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
server_sound_has_peaks (const ServerSound *self)
{
  return self && self->has_peaks;
}

gboolean
server_sound_has_spectrogram (const ServerSound *self)
{
  return self && self->has_spectrogram;
}

gsize
server_sound_get_size (ServerSound *self)
{
  g_mutex_lock (&self->lock);
  const gsize size = sizeof *self + self->peaks.rows->len + self->columns.rows->len;
  g_mutex_unlock (&self->lock);
  return size;
}

static void
take_samples (ServerSound *self, const float *samples, gsize n)
{
  const guint per_peak = (guint)(PEAK_INTERVAL * SERVER_SOUND_RATE);
  g_mutex_lock (&self->lock);
  for (gsize i = 0; i < n; i++) {
    self->peak = MAX (self->peak, fabsf (samples[i]));
    if (++self->n_samples < per_peak)
      continue;
    const guint8 peak = (guint8)lrintf (MIN (self->peak, 1) * FULL_SCALE);
    rows_add (&self->peaks, &peak);
    self->n_samples = 0;
    self->peak = 0;
  }
  g_mutex_unlock (&self->lock);
}

static GstPadProbeReturn
probe_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstMapInfo map;
  (void)pad;
  if (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ)) {
    take_samples (data, (const float *)map.data, map.size / sizeof (float));
    gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  }
  return GST_PAD_PROBE_OK;
}

/* A queue, so that drawing and analysis use a processor each. */
GstElement *
server_sound_make_sink (ServerSound *self)
{
  char *text = g_strdup_printf (
      "queue max-size-time=0 max-size-bytes=0 max-size-buffers=50 ! audioconvert ! audioresample "
      "! audio/x-raw,format=F32LE,rate=%d,channels=1,layout=interleaved ! identity name=tap %s"
      "! fakesink sync=false async=false",
      SERVER_SOUND_RATE, self->has_spectrogram ? "! spectrum name=spectrum " : "");
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, NULL);
  g_free (text);
  if (!bin)
    return NULL;
  GstElement *tap = gst_bin_get_by_name (GST_BIN (bin), "tap");
  if (self->has_peaks) {
    GstPad *pad = gst_element_get_static_pad (tap, "src");
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, probe_buffer, self, NULL);
    gst_object_unref (pad);
  }
  gst_object_unref (tap);
  GstElement *spectrum = gst_bin_get_by_name (GST_BIN (bin), "spectrum");
  if (spectrum) {
    g_object_set (spectrum, "bands", SERVER_SOUND_BANDS, "interval",
                  (guint64)(COLUMN_INTERVAL * GST_SECOND), "threshold", SERVER_SOUND_MIN_DB, NULL);
    gst_object_unref (spectrum);
  }
  return bin;
}

gboolean
server_sound_take_message (ServerSound *self, GstMessage *message)
{
  const GstStructure *s = gst_message_get_structure (message);
  if (!s || !gst_structure_has_name (s, "spectrum"))
    return FALSE;
  const GValue *magnitudes = gst_structure_get_value (s, "magnitude");
  guint8 column[SERVER_SOUND_BANDS];
  for (guint i = 0; i < SERVER_SOUND_BANDS; i++) {
    const float db = g_value_get_float (gst_value_list_get_value (magnitudes, i));
    const float fraction = 1 - db / SERVER_SOUND_MIN_DB;
    column[i] = (guint8)lrintf (CLAMP (fraction, 0, 1) * FULL_SCALE);
  }
  g_mutex_lock (&self->lock);
  rows_add (&self->columns, column);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
append_number (GString *text, const char *before, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (text, before);
  g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.9g", number));
}

gboolean
server_sound_write_peaks (ServerSound *self, double *position, guint min, GString *text)
{
  g_mutex_lock (&self->lock);
  const double interval = PEAK_INTERVAL * self->peaks.n_merged;
  const guint from = (guint)lrint (*position / interval), n = self->peaks.rows->len;
  const gboolean enough = n >= from + min;
  if (enough) {
    append_number (text, "\"start\":", from * interval);
    append_number (text, ",\"interval\":", interval);
    g_string_append (text, ",\"peaks\":[");
    for (guint i = from; i < n; i++)
      g_string_append_printf (text, i > from ? ",%u" : "%u", self->peaks.rows->data[i]);
    g_string_append_c (text, ']');
    *position = n * interval;
  }
  g_mutex_unlock (&self->lock);
  return enough;
}

char *
server_sound_write_spectrogram (ServerSound *self)
{
  GString *text = g_string_new (NULL);
  g_mutex_lock (&self->lock);
  const Rows *columns = &self->columns;
  char *data = g_base64_encode (columns->rows->data, columns->rows->len);
  append_number (text, "{\"interval\":", COLUMN_INTERVAL * columns->n_merged);
  g_string_append_printf (text,
                          ",\"bands\":%d,\"max_frequency\":%d,\"min_db\":%d,\"max_db\":0,"
                          "\"columns\":%u,\"data\":\"%s\"}",
                          SERVER_SOUND_BANDS, SERVER_SOUND_RATE / 2, SERVER_SOUND_MIN_DB,
                          columns->rows->len / SERVER_SOUND_BANDS, data);
  g_mutex_unlock (&self->lock);
  g_free (data);
  return g_string_free (text, FALSE);
}
