/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The training data of emotion-train, read and extracted. Faults and rejects are reported on
 * stderr. */
#pragma once

#include "train-options.h"

G_BEGIN_DECLS

typedef struct {
  TrainingCorpus *corpus;
  TrainingCorpus *ordinary;     /* ordinary speech; NULL: none */
  TrainingDataset *dataset;     /* NULL before the extraction */
  TrainingAuxiliary *auxiliary; /* NULL: none */
  GPtrArray *rejects;           /* TrainingReject, of corpus and dataset; no folders */
} TrainingData;

/* Reads the metadata and checks everything that is known before the work. FALSE with G_OPTION_ERROR
 * or an error of the data. Clear `self` in any case. */
gboolean training_data_read (TrainingData *self, const TrainingOptions *o, GError **error);

/* Decodes and extracts the clips. FALSE with an error of the data. */
gboolean training_data_extract (TrainingData *self, const TrainingOptions *o, GError **error);

void training_data_clear (TrainingData *self);

G_END_DECLS
