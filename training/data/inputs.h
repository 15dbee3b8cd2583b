/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a program is given. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                  /* to play: a file, a URI or - */
  char *name;                  /* to print */
  const char *label, *speaker; /* of the corpus, which owns them, or NULL */
} TrainingInput;

/* What the arguments of a program stand for, TrainingInput in order: a folder for the audio and
 * video files under it (walk.h), anything else for itself. Folders that cannot be read or hold no
 * such file are named in `problems`, char *. Free with g_ptr_array_unref(). */
GPtrArray *training_inputs_from_arguments (char *const *arguments, GPtrArray *rejects);

/* The clips of `corpus`, which must outlive the inputs, by what results call them. */
GPtrArray *training_inputs_from_corpus (const TrainingCorpus *corpus);

G_END_DECLS
