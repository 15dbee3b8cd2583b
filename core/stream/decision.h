/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionDecision: the state that turns the posteriors of a stream's windows into one steady
 * answer: priors, smoothing, gates, hysteresis.
 *
 * One thread at a time; emotion_decision_update() does not allocate. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

/* Why the label is none, or ANSWERED. */
typedef enum {
  EMOTION_REASON_ANSWERED,
  EMOTION_REASON_SILENCE,   /* level below the silence threshold */
  EMOTION_REASON_NO_SPEECH, /* too few speech frames */
  EMOTION_REASON_OUT_OF_DISTRIBUTION, /* unlike the speech that the model was trained on: music, noise, tones */
  EMOTION_REASON_LOW_CONFIDENCE, /* no label reaches the confidence threshold */
} EmotionReason;

/* A lower-case word for messages: "answered", "silence", "no-speech", "out-of-distribution", "low-confidence". */
const char *emotion_reason_to_string (EmotionReason reason);

typedef struct {
  /* A member that is NAN stands for the model's own, as in `thresholds`. */
  double smoothing;  /* s, time constant of the exponential mean of log-posteriors; 0: none */
  double hysteresis; /* 0..1, how much more probable a new label must be than the current one */
  double hold_time;  /* s, how long a new label must have been ahead before it is taken */
  EmotionThresholds thresholds;
  /* Prior probability of each label: >= 0 with a positive sum, which need not be 1. As many as the model
   * has labels, or 0 of them: the model's own. */
  guint n_priors;
  double priors[EMOTION_MAX_LABELS];
} EmotionDecisionConfig;

/* Everything as the model has it.
 *
 * Hysteresis and hold time apply to each change from one label to another, however low the posteriors are.
 * While the posterior of the current label is below the confidence threshold the answer is none, but
 * another label still has to be ahead of the current one by the hysteresis for the hold time. The current
 * label is forgotten once no label has reached the threshold for the hold time, and at once in silence or
 * without speech; after that the next label is taken at once. */
void emotion_decision_config_init (EmotionDecisionConfig *config);

typedef struct {
  gint label;        /* index, or -1 for none */
  double confidence; /* posterior of `label` after priors and smoothing; of the best one if none */
  EmotionReason reason;
} EmotionAnswer;

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
                              EmotionAnswer *answer);

G_END_DECLS
