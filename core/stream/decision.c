/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decision.h"

#include <math.h>
#include <string.h>

#define NONE (-1)
#define SLACK 1e-3 /* s; times come from frame counts and may miss a hold time by rounding */

struct _EmotionDecision {
  EmotionModel *model;
  EmotionDecisionConfig config;        /* with the model's values in place of NAN */
  double smoothed[EMOTION_MAX_LABELS]; /* log-posteriors */
  gboolean has_smoothed;
  double last_time;
  gint label;     /* the current label; the prediction is none while its posterior is too low */
  gint contender; /* the label that is ahead of it */
  double contender_since; /* s; below 0: there is none */
};

const char *
emotion_reason_to_string (EmotionReason reason)
{
  static const char *const words[] = {"answered", "silence", "no-speech", "out-of-distribution",
                                      "low-confidence"};
  return words[reason];
}

void
emotion_decision_config_init (EmotionDecisionConfig *config)
{
  *config = (EmotionDecisionConfig){
      .smoothing = NAN, .hysteresis = NAN, .hold_time = NAN, .thresholds = {NAN, NAN, NAN}};
}

EmotionDecision *
emotion_decision_new (EmotionModel *model, const EmotionDecisionConfig *config)
{
  EmotionDecision *self = g_new0 (EmotionDecision, 1);
  self->model = emotion_model_ref (model);
  emotion_decision_configure (self, config);
  emotion_decision_reset (self);
  return self;
}

void
emotion_decision_free (EmotionDecision *self)
{
  if (!self)
    return;
  emotion_model_unref (self->model);
  g_free (self);
}

void
emotion_decision_reset (EmotionDecision *self)
{
  self->has_smoothed = FALSE;
  self->label = NONE;
  self->contender_since = -1;
}

static double
or_else (double value, double fallback)
{
  return isnan (value) ? fallback : value;
}

static void
set_priors (EmotionDecisionConfig *config, const EmotionModel *model)
{
  const float *priors = emotion_model_get_decision (model)->priors;
  if (config->n_priors > 0 || !priors)
    return;
  config->n_priors = emotion_model_get_n_labels (model);
  for (guint k = 0; k < config->n_priors; k++)
    config->priors[k] = priors[k];
}

void
emotion_decision_configure (EmotionDecision *self, const EmotionDecisionConfig *config)
{
  const EmotionThresholds *own = emotion_model_get_thresholds (self->model);
  const EmotionDecisionDefaults *defaults = emotion_model_get_decision (self->model);
  EmotionThresholds *thresholds = &self->config.thresholds;
  g_assert (config->n_priors == 0 || config->n_priors == emotion_model_get_n_labels (self->model));
  self->config = *config;
  self->config.smoothing = or_else (config->smoothing, defaults->smoothing);
  self->config.hysteresis = or_else (config->hysteresis, defaults->hysteresis);
  self->config.hold_time = or_else (config->hold_time, defaults->hold_time);
  set_priors (&self->config, self->model);
  thresholds->confidence = or_else (config->thresholds.confidence, own->confidence);
  thresholds->min_speech_ratio =
      or_else (config->thresholds.min_speech_ratio, own->min_speech_ratio);
  thresholds->silence = or_else (config->thresholds.silence, own->silence);
}

static EmotionReason
gate (const EmotionDecision *self, const EmotionActivity *activity, gboolean outlier)
{
  const EmotionThresholds *thresholds = &self->config.thresholds;
  if (activity->level < thresholds->silence)
    return EMOTION_REASON_SILENCE;
  if (outlier)
    return EMOTION_REASON_OUT_OF_DISTRIBUTION;
  if (activity->n_speech < thresholds->min_speech_ratio * activity->n_frames)
    return EMOTION_REASON_NO_SPEECH;
  return EMOTION_REASON_PREDICTED;
}

/* Bayes' rule. The model's posteriors assume equal priors. */
void
emotion_decision_apply_priors (const EmotionDecision *self, double *posteriors)
{
  double sum = 0;
  for (guint i = 0; i < self->config.n_priors; i++)
    sum += posteriors[i] * self->config.priors[i];
  if (sum <= 0) /* no priors, or all probable labels have the prior 0 */
    return;
  for (guint i = 0; i < self->config.n_priors; i++)
    posteriors[i] *= self->config.priors[i] / sum;
}

/* Exponential mean of log-posteriors over time. Replaces `posteriors` by the posteriors of the
 * mean. */
static void
smooth (EmotionDecision *self, double time, double *posteriors, guint n)
{
  double keep = 0;
  if (self->has_smoothed && self->config.smoothing > 0)
    keep = exp (-(time - self->last_time) / self->config.smoothing);
  for (guint i = 0; i < n; i++) {
    double now = log (MAX (posteriors[i], 1e-12));
    self->smoothed[i] = keep > 0 ? keep * self->smoothed[i] + (1 - keep) * now : now;
    posteriors[i] = self->smoothed[i];
  }
  self->has_smoothed = TRUE;
  self->last_time = time;
  emotion_log_softmax (posteriors, n, 1);
  for (guint i = 0; i < n; i++)
    posteriors[i] = exp (posteriors[i]);
}

/* Whether `candidate` has been ahead of the current label for the hold time. */
static gboolean
is_held (EmotionDecision *self, gint candidate, double time)
{
  if (self->contender_since < 0 || self->contender != candidate) {
    self->contender = candidate;
    self->contender_since = time;
  }
  return time - self->contender_since >= self->config.hold_time - SLACK;
}

/* Makes `candidate` the current label if hysteresis and hold time allow it. `candidate` is the most
 * probable label, or NONE if its posterior is too low. */
static void
follow (EmotionDecision *self, gint candidate, const double *posteriors, double time)
{
  const gboolean ahead = candidate == NONE || self->label == NONE ||
                         posteriors[candidate] >= posteriors[self->label] + self->config.hysteresis;
  if (candidate == self->label || !ahead) {
    self->contender_since = -1;
  } else if (self->label == NONE || is_held (self, candidate, time)) {
    self->label = candidate;
    self->contender_since = -1;
  }
}

void
emotion_decision_update (EmotionDecision *self, const double *window_posteriors,
                         const EmotionActivity *activity, gboolean outlier, double time,
                         EmotionPrediction *prediction)
{
  guint n = emotion_model_get_n_labels (self->model);
  double posteriors[EMOTION_MAX_LABELS];
  gint best = 0;

  memcpy (posteriors, window_posteriors, n * sizeof *posteriors);
  emotion_decision_apply_priors (self, posteriors);
  EmotionReason reason = gate (self, activity, outlier);
  if (reason == EMOTION_REASON_PREDICTED) {
    smooth (self, time, posteriors, n);
  } else {
    /* Speech before a pause has no influence on speech after it. */
    self->has_smoothed = FALSE;
  }
  for (guint i = 1; i < n; i++)
    if (posteriors[i] > posteriors[best])
      best = (gint)i;

  gint label = NONE;
  if (reason != EMOTION_REASON_PREDICTED) {
    self->label = NONE;
    self->contender_since = -1;
  } else {
    const double confidence = self->config.thresholds.confidence;
    follow (self, posteriors[best] < confidence ? NONE : best, posteriors, time);
    if (self->label != NONE && posteriors[self->label] >= confidence)
      label = self->label;
    else
      reason = EMOTION_REASON_LOW_CONFIDENCE;
  }
  prediction->label = label;
  prediction->confidence = posteriors[label == NONE ? best : label];
  prediction->reason = reason;
}
