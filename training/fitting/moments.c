/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moments.h"

#include <cblas.h>
#include <math.h>

#define BLOCK 256 /* rows per matrix product */

TrainingMoments *
training_moments_new (guint n_features, guint n_labels, const double *offset)
{
  TrainingMoments *self = g_new0 (TrainingMoments, 1);
  self->n_features = n_features;
  self->n_labels = n_labels;
  self->offset = offset;
  self->weight = g_new0 (double, n_labels);
  self->sum = g_new0 (double, (gsize)n_labels *n_features);
  self->square = g_new0 (double, (gsize)n_features *n_features);
  return self;
}

void
training_moments_free (TrainingMoments *self)
{
  if (!self)
    return;
  g_free (self->weight);
  g_free (self->sum);
  g_free (self->square);
  g_free (self);
}

void
training_moments_add_rows (TrainingMoments *self, const float *matrix, const guint *rows,
                           const guint *labels, const double *weights, guint n)
{
  const guint d = self->n_features;
  double *block = g_new (double, (gsize)BLOCK *d);
  for (guint first = 0; first < n; first += BLOCK) {
    guint n_block = MIN (BLOCK, n - first);
    for (guint b = 0; b < n_block; b++) {
      const float *row = matrix + (gsize)rows[first + b] * d;
      double w = weights[first + b], root = sqrt (w);
      double *sum = self->sum + (gsize)labels[first + b] * d;
      self->weight[labels[first + b]] += w;
      for (guint i = 0; i < d; i++) {
        double x = row[i] - self->offset[i];
        sum[i] += w * x;
        block[(gsize)b * d + i] = root * x;
      }
    }
    cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)n_block, 1, block, (int)d, 1,
                 self->square, (int)d);
  }
  g_free (block);
}

void
training_moments_add (TrainingMoments *self, const TrainingMoments *other)
{
  const gsize d = self->n_features;
  for (guint k = 0; k < self->n_labels; k++)
    self->weight[k] += other->weight[k];
  for (gsize i = 0; i < self->n_labels * d; i++)
    self->sum[i] += other->sum[i];
  for (gsize i = 0; i < d * d; i++)
    self->square[i] += other->square[i];
}

void
training_moments_scale (TrainingMoments *self, double factor)
{
  const gsize d = self->n_features;
  for (guint k = 0; k < self->n_labels; k++)
    self->weight[k] *= factor;
  for (gsize i = 0; i < self->n_labels * d; i++)
    self->sum[i] *= factor;
  for (gsize i = 0; i < d * d; i++)
    self->square[i] *= factor;
}
