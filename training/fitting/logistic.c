/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "logistic.h"

#include <cblas.h>
#include <lbfgs.h>
#include <math.h>
#include <string.h>

#include "core/model/model.h"
#include "projection.h"
#include "training/base/error.h"

#define MAX_STEPS 200
#define TOLERANCE 1e-4 /* of the gradient's norm, relative to the parameters' */

typedef struct {
  guint n, n_features, n_labels;
  float *x;            /* n x n_features, scaled */
  const guint *labels; /* n */
  double *weights;     /* n, with sum 1 */
  double penalty;
  /* Work space */
  float *scores;   /* n x n_labels */
  float *as_float; /* n_labels x n_features: weights, then their gradient */
} Problem;

/* The loss and its gradient. Parameters are the weights by label, then the biases. */
static lbfgsfloatval_t
evaluate (void *instance, const lbfgsfloatval_t *at, lbfgsfloatval_t *gradient,
          const int n_parameters, const lbfgsfloatval_t step)
{
  Problem *p = instance;
  const gsize n_weights = (gsize)p->n_labels * p->n_features;
  double loss = 0, posteriors[EMOTION_MAX_LABELS];
  (void)step;
  memset (gradient, 0, (gsize)n_parameters * sizeof *gradient);
  for (gsize i = 0; i < n_weights; i++)
    p->as_float[i] = (float)at[i];
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int)p->n, (int)p->n_labels,
               (int)p->n_features, 1, p->x, (int)p->n_features, p->as_float, (int)p->n_features, 0,
               p->scores, (int)p->n_labels);
  for (guint r = 0; r < p->n; r++) {
    float *row = p->scores + (gsize)r * p->n_labels;
    for (guint k = 0; k < p->n_labels; k++)
      posteriors[k] = row[k] + at[n_weights + k];
    emotion_log_softmax (posteriors, p->n_labels, 1);
    loss -= p->weights[r] * posteriors[p->labels[r]];
    for (guint k = 0; k < p->n_labels; k++) {
      double slope = p->weights[r] * (exp (posteriors[k]) - (k == p->labels[r]));
      gradient[n_weights + k] += slope;
      row[k] = (float)slope;
    }
  }
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int)p->n_labels, (int)p->n_features,
               (int)p->n, 1, p->scores, (int)p->n_labels, p->x, (int)p->n_features, 0, p->as_float,
               (int)p->n_features);
  for (gsize i = 0; i < n_weights; i++) {
    gradient[i] = p->as_float[i] + p->penalty * at[i];
    loss += p->penalty / 2 * at[i] * at[i];
  }
  return loss;
}

static void
problem_init (Problem *p, const TrainingMoments *m, const float *mean, const float *scale,
              const float *matrix, const guint *rows, const guint *labels, const double *weights,
              guint n, double penalty)
{
  const guint d = m->n_features;
  double total = 0;
  *p = (Problem){
      .n = n, .n_features = d, .n_labels = m->n_labels, .labels = labels, .penalty = penalty};
  p->x = g_new (float, (gsize)n *d);
  p->weights = g_new (double, n);
  p->scores = g_new (float, (gsize)n * m->n_labels);
  p->as_float = g_new (float, (gsize)m->n_labels *d);
  for (guint r = 0; r < n; r++) {
    const float *row = matrix + (gsize)rows[r] * d;
    for (guint i = 0; i < d; i++)
      p->x[(gsize)r * d + i] = (row[i] - mean[i]) * scale[i];
    total += weights[r];
  }
  for (guint r = 0; r < n; r++)
    p->weights[r] = weights[r] / total;
}

static void
problem_clear (Problem *p)
{
  g_free (p->x);
  g_free (p->weights);
  g_free (p->scores);
  g_free (p->as_float);
}

static EmotionClassifier *
to_classifier (const Problem *p, const float *mean, const float *scale, const lbfgsfloatval_t *at)
{
  const gsize n_weights = (gsize)p->n_labels * p->n_features;
  float *numbers = g_new (float, n_weights + p->n_labels);
  for (gsize i = 0; i < n_weights + p->n_labels; i++)
    numbers[i] = (float)at[i];
  EmotionClassifierParts parts = {
      .name = "logistic",
      .n_features = p->n_features,
      .n_labels = p->n_labels,
      .mean = mean,
      .scale = scale,
      .kind = EMOTION_CLASSIFIER_LINEAR,
      .weights = numbers,
      .bias = numbers + n_weights,
      .temperature = 1,
  };
  EmotionClassifier *classifier = emotion_classifier_new (&parts, NULL);
  g_free (numbers);
  return classifier;
}

EmotionClassifier *
training_logistic_fit (const TrainingMoments *m, const float *matrix, const guint *rows,
                       const guint *labels, const double *weights, guint n, double penalty,
                       GError **error)
{
  Problem problem;
  EmotionClassifier *classifier = NULL;
  const guint n_parameters = m->n_labels * (m->n_features + 1);
  float *mean = g_new (float, m->n_features), *scale = g_new (float, m->n_features);
  double *centre = g_new (double, m->n_features);
  lbfgs_parameter_t settings;
  lbfgs_parameter_init (&settings);
  settings.max_iterations = MAX_STEPS;
  settings.epsilon = TOLERANCE;
  training_scaler_fit (m, mean, scale, centre);
  problem_init (&problem, m, mean, scale, matrix, rows, labels, weights, n, penalty);
  lbfgsfloatval_t *at = lbfgs_malloc ((int)n_parameters);
  memset (at, 0, n_parameters * sizeof *at);
  int status = lbfgs ((int)n_parameters, at, NULL, evaluate, NULL, &problem, &settings);
  /* The line search gives up when single precision allows no further progress: this is also
   * convergence. */
  if (status >= 0 || status == LBFGSERR_MAXIMUMITERATION || status == LBFGSERR_ROUNDING_ERROR ||
      status == LBFGSERR_MAXIMUMLINESEARCH || status == LBFGSERR_MINIMUMSTEP)
    classifier = to_classifier (&problem, mean, scale, at);
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "logistic regression failed (libLBFGS %d): try another penalty", status);
  lbfgs_free (at);
  problem_clear (&problem);
  g_free (mean);
  g_free (scale);
  g_free (centre);
  return classifier;
}
