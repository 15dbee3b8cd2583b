/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol.h"

#include "core/clip.h"

static const char *const no_provenance[] = {NULL};

static void
add_window (TrainingEvaluation *self, const EmotionModel *model, const TrainingDatasetClip *clip,
            const EmotionWindow *window, const double *log_posteriors)
{
  guint n = emotion_model_get_n_labels (model);
  if (window->early || window->activity.n_speech == 0)
    return;
  double *posteriors = self->window_posteriors + (gsize)self->n_windows * n;
  emotion_model_calibrate (model, EMOTION_CALIBRATE_WINDOW, log_posteriors, posteriors);
  self->windows[self->n_windows++] = (TrainingOutcome){clip->label, clip->group, posteriors};
}

static void
answer_clip (TrainingEvaluation *self, const EmotionModel *model, const TrainingDataset *data,
             const TrainingDatasetClip *clip, double *scratch)
{
  guint n = data->n_labels;
  double log_posteriors[EMOTION_MAX_LABELS];
  EmotionClip decision;
  emotion_clip_init (&decision);
  for (guint r = clip->first_row; r < clip->first_row + clip->n_rows; r++) {
    const EmotionWindow *window = &data->rows[r].window;
    emotion_model_score (model, window->vector, scratch, log_posteriors);
    emotion_clip_add (&decision, window, log_posteriors, n);
    add_window (self, model, clip, window, log_posteriors);
  }
  emotion_clip_mean (&decision, n, log_posteriors);
  double *posteriors = self->clip_posteriors + (gsize)self->n_clips * n;
  emotion_model_calibrate (model, EMOTION_CALIBRATE_CLIP, log_posteriors, posteriors);
  self->clips[self->n_clips++] = (TrainingOutcome){clip->label, clip->group, posteriors};
}

static void
answer_fold (TrainingEvaluation *self, const TrainingProblem *problem, TrainingUnits fold,
             const EmotionModel *model)
{
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  for (guint c = 0; c < problem->data->n_originals; c++)
    if (training_problem_has_clip (problem, c, fold))
      answer_clip (self, model, problem->data, &problem->data->clips[c], scratch);
  g_free (scratch);
}

TrainingEvaluation *
training_evaluate (const TrainingProblem *problem, const TrainingUnits *folds, guint n_folds,
                   const TrainingPlan *plan, TrainingProgress *progress, GError **error)
{
  const TrainingDataset *data = problem->data;
  TrainingEvaluation *self = g_new0 (TrainingEvaluation, 1);
  self->clips = g_new (TrainingOutcome, data->n_clips);
  self->windows = g_new (TrainingOutcome, data->n_rows);
  self->clip_posteriors = g_new (double, (gsize)data->n_clips * data->n_labels);
  self->window_posteriors = g_new (double, (gsize)data->n_rows * data->n_labels);
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_folds; i++) {
    TrainingChoice choice;
    if (!training_choose (problem, problem->all & ~folds[i], plan, no_provenance, &choice, error)) {
      training_evaluation_free (self);
      return NULL;
    }
    answer_fold (self, problem, folds[i], choice.model);
    g_ptr_array_add (self->chosen, training_candidate_describe (&choice.candidate));
    training_choice_clear (&choice);
    training_progress_step (progress);
  }
  return self;
}

void
training_evaluation_free (TrainingEvaluation *self)
{
  if (!self)
    return;
  g_free (self->clips);
  g_free (self->windows);
  g_free (self->clip_posteriors);
  g_free (self->window_posteriors);
  g_ptr_array_unref (self->chosen);
  g_free (self);
}
