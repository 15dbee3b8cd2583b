/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the server share: settings, models, metrics, the kept results and the live
 * sessions. Main thread only. */
#pragma once

#include "config.h"
#include "metrics.h"
#include "recording.h"

G_BEGIN_DECLS

typedef struct {
  const ServerConfig *config;
  const ServerModels *models;
  ServerMetrics *metrics;
  guint n_live;
  gboolean stopping; /* new work is refused */

  /*< private >*/
  GQueue kept;      /* of ServerRecording, the newest first */
  GQueue forgotten; /* of ids, the newest first */
  guint timer;
} ServerHub;

ServerHub *server_hub_new (const ServerConfig *config, const ServerModels *models);
void server_hub_free (ServerHub *self);

/* Counts the recording's windows in the metrics until it ends. */
void server_hub_watch (ServerHub *self, ServerRecording *recording);

/* Keeps a recording for the time in the settings after its end, if the memory lasts. */
void server_hub_keep (ServerHub *self, ServerRecording *recording);

/* NULL with SERVER_PROBLEM_GONE or NOT_FOUND. Not owned. */
ServerRecording *server_hub_find (ServerHub *self, const char *id, GError **error);
void server_hub_forget (ServerHub *self, ServerRecording *recording);

G_END_DECLS
