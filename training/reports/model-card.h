/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model card in Markdown (Mitchell et al. 2019): description, training data, performance on
 * held-out speakers, and limits of use. Items that the trainer cannot know are marked "to be filled
 * in". */
#pragma once

#include "report.h"
#include "training/selection/train-options.h"

G_BEGIN_DECLS

/* Writes the card to `path`, complete or not at all, with the figures of `metrics_path`. FALSE with
 * TRAINING_ERROR_OUTPUT, or with TRAINING_ERROR_METADATA when the metrics cannot be read. */
gboolean training_model_card_write (const TrainingOptions *o, const TrainingResults *results,
                                    const char *metrics_path, const char *path, GError **error);

G_END_DECLS
