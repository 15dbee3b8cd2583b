/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http.h"
#include "connection.h"

#include <string.h>

#include "live.h"
#include "problem.h"

#define MAX_BODY (64 * 1024)           /* bytes, of all requests but uploads */
#define MAX_DRAINED (32 * 1024 * 1024) /* bytes of a refused body, then the connection is cut */

#define CONTENT_POLICY                                                                             \
  "default-src 'self'; media-src 'self' blob:; img-src 'self' data: blob:; "                       \
  "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; "          \
  "frame-ancestors 'none'"

typedef void (*Answer) (ServerRequest *request);

/* A '*' stands for a part of the path without '/'. */
typedef struct {
  const char *method, *path;
  Answer answer; /* after the body */
  Answer begin;  /* before the body; NULL: nothing to do */
  gboolean is_public;
} Route;

static const Route routes[] = {
    {"GET", "/", server_answer_file, NULL, TRUE},
    {"GET", "/web/*", server_answer_file, NULL, TRUE},
    {"GET", "/web/text/*", server_answer_file, NULL, TRUE},
    {"GET", "/openapi.json", server_answer_file, NULL, TRUE},
    {"GET", "/healthz", server_answer_health, NULL, TRUE},
    {"GET", "/readyz", server_answer_ready, NULL, TRUE},
    {"GET", "/metrics", server_answer_metrics, NULL, FALSE},
    {"GET", "/api/info", server_answer_info, NULL, TRUE},
    {"POST", "/api/login", server_answer_login, NULL, TRUE},
    {"POST", "/api/logout", server_answer_logout, NULL, TRUE},
    {"GET", "/api/models", server_answer_models, NULL, FALSE},
    {"GET", "/api/models/*", server_answer_model, NULL, FALSE},
    {"GET", "/api/models/*/card", server_answer_card, NULL, FALSE},
    {"POST", "/api/analyze", server_answer_upload, server_begin_upload, FALSE},
    {"GET", "/api/live", server_answer_live, NULL, FALSE},
    {"GET", "/api/results", server_answer_results, NULL, FALSE},
    {"GET", "/api/results/*", server_answer_result, NULL, FALSE},
    {"DELETE", "/api/results/*", server_answer_forget, NULL, FALSE},
    {"GET", "/api/results/*/peaks", server_answer_peaks, NULL, FALSE},
    {"GET", "/api/results/*/spectrogram", server_answer_spectrogram, NULL, FALSE},
};

/* Whether a path fits; sets the part that the wildcard stands for, to be freed. */
static gboolean
match (const char *pattern, const char *path, char **rest)
{
  const char *star = strchr (pattern, '*');
  *rest = NULL;
  if (!star)
    return strcmp (pattern, path) == 0;
  const gsize before = (gsize)(star - pattern), after = strlen (star + 1), n = strlen (path);
  if (n <= before + after || strncmp (pattern, path, before) != 0 ||
      strcmp (path + n - after, star + 1) != 0)
    return FALSE;
  *rest = g_strndup (path + before, n - before - after);
  if (!strchr (*rest, '/'))
    return TRUE;
  g_clear_pointer (rest, g_free);
  return FALSE;
}

/* NULL with SERVER_PROBLEM_NOT_FOUND or METHOD_NOT_ALLOWED. */
static const Route *
find_route (const char *method, const char *path, char **rest, GError **error)
{
  gboolean known = FALSE;
  const char *wanted = strcmp (method, "HEAD") == 0 ? "GET" : method;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    if (!match (routes[i].path, path, rest))
      continue;
    if (strcmp (routes[i].method, wanted) == 0)
      return &routes[i];
    g_clear_pointer (rest, g_free);
    known = TRUE;
  }
  if (known)
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_METHOD_NOT_ALLOWED,
                 "%s is not possible with %s", method, path);
  else
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_NOT_FOUND, "there is nothing at %s", path);
  return NULL;
}

/* After the headers of the request, and after its body, because libsoup drops them with the answer
 * 100 Continue. The answer to a WebSocket has a header Connection by then. */
static void
add_headers (SoupServerMessage *message, gpointer after_body)
{
  static const char *const headers[][2] = {
      {"Content-Security-Policy", CONTENT_POLICY}, {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},          {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "microphone=(self)"}, {"Cache-Control", "no-store"}};
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (!soup_message_headers_get_one (answer, headers[i][0]))
      soup_message_headers_append (answer, headers[i][0], headers[i][1]);
  /* A connection serves one request; listener.h says why. */
  if (after_body && !soup_message_headers_get_one (answer, "Connection"))
    soup_message_headers_append (answer, "Connection", "close");
}

static void
watch_headers (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  (void)soup;
  (void)data;
  g_signal_connect (message, "got-headers", G_CALLBACK (add_headers), GINT_TO_POINTER (FALSE));
  g_signal_connect (message, "got-body", G_CALLBACK (add_headers), GINT_TO_POINTER (TRUE));
}

/* Bodies are small, but for uploads. What is too much is read and dropped for a while, so that the
 * client can read the answer. */
static void
limit_body (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  gsize *size = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  *size += g_bytes_get_size (chunk);
  if (*size > MAX_DRAINED)
    server_connection_cut (server_listener_get_socket (message));
  if (*size <= MAX_BODY || !soup_message_body_get_accumulate (body))
    return;
  soup_message_body_set_accumulate (body, FALSE);
  if (soup_server_message_get_status (message) == 0)
    server_reply_problem (message, g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TOO_LARGE,
                                                "the body is larger than %d bytes", MAX_BODY));
}

static void
watch_body (SoupServerMessage *message)
{
  gsize *size = g_new0 (gsize, 1);
  g_object_set_data_full (G_OBJECT (message), "body-size", size, g_free);
  g_signal_connect (message, "got-chunk", G_CALLBACK (limit_body), size);
}

static void
add_allow (SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    char *rest;
    if (match (routes[i].path, path, &rest))
      soup_message_headers_append (
          answer, "Allow", strcmp (routes[i].method, "GET") == 0 ? "GET, HEAD" : routes[i].method);
    g_free (rest);
  }
}

/* After the headers of a request, before its body. */
static void
begin (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer data)
{
  ServerHttp *self = data;
  GError *error = NULL;
  char *rest = NULL;
  (void)soup;
  const Route *route = find_route (soup_server_message_get_method (message), path, &rest, &error);
  if (route) {
    g_object_set_data (G_OBJECT (message), "route", (gpointer)route);
    g_object_set_data_full (G_OBJECT (message), "rest", rest, g_free);
  }
  if (!error && !server_http_authorize (self, message, route->is_public, &error))
    route = NULL;
  if (g_error_matches (error, SERVER_PROBLEM, SERVER_PROBLEM_METHOD_NOT_ALLOWED))
    add_allow (message, path);
  if (error)
    server_reply_problem (message, error);
  if (!route || !route->begin) {
    watch_body (message);
    return;
  }
  GHashTable *empty = query ? NULL : g_hash_table_new (g_str_hash, g_str_equal);
  ServerRequest request = {.http = self, .message = message, .query = query ? query : empty};
  route->begin (&request);
  g_clear_pointer (&empty, g_hash_table_unref);
}

static void
answer (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  const Route *route = g_object_get_data (G_OBJECT (message), "route");
  const char *rest = g_object_get_data (G_OBJECT (message), "rest");
  GHashTable *empty = query ? NULL : g_hash_table_new (g_str_hash, g_str_equal);
  (void)soup;
  /* Files of the page have several wildcards and none. */
  ServerRequest request = {.http = data,
                           .message = message,
                           .query = query ? query : empty,
                           .rest = rest ? rest : path + 1};
  if (route->answer == server_answer_file)
    request.rest = path + 1;
  route->answer (&request);
  g_clear_pointer (&empty, g_hash_table_unref);
}

static void
count_request (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  ServerHttp *self = data;
  const Route *route = g_object_get_data (G_OBJECT (message), "route");
  (void)soup;
  server_metrics_count_request (self->hub->metrics, route ? route->path : "other",
                                soup_server_message_get_status (message));
}

ServerHttp *
server_http_new (ServerHub *hub, ServerJobs *jobs, GError **error)
{
  ServerHttp *self = g_new0 (ServerHttp, 1);
  self->hub = hub;
  self->jobs = jobs;
  self->session = server_http_make_session (hub->config);
  g_queue_init (&self->sessions);
  self->enders = server_live_make_enders ();
  self->soup = soup_server_new ("server-header", "emotion-server/" EMOTION_VERSION, NULL);
  /* Sound does not get smaller, and a small message could become a large one. */
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler (self->soup, NULL, answer, self, NULL);
  soup_server_add_early_handler (self->soup, NULL, begin, self, NULL);
  soup_server_add_handler (self->soup, "/api/live", answer, self, NULL);
  soup_server_add_early_handler (self->soup, "/api/live", begin, self, NULL);
  soup_server_add_websocket_handler (self->soup, "/api/live", NULL, NULL, server_live_accept, self,
                                     NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (watch_headers), NULL);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (count_request), self);
  g_signal_connect (self->soup, "request-aborted", G_CALLBACK (count_request), self);
  self->listener = server_listener_new (self->soup, hub->config, error);
  if (self->listener)
    return self;
  server_http_free (self);
  return NULL;
}

char *
server_http_describe (ServerHttp *self)
{
  const ServerConfig *config = self->hub->config;
  const gboolean long_address = strchr (config->address, ':') != NULL;
  return g_strdup_printf (long_address ? "%s://[%s]:%u/" : "%s://%s:%u/",
                          config->certificate ? "https" : "http", config->address,
                          server_listener_get_port (self->listener));
}

void
server_http_stop (ServerHttp *self)
{
  self->hub->stopping = TRUE;
  for (GList *link = self->sessions.head, *next; link; link = next) {
    next = link->next;
    if (soup_websocket_connection_get_state (link->data) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (link->data, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, "stopped");
  }
}

gboolean
server_http_is_idle (ServerHttp *self)
{
  return server_listener_count (self->listener) == 0;
}

void
server_http_disconnect (ServerHttp *self)
{
  g_clear_pointer (&self->listener, server_listener_free);
  soup_server_disconnect (self->soup);
}

void
server_http_free (ServerHttp *self)
{
  server_listener_free (self->listener);
  g_object_unref (self->soup);
  g_queue_clear (&self->sessions);
  g_thread_pool_free (self->enders, FALSE, TRUE);
  g_free (self->session);
  g_free (self);
}
