/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The feature sets that there are. */
#pragma once

#include "feature-set.h"

G_BEGIN_DECLS

/* The set called `name`, or NULL when this version of the library has none of that name. */
const EmotionFeatureSet *emotion_feature_set_find (const char *name);

G_END_DECLS
