/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "squares.h"

struct _TrainingSquares {
  GMutex lock;
  guint n_groups;
  float **packed; /* by group; NULL before its first use */
  TrainingMoments *(*gather) (guint group, gpointer data);
  gpointer data;
};

TrainingSquares *
training_squares_new (guint n_groups, TrainingMoments *(*gather) (guint group, gpointer data),
                      gpointer data)
{
  TrainingSquares *self = g_new0 (TrainingSquares, 1);
  g_mutex_init (&self->lock);
  self->n_groups = n_groups;
  self->packed = g_new0 (float *, n_groups);
  self->gather = gather;
  self->data = data;
  return self;
}

void
training_squares_free (TrainingSquares *self)
{
  if (!self)
    return;
  training_squares_forget (self);
  g_mutex_clear (&self->lock);
  g_free (self->packed);
  g_free (self);
}

const float *
training_squares_get (TrainingSquares *self, guint group)
{
  g_mutex_lock (&self->lock);
  if (!self->packed[group]) {
    TrainingMoments *moments = self->gather (group, self->data);
    self->packed[group] = training_moments_pack (moments);
    training_moments_free (moments);
  }
  const float *packed = self->packed[group];
  g_mutex_unlock (&self->lock);
  return packed;
}

void
training_squares_forget (TrainingSquares *self)
{
  for (guint u = 0; u < self->n_groups; u++)
    g_clear_pointer (&self->packed[u], g_free);
}
