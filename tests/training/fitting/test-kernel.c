/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests kernel ridge classification: the fitted classifier meets the conditions of the optimum. */
#include "training/fitting/kernel.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"

enum { N_FEATURES = 6, N_COMPONENTS = 3, N_LABELS = 4, N_ROWS = 90 };

/* Coefficients and scores are floats; sums have some hundred terms. */
#define FLOAT_TOLERANCE 1e-4

static const TrainingKernelSettings settings = {
    .ridge = 0.3, .gamma = 0.8, .linear = 1.5, .max_vectors = 1000, .n_memorable = 1000};

typedef struct {
  TrainingProjection space;
  float mean[N_FEATURES], scale[N_FEATURES];
  double directions[N_COMPONENTS * N_FEATURES];
  guint n, rows[2 * N_ROWS], labels[2 * N_ROWS];
  float matrix[2 * N_ROWS * N_FEATURES];
  double weights[2 * N_ROWS];
  double mean_square; /* relative to the norm of the scaled features */
} Sample;

static double
mean_square (const Sample *s)
{
  double sum = 0;
  for (guint i = 0; i < s->n; i++)
    for (guint f = 0; f < N_FEATURES; f++)
      sum += pow ((s->matrix[s->rows[i] * N_FEATURES + f] - s->mean[f]) * s->scale[f], 2) / s->n;
  return sum;
}

/* Rows in a shuffled order, with weights of any size; the label `absent` has none. */
static Sample *
sample_new (guint absent)
{
  Sample *s = g_new0 (Sample, 1);
  GRand *random = g_rand_new_with_seed (3);
  s->n = N_ROWS;
  s->space = (TrainingProjection){N_FEATURES, N_COMPONENTS, s->mean, s->scale, s->directions, 1};
  for (guint f = 0; f < N_FEATURES; f++) {
    s->mean[f] = (float)synthetic_normal (random);
    s->scale[f] = (float)(0.5 + g_rand_double (random));
  }
  for (guint i = 0; i < N_COMPONENTS * N_FEATURES; i++)
    s->directions[i] = synthetic_normal (random);
  for (guint i = 0; i < s->n; i++) {
    s->rows[i] = s->n - 1 - i;
    s->labels[i] = i * 7 % N_LABELS == absent ? (absent + 1) % N_LABELS : i * 7 % N_LABELS;
    s->weights[i] = 0.2 + g_rand_double (random);
    for (guint f = 0; f < N_FEATURES; f++)
      s->matrix[s->rows[i] * N_FEATURES + f] =
          (float)(synthetic_normal (random) + (f % N_LABELS == s->labels[i]));
  }
  g_rand_free (random);
  s->mean_square = mean_square (s);
  return s;
}

static EmotionClassifier *
fit (const Sample *s, const TrainingKernelSettings *with)
{
  GError *error = NULL;
  EmotionClassifier *classifier = training_kernel_fit (&s->space, N_LABELS, s->matrix, s->rows,
                                                       s->labels, s->weights, s->n, with, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (emotion_classifier_get_parts (classifier)->temperature, ==, 1);
  return classifier;
}

static double
input_of (const Sample *s, const float *vector, guint c)
{
  double sum = 0;
  for (guint f = 0; f < N_FEATURES; f++)
    sum += s->directions[c * N_FEATURES + f] * (vector[f] - s->mean[f]) * s->scale[f];
  return sum;
}

/* The kernel of two matrix rows, by its definition. */
static double
kernel_of (const Sample *s, guint a, guint b)
{
  double distance = 0, product = 0;
  const float *x = s->matrix + a * N_FEATURES, *y = s->matrix + b * N_FEATURES;
  for (guint c = 0; c < N_COMPONENTS; c++)
    distance += pow (input_of (s, x, c) - input_of (s, y, c), 2);
  for (guint f = 0; f < N_FEATURES; f++)
    product += (x[f] - s->mean[f]) * s->scale[f] * (y[f] - s->mean[f]) * s->scale[f];
  return exp (-settings.gamma / N_COMPONENTS * distance) +
         settings.linear * product / s->mean_square;
}

static double
label_fraction (const Sample *s, guint label)
{
  double of_label = 0, total = 0;
  for (guint i = 0; i < s->n; i++) {
    of_label += s->labels[i] == label ? s->weights[i] : 0;
    total += s->weights[i];
  }
  return of_label / total;
}

/* The gradient of the penalised squared error in the direction of each vector: with f = K a it is
 * weights * (f - target) K + ridge * K a. Scores are `sharpness` * (bias + f), and the coefficients
 * are multiplied by it too. */
static double
worst_slope (const Sample *s, const EmotionClassifier *classifier, const guint *vectors,
             double sharpness)
{
  const EmotionClassifierParts *p = emotion_classifier_get_parts (classifier);
  double worst = 0;
  for (guint k = 0; k < N_LABELS; k++)
    for (guint v = 0; v < p->n_vectors; v++) {
      double slope = 0;
      for (guint i = 0; i < s->n; i++) {
        double f = 0;
        for (guint u = 0; u < p->n_vectors; u++)
          f += p->coefficients[k * p->n_vectors + u] / sharpness *
               kernel_of (s, s->rows[i], vectors[u]);
        slope += s->weights[i] * (f - ((s->labels[i] == k) - label_fraction (s, k))) *
                 kernel_of (s, s->rows[i], vectors[v]);
      }
      for (guint u = 0; u < p->n_vectors; u++)
        slope += settings.ridge * p->coefficients[k * p->n_vectors + u] / sharpness *
                 kernel_of (s, vectors[v], vectors[u]);
      worst = MAX (worst, fabs (slope));
    }
  return worst;
}

static double
sharpness_of (const Sample *s, const EmotionClassifier *classifier)
{
  return emotion_classifier_get_parts (classifier)->bias[0] / label_fraction (s, 0);
}

/* The fit minimises its loss with all rows as vectors, with some of them, and with some of the
 * first. */
static void
test_optimum (void)
{
  static const struct {
    guint max, memorable, n;
  } cases[] = {{N_ROWS, N_ROWS, N_ROWS}, {15, N_ROWS, 15}, {15, 40, 15}, {60, 40, 40}};
  Sample *s = sample_new (G_MAXUINT);
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    TrainingKernelSettings few = settings;
    few.max_vectors = cases[c].max;
    few.n_memorable = cases[c].memorable;
    EmotionClassifier *classifier = fit (s, &few);
    guint vectors[N_ROWS];
    g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_vectors, ==, cases[c].n);
    for (guint v = 0; v < cases[c].n; v++)
      vectors[v] = s->rows[v * cases[c].memorable / cases[c].n];
    g_assert_cmpfloat (worst_slope (s, classifier, vectors, sharpness_of (s, classifier)), <,
                       FLOAT_TOLERANCE);
    emotion_classifier_unref (classifier);
  }
  g_free (s);
}

/* The classifier's scores equal the definition, up to a term that all labels share. */
static void
test_scores (void)
{
  Sample *s = sample_new (G_MAXUINT);
  EmotionClassifier *classifier = fit (s, &settings);
  const EmotionClassifierParts *p = emotion_classifier_get_parts (classifier);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), scores[N_LABELS];
  for (guint r = 0; r < N_ROWS; r++) {
    double expected[N_LABELS];
    for (guint k = 0; k < N_LABELS; k++) {
      expected[k] = p->bias[k];
      for (guint v = 0; v < N_ROWS; v++)
        expected[k] += p->coefficients[k * N_ROWS + v] * kernel_of (s, r, s->rows[v]);
    }
    emotion_classifier_score (classifier, s->matrix + r * N_FEATURES, scratch, scores);
    for (guint k = 1; k < N_LABELS; k++)
      g_assert_cmpfloat_with_epsilon (scores[k] - scores[0], expected[k] - expected[0],
                                      10 * FLOAT_TOLERANCE);
  }
  g_free (scratch);
  emotion_classifier_unref (classifier);
  g_free (s);
}

static void
assert_same_scores (const Sample *s, const EmotionClassifier *a, const EmotionClassifier *b)
{
  double *scratch = g_new (double, emotion_classifier_get_scratch (b)), of_a[N_LABELS],
         of_b[N_LABELS];
  for (guint r = 0; r < N_ROWS; r++) {
    emotion_classifier_score (a, s->matrix + r * N_FEATURES, scratch, of_a);
    emotion_classifier_score (b, s->matrix + r * N_FEATURES, scratch, of_b);
    for (guint k = 0; k < N_LABELS; k++)
      g_assert_cmpfloat_with_epsilon (of_a[k], of_b[k], 10 * FLOAT_TOLERANCE);
  }
  g_free (scratch);
}

/* A row that occurs twice counts as one of twice the weight, whether or not both are vectors. */
static void
test_weights (void)
{
  Sample *s = sample_new (G_MAXUINT), *twice = g_memdup2 (s, sizeof *s);
  twice->space.mean = twice->mean, twice->space.scale = twice->scale;
  twice->space.directions = twice->directions;
  for (guint i = N_ROWS; i > 0; i--) {
    twice->rows[2 * i - 1] = twice->rows[2 * i - 2] = s->rows[i - 1];
    twice->labels[2 * i - 1] = twice->labels[2 * i - 2] = s->labels[i - 1];
    twice->weights[2 * i - 1] = s->weights[i - 1] * 0.25;
    twice->weights[2 * i - 2] = s->weights[i - 1] * 0.75;
  }
  twice->n = 2 * N_ROWS;
  EmotionClassifier *once = fit (s, &settings), *both = fit (twice, &settings);
  assert_same_scores (s, once, both);
  TrainingKernelSettings half = settings;
  half.max_vectors = N_ROWS;
  EmotionClassifier *one_of_both = fit (twice, &half);
  assert_same_scores (s, once, one_of_both);
  emotion_classifier_unref (once);
  emotion_classifier_unref (both);
  emotion_classifier_unref (one_of_both);
  g_free (s);
  g_free (twice);
}

/* A label without rows is never the prediction, wherever the vector lies. */
static void
test_absent_label (void)
{
  Sample *s = sample_new (2);
  EmotionClassifier *classifier = fit (s, &settings);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), scores[N_LABELS];
  GRand *random = g_rand_new_with_seed (4);
  for (guint r = 0; r < 300; r++) {
    float vector[N_FEATURES];
    for (guint f = 0; f < N_FEATURES; f++)
      vector[f] = (float)((r < 150 ? 2 : 20) * synthetic_normal (random));
    emotion_classifier_score (classifier, vector, scratch, scores);
    g_assert_cmpfloat (scores[2], <, -50);
  }
  g_rand_free (random);
  g_free (scratch);
  emotion_classifier_unref (classifier);
  g_free (s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/kernel/optimum", test_optimum);
  g_test_add_func ("/training/kernel/scores", test_scores);
  g_test_add_func ("/training/kernel/weights", test_weights);
  g_test_add_func ("/training/kernel/absent-label", test_absent_label);
  return g_test_run ();
}
