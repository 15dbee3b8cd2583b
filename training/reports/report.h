/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* training_metrics.json: what a training found. The same data, options and seed give the same
 * bytes. */
#pragma once

#include "training/selection/decision-fit.h"
#include "training/selection/intensity.h"
#include "training/selection/outlier.h"
#include "training/selection/protocol.h"

G_BEGIN_DECLS

typedef struct {
  const TrainingProblem *problem;
  const TrainingPlan *plan;
  const TrainingChoice *final;        /* fitted on everything: what the model file holds */
  const TrainingEvaluation *held_out; /* of the --test-size speakers */
  TrainingUnits held_out_units;
  const TrainingEvaluation *pooled; /* over the outer folds */
  guint n_outer_folds;
  const TrainingEvaluation *random; /* of clips held out at random, by the final choice; or NULL */
  guint n_random_folds;
  const GPtrArray
      *statements; /* TrainingEvaluation by statement, neither it nor the speaker being in
                                * the training, by the final choice; or NULL */
  const TrainingOutlierFigures *outlier;     /* NULL where the model refuses nothing */
  const TrainingIntensityFigures *intensity; /* NULL where the model does not tell it */
  const TrainingDecisionFit *decision;       /* NULL where no ordinary speech was given */
  const char *protocol; /* "speaker", "loso", "split", or "random" without speakers */
  gboolean
      shares_voices; /* those of the clips that are held out may be learnt from: figures flatter */
  JsonObject *settings; /* of training_settings_to_json() */
  const GPtrArray
      *problems; /* TrainingLeftOut: what was left out, corpus and dataset; no folders */
  guint32 seed;
} TrainingReport;

/* Writes the file through a temporary one and a rename. */
gboolean training_report_write (const TrainingReport *report, const char *path, GError **error);

/* A short table for people, with the protocol beside each figure; free with g_free(). */
char *training_report_describe (const TrainingReport *report);

G_END_DECLS
