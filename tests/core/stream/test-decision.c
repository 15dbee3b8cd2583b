/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/stream/decision.h"

#include <math.h>

#include "tests/core/models.h"

enum { N_LABELS = 3, NONE = -1 };

#define CONFIDENCE 0.5 /* the threshold unless a test gives another */

static const EmotionThresholds of_model = {NAN, NAN, NAN};
static const EmotionActivity speech = {.n_frames = 100, .n_speech = 80, .level = -20};
static const EmotionActivity silence = {.n_frames = 100, .n_speech = 0, .level = -80};

/* The given probability for the label, the rest divided among the others. */
typedef struct {
  double of[N_LABELS];
} Posteriors;

static Posteriors
sure_of (guint label, double posterior)
{
  Posteriors p;
  for (guint i = 0; i < N_LABELS; i++)
    p.of[i] = i == label ? posterior : (1 - posterior) / (N_LABELS - 1);
  return p;
}

static EmotionDecision *
new_decision (double confidence, EmotionDecisionConfig config)
{
  const EmotionThresholds thresholds = {
      .confidence = confidence, .min_speech_ratio = 0.25, .silence = -50};
  EmotionModel *model = test_small_model_new (N_LABELS, &thresholds);
  config.thresholds = of_model;
  EmotionDecision *decision = emotion_decision_new (model, &config);
  emotion_model_unref (model); /* the decision has its own reference */
  return decision;
}

static EmotionPrediction
update (EmotionDecision *decision, Posteriors posteriors, const EmotionActivity *activity,
        double time)
{
  EmotionPrediction prediction;
  emotion_decision_update (decision, posteriors.of, activity, FALSE, time, &prediction);
  if (prediction.label == NONE)
    g_assert_cmpint (prediction.reason, !=, EMOTION_REASON_PREDICTED);
  else
    g_assert_cmpint (prediction.reason, ==, EMOTION_REASON_PREDICTED);
  return prediction;
}

/* Windows every 0.5 s, the first ending at 1 s, that give 0.6 to one of the labels 'a', 'b', 'c'
 * and 0.2 to the others, or 0.4 and 0.3 ('?'), or are silent ('-'); returns the predictions in the
 * same letters, '?' for low confidence. */
static char *
predictions_to (EmotionDecision *decision, const char *windows)
{
  GString *predictions = g_string_new (NULL);
  for (guint i = 0; windows[i]; i++) {
    const char w = windows[i];
    Posteriors p = w == '?' ? sure_of (0, 0.4) : sure_of (w == '-' ? 0 : (guint)(w - 'a'), 0.6);
    EmotionPrediction prediction = update (decision, p, w == '-' ? &silence : &speech, 1 + 0.5 * i);
    char said = prediction.label >= 0 ? (char)('a' + prediction.label)
                : prediction.reason == EMOTION_REASON_LOW_CONFIDENCE ? '?'
                                                                     : '-';
    g_string_append_c (predictions, said);
  }
  return g_string_free (predictions, FALSE);
}

static void
assert_predictions (double confidence, double hold_time, const char *windows, const char *expected)
{
  EmotionDecision *decision =
      new_decision (confidence, (EmotionDecisionConfig){.hysteresis = 0.1, .hold_time = hold_time});
  char *predictions = predictions_to (decision, windows);
  g_assert_cmpstr (predictions, ==, expected);
  g_free (predictions);
  emotion_decision_free (decision);
}

static void
test_gates (void)
{
  const struct {
    EmotionActivity activity;
    double posterior;
    gint label;
    EmotionReason reason;
  } cases[] = {
      {{100, 80, -20}, 0.8, 1, EMOTION_REASON_PREDICTED},
      {{100, 80, -50.1}, 0.8, NONE, EMOTION_REASON_SILENCE},
      {{100, 0, -50.1}, 0.8, NONE, EMOTION_REASON_SILENCE}, /* before the other gates */
      {{100, 80, -50}, 0.8, 1, EMOTION_REASON_PREDICTED},
      {{100, 24, -20}, 0.8, NONE, EMOTION_REASON_NO_SPEECH},
      {{100, 25, -20}, 0.8, 1, EMOTION_REASON_PREDICTED},
      {{100, 24, -20}, 0.4, NONE, EMOTION_REASON_NO_SPEECH},
      {{100, 80, -20}, 0.49, NONE, EMOTION_REASON_LOW_CONFIDENCE},
      {{100, 80, -20}, 0.51, 1, EMOTION_REASON_PREDICTED},
  };
  EmotionDecision *decision =
      new_decision (CONFIDENCE, (EmotionDecisionConfig){.hysteresis = 0.1, .hold_time = 1});
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    emotion_decision_reset (decision);
    EmotionPrediction prediction =
        update (decision, sure_of (1, cases[i].posterior), &cases[i].activity, 1);
    g_assert_cmpint (prediction.label, ==, cases[i].label);
    g_assert_cmpint (prediction.reason, ==, cases[i].reason);
    /* The confidence is that of the best label when there is no prediction; uniform priors do not
     * change it. */
    g_assert_cmpfloat_with_epsilon (prediction.confidence, cases[i].posterior, 1e-9);
  }
  emotion_decision_free (decision);
  emotion_decision_free (NULL);
}

static void
test_first_and_last (void)
{
  assert_predictions (0.1, 1, "aaa", "aaa");     /* at once */
  assert_predictions (0.1, 1, "aa-", "aa-");     /* and off at once */
  assert_predictions (0.1, 1, "aa-bb", "aa-bb"); /* and on at once after a pause */
  assert_predictions (0.5, 1, "--?-b", "--?-b");
}

static void
test_hold_time (void)
{
  assert_predictions (0.1, 1, "aabbbb", "aaaabb"); /* leads since 2 s, 1 s later at 3 s */
  assert_predictions (0.1, 1, "abaabbaa", "aaaaaaaa");
  assert_predictions (0.1, 1, "abbabbb", "aaaaaab");
  assert_predictions (0.1, 1, "abcbcbc", "aaaaaaa"); /* two labels that alternate do not lead */
  assert_predictions (0.1, 1, "abccc", "aaaac");
  assert_predictions (0.1, 0, "abcab", "abcab");
  assert_predictions (0.1, 0.5, "abbaab", "aabbaa");
  assert_predictions (0.1, 3, "abbbbbbb", "aaaaaaab");
  assert_predictions (0.1, 1, "abb-bba", "aaa-bbb"); /* a pause resets the leading label */
}

/* A label below the confidence threshold is no prediction, but it is replaced by another one only
 * after the hold time, or once no label has reached the threshold for that long. */
static void
test_disbelief (void)
{
  assert_predictions (0.5, 3, "aab", "aa?");
  assert_predictions (0.5, 1, "aabbba", "aa??b?");
  assert_predictions (0.5, 1, "aabab", "aa?a?");
  assert_predictions (0.5, 3, "a?aa??a", "a?aa??a");
  assert_predictions (0.5, 3, "a?b-??c",
                      "a??"
                      "-??c");
  assert_predictions (0.5, 1, "a???b", "a???b");
  assert_predictions (0.5, 1, "a??b", "a???");
  assert_predictions (0.19, 1, "abbb", "aaab");
  assert_predictions (0.21, 1, "abbb", "a??b");
}

/* With many labels all posteriors are low; hysteresis and hold time still stabilise the
 * predictions. */
static void
test_low_confidence (void)
{
  static const struct {
    double hysteresis, hold_time;
    guint most_labels; /* upper bound of the changes of label in 200 windows */
  } cases[] = {{0, 0, 200}, {0.9, 0, 1}, {0, 60, 2}, {0.9, 60, 1}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    EmotionDecision *decision =
        new_decision (0.35, (EmotionDecisionConfig){.hysteresis = cases[i].hysteresis,
                                                    .hold_time = cases[i].hold_time});
    guint n_changes = 0;
    gint last = NONE;
    for (guint k = 0; k < 200; k++) { /* 0.5 s each; after 50 s one label stays */
      EmotionPrediction prediction =
          update (decision, sure_of (k < 100 ? k % N_LABELS : 2, 0.4), &speech, 1 + 0.5 * k);
      if (prediction.label != NONE && prediction.label != last) {
        last = prediction.label;
        n_changes++;
      }
    }
    g_assert_cmpuint (n_changes, <=, cases[i].most_labels);
    if (cases[i].hysteresis <= 0 && cases[i].hold_time <= 0)
      g_assert_cmpuint (n_changes, >=, 100);
    emotion_decision_free (decision);
  }
}

/* A lead of less than the hysteresis does not count. */
static void
test_hysteresis (void)
{
  static const struct {
    double hysteresis, contender, current;
    gint label;
  } cases[] = {{0.1, 0.52, 0.44, 0}, {0.1, 0.55, 0.44, 1}, {0, 0.501, 0.499, 1},
               {0.5, 0.74, 0.25, 0}, {0.5, 0.76, 0.24, 1}, {1, 0.99, 0.01, 0}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const EmotionDecisionConfig config = {.hysteresis = cases[i].hysteresis, .hold_time = 1};
    EmotionDecision *decision = new_decision (0, config);
    EmotionPrediction prediction = update (decision, sure_of (0, 0.8), &speech, 1);
    const double rest = 1 - cases[i].contender - cases[i].current;
    const Posteriors p = {{cases[i].current, cases[i].contender, rest}};
    for (guint k = 0; k < 10; k++)
      prediction = update (decision, p, &speech, 2 + 0.5 * k);
    g_assert_cmpint (prediction.label, ==, cases[i].label);
    g_assert_cmpfloat_with_epsilon (prediction.confidence, p.of[cases[i].label], 1e-9);
    emotion_decision_free (decision);
  }
}

/* After t seconds of a step, the old log-posteriors have the weight exp (-t / smoothing). */
static void
test_smoothing (void)
{
  static const double steps[] = {0.1, 0.25, 0.5, 1};
  const double smoothing = 2, a = 0.9;
  for (guint s = 0; s < G_N_ELEMENTS (steps); s++) {
    EmotionDecision *decision =
        new_decision (CONFIDENCE, (EmotionDecisionConfig){.smoothing = smoothing});
    EmotionPrediction prediction = update (decision, sure_of (0, a), &speech, 3);
    g_assert_cmpfloat_with_epsilon (prediction.confidence, a, 1e-9);
    for (guint i = 1; i * steps[s] <= 4.01; i++) {
      double t = i * steps[s], keep = exp (-t / smoothing), sum = 0, expected[N_LABELS];
      Posteriors old = sure_of (0, a), new = sure_of (1, a);
      for (guint k = 0; k < N_LABELS; k++)
        sum += expected[k] = pow (old.of[k], keep) * pow (new.of[k], 1 - keep);
      prediction = update (decision, new, &speech, 3 + t);
      double best = MAX (expected[0], expected[1]) / sum;
      g_assert_cmpfloat_with_epsilon (prediction.confidence, best, 1e-9);
      if (best > CONFIDENCE)
        g_assert_cmpint (prediction.label, ==, expected[1] > expected[0]);
    }
    emotion_decision_free (decision);
  }
}

/* Nothing is carried over a pause, nor from impossible posteriors. */
static void
test_smoothing_edges (void)
{
  EmotionDecision *decision = new_decision (CONFIDENCE, (EmotionDecisionConfig){.smoothing = 1000});
  update (decision, sure_of (0, 0.9), &speech, 1);
  EmotionPrediction prediction = update (decision, sure_of (1, 0.9), &speech, 2);
  g_assert_cmpint (prediction.label, ==, 0);
  update (decision, sure_of (0, 0.9), &silence, 3);
  prediction = update (decision, sure_of (1, 0.9), &speech, 4);
  g_assert_cmpint (prediction.label, ==, 1);
  g_assert_cmpfloat_with_epsilon (prediction.confidence, 0.9, 1e-9);
  const Posteriors certain = {{0, 1, 0}};
  prediction = update (decision, certain, &speech, 5);
  g_assert_true (isfinite (prediction.confidence));
  g_assert_cmpint (prediction.label, ==, 1);
  emotion_decision_free (decision);
}

/* A threshold in the configuration overrides the model's. */
static void
test_thresholds (void)
{
  static const struct {
    EmotionThresholds thresholds;
    EmotionReason reason;
  } cases[] = {{{NAN, NAN, NAN}, EMOTION_REASON_PREDICTED},
               {{0.81, NAN, NAN}, EMOTION_REASON_LOW_CONFIDENCE},
               {{0.79, NAN, NAN}, EMOTION_REASON_PREDICTED},
               {{NAN, 0.81, NAN}, EMOTION_REASON_NO_SPEECH},
               {{NAN, 0.8, NAN}, EMOTION_REASON_PREDICTED},
               {{NAN, NAN, -19}, EMOTION_REASON_SILENCE},
               {{NAN, NAN, -21}, EMOTION_REASON_PREDICTED},
               {{0.9, 0.9, -10}, EMOTION_REASON_SILENCE}};
  EmotionDecision *decision = new_decision (CONFIDENCE, (EmotionDecisionConfig){0});
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    EmotionDecisionConfig config = {.thresholds = cases[i].thresholds};
    emotion_decision_configure (decision, &config);
    EmotionPrediction prediction = update (decision, sure_of (1, 0.8), &speech, 1 + i);
    g_assert_cmpint (prediction.reason, ==, cases[i].reason);
  }
  emotion_decision_free (decision);
}

/* Bayes' rule for priors of any sum; equal priors change nothing. */
static void
test_priors (void)
{
  static const double priors[][N_LABELS] = {
      {1, 1, 1}, {0.7, 0.15, 0.15}, {7, 1.5, 1.5}, {0.2, 0.8, 0}, {0, 0, 1}};
  const Posteriors posteriors = {{0.5, 0.3, 0.2}};
  EmotionDecision *decision = new_decision (0, (EmotionDecisionConfig){0});
  for (guint i = 0; i < G_N_ELEMENTS (priors); i++) {
    EmotionDecisionConfig config = {.thresholds = of_model, .n_priors = N_LABELS};
    double sum = 0, best = 0;
    gint label = 0;
    for (guint k = 0; k < N_LABELS; k++) {
      config.priors[k] = priors[i][k];
      sum += posteriors.of[k] * priors[i][k];
    }
    for (guint k = 0; k < N_LABELS; k++)
      if (posteriors.of[k] * priors[i][k] / sum > best) {
        best = posteriors.of[k] * priors[i][k] / sum;
        label = (gint)k;
      }
    emotion_decision_configure (decision, &config);
    EmotionPrediction prediction = update (decision, posteriors, &speech, 1 + i);
    g_assert_cmpint (prediction.label, ==, label);
    g_assert_cmpfloat_with_epsilon (prediction.confidence, best, 1e-9);
  }

  /* If the priors exclude every label that a window allows, its own posteriors are used. */
  const Posteriors certain = {{1, 0, 0}};
  EmotionPrediction prediction = update (decision, certain, &speech, 10);
  g_assert_cmpint (prediction.label, ==, 0);
  g_assert_cmpfloat_with_epsilon (prediction.confidence, 1, 1e-9);
  emotion_decision_free (decision);
}

/* Values that the configuration leaves unset come from the model; each can be overridden. */
static void
test_model_defaults (void)
{
  const float priors[N_LABELS] = {0.2f, 0.5f, 0.3f};
  const EmotionDecisionDefaults defaults = {1.5, 0.3, 2, priors};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, N_LABELS);
  EmotionModel *plain = emotion_model_new (parts, NULL);
  parts->decision = &defaults;
  EmotionModel *own = emotion_model_new (parts, NULL);
  for (guint overridden = 0; overridden < 5; overridden++) {
    EmotionDecisionConfig config, explicit = {1.5, 0.3, 2, of_model, N_LABELS, {0.2f, 0.5f, 0.3f}};
    emotion_decision_config_init (&config);
    if (overridden == 1)
      config.smoothing = explicit.smoothing = 0;
    if (overridden == 2)
      config.hysteresis = explicit.hysteresis = 0;
    if (overridden == 3)
      config.hold_time = explicit.hold_time = 0;
    if (overridden == 4) { /* equal priors */
      config.n_priors = N_LABELS;
      for (guint k = 0; k < N_LABELS; k++)
        config.priors[k] = explicit.priors[k] = 1;
    }
    EmotionDecision *a = emotion_decision_new (own, &config);
    EmotionDecision *b = emotion_decision_new (plain, &explicit);
    for (guint i = 0; i < 60; i++) {
      const Posteriors p = sure_of (i / 7 % N_LABELS, 0.4 + 0.01 * (i % 30));
      EmotionPrediction of_a = update (a, p, &speech, 1 + 0.5 * i);
      EmotionPrediction of_b = update (b, p, &speech, 1 + 0.5 * i);
      g_assert_cmpint (of_a.label, ==, of_b.label);
      g_assert_cmpfloat (of_a.confidence, ==, of_b.confidence);
    }
    emotion_decision_free (a);
    emotion_decision_free (b);
  }
  emotion_model_unref (plain);
  emotion_model_unref (own);
  test_small_parts_free (parts);
}

/* A new configuration keeps the smoothed scores and the last prediction. */
static void
test_configure (void)
{
  EmotionDecisionConfig config = {.thresholds = of_model, .hysteresis = 1, .hold_time = 100};
  EmotionDecision *decision = new_decision (0, config);
  update (decision, sure_of (0, 0.9), &speech, 1);
  update (decision, sure_of (1, 0.9), &speech, 2);
  config.hysteresis = 0.1;
  emotion_decision_configure (decision, &config);
  EmotionPrediction prediction = update (decision, sure_of (1, 0.9), &speech, 3);
  g_assert_cmpint (prediction.label, ==, 0); /* held by the hold time */
  config.hold_time = 0;
  config.smoothing = 1;
  emotion_decision_configure (decision, &config);
  prediction = update (decision, sure_of (1, 0.9), &speech, 3.01);
  g_assert_cmpint (prediction.label, ==, 1);
  prediction = update (decision, sure_of (2, 0.9), &speech, 3.02);
  g_assert_cmpint (prediction.label, ==, 1); /* the mean over the previous second */
  emotion_decision_free (decision);
}

static void
test_reset (void)
{
  const EmotionDecisionConfig config = {.smoothing = 1, .hysteresis = 0.1, .hold_time = 1};
  EmotionDecision *fresh = new_decision (0.3, config), *used = new_decision (0.3, config);
  g_free (predictions_to (used, "aabbcc?-ab"));
  emotion_decision_reset (used);
  for (guint i = 0; i < 20; i++) {
    Posteriors p = sure_of (i / 3 % N_LABELS, 0.4 + 0.02 * i);
    EmotionPrediction a = update (fresh, p, &speech, 1 + 0.5 * i);
    EmotionPrediction b = update (used, p, &speech, 1 + 0.5 * i);
    g_assert_cmpint (a.label, ==, b.label);
    g_assert_cmpint (a.reason, ==, b.reason);
    g_assert_cmpfloat (a.confidence, ==, b.confidence);
  }
  emotion_decision_free (fresh);
  emotion_decision_free (used);
}

static void
test_config (void)
{
  EmotionDecisionConfig config;
  emotion_decision_config_init (&config);
  g_assert_true (isnan (config.smoothing) && isnan (config.hysteresis) && isnan (config.hold_time));
  g_assert_cmpuint (config.n_priors, ==, 0);
  g_assert_true (isnan (config.thresholds.confidence) && isnan (config.thresholds.silence) &&
                 isnan (config.thresholds.min_speech_ratio));
  g_assert_cmpstr (emotion_reason_to_string (EMOTION_REASON_PREDICTED), ==, "answered");
  g_assert_cmpstr (emotion_reason_to_string (EMOTION_REASON_SILENCE), ==, "silence");
  g_assert_cmpstr (emotion_reason_to_string (EMOTION_REASON_NO_SPEECH), ==, "no-speech");
  g_assert_cmpstr (emotion_reason_to_string (EMOTION_REASON_OUT_OF_DISTRIBUTION), ==,
                   "out-of-distribution");
  g_assert_cmpstr (emotion_reason_to_string (EMOTION_REASON_LOW_CONFIDENCE), ==, "low-confidence");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decision/gates", test_gates);
  g_test_add_func ("/decision/first-and-last", test_first_and_last);
  g_test_add_func ("/decision/hold-time", test_hold_time);
  g_test_add_func ("/decision/disbelief", test_disbelief);
  g_test_add_func ("/decision/low-confidence", test_low_confidence);
  g_test_add_func ("/decision/hysteresis", test_hysteresis);
  g_test_add_func ("/decision/smoothing", test_smoothing);
  g_test_add_func ("/decision/smoothing-edges", test_smoothing_edges);
  g_test_add_func ("/decision/thresholds", test_thresholds);
  g_test_add_func ("/decision/priors", test_priors);
  g_test_add_func ("/decision/model-defaults", test_model_defaults);
  g_test_add_func ("/decision/configure", test_configure);
  g_test_add_func ("/decision/reset", test_reset);
  g_test_add_func ("/decision/config", test_config);
  return g_test_run ();
}
