/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What views and models say of the rows of held-out clips. */
#pragma once

#include "core/model/model.h"
#include "core/stream/adaptation.h"
#include "folds.h"
#include "metrics.h"

G_BEGIN_DECLS

/* Log-posteriors (n_rows x n_labels) of the rows of the clips in `units` by one view, which sees the
 * problem's matrix. Other rows are left as they are. */
void training_score_by_view (const TrainingProblem *problem, TrainingUnits units,
                             const EmotionView *view, double *log_posteriors);

/* The same by a model that does not adapt. */
void training_score_strictly (const TrainingProblem *problem, TrainingUnits units,
                              const EmotionModel *model, double *log_posteriors);

/* The same by a model that adapts: all clips of a speaker are one stream, in an order of chance that
 * `seed` and the speaker's name give, as one EmotionDetector would hear them with
 * emotion_detector_begin_clip() before each. */
void training_score_adapted (const TrainingProblem *problem, TrainingUnits units,
                             EmotionModel *model, guint32 seed, double *log_posteriors);

/* The rows of one clip: the next of the stream that `adaptation` has heard, or with NULL alone. `scratch` is
 * the model's. */
void training_score_next_clip (const TrainingDataset *data, guint clip, const EmotionModel *model,
                               EmotionAdaptation *adaptation, double *scratch,
                               double *log_posteriors);

/* The clip decision (core/stream/clip.h) over the rows of a clip: its mean log-posteriors. */
void training_score_clip (const TrainingDataset *data, guint clip, const double *log_posteriors,
                          double *mean);

/* The clips of one speaker in that order: `n` indices, to be freed. */
guint *training_stream_order (const TrainingProblem *problem, TrainingUnits units, guint group,
                              guint32 seed, guint *n);

G_END_DECLS
