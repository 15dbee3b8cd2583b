/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The moments of a split's speaker groups: the parts that split.c uses. */
#pragma once

#include "split.h"

G_BEGIN_DECLS

/* Computes the moments of the groups, whose rows, weights and offset are set. */
void training_split_gather_moments (TrainingSplit *self, guint n_jobs);
void training_split_free_moments (TrainingSplit *self);

/* The weight of a voice's rows. */
double training_split_weigh_voice (const TrainingSplit *self, guint voice);

G_END_DECLS
