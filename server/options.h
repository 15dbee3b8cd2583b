/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client may choose for an analysis, and the elements that carry it out. */
#pragma once

#include "models.h"
#include "recording.h"

G_BEGIN_DECLS

typedef struct {
  const ServerModel *model;
  char *name;        /* of the file or session; NULL: none */
  char *priors_text; /* NULL: the model's */
  GstStructure *priors;
  gboolean adapt;
  guint64 window, interval; /* ns; 0: the model's */
  gboolean peaks, spectrogram, keep, stream;
} ServerOptions;

/* Reads the options model, name, priors, adaptation, window, interval, peaks, spectrogram, keep and
 * stream; others are ignored. NULL with SERVER_PROBLEM_BAD_OPTION or UNKNOWN_MODEL. */
ServerOptions *server_options_new (const ServerModels *models, GHashTable *texts, GError **error);
void server_options_free (ServerOptions *self); /* NULL is fine */

/* Reads an option that is 1 or 0 (the default). FALSE with SERVER_PROBLEM_BAD_OPTION. */
gboolean server_options_read_flag (GHashTable *texts, const char *name, gboolean *flag,
                                   GError **error);

/* The same texts from a JSON object; free with g_hash_table_unref(). */
GHashTable *server_options_read_json (JsonObject *object);

/* From window to window; s. */
double server_options_get_interval (const ServerOptions *self);

/* A new recording with the options. */
ServerRecording *server_options_make_recording (const ServerOptions *self,
                                                ServerRecordingKind kind);

/* emotiondetect and a sink, which also draws `sound` (or NULL); a new bin. `queue`: the analysis gets
 * a thread of its own, beside that of the decoder. NULL if GStreamer lacks an element. */
GstElement *server_options_make_sink (const ServerOptions *self, ServerSound *sound,
                                      gboolean queue);

G_END_DECLS
