/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that are mostly neutral, as real ones are and corpora are not: four of five clips are neutral, the
 * others of the other labels in turn, each drawn by chance, with repetition, in an order of chance; one stream
 * a speaker. What adapts to a stream must not take such a one's neutral for the middle of all emotions. */
#pragma once

#include "score.h"
#include "streams.h"

G_BEGIN_DECLS

#define TRAINING_NEUTRAL_CLIPS 60 /* of a stream */
#define TRAINING_NEUTRAL_FRACTION 0.8

typedef struct {
  guint n; /* clips */
  double uar, accuracy;
} TrainingNeutralFigures;

/* A stream of each speaker in `groups` who has neutral clips and others, heard by `model`, adapted to the stream or
 * each clip alone; none where there is no label neutral. Adds the clips to `confusion` (n_labels x n_labels, truth
 * by prediction). The draw is by `seed` and the speaker's name. */
void training_neutral_streams_evaluate (const TrainingSplit *split, TrainingGroups groups,
                                        EmotionModel *model, gboolean adapted, guint32 seed,
                                        guint *confusion);

/* The same speakers in conversations: for each other label that a speaker has, in random order,
 * TRAINING_BLOCK_NEUTRAL neutral clips and then TRAINING_BLOCK_EMOTIONAL of that label, drawn with
 * repetition. Adds the windows, but for the early partial ones, to `streams`, one stream a speaker. */
#define TRAINING_BLOCK_NEUTRAL 16
#define TRAINING_BLOCK_EMOTIONAL 4
void training_block_streams_score (const TrainingSplit *split, TrainingGroups groups,
                                   EmotionModel *model, guint32 seed, TrainingStreams *streams);

/* UAR over the labels that occur; of no clips, both figures are 0. */
TrainingNeutralFigures training_neutral_streams_sum_up (const guint *confusion, guint n_labels);

G_END_DECLS
