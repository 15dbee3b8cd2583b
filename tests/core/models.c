/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "models.h"

#include <string.h>

#include "core/emotion.h"
#include "windows.h"

static float *
constants (gsize n, float value)
{
  float *numbers = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    numbers[i] = value;
  return numbers;
}

EmotionClassifier *
test_small_classifier_new (EmotionClassifierKind kind, guint n_labels)
{
  const guint n_features = emotion_feature_set_find ("speech-1")->n_features;
  const guint n_vectors = 2 * n_labels;
  float *mean = constants (n_features, 0), *scale = constants (n_features, 1);
  float *projection = constants (n_features, 0), *weights = constants (n_labels * n_features, 0);
  float *bias = constants (n_labels, 0), *vectors = constants (n_vectors, 0);
  float *coefficients = constants (n_labels * n_vectors, 0);
  float *rho = constants (n_labels * (n_labels - 1) / 2, 0.125f);
  guint *counts = g_new (guint, n_labels);
  float *trees = constants (2 * n_labels, 0), *nodes = constants (4 * 3 * n_labels, 0);

  mean[test_feature ("log_energy_mean")] = -3.5f;
  scale[test_feature ("log_energy_mean")] = 0.25f;
  scale[test_feature ("centroid_mean")] = 1e-3f;
  projection[test_feature ("log_energy_mean")] = 1;
  projection[test_feature ("centroid_mean")] = 0.7f;
  projection[test_feature ("f0_mean")] = -0.03f;
  for (guint i = 0; i < n_labels; i++) {
    weights[i] = (float)i - 1.1f;
    bias[i] = 0.3f * (float)(i % 2);
    counts[i] = 2;
    /* One tree per label: a split of the component and its two leaves. */
    const float root = 3 * (float)i;
    const float tree[] = {0, 0.2f * (float)i, root + 1, root + 2, -1, 0.4f, 0, 0, -1, -0.7f, 0, 0};
    trees[2 * i] = (float)i;
    trees[2 * i + 1] = root;
    memcpy (nodes + 12 * i, tree, sizeof tree);
  }
  for (guint v = 0; v < n_vectors; v++)
    vectors[v] = 0.5f * (float)v - 1;
  for (guint c = 0; c < n_labels * n_vectors; c++)
    coefficients[c] = c % 3 ? 0.75f : -1.5f;

  GError *error = NULL;
  EmotionClassifier *classifier =
      emotion_classifier_new (&(EmotionClassifierParts){.name = "small",
                                                        .n_features = n_features,
                                                        .n_labels = n_labels,
                                                        .mean = mean,
                                                        .scale = scale,
                                                        .n_components = 1,
                                                        .projection = projection,
                                                        .kind = kind,
                                                        .weights = weights,
                                                        .bias = bias,
                                                        .n_vectors = n_vectors,
                                                        .vectors_per_label = counts,
                                                        .vectors = vectors,
                                                        .coefficients = coefficients,
                                                        .rho = rho,
                                                        .gamma = 0.5,
                                                        .n_trees = n_labels,
                                                        .n_nodes = 3 * n_labels,
                                                        .trees = trees,
                                                        .nodes = nodes,
                                                        .temperature = 1},
                              &error);
  g_assert_no_error (error);
  gpointer all[] = {mean,         scale, projection, weights, bias, vectors,
                    coefficients, rho,   counts,     trees,   nodes};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_free (all[i]);
  return classifier;
}

EmotionModelParts *
test_small_parts_new (EmotionClassifierKind kind, guint n_labels)
{
  static const char *const provenance[] = {"made-by", "tests of the core", NULL};
  static const double whole = 1;
  EmotionModelParts *parts = g_new (EmotionModelParts, 1);
  char **labels = g_new0 (char *, n_labels + 1);
  for (guint i = 0; i < n_labels; i++)
    labels[i] = g_strdup_printf ("label%u", i);
  *parts = (EmotionModelParts){
      .features = emotion_feature_set_find ("speech-1"),
      .windowing = {TEST_SECOND, TEST_SECOND / 2, TEST_SECOND / 2},
      .labels = (const char *const *)labels,
      .classifiers = g_new (EmotionClassifier *, 1),
      .fusion = &whole,
      .n_classifiers = 1,
      .window_temperature = 1,
      .clip_temperature = 0.5,
      .thresholds = {.confidence = 0, .min_speech_ratio = 0, .silence = -200},
      .provenance = provenance,
  };
  parts->classifiers[0] = test_small_classifier_new (kind, n_labels);
  return parts;
}

void
test_small_parts_free (EmotionModelParts *parts)
{
  for (guint i = 0; i < parts->n_classifiers; i++)
    emotion_classifier_unref (parts->classifiers[i]);
  g_free (parts->classifiers);
  g_strfreev ((char **)parts->labels);
  g_free (parts);
}

EmotionModel *
test_small_model_new (guint n_labels, const EmotionThresholds *thresholds)
{
  GError *error = NULL;
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, n_labels);
  if (thresholds)
    parts->thresholds = *thresholds;
  EmotionModel *model = emotion_model_new (parts, &error);
  g_assert_no_error (error);
  test_small_parts_free (parts);
  return model;
}

EmotionModel *
test_adaptive_model_new (guint n_labels, const float *centre, double debias_weight)
{
  static const gboolean centred[] = {FALSE, TRUE};
  static const double fusion[] = {1, 1};
  GError *error = NULL;
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, n_labels);
  parts->classifiers = g_renew (EmotionClassifier *, parts->classifiers, 2);
  parts->classifiers[1] = test_small_classifier_new (EMOTION_CLASSIFIER_SVM, n_labels);
  parts->n_classifiers = 2;
  parts->fusion = fusion;
  const guint n_features = parts->features->n_features;
  float *offsets = constants ((gsize)n_labels * n_features, 0);
  float *expected = constants (n_labels, 1);
  expected[0] = 3;
  for (guint k = 0; k < n_labels; k++)
    offsets[(gsize)k * n_features + test_feature ("log_energy_mean")] = 0.5f * (float)k;
  parts->adaptation = (EmotionAdaptationParts){.running = TRUE,
                                               .prior = 2,
                                               .memory = 60,
                                               .blend = 3,
                                               .centre = centre,
                                               .centred = centred,
                                               .debias_weight = debias_weight,
                                               .expected = expected,
                                               .offsets = offsets,
                                               .window_temperature = 2,
                                               .clip_temperature = 0.7};
  EmotionModel *model = emotion_model_new (parts, &error);
  g_assert_no_error (error);
  test_small_parts_free (parts);
  g_free (expected);
  g_free (offsets);
  return model;
}
