/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fusion of candidates as a model: the fit of its adaptation to streams, and of the model on all
 * given speakers. */
#pragma once

#include "candidate.h"
#include "trial.h"

G_BEGIN_DECLS

#define TRAINING_MAX_FUSED 4 /* candidates in one model */

typedef struct {
  /* Not owned. */
  const TrainingFolds *folds; /* of the inner cross-validation */
  const TrainingTrial *fused; /* of the candidates, unadapted */
  guint n;                    /* candidates */
  const TrainingCandidate *candidates[TRAINING_MAX_FUSED];
  const TrainingTrial *trials[TRAINING_MAX_FUSED];     /* by candidate */
  EmotionClassifier **classifiers[TRAINING_MAX_FUSED]; /* by candidate: n_folds, on raw rows */
  double blend;                                        /* of EmotionAdaptationParts */
  guint32 seed;
  guint n_jobs; /* 0: one per core */
  /* The adaptation; owned. Initialise with zeros. */
  /* By candidate: n_folds classifiers, and one of all groups, on centred rows. */
  EmotionClassifier **centred_classifiers;
  TrainingTrial *centred_trials[TRAINING_MAX_FUSED];
  guint preset;
  TrainingTrial *adapted; /* NULL: the model does not adapt */
} TrainingFusion;

/* Fits the candidates on centred rows, selects the adaptation preset and calibrates the predictions
 * of adapted models. FALSE, without an adaptation, when a candidate cannot be fitted on centred
 * rows. */
gboolean training_fusion_adapt (TrainingFusion *self);

/* Fits the candidates on all groups. The model adapts after a successful training_fusion_adapt().
 * NULL with TRAINING_ERROR_DATA. `provenance` as in EmotionModelParts. */
EmotionModel *training_fusion_fit_model (TrainingFusion *self, const char *const *provenance,
                                         GError **error);

void training_fusion_clear (TrainingFusion *self);

G_END_DECLS
