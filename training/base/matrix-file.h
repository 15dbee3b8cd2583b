/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes an EmotionMatrix to a file. The file appears complete or not at all. Any thread. */
#pragma once

#include "core/features/feature-set.h"

G_BEGIN_DECLS

/* One line per row. Numbers have nine significant digits, enough to restore each float exactly. */
gboolean training_matrix_write_csv (const EmotionMatrix *matrix, const char *path, GError **error);

/* NumPy's format, version 1.0: little-endian float32, n_rows x n_columns. */
gboolean training_matrix_write_npy (const EmotionMatrix *matrix, const char *path, GError **error);

G_END_DECLS
