/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "connection.h"
#include "formats.h"
#include "http.h"
#include "problem.h"
#include "spool.h"

#define MAX_DRAINED (32 * 1024 * 1024) /* bytes of a refused body, then the connection is cut */
#define MAX_PARTS 1000                 /* of a form */
#define TURN (256 * 1024)              /* bytes of a body before others get their turn */

/* An upload, and then the wait for its results. Owned by the message. */
typedef struct {
  ServerHttp *http;
  SoupServerMessage *message; /* not owned */
  ServerOptions *options;
  ServerFormat format;
  gboolean reserved;
  int fd; /* -1: none */
  guint64 size, drained;
  gsize turn;
  guint timer, resume, watch;
  ServerRecording *recording; /* that the client waits for, or NULL */
} Upload;

static void take_end (ServerRecording *recording, gpointer data);

static void
free_upload (gpointer data)
{
  Upload *self = data;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->resume, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->recording) {
    server_recording_unfollow (self->recording, take_end, self);
    server_jobs_stop (self->http->jobs, self->recording);
    server_recording_unref (self->recording);
  }
  if (self->reserved)
    server_jobs_release (self->http->jobs);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  server_options_free (self->options);
  g_free (self);
}

static Upload *
get_upload (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), "upload");
}

/* Refuses the upload. The rest of the body is read and dropped, so that the client can read the
 * answer. */
static void
refuse (Upload *self, GError *error)
{
  server_reply_problem (self->message, error);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
  if (self->reserved)
    server_jobs_release (self->http->jobs);
  self->reserved = FALSE;
}

static void
cut (Upload *self)
{
  server_connection_cut (server_listener_get_socket (self->message));
}

static gboolean
end_time (gpointer data)
{
  Upload *self = data;
  self->timer = 0;
  cut (self);
  return G_SOURCE_REMOVE;
}

static GError *
new_size_error (const ServerConfig *config)
{
  char *limit = g_format_size_full (config->max_upload, G_FORMAT_SIZE_IEC_UNITS);
  GError *error =
      g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TOO_LARGE, "the upload is larger than %s", limit);
  g_free (limit);
  return error;
}

static gboolean
resume (gpointer data)
{
  Upload *self = data;
  self->resume = 0;
  soup_server_message_unpause (self->message);
  return G_SOURCE_REMOVE;
}

static void
take_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  Upload *self = data;
  GError *error = NULL;
  gsize size;
  const void *bytes = g_bytes_get_data (chunk, &size);
  if (self->fd < 0) {
    self->drained += size;
    if (self->drained > MAX_DRAINED)
      cut (self);
    return;
  }
  self->size += size;
  if (self->size > self->http->hub->config->max_upload)
    refuse (self, new_size_error (self->http->hub->config));
  else if (!server_spool_write (self->fd, bytes, size, &error))
    refuse (self, error);
  self->turn += size;
  if (self->turn < TURN || self->resume)
    return;
  self->turn = 0;
  soup_server_message_pause (message);
  self->resume = g_idle_add (resume, self);
}

static gboolean
read_options (Upload *self, GHashTable *texts, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  server_options_free (self->options);
  self->options = server_options_new (self->http->hub->models, texts, error);
  return self->options &&
         server_format_choose (g_hash_table_lookup (texts, "format"),
                               self->options->stream || self->options->keep
                                   ? NULL
                                   : soup_message_headers_get_list (headers, "Accept"),
                               &self->format, error);
}

/* FALSE with an error, and nothing reserved. */
static gboolean
prepare (Upload *self, GHashTable *query, GError **error)
{
  const ServerConfig *config = self->http->hub->config;
  const goffset length = soup_message_headers_get_content_length (
      soup_server_message_get_request_headers (self->message));
  if (!read_options (self, query, error))
    return FALSE;
  if (length > 0 && (guint64)length > config->max_upload) {
    g_propagate_error (error, new_size_error (config));
    return FALSE;
  }
  self->reserved = server_jobs_reserve (self->http->jobs, error);
  if (self->reserved)
    self->fd = server_spool_new (error);
  return self->fd >= 0;
}

void
server_begin_upload (ServerRequest *request)
{
  Upload *self = g_new0 (Upload, 1);
  GError *error = NULL;
  self->http = request->http;
  self->message = request->message;
  self->fd = -1;
  g_object_set_data_full (G_OBJECT (self->message), "upload", self, free_upload);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (self->message), FALSE);
  g_signal_connect (self->message, "got-chunk", G_CALLBACK (take_chunk), self);
  if (request->http->hub->stopping)
    error = g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_STOPPED, "the server is stopping");
  if (error || !prepare (self, request->query, &error))
    refuse (self, error);
  server_listener_end_patience (request->message);
  self->timer = g_timeout_add_seconds ((guint)self->http->hub->config->time_limit, end_time, self);
}

/* libsoup makes objects for each part, on the main thread. */
static gboolean
has_few_parts (SoupMessageHeaders *headers, GBytes *body)
{
  GHashTable *parameters = NULL;
  gsize size;
  const char *at = g_bytes_get_data (body, &size), *end = at + size;
  guint n = 0;
  soup_message_headers_get_content_type (headers, &parameters);
  const char *boundary = parameters ? g_hash_table_lookup (parameters, "boundary") : NULL;
  char *mark = g_strconcat ("--", boundary ? boundary : "", NULL);
  while (n <= MAX_PARTS && (at = memmem (at, (gsize)(end - at), mark, strlen (mark)))) {
    at += strlen (mark);
    n++;
  }
  g_free (mark);
  g_clear_pointer (&parameters, g_hash_table_unref);
  return n <= MAX_PARTS;
}

/* The file in a form, which owns it; other fields of the form are options. NULL with an error. */
static GBytes *
read_form (Upload *self, GHashTable *query, GError **error)
{
  GMappedFile *mapping = g_mapped_file_new_from_fd (self->fd, FALSE, error);
  GBytes *file = NULL, *body = mapping ? g_mapped_file_get_bytes (mapping) : NULL;
  SoupMessageHeaders *all = soup_server_message_get_request_headers (self->message);
  SoupMultipart *form =
      body && has_few_parts (all, body) ? soup_multipart_new_from_message (all, body) : NULL;
  for (int i = 0; form && i < soup_multipart_get_length (form); i++) {
    SoupMessageHeaders *headers;
    GBytes *part;
    char *disposition = NULL;
    GHashTable *parameters = NULL;
    soup_multipart_get_part (form, i, &headers, &part);
    if (!soup_message_headers_get_content_disposition (headers, &disposition, &parameters))
      continue;
    const char *name = g_hash_table_lookup (parameters, "name");
    const char *file_name = g_hash_table_lookup (parameters, "filename");
    if (file_name && !file) {
      file = g_bytes_ref (part);
      g_hash_table_insert (query, g_strdup ("name"), g_strdup (file_name));
    } else if (name && !file_name && g_bytes_get_size (part) < 1000) {
      g_hash_table_insert (query, g_strdup (name),
                           g_strndup (g_bytes_get_data (part, NULL), g_bytes_get_size (part)));
    }
    g_free (disposition);
    g_hash_table_unref (parameters);
  }
  g_clear_pointer (&form, soup_multipart_free);
  g_clear_pointer (&body, g_bytes_unref);
  g_clear_pointer (&mapping, g_mapped_file_unref);
  if (!file && error && !*error)
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_REQUEST,
                 "the form holds no file, or more than %d parts", MAX_PARTS);
  return file;
}

/* The part of the body that is the file, or NULL for all of it; FALSE with an error. */
static gboolean
find_file (Upload *self, GHashTable *query, GBytes **part, GError **error)
{
  const char *type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (self->message), NULL);
  *part = NULL;
  if (self->size == 0) {
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_REQUEST, "the body is empty");
    return FALSE;
  }
  if (!type || g_ascii_strcasecmp (type, "multipart/form-data") != 0)
    return TRUE;
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, text;
  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &text))
    g_hash_table_insert (all, g_strdup (name), g_strdup (text));
  *part = read_form (self, all, error);
  if (*part && !read_options (self, all, error))
    g_clear_pointer (part, g_bytes_unref);
  g_hash_table_unref (all);
  return *part != NULL;
}

static void
reply_kept (Upload *self, ServerRecording *recording)
{
  ServerHub *hub = self->http->hub;
  JsonObject *object = json_object_new ();
  char *location = g_strconcat ("/api/results/", recording->id, NULL);
  server_hub_keep (hub, recording);
  server_recording_describe (recording, server_jobs_get_ahead (self->http->jobs, recording),
                             hub->config->keep, object);
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                "Location", location);
  server_reply_json (self->message, SOUP_STATUS_ACCEPTED, object);
  g_free (location);
}

static void
reply_document (Upload *self, ServerRecording *recording)
{
  GError *error = NULL;
  gsize length;
  if (server_recording_get_state (recording, &error) == SERVER_RECORDING_FAILED &&
      self->format != SERVER_FORMAT_HTML) {
    server_reply_problem (self->message, error);
    return;
  }
  char *text =
      server_format_write (recording, self->format, 0, self->http->hub->config->keep, &length);
  server_reply_text (self->message, error ? server_problem_get_status (error) : SOUP_STATUS_OK,
                     server_formats[self->format].content_type, text, length);
  g_clear_error (&error);
}

static void
take_end (ServerRecording *recording, gpointer data)
{
  Upload *self = data;
  if (!server_recording_has_ended (recording))
    return;
  server_recording_unfollow (recording, take_end, self);
  self->recording = NULL;
  g_clear_handle_id (&self->watch, g_source_remove);
  reply_document (self, recording);
  server_recording_unref (recording);
  soup_server_message_unpause (self->message);
}

/* Nobody waits for the answer any more. */
static gboolean
take_departure (gint fd, GIOCondition condition, gpointer data)
{
  Upload *self = data;
  (void)fd;
  (void)condition;
  self->watch = 0;
  server_jobs_stop (self->http->jobs, self->recording);
  return G_SOURCE_REMOVE;
}

static void
wait_for_end (Upload *self, ServerRecording *recording)
{
  self->recording = server_recording_ref (recording);
  server_recording_follow (recording, take_end, self);
  self->watch = server_watch_client (self->message, take_departure, self);
  soup_server_message_pause (self->message);
}

void
server_answer_upload (ServerRequest *request)
{
  Upload *self = get_upload (request->message);
  ServerHttp *http = self->http;
  GError *error = NULL;
  GBytes *part;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!find_file (self, request->query, &part, &error)) {
    refuse (self, error);
    return;
  }
  ServerRecording *recording = server_options_make_recording (self->options, SERVER_RECORDING_FILE);
  server_hub_watch (http->hub, recording);
  server_jobs_run (http->jobs, recording, self->options, self->fd, part);
  self->fd = -1;
  self->reserved = FALSE;
  if (self->options->stream)
    server_stream_reply (http, request->message, recording, !self->options->keep);
  else if (!self->options->keep)
    wait_for_end (self, recording);
  if (self->options->keep && self->options->stream)
    server_hub_keep (http->hub, recording);
  else if (self->options->keep)
    reply_kept (self, recording);
  server_recording_unref (recording);
}
