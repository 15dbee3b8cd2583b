/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/random.h>

#include "http.h"
#include "problem.h"

#define COOKIE "emotion-session="

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

/* In a time that does not depend on where they differ. */
static gboolean
are_equal (const char *secret, const char *text)
{
  const gsize n = strlen (secret);
  guint8 difference = 0;
  if (strlen (text) != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    difference |= (guint8)(secret[i] ^ text[i]);
  return difference == 0;
}

char *
server_http_make_session (const ServerConfig *config)
{
  guint8 key[32];
  if (!config->token)
    return NULL;
  if (getrandom (key, sizeof key, 0) != sizeof key)
    g_error ("the system gives no random numbers");
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, key, sizeof key, config->token, -1);
}

static gboolean
has_session (ServerHttp *self, SoupServerMessage *message)
{
  const char *header = get_header (message, "Cookie");
  char **cookies = g_strsplit (header ? header : "", ";", 64);
  gboolean found = FALSE;
  for (char **cookie = cookies; *cookie && !found; cookie++) {
    const char *text = g_strstrip (*cookie);
    found = g_str_has_prefix (text, COOKIE) && are_equal (self->session, text + strlen (COOKIE));
  }
  g_strfreev (cookies);
  return found;
}

gboolean
server_http_is_token (ServerHttp *self, const char *text)
{
  const char *token = self->hub->config->token;
  return !token || (text && are_equal (token, text));
}

gboolean
server_http_knows_token (ServerHttp *self, SoupServerMessage *message)
{
  static const char scheme[] = "Bearer ";
  const char *header = get_header (message, "Authorization");
  if (!self->hub->config->token)
    return TRUE;
  if (header && g_ascii_strncasecmp (header, scheme, strlen (scheme)) == 0)
    return server_http_is_token (self, header + strlen (scheme));
  return has_session (self, message);
}

/* The host of "host:port" or "[host]:port"; the port may be missing. */
static char *
strip_port (const char *header)
{
  const gboolean brackets = *header == '[';
  return g_strndup (header + brackets, strcspn (header, brackets ? "]" : ":") - brackets);
}

static gboolean
is_loopback (const char *host)
{
  GInetAddress *address = g_inet_address_new_from_string (host);
  const gboolean loopback = address && g_inet_address_get_is_loopback (address);
  g_clear_object (&address);
  return loopback;
}

/* A page of another site can make its own name lead to this machine. Then the name in the header
 * Host is that of the other site. A token, or a certificate, protects against that as well. */
static gboolean
is_own_host (const ServerConfig *config, const char *host)
{
  gboolean own = config->token || config->certificate ||
                 g_ascii_strcasecmp (host, "localhost") == 0 ||
                 strcmp (host, config->address) == 0 || is_loopback (host);
  for (char **name = config->hosts; name && *name && !own; name++)
    own = g_ascii_strcasecmp (*name, host) == 0;
  return own;
}

/* Both that of the header and that of the request line, which is there if it is a whole URI. */
static gboolean
has_own_host (const ServerConfig *config, SoupServerMessage *message, const char *header)
{
  const char *in_uri = g_uri_get_host (soup_server_message_get_uri (message));
  char *host = header && !strchr (header, ',') ? strip_port (header) : NULL;
  const gboolean own =
      host && is_own_host (config, host) && (!in_uri || is_own_host (config, in_uri));
  g_free (host);
  return own;
}

/* Both texts leave out the standard port. */
static gboolean
is_own_origin (const char *origin, const char *host)
{
  const char *authority = strstr (origin, "://");
  return authority && g_ascii_strcasecmp (authority + strlen ("://"), host) == 0;
}

gboolean
server_http_authorize (ServerHttp *self, SoupServerMessage *message, gboolean is_public,
                       GError **error)
{
  /* Of several, no host is right: the list has a comma then. */
  const char *host =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Host");
  const char *origin = get_header (message, "Origin");
  if (!has_own_host (self->hub->config, message, host))
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_FORBIDDEN_HOST,
                 "this server is not known as '%s'", host ? host : "");
  else if (origin && !is_own_origin (origin, host))
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_FORBIDDEN_ORIGIN,
                 "a page of '%s' may not use this server", origin);
  else if (!is_public && !server_http_knows_token (self, message))
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_UNAUTHORIZED,
                 "this server needs a token, and the request has no valid one");
  else
    return TRUE;
  return FALSE;
}
