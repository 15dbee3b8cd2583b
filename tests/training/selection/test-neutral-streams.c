/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that are mostly neutral, and the effect of adaptation on them. */
#include "training/selection/neutral-streams.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/selection/choose.h"

#define SEED 42
#define N_SPEAKERS 12
#define N_LABELS 5
#define NEUTRAL 3

/* Labels differ in one number each; speakers do not differ. */
static void
fill_alike (guint speaker, guint label, GRand *random, float *row)
{
  (void)speaker;
  (void)random;
  row[label] += 4;
}

/* Speakers are shifted by much more than labels differ. */
static void
fill_offset (guint speaker, guint label, GRand *random, float *row)
{
  fill_alike (speaker, label, random, row);
  for (guint i = 0; i < N_LABELS; i++)
    row[i] += 12 * sinf ((float)(speaker * N_LABELS + i) * 1.7f);
}

static TrainingDataset *
make_data (SyntheticFill fill, gboolean with_neutral)
{
  const SyntheticShape shape = {
      .n_speakers = N_SPEAKERS, .n_labels = N_LABELS, .n_clips = 8, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, fill, SEED);
  if (with_neutral) {
    g_free (data->labels[NEUTRAL]);
    data->labels[NEUTRAL] = g_strdup ("neutral");
  }
  return data;
}

static EmotionModel *
train (const TrainingSplit *split)
{
  GError *error = NULL;
  TrainingChoice choice;
  TrainingPlan plan = {.n_folds = 4, .seed = SEED, .max_fused = 1, .adaptation = TRUE};
  plan.candidates = training_candidates_list ("lda", 0, SEED, &error);
  g_assert_no_error (error);
  training_choose (split, split->all, &plan, (const char *const[]){NULL}, &choice, &error);
  g_assert_no_error (error);
  EmotionModel *model = emotion_model_ref (choice.model);
  training_choice_clear (&choice);
  g_array_unref ((GArray *)plan.candidates);
  return model;
}

static TrainingNeutralFigures
evaluate (const TrainingSplit *split, EmotionModel *model, gboolean adapted, guint32 seed,
          guint *confusion)
{
  for (guint i = 0; i < N_LABELS * N_LABELS; i++)
    confusion[i] = 0;
  training_neutral_streams_evaluate (split, split->all, model, adapted, seed, confusion);
  return training_neutral_streams_sum_up (confusion, N_LABELS);
}

/* One stream per speaker, four of five clips neutral, the other labels equally frequent; determined
 * by the seed. */
static void
test_draw (void)
{
  guint confusion[N_LABELS * N_LABELS], again[N_LABELS * N_LABELS], other[N_LABELS * N_LABELS];
  TrainingDataset *data = make_data (fill_alike, TRUE);
  TrainingSplit *split = synthetic_split_new (data, SEED);
  EmotionModel *model = train (split);
  for (guint adapted = 0; adapted < 2; adapted++) {
    const TrainingNeutralFigures figures = evaluate (split, model, adapted, SEED, confusion);
    evaluate (split, model, adapted, SEED, again);
    evaluate (split, model, adapted, SEED + 1, other);
    guint right = 0;
    double recall = 0;
    for (guint k = 0; k < N_LABELS; k++) {
      guint n = 0;
      for (guint a = 0; a < N_LABELS; a++)
        n += confusion[k * N_LABELS + a];
      g_assert_cmpuint (n, ==, N_SPEAKERS * (k == NEUTRAL ? 48 : 3));
      right += confusion[k * N_LABELS + k];
      recall += (double)confusion[k * N_LABELS + k] / n;
    }
    g_assert_cmpuint (figures.n, ==, N_SPEAKERS * TRAINING_NEUTRAL_CLIPS);
    g_assert_cmpfloat_with_epsilon (figures.accuracy, (double)right / figures.n, 1e-12);
    g_assert_cmpfloat_with_epsilon (figures.uar, recall / N_LABELS, 1e-12);
    g_assert_cmpmem (confusion, sizeof confusion, again, sizeof again);
    g_assert_true (memcmp (confusion, other, sizeof other) != 0);
  }
  emotion_model_unref (model);
  training_split_free (split);
  training_dataset_free (data);
}

static void
test_no_neutral (void)
{
  guint confusion[N_LABELS * N_LABELS];
  TrainingDataset *data = make_data (fill_alike, FALSE);
  TrainingSplit *split = synthetic_split_new (data, SEED);
  EmotionModel *model = train (split);
  const TrainingNeutralFigures figures = evaluate (split, model, TRUE, SEED, confusion);
  g_assert_cmpuint (figures.n, ==, 0);
  g_assert_cmpfloat (figures.uar, ==, 0);
  g_assert_cmpfloat (figures.accuracy, ==, 0);
  emotion_model_unref (model);
  training_split_free (split);
  training_dataset_free (data);
}

/* If speakers are alike, adaptation gains nothing, and a strong one mistakes a stream's neutral for
 * the speaker mean: a weak adaptation strength is selected. If they differ, the strong one is. */
static void
test_preset (void)
{
  guint confusion[N_LABELS * N_LABELS];
  const SyntheticFill fills[] = {fill_alike, fill_offset};
  for (guint i = 0; i < G_N_ELEMENTS (fills); i++) {
    TrainingDataset *data = make_data (fills[i], TRUE);
    TrainingSplit *split = synthetic_split_new (data, SEED);
    EmotionModel *model = train (split);
    const EmotionAdaptationParts *parts = &emotion_model_get_parts (model)->adaptation;
    const TrainingNeutralFigures strict = evaluate (split, model, FALSE, SEED, confusion),
                                 adapted = evaluate (split, model, TRUE, SEED, confusion);
    g_test_message ("share %g, expected %g: strict %.3f/%.3f, adapted %.3f/%.3f",
                    parts->debias_weight, parts->expected[NEUTRAL], strict.uar, strict.accuracy,
                    adapted.uar, adapted.accuracy);
    g_assert_cmpfloat (parts->expected[NEUTRAL], >, 1);
    g_assert_cmpfloat (parts->expected[0], ==, 1);
    if (i == 0)
      g_assert_cmpfloat (parts->debias_weight, >, 0.5);
    else
      g_assert_cmpfloat (parts->debias_weight, ==, 0.5);
    emotion_model_unref (model);
    training_split_free (split);
    training_dataset_free (data);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/neutral-streams/draw", test_draw);
  g_test_add_func ("/training/neutral-streams/no-neutral", test_no_neutral);
  g_test_add_func ("/training/neutral-streams/strength", test_preset);
  return g_test_run ();
}
