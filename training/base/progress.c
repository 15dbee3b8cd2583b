/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define REDRAW_INTERVAL (G_USEC_PER_SEC / 10)
#define BAR_WIDTH 30

struct _TrainingProgress {
  GMutex lock; /* protects all following members */
  char *what, *unit;
  guint done, total;
  gboolean terminal;
  gint64 started, drawn; /* monotonic time, us */
};

static void
draw_bar (TrainingProgress *self, gint64 now)
{
  const double elapsed = (double)(now - self->started) / G_USEC_PER_SEC;
  const double rate = elapsed > 0 ? self->done / elapsed : 0;
  const guint left = rate > 0 ? (guint)((self->total - self->done) / rate + 0.5) : 0;
  const guint filled = (guint)((guint64)self->done * BAR_WIDTH / self->total);
  fprintf (stderr, "\r%s [", self->what);
  for (guint i = 0; i < BAR_WIDTH; i++)
    fputc (i < filled ? '#' : '-', stderr);
  fprintf (stderr, "] %u/%u %s, %.1f/s, %u:%02u left\033[K", self->done, self->total, self->unit,
           rate, left / 60, left % 60);
  fflush (stderr);
  self->drawn = now;
}

TrainingProgress *
training_progress_new (const char *what, const char *unit, guint total, gboolean enabled)
{
  if (!enabled)
    return NULL;
  TrainingProgress *self = g_new0 (TrainingProgress, 1);
  g_mutex_init (&self->lock);
  self->what = g_strdup (what);
  self->unit = g_strdup (unit);
  self->total = total;
  self->terminal = isatty (STDERR_FILENO);
  self->started = g_get_monotonic_time ();
  return self;
}

void
training_progress_step (TrainingProgress *self)
{
  if (!self)
    return;
  g_mutex_lock (&self->lock);
  if (self->done < self->total) {
    const guint tenths_before = (guint)((guint64)self->done * 10 / self->total);
    const guint tenths = (guint)((guint64)++self->done * 10 / self->total);
    const gint64 now = g_get_monotonic_time ();
    if (!self->terminal && tenths > tenths_before)
      fprintf (stderr, "%s: %u %% (%u of %u %s)\n", self->what, tenths * 10, self->done,
               self->total, self->unit);
    else if (self->terminal && (now - self->drawn >= REDRAW_INTERVAL || self->done == self->total))
      draw_bar (self, now);
  }
  g_mutex_unlock (&self->lock);
}

void
training_progress_finish (TrainingProgress *self)
{
  if (!self)
    return;
  if (self->terminal && self->drawn)
    fputc ('\n', stderr);
  g_mutex_clear (&self->lock);
  g_free (self->what);
  g_free (self->unit);
  g_free (self);
}
