/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Emotional intensity: a linear model independent of the emotion. It is fitted on clips whose
 * actors were asked to speak with normal or strong emotion (column intensity: normal or low, strong
 * or high). */
#pragma once

#include "core/model/classifier.h"
#include "split.h"

G_BEGIN_DECLS

/* Figures of the clips of held-out speakers. A clip's intensity is the mean over its windows,
 * weighted by speech. */
typedef struct {
  guint n_clips;
  double uar;         /* of weak and strong, with a threshold of 0.5 */
  double correlation; /* Pearson's, with 0 for weak and 1 for strong */
  double concordance; /* Lin's coefficient (1989) */
} TrainingIntensityFigures;

/* Whether the data suffice: clips of both intensities of one label, by three speakers or more. */
gboolean training_intensity_is_possible (const TrainingSplit *split);

/* Fits the classifier for EmotionModelParts.intensity on the clips with known intensity whose label
 * occurs both weak and strong. Each combination of label and intensity has the same weight, so that
 * the classifier does not learn emotions. Calibrated and evaluated by `n_folds` folds of speakers.
 * NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_intensity_fit (const TrainingSplit *split, guint n_folds, guint32 seed,
                                           guint n_jobs, TrainingIntensityFigures *figures,
                                           GError **error);

G_END_DECLS
