/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-model.h"

#include "core/emotion.h"

#define MS G_GUINT64_CONSTANT (1000000)

static float *
random_floats (GRand *random, guint n, double spread)
{
  float *numbers = g_new (float, n);
  for (guint i = 0; i < n; i++)
    numbers[i] = (float)g_rand_double_range (random, -spread, spread);
  return numbers;
}

EmotionModel *
test_model_make (const char *set, const char *const *labels, guint32 seed, gboolean adapting)
{
  const EmotionFeatureSet *features = emotion_feature_set_find (set);
  guint n_features = features->n_features, n_labels = g_strv_length ((char **)labels);
  GRand *random = g_rand_new_with_seed (seed);
  float *mean = random_floats (random, n_features, 0.1);
  float *scale = g_new (float, n_features);
  float *weights = random_floats (random, n_labels * n_features, 0.01);
  float *bias = random_floats (random, n_labels, 0.1);
  for (guint i = 0; i < n_features; i++)
    scale[i] = 0.1f;

  EmotionClassifierParts classifier_parts = {
      .name = "lda",
      .n_features = n_features,
      .n_labels = n_labels,
      .mean = mean,
      .scale = scale,
      .kind = EMOTION_CLASSIFIER_LINEAR,
      .weights = weights,
      .bias = bias,
      .temperature = 1,
  };
  static const gboolean centred = TRUE;
  GError *error = NULL;
  EmotionClassifier *classifier = emotion_classifier_new (&classifier_parts, &error);
  g_assert_no_error (error);
  double fusion = 1;
  float expected[EMOTION_MAX_LABELS];
  for (guint k = 0; k < EMOTION_MAX_LABELS; k++)
    expected[k] = 1;
  EmotionModelParts parts = {
      .features = features,
      .windowing = {.window = 1000 * MS, .interval = 500 * MS, .min_window = 500 * MS},
      .labels = labels,
      .classifiers = &classifier,
      .fusion = &fusion,
      .n_classifiers = 1,
      .window_temperature = 1,
      .clip_temperature = 1,
      .thresholds = {.silence = -60},
      .provenance = (const char *const[]){"made-by", "tests", NULL},
  };
  if (adapting)
    parts.adaptation = (EmotionAdaptationParts){
        .running = TRUE,
        .prior = 1,
        .memory = 60,
        .centre = mean,
        .debias_weight = 0.5,
        .expected = expected,
        .offsets = weights,
        .centred = &centred,
        .window_temperature = 1,
        .clip_temperature = 1,
    };
  EmotionModel *model = emotion_model_new (&parts, &error);
  g_assert_no_error (error);

  emotion_classifier_unref (classifier);
  g_free (mean);
  g_free (scale);
  g_free (weights);
  g_free (bias);
  g_rand_free (random);
  return model;
}

EmotionModel *
test_model_new (const char *const *labels, guint32 seed)
{
  return test_model_make ("speech-1", labels, seed, FALSE);
}

static void
save (const char *path, guint32 seed, gboolean adapting)
{
  GError *error = NULL;
  static const char *const labels[] = {"angry", "happy", "neutral", "sad", NULL};
  EmotionModel *model = test_model_make ("speech-1", labels, seed, adapting);
  emotion_model_save (model, path, &error);
  g_assert_no_error (error);
  emotion_model_unref (model);
}

void
test_model_save (const char *path, guint32 seed)
{
  save (path, seed, FALSE);
}

void
test_model_save_adapting (const char *path, guint32 seed)
{
  save (path, seed, TRUE);
}
