/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a model refuses to prediction: windows that are unlike the speech it was trained on. A shrunken
 * discriminant of two labels tells the training's rows, of altered copies too, those in babble counting less, from
 * those of made sounds (sounds.h). Distances to the training data alone do not: measured, they refused 4 to
 * 27 % of music where they lost 1 % of speech. */
#pragma once

#include "core/model/classifier.h"
#include "split.h"
#include "training/data/clip-rows.h"

G_BEGIN_DECLS

typedef struct {
  guint n_speech, n_sounds; /* windows */
  double speech_lost;    /* share of the windows with speech of held-out speakers that is refused */
  double sounds_refused; /* the same of held-out sounds */
} TrainingOutlierFigures;

/* The vectors of the synthetic sounds, extracted as the clips of a corpus are. Read by any number of threads. */
typedef struct _TrainingSoundVectors TrainingSoundVectors;

/* NULL where the copies made by `extraction`'s augmentations are not of noisy rooms: without them, a model would refuse
 * 17 to 36 % of noisy speech. */
TrainingSoundVectors *training_sound_vectors_new (const TrainingExtraction *extraction);
void training_sound_vectors_free (TrainingSoundVectors *self); /* NULL is fine */

/* Fits the classifier for EmotionModelParts.outlier on the rows of `groups`, by `n_jobs` threads (0: one a core). With
 * `figures` it is also measured, by `n_folds` folds of speakers and sounds, which `seed` deals. NULL with
 * TRAINING_ERROR_DATA. */
EmotionClassifier *training_outlier_fit (const TrainingSplit *split, TrainingGroups groups,
                                         const TrainingSoundVectors *sounds, guint n_jobs,
                                         guint n_folds, guint32 seed,
                                         TrainingOutlierFigures *figures, GError **error);

G_END_DECLS
