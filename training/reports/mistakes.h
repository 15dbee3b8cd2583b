/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wrong predictions of which a model was most certain: the first clips to listen to, as the label
 * of some is the mistake. */
#pragma once

#include <json-glib/json-glib.h>

#include "training/selection/protocol.h"

G_BEGIN_DECLS

/* Up to `most` indices (guint) into `predictions->clips`, the highest probability first, then in the order of
 * the data. */
GArray *training_mistakes_find (const TrainingPredictions *predictions, guint n_labels, guint max);

#define TRAINING_MISTAKES 20 /* that results list */

/* [{clip, speaker, fold, truth, prediction, probability, truth_probability}]; the speaker is null where it is not
 * known. */
JsonArray *training_mistakes_to_json (const TrainingPredictions *predictions,
                                      const TrainingDataset *data);

/* The same as a table for people; "" without mistakes; free with g_free(). */
char *training_mistakes_describe (const TrainingPredictions *predictions,
                                  const TrainingDataset *data);

G_END_DECLS
