/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/fitting/calibrate.h"

#include <math.h>

#include "core/model/classifier.h"
#include "tests/training/synthetic-dataset.h"

#define N_LABELS 5

typedef struct {
  guint n;
  double *log_posteriors, *weights;
  guint *labels;
} Sample;

/* Labels drawn from posteriors, which are then sharpened (factor below 1) or flattened: dividing by
 * 1 / `factor` would undo it. Weights are 1. */
static Sample
sample_new (guint n, double factor, guint32 seed)
{
  Sample s = {n, g_new (double, (gsize)n *N_LABELS), g_new (double, n), g_new (guint, n)};
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < n; i++) {
    double *row = s.log_posteriors + (gsize)i * N_LABELS;
    for (guint k = 0; k < N_LABELS; k++)
      row[k] = 1.5 * synthetic_normal (random);
    emotion_log_softmax (row, N_LABELS, 1);
    double left = g_rand_double (random);
    guint label = 0;
    while (label + 1 < N_LABELS && (left -= exp (row[label])) > 0)
      label++;
    emotion_log_softmax (row, N_LABELS, 1 / factor);
    s.labels[i] = label;
    s.weights[i] = 1;
  }
  g_rand_free (random);
  return s;
}

static void
sample_clear (Sample *s)
{
  g_free (s->log_posteriors);
  g_free (s->weights);
  g_free (s->labels);
}

static double
fit (const Sample *s)
{
  double temperature =
      training_fit_temperature (s->log_posteriors, s->labels, s->weights, s->n, N_LABELS);
  g_test_message ("temperature %g", temperature);
  g_assert_true (isfinite (temperature));
  g_assert_cmpfloat (temperature, >, 0);
  return temperature;
}

static double
loss (const Sample *s, double temperature)
{
  double sum = 0, row[N_LABELS];
  for (guint i = 0; i < s->n; i++) {
    for (guint k = 0; k < N_LABELS; k++)
      row[k] = s->log_posteriors[(gsize)i * N_LABELS + k];
    emotion_log_softmax (row, N_LABELS, temperature);
    sum -= s->weights[i] * row[s->labels[i]];
  }
  return sum;
}

/* 20000 draws determine the temperature to about 1 %. */
static void
test_known (void)
{
  static const double known[] = {0.1, 0.5, 1, 3, 40};
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    Sample s = sample_new (20000, known[i], i + 1);
    double temperature = fit (&s);
    g_assert_cmpfloat_with_epsilon (temperature / known[i], 1, 0.03);
    g_assert_cmpfloat (loss (&s, temperature), <, loss (&s, temperature * 1.001));
    g_assert_cmpfloat (loss (&s, temperature), <, loss (&s, temperature / 1.001));
    sample_clear (&s);
  }
}

/* A weight of 2 equals a doubled row, a weight of 0 no row, whatever its values. */
static void
test_weights (void)
{
  Sample s = sample_new (900, 2, 7), doubled = sample_new (900, 2, 7);
  /* Rows 0..300 have weight 2 and rows 600..900 weight 0; `doubled` contains the former twice. */
  for (guint i = 0; i < 300; i++) {
    s.weights[i] = 2;
    s.weights[600 + i] = 0;
    s.labels[600 + i] = 0;
    s.log_posteriors[(600 + i) * N_LABELS] = -1000;
    doubled.labels[600 + i] = doubled.labels[i];
    for (guint k = 0; k < N_LABELS; k++)
      doubled.log_posteriors[(600 + i) * N_LABELS + k] = doubled.log_posteriors[i * N_LABELS + k];
  }
  g_assert_cmpfloat_with_epsilon (fit (&s), fit (&doubled), 1e-5);
  s.n = 600;
  g_assert_cmpfloat_with_epsilon (fit (&s), fit (&doubled), 1e-5);
  sample_clear (&s);
  sample_clear (&doubled);
}

/* All right, all wrong, no data: the temperature stays usable and, without evidence, unchanged. */
static void
test_extremes (void)
{
  Sample s = sample_new (200, 1, 9);
  for (guint sign = 0; sign < 2; sign++) {
    for (guint i = 0; i < s.n; i++)
      for (guint k = 0; k < N_LABELS; k++)
        s.log_posteriors[i * N_LABELS + k] = (k == s.labels[i]) == sign ? 0 : -700;
    double temperature = fit (&s);
    g_assert_true (isfinite (loss (&s, temperature)));
    if (sign)
      g_assert_cmpfloat (temperature, ==, 1);
    else
      g_assert_cmpfloat (loss (&s, temperature), <, loss (&s, 1));
  }
  for (guint i = 0; i < s.n; i++)
    s.weights[i] = 0;
  g_assert_cmpfloat (fit (&s), ==, 1);
  s.n = 0;
  g_assert_cmpfloat (fit (&s), ==, 1);
  sample_clear (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/calibrate/known", test_known);
  g_test_add_func ("/training/calibrate/weights", test_weights);
  g_test_add_func ("/training/calibrate/extremes", test_extremes);
  return g_test_run ();
}
