/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A progress display on stderr: on a terminal one line redrawn in place (bar, count, rate, time
 * left), elsewhere a plain line at each tenth. Any thread may step it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TrainingProgress TrainingProgress;

/* `what` names the work, `unit` what is counted; NULL when not `enabled`, which all functions take.
 */
TrainingProgress *training_progress_new (const char *what, const char *unit, guint total,
                                         gboolean enabled);
void training_progress_step (TrainingProgress *self);
/* Ends the line and frees. */
void training_progress_finish (TrainingProgress *self);

G_END_DECLS
