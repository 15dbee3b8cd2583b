/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A parallel loop. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls func (index, data) for each index in 0..n-1 on `n_jobs` threads (0: one per core). Returns
 * when all calls are done. Store results by index, so that they do not depend on the number of
 * threads. */
typedef void (*TrainingTask) (guint index, gpointer data);
void training_parallel (guint n, guint n_jobs, TrainingTask func, gpointer data);

G_END_DECLS
