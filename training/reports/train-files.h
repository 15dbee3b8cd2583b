/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that emotion-train writes: model, metrics and timing in --output-dir, and those of --predictions, --card
 * and --plots. */
#pragma once

#include "report.h"

G_BEGIN_DECLS

/* Whether the results can be written, before there are any: that may take hours. Makes the folders. FALSE with
 * G_OPTION_ERROR or TRAINING_ERROR_OUTPUT. */
gboolean training_files_prepare (const TrainingOptions *o, GError **error);

/* Writes them all, each whole or not at all, and prints the table of figures. FALSE with TRAINING_ERROR_OUTPUT or
 * G_OPTION_ERROR; where model or metrics cannot be written, both are as they were before. */
gboolean training_files_write (const TrainingOptions *o, const TrainingResults *results,
                               TrainingTiming *timing, GError **error);

G_END_DECLS
