/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionScorer: a model at work on one stream: outlier gate, adaptation, log-posteriors. The detector's
 * results and the trainer's figures both come from here.
 *
 * One thread at a time. Only new and free allocate; nothing here locks or prints. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct _EmotionScorer EmotionScorer;

/* What a model makes of one window. */
typedef struct {
  gboolean outlier;                          /* unlike the speech that the model was trained on */
  double intensity;                          /* 0..1 of the emotion; NAN: the model cannot tell */
  double log_posteriors[EMOTION_MAX_LABELS]; /* n_labels, before calibration */
} EmotionScore;

/* A scorer for a new stream, with adaptation if the model has it. The model is referenced. */
EmotionScorer *emotion_scorer_new (EmotionModel *model);
void emotion_scorer_free (EmotionScorer *self); /* NULL is fine */

/* Scores the next window of the stream. An outlier loses its speech frames (activity.n_speech): it counts
 * neither for the adaptation nor for the clip decision. A window without speech is no outlier. */
void emotion_scorer_score (EmotionScorer *self, EmotionWindow *window, EmotionScore *score);

/* Calibrated posteriors (n_labels, sum 1) of the log-posteriors of a window, or where `clip` of a clip's mean. */
void emotion_scorer_calibrate (const EmotionScorer *self, gboolean clip,
                               const double *log_posteriors, double *posteriors);

/* Switches the adaptation off, or on if the model has it. What was learnt is kept; off, nothing is learnt. */
void emotion_scorer_set_adaptation (EmotionScorer *self, gboolean adaptation);

/* The next window belongs to a new piece of the same stream: its frames count from 0 again. */
void emotion_scorer_restart (EmotionScorer *self);

/* Forgets what the adaptation has learnt. */
void emotion_scorer_forget (EmotionScorer *self);

/* Goes on with what `before`, of the same model, has learnt. */
void emotion_scorer_inherit (EmotionScorer *self, const EmotionScorer *before);

G_END_DECLS
