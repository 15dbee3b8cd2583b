/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ordinary, mostly neutral speech without emotion labels: where an prediction with an emotion is likely to be
 * false. It decides how careful a model's predictions are; no model learns from it. */
#pragma once

#include "streams.h"
#include "training/data/corpus.h"
#include "training/data/dataset.h"

G_BEGIN_DECLS

/* Reads metadata files with the columns for the audio path and, where there is one, the speaker. Rows
 * that cannot be used are named in the corpus' problems. NULL with TRAINING_ERROR_METADATA, also with
 * fewer than two speakers. */
TrainingCorpus *training_ordinary_read (char **metadata, const char *program, GError **error);

/* Runs `model` over each file as a stream of its own, as the element would, and splits the streams by
 * speaker, seeded, into two sets of about as many speakers each. Files that fail are reported on stderr
 * in the name of `program` and left out. FALSE with TRAINING_ERROR_DATA where a file has the samples of a
 * clip of `data`. */
gboolean training_ordinary_score (const TrainingCorpus *corpus, EmotionModel *model,
                                  const TrainingDataset *data, guint n_jobs, guint32 seed,
                                  const char *program, TrainingStreams *sets[2], GError **error);

G_END_DECLS
