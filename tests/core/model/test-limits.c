/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The promises of core at the ends of its ranges; each was broken once. */
#include "core/dsp/pitch.h"
#include "core/emotion.h"
#include "core/model/classifier.h"
#include "core/stream/decision.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"
#include <float.h>
#include <math.h>
#include <string.h>

static void
test_nul_tail (void)
{
  EmotionModel *model = test_small_model_new (2, NULL);
  GBytes *bytes = emotion_model_serialize (model);
  GByteArray *data = g_bytes_unref_to_array (bytes);
  emotion_model_unref (model);
  g_byte_array_append (data, (const guint8 *)"\0junk", 5);
  g_assert_null (emotion_model_parse ((char *)data->data, data->len, "x", NULL));
  g_byte_array_unref (data);
}

static void
test_empty_bytes (void)
{
  GError *error = NULL;
  g_assert_null (emotion_model_parse (NULL, 0, "x", &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT);
  g_clear_error (&error);
}

static void
test_empty_early_windows (void)
{
  const EmotionWindowing w = {TEST_SECOND, 10 * TEST_MS, 0};
  EmotionExtractor *e =
      emotion_extractor_new (emotion_feature_set_find ("speech-1"), 16000, 1, &w, NULL);
  float *x = test_noise (600, 0.5, 1);
  EmotionWindow window;
  g_assert_cmpuint (emotion_extractor_push (e, x, 512), ==, 512);
  /* [0, 160) and [0, 320) contain no frame; [0, 480) lacks the look-ahead of its frame. */
  g_assert_false (emotion_extractor_pull (e, &window));
  emotion_extractor_finish (e);
  g_assert_true (emotion_extractor_pull (e, &window));
  g_assert_cmpuint (window.length, ==, 480);
  emotion_extractor_free (e);
  g_free (x);
}

static void
test_no_early_windows (void)
{
  const EmotionWindowing w = {TEST_SECOND, 10 * TEST_MS, G_MAXUINT64};
  GError *error = NULL;
  EmotionExtractor *e =
      emotion_extractor_new (emotion_feature_set_find ("speech-1"), 16000, 1, &w, &error);
  g_assert_null (e);
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  g_clear_error (&error);
}

static void
test_finite_level (void)
{
  float *x = test_silence (16000);
  EmotionActivity a;
  x[8000] = 1e25f;
  g_free (test_vector_of (x, 16000, 16000, &a));
  g_free (x);
  g_assert_true (isfinite (a.level));
}

static void
test_save_what_loads_svm (void)
{
  EmotionClassifier *v = test_small_classifier_new (EMOTION_CLASSIFIER_SVM, 2);
  EmotionClassifierParts p = *emotion_classifier_get_parts (v);
  const guint zero[] = {0, 0};
  p.n_vectors = 0;
  p.vectors_per_label = zero;
  g_assert_null (emotion_classifier_new (&p, NULL));
  emotion_classifier_unref (v);
}

static void
test_save_what_loads_components (void)
{
  EmotionClassifier *v = test_small_classifier_new (EMOTION_CLASSIFIER_LINEAR, 2);
  EmotionClassifierParts p = *emotion_classifier_get_parts (v);
  p.n_components = 1475;
  p.projection = g_new0 (float, 1475 * 1474);
  p.weights = g_new0 (float, 2 * 1475);
  g_assert_null (emotion_classifier_new (&p, NULL));
  g_free ((gpointer)p.projection);
  g_free ((gpointer)p.weights);
  emotion_classifier_unref (v);
}

static void
test_save_what_loads (void)
{
  GError *error = NULL;
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 2);
  EmotionClassifier *classifiers[17];
  double fusion[17];
  for (guint i = 0; i < 17; i++)
    classifiers[i] = parts->classifiers[0], fusion[i] = 1. / 17;
  EmotionModelParts many = *parts;
  many.classifiers = classifiers, many.fusion = fusion, many.n_classifiers = 17;
  g_assert_null (emotion_model_new (&many, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  g_clear_error (&error);
  test_small_parts_free (parts);
}

static void
test_save_what_loads_min_window (void)
{
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 2);
  parts->windowing.min_window = 61 * TEST_SECOND;
  g_assert_null (emotion_model_new (parts, NULL));
  test_small_parts_free (parts);
}

static void
test_softmax (void)
{
  double x[] = {DBL_MAX, -DBL_MAX};
  emotion_log_softmax (x, 2, 1);
  g_assert_true (isfinite (x[0]) && isfinite (x[1]));
}

static void
test_softmax_temperature (void)
{
  double x[] = {1, 0};
  emotion_log_softmax (x, 2, DBL_MIN);
  g_assert_true (isfinite (x[0]) && isfinite (x[1]));
}

static void
pitch_at (double hz)
{
  EmotionPitch *p = emotion_pitch_new ();
  EmotionPitchFrame f;
  float *x = test_tone (16000, EMOTION_PITCH_SPAN, hz, 0.5, 0.2);
  emotion_pitch_analyse (p, x, &f);
  g_test_message ("%g Hz: best candidate %g Hz, strength %g", hz, exp2 (f.candidates[0].octave),
                  f.candidates[0].strength);
  g_assert_cmpfloat_with_epsilon (f.candidates[0].octave, log2 (hz), 0.03);
  emotion_pitch_free (p);
  g_free (x);
}

static void
test_pitch_low (void)
{
  pitch_at (60);
}

static void
test_pitch_high (void)
{
  pitch_at (550);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
#define T(n) g_test_add_func ("/limits/" #n, test_##n)
  T (nul_tail);
  T (empty_early_windows);
  T (finite_level);
  T (save_what_loads_svm);
  T (save_what_loads_components);
  T (save_what_loads);
  T (save_what_loads_min_window);
  T (softmax);
  T (softmax_temperature);
  T (pitch_low);
  T (pitch_high);
  T (empty_bytes);
  T (no_early_windows);
  return g_test_run ();
}
