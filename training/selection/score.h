/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What classifiers and models say of the rows of held-out clips. */
#pragma once

#include "core/model/model.h"
#include "core/stream/scorer.h"
#include "metrics.h"
#include "split.h"

G_BEGIN_DECLS

/* Log-posteriors (n_rows x n_labels) of the rows of the clips in `groups` by one classifier, which sees the
 * split's matrix. Other rows are left as they are. */
void training_score_by_classifier (const TrainingSplit *split, TrainingGroups groups,
                                   const EmotionClassifier *classifier, double *log_posteriors);

/* What a model says of a dataset's rows. */
typedef struct {
  double *log_posteriors; /* n_rows x n_labels */
  guint8 *outliers; /* n_rows, whether the model takes the row for no speech; NULL: not wanted */
} TrainingScores;

/* Room for all rows. */
TrainingScores training_scores_new (const TrainingDataset *data);
void training_scores_clear (TrainingScores *self);

/* Scores the rows of one clip, the next of the scorer's stream. */
void training_scores_add_clip (TrainingScores *self, const TrainingDataset *data, guint clip,
                               EmotionScorer *scorer);

/* Scores the rows of the clips in `groups`, each clip as a stream of its own, without adaptation. Other rows are
 * left as they are. */
void training_scores_add_alone (TrainingScores *self, const TrainingSplit *split,
                                TrainingGroups groups, EmotionModel *model);

/* The same by a model that adapts: all clips of a speaker are one stream, in a random order that `seed`
 * and the speaker's name give, as one EmotionDetector hears them with emotion_detector_begin_clip() before
 * each. */
void training_scores_add_adapted (TrainingScores *self, const TrainingSplit *split,
                                  TrainingGroups groups, EmotionModel *model, guint32 seed);

/* The frames of speech in a row, 0 for an outlier. */
guint training_scores_count_speech (const TrainingScores *self, const TrainingDataset *data,
                                    gsize row);

/* The clip decision (core/stream/utterance.h) over the rows of a clip: its mean log-posteriors. */
void training_scores_decide (const TrainingScores *self, const TrainingDataset *data, guint clip,
                             double *mean);

/* The clips of one speaker in that order: `n` indices, to be freed. */
guint *training_stream_order (const TrainingSplit *split, TrainingGroups groups, guint speaker,
                              guint32 seed, guint *n);

G_END_DECLS
