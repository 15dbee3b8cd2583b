/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clipped.h"

#include <string.h>

#include "projection.h"

/* Clips rows: scaled rows minus `mean`. */
typedef struct {
  const TrainingClipped *clipped;
  const float *matrix, *mean;
  const guint *rows;
  float *kept; /* all clipped rows; or NULL */
} Source;

static void
clip_rows (gpointer data, guint first, guint n, float *block)
{
  const Source *source = data;
  const TrainingClipped *self = source->clipped;
  const gsize d = self->n_features;
  for (gsize r = 0; r < n; r++) {
    const float *row = source->matrix + source->rows[first + r] * d;
    /* Not CLAMP: two selections need no branch. */
    for (gsize i = 0; i < d; i++) {
      const double scaled = ((double)row[i] - source->mean[i]) * self->scale[i];
      const double low = scaled < self->limit ? scaled : self->limit;
      block[r * d + i] = (float)(low > -self->limit ? low : -self->limit);
    }
  }
  if (source->kept)
    memcpy (source->kept + first * d, block, n * d * sizeof (float));
}

TrainingClipped *
training_clipped_new (const TrainingMoments *moments, const float *matrix, const guint *rows,
                      const guint *labels, const double *weights, guint n, double limit,
                      gboolean keep)
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
  if (keep)
    self->matrix = g_new (float, (gsize)n *d);
  self->moments = training_moments_new (d, moments->n_labels, self->offset);
  self->moments->scaled = TRUE;
  Source source = {self, matrix, self->mean, rows, self->matrix};
  training_moments_add_standardised (self->moments, clip_rows, &source, labels, weights, n);
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
  Source source = {self, matrix, mean, rows, NULL};
  training_moments_scale (self->moments, 1 - fraction);
  training_moments_add_standardised (self->moments, clip_rows, &source, labels, mixed_weights, n);
  g_free (sum);
  g_free (mixed_weights);
  g_free (mean);
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
