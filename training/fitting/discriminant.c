/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "discriminant.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "training/base/error.h"

#define ABSENT_MARGIN 50.0  /* bias of a label without rows, below the others' mean bias */
#define MIN_SEPARATION 1e-6 /* of a dimension, relative to the first */
#define MIN_PIVOT 1e-10     /* of a regular covariance, relative to the mean variance */

/* The shrunken within-class covariance of the scaled features, upper triangle. */
static double *
within_covariance (const TrainingDiscriminant *self, const TrainingMoments *m, double total,
                   double shrinkage)
{
  const gsize d = m->n_features;
  double *s = g_memdup2 (m->square, d * d * sizeof *s), trace = 0;
  /* Less the sum over the labels of weight * mean mean'. */
  double *means = g_new0 (double, m->n_labels *d);
  for (gsize k = 0; k < m->n_labels; k++)
    for (gsize i = 0; i < d && m->weight[k] > 0; i++)
      means[k * d + i] = m->sum[k * d + i] / sqrt (m->weight[k]);
  cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)m->n_labels, -1, means, (int)d,
               1, s, (int)d);
  g_free (means);
  for (gsize i = 0; i < d; i++) {
    trace += s[i * d + i] * self->scale[i] * self->scale[i] / total;
    for (gsize j = i; j < d; j++)
      s[i * d + j] *= (1 - shrinkage) * self->scale[i] * self->scale[j] / total;
  }
  for (gsize i = 0; i < d; i++)
    s[i * d + i] += shrinkage * trace / (double)d;
  return s;
}

/* Mean of each label's scaled features; 0 for labels without rows. */
static double *
label_means (const TrainingDiscriminant *self, const TrainingMoments *m, const double *centre)
{
  const gsize d = m->n_features;
  double *means = g_new0 (double, m->n_labels *d);
  for (guint k = 0; k < m->n_labels; k++)
    if (m->weight[k] > 0)
      for (gsize i = 0; i < d; i++)
        means[k * d + i] = (m->sum[k * d + i] / m->weight[k] - centre[i]) * self->scale[i];
  return means;
}

/* Computes the dimensions from the eigenvectors of the labels' Gram matrix under the inverse
 * covariance. Its size is the number of labels, independent of the number of features. `solved` =
 * covariance^-1 means. */
static gboolean
fit_projection (TrainingDiscriminant *self, const TrainingMoments *m, const double *means,
                const double *solved)
{
  const gsize d = m->n_features, n = m->n_labels;
  double *gram = g_new0 (double, n *n), *values = g_new (double, n);
  double *grand = g_new0 (double, d), *grand_solved = g_new0 (double, d);
  guint present = 0;
  for (gsize k = 0; k < n; k++)
    present += m->weight[k] > 0;
  for (gsize k = 0; k < n * d; k++) {
    grand[k % d] += means[k] / present;
    grand_solved[k % d] += solved[k] / present;
  }
  for (gsize a = 0; a < n; a++)
    for (gsize b = a; b < n; b++)
      for (gsize i = 0; i < d && m->weight[a] > 0 && m->weight[b] > 0; i++)
        gram[a * n + b] += (means[a * d + i] - grand[i]) * (solved[b * d + i] - grand_solved[i]);
  gboolean ok = LAPACKE_dsyev (LAPACK_ROW_MAJOR, 'V', 'U', (int)n, gram, (int)n, values) == 0;
  self->projection = g_new0 (double, n *d);
  /* Eigenvalues are in ascending order; n labels give n - 1 dimensions. */
  for (gsize c = 0; ok && c + 1 < n; c++) {
    gsize at = n - 1 - c;
    if (values[at] <= MIN_SEPARATION * values[n - 1])
      break;
    double scale = 1 / sqrt (values[at]), *row = self->projection + self->n_components++ * d;
    for (gsize k = 0; k < n; k++)
      for (gsize i = 0; i < d && m->weight[k] > 0; i++)
        row[i] += gram[k * n + at] * scale * (solved[k * d + i] - grand_solved[i]);
  }
  g_free (gram);
  g_free (values);
  g_free (grand);
  g_free (grand_solved);
  return ok && self->n_components > 0;
}

/* Cholesky factorisation in place; FALSE for a numerically singular matrix. Row-major upper is
 * column-major lower. */
static gboolean
factorise (double *covariance, gsize d)
{
  double variance = 0;
  for (gsize i = 0; i < d; i++)
    variance += covariance[i * d + i] / (double)d;
  gboolean ok = LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'L', (int)d, covariance, (int)d) == 0;
  for (gsize i = 0; ok && i < d; i++)
    ok = covariance[i * d + i] * covariance[i * d + i] > MIN_PIVOT * variance;
  return ok;
}

/* Sets the bias of labels without rows. Features are centred, so for any vector the weighted mean
 * of the other labels' scores is their mean bias, and their maximum is never below it. */
static void
lower_absent (TrainingDiscriminant *self, const TrainingMoments *m, double total)
{
  double mean = 0;
  for (guint k = 0; k < m->n_labels; k++)
    mean += m->weight[k] / total * self->bias[k];
  for (guint k = 0; k < m->n_labels; k++)
    if (m->weight[k] <= 0)
      self->bias[k] = mean - ABSENT_MARGIN;
}

/* The weights are for centred features; the scaler does not always centre. */
static void
take_centre (TrainingDiscriminant *self, const TrainingMoments *m, const double *centre)
{
  const gsize d = m->n_features;
  for (guint k = 0; m->scaled && k < m->n_labels; k++)
    for (gsize i = 0; i < d; i++)
      self->bias[k] -= self->weights[k * d + i] * centre[i];
}

static gboolean
fit (TrainingDiscriminant *self, const TrainingMoments *m, double total, double shrinkage,
     gboolean unbalanced)
{
  const gsize d = m->n_features;
  double *centre = g_new (double, d);
  training_scaler_fit (m, self->mean, self->scale, centre);
  double *covariance = within_covariance (self, m, total, shrinkage);
  double *means = label_means (self, m, centre);
  self->weights = g_memdup2 (means, m->n_labels * d * sizeof (double));
  /* For column-major LAPACK, each label's row is a column: a right-hand side. */
  gboolean ok =
      factorise (covariance, d) && LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'L', (int)d, (int)m->n_labels,
                                                   covariance, (int)d, self->weights, (int)d) == 0;
  for (guint k = 0; ok && k < m->n_labels; k++) {
    double product = 0;
    for (gsize i = 0; i < d; i++)
      product += means[k * d + i] * self->weights[k * d + i];
    self->bias[k] = -product / 2;
    if (unbalanced && m->weight[k] > 0)
      self->bias[k] += log (m->weight[k] / total);
  }
  lower_absent (self, m, total);
  take_centre (self, m, centre);
  ok = ok && fit_projection (self, m, means, self->weights);
  g_free (centre);
  g_free (covariance);
  g_free (means);
  return ok;
}

TrainingDiscriminant *
training_discriminant_fit (const TrainingMoments *m, double shrinkage, gboolean unbalanced,
                           GError **error)
{
  double total = 0;
  guint present = 0;
  for (guint k = 0; k < m->n_labels; k++) {
    total += m->weight[k];
    present += m->weight[k] > 0;
  }
  if (present < 2) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "a training fold has clips of only %u label, and 2 are required: use more "
                 "speakers or fewer folds",
                 present);
    return NULL;
  }
  TrainingDiscriminant *self = g_new0 (TrainingDiscriminant, 1);
  self->n_features = m->n_features;
  self->n_labels = m->n_labels;
  self->mean = g_new (float, m->n_features);
  self->scale = g_new (float, m->n_features);
  self->bias = g_new0 (double, m->n_labels);
  if (!fit (self, m, total, shrinkage, unbalanced)) {
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "the features of a training fold are degenerate (shrinkage %g): use more or longer clips",
        shrinkage);
    g_clear_pointer (&self, training_discriminant_free);
  }
  return self;
}

void
training_discriminant_free (TrainingDiscriminant *self)
{
  if (!self)
    return;
  g_free (self->mean);
  g_free (self->scale);
  g_free (self->weights);
  g_free (self->bias);
  g_free (self->projection);
  g_free (self);
}

EmotionClassifier *
training_discriminant_to_classifier (const TrainingDiscriminant *self)
{
  gsize n = (gsize)self->n_labels * self->n_features;
  float *weights = g_new (float, n), *bias = g_new (float, self->n_labels);
  for (gsize i = 0; i < n; i++)
    weights[i] = (float)self->weights[i];
  for (guint k = 0; k < self->n_labels; k++)
    bias[k] = (float)self->bias[k];
  EmotionClassifierParts parts = {
      .name = "discriminant",
      .n_features = self->n_features,
      .n_labels = self->n_labels,
      .mean = self->mean,
      .scale = self->scale,
      .kind = EMOTION_CLASSIFIER_LINEAR,
      .weights = weights,
      .bias = bias,
      .temperature = 1,
  };
  EmotionClassifier *classifier = emotion_classifier_new (&parts, NULL);
  g_free (weights);
  g_free (bias);
  return classifier;
}

TrainingProjection
training_discriminant_get_projection (const TrainingDiscriminant *self)
{
  return (TrainingProjection){self->n_features, self->n_components, self->mean,
                              self->scale,      self->projection,   1};
}
