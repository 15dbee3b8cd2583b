/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel ridge classification: regularised least squares with one target column per label (Rifkin,
 * Yeo & Poggio 2003). The kernel is the sum of an RBF kernel on the coordinates of a projection and
 * a linear kernel on all features. The linear kernel generalises to new speakers; the RBF kernel
 * memorises known ones. */
#pragma once

#include "core/model/classifier.h"
#include "projection.h"

G_BEGIN_DECLS

typedef struct {
  double ridge;  /* > 0, regularisation: added to the kernel's diagonal for a row of weight 1 */
  double gamma;  /* > 0, of the RBF kernel, per coordinate as in training_svc_fit() */
  double linear; /* >= 0, weight of the linear kernel, whose mean diagonal is 1 */
  /* Maximum number of rows kept as vectors; the other rows count through these only (Nystroem
   * method: Williams & Seeger 2001). */
  guint max_vectors;
  guint n_memorable; /* candidates for vectors, the first rows: those of source clips */
} TrainingKernelSettings;

/* Trains on `n` rows of the matrix given by index. Weights are used unchanged, so that labels count
 * by theirs. A label without rows is never predicted. The classifier has temperature 1. NULL with
 * TRAINING_ERROR_DATA. */
EmotionClassifier *training_kernel_fit (const TrainingProjection *projection, guint n_labels,
                                        const float *matrix, const guint *rows, const guint *labels,
                                        const double *weights, guint n,
                                        const TrainingKernelSettings *settings, GError **error);

G_END_DECLS
