/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outputs of a model besides emotions: whether a sound is out of distribution, and how intense
 * an emotion is. */
#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

enum { N_LABELS = 3, RATE = 16000 };

/* A classifier whose second label has the log-odds `bias` + `slope` * log_energy_mean. */
static EmotionClassifier *
classifier_new (guint n_labels, float bias, float slope)
{
  GError *error = NULL;
  const guint n = emotion_feature_set_find ("speech-1")->n_features;
  float *mean = g_new0 (float, n), *scale = g_new (float, n);
  float *weights = g_new0 (float, (gsize)n_labels *n), *biases = g_new0 (float, n_labels);
  for (guint i = 0; i < n; i++)
    scale[i] = 1;
  biases[1] = bias;
  weights[n] = slope; /* log_energy_mean is the first feature */
  const EmotionClassifierParts parts = {.name = "other",
                                        .n_features = n,
                                        .n_labels = n_labels,
                                        .mean = mean,
                                        .scale = scale,
                                        .kind = EMOTION_CLASSIFIER_LINEAR,
                                        .weights = weights,
                                        .bias = biases,
                                        .temperature = 1};
  EmotionClassifier *classifier = emotion_classifier_new (&parts, &error);
  g_assert_no_error (error);
  g_free (mean);
  g_free (scale);
  g_free (weights);
  g_free (biases);
  return classifier;
}

/* The adaptive test model with these classifiers, whose references it takes. */
static EmotionModel *
model_new (EmotionClassifier *outlier, EmotionClassifier *intensity, GError **error)
{
  float *centre = g_new0 (float, emotion_feature_set_find ("speech-1")->n_features);
  EmotionModel *plain = test_adaptive_model_new (N_LABELS, centre, 0.5);
  EmotionModelParts parts = *emotion_model_get_parts (plain);
  parts.outlier = outlier;
  parts.intensity = intensity;
  EmotionModel *model = emotion_model_new (&parts, error);
  emotion_model_unref (plain);
  emotion_classifier_unref (outlier);
  emotion_classifier_unref (intensity);
  g_free (centre);
  return model;
}

static EmotionDetector *
detector_new (EmotionModel *model)
{
  GError *error = NULL;
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  EmotionDetector *detector = emotion_detector_new (model, &config, &error);
  g_assert_no_error (error);
  return detector;
}

/* All results of 5 s of a voice with constant F0, and of the whole. */
static GArray *
process (EmotionDetector *detector, const float *samples, gsize n, EmotionResult *summary)
{
  GArray *results = g_array_new (FALSE, FALSE, sizeof (EmotionResult));
  EmotionResult result;
  for (gsize at = 0; at < n;) {
    at += emotion_detector_push (detector, samples + at, n - at);
    while (emotion_detector_pull (detector, &result))
      g_array_append_val (results, result);
  }
  emotion_detector_finish (detector);
  while (emotion_detector_pull (detector, &result))
    g_array_append_val (results, result);
  g_assert_cmpuint (results->len, >, 3);
  g_assert_true (emotion_detector_summarize (detector, summary));
  return results;
}

/* A rejected window gets no label, counts as without speech, and does not update the adaptation. */
static void
test_refused (void)
{
  EmotionModel *model = model_new (classifier_new (2, 1, 0), classifier_new (2, 0, 0), NULL);
  EmotionDetector *detector = detector_new (model);
  float *vowel = test_vowel (RATE, 5 * RATE), *silence = test_silence (2 * RATE);
  EmotionResult summary;
  GArray *results = process (detector, vowel, 5 * RATE, &summary);
  for (guint i = 0; i < results->len; i++) {
    const EmotionResult *result = &g_array_index (results, EmotionResult, i);
    g_assert_cmpint (result->label, ==, -1);
    g_assert_cmpint (result->reason, ==, EMOTION_REASON_OUT_OF_DISTRIBUTION);
    g_assert_cmpfloat (result->speech_ratio, ==, 0);
    g_assert_true (isnan (result->intensity) && isnan (result->valence));
  }
  g_assert_cmpint (summary.label, ==, -1);
  g_assert_cmpint (summary.reason, ==, EMOTION_REASON_OUT_OF_DISTRIBUTION);
  g_array_unref (results);
  /* Silence is reported as silence, not as out of distribution. */
  emotion_detector_reset (detector);
  results = process (detector, silence, 2 * RATE, &summary);
  g_assert_cmpint (g_array_index (results, EmotionResult, 0).reason, !=,
                   EMOTION_REASON_OUT_OF_DISTRIBUTION);
  g_assert_cmpint (summary.reason, !=, EMOTION_REASON_OUT_OF_DISTRIBUTION);
  g_array_unref (results);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (vowel);
  g_free (silence);
}

/* Later scores are those of a stream without the rejected part. */
static void
test_teaches_nothing (void)
{
  gsize n = 3 * RATE;
  float *loud = test_vowel (RATE, n), *quiet = test_vowel (RATE, n);
  double scores[2][N_LABELS];
  for (gsize i = 0; i < n; i++)
    quiet[i] *= 0.01f;
  for (guint rejected_first = 0; rejected_first < 2; rejected_first++) {
    EmotionResult summary;
    /* log_energy_mean of the loud one is far above -6, that of the quiet one is below. */
    EmotionModel *model = model_new (classifier_new (2, 6, 1), NULL, NULL);
    EmotionDetector *detector = detector_new (model);
    if (rejected_first) {
      GArray *refused = process (detector, loud, n, &summary);
      g_assert_cmpint (summary.reason, ==, EMOTION_REASON_OUT_OF_DISTRIBUTION);
      g_array_unref (refused);
      emotion_detector_begin_clip (detector);
    }
    GArray *results = process (detector, quiet, n, &summary);
    g_assert_cmpint (summary.reason, ==, EMOTION_REASON_PREDICTED);
    memcpy (scores[rejected_first], summary.scores, sizeof scores[rejected_first]);
    g_array_unref (results);
    emotion_detector_free (detector);
    emotion_model_unref (model);
  }
  g_assert_cmpmem (scores[0], sizeof scores[0], scores[1], sizeof scores[1]);
  g_free (loud);
  g_free (quiet);
}

/* A model whose gate rejects nothing predicts the same as one without a gate. */
static void
test_accepted (void)
{
  float *vowel = test_vowel (RATE, 5 * RATE);
  EmotionModel *models[] = {model_new (NULL, NULL, NULL),
                            model_new (classifier_new (2, -1, 0), classifier_new (2, 1, 0), NULL)};
  GArray *results[2];
  EmotionResult summaries[2];
  double scores[2][N_LABELS];
  for (guint m = 0; m < 2; m++) {
    EmotionDetector *detector = detector_new (models[m]);
    results[m] = process (detector, vowel, 5 * RATE, &summaries[m]);
    memcpy (scores[m], summaries[m].scores, sizeof scores[m]);
    emotion_detector_free (detector);
  }
  for (guint i = 0; i < results[0]->len; i++) {
    const EmotionResult *a = &g_array_index (results[0], EmotionResult, i);
    const EmotionResult *b = &g_array_index (results[1], EmotionResult, i);
    g_assert_cmpint (a->label, ==, b->label);
    g_assert_cmpfloat (a->confidence, ==, b->confidence);
    g_assert_true (isnan (a->intensity));
    g_assert_cmpfloat_with_epsilon (b->intensity, 1 / (1 + exp (-1)), 1e-6);
  }
  g_assert_cmpmem (scores[0], sizeof scores[0], scores[1], sizeof scores[1]);
  g_assert_cmpfloat_with_epsilon (summaries[1].intensity, 1 / (1 + exp (-1)), 1e-6);
  for (guint m = 0; m < 2; m++) {
    g_array_unref (results[m]);
    emotion_model_unref (models[m]);
  }
  g_free (vowel);
}

/* The file stores the two separately, and a model without them has none. */
static void
test_file (void)
{
  for (guint kept = 0; kept < 4; kept++) {
    GError *error = NULL;
    gsize size;
    EmotionModel *model = model_new (kept & 1 ? classifier_new (2, 0.5f, 0) : NULL,
                                     kept & 2 ? classifier_new (2, -2, 0) : NULL, NULL);
    GBytes *bytes = emotion_model_serialize (model);
    const char *data = g_bytes_get_data (bytes, &size);
    emotion_model_unref (model); /* so that the next one is read, not found in the cache */
    model = emotion_model_parse (data, size, "here", &error);
    g_assert_no_error (error);
    const EmotionModelParts *parts = emotion_model_get_parts (model);
    g_assert_cmpint (parts->outlier != NULL, ==, (kept & 1) != 0);
    g_assert_cmpint (parts->intensity != NULL, ==, (kept & 2) != 0);
    if (parts->outlier)
      g_assert_cmpfloat (emotion_classifier_get_parts (parts->outlier)->bias[1], ==, 0.5);
    if (parts->intensity)
      g_assert_cmpfloat (emotion_classifier_get_parts (parts->intensity)->bias[1], ==, -2);
    GBytes *again = emotion_model_serialize (model);
    g_assert_true (g_bytes_equal (bytes, again));
    g_bytes_unref (again);
    g_bytes_unref (bytes);
    emotion_model_unref (model);
  }
}

static void
test_wrong_classifiers (void)
{
  GError *error = NULL;
  g_assert_null (model_new (classifier_new (3, 0, 0), NULL, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (model_new (NULL, classifier_new (4, 0, 0), &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outlier-intensity/refused", test_refused);
  g_test_add_func ("/outlier-intensity/teaches-nothing", test_teaches_nothing);
  g_test_add_func ("/outlier-intensity/accepted", test_accepted);
  g_test_add_func ("/outlier-intensity/file", test_file);
  g_test_add_func ("/outlier-intensity/wrong-classifiers", test_wrong_classifiers);
  return g_test_run ();
}
