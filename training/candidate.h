/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classifiers that the trainer chooses from. */
#pragma once

#include "core/view.h"
#include "problem.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_CANDIDATE_LDA, /* shrunken linear discriminant */
  TRAINING_CANDIDATE_SVC, /* RBF C-SVC on the discriminant's coordinates */
} TrainingKind;

typedef struct {
  TrainingKind kind;
  double shrinkage;
  double cost, gamma; /* of the C-SVC; gamma per dimension */
} TrainingCandidate;

/* "lda", "svc". */
const char *training_kind_to_string (TrainingKind kind);

/* All settings of the kinds that `names` lists (comma-separated; NULL: all), as an array of TrainingCandidate; NULL
 * with TRAINING_ERROR_DATA naming an unknown one and those that there are. With `first_only` one
 * setting a kind. */
GArray *training_candidates_list (const char *names, gboolean first_only, GError **error);

/* "lda shrinkage=0.3"; free with g_free(). */
char *training_candidate_describe (const TrainingCandidate *candidate);

/* Fits on the rows of `units`; the view has temperature 1. NULL with TRAINING_ERROR_DATA. */
EmotionView *training_candidate_fit (const TrainingCandidate *candidate,
                                     const TrainingProblem *problem, TrainingUnits units,
                                     GError **error);

G_END_DECLS
