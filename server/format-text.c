/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "format-writers.h"

void
server_put_number (GString *text, const char *format, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite (number))
    g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, format, number));
}

const char *
server_emotion_text (const ServerModel *model, const char *emotion, const char *reason)
{
  for (guint i = 0; i < model->n_labels; i++)
    if (strcmp (model->labels[i], emotion) == 0)
      return model->label_texts[i];
  if (g_strcmp0 (reason, "silence") == 0)
    return "silence";
  return g_strcmp0 (reason, "no-speech") == 0 ? "no speech" : "unclear";
}

/* CSV */

static void
put_csv_text (GString *text, const char *field)
{
  const gboolean quote = strpbrk (field, ",\"\r\n") != NULL;
  if (quote)
    g_string_append_c (text, '"');
  for (; *field; field++)
    g_string_append (text, *field == '"' ? "\"\"" : (char[]){*field, '\0'});
  if (quote)
    g_string_append_c (text, '"');
}

static void
put_csv_number (GString *text, const char *format, double number)
{
  g_string_append_c (text, ',');
  server_put_number (text, format, number);
}

static void
put_csv_row (GString *text, const char *name, const ServerResult *window)
{
  const double numbers[] = {window->speech_ratio, window->level, window->intensity, window->valence,
                            window->arousal};
  put_csv_text (text, name);
  put_csv_number (text, "%.9g", window->start);
  put_csv_number (text, "%.9g", window->duration);
  g_string_append_printf (text, ",%s", window->emotion);
  put_csv_number (text, "%.6g", window->confidence);
  g_string_append_printf (text, ",%s", window->reason ? window->reason : "");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    put_csv_number (text, "%.6g", numbers[i]);
  for (guint i = 0; i < window->n_labels; i++)
    put_csv_number (text, "%.6g", window->scores[i]);
  g_string_append_c (text, '\n');
}

void
server_write_csv (const ServerDocument *self, GString *text)
{
  const ServerModel *model = self->recording->model;
  g_string_append (text, "file,start,duration,emotion,confidence,reason,speech_ratio,level,"
                         "intensity,valence,arousal");
  for (guint i = 0; i < model->n_labels; i++)
    g_string_append_printf (text, ",score_%s", model->labels[i]);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < self->windows->len; i++)
    put_csv_row (text, self->recording->name, self->windows->pdata[i]);
}

/* WebVTT */

static void
put_vtt_time (GString *text, double seconds)
{
  const guint64 ms = (guint64)llround (seconds * 1000);
  g_string_append_printf (text,
                          "%02" G_GUINT64_FORMAT ":%02" G_GUINT64_FORMAT ":%02" G_GUINT64_FORMAT
                          ".%03" G_GUINT64_FORMAT,
                          ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

static gboolean
nobody_speaks (const ServerSegment *segment)
{
  return g_strcmp0 (segment->reason, "silence") == 0 ||
         g_strcmp0 (segment->reason, "no-speech") == 0;
}

void
server_write_vtt (const ServerDocument *self, GString *text)
{
  const ServerModel *model = self->recording->model;
  GArray *segments = server_segments_new (self->windows);
  g_string_append (text, "WEBVTT\n");
  for (guint i = 0; i < segments->len; i++) {
    const ServerSegment *segment = &g_array_index (segments, ServerSegment, i);
    if (nobody_speaks (segment))
      continue;
    char *emotion =
        g_markup_escape_text (server_emotion_text (model, segment->emotion, segment->reason), -1);
    g_string_append_c (text, '\n');
    put_vtt_time (text, segment->start);
    g_string_append (text, " --> ");
    put_vtt_time (text, segment->end);
    g_string_append_printf (text, "\n%s ", emotion);
    server_put_number (text, "%.0f", 100 * segment->confidence);
    g_string_append (text, " %\n");
    g_free (emotion);
  }
  g_array_unref (segments);
}
