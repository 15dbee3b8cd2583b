/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the clips of a corpus are extracted, and what comes of each. */
#pragma once

#include "core/features/extractor.h"
#include "training/audio/augmentation.h"
#include "training/audio/clip-check.h"

G_BEGIN_DECLS

/* How a corpus is extracted. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  const GArray
      *augmentations; /* TrainingAugmentation: one altered copy of each clip for each; NULL: none */
  const char *cache;  /* folder for what was extracted, see row-cache.h; NULL: none */
  guint n_jobs;       /* threads; 0: one a core. Results do not depend on it */
  guint32 seed;       /* of the augmentations, with each clip's samples */
  gboolean progress;  /* on stderr */
} TrainingExtraction;

/* Of one clip or copy. */
typedef struct {
  GArray *windows; /* EmotionWindow, their vectors not set */
  GArray *vectors; /* float, one vector a window */
  char hash[65];   /* SHA-256 in hex of the decoded samples, rate and channels, before any effect */
  guint faults;    /* bits of TrainingFault, of a clip, not of copies */
  char *problem; /* "FILE:LINE: what is wrong; clip left out", and then no windows; NULL if none */
  const char *reason; /* the kind of problem */
} TrainingClipRows;

G_END_DECLS
