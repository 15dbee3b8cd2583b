/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Auxiliary corpora: a prior for linear discriminants trained on few speakers. They contribute the
 * variation of voices and sentences within a label, and a little of the differences between labels.
 * Their clips weigh as much as 1.5 additional speakers and are shifted to the mean of the target
 * corpus. They belong to every fold, so they must not contain its speakers. (A prior for the
 * within-class covariance, as in Friedman 1989, where the pooled covariance supports small
 * classes.) */
#pragma once

#include "training/data/dataset.h"
#include "training/fitting/moments.h"

G_BEGIN_DECLS

typedef struct {
  guint n_corpora, n_clips;
  /* Of each corpus' rows minus the mean of its label means: raw, and after subtracting the speaker
   * means. Each weighs 1. */
  TrainingMoments **raw, **centred;
  double *offset; /* of the moments: 0 */
} TrainingAuxiliary;

/* Uses the clips of `others` whose labels occur in `data`. NULL with TRAINING_ERROR_DATA when a
 * corpus shares fewer than two labels, when its speakers are unknown, or when a clip also occurs in
 * `data`, which would be a leak. */
TrainingAuxiliary *training_auxiliary_new (const TrainingDataset *others,
                                           const TrainingDataset *data, GError **error);

/* Reads the metadata files (paths relative to their folders), extracts the clips with the settings
 * of `extraction` but without augmentations, and makes them auxiliary corpora of `data`. Messages
 * are in the name of `program`. NULL with TRAINING_ERROR_METADATA or TRAINING_ERROR_DATA. */
TrainingAuxiliary *training_auxiliary_read (char **metadata, const char *program,
                                            const TrainingExtraction *extraction,
                                            const TrainingDataset *data, GError **error);
void training_auxiliary_free (TrainingAuxiliary *self); /* NULL is fine */

/* Adds the rows times `scale`, with `centred` those minus the speaker means. Each corpus is shifted
 * to the mean of the means of its labels in `moments`; corpora have equal weights. `moments` are
 * those of the rows of `n_speakers` speakers, scaled alike. */
void training_auxiliary_add (const TrainingAuxiliary *self, gboolean centred, const float *scale,
                             double n_speakers, TrainingMoments *moments);

G_END_DECLS
