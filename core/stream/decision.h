/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionDecision: turns the posteriors of a stream's windows into one steady prediction, by
 * priors, gates, smoothing, hysteresis and hold time.
 *
 * One thread at a time; emotion_decision_update() does not allocate. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct {
  gint label;        /* index, or -1 for none */
  double confidence; /* after priors and smoothing: of `label` or, if none, of the best label */
  EmotionReason reason;
} EmotionPrediction;

typedef struct _EmotionDecision EmotionDecision;

/* A new decision, which takes a reference to `model`. A member of `config` that is NAN stands for
 * the model's value. */
EmotionDecision *emotion_decision_new (EmotionModel *model, const EmotionDecisionConfig *config);
void emotion_decision_free (EmotionDecision *self); /* NULL is fine */
void emotion_decision_reset (EmotionDecision *self);

/* Uses `config` from the next window on. The current label and the smoothed posteriors are kept.
 * Does not allocate. */
void emotion_decision_configure (EmotionDecision *self, const EmotionDecisionConfig *config);

/* Weights `posteriors` by the priors and normalises them, in place. Without priors they do not
 * change. */
void emotion_decision_apply_priors (const EmotionDecision *self, double *posteriors);

/* Sets `prediction` from the calibrated posteriors of the next window. The window ends at `time`
 * seconds of the stream, which never decreases between resets. `outlier` says that the window is
 * out of distribution. */
void emotion_decision_update (EmotionDecision *self, const double *posteriors,
                              const EmotionActivity *activity, gboolean outlier, double time,
                              EmotionPrediction *prediction);

G_END_DECLS
