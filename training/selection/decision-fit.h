/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing the decision settings of a model (EmotionDecisionDefaults): on ordinary, mostly neutral speech at
 * most a stated fraction of the windows may be answered with an emotion; among the settings that keep to
 * it, by which most windows of emotional clips in mostly neutral streams get the right label, and within two
 * hundredths of that the one whose predictions on ordinary speech change least often. */
#pragma once

#include "streams.h"

G_BEGIN_DECLS

typedef struct {
  double target; /* the most that was allowed of ordinary.emotions */
  EmotionDecisionDefaults defaults;
  float priors[EMOTION_MAX_LABELS]; /* those of `defaults`, of sum 1 */
  /* Ordinary speech: each half of the speakers by settings chosen on the other half; and without priors,
   * smoothing and a longer hold time, as a model without settings of its own decides. */
  TrainingStreamFigures ordinary, ordinary_plain;
  /* Streams of held-out speakers with emotional clips, by the settings chosen; and plain. */
  TrainingStreamFigures emotional, emotional_plain;
} TrainingDecisionFit;

/* `ordinary` are two sets of streams of different speakers, scored by `model`; `emotional` streams of
 * labelled clips, scored by models that were fitted without their speakers. Where no settings keep to the
 * target, those that come closest are chosen. FALSE with TRAINING_ERROR_DATA when no label is called
 * neutral. */
gboolean training_decision_fit (EmotionModel *model, TrainingStreams *const ordinary[2],
                                const TrainingStreams *emotional, double target,
                                TrainingDecisionFit *fit, GError **error);

/* The same model with these settings, which its provenance says are due to the corpora `ordinary`; NULL with
 * EMOTION_ERROR_INVALID. */
EmotionModel *training_decision_apply (const TrainingDecisionFit *fit, EmotionModel *model,
                                       const char *ordinary, GError **error);

G_END_DECLS
