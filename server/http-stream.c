/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "http.h"
#include "problem.h"

#define MIN_PEAKS 25 /* in a line, before the end */
#define PROGRESS_INTERVAL G_USEC_PER_SEC

/* A client that reads the results. It is ahead of the recording, or a chunk is on its way to it:
 * a slow client delays only itself. Owned by the message. */
typedef struct {
  ServerHttp *http;
  SoupServerMessage *message; /* not owned */
  ServerRecording *recording;
  gboolean owned, begun, complete;
  gboolean writing;           /* a chunk is on its way */
  ServerRecordingState state; /* told last */
  guint ahead, position;
  double peaks_position;
  gint64 progress; /* us, monotonic; time of the last one */
  guint watch;
} Stream;

static void take_change (ServerRecording *recording, gpointer data);

static void
free_stream (gpointer data)
{
  Stream *self = data;
  g_clear_handle_id (&self->watch, g_source_remove);
  server_recording_unfollow (self->recording, take_change, self);
  if (self->owned)
    server_jobs_stop (self->http->jobs, self->recording);
  server_recording_unref (self->recording);
  g_free (self);
}

/* Takes the object. */
static void
append_line (GString *text, JsonObject *object)
{
  char *line = server_json_write (object);
  g_string_append_printf (text, "%s\n", line);
  g_free (line);
}

static void
append_state (Stream *self, ServerRecordingState state, GString *text)
{
  const guint ahead = server_jobs_get_ahead (self->http->jobs, self->recording);
  if (!self->begun) {
    JsonObject *object = server_json_new ("result");
    server_recording_describe (self->recording, ahead, self->http->hub->config->keep, object);
    append_line (text, object);
  } else if (state == SERVER_RECORDING_RUNNING && self->state != state) {
    JsonObject *object = server_json_new ("state");
    json_object_set_string_member (object, "state", "running");
    append_line (text, object);
  } else if (state == SERVER_RECORDING_QUEUED && ahead != self->ahead) {
    JsonObject *object = server_json_new ("state");
    json_object_set_string_member (object, "state", "queued");
    json_object_set_int_member (object, "ahead", ahead);
    append_line (text, object);
  }
  self->begun = TRUE;
  self->state = state;
  self->ahead = ahead;
}

static void
append_progress (Stream *self, GString *text)
{
  const gint64 now = g_get_monotonic_time ();
  double duration, total;
  if (now - self->progress < PROGRESS_INTERVAL)
    return;
  self->progress = now;
  server_recording_get_times (self->recording, &duration, &total);
  JsonObject *object = server_json_new ("progress");
  json_object_set_double_member (object, "duration", duration);
  if (isfinite (total))
    json_object_set_double_member (object, "total", total);
  append_line (text, object);
}

static void
append_windows (Stream *self, GString *text)
{
  GPtrArray *windows = server_recording_get_windows (self->recording, &self->position);
  for (guint i = 0; i < windows->len; i++) {
    JsonObject *object = server_json_new ("window");
    server_result_describe (windows->pdata[i], self->recording->model->labels, object);
    append_line (text, object);
  }
  g_ptr_array_unref (windows);
}

static void
append_peaks (Stream *self, gboolean all, GString *text)
{
  GString *peaks = g_string_new ("{\"type\":\"peaks\",");
  if (server_sound_has_peaks (self->recording->sound) &&
      server_sound_write_peaks (self->recording->sound, &self->peaks_position, all ? 1 : MIN_PEAKS,
                                peaks))
    g_string_append_printf (text, "%s}\n", peaks->str);
  g_string_free (peaks, TRUE);
}

static void
append_end (Stream *self, GString *text)
{
  GError *error = NULL;
  ServerResult *summary = server_recording_get_summary (self->recording);
  server_recording_get_state (self->recording, &error);
  if (summary) {
    JsonObject *whole = server_json_new ("summary");
    server_result_describe (summary, self->recording->model->labels, whole);
    append_line (text, whole);
  }
  JsonObject *end = server_json_new (error ? "error" : "done");
  if (error)
    server_problem_describe (error, end);
  append_line (text, end);
  server_result_unref (summary);
  g_clear_error (&error);
}

/* Writes all that the client does not have yet. */
static void
write_news (Stream *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  if (self->complete)
    return;
  GString *text = g_string_new (NULL);
  /* First the state: what comes after its end is complete. */
  const ServerRecordingState state = server_recording_get_state (self->recording, NULL);
  const gboolean over = state == SERVER_RECORDING_DONE || state == SERVER_RECORDING_FAILED;
  append_state (self, state, text);
  append_peaks (self, over, text);
  append_windows (self, text);
  if (over)
    append_end (self, text);
  else
    append_progress (self, text);
  const gsize length = text->len;
  char *data = g_string_free (text, FALSE);
  self->writing = length > 0;
  soup_message_body_append (body, SOUP_MEMORY_TAKE, data, length);
  if (over) {
    soup_message_body_complete (body);
    self->complete = TRUE;
    self->owned = FALSE;
  }
  if (length > 0)
    soup_server_message_unpause (self->message);
}

static void
take_change (ServerRecording *recording, gpointer data)
{
  Stream *self = data;
  (void)recording;
  if (!self->writing)
    write_news (self);
}

static void
take_written (SoupServerMessage *message, gpointer data)
{
  Stream *self = data;
  self->writing = FALSE;
  write_news (self);
  if (!self->writing && !self->complete)
    soup_server_message_pause (message);
}

static gboolean
take_departure (gint fd, GIOCondition condition, gpointer data)
{
  Stream *self = data;
  (void)fd;
  (void)condition;
  self->watch = 0;
  if (self->owned)
    server_jobs_stop (self->http->jobs, self->recording);
  return G_SOURCE_REMOVE;
}

void
server_stream_reply (ServerHttp *http, SoupServerMessage *message, ServerRecording *recording,
                     gboolean owned)
{
  Stream *self = g_new0 (Stream, 1);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  self->http = http;
  self->message = message;
  self->recording = server_recording_ref (recording);
  self->owned = owned;
  g_object_set_data_full (G_OBJECT (message), "stream", self, free_stream);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "application/x-ndjson", NULL);
  soup_message_headers_replace (headers, "X-Accel-Buffering", "no"); /* nginx */
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (take_written), self);
  server_recording_follow (recording, take_change, self);
  self->watch = server_watch_client (message, take_departure, self);
  soup_server_message_pause (message);
  write_news (self);
}
