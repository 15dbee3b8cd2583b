/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties that turn scores into a prediction. */
#include <glib/gstdio.h>
#include <gst/controller/controller.h>
#include <math.h>
#include <string.h>

#include "core/stream/decision.h"
#include "fixture.h"

#define RATE 16000
#define N_LABELS 4

static const char *const labels[N_LABELS] = {"angry", "happy", "neutral", "sad"};

/* A sound with several predictions. */
static Fixture *
play (const char *property, ...)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  va_list arguments;
  va_start (arguments, property);
  if (property != NULL)
    g_object_set_valist (G_OBJECT (fixture->element), property, arguments);
  va_end (arguments);
  fixture->restless = TRUE;
  fixture_push (fixture, 12000, 160, 0);
  fixture_push_eos (fixture);
  return fixture;
}

static guint
count_predictions (Fixture *fixture, const char *field, const char *value)
{
  guint n = 0;
  for (guint i = 0; i < fixture->windows->len; i++)
    n += g_strcmp0 (gst_structure_get_string (g_ptr_array_index (fixture->windows, i), field),
                    value) == 0;
  return n;
}

/* The value of a label in the summary. */
static double
summary_score (Fixture *fixture, const char *label)
{
  double score;
  const GstStructure *scores = gst_value_get_structure (
      gst_structure_get_value (g_ptr_array_index (fixture->summaries, 0), "scores"));
  fail_unless (gst_structure_get_double (scores, label, &score));
  return score;
}

/* Fails unless the predictions are those that core derives from the scores with `config`. */
static void
assert_decided (Fixture *fixture, const EmotionDecisionConfig *config)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_load (fixture_model (), &error);
  fail_unless (model != NULL);
  EmotionDecision *decision = emotion_decision_new (model, config);
  for (guint i = 0; i < fixture->windows->len; i++) {
    const GstStructure *message = g_ptr_array_index (fixture->windows, i);
    const GstStructure *scores =
        gst_value_get_structure (gst_structure_get_value (message, "scores"));
    const EmotionActivity activity = {
        .n_frames = 1000000,
        .n_speech = (guint)lrint (1e6 * fixture_number (fixture->windows, i, "speech-ratio")),
        .level = fixture_number (fixture->windows, i, "level"),
    };
    guint64 end = fixture_time (fixture->windows, i, "timestamp") +
                  fixture_time (fixture->windows, i, "duration");
    double posteriors[N_LABELS];
    EmotionPrediction prediction;
    for (guint k = 0; k < N_LABELS; k++)
      fail_unless (gst_structure_get_double (scores, labels[k], &posteriors[k]));
    emotion_decision_update (decision, posteriors, &activity, FALSE, (double)end / GST_SECOND,
                             &prediction);
    fail_unless_equals_string (fixture_string (fixture->windows, i, "emotion"),
                               prediction.label < 0 ? "none" : labels[prediction.label]);
    fail_unless_equals_float (fixture_number (fixture->windows, i, "confidence"),
                              prediction.confidence);
    if (prediction.label < 0)
      fail_unless_equals_string (fixture_string (fixture->windows, i, "reason"),
                                 emotion_reason_to_string (prediction.reason));
  }
  emotion_decision_free (decision);
  emotion_model_unref (model);
}

/* The utterance-level decision is independent of these properties except the priors, which derive
 * its confidence from the same scores. */
static void
assert_summary (Fixture *fixture, Fixture *plain, const EmotionDecisionConfig *config)
{
  const char *prediction = fixture_string (plain->summaries, 0, "emotion");
  double expected = fixture_number (plain->summaries, 0, "confidence");
  const double score = summary_score (plain, prediction);
  fail_unless_equals_string (fixture_string (fixture->summaries, 0, "emotion"), prediction);
  fail_unless_equals_float (summary_score (fixture, prediction), score);
  if (config->n_priors > 0) {
    double sum = 0;
    for (guint k = 0; k < N_LABELS; k++)
      sum += config->priors[k] * summary_score (plain, labels[k]);
    for (guint k = 0; k < N_LABELS; k++)
      if (g_str_equal (labels[k], prediction))
        expected = config->priors[k] * score / sum;
    fail_unless (fabs (expected - score) > 1e-5);
  }
  fail_unless (fabs (fixture_number (fixture->summaries, 0, "confidence") - expected) < 1e-9);
}

/* Each property separately, with a value that makes a difference. */
GST_START_TEST (test_each_property)
{
  static const struct {
    const char *property, *value;
    EmotionDecisionConfig config;
  } cases[] = {
      {"threshold", "0.7", {0, 0.1, 1, {0.7, NAN, NAN}, 0, {0}}},
      {"hysteresis", "0.9", {0, 0.9, 1, {NAN, NAN, NAN}, 0, {0}}},
      {"hold-time", "0", {0, 0.1, 0, {NAN, NAN, NAN}, 0, {0}}},
      {"smoothing", "1500000000", {1.5, 0.1, 1, {NAN, NAN, NAN}, 0, {0}}},
      {"silence-threshold", "-20", {0, 0.1, 1, {NAN, NAN, -20}, 0, {0}}},
      {"min-speech-ratio", "0.8", {0, 0.1, 1, {NAN, 0.8, NAN}, 0, {0}}},
      {"priors", "priors,happy=0.01", {0, 0.1, 1, {NAN, NAN, NAN}, 4, {0.33, 0.01, 0.33, 0.33}}},
  };
  EmotionDecisionConfig preset;
  Fixture *plain = play (NULL);
  emotion_decision_config_init (&preset);
  assert_decided (plain, &preset);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Fixture *fixture = fixture_new_f32 (RATE, 1);
    gst_util_set_object_arg (G_OBJECT (fixture->element), cases[i].property, cases[i].value);
    fixture->restless = TRUE;
    fixture_push (fixture, 12000, 160, 0);
    fixture_push_eos (fixture);
    assert_decided (fixture, &cases[i].config);
    guint n_different = 0;
    for (guint k = 0; k < plain->windows->len; k++)
      n_different += !gst_structure_is_equal (g_ptr_array_index (plain->windows, k),
                                              g_ptr_array_index (fixture->windows, k));
    fail_unless (n_different > 0, "%s=%s changes nothing", cases[i].property, cases[i].value);
    assert_summary (fixture, plain, &cases[i].config);
    fixture_free (fixture);
  }
  fixture_free (plain);
}
GST_END_TEST

/* The special values for the model's own setting; the model's silence threshold is -60 dBFS. */
GST_START_TEST (test_of_model)
{
  Fixture *plain = play (NULL);
  Fixture *same =
      play ("threshold", -1., "silence-threshold", 1., "min-speech-ratio", -1., "hysteresis", -1.,
            "smoothing", GST_CLOCK_TIME_NONE, "hold-time", GST_CLOCK_TIME_NONE, NULL);
  fixture_assert_same (same, plain);
  fixture_free (same);
  fixture_free (plain);
}
GST_END_TEST

static double
get_fraction_of (const GstStructure *priors, const char *label)
{
  double fraction = -1;
  fail_unless (priors != NULL && gst_structure_has_name (priors, "priors"));
  gst_structure_get_double (priors, label, &fraction);
  return fraction;
}

static void
assert_same_predictions (Fixture *a, Fixture *b)
{
  fixture_collect (a);
  fixture_collect (b);
  fail_unless_equals_int (a->windows->len, b->windows->len);
  for (guint i = 0; i < a->windows->len; i++) {
    fail_unless_equals_string (fixture_string (a->windows, i, "emotion"),
                               fixture_string (b->windows, i, "emotion"));
    fail_unless (fabs (fixture_number (a->windows, i, "confidence") -
                       fixture_number (b->windows, i, "confidence")) < 1e-6);
  }
  fail_unless_equals_string (fixture_string (a->summaries, 0, "emotion"),
                             fixture_string (b->summaries, 0, "emotion"));
}

/* Without properties, windows and summary are decided as the model file says, and model-info
 * reports the settings. */
GST_START_TEST (test_model_defaults)
{
  char *path = g_build_filename (fixture_folder (), "careful.emotion", NULL);
  EmotionModel *model = emotion_model_load (fixture_model (), NULL);
  const float priors[N_LABELS] = {0.001f, 0.001f, 0.997f, 0.001f};
  const EmotionDecisionDefaults decision = {1.5, 0.2, 1.5, priors};
  EmotionModelParts parts = *emotion_model_get_parts (model);
  parts.decision = &decision;
  EmotionModel *careful = emotion_model_new (&parts, NULL);
  fail_unless (emotion_model_save (careful, path, NULL));

  Fixture *plain = play (NULL), *by_model = play ("model", path, NULL);
  GstStructure *info, *of_model, *equal = gst_structure_from_string ("priors", NULL);
  g_object_get (by_model->element, "model-info", &info, NULL);
  fail_unless (gst_structure_get (info, "priors", GST_TYPE_STRUCTURE, &of_model, NULL));
  fail_unless_equals_float (get_fraction_of (of_model, "neutral"), 0.997f);
  Fixture *by_properties = play ("priors", of_model, "smoothing", (guint64)1500 * GST_MSECOND,
                                 "hysteresis", 0.2, "hold-time", 1500 * GST_MSECOND, NULL);
  assert_same_predictions (by_model, by_properties);
  fail_if (count_predictions (by_model, "emotion", "neutral") ==
           count_predictions (plain, "emotion", "neutral"));

  Fixture *overridden = play ("model", path, "priors", equal, "smoothing", (guint64)0, "hysteresis",
                              0.1, "hold-time", GST_SECOND, NULL);
  assert_same_predictions (overridden, plain);
  Fixture *fixtures[] = {plain, by_model, by_properties, overridden};
  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    fixture_free (fixtures[i]);
  gst_structure_free (info);
  gst_structure_free (of_model);
  gst_structure_free (equal);
  emotion_model_unref (model);
  emotion_model_unref (careful);
  g_remove (path);
  g_free (path);
}
GST_END_TEST

/* Changed while playing, from the next result on, and back. */
GST_START_TEST (test_while_playing)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 1300, 160, 0);
  g_object_set (fixture->element, "threshold", 1., NULL);
  fixture_push (fixture, 1000, 160, 1300 * GST_MSECOND);
  g_object_set (fixture->element, "threshold", -1., "silence-threshold", 0., NULL);
  fixture_push (fixture, 500, 160, 2300 * GST_MSECOND);
  g_object_set (fixture->element, "silence-threshold", 1., NULL);
  fixture_push (fixture, 500, 160, 2800 * GST_MSECOND);
  g_object_set (fixture->element, "min-speech-ratio", 1., NULL);
  fixture->restless = TRUE;
  fixture->position = 5 * RATE / 2; /* a pause */
  fixture_push (fixture, 500, 160, 3300 * GST_MSECOND);
  fail_unless_equals_int (fixture_collect (fixture), 7);
  fail_if (gst_structure_has_field (g_ptr_array_index (fixture->windows, 1), "reason"));
  fail_unless_equals_string (fixture_string (fixture->windows, 2, "reason"), "low-confidence");
  fail_unless_equals_string (fixture_string (fixture->windows, 3, "reason"), "low-confidence");
  fail_unless_equals_string (fixture_string (fixture->windows, 4, "reason"), "silence");
  fail_if (gst_structure_has_field (g_ptr_array_index (fixture->windows, 5), "reason"));
  fail_unless_equals_string (fixture_string (fixture->windows, 6, "reason"), "no-speech");
  fixture_free (fixture);
}
GST_END_TEST

/* The same settings apply to a new model. */
GST_START_TEST (test_model_swap)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "silence-threshold", 0., NULL);
  fixture_push (fixture, 1300, 160, 0);
  g_object_set (fixture->element, "model", fixture_other_model (), NULL);
  fixture_push (fixture, 1500, 160, 1300 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (count_predictions (fixture, "reason", "silence"),
                          (int)fixture->windows->len);
  fail_unless (count_predictions (fixture, "model", "two.emotion") > 0);
  fixture_free (fixture);
}
GST_END_TEST

static double
get_fraction (GstElement *element, const char *label)
{
  GstStructure *priors;
  g_object_get (element, "priors", &priors, NULL);
  const double fraction = get_fraction_of (priors, label);
  gst_structure_free (priors);
  return fraction;
}

static void
set_priors (GstElement *element, const char *text)
{
  GstStructure *priors = text != NULL ? gst_structure_from_string (text, NULL) : NULL;
  g_object_set (element, "priors", priors, NULL);
  g_clear_pointer (&priors, gst_structure_free);
}

GST_START_TEST (test_priors)
{
  static const struct {
    const char *text, *words; /* part of the warning */
  } refused[] = {
      {"priors, neutral=1.5", "neutral"},
      {"priors, sad=-0.1", "sad"},
      {"priors, happy=much", "happy"},
      {"priors, neutral=0.6, sad=0.5", "sad"},
      {"priors, neutral=(double)nan", "neutral"},
  };
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  GstStructure *none;
  g_object_get (fixture->element, "priors", &none, NULL);
  fail_unless (none == NULL);

  set_priors (fixture->element, "priors, neutral=0.7, sad=0");
  fail_unless_equals_float (get_fraction (fixture->element, "neutral"), 0.7);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    set_priors (fixture->element, refused[i].text);
    fixture_collect (fixture);
    fail_unless_equals_int (fixture->warnings->len, i + 1);
    fail_unless (strstr (g_ptr_array_index (fixture->warnings, i), refused[i].words) != NULL);
    fail_unless_equals_float (get_fraction (fixture->element, "neutral"), 0.7); /* as before */
  }
  set_priors (fixture->element, NULL);
  g_object_get (fixture->element, "priors", &none, NULL);
  fail_unless (none == NULL);
  fixture_free (fixture);
}
GST_END_TEST

/* Impossible emotions are never predicted; a whole number is accepted as a number. */
GST_START_TEST (test_certain_priors)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  set_priors (fixture->element, "priors, neutral=1");
  fixture_push (fixture, 3000, 160, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_int (count_predictions (fixture, "emotion", "neutral"),
                          (int)fixture->windows->len);
  fixture_free (fixture);
}
GST_END_TEST

/* The warning names each label that the model lacks and skips it, whenever a model is set. */
GST_START_TEST (test_unknown_prior)
{
  Fixture *plain = play (NULL), *fixture = fixture_new_f32 (RATE, 1);
  set_priors (fixture->element, "priors, bored=0.7");
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_unless (strstr (g_ptr_array_index (fixture->warnings, 0), "bored") != NULL);
  fixture->restless = TRUE;
  fixture_push (fixture, 12000, 160, 0);
  fixture_push_eos (fixture);
  fixture_assert_same (fixture, plain);
  g_object_set (fixture->element, "model", fixture_other_model (), NULL);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 2);
  fixture_free (fixture);
  fixture_free (plain);
}
GST_END_TEST

/* A control source can change the threshold. */
GST_START_TEST (test_controlled)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  GstControlSource *source = gst_interpolation_control_source_new ();
  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source), 0, 0);
  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source), 2 * GST_SECOND, 1);
  fail_unless (gst_object_add_control_binding (
      GST_OBJECT (fixture->element), gst_direct_control_binding_new_absolute (
                                         GST_OBJECT (fixture->element), "threshold", source)));
  fixture_push (fixture, 4000, 160, 0);
  fixture_collect (fixture);
  for (guint i = 0; i < fixture->windows->len; i++) {
    guint64 end = fixture_time (fixture->windows, i, "timestamp") +
                  fixture_time (fixture->windows, i, "duration");
    fail_unless_equals_int (g_str_equal (fixture_string (fixture->windows, i, "emotion"), "none"),
                            end >= 2 * GST_SECOND); /* a result comes shortly after its window */
  }
  gst_object_unref (source);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
deciding_suite (void)
{
  Suite *suite = suite_create ("deciding");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_each_property);
  tcase_add_test (tests, test_of_model);
  tcase_add_test (tests, test_model_defaults);
  tcase_add_test (tests, test_while_playing);
  tcase_add_test (tests, test_model_swap);
  tcase_add_test (tests, test_priors);
  tcase_add_test (tests, test_certain_priors);
  tcase_add_test (tests, test_unknown_prior);
  tcase_add_test (tests, test_controlled);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (deciding)
