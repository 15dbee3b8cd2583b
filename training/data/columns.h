/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detection of the columns of a metadata file by their usual names. */
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

/* The index of the column called `wanted`, or with NULL the first usual name present; -1 without
 * one. Names match ignoring case, blanks, `_` and `-`; an exact match goes first. `*twice` gets a
 * searched name that two columns share, otherwise NULL. */
gint training_column_find (const GPtrArray *header, TrainingColumn column, const char *wanted,
                           const char **twice);

/* The name of the column in messages, such as "speaker". */
const char *training_column_describe (TrainingColumn column);

/* The most common usual names, separated by commas. Free with g_free(). */
char *training_column_list (TrainingColumn column);

/* The field separator of the text's first row: one of , ; tab |. Selects the one that gives the
 * most known columns, including the names wanted (NULL, or one per column). */
char training_columns_guess_separator (const char *content, gsize size,
                                       const char *const wanted[TRAINING_N_COLUMNS]);

G_END_DECLS
