/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of EmotionExtractor (core/emotion.h) for the library and its trainer only. */
#pragma once

#include "core/base/audio.h"
#include "feature-set.h"

G_BEGIN_DECLS

/* Checks that `rate` (Hz) and `channels` are in range; FALSE with EMOTION_ERROR_INVALID otherwise.
 */
gboolean emotion_extractor_check (guint rate, guint channels, GError **error);

/* Sets `matrix` to the feature set's matrix `index` for the window pulled last; see
 * EmotionFeatureSet.get_matrix. */
gboolean emotion_extractor_get_matrix (const EmotionExtractor *self, guint index,
                                       EmotionMatrix *matrix);

G_END_DECLS
