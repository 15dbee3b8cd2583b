/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clipped.h"

#include "projection.h"

/* Scaled rows minus `mean`, n x n_features. */
static float *
clip_rows (const TrainingClipped *self, const float *matrix, const float *mean, const guint *rows,
           guint n)
{
  const gsize d = self->n_features;
  float *clipped = g_new (float, n *d);
  for (gsize r = 0; r < n; r++) {
    const float *row = matrix + rows[r] * d;
    for (gsize i = 0; i < d; i++)
      clipped[r * d + i] =
          (float)CLAMP (((double)row[i] - mean[i]) * self->scale[i], -self->limit, self->limit);
  }
  return clipped;
}

static void
add_all (TrainingClipped *self, const float *clipped, const guint *labels, const double *weights,
         guint n)
{
  guint *order = g_new (guint, n);
  for (guint r = 0; r < n; r++)
    order[r] = r;
  training_moments_add_rows (self->moments, clipped, order, labels, weights, n);
  g_free (order);
}

TrainingClipped *
training_clipped_new (const TrainingMoments *moments, const float *matrix, const guint *rows,
                      const guint *labels, const double *weights, guint n, double limit)
{
  const guint d = moments->n_features;
  TrainingClipped *self = g_new0 (TrainingClipped, 1);
  double *centre = g_new (double, d);
  self->n_features = d;
  self->limit = limit;
  self->mean = g_new (float, d);
  self->scale = g_new (float, d);
  self->offset = g_new0 (double, d);
  training_scaler_fit (moments, self->mean, self->scale, centre);
  self->matrix = clip_rows (self, matrix, self->mean, rows, n);
  self->moments = training_moments_new (d, moments->n_labels, self->offset);
  self->moments->scaled = TRUE;
  add_all (self, self->matrix, labels, weights, n);
  g_free (centre);
  return self;
}

void
training_clipped_mix (TrainingClipped *self, const float *matrix, const guint *rows,
                      const guint *labels, const double *weights, guint n, double fraction)
{
  const gsize d = self->n_features;
  double *sum = g_new0 (double, d), *mixed_weights = g_new (double, n), total = 0;
  float *mean = g_new (float, d);
  for (gsize r = 0; r < n; r++) {
    mixed_weights[r] = fraction * weights[r];
    total += weights[r];
    for (gsize i = 0; i < d; i++)
      sum[i] += weights[r] * matrix[rows[r] * d + i];
  }
  for (gsize i = 0; i < d; i++)
    mean[i] = (float)(sum[i] / total);
  float *clipped = clip_rows (self, matrix, mean, rows, n);
  training_moments_scale (self->moments, 1 - fraction);
  add_all (self, clipped, labels, mixed_weights, n);
  g_free (sum);
  g_free (mixed_weights);
  g_free (mean);
  g_free (clipped);
}

void
training_clipped_free (TrainingClipped *self)
{
  if (!self)
    return;
  training_moments_free (self->moments);
  g_free (self->mean);
  g_free (self->scale);
  g_free (self->matrix);
  g_free (self->offset);
  g_free (self);
}

EmotionClassifier *
training_clipped_wrap (const TrainingClipped *self, EmotionClassifier *inner)
{
  if (!inner)
    return NULL;
  EmotionClassifierParts parts = *emotion_classifier_get_parts (inner);
  /* Its own scaler is a common factor, usually 1. */
  const float factor = parts.scale[0];
  float *scale = g_new (float, parts.n_features);
  for (guint i = 0; i < parts.n_features; i++)
    scale[i] = self->scale[i] * factor;
  parts.mean = self->mean;
  parts.scale = scale;
  parts.limit = self->limit * factor;
  EmotionClassifier *classifier = emotion_classifier_new (&parts, NULL);
  emotion_classifier_unref (inner);
  g_free (scale);
  return classifier;
}
