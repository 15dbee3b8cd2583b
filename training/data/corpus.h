/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clips of a metadata file (CSV, RFC 4180, UTF-8 with or without a byte order mark). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;       /* as written in the metadata; relative paths are relative to the audio root */
  char *id;         /* its name in results: the path, or in a pool NAME/PATH */
  char *file;       /* its location if that is not the path; NULL: at the path */
  char *label;      /* [a-z][a-z0-9_-]*, at most 63 bytes; NULL if labels are not read */
  char *label_text; /* as written, in UTF-8; NULL if equal to the label but for case */
  char *speaker;    /* the group column's value, in a pool NAME/VALUE; NULL without such a column */
  /* The sentence, from the column statement or sentence, in a pool NAME/VALUE; NULL if unknown. */
  char *statement;
  /* 0: normal or low, 1: strong or high, of the column intensity; -1: another or none. */
  gint intensity;
  char *split;  /* from the column split or partition; NULL if unknown */
  guint corpus; /* index into the names, metadata paths and audio roots */
  guint line;   /* in the metadata file, from 1 */
} TrainingClip;

typedef struct {
  guint n_corpora;                               /* 1, or more when pooled */
  char **names, **metadata_paths, **audio_roots; /* of each corpus; NULL-terminated */
  GPtrArray *clips;                              /* TrainingClip, in the files' order */
  GPtrArray *rejects;                            /* TrainingReject, one per rejected row */
} TrainingCorpus;

/* Names of columns. NULL selects the first usual name present, see columns.h. */
typedef struct {
  const char *path_column;
  const char *label_column;
  const char *group_column; /* of speakers; optional */
  gboolean unlabelled;      /* the label column is not read, and labels of clips are NULL */
} TrainingColumns;

/* What a corpus is called if nothing else is said: the metadata's folder, as a line of UTF-8; free with g_free(). */
char *training_corpus_name_of (const char *metadata_path);

/* Reads `metadata_path`. `audio_root` NULL means the metadata's folder, `name` NULL means
 * training_corpus_name_of(). The field separator is a comma, a semicolon, a tab or a |, detected
 * from the first row. NULL with TRAINING_ERROR_METADATA when the file cannot be read or is not
 * UTF-8 text, when a column is missing (the message lists the columns present) or when no row is
 * left. Rows without a path, label or speaker, or with a different number of fields than the
 * header, are added to `rejects`. */
TrainingCorpus *training_corpus_read (const char *metadata_path, const char *audio_root,
                                      const char *name, const TrainingColumns *columns,
                                      GError **error);

/* Moves all of `from` into `into` and frees it. Clips, speakers and statements of a pool get names
 * of the form NAME/..., so that names of two corpora never coincide. FALSE with
 * TRAINING_ERROR_METADATA, and nothing moved, when both contain a corpus of the same name. */
gboolean training_corpus_pool (TrainingCorpus *into, TrainingCorpus *from, GError **error);

void training_corpus_free (TrainingCorpus *corpus); /* NULL is fine */

/* Keeps `n` clips drawn at random (seeded), in proportion to the labels, or all if there are no
 * more. Their order is preserved. */
void training_corpus_limit (TrainingCorpus *corpus, guint n, guint32 seed);

/* Sets the label and its display text from a text (see label-text.h). Frees the previous values. */
void training_corpus_set_label (char **label, char **label_text, const char *text);

/* Whether each label has a single text. Two texts that become the same label ("very angry" and
 * "very_angry") are an error, as is an invalid label. FALSE with TRAINING_ERROR_METADATA. */
gboolean training_corpus_check_labels (const TrainingCorpus *corpus, GError **error);

/* Finds the clips' files. Paths may come from another machine: backslashes become slashes, and
 * leading folders that do not exist here (C:\data\) are removed, the same ones for all paths of a
 * corpus. The removal is reported on stderr in the name of `program`. Clips without a file move to
 * `rejects`. */
void training_corpus_find_files (TrainingCorpus *corpus, const char *program);

/* Whether enough of the corpus is left, as in training_rejects_check(). */
gboolean training_corpus_check_losses (const TrainingCorpus *corpus, GError **error);

/* An empty list that owns its clips. */
GPtrArray *training_corpus_new_clips (void);

/* The clip's full path, or its URI; free with g_free(). */
char *training_corpus_resolve (const TrainingCorpus *corpus, const TrainingClip *clip);

G_END_DECLS
