/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classifiers that the trainer chooses from, and their settings. */
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
  double limit;                 /* of scaled features, as in EmotionClassifierParts; 0: none */
  gboolean originals;           /* learns from no altered copies */
  gboolean unbalanced;          /* labels count by their weight in the rows, not all alike */
} TrainingCandidate;

/* "lda", "logistic", "svc", "lda-svc", "kernel", "forest", "boost". */
const char *training_kind_to_string (TrainingKind kind);

/* Whether altered copies are worth their time: they help these most, and cost them least. */
gboolean training_kind_likes_copies (TrainingKind kind);

/* The kinds tried where none are named: all that this build has, see training_forest_get_missing(). */
const char *training_candidates_default (void);

/* What to try of the kinds that `names` lists (comma-separated; NULL: the default),
 * as an array of TrainingCandidate: of each kind its best guess, then settings drawn at random, kind after
 * kind, until there are `n_settings`. NULL with TRAINING_ERROR_DATA naming an unknown kind and those that
 * there are, or saying how to get a kind that this build lacks. */
GArray *training_candidates_list (const char *names, guint n_settings, guint32 seed,
                                  GError **error);

/* "lda shrinkage=0.3"; free with g_free(). */
char *training_candidate_describe (const TrainingCandidate *candidate);

/* Fits on the rows of `groups`; the classifier has temperature 1. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_candidate_fit (const TrainingCandidate *candidate,
                                           const TrainingSplit *split, TrainingGroups groups,
                                           GError **error);

G_END_DECLS
