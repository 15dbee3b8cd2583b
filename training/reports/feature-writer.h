/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes feature vectors as tables that other programs read: CSV, ARFF (Weka), libsvm's text, or
 * NumPy's NPY with a CSV of what its rows are beside it. */
#pragma once

#include "training/base/output.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_FEATURES_CSV,
  TRAINING_FEATURES_ARFF,
  TRAINING_FEATURES_LIBSVM,
  TRAINING_FEATURES_NPY,
} TrainingFeatureFormat;

typedef struct {
  const char *relation;     /* what the features are called together */
  const char *const *names; /* n_features; not for NPY */
  guint n_features;
  guint n_columns; /* > 0, of NPY: a vector is a matrix with as many columns; 0: it is a row */
  gboolean times;  /* rows have a start and a duration */
  const char *const *labels;   /* NULL-terminated, in order, or NULL: rows have no label */
  const char *const *speakers; /* the same of speakers */
} TrainingFeatureTable;

typedef struct {
  const char *file;
  const char *label, *speaker; /* of those of the table */
  double start, duration;      /* s */
  const float *vector;         /* n_features */
} TrainingFeatureRow;

typedef struct _TrainingFeatureWriter TrainingFeatureWriter;

/* Writes to `path` as training_output_new() does; NPY needs a path that ends in .npy, and writes
 * the CSV to the same with .rows.csv. `table` is the caller's, until the end. NULL with
 * TRAINING_ERROR_OUTPUT. */
TrainingFeatureWriter *training_feature_writer_new (TrainingFeatureFormat format,
                                                    const TrainingFeatureTable *table,
                                                    const char *path, GError **error);

/* FALSE when nothing more can be written. */
gboolean training_feature_writer_add (TrainingFeatureWriter *self, const TrainingFeatureRow *row);

/* Ends it, as training_output_close() does. Frees `self`. */
gboolean training_feature_writer_close (TrainingFeatureWriter *self, GError **error);

/* Ends it without a file. */
void training_feature_writer_discard (TrainingFeatureWriter *self);

G_END_DECLS
