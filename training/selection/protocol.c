/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol.h"

#include <string.h>

static const char *const no_provenance[] = {NULL};

static void
predictions_init (TrainingPredictions *self, const TrainingDataset *data)
{
  self->clips = g_new (TrainingOutcome, data->n_source_clips);
  self->clip_indices = g_new (guint, data->n_source_clips);
  self->clip_folds = g_new (guint, data->n_source_clips);
  self->windows = g_new (TrainingOutcome, data->n_rows);
  self->window_folds = g_new (guint, data->n_rows);
  self->clip_posteriors = g_new (double, (gsize)data->n_source_clips * data->n_labels);
  self->window_posteriors = g_new (double, (gsize)data->n_rows * data->n_labels);
}

static void
predictions_clear (TrainingPredictions *self)
{
  g_free (self->clips);
  g_free (self->clip_indices);
  g_free (self->clip_folds);
  g_free (self->windows);
  g_free (self->window_folds);
  g_free (self->clip_posteriors);
  g_free (self->window_posteriors);
}

/* Adds a window or a clip with the next posteriors, which are returned to be filled. */
static double *
add_window (TrainingPredictions *self, guint n_labels, guint label, guint speaker, guint fold)
{
  double *posteriors = self->window_posteriors + (gsize)self->n_windows * n_labels;
  self->window_folds[self->n_windows] = fold;
  self->windows[self->n_windows++] = (TrainingOutcome){label, speaker, posteriors};
  return posteriors;
}

static double *
add_clip (TrainingPredictions *self, guint n_labels, guint label, guint speaker, guint index,
          guint fold)
{
  double *posteriors = self->clip_posteriors + (gsize)self->n_clips * n_labels;
  self->clip_indices[self->n_clips] = index;
  self->clip_folds[self->n_clips] = fold;
  self->clips[self->n_clips++] = (TrainingOutcome){label, speaker, posteriors};
  return posteriors;
}

/* Calibrates the model's log-posteriors of a clip's rows. */
static void
predict_clip (TrainingPredictions *self, const TrainingDataset *data, guint index, guint fold,
              const EmotionModel *model, EmotionCalibrate how, const TrainingScores *scores)
{
  const TrainingDatasetClip *clip = &data->clips[index];
  const guint n = data->n_labels;
  double mean[EMOTION_MAX_LABELS];
  for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++) {
    if (data->rows[r].window.early || training_scores_count_speech (scores, data, r) == 0)
      continue;
    emotion_model_calibrate (model, how, scores->log_posteriors + r * n,
                             add_window (self, n, clip->label, clip->speaker, fold));
  }
  training_scores_decide (scores, data, index, mean);
  emotion_model_calibrate (model, how | EMOTION_CALIBRATE_CLIP, mean,
                           add_clip (self, n, clip->label, clip->speaker, index, fold));
}

static void
predict_fold (TrainingPredictions *self, const TrainingSplit *split, TrainingGroups groups,
              guint fold, gint statement, const EmotionModel *model, EmotionCalibrate how,
              const TrainingScores *scores)
{
  for (guint c = 0; c < split->data->n_source_clips; c++)
    if (training_split_has_clip (split, c, groups) &&
        (statement < 0 || split->data->clips[c].statement == statement))
      predict_clip (self, split->data, c, fold, model, how, scores);
}

/* The model of a fold, with the outlier gate as in the element. */
static gboolean
choose_for_fold (const TrainingSplit *split, TrainingGroups groups, const TrainingPlan *plan,
                 TrainingChoice *choice, GError **error)
{
  if (!training_choose (split, groups, plan, no_provenance, choice, error))
    return FALSE;
  if (!plan->sounds)
    return TRUE;
  EmotionClassifier *outlier =
      training_outlier_fit (split, groups, plan->sounds, plan->n_jobs, 0, 0, NULL, error);
  const gboolean ok = outlier && training_choice_extend (choice, outlier, NULL, error);
  emotion_classifier_unref (outlier);
  if (!ok)
    training_choice_clear (choice);
  return ok;
}

/* Mostly neutral streams of held-out speakers: {strict, adapted}. */
static void
evaluate_neutral_streams (const TrainingSplit *split, TrainingGroups fold, EmotionModel *model,
                          guint32 seed, guint *const confusions[2])
{
  for (guint adapted = 0; adapted < 2; adapted++)
    training_neutral_streams_evaluate (split, fold, model, adapted, seed, confusions[adapted]);
}

TrainingEvaluation *
training_evaluate (const TrainingSplit *split, const TrainingGroups *folds, guint n_folds,
                   const TrainingPlan *plan, gint statement, TrainingProgress *progress,
                   GError **error)
{
  const TrainingDataset *data = split->data;
  TrainingEvaluation *self = g_new0 (TrainingEvaluation, 1);
  TrainingScores scores = training_scores_new (data);
  const gsize n_cells = (gsize)data->n_labels * data->n_labels;
  guint *const confusions[] = {g_new0 (guint, n_cells), g_new0 (guint, n_cells)};
  gboolean ok = TRUE;
  predictions_init (&self->strict, data);
  predictions_init (&self->adapted, data);
  self->streams = training_streams_new (data->n_labels);
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; ok && i < n_folds; i++) {
    TrainingChoice choice;
    TrainingPlan of_fold = *plan;
    of_fold.run.fold = n_folds > 1 ? i + 1 : 0;
    ok = choose_for_fold (split, split->all & ~folds[i], &of_fold, &choice, error);
    if (!ok)
      break;
    training_scores_add_alone (&scores, split, folds[i], choice.model);
    predict_fold (&self->strict, split, folds[i], i, statement, choice.model,
                  EMOTION_CALIBRATE_WINDOW, &scores);
    if (emotion_model_adapts (choice.model)) {
      training_scores_add_adapted (&scores, split, folds[i], choice.model, plan->seed);
      predict_fold (&self->adapted, split, folds[i], i, statement, choice.model,
                    EMOTION_CALIBRATE_ADAPTED, &scores);
      evaluate_neutral_streams (split, folds[i], choice.model, plan->seed, confusions);
    }
    training_block_streams_score (split, folds[i], choice.model, plan->seed, self->streams);
    g_ptr_array_add (self->chosen, training_choice_describe (&choice));
    training_choice_clear (&choice);
    training_progress_step (progress);
  }
  self->neutral_strict = training_neutral_streams_sum_up (confusions[0], data->n_labels);
  self->neutral_adapted = training_neutral_streams_sum_up (confusions[1], data->n_labels);
  g_free (confusions[0]);
  g_free (confusions[1]);
  training_scores_clear (&scores);
  if (!ok)
    g_clear_pointer (&self, training_evaluation_free);
  return self;
}

void
training_evaluation_free (TrainingEvaluation *self)
{
  if (!self)
    return;
  predictions_clear (&self->strict);
  predictions_clear (&self->adapted);
  training_streams_free (self->streams);
  g_ptr_array_unref (self->chosen);
  g_free (self);
}

/* Copies one fold's predictions, as those of the first fold. */
static void
copy_fold (TrainingPredictions *to, const TrainingPredictions *from, guint n_labels, guint fold)
{
  for (guint i = 0; i < from->n_windows; i++) {
    const TrainingOutcome *window = &from->windows[i];
    if (from->window_folds[i] == fold)
      memcpy (add_window (to, n_labels, window->label, window->group, 0), window->posteriors,
              n_labels * sizeof (double));
  }
  for (guint i = 0; i < from->n_clips; i++) {
    const TrainingOutcome *clip = &from->clips[i];
    if (from->clip_folds[i] == fold)
      memcpy (add_clip (to, n_labels, clip->label, clip->group, from->clip_indices[i], 0),
              clip->posteriors, n_labels * sizeof (double));
  }
}

TrainingEvaluation *
training_evaluation_of_fold (const TrainingEvaluation *self, const TrainingDataset *data,
                             guint fold)
{
  TrainingEvaluation *one = g_new0 (TrainingEvaluation, 1);
  predictions_init (&one->strict, data);
  predictions_init (&one->adapted, data);
  copy_fold (&one->strict, &self->strict, data->n_labels, fold);
  copy_fold (&one->adapted, &self->adapted, data->n_labels, fold);
  one->streams = training_streams_new (data->n_labels);
  one->chosen = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (one->chosen, g_strdup (self->chosen->pdata[fold]));
  return one;
}
