/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing candidates and their calibration on some speakers, and fitting them there: the one way by
 * which models come about, inside every fold and for the final one. Everything is fitted on the
 * speakers given; the choice is by speaker-grouped cross-validation among them. */
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
  /* That holds out whole corpora, where there are several: for streams that no corpus has seen,
   * of which a model is too sure otherwise. */
  gboolean hold_corpora;
  TrainingScoring scoring;
  guint max_fused;     /* 1..TRAINING_MAX_FUSED: the best alone, or fused with others that help */
  gboolean adaptation; /* also classifiers of centred vectors, where the split has them */
  double blend;        /* of EmotionAdaptationParts */
  const TrainingSoundVectors *sounds; /* what models are to refuse; NULL: they refuse nothing */
  TrainingTrials *trials;             /* a log of what is tried; NULL: none */
  TrainingRun run;                    /* what it is called there */
} TrainingPlan;

typedef struct {
  EmotionModel *model; /* fitted on all the speakers given, calibrated */
  guint n_fused;
  TrainingCandidate candidates[TRAINING_MAX_FUSED]; /* in it, the best first */
  double uar;               /* of the inner cross-validation, pooled, clip level, unadapted */
  double adapted_uar;       /* the same adapted; NAN for a model that does not adapt */
  double f1_mean, f1_sd;    /* weighted F1 over its folds, unadapted */
  double *candidate_scores; /* by the plan's scoring, of each candidate of the plan; NAN: failed */
} TrainingChoice;

/* FALSE with TRAINING_ERROR_DATA when no candidate can be fitted or `groups` is only one.
 * `provenance` as in EmotionModelParts. */
gboolean training_choose (const TrainingSplit *split, TrainingGroups groups,
                          const TrainingPlan *plan, const char *const *provenance,
                          TrainingChoice *choice, GError **error);
/* Gives the model what it tells beside emotions, each NULL or a classifier as in EmotionModelParts. FALSE with
 * EMOTION_ERROR_INVALID. */
gboolean training_choice_extend (TrainingChoice *choice, EmotionClassifier *outlier,
                                 EmotionClassifier *intensity, GError **error);

void training_choice_clear (TrainingChoice *choice);

/* "lda shrinkage=0.3 + logistic penalty=0.1"; free with g_free(). */
char *training_choice_describe (const TrainingChoice *choice);

G_END_DECLS
