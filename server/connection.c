/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection.h"

#include <sys/socket.h>

#define TURN (64 * 1024) /* bytes to read before the main loop goes on */

/* What the stream and its sources share; an attachment of the socket. */
typedef struct {
  GSocket *socket; /* not owned */
  gboolean full;   /* no room for answers: the client does not read */
  gsize n_read;    /* in this turn */
  gboolean limited;
  gsize allowed; /* bytes, if limited */
} Flow;

static Flow *
get_flow (GSocket *socket)
{
  return g_object_get_data (G_OBJECT (socket), "flow");
}

static void
look_for_room (Flow *flow)
{
  flow->full = g_socket_condition_check (flow->socket, G_IO_OUT) == 0;
}

void
server_connection_allow (GSocket *socket, gsize n)
{
  Flow *flow = get_flow (socket);
  flow->limited = TRUE;
  flow->allowed = n;
}

void
server_connection_cut (GSocket *socket)
{
  /* So that the close resets the connection: a client with more to send would wait otherwise. */
  const struct linger none = {.l_onoff = 1};
  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* A source that waits for bytes, or while there is no room for answers, for room. */

typedef struct {
  GSource source;
  GSocket *socket;
  gpointer tag;
  GIOCondition condition; /* that it waits for */
} Source;

static gboolean
prepare (GSource *source, gint *timeout)
{
  Source *self = (Source *)source;
  Flow *flow = get_flow (self->socket);
  *timeout = -1;
  if (flow->full)
    look_for_room (flow);
  const GIOCondition condition = flow->full ? G_IO_OUT : G_IO_IN;
  if (condition != self->condition)
    g_source_modify_unix_fd (source, self->tag, condition);
  self->condition = condition;
  return FALSE;
}

static gboolean
check (GSource *source)
{
  const Source *self = (Source *)source;
  return (g_source_query_unix_fd (source, self->tag) & ~G_IO_OUT) != 0;
}

/* The parent's callback does the work. */
static gboolean
dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  (void)source;
  (void)func;
  (void)data;
  return G_SOURCE_CONTINUE;
}

static void
finalize_source (GSource *source)
{
  g_object_unref (((Source *)source)->socket);
}

static GSource *
make_source (GSocket *socket)
{
  static GSourceFuncs funcs = {prepare, check, dispatch, finalize_source, NULL, NULL};
  GSource *source = g_source_new (&funcs, sizeof (Source));
  Source *self = (Source *)source;
  self->socket = g_object_ref (socket);
  self->condition = G_IO_IN;
  self->tag = g_source_add_unix_fd (source, g_socket_get_fd (socket), G_IO_IN);
  return source;
}

/* The input. */

#define SERVER_TYPE_INPUT (server_input_get_type ())
G_DECLARE_FINAL_TYPE (ServerInput, server_input, SERVER, INPUT, GFilterInputStream)

struct _ServerInput {
  GFilterInputStream parent;
  GSocket *socket; /* of the connection, which owns it */
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
  GSource *source = make_source (SERVER_INPUT (stream)->socket);
  GSource *own = g_pollable_source_new_full (stream, NULL, cancellable);
  g_source_add_child_source (own, source);
  g_source_unref (source);
  return own;
}

/* Counts, and cuts the connection if there is too much of it. */
static void
count (Flow *flow, gsize n)
{
  flow->n_read += n;
  if (!flow->limited)
    return;
  flow->allowed -= MIN (n, flow->allowed);
  if (flow->allowed == 0)
    server_connection_cut (flow->socket);
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  Flow *flow = get_flow (SERVER_INPUT (stream)->socket);
  look_for_room (flow);
  if (flow->n_read >= TURN || flow->full) {
    flow->n_read = 0;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "others have their turn");
    return -1;
  }
  const gssize n =
      g_pollable_input_stream_read_nonblocking (get_base (stream), buffer, size, NULL, error);
  if (n > 0)
    count (flow, (gsize)n);
  else
    flow->n_read = 0;
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

/* At once: closing a socket does not wait, and other threads have no business here. */
static void
close_async (GIOStream *stream, int priority, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (stream, cancellable, callback, data);
  GError *error = NULL;
  (void)priority;
  if (close_connection (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static gboolean
close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  (void)stream;
  return g_task_propagate_boolean (G_TASK (result), error);
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
  G_IO_STREAM_CLASS (class)->close_async = close_async;
  G_IO_STREAM_CLASS (class)->close_finish = close_finish;
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
  Flow *flow = g_new0 (Flow, 1);
  flow->socket = input->socket = g_socket_connection_get_socket (connection);
  g_object_set_data_full (G_OBJECT (flow->socket), "flow", flow, g_free);
  self->base = g_object_ref (G_IO_STREAM (connection));
  self->input = G_INPUT_STREAM (input);
  return G_IO_STREAM (self);
}
