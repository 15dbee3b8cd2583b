/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Confident errors: the wrong predictions with the highest probabilities. They are the first clips
 * to listen to, because some have a wrong label. */
#pragma once

#include <json-glib/json-glib.h>

#include "training/selection/protocol.h"

G_BEGIN_DECLS

/* Up to `max` indices (guint) into `predictions->clips`, sorted by probability, highest first, then
 * in the order of the data. */
GArray *training_mistakes_find (const TrainingPredictions *predictions, guint n_labels, guint max);

#define TRAINING_MISTAKES 20 /* listed in results */

/* [{clip, speaker, fold, truth, prediction, probability, truth_probability}]; an unknown speaker is
 * null. */
JsonArray *training_mistakes_to_json (const TrainingPredictions *predictions,
                                      const TrainingDataset *data);

/* The same as a text table; "" without errors; free with g_free(). */
char *training_mistakes_describe (const TrainingPredictions *predictions,
                                  const TrainingDataset *data);

G_END_DECLS
