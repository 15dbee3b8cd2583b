/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of emotion-train. */
#pragma once

#include "choose.h"
#include "training/data/dataset.h"
#include "training/data/sources.h"

G_BEGIN_DECLS

typedef struct {
  char **command; /* the command line as given */
  TrainingSources sources;
  char **auxiliary; /* metadata; NULL: none */
  char **ordinary;  /* metadata without labels; NULL: none */
  double false_windows;
  char *output_dir, *model_name, *metrics_name;
  char *features_name, *protocol, *candidates, *augment, *feature_cache, *licence, *plots;
  char *predictions, *card, *trials; /* optional output files; NULL: not wanted */
  char *scoring_name, *class_weights;
  double blend; /* s */
  int max_fused;
  double test_size, window, interval, min_window; /* the last three in s */
  int cv_folds, random_state, n_jobs, feature_jobs, search_iters;
  int sample_limit;        /* 0: none */
  gboolean protocol_given; /* given explicitly */
  gboolean hold_corpora, no_adaptation, no_random, repeat_statement;
  gboolean skip_search, allow_duplicates, verbose, quiet, version;

  /* Parsed values. */
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  TrainingScoring scoring;
  GArray *candidate_list; /* TrainingCandidate */
  GArray *augmentations;  /* TrainingAugmentation; NULL: none */
} TrainingOptions;

/* FALSE with G_OPTION_ERROR for a wrong option, TRAINING_ERROR_DATA for a wrong list or
 * EMOTION_ERROR_INVALID for the windowing. Clear `options` in any case. */
gboolean training_options_parse (int *argc, char ***argv, TrainingOptions *options, GError **error);
void training_options_clear (TrainingOptions *options);

/* How the clips are extracted; it refers to the options. */
TrainingExtraction training_options_get_extraction (const TrainingOptions *options);

/* "NAME+NAME" of the corpora of several metadata files; NULL without any. Free with g_free(). */
char *training_options_name_corpora (char *const *metadata);

G_END_DECLS
