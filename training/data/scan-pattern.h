/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* User-defined file name schemes: a regular expression whose named groups are columns of
 * metadata. */
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

/* Compiles a regular expression in Perl syntax (GRegex). NULL with G_OPTION_ERROR_BAD_VALUE for a
 * wrong expression, with the position; for a named group that is not emotion, label or a field; or
 * without a group emotion or label. */
TrainingPattern *training_pattern_new (const char *text, GError **error);
void training_pattern_free (TrainingPattern *self); /* NULL is fine */

/* Searches anywhere in `path`, which is UTF-8. TRUE with the label and the fields, trimmed, "" if
 * the group did not take part. Label, sex and intensity are in lower case, and f and m become
 * female and male. Free all with g_free(). FALSE without a match, with `error` set when the search
 * takes too many steps. */
gboolean training_pattern_match (const TrainingPattern *self, const char *path, char **label,
                                 char *fields[TRAINING_SCAN_N_FIELDS], GError **error);

G_END_DECLS
