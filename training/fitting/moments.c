/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moments.h"

#include <cblas.h>
#include <math.h>

#define BLOCK 256 /* rows per matrix product */

TrainingMoments *
training_moments_new_diagonal (guint n_features, guint n_labels, const double *offset)
{
  TrainingMoments *self = g_new0 (TrainingMoments, 1);
  self->n_features = n_features;
  self->n_labels = n_labels;
  self->offset = offset;
  self->weight = g_new0 (double, n_labels);
  self->sum = g_new0 (double, (gsize)n_labels *n_features);
  self->diagonal = g_new0 (double, n_features);
  return self;
}

TrainingMoments *
training_moments_new (guint n_features, guint n_labels, const double *offset)
{
  TrainingMoments *self = training_moments_new_diagonal (n_features, n_labels, offset);
  g_clear_pointer (&self->diagonal, g_free);
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
  g_free (self->diagonal);
  g_free (self);
}

double
training_moments_get_square (const TrainingMoments *self, guint i)
{
  return self->square ? self->square[(gsize)i * self->n_features + i] : self->diagonal[i];
}

void
training_moments_add_rows (TrainingMoments *self, const float *matrix, const guint *rows,
                           const guint *labels, const double *weights, guint n)
{
  const gsize d = self->n_features;
  double *block = g_new (double, BLOCK *d);
  for (guint first = 0; first < n; first += BLOCK) {
    const guint n_block = MIN (BLOCK, n - first);
    for (guint b = 0; b < n_block; b++) {
      const float *row = matrix + rows[first + b] * d;
      double *sum = self->sum + labels[first + b] * d, *scaled = block + b * d;
      const double weight = weights[first + b], root = sqrt (weight);
      self->weight[labels[first + b]] += weight;
      for (gsize i = 0; i < d; i++) {
        const double x = row[i] - self->offset[i];
        sum[i] += weight * x;
        scaled[i] = root * x;
      }
      for (gsize i = 0; self->diagonal && i < d; i++)
        self->diagonal[i] += scaled[i] * scaled[i];
    }
    if (self->square)
      cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)n_block, 1, block, (int)d, 1,
                   self->square, (int)d);
  }
  g_free (block);
}

void
training_moments_add_standardised (TrainingMoments *self, TrainingFillRows fill, gpointer data,
                                   const guint *labels, const double *weights, guint n)
{
  const gsize d = self->n_features;
  float *block = g_new (float, BLOCK *d), *products = g_new0 (float, d *d);
  for (guint first = 0; first < n; first += BLOCK) {
    const guint n_block = MIN (BLOCK, n - first);
    fill (data, first, n_block, block);
    for (guint b = 0; b < n_block; b++) {
      float *row = block + b * d;
      const double weight = weights[first + b];
      const float root = (float)sqrt (weight);
      double *sum = self->sum + labels[first + b] * d;
      self->weight[labels[first + b]] += weight;
      for (gsize i = 0; i < d; i++) {
        sum[i] += weight * row[i];
        row[i] *= root;
      }
    }
    cblas_ssyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)n_block, 1, block, (int)d, 1,
                 products, (int)d);
  }
  for (gsize i = 0; i < d; i++)
    for (gsize j = i; j < d; j++)
      self->square[i * d + j] += products[i * d + j];
  g_free (block);
  g_free (products);
}

void
training_moments_add (TrainingMoments *self, const TrainingMoments *other)
{
  const gsize d = self->n_features;
  for (guint k = 0; k < self->n_labels; k++)
    self->weight[k] += other->weight[k];
  for (gsize i = 0; i < self->n_labels * d; i++)
    self->sum[i] += other->sum[i];
  if (self->square && other->square)
    for (gsize i = 0; i < d * d; i++)
      self->square[i] += other->square[i];
  else
    for (guint i = 0; i < d; i++)
      *(self->square ? &self->square[i * d + i] : &self->diagonal[i]) +=
          training_moments_get_square (other, i);
}

void
training_moments_scale (TrainingMoments *self, double factor)
{
  const gsize d = self->n_features;
  for (guint k = 0; k < self->n_labels; k++)
    self->weight[k] *= factor;
  for (gsize i = 0; i < self->n_labels * d; i++)
    self->sum[i] *= factor;
  for (gsize i = 0; self->diagonal && i < d; i++)
    self->diagonal[i] *= factor;
  for (gsize i = 0; self->square && i < d * d; i++)
    self->square[i] *= factor;
}

void
training_moments_add_product (TrainingMoments *self, double factor, const double *vector)
{
  const gsize d = self->n_features;
  if (self->square)
    cblas_dsyr (CblasRowMajor, CblasUpper, (int)d, factor, vector, 1, self->square, (int)d);
  for (gsize i = 0; self->diagonal && i < d; i++)
    self->diagonal[i] += factor * vector[i] * vector[i];
}

float *
training_moments_pack (const TrainingMoments *self)
{
  const gsize d = self->n_features;
  float *packed = g_new (float, d *(d - 1) / 2), *at = packed;
  for (gsize i = 0; i < d; i++)
    for (gsize j = i + 1; j < d; j++)
      *at++ = (float)self->square[i * d + j];
  return packed;
}

void
training_moments_add_packed (TrainingMoments *self, const float *packed)
{
  const gsize d = self->n_features;
  for (gsize i = 0; i < d; i++)
    for (gsize j = i + 1; j < d; j++)
      self->square[i * d + j] += *packed++;
}
