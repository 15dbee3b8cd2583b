/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"
#include "core/stream/adaptation.h"

#include <math.h>
#include <string.h>

#include "tests/core/models.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"

enum { N_LABELS = 3, RATE = 16000, FRAMES_A_SECOND = 100 };
#define PRIOR 2.0   /* s, of test_adaptive_model_new() */
#define MEMORY 60.0 /* s */
#define BLEND 3.0   /* s */

typedef struct {
  EmotionModel *model;
  EmotionAdaptation *adaptation;
  guint n_features;
  float *centre, *vector;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->n_features = emotion_feature_set_find ("speech-1")->n_features;
  f->centre = test_noise (f->n_features, 5, 1);
  f->vector = test_noise (f->n_features, 5, 2);
  f->model = test_adaptive_model_new (N_LABELS, f->centre, 0);
  f->adaptation = emotion_adaptation_new (f->model);
}

static void
tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  emotion_adaptation_free (f->adaptation);
  emotion_model_unref (f->model);
  g_free (f->centre);
  g_free (f->vector);
}

/* A window of `length` seconds with `speech` seconds of speech. */
static EmotionWindow
window_at (const Fixture *f, double start, double length, double speech)
{
  return (EmotionWindow){.start = (guint64)(start * RATE),
                         .length = (guint64)(length * RATE),
                         .activity = {.n_frames = (guint)(length * FRAMES_A_SECOND),
                                      .n_speech = (guint)lround (speech * FRAMES_A_SECOND)},
                         .vector = f->vector};
}

static const float *
update (Fixture *f, double start, double length, double speech, gboolean early)
{
  const float *centred;
  EmotionWindow window = window_at (f, start, length, speech);
  window.early = window.partial = early;
  emotion_adaptation_update (f->adaptation, &window, &centred);
  return centred;
}

/* Every number is the vector's deviation from the training centre, times `kept`. */
static void
assert_left (const Fixture *f, const float *centred, double kept)
{
  for (guint i = 0; i < f->n_features; i++) {
    double expected = kept * ((double)f->vector[i] - f->centre[i]);
    g_assert_cmpfloat_with_epsilon (centred[i], expected, 1e-5 * fabs (f->vector[i]) + 1e-6);
  }
}

/* The MAP mean: prior seconds of the training centre plus speech seconds of the stream. */
static void
test_prior (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  assert_left (f, update (f, 0, 3, 3, FALSE), PRIOR / (PRIOR + 3));
  double speech = 3 * exp (-3 / MEMORY) + 3;
  assert_left (f, update (f, 3, 3, 3, FALSE), PRIOR / (PRIOR + speech));
  g_assert_cmpfloat_with_epsilon (emotion_adaptation_get_speech (f->adaptation), speech, 1e-9);
}

/* Windows overlap, but each second of speech counts once. */
static void
test_overlap (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint k = 0; k < 4; k++)
    update (f, k, 3, 3, FALSE);
  double all_at_once = emotion_adaptation_get_speech (f->adaptation);
  g_assert_cmpfloat (all_at_once, <, 6); /* a little is forgotten */
  g_assert_cmpfloat (all_at_once, >, 6 * exp (-6 / MEMORY));
  update (f, 3, 3, 3, FALSE); /* nothing new */
  g_assert_cmpfloat (emotion_adaptation_get_speech (f->adaptation), ==, all_at_once);
}

static void
test_no_speech (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  assert_left (f, update (f, 0, 3, 0, FALSE), 1);
  g_assert_cmpfloat (emotion_adaptation_get_speech (f->adaptation), ==, 0);
  double before = PRIOR / (PRIOR + 3);
  assert_left (f, update (f, 3, 3, 3, FALSE), before);
  assert_left (f, update (f, 6, 3, 0, FALSE), before); /* a pause forgets nothing */
}

/* Early windows use their own speech, which the full window then counts again. */
static void
test_early (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  assert_left (f, update (f, 0, 1, 1, TRUE), PRIOR / (PRIOR + 1));
  assert_left (f, update (f, 0, 2, 2, TRUE), PRIOR / (PRIOR + 2));
  g_assert_cmpfloat (emotion_adaptation_get_speech (f->adaptation), ==, 0);
  assert_left (f, update (f, 0, 3, 3, FALSE), PRIOR / (PRIOR + 3));
}

/* After a change of speaker the centre follows; the old speaker fades with the memory. */
static void
test_memory (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  float *other = test_noise (f->n_features, 5, 3), *first = f->vector;
  for (guint k = 0; k < 10; k++)
    update (f, 3.0 * k, 3, 3, FALSE);
  f->vector = other;
  const float *centred = NULL;
  for (guint k = 10; k < 510; k++)
    centred = update (f, 3.0 * k, 3, 3, FALSE);
  double weight = emotion_adaptation_get_speech (f->adaptation);
  g_assert_cmpfloat (weight, <, MEMORY + 3); /* bounded, however long the stream */
  assert_left (f, centred, PRIOR / (PRIOR + weight));
  f->vector = first;
  g_free (other);
}

static void
test_fraction (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const float *centred;
  EmotionWindow silent = window_at (f, 0, 3, 0), speech = window_at (f, 3, 3, 3);
  g_assert_cmpfloat (emotion_adaptation_update (f->adaptation, &silent, &centred), ==, 0);
  g_assert_cmpfloat_with_epsilon (emotion_adaptation_update (f->adaptation, &speech, &centred),
                                  3 / (3 + BLEND), 1e-9);
}

static void
test_forget (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  update (f, 0, 3, 3, FALSE);
  emotion_adaptation_forget (f->adaptation);
  assert_left (f, update (f, 1, 3, 3, FALSE), PRIOR / (PRIOR + 1)); /* 1 s is new */
  emotion_adaptation_forget (f->adaptation);
  emotion_adaptation_restart (f->adaptation);
  assert_left (f, update (f, 0, 3, 3, FALSE), PRIOR / (PRIOR + 3));
}

static void
test_inherit (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  EmotionAdaptation *next = emotion_adaptation_new (f->model);
  const float *centred;
  EmotionWindow window = window_at (f, 0, 3, 3);
  update (f, 0, 3, 3, FALSE);
  emotion_adaptation_inherit (next, f->adaptation);
  emotion_adaptation_update (next, &window, &centred);
  assert_left (f, centred, PRIOR / (PRIOR + 3 * exp (-3 / MEMORY) + 3));
  emotion_adaptation_free (next);
}

/* The scores of the first window of `stream`. */
static void
first_scores (EmotionDetector *detector, const float *stream, gsize n, double *scores)
{
  EmotionResult result;
  for (gsize done = 0; done < n;)
    done += emotion_detector_push (detector, stream + done, n - done);
  if (!emotion_detector_pull (detector, &result)) {
    emotion_detector_finish (detector);
    g_assert_true (emotion_detector_pull (detector, &result));
  }
  memcpy (scores, result.scores, N_LABELS * sizeof *scores);
  while (emotion_detector_pull (detector, &result))
    ;
}

static gboolean
same (const double *a, const double *b)
{
  return memcmp (a, b, N_LABELS * sizeof *a) == 0;
}

/* The state that a detector keeps from clip to clip, and the state that it does not. */
static void
test_detector (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const gsize n = RATE / 2;
  float *stream = test_vowel (RATE, n);
  double fresh[N_LABELS], scores[N_LABELS], off[N_LABELS], raw[EMOTION_MAX_LABELS];
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  EmotionDetector *detector = emotion_detector_new (f->model, &config, NULL);
  first_scores (detector, stream, n, fresh);
  emotion_detector_begin_clip (detector); /* the adaptation stays */
  first_scores (detector, stream, n, scores);
  g_assert_false (same (fresh, scores));
  emotion_detector_begin_clip (detector);
  emotion_detector_reset_adaptation (detector);
  first_scores (detector, stream, n, scores);
  g_assert_true (same (fresh, scores));
  emotion_detector_reset (detector);
  first_scores (detector, stream, n, scores);
  g_assert_true (same (fresh, scores));
  emotion_detector_reset (detector);
  emotion_detector_set_adaptation (detector, FALSE);
  first_scores (detector, stream, n, off);
  g_assert_false (same (fresh, off));

  /* Switched off, the prediction is that of the raw classifier alone. */
  float *vector = test_vector_of (stream, n, RATE, NULL);
  double *scratch = g_new (double, emotion_model_get_scratch (f->model));
  emotion_model_score (f->model, vector, scratch, raw);
  emotion_model_calibrate (f->model, EMOTION_CALIBRATE_WINDOW, raw, raw);
  g_assert_true (same (raw, off));
  g_free (scratch);
  g_free (vector);
  g_free (stream);
  emotion_detector_free (detector);
}

/* A model with centred classifiers only then centres on the training mean. */
static void
test_centred_only (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const gboolean centred_classifiers[] = {TRUE};
  GError *error = NULL;
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, N_LABELS);
  EmotionModel *plain = emotion_model_new (parts, NULL);
  parts->adaptation = emotion_model_get_parts (f->model)->adaptation;
  parts->adaptation.centred = centred_classifiers;
  EmotionModel *model = emotion_model_new (parts, &error);
  g_assert_no_error (error);
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  double scores[EMOTION_MAX_LABELS], expected[EMOTION_MAX_LABELS];
  float *centred = g_new (float, f->n_features);
  for (guint i = 0; i < f->n_features; i++)
    centred[i] = f->vector[i] - f->centre[i];
  emotion_model_score (plain, centred, scratch, expected);
  emotion_model_score (model, f->vector, scratch, scores);
  g_assert_true (same (scores, expected));
  emotion_model_score_adapted (model, f->vector, centred, 0, scratch, scores);
  g_assert_true (same (scores, expected));
  g_free (centred);
  g_free (scratch);
  emotion_model_unref (model);
  emotion_model_unref (plain);
  test_small_parts_free (parts);
}

/* The centre is the mean of the vectors minus the expected label offsets, weighted by the
 * posteriors and by the labels' prior probabilities. */
static void
test_emotion (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const guint feature = test_feature ("log_energy_mean");
  const float *centred, *offsets;
  const double fraction = 0.5;
  double posteriors[EMOTION_MAX_LABELS], expected = 0;
  EmotionModel *model = test_adaptive_model_new (N_LABELS, f->centre, fraction);
  EmotionAdaptation *adaptation = emotion_adaptation_new (model);
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  EmotionWindow window = window_at (f, 0, 3, 3);
  offsets = emotion_model_get_parts (model)->adaptation.offsets;
  float *x = g_new (float, f->n_features);
  for (guint i = 0; i < f->n_features; i++)
    x[i] = f->vector[i] - f->centre[i];
  const float whole = x[feature];
  for (guint turn = 0; turn < 2; turn++) {
    double emotion = 0, sum = 0;
    emotion_model_score_adapted (model, f->vector, x, 1, scratch, posteriors);
    for (guint k = 0; k < N_LABELS; k++)
      sum += posteriors[k] = (k == 0 ? 3 : 1) * exp (posteriors[k]);
    for (guint k = 0; k < N_LABELS; k++)
      emotion += fraction * posteriors[k] / sum * offsets[(gsize)k * f->n_features + feature];
    expected = whole - 3 * (whole - emotion) / (PRIOR + 3);
    for (guint i = 0; i < f->n_features; i++)
      x[i] = (f->vector[i] - f->centre[i]) * (float)(PRIOR / (PRIOR + 3));
    x[feature] = (float)expected;
  }
  emotion_adaptation_update (adaptation, &window, &centred);
  g_assert_cmpfloat_with_epsilon (centred[feature], expected, 1e-5);
  g_assert_cmpfloat (fabs (expected - whole * PRIOR / (PRIOR + 3)), >, 1e-3); /* it matters */
  g_free (x);
  g_free (scratch);
  emotion_adaptation_free (adaptation);
  emotion_model_unref (model);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
      {"/adaptation/prior", test_prior},
      {"/adaptation/overlap", test_overlap},
      {"/adaptation/no-speech", test_no_speech},
      {"/adaptation/early", test_early},
      {"/adaptation/memory", test_memory},
      {"/adaptation/share", test_fraction},
      {"/adaptation/emotion", test_emotion},
      {"/adaptation/forget", test_forget},
      {"/adaptation/inherit", test_inherit},
      {"/adaptation/detector", test_detector},
      {"/adaptation/centred-only", test_centred_only},
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
