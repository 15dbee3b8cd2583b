/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other corpora tell a discriminant of a few speakers: how voices and sentences vary within a
 * label, and a little of what the labels sound like. Their clips count as much as one and a half
 * speakers more, are moved to where the corpus is that is learnt, and belong to every fold, so that none
 * may be of its speakers. (A prior for a within-class covariance, as in Friedman 1989, which takes
 * that of all classes where a class is small.) */
#pragma once

#include "training/data/dataset.h"
#include "training/fitting/moments.h"

G_BEGIN_DECLS

typedef struct {
  guint n_corpora, n_clips;
  /* Of each corpus' rows less the mean of its label means, as they are and less their speaker's mean before; each
   * weighs 1. */
  TrainingMoments **raw, **centred;
  double *offset; /* of the moments: 0 */
} TrainingAuxiliary;

/* Of those clips of `others` with labels that `data` has. NULL with TRAINING_ERROR_DATA when a
 * corpus shares fewer than two labels, its speakers are not told or a clip is one of `data`: that would be a leak. */
TrainingAuxiliary *training_auxiliary_new (const TrainingDataset *others,
                                           const TrainingDataset *data, GError **error);

/* Reads the metadata files (paths relative to their folders), extracts the clips as `extraction` has it but
 * without copies, and makes it a background of `data`; its messages are in the name of `program`. NULL with
 * TRAINING_ERROR_METADATA or TRAINING_ERROR_DATA. */
TrainingAuxiliary *training_auxiliary_read (char **metadata, const char *program,
                                            const TrainingExtraction *extraction,
                                            const TrainingDataset *data, GError **error);
void training_auxiliary_free (TrainingAuxiliary *self); /* NULL is fine */

/* Adds its rows times `scale`, of centred ones if `centred`, each corpus moved to the mean of
 * the means of those labels of `moments` that it has; corpora count alike. `moments` are of `n_speakers` speakers' rows scaled alike. */
void training_auxiliary_add (const TrainingAuxiliary *self, gboolean centred, const float *scale,
                             double n_speakers, TrainingMoments *moments);

G_END_DECLS
