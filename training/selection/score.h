/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Log-posteriors of classifiers and models for the rows of held-out clips. */
#pragma once

#include "core/model/model.h"
#include "core/stream/scorer.h"
#include "metrics.h"
#include "split.h"

G_BEGIN_DECLS

/* Log-posteriors (n_rows x n_labels) by one classifier for the rows of the clips in `groups`, read
 * from the split's matrix. Other rows stay unchanged. */
void training_score_by_classifier (const TrainingSplit *split, TrainingGroups groups,
                                   const EmotionClassifier *classifier, double *log_posteriors);

/* A model's scores for the rows of a dataset. */
typedef struct {
  double *log_posteriors; /* n_rows x n_labels */
  guint8 *outliers;       /* n_rows, whether the outlier gate refuses the row; NULL: not wanted */
} TrainingScores;

/* Allocates the scores of all rows. */
TrainingScores training_scores_new (const TrainingDataset *data);
void training_scores_clear (TrainingScores *self);

/* Scores the rows of one clip as the next of the scorer's stream. */
void training_scores_add_clip (TrainingScores *self, const TrainingDataset *data, guint clip,
                               EmotionScorer *scorer);

/* Scores the rows of the clips in `groups`, each clip as a stream of its own, without adaptation.
 * Other rows stay unchanged. */
void training_scores_add_alone (TrainingScores *self, const TrainingSplit *split,
                                TrainingGroups groups, EmotionModel *model);

/* The same by a model that adapts. All clips of a speaker are one stream, in a random order
 * determined by `seed` and the speaker's name, as in an EmotionDetector with
 * emotion_detector_begin_clip() before each clip. */
void training_scores_add_adapted (TrainingScores *self, const TrainingSplit *split,
                                  TrainingGroups groups, EmotionModel *model, guint32 seed);

/* The frames of speech in a row; 0 for an outlier. */
guint training_scores_count_speech (const TrainingScores *self, const TrainingDataset *data,
                                    gsize row);

/* The utterance-level decision (core/stream/utterance.h) over the rows of a clip: its mean
 * log-posteriors. */
void training_scores_decide (const TrainingScores *self, const TrainingDataset *data, guint clip,
                             double *mean);

/* The clips of one speaker in that order: `n` indices, to be freed. */
guint *training_stream_order (const TrainingSplit *split, TrainingGroups groups, guint speaker,
                              guint32 seed, guint *n);

G_END_DECLS
