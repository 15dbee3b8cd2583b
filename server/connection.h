/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of a connection, so that no client holds up the others. libsoup reads a WebSocket until
 * there are no bytes left, also from a client that never stops sending. Here reading pauses after
 * some bytes, for the rest of the main loop, and while the client does not read its answers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream over a connection. Main thread only. */
GIOStream *server_connection_new (GSocketConnection *connection);

G_END_DECLS
