/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"
#include "core/model/model.h"

#include <math.h>
#include <string.h>

#include "tests/common/test-model.h"
#include "tests/core/allocations.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

#define N_FEATURES 1474

/* The log-posteriors of one vector; `out` has an element per label. */
static void
score (const EmotionModel *model, const float *vector, double *out)
{
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  emotion_model_score (model, vector, scratch, out);
  g_free (scratch);
}

static void
score_classifier (const EmotionClassifier *classifier, const float *vector, double *out)
{
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  emotion_classifier_score (classifier, vector, scratch, out);
  g_free (scratch);
}

static void
test_getters (void)
{
  const EmotionThresholds thresholds = {.confidence = 0.4, .min_speech_ratio = 0.1, .silence = -50};
  EmotionModel *model = test_small_model_new (3, &thresholds);
  g_assert_true (emotion_model_get_features (model) == emotion_feature_set_find ("speech-1"));
  g_assert_cmpuint (emotion_model_get_n_labels (model), ==, 3);
  g_assert_cmpstr (emotion_model_get_label (model, 0), ==, "label0");
  g_assert_cmpstr (emotion_model_get_label (model, 2), ==, "label2");
  g_assert_cmpuint (emotion_model_get_windowing (model)->window, ==, 1000000000);
  g_assert_cmpfloat (emotion_model_get_thresholds (model)->confidence, ==, 0.4);
  g_assert_cmpstr (emotion_model_get_provenance (model)[0], ==, "made-by");
  g_assert_null (emotion_model_get_provenance (model)[2]);
  g_assert_true (g_regex_match_simple ("^[0-9a-f]{64}$", emotion_model_get_hash (model), 0, 0));
  emotion_model_unref (model);
  emotion_model_unref (NULL);
}

/* The same parts give the same hash; any difference gives another one. */
static void
test_hash (void)
{
  const EmotionThresholds thresholds = {.confidence = 0.25, .silence = -200};
  EmotionModel *models[] = {test_small_model_new (3, NULL), test_small_model_new (3, NULL),
                            test_small_model_new (4, NULL), test_small_model_new (3, &thresholds)};
  g_assert_cmpstr (emotion_model_get_hash (models[0]), ==, emotion_model_get_hash (models[1]));
  for (guint i = 1; i < G_N_ELEMENTS (models); i++)
    for (guint j = i + 1; j < G_N_ELEMENTS (models); j++)
      g_assert_cmpstr (emotion_model_get_hash (models[i]), !=, emotion_model_get_hash (models[j]));
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    emotion_model_unref (models[i]);
}

/* Creating a model does not serialise it: there is no allocation of that size. */
static void
test_not_written (void)
{
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  test_allocations_start ();
  EmotionModel *model = emotion_model_new (parts, NULL);
  const TestAllocations made = test_allocations_stop ();
  test_allocations_start ();
  GBytes *bytes = emotion_model_serialize (model);
  const TestAllocations written = test_allocations_stop ();
  if (test_allocations_available ()) {
    g_assert_cmpuint (made.largest, <, g_bytes_get_size (bytes));
    g_assert_cmpuint (written.largest, >=, g_bytes_get_size (bytes));
  }
  g_bytes_unref (bytes);
  emotion_model_unref (model);
  test_small_parts_free (parts);
}

/* Threads that request the hash at the same time get the same one. */
static gpointer
ask_for_hash (gpointer model)
{
  return (gpointer)emotion_model_get_hash (model);
}

static void
test_hash_threads (void)
{
  for (guint n = 0; n < 50; n++) {
    EmotionModel *model = test_small_model_new (3, NULL);
    GThread *threads[4];
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      threads[i] = g_thread_new ("hash", ask_for_hash, model);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      g_assert_true (g_thread_join (threads[i]) == emotion_model_get_hash (model));
    emotion_model_unref (model);
  }
}

static void
test_one_classifier (void)
{
  EmotionClassifier *classifier = test_small_classifier_new (EMOTION_CLASSIFIER_LINEAR, 3);
  EmotionModel *model = test_small_model_new (3, NULL);
  for (guint32 seed = 0; seed < 20; seed++) {
    double of_model[3], of_classifier[3];
    float *vector = test_noise (N_FEATURES, 5, seed);
    score (model, vector, of_model);
    score_classifier (classifier, vector, of_classifier);
    for (guint i = 0; i < 3; i++)
      g_assert_cmpfloat_with_epsilon (of_model[i], of_classifier[i], 1e-12);
    g_free (vector);
  }
  emotion_classifier_unref (classifier);
  emotion_model_unref (model);
}

/* Fusion: the normalised product of the classifiers' posteriors, each to the power of its weight. */
static void
test_fusion (void)
{
  static const double fusion[] = {0.7, 0.3};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  EmotionClassifier *classifiers[] = {parts->classifiers[0],
                                      test_small_classifier_new (EMOTION_CLASSIFIER_SVM, 3)};
  EmotionModelParts fused = *parts;
  fused.classifiers = classifiers;
  fused.fusion = fusion;
  fused.n_classifiers = 2;
  EmotionModel *model = emotion_model_new (&fused, NULL);
  g_assert_nonnull (model);
  for (guint32 seed = 0; seed < 20; seed++) {
    double actual[3], of_classifier[2][3], product[3], sum = 0;
    float *vector = test_noise (N_FEATURES, 5, seed);
    score (model, vector, actual);
    score_classifier (classifiers[0], vector, of_classifier[0]);
    score_classifier (classifiers[1], vector, of_classifier[1]);
    for (guint i = 0; i < 3; i++)
      sum += product[i] =
          pow (exp (of_classifier[0][i]), 0.7) * pow (exp (of_classifier[1][i]), 0.3);
    for (guint i = 0; i < 3; i++)
      g_assert_cmpfloat_with_epsilon (exp (actual[i]), product[i] / sum, 1e-9);
    g_free (vector);
  }
  emotion_model_unref (model);
  emotion_classifier_unref (classifiers[1]);
  test_small_parts_free (parts);
}

static void
test_calibration (void)
{
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  parts->window_temperature = 2;
  parts->clip_temperature = 0.5;
  EmotionModel *model = emotion_model_new (parts, NULL);
  const double in[] = {log (0.16), log (0.36), log (0.48)};
  double out[3];
  emotion_model_calibrate (model, EMOTION_CALIBRATE_WINDOW, in,
                           out); /* square roots: 4 : 6 : 6.93 */
  double sum = 0.4 + 0.6 + sqrt (0.48);
  g_assert_cmpfloat_with_epsilon (out[0], 0.4 / sum, 1e-12);
  g_assert_cmpfloat_with_epsilon (out[1], 0.6 / sum, 1e-12);
  g_assert_cmpfloat_with_epsilon (out[2], sqrt (0.48) / sum, 1e-12);
  emotion_model_calibrate (model, EMOTION_CALIBRATE_CLIP, in, out); /* squares */
  sum = 0.16 * 0.16 + 0.36 * 0.36 + 0.48 * 0.48;
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (out[i], exp (2 * in[i]) / sum, 1e-12);
  emotion_model_unref (model);
  test_small_parts_free (parts);
}

/* Log-posteriors are finite, however far the vector is. */
static void
test_far_vectors (void)
{
  EmotionModel *model =
      test_model_new ((const char *const[]){"angry", "happy", "neutral", "sad", NULL}, 3);
  static const double sizes[] = {0, 1e-30, 1, 1e10, 1e30, 3e38};
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
    double log_posteriors[4], posteriors[4], sum = 0;
    float *vector = test_noise (N_FEATURES, sizes[s], 4);
    score (model, vector, log_posteriors);
    emotion_model_calibrate (model, EMOTION_CALIBRATE_WINDOW, log_posteriors, posteriors);
    for (guint i = 0; i < 4; i++) {
      g_assert_true (isfinite (log_posteriors[i]));
      sum += posteriors[i];
    }
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
    g_free (vector);
  }
  emotion_model_unref (model);
}

static void
assert_refused (const EmotionModelParts *parts, const char *named)
{
  GError *error = NULL;
  g_assert_null (emotion_model_new (parts, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  if (!strstr (error->message, named))
    g_error ("'%s' does not name %s", error->message, named);
  g_clear_error (&error);
}

static void
test_wrong_labels (void)
{
  static const struct {
    const char *label, *named;
  } cases[] = {{"none", "'none'"},
               {"label0", "'label0' occurs twice"},
               {"", "''"},
               {"two words", "'two words'"},
               {"Upper", "'Upper'"},
               {"9th", "'9th'"},
               {"a\nb", "'a\nb'"},
               {"a123456789b123456789c123456789d123456789e123456789f123456789g123", "g123'"}};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    EmotionModelParts wrong = *parts;
    wrong.labels = (const char *const[]){"label0", "label1", cases[i].label, NULL};
    assert_refused (&wrong, cases[i].named);
  }
  EmotionModelParts wrong = *parts;
  wrong.labels = (const char *const[]){"only", NULL};
  assert_refused (&wrong, "1 labels");
  test_small_parts_free (parts);
  parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, EMOTION_MAX_LABELS + 1);
  assert_refused (parts, "65 labels");
  test_small_parts_free (parts);
  EmotionModel *max = test_small_model_new (EMOTION_MAX_LABELS, NULL);
  emotion_model_unref (max);
}

static void
test_wrong_parts (void)
{
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  EmotionModelParts wrong = *parts;
  wrong.labels = (const char *const[]){"two", "labels", NULL};
  assert_refused (&wrong, "classifier 'small' maps 1474 features to 3 labels");
  wrong = *parts, wrong.n_classifiers = 0;
  assert_refused (&wrong, "0 classifiers");
  static const double fusions[] = {0.5, -1, NAN, INFINITY, 1.001};
  for (guint i = 0; i < G_N_ELEMENTS (fusions); i++) {
    wrong = *parts, wrong.fusion = &fusions[i];
    assert_refused (&wrong, "fusion weight");
  }
  static const double temperatures[] = {0, -1, NAN, INFINITY};
  for (guint i = 0; i < G_N_ELEMENTS (temperatures); i++) {
    wrong = *parts, wrong.window_temperature = temperatures[i];
    assert_refused (&wrong, "temperature");
    wrong = *parts, wrong.clip_temperature = temperatures[i];
    assert_refused (&wrong, "temperature");
  }
  static const EmotionThresholds thresholds[] = {{-0.1, 0, -50}, {1.1, 0, -50}, {NAN, 0, -50},
                                                 {0, -0.1, -50}, {0, 1.1, -50}, {0, NAN, -50},
                                                 {0, 0, 1},      {0, 0, -201},  {0, 0, NAN}};
  for (guint i = 0; i < G_N_ELEMENTS (thresholds); i++) {
    wrong = *parts, wrong.thresholds = thresholds[i];
    assert_refused (&wrong, "thresholds");
  }
  static const float priors[][2] = {{0.5f, 0}, {-1, 1}, {0.5f, NAN}, {INFINITY, 1}};
  for (guint i = 0; i < G_N_ELEMENTS (priors); i++) {
    const EmotionDecisionDefaults decision = {0, 0.1, 1, priors[i]};
    wrong = *parts, wrong.decision = &decision;
    assert_refused (&wrong, "prior of label");
  }
  static const EmotionDecisionDefaults decisions[] = {
      {-1, 0, 0, NULL},   {3601, 0, 0, NULL}, {NAN, 0, 0, NULL},
      {0, -0.1, 0, NULL}, {0, 1.1, 0, NULL},  {0, NAN, 0, NULL},
      {0, 0, -1, NULL},   {0, 0, 3601, NULL}, {0, 0, INFINITY, NULL}};
  for (guint i = 0; i < G_N_ELEMENTS (decisions); i++) {
    wrong = *parts, wrong.decision = &decisions[i];
    assert_refused (&wrong, "decision out of range");
  }
  wrong = *parts, wrong.windowing.window = 1;
  assert_refused (&wrong, "window");
  wrong = *parts, wrong.windowing.interval = 2 * wrong.windowing.window;
  assert_refused (&wrong, "interval");
  test_small_parts_free (parts);
}

static void
test_wrong_provenance (void)
{
  static const char *const cases[][3] = {{"key", NULL},
                                         {"Key", "value"},
                                         {"two words", "value"},
                                         {"key", "two\nlines"},
                                         {"key", "\xff not UTF-8"}};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    EmotionModelParts wrong = *parts;
    wrong.provenance = cases[i];
    assert_refused (&wrong, "provenance");
  }
  test_small_parts_free (parts);
}

/* A model copies its parts and lives until its last reference is released. */
static void
test_ownership (void)
{
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_SVM, 3);
  EmotionModel *model = emotion_model_new (parts, NULL), *same = emotion_model_ref (model);
  float *vector = test_noise (N_FEATURES, 2, 1);
  double before[3], after[3];
  g_assert_true (same == model);
  score (model, vector, before);
  test_small_parts_free (parts);
  emotion_model_unref (model);
  score (same, vector, after);
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  g_assert_cmpstr (emotion_model_get_label (same, 1), ==, "label1");
  g_assert_cmpfloat (emotion_model_get_parts (same)->fusion[0], ==, 1);
  emotion_model_unref (same);
  g_free (vector);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/getters", test_getters);
  g_test_add_func ("/model/hash", test_hash);
  g_test_add_func ("/model/not-written", test_not_written);
  g_test_add_func ("/model/hash-threads", test_hash_threads);
  g_test_add_func ("/model/one-classifier", test_one_classifier);
  g_test_add_func ("/model/fusion", test_fusion);
  g_test_add_func ("/model/calibration", test_calibration);
  g_test_add_func ("/model/far-vectors", test_far_vectors);
  g_test_add_func ("/model/wrong-labels", test_wrong_labels);
  g_test_add_func ("/model/wrong-parts", test_wrong_parts);
  g_test_add_func ("/model/wrong-provenance", test_wrong_provenance);
  g_test_add_func ("/model/ownership", test_ownership);
  return g_test_run ();
}
