/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A live source: sound that a client pushes, analysed as it comes. Main thread only; the results
 * go to the recording from another thread. */
#pragma once

#include "options.h"

G_BEGIN_DECLS

typedef struct _ServerLive ServerLive;

typedef struct {
  const char *format; /* S16LE, F32LE, PCMU or PCMA */
  guint rate, channels;
} ServerPcm;

/* Checks a format of a client; FALSE with SERVER_PROBLEM_BAD_OPTION. `format` is interned. */
gboolean server_pcm_read (GHashTable *texts, ServerPcm *pcm, GError **error);

/* Threads that end sessions, as stopping a pipeline waits for its threads; free with
 * g_thread_pool_free(). */
GThreadPool *server_live_make_enders (void);

/* NULL with SERVER_PROBLEM_INTERNAL. */
ServerLive *server_live_new (ServerRecording *recording, const ServerOptions *options,
                             const ServerPcm *pcm, GThreadPool *enders, GError **error);

/* Whole frames of samples. FALSE with SERVER_PROBLEM_BAD_REQUEST for others, or TOO_SLOW if the
 * analysis has been more than 2 s behind for 5 s, or is more than 20 s behind. */
gboolean server_live_push (ServerLive *self, GBytes *samples, GError **error);

/* Ends the sound: the summary comes, and then the end of the recording. */
void server_live_finish (ServerLive *self);

/* Ends in one of the threads: at once, or with `options->keep` after the summary. */
void server_live_free (ServerLive *self);

G_END_DECLS
