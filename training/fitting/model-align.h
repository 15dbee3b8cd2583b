/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a model of another feature layout readable, for a try. A model file does not have the names
 * of its features, so they are taken by their place: the first of the set's features are those of
 * the file; of the rest, those that the set lacks count as their mean in training, 0 when scaled,
 * and those that the file lacks are not looked at. */
#pragma once

#include "core/features/feature-set.h"

G_BEGIN_DECLS

/* A model file (docs/model-format.md) of `size` bytes, made anew for the set `to`, or with NULL for the
 * nearest one that this version has: of the same name, or of another version with
 * as many features, or of the latest version. `what` tells what was done, to be freed. NULL, with
 * `what` untouched, when the layout fits already, when there is no such set, and when the file is
 * damaged, of another format or too large, as emotion_model_load() tells better. */
GBytes *training_model_align (const char *text, gsize size, const EmotionFeatureSet *to,
                              char **what);

G_END_DECLS
