/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ordinary, mostly neutral speech without emotion labels, where predicted emotions are probably
 * false. It determines the decision settings of a model; no model is fitted on it. */
#pragma once

#include "streams.h"
#include "training/data/corpus.h"
#include "training/data/dataset.h"

G_BEGIN_DECLS

/* Reads metadata files with a column for the audio path and, optionally, the speaker. Unusable rows
 * are added to the corpus' rejects. NULL with TRAINING_ERROR_METADATA, also with fewer than two
 * speakers. */
TrainingCorpus *training_ordinary_read (char **metadata, const char *program, GError **error);

/* Runs `model` over each file as a stream of its own, as the element would. Splits the streams by
 * speaker, seeded, into two sets with about as many speakers each. Files that fail are reported on
 * stderr in the name of `program` and skipped. FALSE with TRAINING_ERROR_DATA when a file has the
 * samples of a clip of `data`. */
gboolean training_ordinary_score (const TrainingCorpus *corpus, EmotionModel *model,
                                  const TrainingDataset *data, guint n_jobs, guint32 seed,
                                  const char *program, TrainingStreams *sets[2], GError **error);

G_END_DECLS
