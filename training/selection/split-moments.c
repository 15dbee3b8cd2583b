/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "split-moments.h"

#include "training/base/parallel.h"

/* By group; NULL before its first use. */
struct _TrainingSquares {
  GMutex lock;
  float **packed;
};

static void
add_group (const TrainingSplit *self, guint group, TrainingMoments *moments)
{
  const TrainingDataset *data = self->data;
  const guint n = self->n_rows_of_group[group];
  guint *labels = g_new (guint, n);
  double *weights = g_new (double, n);
  for (guint i = 0; i < n; i++) {
    const guint row = self->rows_of_group[group][i];
    labels[i] = data->clips[data->rows[row].clip].label;
    weights[i] = self->weights[row];
  }
  training_moments_add_rows (moments, data->matrix, self->rows_of_group[group], labels, weights, n);
  g_free (labels);
  g_free (weights);
}

static void
gather_group (guint group, gpointer user_data)
{
  TrainingSplit *self = user_data;
  self->moments[group] = training_moments_new_diagonal (self->data->features->n_features,
                                                        self->data->n_labels, self->offset);
  add_group (self, group, self->moments[group]);
}

void
training_split_gather_moments (TrainingSplit *self, guint n_jobs)
{
  self->moments = g_new0 (TrainingMoments *, self->n_groups);
  self->squares = g_new0 (TrainingSquares, 1);
  self->squares->packed = g_new0 (float *, self->n_groups);
  g_mutex_init (&self->squares->lock);
  training_parallel (self->n_groups, n_jobs, gather_group, self);
}

void
training_split_forget_squares (const TrainingSplit *self)
{
  for (guint u = 0; u < self->n_groups; u++)
    g_clear_pointer (&self->squares->packed[u], g_free);
}

void
training_split_free_moments (TrainingSplit *self)
{
  training_split_forget_squares (self);
  for (guint u = 0; u < self->n_groups; u++)
    training_moments_free (self->moments[u]);
  g_free (self->moments);
  g_mutex_clear (&self->squares->lock);
  g_free (self->squares->packed);
  g_free (self->squares);
}

/* The squares of the raw split's group, packed. The threads that need them wait for the first. */
static const float *
get_squares (const TrainingSplit *raw, guint group)
{
  TrainingSquares *squares = raw->squares;
  g_mutex_lock (&squares->lock);
  if (!squares->packed[group]) {
    TrainingMoments *moments =
        training_moments_new (raw->data->features->n_features, raw->data->n_labels, raw->offset);
    add_group (raw, group, moments);
    squares->packed[group] = training_moments_pack (moments);
    training_moments_free (moments);
  }
  g_mutex_unlock (&squares->lock);
  return squares->packed[group];
}

double
training_split_weigh_voice (const TrainingSplit *self, guint voice)
{
  double sum = 0;
  for (guint k = 0; k < self->data->n_labels; k++)
    sum += self->voices->weights[(gsize)voice * self->data->n_labels + k];
  return sum;
}

static gboolean
is_voice_of (const TrainingSplit *self, guint voice, TrainingGroups groups)
{
  const guint group = self->voices->group[voice];
  return group != G_MAXUINT && (groups >> group & 1);
}

/* Moments about the split's offset become (1 - fraction) * those of rows minus their voice's
 * mean + fraction * those of rows minus the overall mean. Both have the mean 0, and so has the
 * new offset. */
static void
centre_moments (const TrainingSplit *self, TrainingGroups groups, TrainingMoments *m,
                double fraction)
{
  const gsize d = m->n_features;
  double *mean = g_new0 (double, d), total = 0;
  for (guint k = 0; k < m->n_labels; k++) {
    total += m->weight[k];
    for (gsize i = 0; i < d; i++)
      mean[i] += m->sum[k * d + i];
  }
  /* Sum of w (x - c)(x - c)' = sum of w x x' - (sum of w) c c' where c is the mean of these x. */
  training_moments_add_product (m, -fraction / total, mean);
  for (gsize i = 0; i < d; i++)
    mean[i] /= total;
  for (guint k = 0; k < m->n_labels; k++)
    for (gsize i = 0; i < d; i++)
      m->sum[k * d + i] -= fraction * m->weight[k] * mean[i];
  for (guint v = 0; v < self->voices->n; v++) {
    const double weight = training_split_weigh_voice (self, v), *sum = self->voices->sum + v * d;
    if (weight <= 0 || !is_voice_of (self, v, groups))
      continue;
    training_moments_add_product (m, -(1 - fraction) / weight, sum);
    for (guint k = 0; k < m->n_labels; k++) {
      const double of_label = self->voices->weights[v * m->n_labels + k];
      for (gsize i = 0; i < d && of_label > 0; i++)
        m->sum[k * d + i] -= (1 - fraction) * of_label * sum[i] / weight;
    }
  }
  m->offset = self->offset;
  g_free (mean);
}

TrainingMoments *
training_split_sum (const TrainingSplit *self, TrainingGroups groups, gboolean whole)
{
  const TrainingSplit *raw = self->raw ? self->raw : self;
  const guint d = self->data->features->n_features, n_labels = self->data->n_labels;
  TrainingMoments *sum = whole ? training_moments_new (d, n_labels, raw->offset)
                               : training_moments_new_diagonal (d, n_labels, raw->offset);
  for (guint u = 0; u < self->n_groups; u++) {
    if (!(groups >> u & 1))
      continue;
    training_moments_add (sum, self->moments[u]);
    if (whole)
      training_moments_add_packed (sum, get_squares (raw, u));
  }
  if (self->raw)
    centre_moments (self, groups, sum, TRAINING_RAW_FRACTION);
  return sum;
}

void
training_split_centre (const TrainingSplit *self, TrainingGroups groups, float *centre)
{
  const TrainingSplit *raw = self->raw ? self->raw : self;
  const gsize d = self->data->features->n_features;
  const guint per_speaker = self->data->n_augmentations + 1;
  double *sum = g_new0 (double, d), total = 0;
  for (guint v = 0; v < self->voices->n;
       v += per_speaker) /* the first voice of each speaker: no augmentation */
    if (is_voice_of (self, v, groups)) {
      total += training_split_weigh_voice (self, v);
      for (gsize i = 0; i < d; i++)
        sum[i] += self->voices->sum[v * d + i];
    }
  for (gsize i = 0; i < d; i++)
    centre[i] = (float)(raw->offset[i] + (total > 0 ? sum[i] / total : 0));
  g_free (sum);
}
