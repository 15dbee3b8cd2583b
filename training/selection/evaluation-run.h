/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model's predictions for the clips of a corpus, by core's detector as the element runs it. */
#pragma once

#include "core/model/model.h"
#include "metrics.h"
#include "training/audio/clip-check.h"
#include "training/audio/condition.h"
#include "training/base/progress.h"
#include "training/data/babble.h"

G_BEGIN_DECLS

/* What is heard, and by what. */
typedef struct {
  EmotionModel *model;
  const TrainingCorpus *corpus; /* only clips with one of the labels */
  const char *const *labels; /* those that may be the prediction, of the model's: NULL-terminated */
  const TrainingBabble *babble; /* for conditions that need it; else NULL */
  guint32 seed;                 /* of noise, and of the order of a speaker's clips */
  guint n_jobs;                 /* 0: one a core. Results do not depend on it */
} TrainingEvaluationPlan;

typedef struct {
  guint n_clips, n_windows, n_groups;
  TrainingOutcome *clips;   /* clip decisions, in the corpus' order; posteriors over the labels */
  TrainingOutcome *windows; /* windows with speech, without the early partial ones */
  double *clip_posteriors, *window_posteriors; /* their storage */
  char **groups;         /* speakers, or where these are not known clips; sorted, NULL-terminated */
  const char **speakers; /* the same with "" for clips */
  guint n_speakers;      /* that are known */
  double none;           /* share of all windows without an prediction, by the gates */
  GPtrArray *rejects;    /* TrainingReject */
  TrainingClipReport report; /* faults of all clips that were decoded, before they were altered */
} TrainingEvaluationRun;

/* Without `adapted` a detector that does not adapt hears each clip alone; with it one that does hears
 * all clips of a speaker in an order of chance. Posteriors of labels that may not be the prediction go to the
 * others in proportion. Steps `progress` a clip. */
TrainingEvaluationRun *training_evaluation_run (const TrainingEvaluationPlan *plan,
                                                const TrainingCondition *condition,
                                                gboolean adapted, TrainingProgress *progress);
void training_evaluation_run_free (TrainingEvaluationRun *self); /* NULL is fine */

G_END_DECLS
