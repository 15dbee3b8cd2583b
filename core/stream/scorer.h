/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionScorer: applies a model to one stream: outlier gate, adaptation, log-posteriors. Both the
 * detector's results and the trainer's figures come from here.
 *
 * One thread at a time. Only new and free allocate; no function locks or prints. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct _EmotionScorer EmotionScorer;

/* The scores of one window. */
typedef struct {
  gboolean outlier; /* unlike the speech that the model was trained on */
  double intensity; /* 0..1; NAN for a model without an intensity classifier */
  double log_posteriors[EMOTION_MAX_LABELS]; /* n_labels, before calibration */
} EmotionScore;

/* A scorer for a new stream, with adaptation if the model supports it. Takes a reference to
 * `model`. */
EmotionScorer *emotion_scorer_new (EmotionModel *model);
void emotion_scorer_free (EmotionScorer *self); /* NULL is fine */

/* Scores the next window of the stream. The speech frames (activity.n_speech) of an outlier are set
 * to 0, so it counts neither for the adaptation nor for the utterance-level decision. A window
 * without speech is never an outlier. */
void emotion_scorer_score (EmotionScorer *self, EmotionWindow *window, EmotionScore *score);

/* Calibrated posteriors (n_labels, sum 1) of the log-posteriors of a window or, with `clip`, of an
 * utterance's mean log-posteriors. */
void emotion_scorer_calibrate (const EmotionScorer *self, gboolean clip,
                               const double *log_posteriors, double *posteriors);

/* Switches the adaptation off, or on if the model supports it. The estimate is kept; while off, it
 * is not updated. */
void emotion_scorer_set_adaptation (EmotionScorer *self, gboolean adaptation);

/* The next window starts a new part of the same stream: frames count from 0 again. */
void emotion_scorer_restart (EmotionScorer *self);

/* Forgets the adaptation's estimate. */
void emotion_scorer_forget (EmotionScorer *self);

/* Copies the adaptation's estimate from `before`, which must have the same model. */
void emotion_scorer_inherit (EmotionScorer *self, const EmotionScorer *before);

G_END_DECLS
