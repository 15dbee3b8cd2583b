/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parallel.h"

typedef struct {
  TrainingTask func;
  gpointer data;
} Work;

static void
run_task (gpointer index, gpointer data)
{
  const Work *work = data;
  work->func (GPOINTER_TO_UINT (index) - 1, work->data);
}

void
training_parallel (guint n, guint n_jobs, TrainingTask func, gpointer data)
{
  Work work = {func, data};
  guint n_threads = n_jobs ? n_jobs : g_get_num_processors ();
  GThreadPool *pool =
      g_thread_pool_new (run_task, &work, (gint)MIN (n_threads, MAX (n, 1)), TRUE, NULL);
  for (guint i = 0; i < n; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}
