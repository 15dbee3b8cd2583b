/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second moments of groups of rows, outside the diagonal, in single precision: 4 MB per group of
 * 1430 features. Each is computed when it is first used. */
#pragma once

#include "moments.h"

G_BEGIN_DECLS

typedef struct _TrainingSquares TrainingSquares;

/* `gather` returns all moments of a group, to be freed. It and its data must stay valid. */
TrainingSquares *training_squares_new (guint n_groups,
                                       TrainingMoments *(*gather) (guint group, gpointer data),
                                       gpointer data);
void training_squares_free (TrainingSquares *self); /* NULL is fine */

/* As training_moments_add_packed() adds them. Any thread; the threads that need them wait for the
 * first. Valid until they are forgotten. */
const float *training_squares_get (TrainingSquares *self, guint group);

/* Frees what is computed; it is computed again when needed. No other thread may use them. */
void training_squares_forget (TrainingSquares *self);

G_END_DECLS
