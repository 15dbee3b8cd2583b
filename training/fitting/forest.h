/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient-boosted trees (Friedman 2001) and random forests (Breiman 2001), trained by XGBoost's C
 * library (Chen & Guestrin 2016) if the build has it. The result is a classifier that core
 * evaluates. */
#pragma once

#include "core/model/classifier.h"
#include "moments.h"

G_BEGIN_DECLS

/* The maximum number of nodes of all trees; a node takes at most 25 bytes in a model file. The
 * number of trees never exceeds it. */
#define TRAINING_FOREST_MAX_NODES 80000

typedef struct {
  gboolean boosted; /* else a forest */
  guint n_trees;    /* per label */
  guint depth;      /* levels of splits, 1 or more */
  double rate;      /* of boosting, 0..1 */
} TrainingForestSettings;

/* NULL if XGBoost is available, otherwise how to get a build with it. */
const char *training_forest_get_missing (void);

/* Trains on `n` rows of the matrix given by index, on features selected by the rows' moments, with
 * one thread. The result is deterministic. The classifier has temperature 1. NULL with
 * TRAINING_ERROR_DATA: XGBoost's reason, or that it is missing. */
EmotionClassifier *training_forest_fit (const TrainingMoments *moments, const float *matrix,
                                        const guint *rows, const guint *labels,
                                        const double *weights, guint n,
                                        const TrainingForestSettings *settings, guint32 seed,
                                        GError **error);

G_END_DECLS
