/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output files of emotion-train: model, metrics and timing in --output-dir, and the files of
 * --predictions, --card and --plots. */
#pragma once

#include "report.h"

G_BEGIN_DECLS

/* Checks that the results can be written, before the training, which may take hours. Creates the
 * folders. FALSE with G_OPTION_ERROR or TRAINING_ERROR_OUTPUT. */
gboolean training_files_prepare (const TrainingOptions *o, GError **error);

/* Writes all files, each complete or not at all, and prints the table of figures. FALSE with
 * TRAINING_ERROR_OUTPUT or G_OPTION_ERROR; if the model or the metrics cannot be written, both stay
 * as they were. */
gboolean training_files_write (const TrainingOptions *o, const TrainingResults *results,
                               TrainingTiming *timing, GError **error);

G_END_DECLS
