/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datasets of random numbers instead of sound, for tests of fitting and selection. */
#pragma once

#include "training/selection/split.h"

#define SYNTHETIC_FEATURES 12

typedef struct {
  guint n_speakers, n_labels;
  guint n_clips; /* per speaker and label */
  guint n_rows;  /* per clip, with equal weights */
} SyntheticShape;

/* Fills one row; its features are initialised with standard normal numbers. */
typedef void (*SyntheticFill) (guint speaker, guint label, GRand *random, float *row);

/* A dataset of every speaker, label and clip; speakers are called s00, s01..., labels l00, l01...
 * `fill` may be NULL. Free with training_dataset_free(). */
TrainingDataset *synthetic_dataset_new (const SyntheticShape *shape, SyntheticFill fill,
                                        guint32 seed);

/* A standard normal number. */
double synthetic_normal (GRand *random);

/* Makes a clip the duplicate of an earlier one. */
void synthetic_dataset_set_duplicate (TrainingDataset *dataset, guint clip, guint of);

/* The split of a dataset; aborts on failure. */
TrainingSplit *synthetic_split_new (const TrainingDataset *dataset, guint32 seed);
