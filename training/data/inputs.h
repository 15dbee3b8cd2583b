/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input files of a program. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                  /* to play: a file, a URI or - */
  char *name;                  /* to print */
  const char *label, *speaker; /* owned by the corpus, or NULL */
} TrainingInput;

/* The files that the arguments of a program name, as TrainingInput in order: a folder stands for
 * the audio and video files in it (walk.h), anything else for itself. Unreadable folders and
 * folders without such files are added to `rejects` (char *). Free with g_ptr_array_unref(). */
GPtrArray *training_inputs_from_arguments (char *const *arguments, GPtrArray *rejects);

/* The clips of `corpus`, by their names in results. The corpus must outlive the inputs. */
GPtrArray *training_inputs_from_corpus (const TrainingCorpus *corpus);

G_END_DECLS
