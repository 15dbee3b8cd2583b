/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decision.h"

#include <math.h>
#include <string.h>

#define NONE (-1)
#define SLACK                                                                                      \
  1e-3 /* s; times come from frame counts and may fall short of a hold time by rounding */

struct _EmotionDecision {
  EmotionModel *model;
  EmotionDecisionConfig config;        /* its thresholds are no longer NAN */
  double smoothed[EMOTION_MAX_LABELS]; /* log-posteriors */
  gboolean has_smoothed;
  double last_time;
  gint label;             /* the current answer */
  gint contender;         /* what has been ahead of it */
  double contender_since; /* s; below 0: nobody is */
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
      .smoothing = 0, .hysteresis = 0.1, .hold_time = 1, .thresholds = {NAN, NAN, NAN}};
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

void
emotion_decision_configure (EmotionDecision *self, const EmotionDecisionConfig *config)
{
  const EmotionThresholds *own = emotion_model_get_thresholds (self->model);
  EmotionThresholds *thresholds = &self->config.thresholds;
  g_assert (config->n_priors == 0 || config->n_priors == emotion_model_get_n_labels (self->model));
  self->config = *config;
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
  return EMOTION_REASON_ANSWERED;
}

/* Bayes' rule: the model's posteriors are those of labels that are all alike probable beforehand. */
void
emotion_decision_apply_priors (const EmotionDecision *self, double *posteriors)
{
  double sum = 0;
  for (guint i = 0; i < self->config.n_priors; i++)
    sum += posteriors[i] * self->config.priors[i];
  if (sum <= 0) /* no priors, or the window is sure of what they rule out */
    return;
  for (guint i = 0; i < self->config.n_priors; i++)
    posteriors[i] *= self->config.priors[i] / sum;
}

/* Exponential mean of log-posteriors over time; the posteriors of it replace `posteriors`. */
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

/* Whether the answer goes over to `candidate` now, or has to wait for its hold time. */
static gboolean
is_confirmed (EmotionDecision *self, gint candidate, const double *posteriors, double time)
{
  if (self->label == NONE)
    return TRUE;
  /* What is hardly believed any more is not held on to. */
  if (candidate != self->label && posteriors[self->label] < self->config.thresholds.confidence)
    return TRUE;
  if (candidate == self->label ||
      (candidate != NONE &&
       posteriors[candidate] < posteriors[self->label] + self->config.hysteresis)) {
    self->contender_since = -1;
    return FALSE;
  }
  if (self->contender_since < 0 || self->contender != candidate) {
    self->contender = candidate;
    self->contender_since = time;
  }
  return time - self->contender_since >= self->config.hold_time - SLACK;
}

void
emotion_decision_update (EmotionDecision *self, const double *window_posteriors,
                         const EmotionActivity *activity, gboolean outlier, double time,
                         EmotionAnswer *answer)
{
  guint n = emotion_model_get_n_labels (self->model);
  double posteriors[EMOTION_MAX_LABELS];
  gint best = 0;

  memcpy (posteriors, window_posteriors, n * sizeof *posteriors);
  emotion_decision_apply_priors (self, posteriors);
  EmotionReason reason = gate (self, activity, outlier);
  if (reason == EMOTION_REASON_ANSWERED) {
    smooth (self, time, posteriors, n);
  } else {
    /* What was said before a pause says nothing about what comes after it. */
    self->has_smoothed = FALSE;
  }
  for (guint i = 1; i < n; i++)
    if (posteriors[i] > posteriors[best])
      best = (gint)i;

  if (reason != EMOTION_REASON_ANSWERED) {
    self->label = NONE;
    self->contender_since = -1;
  } else {
    gint candidate = posteriors[best] < self->config.thresholds.confidence ? NONE : best;
    if (is_confirmed (self, candidate, posteriors, time)) {
      self->label = candidate;
      self->contender_since = -1;
    }
    if (self->label == NONE)
      reason = EMOTION_REASON_LOW_CONFIDENCE;
  }
  answer->label = self->label;
  answer->confidence = posteriors[self->label == NONE ? best : self->label];
  answer->reason = reason;
}
