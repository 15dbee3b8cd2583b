/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outlier gate: refuses windows unlike the training speech. A shrunken binary discriminant
 * separates the training's rows, augmented ones included, from those of synthetic sounds
 * (synthetic-sounds.h). Rows in babble have less weight. Distances to the training data alone do
 * not suffice: measured, they refused 4 to 27 % of music at a loss of 1 % of speech. */
#pragma once

#include "core/model/classifier.h"
#include "split.h"
#include "training/data/clip-rows.h"

G_BEGIN_DECLS

typedef struct {
  guint n_speech, n_sounds; /* windows */
  double speech_lost;       /* fraction of held-out speakers' windows with speech that is refused */
  double sounds_refused;    /* fraction of held-out sounds that is refused */
} TrainingOutlierFigures;

/* The vectors of the synthetic sounds, extracted like the clips of a corpus. Safe to read from
 * several threads. */
typedef struct _TrainingSoundVectors TrainingSoundVectors;

/* NULL if `extraction` has no augmentations with noisy rooms: without them, a model would refuse 17
 * to 36 % of noisy speech. */
TrainingSoundVectors *training_sound_vectors_new (const TrainingExtraction *extraction);
void training_sound_vectors_free (TrainingSoundVectors *self); /* NULL is fine */

/* Fits the classifier for EmotionModelParts.outlier on the rows of `groups` with `n_jobs` threads
 * (0: one per core). `figures`, if given, come from `n_folds` folds of speakers and sounds, seeded
 * by `seed`. NULL with TRAINING_ERROR_DATA. */
EmotionClassifier *training_outlier_fit (const TrainingSplit *split, TrainingGroups groups,
                                         const TrainingSoundVectors *sounds, guint n_jobs,
                                         guint n_folds, guint32 seed,
                                         TrainingOutlierFigures *figures, GError **error);

G_END_DECLS
