/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection.h"

#define TURN (64 * 1024) /* bytes to read before the main loop goes on */

/* The input. */

#define SERVER_TYPE_INPUT (server_input_get_type ())
G_DECLARE_FINAL_TYPE (ServerInput, server_input, SERVER, INPUT, GFilterInputStream)

struct _ServerInput {
  GFilterInputStream parent;
  GSocket *socket; /* of the connection, which owns it */
  gsize n_read;    /* in this turn */
};

static void server_input_pollable_init (GPollableInputStreamInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE (ServerInput, server_input, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      server_input_pollable_init))

static GPollableInputStream *
get_base (GPollableInputStream *stream)
{
  return G_POLLABLE_INPUT_STREAM (
      g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream)));
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (get_base (stream));
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  GSource *source = g_pollable_input_stream_create_source (get_base (stream), NULL);
  GSource *own = g_pollable_source_new_full (stream, source, cancellable);
  g_source_unref (source);
  return own;
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  ServerInput *self = SERVER_INPUT (stream);
  const gboolean full = g_socket_condition_check (self->socket, G_IO_OUT) == 0;
  if (self->n_read >= TURN || full) {
    self->n_read = 0;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "others have their turn");
    return -1;
  }
  const gssize n =
      g_pollable_input_stream_read_nonblocking (get_base (stream), buffer, size, NULL, error);
  self->n_read = n > 0 ? self->n_read + (gsize)n : 0;
  return n;
}

static void
server_input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = is_readable;
  interface->create_source = create_source;
  interface->read_nonblocking = read_nonblocking;
}

static void
server_input_class_init (ServerInputClass *class)
{
  (void)class;
}

static void
server_input_init (ServerInput *self)
{
  (void)self;
}

/* Input and output. */

#define SERVER_TYPE_CONNECTION (server_connection_get_type ())
G_DECLARE_FINAL_TYPE (ServerConnection, server_connection, SERVER, CONNECTION, GIOStream)

struct _ServerConnection {
  GIOStream parent;
  GIOStream *base;
  GInputStream *input;
};

G_DEFINE_FINAL_TYPE (ServerConnection, server_connection, G_TYPE_IO_STREAM)

static GInputStream *
get_input (GIOStream *stream)
{
  return SERVER_CONNECTION (stream)->input;
}

static GOutputStream *
get_output (GIOStream *stream)
{
  return g_io_stream_get_output_stream (SERVER_CONNECTION (stream)->base);
}

static gboolean
close_connection (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (SERVER_CONNECTION (stream)->base, cancellable, error);
}

static void
finalize (GObject *object)
{
  ServerConnection *self = SERVER_CONNECTION (object);
  g_object_unref (self->input);
  g_object_unref (self->base);
  G_OBJECT_CLASS (server_connection_parent_class)->finalize (object);
}

static void
server_connection_class_init (ServerConnectionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  G_IO_STREAM_CLASS (class)->get_input_stream = get_input;
  G_IO_STREAM_CLASS (class)->get_output_stream = get_output;
  G_IO_STREAM_CLASS (class)->close_fn = close_connection;
}

static void
server_connection_init (ServerConnection *self)
{
  (void)self;
}

GIOStream *
server_connection_new (GSocketConnection *connection)
{
  ServerConnection *self = g_object_new (SERVER_TYPE_CONNECTION, NULL);
  ServerInput *input = g_object_new (SERVER_TYPE_INPUT, "base-stream",
                                     g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                     "close-base-stream", FALSE, NULL);
  input->socket = g_socket_connection_get_socket (connection);
  self->base = g_object_ref (G_IO_STREAM (connection));
  self->input = G_INPUT_STREAM (input);
  return G_IO_STREAM (self);
}
