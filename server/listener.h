/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accepts connections for libsoup, which gets each with its first byte and serves one request on it.
 *
 * libsoup before 3.3 never closes a connection that its client closes before a request, so that each
 * port scan, each health check by TCP and each idle connection would cost a descriptor. */
#pragma once

#include <libsoup/soup.h>

#include "config.h"

G_BEGIN_DECLS

typedef struct _ServerListener ServerListener;

/* NULL with an error if the address or the certificate cannot be used. Main thread only. */
ServerListener *server_listener_new (SoupServer *soup, const ServerConfig *config, GError **error);
void server_listener_free (ServerListener *self); /* NULL is fine */

/* The number of open connections. */
guint server_listener_count (ServerListener *self);

guint16 server_listener_get_port (ServerListener *self);

/* The socket of a request. */
GSocket *server_listener_get_socket (SoupServerMessage *message);

/* A connection is cut unless its request has arrived in time. This request takes its own time. */
void server_listener_end_patience (SoupServerMessage *message);

G_END_DECLS
