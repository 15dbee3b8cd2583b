/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counters of the server in the text format of Prometheus. Main thread only. */
#pragma once

#include "recording.h"

G_BEGIN_DECLS

typedef struct _ServerMetrics ServerMetrics;

/* Values of the moment. */
typedef struct {
  guint n_running, n_queued, n_live, n_results;
  gsize results_size;
} ServerGauges;

ServerMetrics *server_metrics_new (void);
void server_metrics_free (ServerMetrics *self);

/* `route` must be one of a bounded number of names. */
void server_metrics_count_request (ServerMetrics *self, const char *route, guint status);
void server_metrics_count_window (ServerMetrics *self, const ServerRecording *recording,
                                  const ServerResult *window);

/* Appends all metrics. */
void server_metrics_write (ServerMetrics *self, const ServerGauges *gauges, GString *text);

G_END_DECLS
