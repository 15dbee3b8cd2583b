/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that emotion-train writes. */
#pragma once

#include "report.h"
#include "training/base/timing.h"
#include "training/selection/train-options.h"

G_BEGIN_DECLS

/* What the model file says of its making, as key, value, ...: figures of the pooled folds, no date, no
 * path. NULL-terminated; free with g_strfreev(). */
char **training_results_provenance (const TrainingOptions *o, const TrainingProblem *problem,
                                    const TrainingEvaluation *pooled, const char *protocol);

/* Whether the results can be written, before there are any: that may take hours. Makes the folder.
 * FALSE with G_OPTION_ERROR. */
gboolean training_results_prepare (const TrainingOptions *o, GError **error);

/* Writes the model, the metrics, the timing and the pictures, and prints the table. FALSE with
 * TRAINING_ERROR_OUTPUT or G_OPTION_ERROR; model and metrics are then as they were before. */
gboolean training_results_write (const TrainingOptions *o, const TrainingReport *report,
                                 TrainingTiming *timing, GError **error);

G_END_DECLS
