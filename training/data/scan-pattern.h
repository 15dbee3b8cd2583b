/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A user's own scheme of file names: a regular expression whose named groups are the columns of metadata. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TRAINING_SCAN_SPEAKER,
  TRAINING_SCAN_SEX,
  TRAINING_SCAN_INTENSITY,
  TRAINING_SCAN_STATEMENT,
  TRAINING_SCAN_SPLIT,
  TRAINING_SCAN_N_FIELDS,
} TrainingScanField;

/* The column's name. */
const char *training_scan_field_name (TrainingScanField field);

typedef struct _TrainingPattern TrainingPattern;

/* In the syntax of Perl (GRegex). NULL with G_OPTION_ERROR_BAD_VALUE where the expression is wrong, with the
 * place; has a named group that is neither emotion nor label nor a field; or has no emotion or label. */
TrainingPattern *training_pattern_new (const char *text, GError **error);
void training_pattern_free (TrainingPattern *self); /* NULL is fine */

/* Looks for it anywhere in `path`, which is in UTF-8. TRUE with the label and the fields, without blanks
 * around them, "" where the group took no part; label, sex and intensity are in lower case, and f and m
 * are spelt out. Free all with g_free(). FALSE where it is not there, and with `error` set where the search
 * takes too many steps. */
gboolean training_pattern_match (const TrainingPattern *self, const char *path, char **label,
                                 char *fields[TRAINING_SCAN_N_FIELDS], GError **error);

G_END_DECLS
