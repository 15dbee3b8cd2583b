/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* training_metrics.json: the results of a training. The same data, options and seed give the same
 * bytes. */
#pragma once

#include <json-glib/json-glib.h>

#include "training/selection/train-run.h"

G_BEGIN_DECLS

/* The text of the file; `settings` as of training_settings_to_json(). Free with g_free(). */
char *training_report_to_text (const TrainingResults *results, JsonObject *settings);

/* A short text table, with the protocol next to each figure; free with g_free(). */
char *training_report_describe (const TrainingResults *results);

G_END_DECLS
