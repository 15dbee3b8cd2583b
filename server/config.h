/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of the server, from its command line; constant after the start. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *address; /* IP address to listen on */
  guint16 port;
  char *token;             /* NULL: no token */
  char *certificate, *key; /* PEM files for TLS, or NULL */
  char **hosts;            /* further names under which the server is reached */
  char **model_folders;    /* NULL: the element's */
  guint64 max_upload;      /* bytes */
  double max_duration;     /* s of sound in a file */
  double time_limit;       /* s to receive or analyse a file */
  guint n_jobs, n_queued;  /* files analysed at a time, and waiting at most */
  guint max_live;          /* live sessions */
  gint64 keep;             /* us; how long results are kept */
  gsize keep_memory;       /* bytes of kept results */
  gboolean loopback;       /* only this machine can connect */
} ServerConfig;

/* Reads the command line; exits the program itself only for --help. `*version` tells that only the
 * version was asked for. NULL with an error, with G_OPTION_ERROR for wrong options. */
ServerConfig *server_config_new (int *argc, char ***argv, gboolean *version, GError **error);
void server_config_free (ServerConfig *self);

G_END_DECLS
