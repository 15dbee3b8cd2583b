/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score.h"

#include <string.h>

#include "core/stream/utterance.h"
#include "training/base/shuffle.h"

void
training_score_by_classifier (const TrainingSplit *split, TrainingGroups groups,
                              const EmotionClassifier *classifier, double *log_posteriors)
{
  const TrainingDataset *data = split->data;
  const gsize d = data->features->n_features;
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  for (guint c = 0; c < data->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (!training_split_has_clip (split, c, groups))
      continue;
    for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++)
      emotion_classifier_score (classifier, split->matrix + r * d, scratch,
                                log_posteriors + r * data->n_labels);
  }
  g_free (scratch);
}

TrainingScores
training_scores_new (const TrainingDataset *data)
{
  return (TrainingScores){g_new0 (double, (gsize)data->n_rows * data->n_labels),
                          g_new0 (guint8, data->n_rows)};
}

void
training_scores_clear (TrainingScores *self)
{
  g_clear_pointer (&self->log_posteriors, g_free);
  g_clear_pointer (&self->outliers, g_free);
}

void
training_scores_add_clip (TrainingScores *self, const TrainingDataset *data, guint index,
                          EmotionScorer *scorer)
{
  const TrainingDatasetClip *clip = &data->clips[index];
  emotion_scorer_restart (scorer);
  for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++) {
    EmotionWindow window = data->rows[r].window;
    EmotionScore score;
    emotion_scorer_score (scorer, &window, &score);
    memcpy (self->log_posteriors + r * data->n_labels, score.log_posteriors,
            data->n_labels * sizeof (double));
    if (self->outliers)
      self->outliers[r] = score.outlier ? 1 : 0;
  }
}

void
training_scores_add_alone (TrainingScores *self, const TrainingSplit *split, TrainingGroups groups,
                           EmotionModel *model)
{
  EmotionScorer *scorer = emotion_scorer_new (model);
  emotion_scorer_set_adaptation (scorer, FALSE);
  for (guint c = 0; c < split->data->n_source_clips; c++)
    if (training_split_has_clip (split, c, groups))
      training_scores_add_clip (self, split->data, c, scorer);
  emotion_scorer_free (scorer);
}

guint *
training_stream_order (const TrainingSplit *split, TrainingGroups groups, guint speaker,
                       guint32 seed, guint *n)
{
  const TrainingDataset *data = split->data;
  GRand *random = g_rand_new_with_seed (seed ^ g_str_hash (data->speakers[speaker]));
  guint *order = g_new (guint, data->n_source_clips);
  *n = 0;
  for (guint c = 0; c < data->n_source_clips; c++)
    if (data->clips[c].speaker == speaker && training_split_has_clip (split, c, groups))
      order[(*n)++] = c;
  training_shuffle (order, *n, sizeof *order, random);
  g_rand_free (random);
  return order;
}

void
training_scores_add_adapted (TrainingScores *self, const TrainingSplit *split,
                             TrainingGroups groups, EmotionModel *model, guint32 seed)
{
  const TrainingDataset *data = split->data;
  EmotionScorer *scorer = emotion_scorer_new (model);
  for (guint speaker = 0; speaker < data->n_speakers; speaker++) {
    guint n, *order = training_stream_order (split, groups, speaker, seed, &n);
    emotion_scorer_forget (scorer);
    for (guint i = 0; i < n; i++)
      training_scores_add_clip (self, data, order[i], scorer);
    g_free (order);
  }
  emotion_scorer_free (scorer);
}

guint
training_scores_count_speech (const TrainingScores *self, const TrainingDataset *data, gsize row)
{
  return self->outliers && self->outliers[row] ? 0 : data->rows[row].window.activity.n_speech;
}

void
training_scores_decide (const TrainingScores *self, const TrainingDataset *data, guint clip,
                        double *mean)
{
  const TrainingDatasetClip *c = &data->clips[clip];
  EmotionUtterance decision;
  emotion_utterance_init (&decision);
  for (gsize r = c->first_row; r < c->first_row + c->n_rows; r++) {
    EmotionWindow window = data->rows[r].window;
    window.activity.n_speech = training_scores_count_speech (self, data, r);
    emotion_utterance_add (&decision, &window, self->log_posteriors + r * data->n_labels,
                           data->n_labels);
  }
  emotion_utterance_mean (&decision, data->n_labels, mean);
}
