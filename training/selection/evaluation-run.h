/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evaluation runs: a model's predictions for the clips of a corpus, by core's detector as the
 * element runs it. */
#pragma once

#include "core/model/model.h"
#include "metrics.h"
#include "training/audio/clip-check.h"
#include "training/audio/condition.h"
#include "training/base/progress.h"
#include "training/data/babble.h"

G_BEGIN_DECLS

/* The settings of an evaluation run. */
typedef struct {
  EmotionModel *model;
  const TrainingCorpus *corpus; /* only clips with one of the labels */
  const char *const *labels;    /* the model's labels that may be predicted: NULL-terminated */
  const TrainingBabble *babble; /* for conditions with babble; otherwise NULL */
  guint32 seed;                 /* of noise and of the order of a speaker's clips */
  guint n_jobs;                 /* 0: one per core. Results do not depend on it */
} TrainingEvaluationPlan;

typedef struct {
  guint n_clips, n_windows, n_groups;
  /* Utterance-level decisions, in the corpus' order; posteriors over the labels. */
  TrainingOutcome *clips;
  TrainingOutcome *windows;                    /* windows with speech, except early partial ones */
  double *clip_posteriors, *window_posteriors; /* their storage */
  char **groups;         /* speakers, or clips if speakers are unknown; sorted, NULL-terminated */
  const char **speakers; /* the same with "" for clips */
  guint n_speakers;      /* known speakers */
  double none;           /* fraction of all windows that the gates left without a prediction */
  GPtrArray *rejects;    /* TrainingReject */
  TrainingClipReport report; /* faults of all decoded clips, before augmentation */
} TrainingEvaluationRun;

/* Without `adapted`, each clip is processed by a detector of its own that does not adapt. With it,
 * an adapting detector processes all clips of a speaker as one stream in random order. Posteriors
 * of labels that may not be predicted are distributed to the others in proportion. Steps `progress`
 * per clip. */
TrainingEvaluationRun *training_evaluation_run (const TrainingEvaluationPlan *plan,
                                                const TrainingCondition *condition,
                                                gboolean adapted, TrainingProgress *progress);
void training_evaluation_run_free (TrainingEvaluationRun *self); /* NULL is fine */

G_END_DECLS
