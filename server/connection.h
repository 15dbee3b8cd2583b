/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of a connection, so that no client holds up the others, or fills the memory. libsoup
 * reads a WebSocket until there are no bytes left, also from a client that never stops sending, and
 * collects the fragments of a message without a limit. Here reading pauses after some bytes, for the
 * rest of the main loop, and while the client does not read its answers. Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream over a connection. */
GIOStream *server_connection_new (GSocketConnection *connection);

/* From now on at most so many bytes may come, unless this is called again before. With more, the
 * connection is cut. */
void server_connection_allow (GSocket *socket, gsize n);

/* Ends a connection from this side, whatever its client still sends. libsoup notices, and closes. */
void server_connection_cut (GSocket *socket);

G_END_DECLS
