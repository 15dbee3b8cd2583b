/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what a listener hears: as text for people, or as CSV or JSON for programs. Numbers are
 * those of the C locale, times are in seconds. What it prints comes as it is heard and is not kept,
 * but for the windows of one file in JSON. */
#pragma once

#include "training/audio/element-runner.h"
#include "training/base/output.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_ANSWERS_TEXT,
  TRAINING_ANSWERS_CSV,
  TRAINING_ANSWERS_JSON,
} TrainingAnswerFormat;

typedef struct _TrainingAnswerWriter TrainingAnswerWriter;

/* `labels` are n_labels in the order of the scores, and `label_texts` what people call them and text for
 * people has in their place; both the caller's. `timeline`: windows too; in CSV
 * they take the place of the files. `topk` > 0: of how many scores, the greatest, text and JSON of
 * files tell. Writes what comes before the first file to `out`, the caller's. */
TrainingAnswerWriter *training_answer_writer_new (TrainingOutput *out, TrainingAnswerFormat format,
                                                  gboolean timeline, guint topk,
                                                  const char *const *labels,
                                                  const char *const *label_texts, guint n_labels);

/* The answers from here on are of `file`; a file that was begun and did not come to its whole
 * answer has failed. */
void training_answer_writer_begin (TrainingAnswerWriter *self, const char *file);
void training_answer_writer_add (TrainingAnswerWriter *self, const TrainingAnswer *answer);

/* Writes what comes after the last file, and frees the writer. NULL is fine. */
void training_answer_writer_finish (TrainingAnswerWriter *self);

G_END_DECLS
