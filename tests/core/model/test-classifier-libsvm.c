/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Support vector classifiers decide as libsvm, which trained them, does. */
#include <libsvm/svm.h>

#include "core/model/classifier.h"
#include "tests/core/signals.h"

enum { N_FEATURES = 12, N_LABELS = 4 };

static void
print_nothing (const char *text G_GNUC_UNUSED)
{
}

static struct svm_node *
nodes_of (const float *x)
{
  struct svm_node *nodes = g_new (struct svm_node, N_FEATURES + 1);
  for (gint i = 0; i < N_FEATURES; i++)
    nodes[i] = (struct svm_node){i + 1, x[i]};
  nodes[N_FEATURES].index = -1;
  return nodes;
}

/* A classifier with the vectors and coefficients of libsvm, over unscaled features. */
static EmotionClassifier *
classifier_of_svm (const struct svm_model *svm)
{
  guint n_labels = (guint)svm->nr_class, n_pairs = n_labels * (n_labels - 1) / 2;
  guint n_vectors = (guint)svm->l, counts[N_LABELS];
  float zeros[N_FEATURES] = {0}, ones[N_FEATURES], rho[N_LABELS * N_LABELS];
  float *vectors = g_new0 (float, n_vectors *N_FEATURES);
  float *coefficients = g_new (float, (n_labels - 1) * n_vectors);
  for (guint i = 0; i < N_FEATURES; i++)
    ones[i] = 1;
  for (guint i = 0; i < n_labels; i++)
    counts[i] = (guint)svm->nSV[i];
  for (guint i = 0; i < n_pairs; i++)
    rho[i] = (float)svm->rho[i];
  for (guint v = 0; v < n_vectors; v++) {
    for (const struct svm_node *node = svm->SV[v]; node->index != -1; node++)
      vectors[v * N_FEATURES + (guint)node->index - 1] = (float)node->value;
    for (guint i = 0; i < n_labels - 1; i++)
      coefficients[i * n_vectors + v] = (float)svm->sv_coef[i][v];
  }
  EmotionClassifierParts parts = {.name = "svm",
                                  .n_features = N_FEATURES,
                                  .n_labels = n_labels,
                                  .mean = zeros,
                                  .scale = ones,
                                  .kind = EMOTION_CLASSIFIER_SVM,
                                  .n_vectors = n_vectors,
                                  .vectors_per_label = counts,
                                  .vectors = vectors,
                                  .coefficients = coefficients,
                                  .rho = rho,
                                  .gamma = svm->param.gamma,
                                  .temperature = 1};
  GError *error = NULL;
  EmotionClassifier *classifier = emotion_classifier_new (&parts, &error);
  g_assert_no_error (error);
  g_free (vectors);
  g_free (coefficients);
  return classifier;
}

static void
assert_like_libsvm (const struct svm_model *svm)
{
  EmotionClassifier *classifier = classifier_of_svm (svm);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  double expected[N_LABELS * N_LABELS], actual[N_LABELS * N_LABELS];
  guint n_pairs = (guint)(svm->nr_class * (svm->nr_class - 1) / 2);
  for (guint32 trial = 0; trial < 200; trial++) {
    float *x = test_noise (N_FEATURES, 2, 1000 + trial);
    struct svm_node *nodes = nodes_of (x);
    svm_predict_values (svm, nodes, expected);
    emotion_classifier_svm_decisions (classifier, x, scratch, actual);
    /* The file stores floats: 24 of libsvm's 53 bits. */
    for (guint i = 0; i < n_pairs; i++)
      g_assert_cmpfloat_with_epsilon (actual[i], expected[i], 1e-5);
    g_free (nodes);
    g_free (x);
  }
  g_free (scratch);
  emotion_classifier_unref (classifier);
}

static void
test_libsvm (void)
{
  enum { N = 120 };
  struct svm_node *x[N];
  double y[N];
  struct svm_parameter parameter = {.svm_type = C_SVC,
                                    .kernel_type = RBF,
                                    .gamma = 0.15,
                                    .cache_size = 10,
                                    .eps = 1e-3,
                                    .C = 2,
                                    .shrinking = 1};
  svm_set_print_string_function (print_nothing);
  for (gint n_labels = 2; n_labels <= N_LABELS; n_labels++) {
    struct svm_problem problem = {.l = N, .y = y, .x = x};
    for (gint i = 0; i < N; i++) {
      float *point = test_noise (N_FEATURES, 1, (guint32)i);
      gint label = i * n_labels / N;
      y[i] = label;
      point[label] += 0.8f;
      x[i] = nodes_of (point);
      g_free (point);
    }
    g_assert_cmpstr (svm_check_parameter (&problem, &parameter), ==, NULL);
    struct svm_model *svm = svm_train (&problem, &parameter);
    g_assert_cmpint (svm->nr_class, ==, n_labels);
    g_assert_cmpint (svm->l, >, 20);
    assert_like_libsvm (svm);
    svm_free_and_destroy_model (&svm);
    for (gint i = 0; i < N; i++)
      g_free (x[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/classifier/libsvm", test_libsvm);
  return g_test_run ();
}
