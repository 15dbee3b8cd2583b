/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "projection.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

#include "training/base/error.h"

#define BLOCK 256          /* rows per matrix product */
#define DIRECTION_UNIT 6.0 /* root mean square of the integers in directions */
#define MIN_VARIANCE 1e-9  /* of a component, relative to the first */
/* Minimum standard deviation of a feature. Features are in dB, Hz, semitones, s or fractions. A
 * smaller deviation is rounding noise of constant values (such as the 95th percentile of a relative
 * series), which differs between kinds of processor. */
#define MIN_DEVIATION 1e-5

static double
total_weight (const TrainingMoments *m)
{
  double total = 0;
  for (guint k = 0; k < m->n_labels; k++)
    total += m->weight[k];
  return total;
}

void
training_scaler_fit (const TrainingMoments *m, float *mean, float *scale, double *centre)
{
  const double total = total_weight (m);
  for (guint i = 0; i < m->n_features; i++) {
    double sum = 0;
    for (guint k = 0; k < m->n_labels; k++)
      sum += m->sum[(gsize)k * m->n_features + i] / total;
    double variance = training_moments_get_square (m, i) / total - sum * sum;
    double full = sum + m->offset[i];
    /* The difference of two large numbers, when all rows are alike and far from the offset. */
    gboolean constant =
        variance <= 1e-12 * (full * full + sum * sum) + MIN_DEVIATION * MIN_DEVIATION;
    centre[i] = sum;
    mean[i] = m->scaled ? 0 : (float)full;
    scale[i] = constant || m->scaled ? 1 : (float)(1 / sqrt (variance));
  }
}

/* Covariance of the scaled features, upper triangle; 0 for constant features. */
static double *
covariance_of (const TrainingMoments *m, const float *scale, const double *centre)
{
  const gsize d = m->n_features;
  const double total = total_weight (m);
  double *s = g_new0 (double, d *d);
  for (gsize i = 0; i < d; i++)
    for (gsize j = i; j < d; j++)
      s[i * d + j] = (m->square[i * d + j] / total - centre[i] * centre[j]) * scale[i] * scale[j];
  return s;
}

/* Avoids -0, which takes one more character. */
static double
whole (double value)
{
  return rint (value) + 0.0;
}

/* Rounds directions to integers with a root mean square of DIRECTION_UNIT and multiplies the
 * scaler, so that coordinates change by the factor `scale`. */
static void
round_directions (TrainingProjection *self, double scale)
{
  const gsize n = (gsize)self->n_components * self->n_features;
  double square = 0;
  for (gsize i = 0; i < n; i++)
    square += self->directions[i] * self->directions[i] / (double)n;
  const double step = sqrt (square) / DIRECTION_UNIT;
  for (gsize i = 0; i < n; i++)
    self->directions[i] = whole (self->directions[i] / step);
  for (guint i = 0; i < self->n_features; i++)
    self->scale[i] *= (float)(scale * step);
  self->unit = TRAINING_COORDINATE_UNIT;
}

/* Keeps the greatest eigenvalues (ascending) and their vectors (one per row). */
static void
take_directions (TrainingProjection *self, const double *values, const double *vectors, guint n)
{
  const gsize d = self->n_features;
  double kept = 0;
  self->directions = g_new (double, (gsize)n *d);
  for (guint c = 0; c < n; c++) {
    const guint at = n - 1 - c;
    if (values[at] <= MIN_VARIANCE * values[n - 1])
      break;
    kept += values[at];
    for (gsize i = 0; i < d; i++)
      self->directions[c * d + i] = vectors[at * d + i];
    self->n_components++;
  }
  round_directions (self, TRAINING_COORDINATE_UNIT * sqrt (self->n_components / kept));
}

TrainingProjection *
training_components_fit (const TrainingMoments *m, guint n_components, GError **error)
{
  const guint d = m->n_features, n = MIN (n_components, d);
  TrainingProjection *self = g_new0 (TrainingProjection, 1);
  double *centre = g_new (double, d), *values = g_new (double, d);
  double *vectors = g_new (double, (gsize)n *d);
  lapack_int found, *support = g_new (lapack_int, 2 * n);
  self->n_features = d;
  self->mean = g_new (float, d);
  self->scale = g_new (float, d);
  training_scaler_fit (m, self->mean, self->scale, centre);
  double *covariance = covariance_of (m, self->scale, centre);
  /* Row-major upper is column-major lower. Eigenvectors are columns there, rows here. */
  gboolean ok =
      LAPACKE_dsyevr (LAPACK_COL_MAJOR, 'V', 'I', 'L', (int)d, covariance, (int)d, 0, 0,
                      (int)(d - n + 1), (int)d, 0, &found, values, vectors, (int)d, support) == 0 &&
      values[n - 1] > 0;
  if (ok) {
    take_directions (self, values, vectors, n);
  } else {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "the features of a training fold are all constant: use more or other clips");
    g_clear_pointer (&self, training_projection_free);
  }
  g_free (centre);
  g_free (values);
  g_free (vectors);
  g_free (support);
  g_free (covariance);
  return self;
}

void
training_projection_free (TrainingProjection *self)
{
  if (!self)
    return;
  g_free (self->mean);
  g_free (self->scale);
  g_free (self->directions);
  g_free (self);
}

float *
training_projection_apply (const TrainingProjection *self, const float *matrix, const guint *rows,
                           guint n, gboolean kept)
{
  const gsize d = self->n_features, n_out = self->n_components;
  const gboolean round = kept && self->unit > 1;
  float *coordinates = g_new (float, MAX (n * n_out, 1));
  double *scaled = g_new (double, BLOCK *d), *projected = g_new (double, BLOCK *n_out);
  for (guint first = 0; first < n; first += BLOCK) {
    const guint n_block = MIN (BLOCK, n - first);
    for (gsize b = 0; b < n_block; b++)
      for (gsize i = 0; i < d; i++)
        scaled[b * d + i] =
            ((double)matrix[rows[first + b] * d + i] - self->mean[i]) * self->scale[i];
    cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_block, (int)n_out, (int)d, 1,
                 scaled, (int)d, self->directions, (int)d, 0, projected, (int)n_out);
    for (gsize i = 0; i < n_block * n_out; i++)
      coordinates[first * n_out + i] = (float)(round ? whole (projected[i]) : projected[i]);
  }
  g_free (scaled);
  g_free (projected);
  return coordinates;
}
