/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C-SVC with an RBF kernel (Cortes & Vapnik 1995), trained by libsvm on the coordinates of a linear discriminant,
 * and turned into a view that core evaluates. */
#pragma once

#include "discriminant.h"

G_BEGIN_DECLS

/* Trains on `n` rows of the matrix given by index. `gamma` is per dimension: the kernel's is
 * gamma / n_components. Every label counts alike. The view has temperature 1. */
EmotionView *training_svc_fit (const TrainingDiscriminant *discriminant, const float *matrix,
                               const guint *rows, const guint *labels, guint n, double cost,
                               double gamma, GError **error);

G_END_DECLS
