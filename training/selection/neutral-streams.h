/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Simulated streams that are mostly neutral, as real ones are and corpora are not. Each speaker has
 * one stream. Four of five clips are neutral, the others cycle through the other labels. Clips are
 * drawn at random with repetition and are in random order. They test that adaptation does not shift
 * the centre of neutral streams. */
#pragma once

#include "score.h"
#include "streams.h"

G_BEGIN_DECLS

#define TRAINING_NEUTRAL_CLIPS 60 /* clips per stream */
#define TRAINING_NEUTRAL_FRACTION 0.8

typedef struct {
  guint n; /* clips */
  double uar, accuracy;
} TrainingNeutralFigures;

/* Evaluates a stream of each speaker in `groups` with neutral and other clips by `model`, adapted
 * to the stream or with each clip alone; none without a label neutral. Adds the clips to
 * `confusion` (n_labels x n_labels, truth by prediction). The draw depends on `seed` and the
 * speaker's name. */
void training_neutral_streams_evaluate (const TrainingSplit *split, TrainingGroups groups,
                                        EmotionModel *model, gboolean adapted, guint32 seed,
                                        guint *confusion);

/* Conversations of the same speakers. For each other label of a speaker, in random order,
 * TRAINING_BLOCK_NEUTRAL neutral clips are followed by TRAINING_BLOCK_EMOTIONAL clips of that
 * label, drawn with repetition. Adds the windows, except early partial ones, to `streams`, one
 * stream per speaker. */
#define TRAINING_BLOCK_NEUTRAL 16
#define TRAINING_BLOCK_EMOTIONAL 4
void training_block_streams_score (const TrainingSplit *split, TrainingGroups groups,
                                   EmotionModel *model, guint32 seed, TrainingStreams *streams);

/* UAR over the labels that occur; without clips, both figures are 0. */
TrainingNeutralFigures training_neutral_streams_sum_up (const guint *confusion, guint n_labels);

G_END_DECLS
