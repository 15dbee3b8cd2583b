/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files without a name in the folder for temporary files: the system deletes them when the last
 * descriptor is closed, even after a crash. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A descriptor of a new file; -1 with SERVER_PROBLEM_INTERNAL. */
int server_spool_new (GError **error);
gboolean server_spool_write (int fd, gconstpointer data, gsize size, GError **error);

G_END_DECLS
