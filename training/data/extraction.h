/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings and results of the extraction of a corpus. */
#pragma once

#include "core/features/extractor.h"
#include "training/audio/augmentation.h"
#include "training/audio/clip-check.h"

G_BEGIN_DECLS

/* The settings of an extraction. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  /* TrainingAugmentation: each gives one augmented clip per clip; NULL: none. */
  const GArray *augmentations;
  const char *cache; /* cache folder, see row-cache.h; NULL: none */
  guint n_jobs;      /* threads; 0: one per core. Results do not depend on it */
  guint32 seed;      /* of the augmentations, combined with each clip's samples */
  gboolean progress; /* on stderr */
} TrainingExtraction;

/* The rows of one source or augmented clip. */
typedef struct {
  GArray *windows; /* EmotionWindow; their vectors are not set */
  GArray *vectors; /* float, one vector per window */
  char hash[65]; /* SHA-256 in hex of the decoded samples, rate and channels, before augmentation */
  guint faults;  /* bits of TrainingFault, for source clips only */
  char *problem; /* "FILE:LINE: problem; clip left out", without windows then; NULL if none */
  const char *reason; /* the kind of problem */
} TrainingClipRows;

G_END_DECLS
