/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "http.h"
#include "problem.h"

#define RESOURCES "/org/emotiondetect/server/"

static void
describe_limits (const ServerConfig *config, JsonObject *limits)
{
  json_object_set_int_member (limits, "upload_bytes", (gint64)config->max_upload);
  json_object_set_double_member (limits, "duration", config->max_duration);
  json_object_set_int_member (limits, "jobs", config->n_jobs);
  json_object_set_int_member (limits, "queue", config->n_queued);
  json_object_set_int_member (limits, "live_sessions", config->max_live);
  json_object_set_int_member (limits, "keep", config->keep / G_USEC_PER_SEC);
}

void
server_answer_info (ServerRequest *request)
{
  ServerHub *hub = request->http->hub;
  JsonObject *info = json_object_new (), *limits = json_object_new ();
  json_object_set_string_member (info, "version", EMOTION_VERSION);
  json_object_set_string_member (info, "default_model",
                                 server_models_find (hub->models, NULL, NULL)->name);
  json_object_set_boolean_member (info, "token_required", hub->config->token != NULL);
  json_object_set_boolean_member (info, "authorized",
                                  server_http_knows_token (request->http, request->message));
  describe_limits (hub->config, limits);
  json_object_set_object_member (info, "limits", limits);
  server_reply_json (request->message, SOUP_STATUS_OK, info);
}

void
server_answer_models (ServerRequest *request)
{
  const ServerModels *models = request->http->hub->models;
  const GPtrArray *list = server_models_list (models);
  JsonObject *answer = json_object_new ();
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < list->len; i++) {
    JsonObject *object = json_object_new ();
    server_model_describe (models, list->pdata[i], object);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (answer, "models", array);
  server_reply_json (request->message, SOUP_STATUS_OK, answer);
}

void
server_answer_model (ServerRequest *request)
{
  const ServerModels *models = request->http->hub->models;
  GError *error = NULL;
  const ServerModel *model = server_models_find (models, request->rest, &error);
  if (!model) {
    server_reply_problem (request->message, error);
    return;
  }
  JsonObject *object = json_object_new ();
  server_model_describe (models, model, object);
  server_reply_json (request->message, SOUP_STATUS_OK, object);
}

void
server_answer_card (ServerRequest *request)
{
  GError *error = NULL;
  const ServerModel *model = server_models_find (request->http->hub->models, request->rest, &error);
  char *text = NULL;
  gsize length;
  if (model && model->card)
    g_file_get_contents (model->card, &text, &length, NULL);
  if (model && !text)
    g_set_error (&error, SERVER_PROBLEM, SERVER_PROBLEM_NOT_FOUND, "the model %s has no card",
                 model->name);
  if (error)
    server_reply_problem (request->message, error);
  else
    server_reply_text (request->message, SOUP_STATUS_OK, "text/markdown; charset=utf-8", text,
                       length);
}

/* The token in the body {"token": "..."}; free with g_free(). */
static char *
read_token (SoupServerMessage *message)
{
  GBytes *body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  JsonParser *parser = json_parser_new ();
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  char *token = NULL;
  if (size > 0 && json_parser_load_from_data (parser, data, (gssize)size, NULL)) {
    JsonNode *root = json_parser_get_root (parser);
    JsonObject *object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
    token = object ? g_strdup (json_object_get_string_member_with_default (object, "token", NULL))
                   : NULL;
  }
  g_object_unref (parser);
  g_bytes_unref (body);
  return token;
}

static void
set_session (ServerRequest *request, const char *value, const char *attributes)
{
  const gboolean secure = request->http->hub->config->certificate != NULL;
  char *cookie = g_strdup_printf ("emotion-session=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                                  value, secure ? "; Secure" : "", attributes);
  soup_message_headers_append (soup_server_message_get_response_headers (request->message),
                               "Set-Cookie", cookie);
  soup_server_message_set_status (request->message, SOUP_STATUS_NO_CONTENT, NULL);
  g_free (cookie);
}

void
server_answer_login (ServerRequest *request)
{
  char *token = read_token (request->message);
  if (server_http_is_token (request->http, token))
    set_session (request, request->http->session ? request->http->session : "", "");
  else
    server_reply_problem (request->message,
                          g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_UNAUTHORIZED,
                                       "this is not the token of this server"));
  g_free (token);
}

void
server_answer_logout (ServerRequest *request)
{
  set_session (request, "", "; Max-Age=0");
}

void
server_answer_health (ServerRequest *request)
{
  server_reply_text (request->message, SOUP_STATUS_OK, "text/plain", g_strdup ("ok\n"), 3);
}

void
server_answer_ready (ServerRequest *request)
{
  const gboolean ready = !request->http->hub->stopping;
  JsonObject *object = json_object_new ();
  json_object_set_boolean_member (object, "ready", ready);
  json_object_set_int_member (object, "models",
                              server_models_list (request->http->hub->models)->len);
  server_reply_json (request->message, ready ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
                     object);
}

void
server_answer_metrics (ServerRequest *request)
{
  ServerHub *hub = request->http->hub;
  ServerGauges gauges = {.n_live = hub->n_live, .n_results = hub->kept.length};
  GString *text = g_string_new (NULL);
  server_jobs_count (request->http->jobs, &gauges.n_running, &gauges.n_queued);
  for (GList *link = hub->kept.head; link; link = link->next)
    gauges.results_size += server_recording_get_size (link->data);
  server_metrics_write (hub->metrics, &gauges, text);
  const gsize length = text->len;
  server_reply_text (request->message, SOUP_STATUS_OK, "text/plain; version=0.0.4; charset=utf-8",
                     g_string_free (text, FALSE), length);
}

static const char *
find_type (const char *path)
{
  static const struct {
    const char *suffix, *type;
  } types[] = {{".html", "text/html; charset=utf-8"},
               {".js", "text/javascript; charset=utf-8"},
               {".css", "text/css; charset=utf-8"},
               {".json", "application/json"},
               {".svg", "image/svg+xml"}};
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (path, types[i].suffix))
      return types[i].type;
  return "application/octet-stream";
}

/* Sets the tag of the content, and tells whether the client has the same. */
static gboolean
is_known (SoupServerMessage *message, GBytes *content)
{
  char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  char *tag = g_strdup_printf ("\"%.16s\"", hash);
  SoupMessageHeaders *answer = soup_server_message_get_response_headers (message);
  const char *known = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "If-None-Match");
  const gboolean same = g_strcmp0 (known, tag) == 0;
  soup_message_headers_replace (answer, "ETag", tag);
  soup_message_headers_replace (answer, "Cache-Control", "no-cache");
  g_free (hash);
  g_free (tag);
  return same;
}

/* The page is compiled in. */
void
server_answer_file (ServerRequest *request)
{
  const char *name = *request->rest ? request->rest : "index.html";
  char *path = g_strconcat (RESOURCES, name, NULL);
  GBytes *content = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (!content) {
    server_reply_problem (request->message, g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_NOT_FOUND,
                                                         "there is no file %s", name));
  } else if (is_known (request->message, content)) {
    soup_server_message_set_status (request->message, SOUP_STATUS_NOT_MODIFIED, NULL);
  } else {
    soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
    soup_message_headers_set_content_type (
        soup_server_message_get_response_headers (request->message), find_type (name), NULL);
    soup_message_body_append_bytes (soup_server_message_get_response_body (request->message),
                                    content);
  }
  g_clear_pointer (&content, g_bytes_unref);
  g_free (path);
}
