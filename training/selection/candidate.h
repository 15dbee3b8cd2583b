/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates: classifier kinds with their settings, from which the trainer selects. */
#pragma once

#include "core/model/classifier.h"
#include "split.h"
#include "training/fitting/forest.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_CANDIDATE_LDA,      /* shrunken linear discriminant */
  TRAINING_CANDIDATE_LOGISTIC, /* L2 logistic regression */
  TRAINING_CANDIDATE_SVC,      /* RBF C-SVC on principal components */
  TRAINING_CANDIDATE_LDA_SVC,  /* RBF C-SVC on the discriminant's coordinates */
  TRAINING_CANDIDATE_KERNEL,   /* kernel ridge classification on principal components */
  TRAINING_CANDIDATE_FOREST,   /* random forest */
  TRAINING_CANDIDATE_BOOST,    /* gradient-boosted trees */
} TrainingKind;

typedef struct {
  TrainingKind kind;
  double shrinkage;             /* lda, lda-svc */
  double penalty;               /* logistic */
  double cost, gamma;           /* svc, lda-svc, kernel; gamma per coordinate */
  double ridge, linear;         /* kernel */
  guint n_components;           /* svc */
  TrainingForestSettings trees; /* forest, boost */
  double limit; /* clipping of scaled features, as in EmotionClassifierParts; 0: none */
  gboolean source_clips_only; /* fitted on source clips only, without augmented clips */
  gboolean unbalanced;        /* labels weigh as in the rows instead of equally */
} TrainingCandidate;

/* "lda", "logistic", "svc", "lda-svc", "kernel", "forest", "boost". */
const char *training_kind_to_string (TrainingKind kind);

/* Whether augmented clips are worth their cost: the gain is greatest and the cost lowest for these
 * kinds. */
gboolean training_kind_gains_by_augmentation (TrainingKind kind);

/* The default kinds: all that this build supports, see training_forest_get_missing(). */
const char *training_candidates_default (void);

/* The candidates of the kinds that `names` lists (comma-separated; NULL: the default), as an array
 * of TrainingCandidate. First the best guess of each kind, then settings drawn at random, kind
 * after kind, up to `n_settings`. NULL with TRAINING_ERROR_DATA naming an unknown kind and the
 * known ones, or how to get a kind that this build lacks. */
GArray *training_candidates_list (const char *names, guint n_settings, guint32 seed,
                                  GError **error);

/* "lda shrinkage=0.3"; free with g_free(). */
char *training_candidate_describe (const TrainingCandidate *candidate);

/* Fits on the rows of `groups`; the classifier has temperature 1. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_candidate_fit (const TrainingCandidate *candidate,
                                           const TrainingSplit *split, TrainingGroups groups,
                                           GError **error);

G_END_DECLS
