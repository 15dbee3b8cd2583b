/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts a model of another feature layout, on a best-effort basis. A model file has no feature
 * names, so features are matched by position. Features that the set lacks count as their training
 * mean, 0 after scaling. Features that the file lacks are ignored. */
#pragma once

#include "core/features/feature-set.h"

G_BEGIN_DECLS

/* Converts a model file (docs/model-format.md) of `size` bytes to the set `to`, or with NULL to the
 * nearest available set: of the same name, or of another version with as many features, or of the
 * latest version. `what` gets a description of the changes, to be freed. NULL, with `what`
 * unchanged, when the layout fits already, when there is no such set, or when the file is damaged,
 * of another format or too large; emotion_model_load() reports those errors in detail. */
GBytes *training_model_align (const char *text, gsize size, const EmotionFeatureSet *to,
                              char **what);

G_END_DECLS
