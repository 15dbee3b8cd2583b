/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "connection.h"
#include "http.h"
#include "live.h"
#include "problem.h"

#define MAX_MESSAGE (1024 * 1024)        /* bytes */
#define MAX_UNFINISHED (2 * MAX_MESSAGE) /* bytes without a whole message */
#define MAX_TEXT (16 * 1024)             /* bytes */
#define KEEPALIVE 20                     /* s between pings */
#define CLOSE_TOO_SLOW 4013 /* as 1013 (try again later), which libsoup does not send */
#define MAX_UNREAD 1000     /* windows of a session that is not kept */
#define MAX_SILENCE 60      /* s without a message of the client */
#define MAX_DEAF 5          /* s without room in the socket for more messages to the client */

/* A connection: its client sends the sound and gets the results. It lives until the connection is
 * closed. */
typedef struct {
  ServerHttp *http;
  SoupWebsocketConnection *connection;
  ServerOptions *options; /* NULL before the start message, as the next two */
  ServerRecording *recording;
  ServerLive *live; /* NULL after its end, too */
  char *source, *epoch_text;
  gint64 epoch; /* us since 1970: the arrival of the first sample; 0 before */
  guint position;
  const char *emotion; /* the latest */
  gboolean finished;   /* the client sent stop */
  guint timer;
  GSocket *socket;
  guint deaf; /* s */
  guint watch;
} Session;

static void take_change (ServerRecording *recording, gpointer data);

static gboolean
is_open (const Session *self)
{
  return soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* Takes the object. */
static void
send_object (Session *self, JsonObject *object)
{
  char *text = server_json_write (object);
  if (is_open (self))
    soup_websocket_connection_send_text (self->connection, text);
  g_free (text);
}

/* Takes the error, which the client gets before the connection is closed. */
static void
fail (Session *self, gushort code, GError *error)
{
  JsonObject *object = server_json_new ("error");
  server_problem_describe (error, object);
  send_object (self, object);
  if (is_open (self))
    soup_websocket_connection_close (self->connection, code, server_problem_get_code (error));
  g_error_free (error);
}

static char *
format_time (gint64 us)
{
  GDateTime *seconds = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  GDateTime *time = g_date_time_add (seconds, us % G_USEC_PER_SEC);
  char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  char *full = g_strdup_printf ("%s.%03dZ", text, (int)(us % G_USEC_PER_SEC / 1000));
  g_free (text);
  g_date_time_unref (time);
  g_date_time_unref (seconds);
  return full;
}

/* The time of a window's start, and an id that stays the same wherever the window goes. Its number
 * is the window's end in ms, as the first windows of a stream all start at 0. */
static void
set_identity (const Session *self, const ServerResult *window, JsonObject *object)
{
  const gint64 start = (gint64)llrint (window->start * G_USEC_PER_SEC);
  const gint64 end_ms = (gint64)llrint ((window->start + window->duration) * 1000);
  char *time = format_time (self->epoch + start);
  char *id = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, self->source, self->epoch_text, end_ms);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "id", id);
  g_free (time);
  g_free (id);
}

static void
send_window (Session *self, const ServerResult *window)
{
  JsonObject *object = server_json_new ("window");
  server_result_describe (window, self->recording->model->labels, object);
  set_identity (self, window, object);
  send_object (self, object);
  if (self->emotion == window->emotion)
    return;
  JsonObject *change = server_json_new ("change");
  json_object_set_double_member (change, "start", window->start);
  json_object_set_string_member (change, "emotion", window->emotion);
  json_object_set_string_member (change, "previous", self->emotion);
  json_object_set_double_member (change, "confidence", window->confidence);
  set_identity (self, window, change);
  send_object (self, change);
  self->emotion = window->emotion;
}

static void
send_end (Session *self, GError *error)
{
  ServerResult *summary = server_recording_get_summary (self->recording);
  if (error) {
    fail (self, SOUP_WEBSOCKET_CLOSE_SERVER_ERROR, error);
  } else {
    if (summary) {
      JsonObject *object = server_json_new ("summary");
      server_result_describe (summary, self->recording->model->labels, object);
      send_object (self, object);
    }
    if (summary && self->options->keep) {
      JsonObject *object = server_json_new ("kept");
      json_object_set_string_member (object, "id", self->recording->id);
      send_object (self, object);
    }
    if (is_open (self))
      soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  }
  server_result_unref (summary);
}

static void
take_change (ServerRecording *recording, gpointer data)
{
  Session *self = data;
  GError *error = NULL;
  /* First the state: what comes after its end is complete. */
  const ServerRecordingState state = server_recording_get_state (recording, &error);
  GPtrArray *windows = server_recording_get_windows (recording, &self->position);
  for (guint i = 0; i < windows->len; i++)
    send_window (self, windows->pdata[i]);
  g_ptr_array_unref (windows);
  if (state == SERVER_RECORDING_DONE || state == SERVER_RECORDING_FAILED) {
    server_recording_unfollow (recording, take_change, self);
    send_end (self, error);
  }
}

static gboolean
end_silence (gpointer data)
{
  Session *self = data;
  self->timer = 0;
  fail (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
        g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TIMEOUT, "nothing came for %d s", MAX_SILENCE));
  return G_SOURCE_REMOVE;
}

static void
restart_timer (Session *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (MAX_SILENCE, end_silence, self);
}

static void
send_started (Session *self)
{
  const ServerModel *model = self->options->model;
  JsonObject *object = server_json_new ("started");
  json_object_set_string_member (object, "id", self->recording->id);
  json_object_set_string_member (object, "source", self->source);
  json_object_set_string_member (object, "model", model->name);
  server_model_describe_labels (model, object);
  json_object_set_double_member (object, "window",
                                 self->options->window ? (double)self->options->window / GST_SECOND
                                                       : model->window);
  json_object_set_double_member (object, "interval", server_options_get_interval (self->options));
  send_object (self, object);
}

static gboolean
start (Session *self, JsonObject *message, GError **error)
{
  static guint n_sources;
  const ServerConfig *config = self->http->hub->config;
  GHashTable *texts = server_options_read_json (message);
  ServerPcm pcm;
  self->options = server_options_new (self->http->hub->models, texts, error);
  const gboolean ok = self->options && server_pcm_read (texts, &pcm, error);
  g_hash_table_unref (texts);
  if (!ok)
    return FALSE;
  self->recording = server_options_make_recording (self->options, SERVER_RECORDING_LIVE);
  if (self->options->keep)
    server_recording_limit (self->recording, config->max_duration);
  else
    self->recording->max_windows = MAX_UNREAD;
  self->live = server_live_new (self->recording, self->options, &pcm, self->http->enders, error);
  if (!self->live)
    return FALSE;
  self->source = g_strdup_printf ("live-%u", ++n_sources);
  server_hub_watch (self->http->hub, self->recording);
  server_recording_follow (self->recording, take_change, self);
  if (self->options->keep)
    server_hub_keep (self->http->hub, self->recording);
  send_started (self);
  return TRUE;
}

static void
pong (Session *self, JsonObject *message)
{
  JsonObject *object = server_json_new ("pong");
  if (json_object_has_member (message, "t"))
    json_object_set_member (object, "t", json_object_dup_member (message, "t"));
  send_object (self, object);
}

static GError *
new_order_error (const char *text)
{
  return g_error_new_literal (SERVER_PROBLEM, SERVER_PROBLEM_BAD_REQUEST, text);
}

static void
take_object (Session *self, JsonObject *message)
{
  const char *type = json_object_get_string_member_with_default (message, "type", "");
  GError *error = NULL;
  if (strcmp (type, "start") == 0 && !self->recording) {
    if (!start (self, message, &error))
      fail (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, error);
  } else if (strcmp (type, "stop") == 0 && self->live) {
    if (!self->finished)
      server_live_finish (self->live);
    self->finished = TRUE;
  } else if (strcmp (type, "ping") == 0) {
    pong (self, message);
  } else {
    fail (self, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
          new_order_error ("a text message must be start (first, and once), stop or ping"));
  }
}

static void
take_text (Session *self, const char *data, gsize size)
{
  JsonParser *parser = json_parser_new ();
  JsonNode *root = json_parser_load_from_data (parser, data, (gssize)size, NULL)
                       ? json_parser_get_root (parser)
                       : NULL;
  JsonNode *type = root && JSON_NODE_HOLDS_OBJECT (root)
                       ? json_object_get_member (json_node_get_object (root), "type")
                       : NULL;
  if (type && JSON_NODE_HOLDS_VALUE (type) && json_node_get_value_type (type) == G_TYPE_STRING)
    take_object (self, json_node_get_object (root));
  else
    fail (self, SOUP_WEBSOCKET_CLOSE_BAD_DATA,
          new_order_error ("a text message must be a JSON object with a type"));
  g_object_unref (parser);
}

static void
take_sound (Session *self, GBytes *samples)
{
  GError *error = NULL;
  if (!self->live || self->finished) {
    fail (self, SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA,
          new_order_error ("sound must come between the messages start and stop"));
    return;
  }
  if (self->epoch == 0) {
    self->epoch = g_get_real_time ();
    self->epoch_text = format_time (self->epoch);
  }
  if (server_live_push (self->live, samples, &error))
    return;
  fail (self,
        g_error_matches (error, SERVER_PROBLEM, SERVER_PROBLEM_TOO_SLOW)
            ? CLOSE_TOO_SLOW
            : SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA,
        error);
}

/* What a client does not read would pile up in memory. */
static gboolean
watch_reader (gpointer data)
{
  Session *self = data;
  self->deaf = g_socket_condition_check (self->socket, G_IO_OUT) & G_IO_OUT ? 0 : self->deaf + 1;
  if (self->deaf == MAX_DEAF)
    server_connection_cut (self->socket);
  return G_SOURCE_CONTINUE;
}

static void
take_message (SoupWebsocketConnection *connection, gint type, GBytes *data, gpointer session)
{
  Session *self = session;
  gsize size;
  const char *text = g_bytes_get_data (data, &size);
  if (soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  restart_timer (self);
  server_connection_allow (self->socket, MAX_UNFINISHED);
  if (type == SOUP_WEBSOCKET_DATA_TEXT && size > MAX_TEXT)
    fail (self, SOUP_WEBSOCKET_CLOSE_TOO_BIG, new_order_error ("a text message is too long"));
  else if (type == SOUP_WEBSOCKET_DATA_TEXT)
    take_text (self, text, size);
  else if (size > 0)
    take_sound (self, data);
}

static void
take_close (SoupWebsocketConnection *connection, gpointer session)
{
  Session *self = session;
  (void)connection;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  g_object_unref (self->socket);
  if (self->recording) {
    server_recording_unfollow (self->recording, take_change, self);
    if (self->live)
      server_live_free (self->live);
    server_recording_unref (self->recording);
  }
  self->http->hub->n_live--;
  g_queue_remove (&self->http->sessions, self->connection);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_object_unref (self->connection);
  server_options_free (self->options);
  g_free (self->source);
  g_free (self->epoch_text);
  g_free (self);
}

void
server_live_accept (SoupServer *soup, SoupServerMessage *message, const char *path,
                    SoupWebsocketConnection *connection, gpointer http)
{
  Session *self = g_new0 (Session, 1);
  (void)soup;
  (void)path;
  self->http = http;
  self->emotion = g_intern_static_string ("none");
  self->socket = g_object_ref (server_listener_get_socket (message));
  self->watch = g_timeout_add_seconds (1, watch_reader, self);
  server_connection_allow (self->socket, MAX_UNFINISHED);
  self->connection = g_object_ref (connection);
  self->http->hub->n_live++;
  g_queue_push_tail (&self->http->sessions, connection);
  g_object_set (connection, "max-incoming-payload-size", (guint64)MAX_MESSAGE, "keepalive-interval",
                KEEPALIVE, NULL);
  g_signal_connect (connection, "message", G_CALLBACK (take_message), self);
  g_signal_connect (connection, "closed", G_CALLBACK (take_close), self);
  restart_timer (self);
}

/* Before the upgrade; a status refuses it. */
void
server_answer_live (ServerRequest *request)
{
  ServerHub *hub = request->http->hub;
  const char *upgrade = soup_message_headers_get_one (
      soup_server_message_get_request_headers (request->message), "Upgrade");
  GError *error = NULL;
  if (!upgrade || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    error = new_order_error ("/api/live is a WebSocket: connect with ws:// or wss://");
  else if (hub->stopping)
    error = g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_STOPPED, "the server is stopping");
  else if (hub->n_live >= hub->config->max_live)
    error = g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_BUSY,
                         "%u live sessions are open, as many as this server takes", hub->n_live);
  if (error)
    server_reply_problem (request->message, error);
}
