/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/model/classifier.h"

#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "tests/core/signals.h"

enum { N_FEATURES = 12, N_COMPONENTS = 5, N_LABELS = 4, N_VECTORS = 11, N_TRIALS = 50 };

/* Parts with seeded noise in every array, for callers of any shape. */
typedef struct {
  float *mean, *scale, *projection, *weights, *bias, *vectors, *coefficients, *rho;
  guint counts[N_LABELS];
} Arrays;

static void
arrays_init (Arrays *self)
{
  *self = (Arrays){
      .mean = test_noise (N_FEATURES, 1, 1),
      .scale = test_noise (N_FEATURES, 1, 2),
      .projection = test_noise (N_COMPONENTS * N_FEATURES, 1, 3),
      .weights = test_noise (N_LABELS * N_FEATURES, 1, 4),
      .bias = test_noise (N_LABELS, 1, 5),
      .vectors = test_noise (N_VECTORS * N_FEATURES, 1, 6),
      .coefficients = test_noise (N_LABELS * N_VECTORS, 2, 7),
      .rho = test_noise (N_LABELS * (N_LABELS - 1) / 2, 1, 8),
      .counts = {3, 1, 5, 2},
  };
  for (guint i = 0; i < N_FEATURES; i++)
    self->scale[i] = fabsf (self->scale[i]) + 0.1f;
}

static void
arrays_clear (Arrays *self)
{
  gpointer all[] = {self->mean, self->scale,   self->projection,   self->weights,
                    self->bias, self->vectors, self->coefficients, self->rho};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_free (all[i]);
}

static EmotionClassifierParts
parts_of (const Arrays *arrays, EmotionClassifierKind kind, guint n_components)
{
  return (EmotionClassifierParts){
      .name = "view-1",
      .n_features = N_FEATURES,
      .n_labels = N_LABELS,
      .mean = arrays->mean,
      .scale = arrays->scale,
      .n_components = n_components,
      .projection = arrays->projection,
      .kind = kind,
      .weights = arrays->weights,
      .bias = arrays->bias,
      .n_vectors = N_VECTORS,
      .vectors_per_label = arrays->counts,
      .vectors = arrays->vectors,
      .coefficients = arrays->coefficients,
      .rho = arrays->rho,
      .gamma = 0.4,
      .temperature = 1.7,
  };
}

static EmotionClassifier *
new_classifier (const EmotionClassifierParts *parts)
{
  GError *error = NULL;
  EmotionClassifier *classifier = emotion_classifier_new (parts, &error);
  g_assert_no_error (error);
  return classifier;
}

/* Reference implementations: the definitions, written as plainly as possible. */

static guint
n_inputs (const EmotionClassifierParts *p)
{
  return p->n_components ? p->n_components : p->n_features;
}

static long double
scaled (const EmotionClassifierParts *p, const float *vector, guint f)
{
  long double x = ((long double)vector[f] - p->mean[f]) * p->scale[f];
  if (p->limit > 0)
    x = x > p->limit ? p->limit : x < -p->limit ? -p->limit : x;
  return x;
}

static long double
input (const EmotionClassifierParts *p, const float *vector, guint i)
{
  if (p->n_components == 0)
    return scaled (p, vector, i);
  long double sum = 0;
  for (guint f = 0; f < p->n_features; f++)
    sum += p->projection[i * p->n_features + f] * scaled (p, vector, f);
  return sum;
}

static long double
linear_score (const EmotionClassifierParts *p, const float *vector, guint label)
{
  long double sum = p->bias[label];
  for (guint i = 0; i < n_inputs (p); i++)
    sum += p->weights[label * n_inputs (p) + i] * input (p, vector, i);
  return sum;
}

static long double
kernel (const EmotionClassifierParts *p, const float *vector, guint v)
{
  long double distance = 0;
  for (guint i = 0; i < n_inputs (p); i++)
    distance += powl (input (p, vector, i) - p->vectors[v * n_inputs (p) + i], 2);
  return expl (-p->gamma * distance);
}

static guint
label_of (const EmotionClassifierParts *p, guint v)
{
  guint label = 0;
  for (guint end = p->vectors_per_label[0]; v >= end; end += p->vectors_per_label[label])
    label++;
  return label;
}

/* Positive: in favour of `a`, a < b. */
static long double
decision (const EmotionClassifierParts *p, const float *vector, guint a, guint b)
{
  guint pair = 0;
  for (guint i = 0; i < p->n_labels; i++)
    for (guint j = i + 1; j < p->n_labels && !(i == a && j == b); j++)
      pair += i < a || (i == a && j < b);
  long double sum = -p->rho[pair];
  for (guint v = 0; v < p->n_vectors; v++) {
    /* libsvm stores a vector's coefficients against the other labels in label order, without its
     * own label. */
    if (label_of (p, v) == a)
      sum += p->coefficients[(b - 1) * p->n_vectors + v] * kernel (p, vector, v);
    else if (label_of (p, v) == b)
      sum += p->coefficients[a * p->n_vectors + v] * kernel (p, vector, v);
  }
  return sum;
}

static long double
svm_score (const EmotionClassifierParts *p, const float *vector, guint label)
{
  long double sum = 0;
  for (guint other = 0; other < p->n_labels; other++) {
    if (label < other)
      sum += tanhl (4 * decision (p, vector, label, other));
    else if (label > other)
      sum -= tanhl (4 * decision (p, vector, other, label));
  }
  return sum;
}

static long double
kernel_score (const EmotionClassifierParts *p, const float *vector, guint label)
{
  long double sum = p->bias[label];
  for (guint f = 0; f < p->n_features; f++)
    sum += p->weights[label * p->n_features + f] * scaled (p, vector, f);
  for (guint v = 0; v < p->n_vectors; v++)
    sum += p->coefficients[label * p->n_vectors + v] * kernel (p, vector, v);
  return sum;
}

/* The output of the subtree at `node`. */
static long double
tree_value (const EmotionClassifierParts *p, const float *vector, guint node)
{
  const float *n = p->nodes + 4 * node;
  if (n[0] < 0)
    return n[1];
  gboolean left = (float)input (p, vector, (guint)n[0]) < n[1];
  return tree_value (p, vector, (guint)n[left ? 2 : 3]);
}

static long double
tree_score (const EmotionClassifierParts *p, const float *vector, guint label)
{
  long double sum = p->bias[label];
  for (guint t = 0; t < p->n_trees; t++)
    if ((guint)p->trees[2 * t] == label)
      sum += tree_value (p, vector, (guint)p->trees[2 * t + 1]);
  return sum;
}

static long double
score (const EmotionClassifierParts *p, const float *vector, guint label)
{
  switch (p->kind) {
  case EMOTION_CLASSIFIER_SVM:
    return svm_score (p, vector, label);
  case EMOTION_CLASSIFIER_KERNEL:
    return kernel_score (p, vector, label);
  case EMOTION_CLASSIFIER_TREES:
    return tree_score (p, vector, label);
  case EMOTION_CLASSIFIER_LINEAR:
    return linear_score (p, vector, label);
  }
  g_assert_not_reached ();
}

static void
assert_scores (const EmotionClassifierParts *p)
{
  EmotionClassifier *classifier = new_classifier (p);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), actual[N_LABELS];
  for (guint32 trial = 0; trial < N_TRIALS; trial++) {
    float *vector = test_noise (p->n_features, 3, 100 + trial);
    long double scores[N_LABELS], sum = 0, total = 0;
    for (guint i = 0; i < p->n_labels; i++) {
      scores[i] = score (p, vector, i);
      sum += expl (scores[i] / p->temperature);
    }
    emotion_classifier_score (classifier, vector, scratch, actual);
    for (guint i = 0; i < p->n_labels; i++) {
      g_assert_cmpfloat_with_epsilon (actual[i], (double)(scores[i] / p->temperature - logl (sum)),
                                      1e-9);
      total += expl (actual[i]);
    }
    g_assert_cmpfloat_with_epsilon ((double)total, 1, 1e-12);
    g_free (vector);
  }
  g_free (scratch);
  emotion_classifier_unref (classifier);
}

static void
test_linear (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  for (guint components = 0; components <= N_COMPONENTS; components += N_COMPONENTS) {
    EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_LINEAR, components);
    assert_scores (&parts);
  }
  arrays_clear (&arrays);
}

/* Standardised values beyond the limit are clipped to it, for every kind of classifier. */
static void
test_clipping (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  for (guint components = 0; components <= N_COMPONENTS; components += N_COMPONENTS) {
    const EmotionClassifierKind kinds[] = {EMOTION_CLASSIFIER_LINEAR, EMOTION_CLASSIFIER_SVM,
                                           EMOTION_CLASSIFIER_KERNEL};
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
      EmotionClassifierParts parts = parts_of (&arrays, kinds[k], components);
      parts.limit = 0.7;
      assert_scores (&parts);
    }
  }
  EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_LINEAR, 0);
  double far[N_LABELS], farther[N_LABELS];
  float x[N_FEATURES];
  parts.limit = 3;
  EmotionClassifier *classifier = new_classifier (&parts);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  for (guint i = 0; i < N_FEATURES; i++)
    x[i] = i % 2 ? 100 : -100;
  emotion_classifier_score (classifier, x, scratch, far);
  for (guint i = 0; i < N_FEATURES; i++)
    x[i] *= 1e30f;
  emotion_classifier_score (classifier, x, scratch, farther);
  g_assert_cmpmem (far, sizeof far, farther, sizeof farther);
  g_free (scratch);
  emotion_classifier_unref (classifier);
  arrays_clear (&arrays);
}

static void
test_svm (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  for (guint components = 0; components <= N_COMPONENTS; components += N_COMPONENTS) {
    EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_SVM, components);
    assert_scores (&parts);
    parts.n_labels = 2; /* 3 + 1 vectors and a single pair */
    parts.n_vectors = 4;
    assert_scores (&parts);
  }
  arrays_clear (&arrays);
}

static void
test_kernel (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  for (guint components = 0; components <= N_COMPONENTS; components += N_COMPONENTS) {
    EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_KERNEL, components);
    parts.vectors_per_label = NULL;
    assert_scores (&parts);
    parts.n_vectors = 1;
    assert_scores (&parts);
  }
  arrays_clear (&arrays);
}

enum { N_TREES = 9, DEPTH = 4, NODES_EACH = (1 << (DEPTH + 1)) - 1 };

/* Full binary trees: node k has the children 2k + 1 and 2k + 2. */
static void
grow_trees (float *trees, float *nodes)
{
  GRand *random = g_rand_new_with_seed (6);
  for (guint t = 0; t < N_TREES; t++) {
    trees[2 * t] = (float)(t % (N_LABELS - 1)); /* one label has none */
    trees[2 * t + 1] = (float)(t * NODES_EACH);
    for (guint k = 0; k < NODES_EACH; k++) {
      float *node = nodes + 4 * (t * NODES_EACH + k), root = (float)(t * NODES_EACH);
      const gboolean leaf = 2 * k + 2 >= NODES_EACH;
      node[0] = leaf ? -1 : (float)g_rand_int_range (random, 0, N_COMPONENTS);
      node[1] = (float)g_rand_double_range (random, -2, 2);
      node[2] = leaf ? 0 : root + (float)(2 * k + 1);
      node[3] = leaf ? 0 : root + (float)(2 * k + 2);
    }
  }
  g_rand_free (random);
}

static void
test_trees (void)
{
  float trees[2 * N_TREES], nodes[4 * N_TREES * NODES_EACH];
  Arrays arrays;
  arrays_init (&arrays);
  grow_trees (trees, nodes);
  for (guint components = 0; components <= N_COMPONENTS; components += N_COMPONENTS) {
    EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_TREES, components);
    parts.n_trees = N_TREES;
    parts.n_nodes = N_TREES * NODES_EACH;
    parts.trees = trees;
    parts.nodes = nodes;
    assert_scores (&parts);
  }
  arrays_clear (&arrays);
}

/* An input equal to the threshold goes right. */
static void
test_threshold (void)
{
  static const float trees[] = {0, 0};
  static const float nodes[] = {0, 0.5f, 1, 2, -1, -1, 0, 0, -1, 1, 0, 0};
  static const float mean[] = {0}, scale[] = {1}, bias[] = {0, 0};
  static const struct {
    float input;
    double score;
  } cases[] = {{0.4999999f, -1}, {0.5f, 1}, {0.5000001f, 1}, {-9, -1}, {9, 1}};
  EmotionClassifier *classifier =
      new_classifier (&(EmotionClassifierParts){.name = "stump",
                                                .n_features = 1,
                                                .n_labels = 2,
                                                .mean = mean,
                                                .scale = scale,
                                                .kind = EMOTION_CLASSIFIER_TREES,
                                                .bias = bias,
                                                .n_trees = 1,
                                                .n_nodes = 3,
                                                .trees = trees,
                                                .nodes = nodes,
                                                .temperature = 1});
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    double scratch[4], actual[2];
    g_assert_cmpuint (emotion_classifier_get_scratch (classifier), <=, G_N_ELEMENTS (scratch));
    emotion_classifier_score (classifier, &cases[i].input, scratch, actual);
    g_assert_cmpfloat_with_epsilon (actual[0] - actual[1], cases[i].score, 1e-12);
  }
  emotion_classifier_unref (classifier);
}

/* The rest */

static void
assert_refused (const EmotionClassifierParts *parts, const char *named)
{
  GError *error = NULL;
  g_assert_null (emotion_classifier_new (parts, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  if (!strstr (error->message, named))
    g_error ("'%s' does not name %s", error->message, named);
  g_clear_error (&error);
}

static void
test_wrong_numbers (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  EmotionClassifierParts linear = parts_of (&arrays, EMOTION_CLASSIFIER_LINEAR, N_COMPONENTS);
  EmotionClassifierParts svm = parts_of (&arrays, EMOTION_CLASSIFIER_SVM, N_COMPONENTS);
  EmotionClassifierParts kernels = parts_of (&arrays, EMOTION_CLASSIFIER_KERNEL, N_COMPONENTS);
  const struct {
    float *numbers;
    const EmotionClassifierParts *parts;
    const char *name;
    gboolean positive;
  } cases[] = {
      {arrays.mean, &linear, "mean", FALSE},
      {arrays.scale, &linear, "scale", TRUE},
      {arrays.weights, &linear, "weights", FALSE},
      {arrays.bias, &linear, "bias", FALSE},
      {arrays.vectors, &svm, "vectors", FALSE},
      {arrays.coefficients, &svm, "coefficients", FALSE},
      {arrays.rho, &svm, "rho", FALSE},
      {arrays.projection, &svm, "projection", FALSE},
      {arrays.weights, &kernels, "weights", FALSE},
      {arrays.bias, &kernels, "bias", FALSE},
      {arrays.vectors, &kernels, "vectors", FALSE},
      {arrays.coefficients, &kernels, "coefficients", FALSE},
  };
  const float wrong[] = {NAN, INFINITY, -INFINITY, 0, -1};
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    for (guint w = 0; w < (cases[c].positive ? 5 : 3); w++) {
      float kept = cases[c].numbers[3];
      cases[c].numbers[3] = wrong[w];
      char *named = g_strdup_printf ("number 3 of the classifier's %s", cases[c].name);
      assert_refused (cases[c].parts, named);
      g_free (named);
      cases[c].numbers[3] = kept;
    }
  arrays_clear (&arrays);
}

/* Every number of a tree is checked, so no evaluation reads outside the arrays or runs forever. */
static void
test_wrong_trees (void)
{
  static const struct {
    guint place; /* in trees, or in nodes from 100 on */
    float number;
  } cases[] = {
      {0, N_LABELS},
      {0, -1},
      {0, 0.5f},
      {0, NAN},
      {1, 31 * N_TREES},
      {1, -1},
      {1, 1.5f},
      {100, N_COMPONENTS},
      {100, -2},
      {100, 0.5f},
      {100, NAN},
      {101, NAN},
      {101, INFINITY},
      {102, 0},
      {102, 31 * N_TREES},
      {102, -1},
      {102, 1.5f},
      {102, NAN},
      {103, 0},
      {103, 1e30f},
      {103, INFINITY},
      {104 + 4 * 29, NAN},
  };
  float trees[2 * N_TREES], nodes[4 * N_TREES * NODES_EACH];
  Arrays arrays;
  arrays_init (&arrays);
  EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_TREES, N_COMPONENTS);
  parts.n_trees = N_TREES;
  parts.n_nodes = N_TREES * NODES_EACH;
  parts.trees = trees;
  parts.nodes = nodes;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    grow_trees (trees, nodes);
    *(cases[i].place < 100 ? &trees[cases[i].place] : &nodes[cases[i].place - 100]) =
        cases[i].number;
    assert_refused (&parts, "node");
  }
  grow_trees (trees, nodes);
  emotion_classifier_unref (new_classifier (&parts));
  parts.n_trees = 0;
  assert_refused (&parts, "0 trees");
  parts.n_trees = N_TREES;
  parts.n_nodes = EMOTION_MAX_NODES + 1;
  assert_refused (&parts, "16777217 nodes");
  arrays_clear (&arrays);
}

static void
test_wrong_parts (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  const EmotionClassifierParts linear = parts_of (&arrays, EMOTION_CLASSIFIER_LINEAR, 0);
  const EmotionClassifierParts svm = parts_of (&arrays, EMOTION_CLASSIFIER_SVM, 0);
  const EmotionClassifierParts kernels = parts_of (&arrays, EMOTION_CLASSIFIER_KERNEL, 0);
  EmotionClassifierParts parts = linear;
  parts.name = "Not a name";
  assert_refused (&parts, "Not a name");
  parts = linear;
  parts.n_labels = 1;
  assert_refused (&parts, "1 labels");
  parts = linear;
  parts.n_features = 0;
  assert_refused (&parts, "0 features");
  const double wrong[] = {0, -1, NAN, INFINITY};
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    parts = linear;
    parts.temperature = wrong[i];
    assert_refused (&parts, "temperature");
    parts = svm;
    parts.gamma = wrong[i];
    assert_refused (&parts, "gamma");
    parts = kernels;
    parts.gamma = wrong[i];
    assert_refused (&parts, "gamma");
  }
  const double bad_limit[] = {-1, NAN, INFINITY};
  for (guint i = 0; i < G_N_ELEMENTS (bad_limit); i++) {
    parts = linear;
    parts.limit = bad_limit[i];
    assert_refused (&parts, "limit");
  }
  parts = kernels;
  parts.n_vectors = 0;
  assert_refused (&parts, "0 vectors");
  parts = svm;
  parts.n_vectors--;
  assert_refused (&parts, "10 support vectors");
  arrays_clear (&arrays);
}

/* A classifier copies its parts and lives until its last reference is released. */
static void
test_ownership (void)
{
  Arrays arrays;
  arrays_init (&arrays);
  EmotionClassifierParts parts = parts_of (&arrays, EMOTION_CLASSIFIER_SVM, N_COMPONENTS);
  EmotionClassifier *classifier = new_classifier (&parts),
                    *same = emotion_classifier_ref (classifier);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), before[N_LABELS],
         after[N_LABELS];
  float *vector = test_noise (N_FEATURES, 1, 9);
  emotion_classifier_score (classifier, vector, scratch, before);
  arrays_clear (&arrays);
  emotion_classifier_unref (classifier);
  emotion_classifier_score (same, vector, scratch, after);
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  g_assert_cmpuint (emotion_classifier_get_parts (same)->n_vectors, ==, N_VECTORS);
  emotion_classifier_unref (same);
  emotion_classifier_unref (NULL);
  g_free (scratch);
  g_free (vector);
}

static void
test_log_softmax (void)
{
  double x[] = {log (1), log (2), log (5)};
  emotion_log_softmax (x, 3, 1);
  g_assert_cmpfloat_with_epsilon (exp (x[0]), 1 / 8., 1e-12);
  g_assert_cmpfloat_with_epsilon (exp (x[1]), 2 / 8., 1e-12);
  g_assert_cmpfloat_with_epsilon (exp (x[2]), 5 / 8., 1e-12);
  double squared[] = {log (1), log (2), log (5)};
  emotion_log_softmax (squared, 3, 0.5);
  g_assert_cmpfloat_with_epsilon (exp (squared[2]), 25 / 30., 1e-12);
  /* Neither over- nor underflow */
  double far[] = {-1e6, 1e6, 1e6};
  emotion_log_softmax (far, 3, 0.01);
  g_assert_cmpfloat_with_epsilon (exp (far[1]), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (far[0] / -2e8, 1, 1e-6);
  double shifted[] = {1e6 + log (3), 1e6};
  emotion_log_softmax (shifted, 2, 1);
  g_assert_cmpfloat_with_epsilon (exp (shifted[0]), 0.75, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/classifier/linear", test_linear);
  g_test_add_func ("/classifier/clipping", test_clipping);
  g_test_add_func ("/classifier/svm", test_svm);
  g_test_add_func ("/classifier/kernel", test_kernel);
  g_test_add_func ("/classifier/trees", test_trees);
  g_test_add_func ("/classifier/threshold", test_threshold);
  g_test_add_func ("/classifier/wrong-numbers", test_wrong_numbers);
  g_test_add_func ("/classifier/wrong-trees", test_wrong_trees);
  g_test_add_func ("/classifier/wrong-parts", test_wrong_parts);
  g_test_add_func ("/classifier/ownership", test_ownership);
  g_test_add_func ("/classifier/log-softmax", test_log_softmax);
  return g_test_run ();
}
