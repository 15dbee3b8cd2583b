/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"

#include <math.h>

#include "core/base/audio.h"
#include "decision.h"
#include "scorer.h"
#include "utterance.h"

struct _EmotionDetector {
  EmotionModel *model;
  EmotionExtractor *extractor;
  EmotionDecision *decision;
  EmotionScorer *scorer;
  guint rate;
  EmotionUtterance clip;
  guint64 n_before;  /* frames before the last restart */
  guint64 n_covered; /* frames since then, covered by results */
  double scores[EMOTION_MAX_LABELS];
};

void
emotion_detector_config_init (EmotionDetectorConfig *config)
{
  *config = (EmotionDetectorConfig){.rate = EMOTION_SAMPLE_RATE, .channels = 1, .adaptation = TRUE};
  emotion_decision_config_init (&config->decision);
}

EmotionDetector *
emotion_detector_new (EmotionModel *model, const EmotionDetectorConfig *config, GError **error)
{
  EmotionWindowing windowing = *emotion_model_get_windowing (model);
  if (config->window)
    windowing.window = config->window;
  if (config->interval)
    windowing.interval = config->interval;
  if (config->min_window)
    windowing.min_window = config->min_window;
  windowing.interval = MIN (windowing.interval, windowing.window);
  EmotionExtractor *extractor = emotion_extractor_new (
      emotion_model_get_features (model), config->rate, config->channels, &windowing, error);
  if (!extractor)
    return NULL;
  emotion_extractor_set_positions (extractor, config->positions);
  EmotionDetector *self = g_new0 (EmotionDetector, 1);
  self->model = emotion_model_ref (model);
  self->extractor = extractor;
  self->decision = emotion_decision_new (model, &config->decision);
  self->scorer = emotion_scorer_new (model);
  emotion_scorer_set_adaptation (self->scorer, config->adaptation);
  self->rate = config->rate;
  emotion_utterance_init (&self->clip);
  return self;
}

void
emotion_detector_free (EmotionDetector *self)
{
  if (!self)
    return;
  emotion_extractor_free (self->extractor);
  emotion_decision_free (self->decision);
  emotion_scorer_free (self->scorer);
  emotion_model_unref (self->model);
  g_free (self);
}

EmotionModel *
emotion_detector_get_model (EmotionDetector *self)
{
  return self->model;
}

void
emotion_detector_configure (EmotionDetector *self, const EmotionDecisionConfig *config)
{
  emotion_decision_configure (self->decision, config);
}

gsize
emotion_detector_push (EmotionDetector *self, const float *frames, gsize n_frames)
{
  return emotion_extractor_push (self->extractor, frames, n_frames);
}

void
emotion_detector_finish (EmotionDetector *self)
{
  emotion_extractor_finish (self->extractor);
}

static double
ratio (guint64 part, guint64 whole)
{
  return whole ? (double)part / (double)whole : 0;
}

/* Sets intensity, valence and arousal, which only speech has. */
static void
rate (const EmotionDetector *self, double intensity, EmotionResult *result)
{
  EmotionAffect affect;
  const gboolean is_speech =
      result->reason == EMOTION_REASON_PREDICTED || result->reason == EMOTION_REASON_LOW_CONFIDENCE;
  if (!is_speech || !emotion_model_rate_affect (self->model, self->scores, &affect))
    affect = (EmotionAffect){NAN, NAN};
  result->intensity = is_speech ? intensity : NAN;
  result->valence = affect.valence;
  result->arousal = affect.arousal;
}

gboolean
emotion_detector_pull (EmotionDetector *self, EmotionResult *result)
{
  EmotionWindow window;
  EmotionScore score;
  EmotionPrediction prediction;
  if (!emotion_extractor_pull (self->extractor, &window))
    return FALSE;
  emotion_scorer_score (self->scorer, &window, &score);
  emotion_utterance_add (&self->clip, &window, score.log_posteriors,
                         emotion_model_get_n_labels (self->model));
  emotion_utterance_add_intensity (&self->clip, &window, score.intensity);
  self->clip.n_outliers += score.outlier && !window.early;
  emotion_scorer_calibrate (self->scorer, FALSE, score.log_posteriors, self->scores);
  emotion_decision_update (self->decision, self->scores, &window.activity, score.outlier,
                           (double)(window.start + window.length) / self->rate, &prediction);
  guint64 end = window.start + window.length;
  *result = (EmotionResult){
      .start = window.start,
      .length = window.length,
      .fresh = end - self->n_covered,
      .partial = window.partial,
      .label = prediction.label,
      .confidence = prediction.confidence,
      .reason = prediction.reason,
      .speech_ratio = ratio (window.activity.n_speech, window.activity.n_frames),
      .level = window.activity.level,
      .scores = self->scores,
      .features = window.vector,
      .n_windows = 1,
  };
  rate (self, score.intensity, result);
  self->n_covered = end;
  return TRUE;
}

gboolean
emotion_detector_summarize (EmotionDetector *self, EmotionResult *result)
{
  guint n = emotion_model_get_n_labels (self->model), best = 0;
  double log_posteriors[EMOTION_MAX_LABELS], posteriors[EMOTION_MAX_LABELS];
  if (!emotion_utterance_mean (&self->clip, n, log_posteriors))
    return FALSE;
  emotion_scorer_calibrate (self->scorer, TRUE, log_posteriors, self->scores);
  for (guint i = 0; i < n; i++)
    posteriors[i] = self->scores[i];
  emotion_decision_apply_priors (self->decision, posteriors);
  for (guint i = 1; i < n; i++)
    if (posteriors[i] > posteriors[best])
      best = i;
  const double level = 10 * log10 (self->clip.energy / (double)self->clip.n_frames);
  EmotionReason reason = EMOTION_REASON_PREDICTED;
  if (self->clip.n_speech == 0 && self->clip.n_outliers > 0)
    reason = EMOTION_REASON_OUT_OF_DISTRIBUTION;
  else if (self->clip.n_speech == 0)
    reason = level < emotion_model_get_thresholds (self->model)->silence ? EMOTION_REASON_SILENCE
                                                                         : EMOTION_REASON_NO_SPEECH;
  *result = (EmotionResult){
      .length = self->n_before + emotion_extractor_get_position (self->extractor),
      .label = reason == EMOTION_REASON_PREDICTED ? (gint)best : -1,
      .confidence = posteriors[best],
      .reason = reason,
      .speech_ratio = ratio (self->clip.n_speech, self->clip.n_frames),
      .level = level,
      .scores = self->scores,
      .n_windows = self->clip.n_windows,
  };
  rate (self, emotion_utterance_mean_intensity (&self->clip), result);
  return TRUE;
}

void
emotion_detector_restart (EmotionDetector *self)
{
  EmotionResult rest;
  emotion_detector_finish (self);
  while (emotion_detector_pull (self, &rest))
    ;
  self->n_before += emotion_extractor_get_position (self->extractor);
  self->n_covered = 0;
  emotion_extractor_reset (self->extractor);
  emotion_decision_reset (self->decision);
  emotion_scorer_restart (self->scorer);
}

gboolean
emotion_detector_inherit (EmotionDetector *self, EmotionDetector *before)
{
  if (self->model != before->model)
    return FALSE;
  emotion_detector_restart (before);
  self->clip = before->clip;
  emotion_scorer_inherit (self->scorer, before->scorer);
  double seconds = (double)before->n_before / before->rate;
  self->n_before = (guint64)llround (seconds * self->rate);
  return TRUE;
}

void
emotion_detector_begin_clip (EmotionDetector *self)
{
  self->n_before = self->n_covered = 0;
  emotion_extractor_reset (self->extractor);
  emotion_decision_reset (self->decision);
  emotion_utterance_init (&self->clip);
  emotion_scorer_restart (self->scorer);
}

void
emotion_detector_reset_adaptation (EmotionDetector *self)
{
  emotion_scorer_forget (self->scorer);
}

void
emotion_detector_set_adaptation (EmotionDetector *self, gboolean adaptation)
{
  emotion_scorer_set_adaptation (self->scorer, adaptation);
}

void
emotion_detector_reset (EmotionDetector *self)
{
  emotion_detector_begin_clip (self);
  emotion_detector_reset_adaptation (self);
}

guint64
emotion_detector_get_position (const EmotionDetector *self)
{
  return emotion_extractor_get_position (self->extractor);
}

guint64
emotion_detector_get_bad_samples (const EmotionDetector *self)
{
  return emotion_extractor_get_bad_samples (self->extractor);
}
