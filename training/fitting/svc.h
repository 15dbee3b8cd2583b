/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C-SVC with an RBF kernel (Cortes & Vapnik 1995), trained by libsvm on the coordinates of a
 * projection. The result is a classifier that core evaluates. */
#pragma once

#include "core/model/classifier.h"
#include "projection.h"

G_BEGIN_DECLS

/* Trains on `n` rows of the matrix given by index. `gamma` is per coordinate: the kernel's is gamma
 * / (n_components * unit^2). libsvm does not support row weights: each row counts by the mean
 * weight of its label. The classifier has temperature 1. */
EmotionClassifier *training_svc_fit (const TrainingProjection *projection, guint n_labels,
                                     const float *matrix, const guint *rows, const guint *labels,
                                     const double *weights, guint n, double cost, double gamma,
                                     GError **error);

G_END_DECLS
