/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the predictions of an element runner: as text for people, or as CSV or JSON for programs.
 * Numbers are in the C locale, times in seconds. Predictions are printed as they arrive and are not
 * kept, except the windows of one file in JSON. */
#pragma once

#include "training/audio/element-runner.h"
#include "training/base/output.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_PREDICTIONS_TEXT,
  TRAINING_PREDICTIONS_CSV,
  TRAINING_PREDICTIONS_JSON,
} TrainingPredictionFormat;

typedef struct _TrainingPredictionWriter TrainingPredictionWriter;

/* `labels` has n_labels entries in the order of the scores; `label_texts` has their display texts,
 * which replace them in text output. Both belong to the caller. `timeline`: also prints windows; in
 * CSV they replace the files. `topk` > 0: the number of top scores in text and in JSON of files.
 * Writes the head of the output to `out`, which belongs to the caller. */
TrainingPredictionWriter *
training_prediction_writer_new (TrainingOutput *out, TrainingPredictionFormat format,
                                gboolean timeline, guint topk, const char *const *labels,
                                const char *const *label_texts, guint n_labels);

/* Starts the predictions of `file`. A file without a prediction for the whole has failed. */
void training_prediction_writer_begin (TrainingPredictionWriter *self, const char *file);
void training_prediction_writer_add (TrainingPredictionWriter *self,
                                     const TrainingElementResult *prediction);

/* Writes the end of the output and frees the writer. NULL is fine. */
void training_prediction_writer_finish (TrainingPredictionWriter *self);

G_END_DECLS
