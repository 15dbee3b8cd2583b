/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trainer's scores of a dataset: the outlier gate applies in them as in a stream. */
#include "training/selection/score.h"

#include "core/stream/utterance.h"
#include "tests/training/synthetic-dataset.h"
#include "training/selection/choose.h"
#include "training/selection/protocol.h"

#define SEED 42
#define GATE 8     /* the feature that marks outliers */
#define LOUD 50.0f /* its value for outliers */

typedef struct {
  TrainingDataset *data;
  TrainingSplit *split;
  EmotionModel *model;
} Fixture;

static void
fill (guint speaker, guint label, GRand *random, float *row)
{
  (void)speaker;
  (void)random;
  row[label] += 2;
}

/* Two labels: speech, and rows with a large value in feature GATE. */
static EmotionClassifier *
make_gate (void)
{
  float mean[SYNTHETIC_FEATURES] = {0}, scale[SYNTHETIC_FEATURES],
        weights[2 * SYNTHETIC_FEATURES] = {0};
  const float bias[2] = {0, -10};
  GError *error = NULL;
  for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
    scale[i] = 1;
  weights[SYNTHETIC_FEATURES + GATE] = 1;
  const EmotionClassifierParts parts = {.name = "gate",
                                        .n_features = SYNTHETIC_FEATURES,
                                        .n_labels = 2,
                                        .mean = mean,
                                        .scale = scale,
                                        .kind = EMOTION_CLASSIFIER_LINEAR,
                                        .weights = weights,
                                        .bias = bias,
                                        .temperature = 1};
  EmotionClassifier *classifier = emotion_classifier_new (&parts, &error);
  g_assert_no_error (error);
  return classifier;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  (void)unused;
  const SyntheticShape shape = {.n_speakers = 6, .n_labels = 3, .n_clips = 4, .n_rows = 3};
  GError *error = NULL;
  TrainingChoice choice;
  TrainingPlan plan = {.n_folds = 3, .seed = SEED, .max_fused = 1, .adaptation = TRUE};
  f->data = synthetic_dataset_new (&shape, fill, SEED);
  f->split = synthetic_split_new (f->data, SEED);
  plan.candidates = training_candidates_list ("lda", 0, SEED, &error);
  g_assert_no_error (error);
  training_choose (f->split, f->split->all, &plan, (const char *const[]){NULL}, &choice, &error);
  g_assert_no_error (error);
  EmotionClassifier *gate = make_gate ();
  training_choice_extend (&choice, gate, NULL, &error);
  g_assert_no_error (error);
  f->model = emotion_model_ref (choice.model);
  emotion_classifier_unref (gate);
  training_choice_clear (&choice);
  g_array_unref ((GArray *)plan.candidates);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  (void)unused;
  emotion_model_unref (f->model);
  training_split_free (f->split);
  training_dataset_free (f->data);
}

/* Turns row `row` of a clip into one that the gate rejects, with another label. */
static gsize
spoil_row (Fixture *f, guint clip, guint row)
{
  const gsize r = f->data->clips[clip].first_row + row;
  float *vector = (float *)f->data->rows[r].window.vector;
  vector[GATE] = LOUD;
  for (guint i = 0; i < f->data->n_labels; i++)
    vector[i] = i == (f->data->clips[clip].label + 1) % f->data->n_labels ? 1000 : 0;
  return r;
}

static void
test_gate_in_clips (Fixture *f, gconstpointer unused)
{
  (void)unused;
  const guint clip = 5, n = f->data->n_labels;
  double before[EMOTION_MAX_LABELS], after[EMOTION_MAX_LABELS];
  TrainingScores scores = training_scores_new (f->data);
  const gsize row = spoil_row (f, clip, 1);
  training_scores_add_alone (&scores, f->split, f->split->all, f->model);
  g_assert_cmpuint (training_scores_count_speech (&scores, f->data, row), ==, 0);
  g_assert_cmpuint (training_scores_count_speech (&scores, f->data, row + 1), >, 0);
  training_scores_decide (&scores, f->data, clip, before);
  /* The rejected row does not count, whatever its scores. */
  for (guint k = 0; k < n; k++)
    scores.log_posteriors[row * n + k] = k == 0 ? 0 : -1000;
  training_scores_decide (&scores, f->data, clip, after);
  for (guint k = 0; k < n; k++)
    g_assert_cmpfloat (before[k], ==, after[k]);
  training_scores_clear (&scores);
}

/* A rejected row does not update the speaker mean. */
static void
test_gate_in_adaptation (Fixture *f, gconstpointer unused)
{
  (void)unused;
  const guint n = f->data->n_labels, clip = 5;
  TrainingScores scores = training_scores_new (f->data), spoiled = training_scores_new (f->data);
  const gsize row = f->data->clips[clip].first_row + 1;
  float *vector = (float *)f->data->rows[row].window.vector;
  for (guint i = 0; i < 2; i++) {
    vector[GATE] = LOUD * (float)(i + 1);
    vector[0] = 100 * (float)i;
    training_scores_add_adapted (i ? &spoiled : &scores, f->split, f->split->all, f->model, SEED);
  }
  for (gsize r = 0; r < f->data->n_rows; r++)
    for (guint k = 0; r != row && k < n; k++)
      g_assert_cmpfloat (scores.log_posteriors[r * n + k], ==, spoiled.log_posteriors[r * n + k]);
  g_assert_true (scores.outliers[row] && spoiled.outliers[row]);
  training_scores_clear (&scores);
  training_scores_clear (&spoiled);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/score/gate-in-clips", Fixture, NULL, set_up, test_gate_in_clips, tear_down);
  g_test_add ("/score/gate-in-adaptation", Fixture, NULL, set_up, test_gate_in_adaptation,
              tear_down);
  return g_test_run ();
}
