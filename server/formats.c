/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats.h"

#include <libsoup/soup.h>
#include <string.h>

#include "format-writers.h"
#include "json.h"
#include "problem.h"

const ServerFormatInfo server_formats[SERVER_N_FORMATS] = {
    {"json", "application/json", "application/json", "json"},
    {"csv", "text/csv", "text/csv; charset=utf-8; header=present", "csv"},
    {"vtt", "text/vtt", "text/vtt; charset=utf-8", "vtt"},
    {"emotionml", "application/emotionml+xml", "application/emotionml+xml", "emotionml"},
    {"html", "text/html", "text/html; charset=utf-8", "html"},
};

/* Whether a media range of Accept, which may have parameters, covers the type. */
static gboolean
covers (const char *range, const char *type)
{
  const gsize length = strcspn (range, "; \t");
  if (length == 3 && strncmp (range, "*/*", 3) == 0)
    return TRUE;
  if (length > 2 && range[length - 1] == '*' && range[length - 2] == '/')
    return g_ascii_strncasecmp (range, type, length - 1) == 0;
  return length == strlen (type) && g_ascii_strncasecmp (range, type, length) == 0;
}

static gboolean
covered_by (GSList *ranges, const char *type)
{
  for (; ranges; ranges = ranges->next)
    if (covers (ranges->data, type))
      return TRUE;
  return FALSE;
}

/* The ranges are in the order of their q values. A type that the client refuses (q=0) is still
 * refused where a wildcard covers it. */
static gboolean
choose_by_accept (const char *accept, ServerFormat *format)
{
  GSList *refused = NULL, *ranges = soup_header_parse_quality_list (accept, &refused);
  gboolean found = !ranges && !refused; /* an empty header: any */
  for (GSList *range = ranges; range && !found; range = range->next)
    for (guint i = 0; i < SERVER_N_FORMATS && !found; i++)
      if (covers (range->data, server_formats[i].media_type) &&
          !covered_by (refused, server_formats[i].media_type)) {
        *format = i;
        found = TRUE;
      }
  soup_header_free_list (ranges);
  soup_header_free_list (refused);
  return found;
}

gboolean
server_format_choose (const char *name, const char *accept, ServerFormat *format, GError **error)
{
  *format = SERVER_FORMAT_JSON;
  if (name) {
    for (guint i = 0; i < SERVER_N_FORMATS; i++)
      if (strcmp (name, server_formats[i].name) == 0) {
        *format = i;
        return TRUE;
      }
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION,
                 "format=%s: use json, csv, vtt, emotionml or html", name);
    return FALSE;
  }
  if (!accept || choose_by_accept (accept, format))
    return TRUE;
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_NOT_ACCEPTABLE,
               "none of the formats of a result is in 'Accept: %s'", accept);
  return FALSE;
}

static JsonArray *
describe_segments (GPtrArray *windows)
{
  JsonArray *array = json_array_new ();
  GArray *segments = server_segments_new (windows);
  for (guint i = 0; i < segments->len; i++) {
    const ServerSegment *segment = &g_array_index (segments, ServerSegment, i);
    JsonObject *object = json_object_new ();
    json_object_set_double_member (object, "start", segment->start);
    json_object_set_double_member (object, "end", segment->end);
    json_object_set_string_member (object, "emotion", segment->emotion);
    json_object_set_double_member (object, "confidence", segment->confidence);
    if (segment->reason)
      json_object_set_string_member (object, "reason", segment->reason);
    json_array_add_object_element (array, object);
  }
  g_array_unref (segments);
  return array;
}

static void
write_json (const ServerDocument *document, guint ahead, gint64 keep_us, GString *text)
{
  const char *const *labels = document->recording->model->labels;
  JsonObject *object = json_object_new ();
  JsonArray *windows = json_array_new ();
  server_recording_describe (document->recording, ahead, keep_us, object);
  for (guint i = 0; i < document->windows->len; i++) {
    JsonObject *window = json_object_new ();
    server_result_describe (document->windows->pdata[i], labels, window);
    json_array_add_object_element (windows, window);
  }
  json_object_set_array_member (object, "windows", windows);
  if (document->summary) {
    JsonObject *summary = json_object_new ();
    server_result_describe (document->summary, labels, summary);
    json_object_set_object_member (object, "summary", summary);
  }
  if (server_recording_has_ended (document->recording))
    json_object_set_array_member (object, "segments", describe_segments (document->windows));
  char *json = server_json_write (object);
  g_string_append (text, json);
  g_free (json);
}

char *
server_format_write (ServerRecording *recording, ServerFormat format, guint ahead, gint64 keep_us,
                     gsize *length)
{
  guint position = 0;
  const ServerDocument document = {.recording = recording,
                                   .windows = server_recording_get_windows (recording, &position),
                                   .summary = server_recording_get_summary (recording)};
  GString *text = g_string_new (NULL);
  switch (format) {
  case SERVER_FORMAT_CSV:
    server_write_csv (&document, text);
    break;
  case SERVER_FORMAT_VTT:
    server_write_vtt (&document, text);
    break;
  case SERVER_FORMAT_EMOTIONML:
    server_write_emotionml (&document, text);
    break;
  case SERVER_FORMAT_HTML:
    server_write_html (&document, text);
    break;
  default:
    write_json (&document, ahead, keep_us, text);
  }
  g_ptr_array_unref (document.windows);
  server_result_unref (document.summary);
  *length = text->len;
  return g_string_free (text, FALSE);
}
