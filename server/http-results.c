/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "formats.h"
#include "http.h"
#include "problem.h"

/* The result that the request names; NULL after an answer with a problem. */
static ServerRecording *
find (ServerRequest *request)
{
  GError *error = NULL;
  ServerRecording *recording = server_hub_find (request->http->hub, request->rest, &error);
  if (!recording)
    server_reply_problem (request->message, error);
  return recording;
}

static void
describe_short (ServerHttp *http, ServerRecording *recording, JsonObject *object)
{
  ServerResult *summary = server_recording_get_summary (recording);
  server_recording_describe (recording, server_jobs_get_ahead (http->jobs, recording),
                             http->hub->config->keep, object);
  json_object_remove_member (object, "labels");
  json_object_remove_member (object, "label_texts");
  if (summary) {
    json_object_set_string_member (object, "emotion", summary->emotion);
    json_object_set_double_member (object, "confidence", summary->confidence);
  }
  server_result_unref (summary);
}

void
server_answer_results (ServerRequest *request)
{
  JsonObject *answer = json_object_new ();
  JsonArray *array = json_array_new ();
  for (GList *link = request->http->hub->kept.head; link; link = link->next) {
    JsonObject *object = json_object_new ();
    describe_short (request->http, link->data, object);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (answer, "results", array);
  server_reply_json (request->message, SOUP_STATUS_OK, answer);
}

/* Offers the answer as a file whose name is that of the recording, without its suffix. */
static void
set_file_name (ServerRequest *request, const ServerRecording *recording, ServerFormat format)
{
  const char *dot = strrchr (recording->name, '.');
  char *stem = dot && dot > recording->name
                   ? g_strndup (recording->name, (gsize)(dot - recording->name))
                   : g_strdup (*recording->name ? recording->name : "emotion");
  char *name = g_strdelimit (g_strconcat (stem, ".", server_formats[format].extension, NULL),
                             "/\\\r\n", '_');
  GHashTable *parameters = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (parameters, (char *)"filename", name);
  soup_message_headers_set_content_disposition (
      soup_server_message_get_response_headers (request->message), "attachment", parameters);
  g_hash_table_unref (parameters);
  g_free (name);
  g_free (stem);
}

void
server_answer_result (ServerRequest *request)
{
  ServerRecording *recording = find (request);
  const char *accept = soup_message_headers_get_list (
      soup_server_message_get_request_headers (request->message), "Accept");
  gboolean stream, download;
  ServerFormat format;
  GError *error = NULL;
  gsize length;
  if (!recording)
    return;
  if (!server_options_read_flag (request->query, "stream", &stream, &error) ||
      !server_options_read_flag (request->query, "download", &download, &error) ||
      !server_format_choose (g_hash_table_lookup (request->query, "format"), stream ? NULL : accept,
                             &format, &error)) {
    server_reply_problem (request->message, error);
    return;
  }
  if (stream) {
    server_stream_reply (request->http, request->message, recording, FALSE);
    return;
  }
  if (download)
    set_file_name (request, recording, format);
  char *text = server_format_write (recording, format,
                                    server_jobs_get_ahead (request->http->jobs, recording),
                                    request->http->hub->config->keep, &length);
  server_reply_text (request->message, SOUP_STATUS_OK, server_formats[format].content_type, text,
                     length);
}

void
server_answer_forget (ServerRequest *request)
{
  ServerRecording *recording = find (request);
  if (!recording)
    return;
  server_jobs_stop (request->http->jobs, recording);
  server_hub_forget (request->http->hub, recording);
  soup_server_message_set_status (request->message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void
refuse_picture (ServerRequest *request, const char *what)
{
  server_reply_problem (request->message,
                        g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_NOT_FOUND,
                                     "the result has no %s: ask for it with %s=1", what, what));
}

void
server_answer_peaks (ServerRequest *request)
{
  ServerRecording *recording = find (request);
  double position = 0;
  if (!recording)
    return;
  if (!server_sound_has_peaks (recording->sound)) {
    refuse_picture (request, "peaks");
    return;
  }
  GString *text = g_string_new ("{");
  server_sound_write_peaks (recording->sound, &position, 0, text);
  g_string_append_c (text, '}');
  const gsize length = text->len;
  server_reply_text (request->message, SOUP_STATUS_OK, "application/json",
                     g_string_free (text, FALSE), length);
}

void
server_answer_spectrogram (ServerRequest *request)
{
  ServerRecording *recording = find (request);
  if (!recording)
    return;
  if (!server_sound_has_spectrogram (recording->sound)) {
    refuse_picture (request, "spectrogram");
    return;
  }
  char *text = server_sound_write_spectrogram (recording->sound);
  server_reply_text (request->message, SOUP_STATUS_OK, "application/json", text, strlen (text));
}
