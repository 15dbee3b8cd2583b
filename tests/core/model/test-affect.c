/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/model/affect.h"

#include "core/model/model.h"
#include "tests/core/models.h"

static EmotionModel *
model_of (const char *const *labels, guint n_labels)
{
  GError *error = NULL;
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, n_labels);
  const char *const *own = parts->labels;
  parts->labels = labels;
  EmotionModel *model = emotion_model_new (parts, &error);
  g_assert_no_error (error);
  parts->labels = own;
  test_small_parts_free (parts);
  return model;
}

static void
test_places (void)
{
  static const char *const labels[] = {"angry",   "boredom", "calm",       "disgust",
                                       "excited", "fearful", "frustrated", "happy",
                                       "neutral", "sad",     "surprised"};
  EmotionAffect affect, angry, sad, happy, calm;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    g_assert_true (emotion_affect_find (labels[i], &affect));
    g_assert_true (affect.valence >= -1 && affect.valence <= 1);
    g_assert_true (affect.arousal >= -1 && affect.arousal <= 1);
  }
  /* One label in each quadrant. */
  g_assert_true (emotion_affect_find ("angry", &angry) && emotion_affect_find ("sad", &sad) &&
                 emotion_affect_find ("happy", &happy) && emotion_affect_find ("calm", &calm));
  g_assert_true (angry.valence < 0 && angry.arousal > 0 && sad.valence < 0 && sad.arousal < 0);
  g_assert_true (happy.valence > 0 && happy.arousal > 0 && calm.valence > 0 && calm.arousal < 0);
  g_assert_true (emotion_affect_find ("anger", &affect) && affect.valence == angry.valence);
  g_assert_false (emotion_affect_find ("an", &affect));
  g_assert_false (emotion_affect_find ("label0", &affect));
}

/* The expectation over the labels' posteriors, or none if a label has no place. */
static void
test_expectation (void)
{
  static const char *const known[] = {"happy", "neutral", "sad", NULL};
  static const char *const unknown[] = {"happy", "other", NULL};
  const double posteriors[] = {0.5, 0.3, 0.2};
  EmotionAffect affect, happy, sad;
  EmotionModel *model = model_of (known, 3), *without = model_of (unknown, 2);
  g_assert_true (emotion_affect_find ("happy", &happy) && emotion_affect_find ("sad", &sad));
  g_assert_true (emotion_model_rate_affect (model, posteriors, &affect));
  g_assert_cmpfloat_with_epsilon (affect.valence, 0.5 * happy.valence + 0.2 * sad.valence, 1e-12);
  g_assert_cmpfloat_with_epsilon (affect.arousal, 0.5 * happy.arousal + 0.2 * sad.arousal, 1e-12);
  g_assert_false (emotion_model_rate_affect (without, posteriors, &affect));
  emotion_model_unref (model);
  emotion_model_unref (without);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/affect/places", test_places);
  g_test_add_func ("/affect/expectation", test_expectation);
  return g_test_run ();
}
