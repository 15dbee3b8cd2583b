/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what a listener hears: as text for people, or as CSV or JSON for programs. Numbers are
 * those of the C locale, times are in seconds. What it prints comes as it is heard and is not kept,
 * but for the windows of one file in JSON. */
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

/* `labels` are n_labels in the order of the scores, and `label_texts` what people call them and text for
 * people has in their place; both the caller's. `timeline`: windows too; in CSV
 * they take the place of the files. `topk` > 0: of how many scores, the greatest, text and JSON of
 * files tell. Writes what comes before the first file to `out`, the caller's. */
TrainingPredictionWriter *
training_prediction_writer_new (TrainingOutput *out, TrainingPredictionFormat format,
                                gboolean timeline, guint topk, const char *const *labels,
                                const char *const *label_texts, guint n_labels);

/* The predictions from here on are of `file`; a file that was begun and did not come to its whole
 * prediction has failed. */
void training_prediction_writer_begin (TrainingPredictionWriter *self, const char *file);
void training_prediction_writer_add (TrainingPredictionWriter *self,
                                     const TrainingElementResult *prediction);

/* Writes what comes after the last file, and frees the writer. NULL is fine. */
void training_prediction_writer_finish (TrainingPredictionWriter *self);

G_END_DECLS
