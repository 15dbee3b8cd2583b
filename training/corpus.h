/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clips of a metadata file (CSV, RFC 4180, UTF-8 with or without a byte order mark). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;      /* as written in the metadata; relative paths are relative to the audio root */
  char *id;        /* what results call it: the path, or in a pool NAME/PATH */
  char *label;     /* lower case, checked: [a-z][a-z0-9_-]*; NULL where none are read */
  char *speaker;   /* the group column's value, in a pool NAME/VALUE; NULL without such a column */
  char *statement; /* what is said, of the column statement or sentence, in a pool NAME/VALUE; NULL
                    * where that is not known */
  gint
      intensity; /* 0: normal or low, 1: strong or high, of the column intensity; -1: another or none */
  guint corpus; /* index into the names, metadata paths and audio roots */
  guint line;   /* in the metadata file, from 1 */
} TrainingClip;

typedef struct {
  guint n_corpora;                               /* 1, or more when pooled */
  char **names, **metadata_paths, **audio_roots; /* of each corpus; NULL-terminated */
  GPtrArray *clips;                              /* TrainingClip, in the files' order */
  GPtrArray *problems; /* char *: "FILE:LINE: what is wrong", one a row that was left out */
} TrainingCorpus;

/* Names of columns; NULL takes the first that there is of those listed. */
typedef struct {
  const char *path_column;  /* file_path, filepath, path, audio_path, relative_path */
  const char *label_column; /* label, emotion, target, class */
  const char *group_column; /* speaker, or none */
  gboolean unlabelled;      /* no column of labels is read, and those of clips are NULL */
} TrainingColumns;

/* What a corpus is called if nothing else is said: the metadata's folder; free with g_free(). */
char *training_corpus_name_of (const char *metadata_path);

/* Reads `metadata_path`; `audio_root` NULL means the metadata's folder, `name` NULL
 * training_corpus_name_of() it. NULL with TRAINING_ERROR_METADATA when the file cannot be read or is no CSV text, a column
 * is missing (the message lists those that there are) or no row is left. Rows with an empty or wrong
 * field or another number of fields than the header are left out and named in `problems`. */
TrainingCorpus *training_corpus_read (const char *metadata_path, const char *audio_root,
                                      const char *name, const TrainingColumns *columns,
                                      GError **error);

/* Moves all of `from` into `into` and frees it. Clips, speakers and statements of a pool are called
 * NAME/..., so that those of two corpora never are the same. FALSE with TRAINING_ERROR_METADATA, and
 * nothing moved, when both have a corpus of the same name. */
gboolean training_corpus_pool (TrainingCorpus *into, TrainingCorpus *from, GError **error);

void training_corpus_free (TrainingCorpus *corpus); /* NULL is fine */

/* Keeps `n` clips drawn at random, seeded, of each label its share; all when there are no more. Their
 * order stays. */
void training_corpus_limit (TrainingCorpus *corpus, guint n, guint32 seed);

/* Whether `text` is [a-z][a-z0-9_-]*. */
gboolean training_corpus_is_label (const char *text);

/* The clip's full path; free with g_free(). */
char *training_corpus_resolve (const TrainingCorpus *corpus, const TrainingClip *clip);

G_END_DECLS
