/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scorer.h"

#include "adaptation.h"

struct _EmotionScorer {
  EmotionModel *model;
  EmotionAdaptation *adaptation; /* NULL if the model does not adapt */
  gboolean adapts;
  double *scratch;
};

EmotionScorer *
emotion_scorer_new (EmotionModel *model)
{
  EmotionScorer *self = g_new0 (EmotionScorer, 1);
  self->model = emotion_model_ref (model);
  if (emotion_model_adapts (model))
    self->adaptation = emotion_adaptation_new (model);
  self->scratch = g_new (double, emotion_model_get_scratch (model));
  emotion_scorer_set_adaptation (self, TRUE);
  return self;
}

void
emotion_scorer_free (EmotionScorer *self)
{
  if (!self)
    return;
  emotion_adaptation_free (self->adaptation);
  emotion_model_unref (self->model);
  g_free (self->scratch);
  g_free (self);
}

void
emotion_scorer_score (EmotionScorer *self, EmotionWindow *window, EmotionScore *score)
{
  const EmotionModel *model = self->model;
  score->outlier = window->activity.n_speech > 0 &&
                   emotion_model_is_outlier (model, window->vector, self->scratch);
  if (score->outlier)
    window->activity.n_speech = 0;
  if (self->adapts) {
    const float *centred;
    const double weight = emotion_adaptation_update (self->adaptation, window, &centred);
    emotion_model_score_adapted (model, window->vector, centred, weight, self->scratch,
                                 score->log_posteriors);
  } else {
    emotion_model_score (model, window->vector, self->scratch, score->log_posteriors);
  }
  score->intensity = emotion_model_rate_intensity (model, window->vector, self->scratch);
}

void
emotion_scorer_calibrate (const EmotionScorer *self, gboolean clip, const double *log_posteriors,
                          double *posteriors)
{
  const EmotionCalibrate which = (clip ? EMOTION_CALIBRATE_CLIP : EMOTION_CALIBRATE_WINDOW) |
                                 (self->adapts ? EMOTION_CALIBRATE_ADAPTED : 0);
  emotion_model_calibrate (self->model, which, log_posteriors, posteriors);
}

void
emotion_scorer_set_adaptation (EmotionScorer *self, gboolean adaptation)
{
  self->adapts = adaptation && self->adaptation;
}

void
emotion_scorer_restart (EmotionScorer *self)
{
  if (self->adaptation)
    emotion_adaptation_restart (self->adaptation);
}

void
emotion_scorer_forget (EmotionScorer *self)
{
  if (self->adaptation)
    emotion_adaptation_forget (self->adaptation);
}

void
emotion_scorer_inherit (EmotionScorer *self, const EmotionScorer *before)
{
  if (self->adaptation)
    emotion_adaptation_inherit (self->adaptation, before->adaptation);
}
