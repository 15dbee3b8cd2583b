/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score.h"

#include "core/stream/clip.h"
#include "training/base/shuffle.h"

void
training_score_by_view (const TrainingProblem *problem, TrainingUnits units,
                        const EmotionView *view, double *log_posteriors)
{
  const TrainingDataset *data = problem->data;
  const gsize d = data->features->n_features;
  double *scratch = g_new (double, emotion_view_get_scratch (view));
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (!training_problem_has_clip (problem, c, units))
      continue;
    for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++)
      emotion_view_score (view, problem->matrix + r * d, scratch,
                          log_posteriors + r * data->n_labels);
  }
  g_free (scratch);
}

void
training_score_next_clip (const TrainingDataset *data, guint index, const EmotionModel *model,
                          EmotionAdaptation *adaptation, double *scratch, double *log_posteriors)
{
  const TrainingDatasetClip *clip = &data->clips[index];
  if (adaptation)
    emotion_adaptation_restart (adaptation);
  for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++) {
    const EmotionWindow *window = &data->rows[r].window;
    double *of_row = log_posteriors + r * data->n_labels;
    const float *centred;
    if (!adaptation) {
      emotion_model_score (model, window->vector, scratch, of_row);
      continue;
    }
    const double share = emotion_adaptation_update (adaptation, window, &centred);
    emotion_model_score_adapted (model, window->vector, centred, share, scratch, of_row);
  }
}

void
training_score_strictly (const TrainingProblem *problem, TrainingUnits units,
                         const EmotionModel *model, double *log_posteriors)
{
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  for (guint c = 0; c < problem->data->n_originals; c++)
    if (training_problem_has_clip (problem, c, units))
      training_score_next_clip (problem->data, c, model, NULL, scratch, log_posteriors);
  g_free (scratch);
}

guint *
training_stream_order (const TrainingProblem *problem, TrainingUnits units, guint group,
                       guint32 seed, guint *n)
{
  const TrainingDataset *data = problem->data;
  GRand *random = g_rand_new_with_seed (seed ^ g_str_hash (data->groups[group]));
  guint *order = g_new (guint, data->n_originals);
  *n = 0;
  for (guint c = 0; c < data->n_originals; c++)
    if (data->clips[c].group == group && training_problem_has_clip (problem, c, units))
      order[(*n)++] = c;
  training_shuffle (order, *n, sizeof *order, random);
  g_rand_free (random);
  return order;
}

void
training_score_adapted (const TrainingProblem *problem, TrainingUnits units, EmotionModel *model,
                        guint32 seed, double *log_posteriors)
{
  const TrainingDataset *data = problem->data;
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  EmotionAdaptation *adaptation = emotion_adaptation_new (model);
  for (guint group = 0; group < data->n_groups; group++) {
    guint n, *order = training_stream_order (problem, units, group, seed, &n);
    emotion_adaptation_forget (adaptation);
    for (guint i = 0; i < n; i++)
      training_score_next_clip (data, order[i], model, adaptation, scratch, log_posteriors);
    g_free (order);
  }
  emotion_adaptation_free (adaptation);
  g_free (scratch);
}

void
training_score_clip (const TrainingDataset *data, guint clip, const double *log_posteriors,
                     double *mean)
{
  const TrainingDatasetClip *c = &data->clips[clip];
  EmotionClip decision;
  emotion_clip_init (&decision);
  for (gsize r = c->first_row; r < c->first_row + c->n_rows; r++)
    emotion_clip_add (&decision, &data->rows[r].window, log_posteriors + r * data->n_labels,
                      data->n_labels);
  emotion_clip_mean (&decision, data->n_labels, mean);
}
