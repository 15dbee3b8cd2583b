/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "svc.h"

#include <libsvm/svm.h>
#include <string.h>

#include "training/base/error.h"

#define TOLERANCE 1e-3 /* of the optimum, libsvm's default */
#define CACHE_MB 200

static void
print_nothing (const char *text)
{
  (void)text;
}

/* The rows in libsvm's format, sorted by label, because libsvm numbers classes in the order of
 * their appearance. */
typedef struct {
  struct svm_problem problem;
  struct svm_node *nodes;
  guint *present; /* rows of each label */
  double *weight; /* of each label's rows, with the mean 1 over all rows */
} Problem;

static void
problem_init (Problem *self, const TrainingProjection *projection, guint n_labels,
              const float *matrix, const guint *rows, const guint *labels, const double *weights,
              guint n)
{
  double total = 0;
  const guint d = projection->n_components;
  float *x = training_projection_apply (projection, matrix, rows, n, TRUE);
  self->nodes = g_new (struct svm_node, (gsize)n * (d + 1));
  self->problem.x = g_new (struct svm_node *, n);
  self->problem.y = g_new (double, n);
  self->problem.l = 0;
  self->present = g_new0 (guint, n_labels);
  self->weight = g_new0 (double, n_labels);
  for (guint r = 0; r < n; r++)
    total += weights[r];
  for (guint k = 0; k < n_labels; k++)
    for (guint r = 0; r < n; r++) {
      if (labels[r] != k)
        continue;
      struct svm_node *node = self->nodes + (gsize)self->problem.l * (d + 1);
      for (guint i = 0; i < d; i++)
        node[i] = (struct svm_node){(int)i + 1, x[(gsize)r * d + i]};
      node[d] = (struct svm_node){-1, 0};
      self->problem.x[self->problem.l] = node;
      self->problem.y[self->problem.l++] = k;
      self->present[k]++;
      self->weight[k] += weights[r];
    }
  for (guint k = 0; k < n_labels; k++)
    self->weight[k] = self->weight[k] * n / (MAX (self->present[k], 1) * total);
  g_free (x);
}

static void
problem_clear (Problem *self)
{
  g_free (self->nodes);
  g_free (self->problem.x);
  g_free (self->problem.y);
  g_free (self->present);
  g_free (self->weight);
}

static struct svm_model *
train (const Problem *problem, guint n_labels, double cost, double gamma)
{
  struct svm_parameter parameter = {
      .svm_type = C_SVC,
      .kernel_type = RBF,
      .gamma = gamma,
      .C = cost,
      .eps = TOLERANCE,
      .cache_size = CACHE_MB,
      .shrinking = 1,
      .probability = 0, /* its calibration splits at random, across speakers */
      .weight_label = g_new (int, n_labels),
      .weight = g_new (double, n_labels),
  };
  for (guint k = 0; k < n_labels; k++) {
    if (!problem->present[k])
      continue;
    parameter.weight_label[parameter.nr_weight] = (int)k;
    parameter.weight[parameter.nr_weight++] = problem->weight[k];
  }
  svm_set_print_string_function (print_nothing);
  struct svm_model *model = svm_train (&problem->problem, &parameter);
  g_free (parameter.weight_label);
  g_free (parameter.weight);
  return model;
}

/* The index of pair (i, j), i < j, of n labels. */
static guint
pair_index (guint i, guint j, guint n)
{
  return i * n - i * (i + 1) / 2 + j - i - 1;
}

/* Converts libsvm's model to a classifier. libsvm may know fewer labels: a label with rows then
 * wins every pair against one without by a full margin. */
static EmotionClassifier *
to_classifier (const struct svm_model *svm, const Problem *problem, const TrainingProjection *space,
               guint n, double gamma)
{
  const guint d = space->n_components, l = (guint)svm->l;
  float *projection = g_new (float, (gsize)d * space->n_features);
  float *vectors = g_new (float, (gsize)l *d), *coefficients = g_new0 (float, (n - 1) * l);
  float *rho = g_new0 (float, n *(n - 1) / 2);
  guint *counts = g_new0 (guint, n);
  for (gsize i = 0; i < (gsize)d * space->n_features; i++)
    projection[i] = (float)space->directions[i];
  for (guint v = 0; v < l; v++)
    for (guint i = 0; i < d; i++)
      vectors[v * d + i] = (float)svm->SV[v][i].value;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!problem->present[i] != !problem->present[j])
        rho[pair_index (i, j, n)] = problem->present[i] ? -1 : 1;
  for (guint a = 0, start = 0; a < (guint)svm->nr_class; start += (guint)svm->nSV[a++]) {
    guint i = (guint)svm->label[a];
    counts[i] = (guint)svm->nSV[a];
    for (guint b = 0, pair = 0; b < (guint)svm->nr_class; b++) {
      guint j = (guint)svm->label[b];
      if (a == b)
        continue;
      const double *source = svm->sv_coef[a < b ? b - 1 : b];
      float *target = coefficients + (i < j ? j - 1 : j) * l;
      for (guint v = start; v < start + counts[i]; v++)
        target[v] = (float)source[v];
      if (a < b) {
        pair = pair_index (a, b, (guint)svm->nr_class);
        rho[pair_index (i, j, n)] = (float)svm->rho[pair];
      }
    }
  }
  EmotionClassifierParts parts = {
      .name = "svc",
      .n_features = space->n_features,
      .n_labels = n,
      .mean = space->mean,
      .scale = space->scale,
      .n_components = d,
      .projection = projection,
      .kind = EMOTION_CLASSIFIER_SVM,
      .n_vectors = l,
      .vectors_per_label = counts,
      .vectors = vectors,
      .coefficients = coefficients,
      .rho = rho,
      .gamma = gamma,
      .temperature = 1,
  };
  EmotionClassifier *classifier = emotion_classifier_new (&parts, NULL);
  g_free (projection);
  g_free (vectors);
  g_free (coefficients);
  g_free (rho);
  g_free (counts);
  return classifier;
}

EmotionClassifier *
training_svc_fit (const TrainingProjection *projection, guint n_labels, const float *matrix,
                  const guint *rows, const guint *labels, const double *weights, guint n,
                  double cost, double gamma, GError **error)
{
  Problem problem;
  EmotionClassifier *classifier = NULL;
  gamma /= projection->n_components * projection->unit * projection->unit;
  problem_init (&problem, projection, n_labels, matrix, rows, labels, weights, n);
  struct svm_model *svm = train (&problem, n_labels, cost, gamma);
  if (svm->l > 0)
    classifier = to_classifier (svm, &problem, projection, n_labels, gamma);
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "libsvm found no support vectors in %u rows: use more clips", n);
  svm_free_and_destroy_model (&svm);
  problem_clear (&problem);
  return classifier;
}
