/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial.h"

#include <math.h>
#include <string.h>

#include "training/fitting/calibrate.h"

void
training_folds_init (TrainingFolds *self, const TrainingSplit *split, TrainingGroups groups,
                     guint n_folds, guint32 seed)
{
  *self = (TrainingFolds){.split = split, .groups = groups};
  self->n_folds = training_split_deal (split, groups, n_folds, seed, self->folds);
}

void
training_folds_init_by_corpus (TrainingFolds *self, const TrainingSplit *split,
                               TrainingGroups groups)
{
  const TrainingDataset *data = split->data;
  TrainingGroups placed = 0;
  *self = (TrainingFolds){.split = split, .groups = groups};
  for (guint corpus = 0; corpus < data->n_corpora && corpus < TRAINING_MAX_GROUPS; corpus++) {
    TrainingGroups *fold = &self->folds[self->n_folds];
    for (guint c = 0; c < data->n_source_clips; c++)
      if (data->clips[c].corpus == corpus && training_split_has_clip (split, c, groups & ~placed))
        *fold |= (TrainingGroups)1 << split->group_of_clip[c];
    placed |= *fold;
    self->n_folds += *fold != 0;
  }
}

TrainingTrial *
training_trial_new (const TrainingSplit *split)
{
  TrainingTrial *self = g_new0 (TrainingTrial, 1);
  self->log_posteriors = g_new0 (double, (gsize)split->data->n_rows * split->data->n_labels);
  return self;
}

void
training_trial_free (TrainingTrial *self)
{
  if (!self)
    return;
  g_free (self->log_posteriors);
  g_free (self->outcomes);
  g_free (self->posteriors);
  g_free (self->folds);
  g_free (self);
}

TrainingTrial *
training_trial_fuse (const TrainingSplit *split, TrainingTrial **trials, guint n)
{
  TrainingTrial *self = training_trial_new (split);
  const TrainingDataset *data = split->data;
  for (guint t = 0; t < n; t++)
    for (gsize i = 0; i < (gsize)data->n_rows * data->n_labels; i++)
      self->log_posteriors[i] += trials[t]->log_posteriors[i] / n;
  for (guint r = 0; r < data->n_rows; r++)
    emotion_log_softmax (self->log_posteriors + (gsize)r * data->n_labels, data->n_labels, 1);
  return self;
}

static guint
fold_of_clip (const TrainingFolds *folds, guint clip)
{
  guint fold = 0;
  while (!training_split_has_clip (folds->split, clip, folds->folds[fold]))
    fold++;
  return fold;
}

/* Whether the model that predicted the clip was fitted with its label. If not, the prediction says
 * nothing about the confidence of the final model, which is. */
static gboolean
label_is_known (const TrainingFolds *folds, guint clip)
{
  const TrainingSplit *split = folds->split;
  TrainingGroups seen = folds->groups & ~folds->folds[fold_of_clip (folds, clip)];
  for (guint u = 0; u < split->n_groups; u++)
    if ((seen >> u & 1) && split->moments[u]->weight[split->data->clips[clip].label] > 0)
      return TRUE;
  return FALSE;
}

void
training_trial_calibrate_rows (TrainingTrial *self, const TrainingFolds *folds, gboolean apply)
{
  const TrainingDataset *data = folds->split->data;
  guint *labels = g_new (guint, data->n_rows);
  double *weights = g_new0 (double, data->n_rows);
  for (guint r = 0; r < data->n_rows; r++) {
    guint clip = data->rows[r].clip;
    labels[r] = data->clips[clip].label;
    if (training_split_has_clip (folds->split, clip, folds->groups) && label_is_known (folds, clip))
      weights[r] = folds->split->weights[r];
  }
  self->window_temperature = training_fit_temperature (self->log_posteriors, labels, weights,
                                                       data->n_rows, data->n_labels);
  for (guint r = 0; apply && r < data->n_rows; r++)
    emotion_log_softmax (self->log_posteriors + (gsize)r * data->n_labels, data->n_labels,
                         self->window_temperature);
  g_free (labels);
  g_free (weights);
}

void
training_trial_decide (TrainingTrial *self, const TrainingFolds *folds)
{
  const TrainingDataset *data = folds->split->data;
  const guint n = data->n_labels;
  guint *labels = g_new (guint, data->n_source_clips);
  double *weights = g_new (double, data->n_source_clips);
  const TrainingScores scores = {self->log_posteriors, NULL};
  self->outcomes = g_new0 (TrainingOutcome, data->n_source_clips);
  self->posteriors = g_new (double, (gsize)data->n_source_clips *n);
  self->folds = g_new (guint, data->n_source_clips);
  for (guint c = 0; c < data->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (!training_split_has_clip (folds->split, c, folds->groups))
      continue;
    guint at = self->n_outcomes++;
    double *mean = self->posteriors + (gsize)at * n;
    training_scores_decide (&scores, data, c, mean);
    labels[at] = clip->label;
    weights[at] = label_is_known (folds, c);
    self->folds[at] = fold_of_clip (folds, c);
    self->outcomes[at] = (TrainingOutcome){clip->label, clip->speaker, mean};
  }
  self->clip_temperature =
      training_fit_temperature (self->posteriors, labels, weights, self->n_outcomes, n);
  for (guint i = 0; i < self->n_outcomes; i++) {
    double *row = self->posteriors + (gsize)i * n;
    emotion_log_softmax (row, n, self->clip_temperature);
    for (guint k = 0; k < n; k++)
      row[k] = exp (row[k]);
  }
  g_free (labels);
  g_free (weights);
}

static TrainingFigures
figures_of (const TrainingOutcome *outcomes, guint n, const TrainingDataset *data)
{
  TrainingFigures figures;
  training_figures_compute (outcomes, n, data->n_labels, data->n_speakers, 0, 0, &figures);
  return figures;
}

double
training_trial_uar (const TrainingTrial *self, const TrainingSplit *split)
{
  return figures_of (self->outcomes, self->n_outcomes, split->data).uar;
}

double
training_trial_f1 (const TrainingTrial *self, const TrainingSplit *split)
{
  return figures_of (self->outcomes, self->n_outcomes, split->data).f1_weighted;
}

void
training_trial_figures_by_fold (const TrainingTrial *self, const TrainingFolds *folds,
                                TrainingFigures *figures)
{
  TrainingOutcome *of_fold = g_new (TrainingOutcome, self->n_outcomes);
  for (guint fold = 0; fold < folds->n_folds; fold++) {
    guint n = 0;
    for (guint i = 0; i < self->n_outcomes; i++)
      if (self->folds[i] == fold)
        of_fold[n++] = self->outcomes[i];
    figures[fold] = figures_of (of_fold, n, folds->split->data);
  }
  g_free (of_fold);
}

void
training_trial_f1_by_fold (const TrainingTrial *self, const TrainingFolds *folds, double *mean,
                           double *sd)
{
  TrainingFigures figures[TRAINING_MAX_GROUPS];
  double sum = 0, sum2 = 0;
  training_trial_figures_by_fold (self, folds, figures);
  for (guint fold = 0; fold < folds->n_folds; fold++) {
    const double f1 = figures[fold].f1_weighted;
    sum += f1;
    sum2 += f1 * f1;
  }
  *mean = sum / folds->n_folds;
  *sd = sqrt (MAX (sum2 / folds->n_folds - *mean * *mean, 0));
}
