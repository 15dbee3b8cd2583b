/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include "connection.h"

#define FIRST_BYTE_TIMEOUT 30 /* s from the connection to its first byte */
#define TIMEOUT 60            /* s without a byte, afterwards */
#define PATIENCE 60           /* s from the first byte to the end of the request, at most */
#define RESERVED 200          /* descriptors for uploads, files and pipelines */
#define BACKLOG 1024
#define RETRY 100 /* ms, when there is no descriptor for a connection */

struct _ServerListener {
  SoupServer *soup;
  GSocket *socket;
  GTlsCertificate *certificate; /* NULL: no TLS */
  guint patience;               /* s */
  GHashTable *waiting;          /* of Waiting */
  GSource *source;              /* of the socket; NULL while no connections are accepted */
  guint retry;
  gint *n_connections; /* atomic, and reference-counted: sockets may outlive the listener */
  gint max_connections;
  GSocket *arriving; /* while libsoup gets it */
};

/* A connection without a byte. */
typedef struct {
  ServerListener *listener;
  GSocket *socket;
  GSource *source;
} Waiting;

static gboolean accept_one (GSocket *socket, GIOCondition condition, gpointer data);

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;
  g_source_destroy (waiting->source);
  g_source_unref (waiting->source);
  g_object_unref (waiting->socket); /* closes it, unless libsoup has got it */
  g_free (waiting);
}

static GIOStream *
make_stream (ServerListener *self, GSocket *socket)
{
  GSocketConnection *connection = g_socket_connection_factory_create_connection (socket);
  GIOStream *stream = server_connection_new (connection);
  g_object_unref (connection);
  if (!self->certificate)
    return stream;
  GIOStream *secure = g_tls_server_connection_new (stream, self->certificate, NULL);
  if (secure)
    g_object_set (secure, "require-close-notify", FALSE, NULL);
  g_object_unref (stream);
  return secure;
}

static gboolean
lose_patience (gpointer socket)
{
  g_object_steal_data (socket, "patience");
  server_connection_cut (socket);
  return G_SOURCE_REMOVE;
}

static void
remove_source (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

static void
hand_over (ServerListener *self, GSocket *socket)
{
  GSocketAddress *local = g_socket_get_local_address (socket, NULL);
  GSocketAddress *remote = g_socket_get_remote_address (socket, NULL);
  GIOStream *stream = local && remote ? make_stream (self, socket) : NULL;
  if (stream) {
    g_object_set_data_full (
        G_OBJECT (socket), "patience",
        GUINT_TO_POINTER (g_timeout_add_seconds (self->patience, lose_patience, socket)),
        remove_source);
    self->arriving = socket;
    soup_server_accept_iostream (self->soup, stream, local, remote, NULL);
    self->arriving = NULL;
    g_object_unref (stream);
  }
  g_clear_object (&local);
  g_clear_object (&remote);
}

/* A first byte, the end of the connection, or the end of the patience. */
static gboolean
take_first_byte (GSocket *socket, GIOCondition condition, gpointer data)
{
  Waiting *waiting = data;
  ServerListener *self = waiting->listener;
  char byte;
  (void)condition;
  const gssize n = recv (g_socket_get_fd (socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n == 1) {
    g_socket_set_timeout (socket, TIMEOUT);
    hand_over (self, socket);
  }
  g_hash_table_remove (self->waiting, waiting);
  return G_SOURCE_REMOVE;
}

static void
count_down (gpointer data, GObject *socket)
{
  gint *n = data;
  (void)socket;
  g_atomic_int_add (n, -1);
  g_atomic_rc_box_release (n);
}

static void
wait_for_byte (ServerListener *self, GSocket *socket)
{
  Waiting *waiting = g_new0 (Waiting, 1);
  g_atomic_int_inc (self->n_connections);
  g_object_weak_ref (G_OBJECT (socket), count_down, g_atomic_rc_box_acquire (self->n_connections));
  g_socket_set_timeout (socket, FIRST_BYTE_TIMEOUT);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_blocking (socket, FALSE);
  waiting->listener = self;
  waiting->socket = socket;
  waiting->source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
  g_source_set_callback (waiting->source, G_SOURCE_FUNC (take_first_byte), waiting, NULL);
  g_source_attach (waiting->source, NULL);
  g_hash_table_add (self->waiting, waiting);
}

static void
watch_socket (ServerListener *self)
{
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (accept_one), self, NULL);
  g_source_attach (self->source, NULL);
}

static gboolean
accept_again (gpointer data)
{
  ServerListener *self = data;
  self->retry = 0;
  watch_socket (self);
  return G_SOURCE_REMOVE;
}

static gboolean
accept_one (GSocket *listening, GIOCondition condition, gpointer data)
{
  ServerListener *self = data;
  GError *error = NULL;
  (void)condition;
  const gboolean full = g_atomic_int_get (self->n_connections) >= self->max_connections;
  GSocket *socket = full ? NULL : g_socket_accept (listening, NULL, &error);
  if (socket)
    wait_for_byte (self, socket);
  const gboolean exhausted =
      full || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  if (!exhausted)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->source, g_source_unref);
  self->retry = g_timeout_add (RETRY, accept_again, self);
  return G_SOURCE_REMOVE;
}

static GSocket *
open_socket (const ServerConfig *config, GError **error)
{
  GSocketAddress *address = g_inet_socket_address_new_from_string (config->address, config->port);
  GSocket *socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_TCP, error);
  if (socket) {
    g_socket_set_blocking (socket, FALSE);
    g_socket_set_listen_backlog (socket, BACKLOG);
    if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error)) {
      g_prefix_error (error, "--listen: ");
      if (error && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
        g_clear_error (error);
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                     "another program listens at %s port %u: stop it, or choose another port with "
                     "--listen %s:PORT",
                     config->address, config->port, config->address);
      }
      g_clear_object (&socket);
    }
  }
  g_object_unref (address);
  return socket;
}

static void
take_request (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  ServerListener *self = data;
  (void)soup;
  if (!self->arriving)
    return;
  g_object_set_data_full (G_OBJECT (message), "socket", g_object_ref (self->arriving),
                          g_object_unref);
  g_signal_connect (message, "got-body", G_CALLBACK (server_listener_end_patience), NULL);
}

ServerListener *
server_listener_new (SoupServer *soup, const ServerConfig *config, GError **error)
{
  ServerListener *self = g_new0 (ServerListener, 1);
  GError *cause = NULL;
  struct rlimit limit = {0};
  getrlimit (RLIMIT_NOFILE, &limit);
  self->max_connections = MAX ((gint)MIN (limit.rlim_cur, 1000000) - RESERVED, 1);
  self->patience = MIN (PATIENCE, (guint)config->time_limit);
  self->n_connections = g_atomic_rc_box_new0 (gint);
  self->waiting = g_hash_table_new_full (NULL, NULL, free_waiting, NULL);
  self->soup = g_object_ref (soup);
  g_signal_connect (soup, "request-started", G_CALLBACK (take_request), self);
  if (config->certificate)
    self->certificate = g_tls_certificate_new_from_files (config->certificate, config->key, &cause);
  if (!cause)
    self->socket = open_socket (config, &cause);
  if (self->socket) {
    watch_socket (self);
    return self;
  }
  g_propagate_error (error, cause);
  server_listener_free (self);
  return NULL;
}

void
server_listener_free (ServerListener *self)
{
  if (!self)
    return;
  g_signal_handlers_disconnect_by_data (self->soup, self);
  g_clear_handle_id (&self->retry, g_source_remove);
  if (self->source)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_hash_table_unref (self->waiting);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);
  g_atomic_rc_box_release (self->n_connections);
  g_object_unref (self->soup);
  g_free (self);
}

guint
server_listener_count (ServerListener *self)
{
  return (guint)g_atomic_int_get (self->n_connections);
}

guint16
server_listener_get_port (ServerListener *self)
{
  GSocketAddress *address = g_socket_get_local_address (self->socket, NULL);
  const guint16 port =
      address ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
  g_clear_object (&address);
  return port;
}

GSocket *
server_listener_get_socket (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), "socket");
}

void
server_listener_end_patience (SoupServerMessage *message)
{
  g_object_set_data (G_OBJECT (server_listener_get_socket (message)), "patience", NULL);
}
