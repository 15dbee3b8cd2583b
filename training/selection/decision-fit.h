/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selects the decision settings of a model (EmotionDecisionDefaults). On ordinary, mostly neutral
 * speech at most a given fraction of the windows may get an emotion. Among the settings within that
 * limit, those win that give the most windows of emotional clips in mostly neutral streams the
 * right label and, within 0.02 of that, the fewest changes of the prediction on ordinary speech. */
#pragma once

#include "streams.h"

G_BEGIN_DECLS

typedef struct {
  double target; /* the maximum allowed for ordinary.emotions */
  EmotionDecisionDefaults defaults;
  float priors[EMOTION_MAX_LABELS]; /* those of `defaults`, with sum 1 */
  /* Ordinary speech: each half of the speakers with settings selected on the other half; and plain,
   * with the decisions of a model without settings of its own (no priors, no smoothing, a longer
   * hold time). */
  TrainingStreamFigures ordinary, ordinary_plain;
  /* Streams of held-out speakers with emotional clips, with the selected settings; and plain. */
  TrainingStreamFigures emotional, emotional_plain;
} TrainingDecisionFit;

/* `ordinary` are two sets of streams of different speakers, scored by `model`. `emotional` are
 * streams of labelled clips, scored by models that were fitted without their speakers. If no
 * settings meet the target, the closest ones are selected. FALSE with TRAINING_ERROR_DATA when no
 * label is called neutral. */
gboolean training_decision_fit (EmotionModel *model, TrainingStreams *const ordinary[2],
                                const TrainingStreams *emotional, double target,
                                TrainingDecisionFit *fit, GError **error);

/* The same model with these settings; its provenance names the corpora `ordinary` as their source.
 * NULL with EMOTION_ERROR_INVALID. */
EmotionModel *training_decision_apply (const TrainingDecisionFit *fit, EmotionModel *model,
                                       const char *ordinary, GError **error);

G_END_DECLS
