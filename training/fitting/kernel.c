/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "training/base/error.h"

#define SHARPNESS 10.0 /* of the scores: the correct label exceeds the others by about this much */
#define ABSENT_SCORE -1e3 /* bias of a label without rows */
#define MIN_PIVOT 1e-9    /* added to the normal equations, relative to their mean diagonal */

typedef struct {
  guint n, m, d, n_features, n_labels; /* rows, vectors, coordinates */
  float *x, *v;                        /* n x d, m x d; the same when all rows are vectors */
  float *scaled, *scaled_v;            /* n x n_features, m x n_features; the same for x and v */
  double gamma, linear;                /* of the kernels, in the units of these coordinates */
  double *target;                      /* n x n_labels */
  double *weights;                     /* n */
  double *bias;                        /* n_labels */
} Problem;

static double *
square_lengths (const float *x, guint n, guint d)
{
  double *lengths = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    lengths[i] = cblas_dsdot ((int)d, x + i * d, 1, x + i * d, 1);
  return lengths;
}

/* The kernel between `n` points and all vectors, n x m. */
static double *
evaluate (const Problem *p, const float *x, const float *scaled, guint n)
{
  double *kernel = g_new (double, (gsize)n * p->m);
  float *products = g_new (float, (gsize)n * p->m), *linear = g_new (float, (gsize)n * p->m);
  double *of_x = square_lengths (x, n, p->d), *of_v = square_lengths (p->v, p->m, p->d);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)p->m, (int)p->d, 1, x,
               (int)p->d, p->v, (int)p->d, 0, products, (int)p->m);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)p->m, (int)p->n_features,
               (float)p->linear, scaled, (int)p->n_features, p->scaled_v, (int)p->n_features, 0,
               linear, (int)p->m);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < p->m; j++) {
      const double distance = MAX (of_x[i] + of_v[j] - 2 * (double)products[i * p->m + j], 0);
      kernel[i * p->m + j] = exp (-p->gamma * distance) + linear[i * p->m + j];
    }
  g_free (products);
  g_free (linear);
  g_free (of_x);
  g_free (of_v);
  return kernel;
}

/* Sets the bias of each label to its fraction of the weight, and the targets to the deviations from
 * it. */
static void
code_labels (Problem *p, const guint *labels)
{
  double total = 0;
  for (guint i = 0; i < p->n; i++) {
    total += p->weights[i];
    p->bias[labels[i]] += p->weights[i];
  }
  for (guint k = 0; k < p->n_labels; k++)
    p->bias[k] /= total;
  for (gsize i = 0; i < p->n; i++)
    for (guint k = 0; k < p->n_labels; k++)
      p->target[i * p->n_labels + k] = (labels[i] == k) - p->bias[k];
}

/* Coefficients of the vectors, a column of m numbers per label; NULL when the equations have no
 * solution. */
static double *
solve (const Problem *p, double ridge)
{
  const gsize m = p->m, l = p->n_labels;
  double *kernel = evaluate (p, p->x, p->scaled, p->n), *equations = kernel,
         *prediction = g_new (double, m *l);
  if (p->m == p->n) {
    for (gsize i = 0; i < m; i++) {
      equations[i * m + i] += ridge / p->weights[i];
      for (gsize k = 0; k < l; k++)
        prediction[k * m + i] = p->target[i * l + k];
    }
  } else {
    double diagonal = 0;
    for (gsize i = 0; i < p->n; i++) {
      const double root = sqrt (p->weights[i]);
      cblas_dscal ((int)m, root, kernel + i * m, 1);
      cblas_dscal ((int)l, root, p->target + i * l, 1);
    }
    equations = evaluate (p, p->v, p->scaled_v, p->m);
    cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int)m, (int)p->n, 1, kernel, (int)m, ridge,
                 equations, (int)m);
    cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int)l, (int)m, (int)p->n, 1, p->target,
                 (int)l, kernel, (int)m, 0, prediction, (int)m);
    for (gsize i = 0; i < m; i++)
      diagonal += equations[i * m + i] / (double)m;
    for (gsize i = 0; i < m; i++)
      equations[i * m + i] += MIN_PIVOT * diagonal;
    g_free (kernel);
  }
  /* Row-major upper is column-major lower. */
  if (LAPACKE_dposv (LAPACK_COL_MAJOR, 'L', (int)m, (int)l, equations, (int)m, prediction,
                     (int)m) != 0)
    g_clear_pointer (&prediction, g_free);
  g_free (equations);
  return prediction;
}

static EmotionClassifier *
to_classifier (const Problem *p, const TrainingProjection *space, const double *prediction)
{
  const gsize n_projection = (gsize)p->d * space->n_features,
              n_coefficients = (gsize)p->m * p->n_labels;
  float *projection = g_new (float, n_projection), *bias = g_new (float, p->n_labels);
  float *coefficients = g_new (float, n_coefficients);
  float *weights = g_new (float, (gsize)p->n_labels * p->n_features);
  for (gsize i = 0; i < n_projection; i++)
    projection[i] = (float)space->directions[i];
  for (gsize i = 0; i < n_coefficients; i++)
    coefficients[i] = (float)(SHARPNESS * prediction[i]);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)p->n_labels, (int)p->n_features,
               (int)p->m, (float)p->linear, coefficients, (int)p->m, p->scaled_v,
               (int)p->n_features, 0, weights, (int)p->n_features);
  for (guint k = 0; k < p->n_labels; k++)
    bias[k] = p->bias[k] > 0 ? (float)(SHARPNESS * p->bias[k]) : ABSENT_SCORE;
  EmotionClassifier *classifier =
      emotion_classifier_new (&(EmotionClassifierParts){.name = "kernel",
                                                        .n_features = space->n_features,
                                                        .n_labels = p->n_labels,
                                                        .mean = space->mean,
                                                        .scale = space->scale,
                                                        .n_components = p->d,
                                                        .projection = projection,
                                                        .kind = EMOTION_CLASSIFIER_KERNEL,
                                                        .weights = weights,
                                                        .bias = bias,
                                                        .n_vectors = p->m,
                                                        .vectors = p->v,
                                                        .coefficients = coefficients,
                                                        .gamma = p->gamma,
                                                        .temperature = 1},
                              NULL);
  g_free (projection);
  g_free (bias);
  g_free (coefficients);
  g_free (weights);
  return classifier;
}

/* The scaled features of rows given by index. */
static float *
scale_rows (const TrainingProjection *space, const float *matrix, const guint *rows, guint n)
{
  const gsize d = space->n_features;
  float *scaled = g_new (float, n *d);
  for (gsize r = 0; r < n; r++)
    for (gsize i = 0; i < d; i++)
      scaled[r * d + i] =
          (float)(((double)matrix[rows[r] * d + i] - space->mean[i]) * space->scale[i]);
  return scaled;
}

/* The mean squared norm of the scaled features. */
static double
mean_square (const float *scaled, guint n, guint d)
{
  double *lengths = square_lengths (scaled, n, d), sum = 0;
  for (guint i = 0; i < n; i++)
    sum += lengths[i] / n;
  g_free (lengths);
  return sum;
}

EmotionClassifier *
training_kernel_fit (const TrainingProjection *space, guint n_labels, const float *matrix,
                     const guint *rows, const guint *labels, const double *weights, guint n,
                     const TrainingKernelSettings *settings, GError **error)
{
  const double spread = space->n_components * space->unit * space->unit;
  const guint n_memorable = MIN (n, settings->n_memorable);
  Problem p = {.n = n,
               .m = MIN (n_memorable, settings->max_vectors),
               .d = space->n_components,
               .n_features = space->n_features,
               .n_labels = n_labels,
               .gamma = settings->gamma / spread};
  guint *kept = g_new (guint, MAX (p.m, 1));
  for (guint i = 0; i < p.m; i++)
    kept[i] = rows[(guint)((guint64)i * n_memorable / p.m)];
  p.v = training_projection_apply (space, matrix, kept, p.m, TRUE);
  p.x = p.m == n ? p.v : training_projection_apply (space, matrix, rows, n, FALSE);
  p.scaled_v = scale_rows (space, matrix, kept, p.m);
  p.scaled = p.m == n ? p.scaled_v : scale_rows (space, matrix, rows, n);
  p.linear = settings->linear / mean_square (p.scaled, n, p.n_features);
  p.target = g_new (double, (gsize)n *n_labels);
  p.weights = g_memdup2 (weights, n * sizeof *weights);
  p.bias = g_new0 (double, n_labels);
  code_labels (&p, labels);
  double *prediction = solve (&p, settings->ridge);
  EmotionClassifier *classifier = prediction ? to_classifier (&p, space, prediction) : NULL;
  if (!classifier)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "the equations of the kernel ridge regression have no solution with ridge %g: use "
                 "a larger ridge",
                 settings->ridge);
  if (p.m < n) {
    g_free (p.x);
    g_free (p.scaled);
  }
  g_free (p.v);
  g_free (p.scaled_v);
  g_free (p.target);
  g_free (p.weights);
  g_free (p.bias);
  g_free (kept);
  g_free (prediction);
  return classifier;
}
