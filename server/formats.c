/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "server/formats.h"
#include "server/problem.h"
#include <string.h>
const ServerFormatInfo server_formats[SERVER_N_FORMATS] = {
    {"json", "application/json", "application/json", "json"},
    {"csv", "text/csv", "text/csv", "csv"}};
gboolean
server_format_choose (const char *name, const char *accept, ServerFormat *format, GError **error)
{
  (void)name;
  (void)accept;
  (void)error;
  *format = SERVER_FORMAT_JSON;
  return TRUE;
}
char *
server_format_write (ServerRecording *r, ServerFormat f, guint ahead, gint64 keep, gsize *length)
{
  (void)f;
  JsonObject *o = json_object_new ();
  server_recording_describe (r, ahead, keep, o);
  guint pos = 0;
  GPtrArray *w = server_recording_get_windows (r, &pos);
  JsonArray *a = json_array_new ();
  for (guint i = 0; i < w->len; i++) {
    JsonObject *x = json_object_new ();
    server_result_describe (w->pdata[i], r->model->labels, x);
    json_array_add_object_element (a, x);
  }
  json_object_set_array_member (o, "windows", a);
  ServerResult *s = server_recording_get_summary (r);
  if (s) {
    JsonObject *x = json_object_new ();
    server_result_describe (s, r->model->labels, x);
    json_object_set_object_member (o, "summary", x);
  }
  JsonNode *n = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (n, o);
  char *t = json_to_string (n, TRUE);
  json_node_unref (n);
  *length = strlen (t);
  g_ptr_array_unref (w);
  server_result_unref (s);
  return t;
}
