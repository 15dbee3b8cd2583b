/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of a training, as recorded in its results. */
#pragma once

#include "training/selection/train-options.h"
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The options that the results depend on, with typed values: numbers, booleans, arrays for lists,
 * null for none. Without paths. */
JsonObject *training_settings_to_json (const TrainingOptions *o);

/* A shell command line that repeats the training. Options that do not change results are omitted.
 * Paths are reduced to names, for metadata with the folder that names the corpus. Free with
 * g_free(). */
char *training_settings_to_command (const TrainingOptions *o);

G_END_DECLS
