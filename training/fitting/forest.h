/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient-boosted trees (Friedman 2001) and random forests (Breiman 2001), trained by XGBoost's C library
 * (Chen & Guestrin 2016) where the build has it, and turned into a classifier that core evaluates. */
#pragma once

#include "core/model/classifier.h"
#include "moments.h"

G_BEGIN_DECLS

/* Of all trees, at most 25 bytes each in a model file. There are never more trees than that. */
#define TRAINING_FOREST_MAX_NODES 80000

typedef struct {
  gboolean boosted; /* else a forest */
  guint n_trees;    /* a label */
  guint depth;      /* levels of splits, 1 or more */
  double rate;      /* of boosting, 0..1 */
} TrainingForestSettings;

/* NULL, or how to get a build with XGBoost. */
const char *training_forest_get_missing (void);

/* Trains on `n` rows of the matrix given by index, whose moments tell which features to look at, with one thread; the same input gives the same trees.
 * The classifier has temperature 1. NULL with TRAINING_ERROR_DATA: XGBoost's reason, or that it
 * is missing. */
EmotionClassifier *training_forest_fit (const TrainingMoments *moments, const float *matrix,
                                        const guint *rows, const guint *labels,
                                        const double *weights, guint n,
                                        const TrainingForestSettings *settings, guint32 seed,
                                        GError **error);

G_END_DECLS
