/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A progress display on stderr. On a terminal it redraws one line (bar, count, rate, time left).
 * Otherwise it prints a line at each tenth of the work. Any thread may advance it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TrainingProgress TrainingProgress;

/* `what` names the work, `unit` the counted items. Returns NULL when not `enabled`; all functions
 * accept NULL. */
TrainingProgress *training_progress_new (const char *what, const char *unit, guint total,
                                         gboolean enabled);
void training_progress_step (TrainingProgress *self);
/* Ends the line and frees `self`. */
void training_progress_finish (TrainingProgress *self);

G_END_DECLS
