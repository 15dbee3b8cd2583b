/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing a candidate and its calibration on some speakers, and fitting it on them: the one way by
 * which models come about, inside every fold and for the final one. Everything is fitted on the
 * speakers given; the choice is by speaker-grouped cross-validation among them. */
#pragma once

#include "candidate.h"
#include "core/model.h"

G_BEGIN_DECLS

typedef struct {
  const GArray *candidates; /* TrainingCandidate */
  guint n_folds;            /* of the inner cross-validation */
  guint32 seed;
  guint n_jobs;
} TrainingPlan;

typedef struct {
  EmotionModel *model; /* fitted on all the speakers given, calibrated */
  TrainingCandidate candidate;
  double uar;            /* of the inner cross-validation, pooled, clip level */
  double f1_mean, f1_sd; /* weighted F1 over its folds */
  double *candidate_uar; /* the same of each candidate */
} TrainingChoice;

/* FALSE with TRAINING_ERROR_DATA when no candidate can be fitted or `units` is only one.
 * `provenance` as in EmotionModelParts. */
gboolean training_choose (const TrainingProblem *problem, TrainingUnits units,
                          const TrainingPlan *plan, const char *const *provenance,
                          TrainingChoice *choice, GError **error);
void training_choice_clear (TrainingChoice *choice);

G_END_DECLS
