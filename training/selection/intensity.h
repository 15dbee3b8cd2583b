/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How intense an emotion is, whichever it is: a linear model of clips whose actors were told to speak
 * with normal or with strong emotion (column intensity: normal or low, strong or high). */
#pragma once

#include "core/model/classifier.h"
#include "split.h"

G_BEGIN_DECLS

/* Of the clips of held-out speakers; a clip's intensity is the mean over its windows by speech. */
typedef struct {
  guint n_clips;
  double uar;         /* of weak and strong, parted at 0.5 */
  double correlation; /* Pearson's, with 0 for weak and 1 for strong */
  double concordance; /* Lin's coefficient (1989) */
} TrainingIntensityFigures;

/* Whether there is something to learn from: clips of both sorts, of one label, by three speakers or more. */
gboolean training_intensity_is_possible (const TrainingSplit *split);

/* Fits the classifier for EmotionModelParts.intensity on the clips whose intensity is known and whose label
 * occurs both weak and strong; all these count alike by label and intensity, so that it does not tell
 * emotions. Calibrated and measured by `n_folds` folds of speakers. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_intensity_fit (const TrainingSplit *split, guint n_folds, guint32 seed,
                                           guint n_jobs, TrainingIntensityFigures *figures,
                                           GError **error);

G_END_DECLS
