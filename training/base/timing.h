/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* training_timing.json: the duration of each stage of a training, with host and start time. It is
 * separate from the metrics, which are byte-identical on every run. One thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TrainingTiming TrainingTiming;

/* Starts the clock. */
TrainingTiming *training_timing_new (void);
void training_timing_free (TrainingTiming *self); /* NULL is fine */

/* Ends a stage: it took the time since the last mark. */
void training_timing_mark (TrainingTiming *self, const char *stage);

/* Writes {started, host, cores, jobs, feature_jobs, stages: {name: s}, total: s}, whole or not at all. FALSE with
 * TRAINING_ERROR_OUTPUT. */
gboolean training_timing_write (const TrainingTiming *self, guint jobs, guint feature_jobs,
                                const char *path, GError **error);

G_END_DECLS
