/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel ridge classification (regularised least squares on one column a label: Rifkin, Yeo & Poggio 2003)
 * with an RBF kernel on the coordinates of a projection beside a linear one on all features. The linear
 * kernel carries over to new speakers, the RBF one remembers those that it knows. */
#pragma once

#include "core/model/classifier.h"
#include "projection.h"

G_BEGIN_DECLS

typedef struct {
  double ridge;  /* > 0, what a row of weight 1 may miss its label by costs */
  double gamma;  /* > 0, of the RBF kernel, per coordinate as in training_svc_fit() */
  double linear; /* >= 0, weight of the linear kernel beside it, whose mean on the diagonal is 1 */
  guint max_vectors; /* rows that the machine may remember; the others count through these alone
                      * (Nystroem's method: Williams & Seeger 2001) */
  guint n_memorable; /* that it may choose them from, the first of all: those that are no copies */
} TrainingKernelSettings;

/* Trains on `n` rows of the matrix given by index; weights as they are, so that labels count by
 * theirs. A label without rows is never the prediction. The classifier has temperature 1. NULL with
 * TRAINING_ERROR_DATA. */
EmotionClassifier *training_kernel_fit (const TrainingProjection *projection, guint n_labels,
                                        const float *matrix, const guint *rows, const guint *labels,
                                        const double *weights, guint n,
                                        const TrainingKernelSettings *settings, GError **error);

G_END_DECLS
