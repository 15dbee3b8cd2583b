/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares the C-SVC classifier with libsvm's own machine, trained here on the same coordinates. */
#include "training/fitting/svc.h"

#include <libsvm/svm.h>
#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/fitting/discriminant.h"

#define N_FEATURES 6
#define COST 2.0
#define GAMMA 0.4

/* The classifier stores coordinates, coefficients and rho as floats, libsvm as doubles: decisions
 * are sums of up to some hundred terms of up to COST. */
#define FLOAT_TOLERANCE 1e-4

typedef struct {
  guint n, n_labels;
  float *matrix;
  guint *rows, *labels; /* of the first n of them; matrix rows in another order */
  TrainingDiscriminant *discriminant;
} Sample;

/* counts[k] rows of label k, in a shuffled order, overlapping with the next label's. */
static Sample
sample_new (const guint *counts, guint n_labels, guint32 seed)
{
  Sample s = {.n_labels = n_labels};
  for (guint k = 0; k < n_labels; k++)
    s.n += counts[k];
  s.matrix = g_new (float, (gsize)s.n *N_FEATURES);
  s.rows = g_new (guint, s.n);
  s.labels = g_new (guint, s.n);
  GRand *random = g_rand_new_with_seed (seed);
  for (guint k = 0, at = 0; k < n_labels; k++)
    for (guint i = 0; i < counts[k]; i++, at++) {
      guint place = (guint)g_rand_int_range (random, 0, (gint32)at + 1);
      s.rows[at] = s.rows[place];
      s.labels[at] = s.labels[place];
      s.rows[place] = at;
      s.labels[place] = k;
      for (guint f = 0; f < N_FEATURES; f++)
        s.matrix[at * N_FEATURES + f] =
            (float)(synthetic_normal (random) + (f % n_labels == k) * 1.5);
    }
  g_rand_free (random);

  double offset[N_FEATURES] = {0}, *weights = g_new (double, s.n);
  for (guint i = 0; i < s.n; i++)
    weights[i] = 1;
  TrainingMoments *moments = training_moments_new (N_FEATURES, n_labels, offset);
  training_moments_add_rows (moments, s.matrix, s.rows, s.labels, weights, s.n);
  s.discriminant = training_discriminant_fit (moments, 0.1, FALSE, NULL);
  g_assert_nonnull (s.discriminant);
  training_moments_free (moments);
  g_free (weights);
  return s;
}

static void
sample_clear (Sample *s)
{
  g_free (s->matrix);
  g_free (s->rows);
  g_free (s->labels);
  training_discriminant_free (s->discriminant);
}

/* All rows alike, or all labels. */
static EmotionClassifier *
fit (const Sample *s, gboolean balanced)
{
  GError *error = NULL;
  double present[8] = {0}, *weights = g_new (double, s->n);
  for (guint i = 0; i < s->n; i++)
    present[s->labels[i]]++;
  for (guint i = 0; i < s->n; i++)
    weights[i] = balanced ? 1200 / present[s->labels[i]] : 2; /* whole numbers */
  TrainingProjection projection = training_discriminant_get_projection (s->discriminant);
  EmotionClassifier *classifier =
      training_svc_fit (&projection, s->discriminant->n_labels, s->matrix, s->rows, s->labels,
                        weights, s->n, COST, GAMMA, &error);
  g_assert_no_error (error);
  g_free (weights);
  return classifier;
}

static void
be_quiet (const char *text)
{
  (void)text;
}

/* The coordinates of a matrix row, as libsvm's nodes. */
static void
make_nodes (const Sample *s, guint row, struct svm_node *nodes)
{
  TrainingProjection projection = training_discriminant_get_projection (s->discriminant);
  guint n = projection.n_components;
  float *x = training_projection_apply (&projection, s->matrix, &row, 1, FALSE);
  for (guint i = 0; i < n; i++)
    nodes[i] = (struct svm_node){(int)i + 1, x[i]};
  nodes[n] = (struct svm_node){-1, 0};
  g_free (x);
}

typedef struct {
  struct svm_model *model;
  struct svm_problem problem;
  struct svm_node *nodes;
} Machine;

/* Rows are added by label: libsvm stops near the optimum, and the exact place depends on their
 * order. */
static Machine
machine_new (const Sample *s, gboolean balanced)
{
  const guint width = s->discriminant->n_components + 1;
  Machine m = {.nodes = g_new (struct svm_node, (gsize)s->n * width)};
  int names[8];
  double weights[8], n_present = 0;
  struct svm_parameter parameter = {.svm_type = C_SVC,
                                    .kernel_type = RBF,
                                    .gamma = GAMMA / (width - 1),
                                    .C = COST,
                                    .eps = 1e-3,
                                    .cache_size = 10,
                                    .shrinking = 1,
                                    .weight_label = names,
                                    .weight = weights};
  m.problem.x = g_new (struct svm_node *, s->n);
  m.problem.y = g_new (double, s->n);
  for (guint k = 0; k < s->n_labels; k++) {
    const int before = m.problem.l;
    for (guint i = 0; i < s->n; i++)
      if (s->labels[i] == k) {
        m.problem.x[m.problem.l] = m.nodes + (gsize)m.problem.l * width;
        make_nodes (s, s->rows[i], m.problem.x[m.problem.l]);
        m.problem.y[m.problem.l++] = k;
      }
    if (m.problem.l == before)
      continue;
    n_present++;
    names[parameter.nr_weight] = (int)k;
    weights[parameter.nr_weight++] = m.problem.l - before;
  }
  for (int i = 0; i < parameter.nr_weight; i++)
    weights[i] = balanced ? m.problem.l / (n_present * weights[i]) : 1;
  svm_set_print_string_function (be_quiet);
  m.model = svm_train (&m.problem, &parameter);
  return m;
}

static void
machine_clear (Machine *m)
{
  svm_free_and_destroy_model (&m->model);
  g_free (m->problem.x);
  g_free (m->problem.y);
  g_free (m->nodes);
}

static double
pair_of (const double *decisions, guint n, guint a, guint b)
{
  guint at = 0;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++, at++)
      if (i == a && j == b)
        return decisions[at];
  g_assert_not_reached ();
}

/* The greatest difference of any decision between the classifier and the machine, over all rows. */
static double
compare (const Sample *s, const EmotionClassifier *classifier, const Machine *m)
{
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), ours[32],
         theirs[32], max = 0;
  int names[8];
  svm_get_labels (m->model, names);
  const guint n = (guint)svm_get_nr_class (m->model);
  struct svm_node nodes[8];
  for (guint r = 0; r < s->n; r++) {
    make_nodes (s, r, nodes);
    svm_predict_values (m->model, nodes, theirs);
    emotion_classifier_svm_decisions (classifier, s->matrix + (gsize)r * N_FEATURES, scratch, ours);
    for (guint a = 0; a < n; a++)
      for (guint b = a + 1; b < n; b++)
        max = MAX (max, fabs (pair_of (theirs, n, a, b) -
                              pair_of (ours, s->n_labels, (guint)names[a], (guint)names[b])));
  }
  g_free (scratch);
  return max;
}

/* The same decisions as libsvm with class weights, and different ones from libsvm without. */
static void
test_decisions (void)
{
  static const struct {
    guint counts[5], n_labels;
  } cases[] = {{{60, 60}, 2},           {{60, 15}, 2}, {{80, 20, 40}, 3}, {{30, 50, 10, 20, 40}, 5},
               {{40, 0, 20, 25}, 4},    /* an absent label between */
               {{0, 30, 20, 0, 10}, 5}, /* at both sides */
               {{30, 20, 10, 0, 0}, 5}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Sample s = sample_new (cases[i].counts, cases[i].n_labels, i + 1);
    EmotionClassifier *classifier = fit (&s, TRUE), *unbalanced = fit (&s, FALSE);
    Machine balanced = machine_new (&s, TRUE), plain = machine_new (&s, FALSE);
    g_assert_cmpfloat (compare (&s, classifier, &balanced), <, FLOAT_TOLERANCE);
    g_assert_cmpfloat (compare (&s, unbalanced, &plain), <, FLOAT_TOLERANCE);
    if (i > 0)
      g_assert_cmpfloat (compare (&s, classifier, &plain), >, 100 * FLOAT_TOLERANCE);
    g_assert_cmpfloat (emotion_classifier_get_parts (classifier)->temperature, ==, 1);
    machine_clear (&balanced);
    machine_clear (&plain);
    emotion_classifier_unref (classifier);
    emotion_classifier_unref (unbalanced);
    sample_clear (&s);
  }
}

/* A label without rows loses each pair against one with rows, wherever the vector lies, and is
 * never the prediction. */
static void
test_absent_label (void)
{
  static const guint counts[] = {20, 0, 30, 25, 0};
  const guint n = G_N_ELEMENTS (counts);
  Sample s = sample_new (counts, n, 3);
  EmotionClassifier *classifier = fit (&s, TRUE);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), decisions[10],
         scores[5];
  GRand *random = g_rand_new_with_seed (4);
  for (guint r = 0; r < 300; r++) {
    float vector[N_FEATURES];
    for (guint f = 0; f < N_FEATURES; f++)
      vector[f] = (float)((r < 150 ? 2 : 1000) * synthetic_normal (random));
    emotion_classifier_svm_decisions (classifier, vector, scratch, decisions);
    for (guint i = 0; i < n; i++)
      for (guint j = i + 1; j < n; j++) {
        if (counts[i] && !counts[j])
          g_assert_cmpfloat (pair_of (decisions, n, i, j), >, 0);
        if (!counts[i] && counts[j])
          g_assert_cmpfloat (pair_of (decisions, n, i, j), <, 0);
      }
    emotion_classifier_score (classifier, vector, scratch, scores);
    guint best = 0;
    for (guint k = 1; k < n; k++)
      if (scores[k] > scores[best])
        best = k;
    g_assert_cmpuint (counts[best], >, 0);
  }
  g_rand_free (random);
  g_free (scratch);
  emotion_classifier_unref (classifier);
  sample_clear (&s);
}

/* A label with ten times as many rows does not dominate the other. */
static void
test_balance (void)
{
  static const guint counts[] = {300, 30};
  Sample s = sample_new (counts, G_N_ELEMENTS (counts), 5);
  EmotionClassifier *classifier = fit (&s, TRUE);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), scores[2];
  double recall[2] = {0};
  for (guint i = 0; i < s.n; i++) {
    emotion_classifier_score (classifier, s.matrix + (gsize)s.rows[i] * N_FEATURES, scratch,
                              scores);
    recall[s.labels[i]] +=
        (double)(scores[s.labels[i]] > scores[!s.labels[i]]) / counts[s.labels[i]];
  }
  g_test_message ("recall of 300 rows %.3f, of 30 rows %.3f", recall[0], recall[1]);
  g_assert_cmpfloat (recall[0], >, 0.8);
  g_assert_cmpfloat (recall[1], >, 0.8);
  g_free (scratch);
  emotion_classifier_unref (classifier);
  sample_clear (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/svc/decisions", test_decisions);
  g_test_add_func ("/training/svc/absent-label", test_absent_label);
  g_test_add_func ("/training/svc/balance", test_balance);
  return g_test_run ();
}
