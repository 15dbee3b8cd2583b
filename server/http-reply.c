/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <poll.h>
#include <string.h>

#include "http.h"
#include "problem.h"

#define RETRY_AFTER "2" /* s */

void
server_reply_text (SoupServerMessage *message, guint status, const char *type, char *text,
                   gsize length)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_TAKE, text, length);
}

void
server_reply_json (SoupServerMessage *message, guint status, JsonObject *object)
{
  char *text = server_json_write (object);
  server_reply_text (message, status, "application/json", text, strlen (text));
}

void
server_reply_problem (SoupServerMessage *message, GError *error)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const guint status = server_problem_get_status (error);
  JsonObject *object = json_object_new ();
  server_problem_describe (error, object);
  if (g_error_matches (error, SERVER_PROBLEM, SERVER_PROBLEM_BUSY))
    soup_message_headers_replace (headers, "Retry-After", RETRY_AFTER);
  if (g_error_matches (error, SERVER_PROBLEM, SERVER_PROBLEM_UNAUTHORIZED))
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  char *text = server_json_write (object);
  server_reply_text (message, status, "application/problem+json", text, strlen (text));
  g_error_free (error);
}

guint
server_watch_client (SoupServerMessage *message, GUnixFDSourceFunc func, gpointer data)
{
  const int fd = g_socket_get_fd (server_listener_get_socket (message));
  return g_unix_fd_add (fd, (GIOCondition)POLLRDHUP | G_IO_HUP | G_IO_ERR, func, data);
}
