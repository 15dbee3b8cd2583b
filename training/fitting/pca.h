/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Principal components (Pearson 1901) of standardised columns. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The scores of `n_rows` rows on the first `n_components` components, n_rows x n_components. The
 * sign of each component makes its greatest loading positive. `explained` (n_components) gets their
 * fractions of the variance. `matrix`, n_rows x n_columns of finite numbers, is standardised in
 * place; constant columns are ignored. Free with g_free(). NULL with TRAINING_ERROR_DATA when there
 * are fewer than n_components + 1 rows or fewer than n_components columns that vary. */
double *training_pca (double *matrix, guint n_rows, guint n_columns, guint n_components,
                      double *explained, GError **error);

G_END_DECLS
