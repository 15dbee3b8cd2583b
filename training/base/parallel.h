/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A loop on several threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls func (index, data) for index 0..n) on `n_jobs` threads (0: one a core); returns when all
 * are done. Results belong in slots by index, so that the number of threads does not matter. */
typedef void (*TrainingTask) (guint index, gpointer data);
void training_parallel (guint n, guint n_jobs, TrainingTask func, gpointer data);

G_END_DECLS
