/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects as text. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A new object with the member "type". */
JsonObject *server_json_new (const char *type);

/* The text of an object, which it frees, on one line. Free with g_free(). */
char *server_json_write (JsonObject *object);

G_END_DECLS
