/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The columns of a metadata file, by the names that people give them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TRAINING_COLUMN_PATH,
  TRAINING_COLUMN_LABEL,
  TRAINING_COLUMN_SPEAKER,
  TRAINING_COLUMN_STATEMENT,
  TRAINING_COLUMN_INTENSITY,
  TRAINING_COLUMN_SPLIT,
  TRAINING_N_COLUMNS,
} TrainingColumn;

/* The index of the column called `wanted`, or with NULL of the first usual name that there is; -1 when
 * there is none. Names match without case, blanks, `_` and `-`, but one that is the same letter by letter
 * goes before. `*twice` gets a name that two columns have, of those looked for; else NULL. */
gint training_column_find (const GPtrArray *header, TrainingColumn column, const char *wanted,
                           const char **twice);

/* "speaker", what messages call it. */
const char *training_column_describe (TrainingColumn column);

/* The first of the usual names, between commas; free with g_free(). */
char *training_column_list (TrainingColumn column);

/* How the fields of the text's first row are parted: one of , ; tab |, by what makes known columns of it,
 * with the names wanted, NULL or one a column. */
char training_columns_guess_separator (const char *content, gsize size,
                                       const char *const wanted[TRAINING_N_COLUMNS]);

G_END_DECLS
