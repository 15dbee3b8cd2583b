/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP interface: routes, authorization, and the parts that the files http-*.c answer. Main
 * thread only. */
#pragma once

#include <glib-unix.h>
#include <libsoup/soup.h>

#include "hub.h"
#include "jobs.h"
#include "json.h"
#include "listener.h"

G_BEGIN_DECLS

typedef struct {
  ServerHub *hub;
  ServerJobs *jobs;
  SoupServer *soup;
  ServerListener *listener;
  char *session;       /* value of the cookie of clients that know the token, or NULL */
  GQueue sessions;     /* of SoupWebsocketConnection; not owned */
  GThreadPool *enders; /* of live sessions */
} ServerHttp;

/* A request. `rest`: what the wildcard of the route stands for. */
typedef struct {
  ServerHttp *http;
  SoupServerMessage *message;
  GHashTable *query; /* decoded texts; never NULL */
  const char *rest;
} ServerRequest;

/* NULL with an error if the address cannot be used. */
ServerHttp *server_http_new (ServerHub *hub, ServerJobs *jobs, GError **error);
/* Refuses new work and ends the live sessions. */
void server_http_stop (ServerHttp *self);
/* Whether no client is connected. */
gboolean server_http_is_idle (ServerHttp *self);
/* Cuts all connections. */
void server_http_disconnect (ServerHttp *self);
void server_http_free (ServerHttp *self);

/* The address for browsers; free with g_free(). */
char *server_http_describe (ServerHttp *self);

/* http-auth.c: FALSE with SERVER_PROBLEM_FORBIDDEN_HOST, FORBIDDEN_ORIGIN or UNAUTHORIZED. A public
 * request needs no token. */
gboolean server_http_authorize (ServerHttp *self, SoupServerMessage *message, gboolean is_public,
                                GError **error);
gboolean server_http_is_token (ServerHttp *self, const char *text); /* NULL is fine */
gboolean server_http_knows_token (ServerHttp *self, SoupServerMessage *message);
char *server_http_make_session (const ServerConfig *config);

/* http-reply.c. A function that is marked "takes" frees its argument. */
void server_reply_json (SoupServerMessage *message, guint status, JsonObject *object); /* takes */
void server_reply_text (SoupServerMessage *message, guint status, const char *type, char *text,
                        gsize length);                                 /* takes the text */
void server_reply_problem (SoupServerMessage *message, GError *error); /* takes */

/* Calls `func` when the client is gone; returns the id of a source. */
guint server_watch_client (SoupServerMessage *message, GUnixFDSourceFunc func, gpointer data);

/* http-stream.c: answers with the results of a recording as JSON lines, as they come. `owned`: the
 * analysis ends when the client goes. */
void server_stream_reply (ServerHttp *http, SoupServerMessage *message, ServerRecording *recording,
                          gboolean owned);

/* http-live.c */
void server_live_accept (SoupServer *soup, SoupServerMessage *message, const char *path,
                         SoupWebsocketConnection *connection, gpointer http);
void server_answer_live (ServerRequest *request);

/* http-upload.c: POST /api/analyze, before the body and after it. */
void server_begin_upload (ServerRequest *request);
void server_answer_upload (ServerRequest *request);

/* http-results.c */
void server_answer_results (ServerRequest *request);
void server_answer_result (ServerRequest *request);
void server_answer_forget (ServerRequest *request);
void server_answer_peaks (ServerRequest *request);
void server_answer_spectrogram (ServerRequest *request);

/* http-api.c */
void server_answer_info (ServerRequest *request);
void server_answer_models (ServerRequest *request);
void server_answer_model (ServerRequest *request);
void server_answer_card (ServerRequest *request);
void server_answer_login (ServerRequest *request);
void server_answer_logout (ServerRequest *request);
void server_answer_health (ServerRequest *request);
void server_answer_ready (ServerRequest *request);
void server_answer_metrics (ServerRequest *request);
void server_answer_file (ServerRequest *request); /* of the page */

G_END_DECLS
