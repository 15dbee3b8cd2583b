/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that are mostly neutral, as real ones are and corpora are not: four of five clips are neutral, the
 * others of the other labels in turn, each drawn by chance, with repetition, in an order of chance; one stream
 * a speaker. What adapts to a stream must not take such a one's neutral for the middle of all emotions. */
#pragma once

#include "score.h"

G_BEGIN_DECLS

#define TRAINING_NEUTRAL_CLIPS 60 /* of a stream */
#define TRAINING_NEUTRAL_SHARE 0.8

typedef struct {
  guint n; /* clips */
  double uar, accuracy;
} TrainingNeutralFigures;

/* A stream of each speaker in `units` who has neutral clips and others, heard by `model`, adapted to the stream or
 * each clip alone; none where there is no label neutral. Adds the clips to `confusion` (n_labels x n_labels, truth
 * by answer). The draw is by `seed` and the speaker's name. */
void training_neutral_streams_hear (const TrainingProblem *problem, TrainingUnits units,
                                    EmotionModel *model, gboolean adapted, guint32 seed,
                                    guint *confusion);

/* UAR over the labels that occur; of no clips, both figures are 0. */
TrainingNeutralFigures training_neutral_streams_sum_up (const guint *confusion, guint n_labels);

G_END_DECLS
