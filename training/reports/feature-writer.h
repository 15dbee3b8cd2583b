/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes feature vectors as tables for other programs: CSV, ARFF (Weka), libsvm's text format, or
 * NumPy's NPY with an additional CSV that describes its rows. */
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
  const char *relation;     /* the name of the feature set */
  const char *const *names; /* n_features; not for NPY */
  guint n_features;
  /* > 0, for NPY: a vector is a matrix with this number of columns; 0: it is a row. */
  guint n_columns;
  gboolean times;              /* rows have a start and a duration */
  const char *const *labels;   /* NULL-terminated, sorted, or NULL: rows have no label */
  const char *const *speakers; /* the same for speakers */
} TrainingFeatureTable;

typedef struct {
  const char *file;
  const char *label, *speaker; /* from the table's lists */
  double start, duration;      /* s */
  const float *vector;         /* n_features */
} TrainingFeatureRow;

typedef struct _TrainingFeatureWriter TrainingFeatureWriter;

/* Writes to `path` as training_output_new() does. NPY requires a path that ends in .npy, and writes
 * the CSV to the same path with .rows.csv. `table` belongs to the caller and must outlive the
 * writer. NULL with TRAINING_ERROR_OUTPUT. */
TrainingFeatureWriter *training_feature_writer_new (TrainingFeatureFormat format,
                                                    const TrainingFeatureTable *table,
                                                    const char *path, GError **error);

/* FALSE when nothing more can be written. */
gboolean training_feature_writer_add (TrainingFeatureWriter *self, const TrainingFeatureRow *row);

/* Closes the output as training_output_close() does. Frees `self`. */
gboolean training_feature_writer_close (TrainingFeatureWriter *self, GError **error);

/* Closes the output without producing a file. */
void training_feature_writer_discard (TrainingFeatureWriter *self);

G_END_DECLS
