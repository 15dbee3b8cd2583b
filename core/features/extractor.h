/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of EmotionExtractor (core/emotion.h) is for the library and its trainer only. */
#pragma once

#include "core/base/audio.h"
#include "feature-set.h"

G_BEGIN_DECLS

/* Checks that audio of that rate (Hz) and that many channels can be taken; EMOTION_ERROR_INVALID
 * otherwise. */
gboolean emotion_extractor_check (guint rate, guint channels, GError **error);

/* The set's matrix `index` behind the window pulled last, see EmotionFeatureSet.get_matrix. */
gboolean emotion_extractor_get_matrix (const EmotionExtractor *self, guint index,
                                       EmotionMatrix *matrix);

G_END_DECLS
