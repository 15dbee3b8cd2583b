/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of emotion-train that are written where an option says so, beside those of --output-dir. */
#pragma once

#include "report.h"
#include "training/selection/train-options.h"

G_BEGIN_DECLS

#define TRAINING_TIMING_NAME "training_timing.json"

/* Whether they, and those of --output-dir, whose folder is there, can be written, and none replaces another
 * result or an input: before the work. Makes the folders of --plots and --feature-cache. FALSE with G_OPTION_ERROR or TRAINING_ERROR_OUTPUT. */
gboolean training_files_check (const TrainingOptions *o, GError **error);

/* Writes them, each whole or not at all; the metrics are in `metrics_path`. FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_files_write (const TrainingOptions *o, const TrainingReport *report,
                               const char *metrics_path, GError **error);

/* Their paths, each with a line break; free with g_free(). */
char *training_files_list (const TrainingOptions *o);

G_END_DECLS
