/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multinomial logistic regression with an L2 penalty on the weights (Hosmer & Lemeshow 2000), by
 * L-BFGS (Liu & Nocedal 1989; libLBFGS). */
#pragma once

#include "core/model/classifier.h"
#include "moments.h"

G_BEGIN_DECLS

/* Minimises the weighted mean negative log-likelihood of the `n` rows plus penalty / 2 *
 * |weights|^2, on the scaled features. The scaler is that of `moments`, which belong to the same
 * rows. The classifier has temperature 1. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_logistic_fit (const TrainingMoments *moments, const float *matrix,
                                          const guint *rows, const guint *labels,
                                          const double *weights, guint n, double penalty,
                                          GError **error);

G_END_DECLS
