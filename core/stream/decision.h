/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionDecision: the state that turns the posteriors of a stream's windows into one steady
 * prediction: priors, smoothing, gates, hysteresis.
 *
 * One thread at a time; emotion_decision_update() does not allocate. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct {
  gint label;        /* index, or -1 for none */
  double confidence; /* posterior of `label` after priors and smoothing; of the best one if none */
  EmotionReason reason;
} EmotionPrediction;

typedef struct _EmotionDecision EmotionDecision;

/* The model is referenced. */
EmotionDecision *emotion_decision_new (EmotionModel *model, const EmotionDecisionConfig *config);
void emotion_decision_free (EmotionDecision *self); /* NULL is fine */
void emotion_decision_reset (EmotionDecision *self);

/* From the next window on decides by `config`; what was heard and answered stays. Does not allocate. */
void emotion_decision_configure (EmotionDecision *self, const EmotionDecisionConfig *config);

/* Posteriors by the priors, in place; as they are where there are none. */
void emotion_decision_apply_priors (const EmotionDecision *self, double *posteriors);

/* Takes the calibrated posteriors of the next window, which ends at `time` seconds of the stream
 * (times never fall between resets), and whether it is out of distribution. */
void emotion_decision_update (EmotionDecision *self, const double *posteriors,
                              const EmotionActivity *activity, gboolean outlier, double time,
                              EmotionPrediction *prediction);

G_END_DECLS
