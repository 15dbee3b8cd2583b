/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fusion.h"

#include <string.h>

#include "neutral-streams.h"
#include "training/base/parallel.h"

/* Gates of the fitted models. */
#define CONFIDENCE_OVER_CHANCE 1.5 /* times the chance level; below: no prediction */
#define MAX_CONFIDENCE 0.5         /* a majority is always a prediction, however few the labels */
#define MIN_SPEECH_RATIO 0.1
#define SILENCE (-60.0) /* dBFS */

/* Adaptation to streams. Measured on RAVDESS, EMO-DB and nEMO with the same constants: results are
 * flat for a prior of 4 to 15 s, and 6 s is best across corpora. Forgetting gains nothing and only
 * bounds the memory. */
#define PRIOR 6.0    /* s of speech */
#define MEMORY 300.0 /* s of speech */
/* Adaptation presets: the debias weight of the labels' offsets, and how much more often neutral is
 * expected than each other label. The first preset is best for streams with equally frequent
 * labels. On streams with four of five clips neutral, its centre may drift until neutral is
 * predicted as sad. A model takes the first preset whose predictions on such streams of held-out
 * speakers are not below the unadapted model's; without a label neutral, the first. */
static const struct {
  double debias_weight;
  float neutral_expected;
} presets[] = {{0.5, 6}, {0.75, 4}, {1, 4}};
#define N_PRESETS G_N_ELEMENTS (presets)
#define TOLERANCE 0.01 /* of UAR, which depends on few clips that are not neutral */
/* Minimum gain of accuracy, because one draw of streams represents all: on RAVDESS with 18
 * speakers, a preset without a gain in the simulation lost 1.5 points on newly drawn streams. */
#define MIN_GAIN 0.01

static EmotionClassifier *
with_temperature (EmotionClassifier *classifier, double temperature)
{
  EmotionClassifierParts parts = *emotion_classifier_get_parts (classifier);
  parts.temperature = temperature;
  return emotion_classifier_new (&parts, NULL);
}

/* The mean of each label's centred rows, minus the mean of these over the labels present. */
static void
label_offsets (const TrainingFusion *self, TrainingGroups groups, float *offsets)
{
  const TrainingSplit *centred = self->folds->split->centred;
  const gsize d = centred->data->features->n_features, n = centred->data->n_labels;
  TrainingMoments *moments = training_split_sum (centred, groups, FALSE);
  double *mean = g_new0 (double, d);
  guint present = 0;
  for (gsize k = 0; k < n; k++)
    present += moments->weight[k] > 0;
  for (gsize k = 0; k < n; k++)
    for (gsize i = 0; i < d && moments->weight[k] > 0; i++)
      mean[i] += moments->sum[k * d + i] / moments->weight[k] / present;
  for (gsize k = 0; k < n; k++)
    for (gsize i = 0; i < d; i++)
      offsets[k * d + i] = moments->weight[k] > 0
                               ? (float)(moments->sum[k * d + i] / moments->weight[k] - mean[i])
                               : 0;
  training_moments_free (moments);
  g_free (mean);
}

static EmotionModelParts
plain_parts (const TrainingFusion *self, EmotionClassifier **classifiers, const double *fusion)
{
  const TrainingDataset *data = self->folds->split->data;
  return (EmotionModelParts){
      .features = data->features,
      .windowing = data->windowing,
      .labels = (const char *const *)data->labels,
      .label_texts = (const char *const *)data->label_texts,
      .classifiers = classifiers,
      .fusion = fusion,
      .n_classifiers = self->n,
      .window_temperature = self->fused->window_temperature,
      .clip_temperature = self->fused->clip_temperature,
      .thresholds = {.confidence = MIN (CONFIDENCE_OVER_CHANCE / data->n_labels, MAX_CONFIDENCE),
                     .min_speech_ratio = MIN_SPEECH_RATIO,
                     .silence = SILENCE},
  };
}

/* A model of the given classifiers, one per candidate, with the temperatures of the trials;
 * `centred` may be NULL. The centre and the offsets of an adaptation are those of `groups`. */
static EmotionModel *
make_model (const TrainingFusion *self, EmotionClassifier **raw, EmotionClassifier **centred,
            guint preset, TrainingGroups groups, const char *const *provenance, GError **error)
{
  const TrainingSplit *split = self->folds->split;
  const gsize d = split->data->features->n_features;
  const guint n = self->n;
  EmotionClassifier *classifiers[2 * TRAINING_MAX_FUSED] = {NULL};
  double fusion[2 * TRAINING_MAX_FUSED];
  gboolean is_centred[2 * TRAINING_MAX_FUSED];
  float *centre = g_new (float, d), *offsets = g_new (float, split->data->n_labels *d);
  float expected[EMOTION_MAX_LABELS];
  EmotionModelParts parts = plain_parts (self, classifiers, fusion);
  parts.provenance = provenance;
  for (guint i = 0; i < n; i++) {
    classifiers[i] = with_temperature (raw[i], self->trials[i]->window_temperature);
    if (centred)
      classifiers[n + i] =
          with_temperature (centred[i], self->centred_trials[i]->window_temperature);
    is_centred[i] = FALSE;
    is_centred[n + i] = TRUE;
    fusion[i] = fusion[n + i] = 1.0 / n;
  }
  if (centred) {
    training_split_centre (split, groups, centre);
    label_offsets (self, groups, offsets);
    for (guint k = 0; k < split->data->n_labels; k++)
      expected[k] =
          strcmp (split->data->labels[k], "neutral") == 0 ? presets[preset].neutral_expected : 1;
    parts.n_classifiers = 2 * n;
    parts.adaptation = (EmotionAdaptationParts){
        .running = TRUE,
        .prior = PRIOR,
        .memory = MEMORY,
        .blend = self->blend,
        .centre = centre,
        .debias_weight = presets[preset].debias_weight,
        .expected = expected,
        .offsets = offsets,
        .centred = is_centred,
        .window_temperature = self->adapted ? self->adapted->window_temperature : 1,
        .clip_temperature = self->adapted ? self->adapted->clip_temperature : 1,
    };
  }
  EmotionModel *model = emotion_model_new (&parts, error);
  for (guint i = 0; i < 2 * n; i++)
    emotion_classifier_unref (classifiers[i]);
  g_free (centre);
  g_free (offsets);
  return model;
}

/* Fits one candidate on centred rows without one fold or, as the last fold, on all groups. */
static void
run_centred_fold (guint index, gpointer user_data)
{
  TrainingFusion *self = user_data;
  const TrainingFolds *folds = self->folds;
  const TrainingSplit *centred = folds->split->centred;
  const guint fold = index % (folds->n_folds + 1), i = index / (folds->n_folds + 1);
  const TrainingGroups held_out = fold < folds->n_folds ? folds->folds[fold] : 0;
  EmotionClassifier *classifier =
      training_candidate_fit (self->candidates[i], centred, folds->groups & ~held_out, NULL);
  if (classifier && held_out)
    training_score_by_classifier (centred, held_out, classifier,
                                  self->centred_trials[i]->log_posteriors);
  self->centred_classifiers[index] = classifier;
}

/* The model of the speakers outside one fold. */
static EmotionModel *
model_of_fold (const TrainingFusion *self, guint fold, guint preset)
{
  const TrainingFolds *folds = self->folds;
  EmotionClassifier *raw[TRAINING_MAX_FUSED], *centred[TRAINING_MAX_FUSED];
  for (guint i = 0; i < self->n; i++) {
    raw[i] = self->classifiers[i][fold];
    centred[i] = self->centred_classifiers[i * (folds->n_folds + 1) + fold];
  }
  return make_model (self, raw, centred, preset, folds->groups & ~folds->folds[fold],
                     (const char *const[]){NULL}, NULL);
}

/* Scores streams of one fold's speakers with a model of the others. */
static void
run_streams (guint fold, gpointer user_data)
{
  TrainingFusion *self = user_data;
  const TrainingFolds *folds = self->folds;
  EmotionModel *model = model_of_fold (self, fold, self->preset);
  TrainingScores scores = {self->adapted->log_posteriors, NULL};
  training_scores_add_adapted (&scores, folds->split, folds->folds[fold], model, self->seed);
  emotion_model_unref (model);
}

/* Simulated streams that are mostly neutral: without adaptation (0), or with preset k - 1 (k). */
typedef struct {
  const TrainingFusion *fusion;
  guint first;
  guint *confusions; /* from `first`, for each simulation and fold, n_labels x n_labels */
} Simulations;

static gsize
confusion_size (const TrainingFusion *self)
{
  const gsize n = self->folds->split->data->n_labels;
  return n * n;
}

static void
simulate (guint index, gpointer user_data)
{
  const Simulations *simulations = user_data;
  const TrainingFusion *self = simulations->fusion;
  const TrainingFolds *folds = self->folds;
  const guint fold = index % folds->n_folds, k = simulations->first + index / folds->n_folds;
  EmotionModel *model = model_of_fold (self, fold, k > 0 ? k - 1 : 0);
  training_neutral_streams_evaluate (folds->split, folds->folds[fold], model, k > 0, self->seed,
                                     simulations->confusions + index * confusion_size (self));
  emotion_model_unref (model);
}

static TrainingNeutralFigures
sum_folds (const Simulations *simulations, guint k)
{
  const TrainingFusion *self = simulations->fusion;
  const gsize size = confusion_size (self);
  guint *sum = g_new0 (guint, size);
  for (guint fold = 0; fold < self->folds->n_folds; fold++)
    for (gsize i = 0; i < size; i++)
      sum[i] +=
          simulations
              ->confusions[((k - simulations->first) * self->folds->n_folds + fold) * size + i];
  const TrainingNeutralFigures figures =
      training_neutral_streams_sum_up (sum, self->folds->split->data->n_labels);
  g_free (sum);
  return figures;
}

/* Runs the simulations [first, first + n). */
static void
run_simulations (const TrainingFusion *self, guint first, guint n, TrainingNeutralFigures *figures)
{
  const guint n_tasks = n * self->folds->n_folds;
  Simulations simulations = {self, first, g_new0 (guint, n_tasks * confusion_size (self))};
  training_parallel (n_tasks, self->n_jobs, simulate, &simulations);
  for (guint k = 0; k < n; k++)
    figures[k] = sum_folds (&simulations, first + k);
  g_free (simulations.confusions);
}

/* The first preset whose predictions on mostly neutral streams are better by MIN_GAIN than without
 * adaptation; if there is none, the last, which needs no simulation. */
static guint
choose_preset (const TrainingFusion *self)
{
  TrainingNeutralFigures figures[2]; /* unadapted, adapted */
  guint preset = 0;
  run_simulations (self, 0, 2, figures);
  while (figures[0].n > 0 && (figures[1].accuracy < figures[0].accuracy + MIN_GAIN ||
                              figures[1].uar < figures[0].uar - TOLERANCE)) {
    if (++preset + 1 == N_PRESETS)
      break;
    run_simulations (self, preset + 1, 1, &figures[1]);
  }
  return preset;
}

gboolean
training_fusion_adapt (TrainingFusion *self)
{
  const TrainingFolds *folds = self->folds;
  const guint n = self->n * (folds->n_folds + 1);
  self->centred_classifiers = g_new0 (EmotionClassifier *, n);
  for (guint i = 0; i < self->n; i++)
    self->centred_trials[i] = training_trial_new (folds->split);
  training_parallel (n, self->n_jobs, run_centred_fold, self);
  for (guint i = 0; i < n; i++)
    if (!self->centred_classifiers[i])
      return FALSE;
  for (guint i = 0; i < self->n; i++)
    training_trial_calibrate_rows (self->centred_trials[i], folds, FALSE);
  TrainingTrial *adapted = training_trial_new (folds->split);
  self->adapted = adapted;
  adapted->window_temperature = adapted->clip_temperature = 1;
  self->preset = choose_preset (self);
  training_parallel (folds->n_folds, self->n_jobs, run_streams, self);
  training_trial_calibrate_rows (adapted, folds, FALSE);
  training_trial_decide (adapted, folds);
  return TRUE;
}

EmotionModel *
training_fusion_fit_model (TrainingFusion *self, const char *const *provenance, GError **error)
{
  EmotionClassifier *raw[TRAINING_MAX_FUSED] = {NULL}, *centred[TRAINING_MAX_FUSED];
  const TrainingFolds *folds = self->folds;
  EmotionModel *model = NULL;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < self->n; i++) {
    raw[i] = training_candidate_fit (self->candidates[i], folds->split, folds->groups, error);
    ok = raw[i] != NULL;
    if (self->adapted)
      centred[i] = self->centred_classifiers[i * (folds->n_folds + 1) + folds->n_folds];
  }
  if (ok)
    model = make_model (self, raw, self->adapted ? centred : NULL, self->preset, folds->groups,
                        provenance, error);
  for (guint i = 0; i < self->n; i++)
    emotion_classifier_unref (raw[i]);
  return model;
}

void
training_fusion_clear (TrainingFusion *self)
{
  for (guint i = 0; self->centred_classifiers && i < self->n * (self->folds->n_folds + 1); i++)
    emotion_classifier_unref (self->centred_classifiers[i]);
  g_free (self->centred_classifiers);
  for (guint i = 0; i < self->n; i++)
    training_trial_free (self->centred_trials[i]);
  training_trial_free (self->adapted);
}
