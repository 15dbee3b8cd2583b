/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/fitting/model-align.h"

#include <string.h>

#include "core/emotion.h"
#include "core/model/model.h"

enum { LABELS = 3, COMPONENTS = 5, VECTORS = 6, TREES = 30 };

typedef struct {
  EmotionClassifierKind kind;
  gboolean projected;
  gboolean centred; /* it adapts, and its classifier has centred vectors */
} Kind;

/* The source of all numbers of a classifier, one array after the other. */
static float *
numbers (GRand *random, gsize n, double min, double max)
{
  float *x = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    x[i] = (float)g_rand_double_range (random, min, max);
  return x;
}

/* Trees of one split and two leaves, on inputs from the whole vector. */
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
                     make_nodes (random, d),
                     numbers (random, n, -1, 1),
                     numbers (random, (gsize)LABELS * n, -1, 1),
                     numbers (random, LABELS, 1, 2)};
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
                                   .adaptation = {.running = kind->centred,
                                                  .memory = 1,
                                                  .centre = arrays[9],
                                                  .offsets = arrays[10],
                                                  .expected = arrays[11],
                                                  .centred = &kind->centred,
                                                  .window_temperature = 1,
                                                  .clip_temperature = 1},
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
  GBytes *aligned = training_model_align (data, size, to, &what);
  g_assert_nonnull (aligned);
  g_assert_nonnull (strstr (what, emotion_model_get_features (model)->name));
  g_assert_nonnull (strstr (what, to->name));
  EmotionModel *result = emotion_model_parse (g_bytes_get_data (aligned, NULL),
                                              g_bytes_get_size (aligned), "aligned", &error);
  g_assert_no_error (error);
  g_assert_true (emotion_model_get_features (result) == to);
  g_bytes_unref (aligned);
  g_free (what);
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

/* With fewer features than the file has, the model predicts as if the missing ones had their mean;
 * with more, as if the additional ones were absent. */
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
  const EmotionModelParts *parts = emotion_model_get_parts (model);
  const float *mean = emotion_classifier_get_parts (parts->classifiers[0])->mean;
  for (guint i = small->n_features; i < large->n_features; i++)
    means[i] = mean[i] + (kind->centred ? parts->adaptation.centre[i] : 0);
  const float *before = parts->adaptation.offsets,
              *after = emotion_model_get_parts (aligned)->adaptation.offsets;
  for (guint k = 0; kind->centred && k < LABELS; k++)
    g_assert_cmpint (memcmp (before + (gsize)k * large->n_features,
                             after + (gsize)k * small->n_features,
                             small->n_features * sizeof (float)),
                     ==, 0);
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

/* Models that match, are damaged or are not models are left to the loader. */
static void
test_left_alone (void)
{
  const Kind kind = {EMOTION_CLASSIFIER_SVM, FALSE, FALSE};
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
    text[at] = i % 3 ? (char)g_rand_int_range (random, 1, 127) : '\0'; /* changed or truncated */
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

static void
put_section (GString *file, const char *name, const char *content)
{
  g_string_append_printf (file, "section %s %" G_GSIZE_FORMAT "\n%s", name, strlen (content),
                          content);
}

/* A model of one feature and many vectors, which would take gigabytes with the features of a set,
 * is left unchanged. */
static void
test_large (void)
{
  enum { N = 100000 };
  GString *classifier =
      g_string_new ("name v\nmean 1 1\n0\nscale 1 1\n1\nlimit 0\ncomponents 0\n"
                    "classifier kernel\nweights 2 1\n0\n0\nbias 1 2\n0 0\ngamma 1\n");
  g_string_append_printf (classifier, "vector-count %u\nvectors %u 1\n", N, N);
  for (guint i = 0; i < N; i++)
    g_string_append (classifier, "0\n");
  g_string_append_printf (classifier, "coefficients 2 %u\n", N);
  for (guint i = 0; i < 2 * N; i++)
    g_string_append (classifier, (i + 1) % N ? "0 " : "0\n");
  g_string_append (classifier, "temperature 1\n");
  GString *file = g_string_new ("emotion-model 1\n");
  put_section (file, "features", "name other-1\nlayout 0\n");
  put_section (file, "windowing", "window 1000000000\ninterval 1000000000\nmin-window 0\n");
  put_section (file, "labels", "a\nb\n");
  put_section (file, "view", classifier->str);
  put_section (file, "fusion", "weight 1\n");
  put_section (file, "calibration", "window-temperature 1\nclip-temperature 1\n");
  put_section (file, "adaptation", "kind none\n");
  put_section (file, "thresholds", "confidence 0\nmin-speech-ratio 0\nsilence 0\n");
  put_section (file, "provenance", "");
  char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, file->str, -1), *what = NULL;
  g_string_append_printf (file, "section checksum 72\nsha256 %s\nsection end 0\n", hash);
  const EmotionFeatureSet *large = emotion_feature_set_find ("speech-1");
  g_assert_null (training_model_align (file->str, file->len, large, &what));
  g_assert_null (what);
  g_free (hash);
  g_string_free (file, TRUE);
  g_string_free (classifier, TRUE);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = {"linear", "svm", "kernel", "trees"};
  static Kind kinds[16];
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    kinds[i] = (Kind){(EmotionClassifierKind)(i / 4), i / 2 % 2, i % 2};
    char *path = g_strdup_printf ("/training/model-align/%s%s%s", names[i / 4],
                                  i / 2 % 2 ? "-projected" : "", i % 2 ? "-centred" : "");
    g_test_add_data_func (path, &kinds[i], test_predictions);
    g_free (path);
  }
  g_test_add_func ("/training/model-align/left-alone", test_left_alone);
  g_test_add_func ("/training/model-align/large", test_large);
  return g_test_run ();
}
