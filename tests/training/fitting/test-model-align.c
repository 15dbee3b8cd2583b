/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/fitting/model-align.h"

#include <string.h>

#include "core/emotion.h"
#include "core/model/model.h"

enum { LABELS = 3, COMPONENTS = 5, VECTORS = 6, TREES = 30 };

typedef struct {
  EmotionClassifierKind kind;
  gboolean projected;
} Kind;

/* All numbers of a classifier are taken from here, one array after the other. */
static float *
numbers (GRand *random, gsize n, double least, double most)
{
  float *x = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    x[i] = (float)g_rand_double_range (random, least, most);
  return x;
}

/* Trees of one question and two leaves, about inputs all over the vector. */
static float *
make_nodes (GRand *random, guint n_inputs)
{
  float *nodes = g_new0 (float, 3 * TREES * 4);
  for (guint t = 0; t < TREES; t++) {
    float *node = nodes + 12 * t;
    node[0] = (float)g_rand_int_range (random, 0, (gint32)n_inputs);
    node[1] = (float)g_rand_double_range (random, -0.5, 0.5);
    node[2] = (float)(3 * t + 1);
    node[3] = (float)(3 * t + 2);
    node[4] = node[8] = -1;
    node[5] = (float)g_rand_double_range (random, -1, 1);
    node[9] = (float)g_rand_double_range (random, -1, 1);
  }
  return nodes;
}

static EmotionModel *
make_model (const EmotionFeatureSet *set, const Kind *kind)
{
  static const char *const labels[] = {"a", "b", "c", NULL};
  static const char *const provenance[] = {NULL};
  static const guint per_label[LABELS] = {2, 2, 2};
  GRand *random = g_rand_new_with_seed (7);
  const guint n = set->n_features, d = kind->projected ? COMPONENTS : n;
  float trees[2 * TREES];
  for (guint t = 0; t < TREES; t++) {
    trees[2 * t] = (float)(t % LABELS);
    trees[2 * t + 1] = (float)(3 * t);
  }
  float *arrays[] = {numbers (random, n, -1, 1),
                     numbers (random, n, 0.5, 1.5),
                     numbers (random, (gsize)n * COMPONENTS, -0.1, 0.1),
                     numbers (random, (gsize)LABELS * n, -0.1, 0.1),
                     numbers (random, LABELS, -1, 1),
                     numbers (random, (gsize)VECTORS * d, -1, 1),
                     numbers (random, (gsize)VECTORS * LABELS, -1, 1),
                     numbers (random, LABELS, -0.1, 0.1),
                     make_nodes (random, d)};
  const EmotionClassifierParts classifier_parts = {.name = "test",
                                                   .n_features = n,
                                                   .n_labels = LABELS,
                                                   .mean = arrays[0],
                                                   .scale = arrays[1],
                                                   .n_components = kind->projected ? COMPONENTS : 0,
                                                   .projection = kind->projected ? arrays[2] : NULL,
                                                   .kind = kind->kind,
                                                   .weights = arrays[3],
                                                   .bias = arrays[4],
                                                   .n_vectors = VECTORS,
                                                   .vectors_per_label = per_label,
                                                   .vectors = arrays[5],
                                                   .coefficients = arrays[6],
                                                   .rho = arrays[7],
                                                   .gamma = 1.0 / n,
                                                   .n_trees = TREES,
                                                   .n_nodes = 3 * TREES,
                                                   .trees = trees,
                                                   .nodes = arrays[8],
                                                   .temperature = 1};
  GError *error = NULL;
  EmotionClassifier *classifier = emotion_classifier_new (&classifier_parts, &error);
  g_assert_no_error (error);
  const double fusion = 1;
  const EmotionModelParts parts = {.features = set,
                                   .windowing = {3000000000, 1000000000, 1000000000},
                                   .labels = labels,
                                   .classifiers = &classifier,
                                   .fusion = &fusion,
                                   .n_classifiers = 1,
                                   .window_temperature = 1,
                                   .clip_temperature = 1,
                                   .provenance = provenance};
  EmotionModel *model = emotion_model_new (&parts, &error);
  g_assert_no_error (error);
  emotion_classifier_unref (classifier);
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_free (arrays[i]);
  g_rand_free (random);
  return model;
}

static EmotionModel *
align (EmotionModel *model, const EmotionFeatureSet *to)
{
  gsize size;
  GError *error = NULL;
  char *what = NULL;
  GBytes *bytes = emotion_model_serialize (model);
  const char *data = g_bytes_get_data (bytes, &size);
  char *text = g_strndup (data, size);
  GString *aligned = training_model_align (text, size, to, &what);
  g_assert_nonnull (aligned);
  g_assert_nonnull (strstr (what, emotion_model_get_features (model)->name));
  g_assert_nonnull (strstr (what, to->name));
  EmotionModel *result = emotion_model_parse (aligned->str, aligned->len, "aligned", &error);
  g_assert_no_error (error);
  g_assert_true (emotion_model_get_features (result) == to);
  g_string_free (aligned, TRUE);
  g_free (what);
  g_free (text);
  g_bytes_unref (bytes);
  return result;
}

static void
score (EmotionModel *model, const float *vector, double *log_posteriors)
{
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  emotion_model_score (model, vector, scratch, log_posteriors);
  g_free (scratch);
}

/* With fewer features than the file has, the model predictions as if the others had their mean; with
 * more, as if the others were not there. */
static void
test_predictions (gconstpointer data)
{
  const Kind *kind = data;
  const EmotionFeatureSet *large = emotion_feature_set_find ("speech-1");
  const EmotionFeatureSet *small = emotion_feature_set_find ("descriptors-1");
  g_assert_cmpuint (large->n_features, >, small->n_features);
  GRand *random = g_rand_new_with_seed (8);
  float *vector = numbers (random, large->n_features, -1, 1),
        *means = g_memdup2 (vector, large->n_features * sizeof (float));
  double expected[LABELS], got[LABELS];

  EmotionModel *model = make_model (large, kind), *aligned = align (model, small);
  const float *mean =
      emotion_classifier_get_parts (emotion_model_get_parts (model)->classifiers[0])->mean;
  for (guint i = small->n_features; i < large->n_features; i++)
    means[i] = mean[i];
  score (model, means, expected);
  score (aligned, vector, got);
  for (guint k = 0; k < LABELS; k++)
    g_assert_cmpfloat_with_epsilon (got[k], expected[k], 1e-5);
  emotion_model_unref (model);
  emotion_model_unref (aligned);

  model = make_model (small, kind);
  aligned = align (model, large);
  score (model, vector, expected);
  for (guint i = small->n_features; i < large->n_features; i++)
    vector[i] = 1e6f;
  score (aligned, vector, got);
  for (guint k = 0; k < LABELS; k++)
    g_assert_cmpfloat_with_epsilon (got[k], expected[k], 1e-5);
  emotion_model_unref (model);
  emotion_model_unref (aligned);
  g_free (vector);
  g_free (means);
  g_rand_free (random);
}

/* What fits, is damaged or is no model is left to the loader. */
static void
test_left_alone (void)
{
  const Kind kind = {EMOTION_CLASSIFIER_SVM, FALSE};
  const EmotionFeatureSet *small = emotion_feature_set_find ("descriptors-1");
  const EmotionFeatureSet *large = emotion_feature_set_find ("speech-1");
  EmotionModel *model = make_model (small, &kind);
  GBytes *bytes = emotion_model_serialize (model);
  gsize size;
  char *what = NULL;
  const char *data = g_bytes_get_data (bytes, &size);
  char *text = g_strndup (data, size);
  g_assert_null (training_model_align (text, size, NULL, &what));
  g_assert_null (training_model_align (text, size, small, &what));
  g_assert_null (training_model_align ("", 0, large, &what));
  GRand *random = g_rand_new_with_seed (9);
  for (guint i = 0; i < 300; i++) {
    const gsize at = (gsize)g_rand_int_range (random, 0, (gint32)size);
    const char was = text[at];
    text[at] = i % 3 ? (char)g_rand_int_range (random, 1, 127) : '\0'; /* changed or cut */
    if (text[at] != was)
      g_assert_null (training_model_align (text, text[at] ? size : at, large, &what));
    text[at] = was;
  }
  g_assert_null (what);
  g_rand_free (random);
  g_free (text);
  g_bytes_unref (bytes);
  emotion_model_unref (model);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = {"linear", "svm", "kernel", "trees"};
  static Kind kinds[8];
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    kinds[i] = (Kind){(EmotionClassifierKind)(i / 2), i % 2};
    char *path =
        g_strdup_printf ("/training/model-align/%s%s", names[i / 2], i % 2 ? "-projected" : "");
    g_test_add_data_func (path, &kinds[i], test_predictions);
    g_free (path);
  }
  g_test_add_func ("/training/model-align/left-alone", test_left_alone);
  return g_test_run ();
}
