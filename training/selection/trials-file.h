/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log of the search as JSON lines. Each line is written as soon as it is known, so that a long
 * search can be watched. It has no times and is in the order of the candidates: the same data,
 * options and seed give the same bytes. */
#pragma once

#include "candidate.h"

G_BEGIN_DECLS

typedef struct _TrainingTrials TrainingTrials;

/* Identifies the search. */
typedef struct {
  const char *name; /* "outer", "hold-out" or "final" */
  guint fold;       /* from 1; 0 without folds */
} TrainingRun;

typedef struct {
  guint trial, n_trials; /* from 1 */
  const TrainingCandidate *candidate;
  const char *scoring;
  double score;         /* NAN for a failed one */
  double *fold_scores;  /* of the inner folds */
  guint n_folds;        /* 0 for one that failed */
  gboolean best_so_far; /* of those of this run */
  const char *failure;  /* why it failed, or NULL */
} TrainingTrialLine;

typedef struct {
  const guint *trials; /* from 0 */
  guint n_trials;
  const char *description, *scoring;
  double score, adaptive_score; /* the latter NAN if the model does not adapt */
} TrainingChoiceLine;

/* Replaces the file. NULL with TRAINING_ERROR_OUTPUT. */
TrainingTrials *training_trials_open (const char *path, GError **error);

/* One thread at a time. `self` NULL: no log. The first failure is reported on stderr. */
void training_trials_add (TrainingTrials *self, TrainingRun run, const TrainingTrialLine *line);
void training_trials_choose (TrainingTrials *self, TrainingRun run, const TrainingChoiceLine *line);

/* FALSE with TRAINING_ERROR_OUTPUT when a write failed. Frees `self`; NULL is fine. */
gboolean training_trials_close (TrainingTrials *self, GError **error);

G_END_DECLS
