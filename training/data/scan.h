/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Generates metadata for the recordings in a folder from file and folder names alone. */
#pragma once

#include "corpus-names.h"
#include "scan-pattern.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                           /* relative to the folder */
  char *label;                          /* as in metadata */
  char *fields[TRAINING_SCAN_N_FIELDS]; /* "": unknown */
  /* Without a pattern: parsed from a known corpus' name; otherwise a folder's name is the label. */
  TrainingName name;
  goffset size;       /* bytes */
  gboolean duplicate; /* same bytes as an earlier file */
} TrainingScanClip;

typedef struct {
  GPtrArray *clips;          /* TrainingScanClip, by path */
  GPtrArray *not_understood; /* char *: "PATH: why" */
  GPtrArray *warnings;       /* char *: "PATH: warning" for clips that stay */
  GHashTable *left_out;      /* char *, the kind -> GPtrArray of char *, the paths */
  guint n_recordings;        /* inspected */
  guint n_unmatched;         /* of these, not matching the pattern */
  guint n_other_files;       /* neither audio nor video, by their suffix */
} TrainingScan;

/* Walks `folder` recursively, each folder once, however many links lead to it; hidden entries are
 * skipped. A clip's label comes from its name (corpus-names.h), otherwise from the nearest folder
 * named after an emotion, in lower case; in a tree without recognised names, any valid label that
 * is the name of the clip's own folder also counts. Clips with the same bytes, or whose names
 * denote the same recording, get a warning and stay. With `pattern` (NULL: none), only the pattern
 * is used. NULL with TRAINING_ERROR_METADATA when a folder or a file cannot be read. */
TrainingScan *training_scan (const char *folder, const TrainingPattern *pattern, GError **error);
void training_scan_free (TrainingScan *self); /* NULL is fine */

/* CSV for training_corpus_read(): file_path, emotion and those of speaker, sex, intensity,
 * statement and split that any clip has. Free with g_free(). */
char *training_scan_to_csv (const TrainingScan *self);

G_END_DECLS
