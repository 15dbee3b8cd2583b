/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metadata for the recordings under a folder, from the names of files and folders alone. */
#pragma once

#include "corpus-names.h"
#include "scan-pattern.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                           /* relative to the folder */
  char *label;                          /* as in metadata */
  char *fields[TRAINING_SCAN_N_FIELDS]; /* "": not told */
  TrainingName name;  /* without a pattern: of a known corpus, or a folder's name is the label */
  goffset size;       /* bytes */
  gboolean duplicate; /* it has the bytes of an earlier one */
} TrainingScanClip;

typedef struct {
  GPtrArray *clips;          /* TrainingScanClip, by path */
  GPtrArray *not_understood; /* char *: "PATH: why" */
  GPtrArray *warnings;       /* char *: "PATH: what is odd" of clips that stay */
  GHashTable *left_out;      /* char *, what it is -> GPtrArray of char *, the paths */
  guint n_recordings;        /* that were looked at */
  guint n_unmatched;         /* of these, that do not match the pattern */
  guint n_other_files;       /* neither audio nor video, by their suffix */
} TrainingScan;

/* Walks `folder` with all folders in it, each once, however many links lead there; what is hidden
 * is left alone. A clip's label is what its name tells (corpus-names.h), else, in lower case, the
 * nearest of its folders whose name is a word for an emotion; in a tree where no names tell also any
 * valid label that its own folder is called. Clips with the same bytes, or of one recording by their
 * names, get a warning and stay. With `pattern` (NULL: none) that alone tells of all clips. NULL with
 * TRAINING_ERROR_METADATA when a folder or a file cannot be read. */
TrainingScan *training_scan (const char *folder, const TrainingPattern *pattern, GError **error);
void training_scan_free (TrainingScan *self); /* NULL is fine */

/* CSV as training_corpus_read() takes it: file_path, emotion and, of speaker, sex, intensity,
 * statement and split, those that any clip tells. Free with g_free(). */
char *training_scan_to_csv (const TrainingScan *self);

G_END_DECLS
