/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clips of a metadata file (CSV, RFC 4180, UTF-8 with or without a byte order mark). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;  /* as written in the metadata; relative paths are relative to the audio root */
  char *id;    /* what results call it: the path, or in a pool NAME/PATH */
  char *file;  /* where it is, where that is not the path; NULL: at the path */
  char *label; /* [a-z][a-z0-9_-]*, at most 63 bytes; NULL where none are read */
  char
      *label_text; /* as written, in UTF-8; NULL where that is the label or differs in case alone */
  char *speaker;   /* the group column's value, in a pool NAME/VALUE; NULL without such a column */
  char *statement; /* what is said, of the column statement or sentence, in a pool NAME/VALUE; NULL
                    * where that is not known */
  gint
      intensity; /* 0: normal or low, 1: strong or high, of the column intensity; -1: another or none */
  char *split;  /* of the column split or partition; NULL where that is not known */
  guint corpus; /* index into the names, metadata paths and audio roots */
  guint line;   /* in the metadata file, from 1 */
} TrainingClip;

typedef struct {
  guint n_corpora;                               /* 1, or more when pooled */
  char **names, **metadata_paths, **audio_roots; /* of each corpus; NULL-terminated */
  GPtrArray *clips;                              /* TrainingClip, in the files' order */
  GPtrArray *rejects;                            /* TrainingReject, one a row that was left out */
} TrainingCorpus;

/* Names of columns; NULL takes the first usual name that there is, see columns.h. */
typedef struct {
  const char *path_column;
  const char *label_column;
  const char *group_column; /* of speakers; there may be none */
  gboolean unlabelled;      /* no column of labels is read, and those of clips are NULL */
} TrainingColumns;

/* What a corpus is called if nothing else is said: the metadata's folder, as a line of UTF-8; free with g_free(). */
char *training_corpus_name_of (const char *metadata_path);

/* Reads `metadata_path`; `audio_root` NULL means the metadata's folder, `name` NULL
 * training_corpus_name_of() it. Fields are parted by a comma, a semicolon, a tab or a |, whichever makes
 * known columns of the first row. NULL with TRAINING_ERROR_METADATA when the file cannot be read or is no
 * text in UTF-8, a column is missing (the message lists those that there are) or no row is left. Rows
 * without a path, label or speaker or with another number of fields than the header are left out and
 * named in `problems`. */
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

/* Sets the label and what people call it from a text (see label-text.h); what was there is freed. */
void training_corpus_set_label (char **label, char **label_text, const char *text);

/* Whether each label stands for one text: two texts that become the same label ("very angry" and
 * "very_angry") are an error, as is a label that no model may have. FALSE with TRAINING_ERROR_METADATA. */
gboolean training_corpus_check_labels (const TrainingCorpus *corpus, GError **error);

/* Finds the clips' files. A path may have been written elsewhere: backslashes are slashes, and where
 * none of its leading folders is here (C:\data\), these are left out, the same ones of a corpus' paths; that is told on
 * stderr in the name of `program`. Clips whose files are not there move to `problems`. */
void training_corpus_find_files (TrainingCorpus *corpus, const char *program);

/* Whether enough of it is left, as training_rejects_check(). */
gboolean training_corpus_check_losses (const TrainingCorpus *corpus, GError **error);

/* An empty list of clips, which it owns. */
GPtrArray *training_corpus_new_clips (void);

/* The clip's full path, or its URI; free with g_free(). */
char *training_corpus_resolve (const TrainingCorpus *corpus, const TrainingClip *clip);

G_END_DECLS
