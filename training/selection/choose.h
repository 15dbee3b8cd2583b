/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Model selection: chooses and calibrates candidates on the given speakers and fits the model on
 * them. All models are made this way, in every fold and for the final one. Everything is fitted on
 * the given speakers; the choice uses speaker-grouped cross-validation among them. */
#pragma once

#include "candidate.h"
#include "fusion.h"
#include "outlier.h"
#include "trial.h"
#include "trials-file.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_SCORING_UAR,
  TRAINING_SCORING_F1, /* weighted */
} TrainingScoring;

const char *training_scoring_to_string (TrainingScoring scoring);

typedef struct {
  const GArray *candidates; /* TrainingCandidate */
  guint n_folds;            /* of the inner cross-validation */
  guint32 seed;
  guint n_jobs;
  /* The inner cross-validation holds out whole corpora if there are several. This calibrates for
   * streams unlike any known corpus, on which models are overconfident otherwise. */
  gboolean hold_corpora;
  TrainingScoring scoring;
  /* 1..TRAINING_MAX_FUSED: the best candidate alone, or fused with others that help. */
  guint max_fused;
  gboolean adaptation; /* also fits classifiers of centred vectors, if the split has them */
  double blend;        /* of EmotionAdaptationParts */
  const TrainingSoundVectors *sounds; /* non-speech for the outlier gate; NULL: no gate */
  TrainingTrials *trials;             /* log of the candidates tried; NULL: none */
  TrainingRun run;                    /* its name in the log */
} TrainingPlan;

typedef struct {
  EmotionModel *model; /* fitted on all given speakers and calibrated */
  guint n_fused;
  TrainingCandidate candidates[TRAINING_MAX_FUSED]; /* of the model, the best first */
  double uar;               /* of the inner cross-validation, pooled, clip level, unadapted */
  double adapted_uar;       /* the same adapted; NAN if the model does not adapt */
  double f1_mean, f1_sd;    /* weighted F1 over its folds, unadapted */
  double *candidate_scores; /* by the plan's scoring, for each candidate of the plan; NAN: failed */
} TrainingChoice;

/* FALSE with TRAINING_ERROR_DATA when no candidate can be fitted or `groups` has only one group.
 * `provenance` as in EmotionModelParts. */
gboolean training_choose (const TrainingSplit *split, TrainingGroups groups,
                          const TrainingPlan *plan, const char *const *provenance,
                          TrainingChoice *choice, GError **error);
/* Adds outlier and intensity classifiers to the model, each NULL or as in EmotionModelParts. FALSE
 * with EMOTION_ERROR_INVALID. */
gboolean training_choice_extend (TrainingChoice *choice, EmotionClassifier *outlier,
                                 EmotionClassifier *intensity, GError **error);

void training_choice_clear (TrainingChoice *choice);

/* "lda shrinkage=0.3 + logistic penalty=0.1"; free with g_free(). */
char *training_choice_describe (const TrainingChoice *choice);

G_END_DECLS
