/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient-boosted trees (Friedman 2001) and random forests (Breiman 2001), trained by XGBoost's C library
 * (Chen & Guestrin 2016) where the build has it, and turned into a view that core evaluates. */
#pragma once

#include "core/view.h"

G_BEGIN_DECLS

/* A model file of so many nodes stays under 4 MB. */
#define TRAINING_FOREST_MAX_NODES 120000

typedef struct {
  gboolean boosted; /* else a forest */
  guint n_trees;    /* a label */
  guint depth;      /* levels of splits; 0: no limit */
  double rate;      /* of boosting, 0..1 */
} TrainingForestSettings;

/* Trains on `n` rows of the matrix given by index, with one thread; the same input gives the same trees.
 * The view has temperature 1. NULL with TRAINING_ERROR_DATA: XGBoost's reason, more nodes than
 * TRAINING_FOREST_MAX_NODES, or how to get a build with XGBoost. */
EmotionView *training_forest_fit (const float *matrix, guint n_features, guint n_labels,
                                  const guint *rows, const guint *labels, const double *weights,
                                  guint n, const TrainingForestSettings *settings, guint32 seed,
                                  GError **error);

G_END_DECLS
