/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The analyses of files: some at a time, others waiting in order. Main thread only. */
#pragma once

#include "config.h"
#include "options.h"

G_BEGIN_DECLS

typedef struct _ServerJobs ServerJobs;

ServerJobs *server_jobs_new (const ServerConfig *config);
/* Stops all analyses and waits for their ends. */
void server_jobs_free (ServerJobs *self);

/* Reserves a place before a file arrives; FALSE with SERVER_PROBLEM_BUSY. */
gboolean server_jobs_reserve (ServerJobs *self, GError **error);
void server_jobs_release (ServerJobs *self);

/* Analyses the file behind a descriptor into the recording, or of it only `part`, if that is not
 * NULL; takes the descriptor, the part and a reserved place. */
void server_jobs_run (ServerJobs *self, ServerRecording *recording, const ServerOptions *options,
                      int fd, GBytes *part);

/* Ends the analysis of a recording soon, with SERVER_PROBLEM_STOPPED. */
void server_jobs_stop (ServerJobs *self, ServerRecording *recording);

/* Analyses that come before that of the recording in the queue. */
guint server_jobs_get_ahead (ServerJobs *self, ServerRecording *recording);

void server_jobs_count (ServerJobs *self, guint *n_running, guint *n_queued);

G_END_DECLS
