/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of a training as its results state them. */
#pragma once

#include "training/selection/train-options.h"
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the results depend on, each value of its own type: numbers, booleans, lists as arrays, null for none. No
 * paths. */
JsonObject *training_settings_to_json (const TrainingOptions *o);

/* The command line to repeat the training, for a shell: options that change no result are left out, and of paths
 * only names are left, of metadata with the folder that the corpus is called by. Free with g_free(). */
char *training_settings_to_command (const TrainingOptions *o);

G_END_DECLS
