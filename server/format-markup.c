/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "format-writers.h"

/* For HTML. */
static void
put_text (GString *text, const char *raw)
{
  char *escaped = g_markup_escape_text (raw, -1);
  g_string_append (text, escaped);
  g_free (escaped);
}

static void
put_attribute (GString *text, const char *name, const char *format, double number)
{
  if (!isfinite (number))
    return;
  g_string_append_printf (text, " %s=\"", name);
  server_put_number (text, format, number);
  g_string_append_c (text, '"');
}

/* EmotionML */

static void
put_vocabulary (GString *text, const char *type, const char *id, const char *const *names)
{
  g_string_append_printf (text, "  <vocabulary type=\"%s\" id=\"%s\">\n", type, id);
  for (; *names; names++)
    g_string_append_printf (text, "    <item name=\"%s\"/>\n", *names);
  g_string_append (text, "  </vocabulary>\n");
}

/* A dimension of EmotionML goes from 0 to 1. */
static void
put_dimension (GString *text, const char *name, double rating)
{
  if (isnan (rating))
    return;
  g_string_append_printf (text, "    <dimension name=\"%s\"", name);
  put_attribute (text, "value", "%.6g", CLAMP ((rating + 1) / 2, 0, 1));
  g_string_append (text, "/>\n");
}

/* Where the window is: the part of a file, or times of the day in ms since 1970. */
static void
put_place (GString *text, const ServerRecording *recording, const ServerResult *window)
{
  const double end = window->start + window->duration;
  char *name = g_uri_escape_string (recording->name, NULL, FALSE);
  if (recording->kind == SERVER_RECORDING_LIVE) {
    put_attribute (text, "start", "%.0f", (double)recording->created / 1000 + 1000 * window->start);
    put_attribute (text, "end", "%.0f", (double)recording->created / 1000 + 1000 * end);
  }
  g_string_append (text, " expressed-through=\"voice\">\n");
  if (recording->kind == SERVER_RECORDING_FILE) {
    g_string_append_printf (text, "    <reference role=\"expressedBy\" uri=\"%s#t=", name);
    server_put_number (text, "%.9g", window->start);
    g_string_append_c (text, ',');
    server_put_number (text, "%.9g", end);
    g_string_append (text, "\"/>\n");
  }
  g_free (name);
}

static void
put_emotion (GString *text, const ServerRecording *recording, const ServerResult *window)
{
  g_string_append (text, "  <emotion");
  put_place (text, recording, window);
  for (guint i = 0; i < window->n_labels; i++) {
    g_string_append_printf (text, "    <category name=\"%s\"", recording->model->labels[i]);
    put_attribute (text, "value", "%.6g", window->scores[i]);
    g_string_append (text, "/>\n");
  }
  put_dimension (text, "valence", window->valence);
  put_dimension (text, "arousal", window->arousal);
  g_string_append_printf (text, "    <info><window xmlns=\"urn:emotiondetect\" emotion=\"%s\"",
                          window->emotion);
  put_attribute (text, "confidence", "%.6g", window->confidence);
  if (window->reason)
    g_string_append_printf (text, " reason=\"%s\"", window->reason);
  put_attribute (text, "speech_ratio", "%.6g", window->speech_ratio);
  put_attribute (text, "level", "%.6g", window->level);
  g_string_append (text, "/></info>\n  </emotion>\n");
}

void
server_write_emotionml (const ServerDocument *self, GString *text)
{
  static const char *const affect[] = {"valence", "arousal", NULL};
  g_string_append (text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<emotionml version=\"1.0\" xmlns=\"http://www.w3.org/2009/10/emotionml\""
                         " category-set=\"#labels\" dimension-set=\"#affect\">\n");
  put_vocabulary (text, "category", "labels", self->recording->model->labels);
  put_vocabulary (text, "dimension", "affect", affect);
  for (guint i = 0; i < self->windows->len; i++)
    put_emotion (text, self->recording, self->windows->pdata[i]);
  g_string_append (text, "</emotionml>\n");
}

/* HTML */

static void
put_head (GString *text, const ServerRecording *recording)
{
  g_string_append (text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n"
                         "<link rel=\"icon\" href=\"/web/icon.svg\">\n"
                         "<link rel=\"stylesheet\" href=\"/web/style.css\">\n<title>");
  put_text (text, recording->name);
  g_string_append (text, "</title>\n</head>\n<body>\n<main class=\"document\">\n<h1>");
  put_text (text, recording->name);
  g_string_append (text, "</h1>\n");
}

static void
put_table_head (GString *text, const char *caption, const char *const *columns)
{
  g_string_append_printf (text, "<table>\n<caption>%s</caption>\n<thead><tr>", caption);
  for (; *columns; columns++)
    g_string_append_printf (text, "<th scope=\"col\">%s</th>", *columns);
  g_string_append (text, "</tr></thead>\n<tbody>\n");
}

static void
put_cell (GString *text, const char *format, double number)
{
  g_string_append (text, "<td>");
  server_put_number (text, format, number);
  g_string_append (text, "</td>");
}

static void
put_emotion_cell (GString *text, const ServerModel *model, const char *emotion, const char *reason)
{
  g_string_append (text, "<td>");
  put_text (text, server_emotion_text (model, emotion, reason));
  g_string_append (text, "</td>");
}

static void
put_summary (GString *text, const ServerModel *model, const ServerResult *summary)
{
  static const char *const columns[] = {"Emotion", "Score, %", "Share of time, %", NULL};
  g_string_append (text, "<p>Heard in the whole: <strong>");
  put_text (text, server_emotion_text (model, summary->emotion, summary->reason));
  g_string_append (text, "</strong>, ");
  server_put_number (text, "%.0f", 100 * summary->confidence);
  g_string_append_printf (text, " %%. Model: %s.</p>\n", model->name);
  put_table_head (text, "Scores", columns);
  for (guint i = 0; i <= model->n_labels; i++) {
    const char *label = i < model->n_labels ? model->labels[i] : "none";
    g_string_append (text, "<tr>");
    put_emotion_cell (text, model, label, NULL);
    put_cell (text, "%.0f", i < model->n_labels ? 100 * summary->scores[i] : NAN);
    put_cell (text, "%.0f", 100 * summary->fractions[i]);
    g_string_append (text, "</tr>\n");
  }
  g_string_append (text, "</tbody>\n</table>\n");
}

static void
put_segments (GString *text, const ServerDocument *self)
{
  static const char *const columns[] = {"From, s", "To, s", "Emotion", "Confidence, %", NULL};
  GArray *segments = server_segments_new (self->windows);
  put_table_head (text, "Segments", columns);
  for (guint i = 0; i < segments->len; i++) {
    const ServerSegment *segment = &g_array_index (segments, ServerSegment, i);
    g_string_append (text, "<tr>");
    put_cell (text, "%.1f", segment->start);
    put_cell (text, "%.1f", segment->end);
    put_emotion_cell (text, self->recording->model, segment->emotion, segment->reason);
    put_cell (text, "%.0f", 100 * segment->confidence);
    g_string_append (text, "</tr>\n");
  }
  g_string_append (text, "</tbody>\n</table>\n");
  g_array_unref (segments);
}

void
server_write_html (const ServerDocument *self, GString *text)
{
  put_head (text, self->recording);
  if (self->summary)
    put_summary (text, self->recording->model, self->summary);
  put_segments (text, self);
  g_string_append (text, "<p>The scores tell how the voice sounded, not what anybody felt.</p>\n"
                         "<p><a href=\"/\">Another file</a></p>\n</main>\n</body>\n</html>\n");
}
