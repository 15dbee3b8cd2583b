/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options for labelled data shared by programs: --metadata, --audio-root and --corpus, each
 * once or once per corpus, the names of columns and --label-map. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

/* Initialise with zeros. */
typedef struct {
  char **metadata, **audio_roots, **names; /* NULL or NULL-terminated */
  char *path_column, *label_column, *group_column, *label_map;
} TrainingSources;

void training_sources_add_options (TrainingSources *self, GOptionContext *context);

/* Checks the parsed options: there are metadata, and as many audio roots and names, or none of
 * these. G_OPTION_ERROR_BAD_VALUE otherwise. */
gboolean training_sources_check (const TrainingSources *self, GError **error);

/* Reads and pools the corpora, maps their labels and finds their files. Reports the number of rows
 * dropped by the map in one line on stderr, in the name of `program`. NULL with
 * TRAINING_ERROR_METADATA. */
TrainingCorpus *training_sources_read (const TrainingSources *self, const char *program,
                                       GError **error);
void training_sources_clear (TrainingSources *self);

/* A message of a corpus or dataset, in UTF-8, without the folders that metadata and audio happen to be in, so
 * that a report is the same wherever they lie; free with g_free(). */
char *training_sources_without_folders (const char *message, const TrainingCorpus *corpus);

G_END_DECLS
