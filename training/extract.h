/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The windows of one decoded file: what the element would see of it. */
#pragma once

#include "core/extractor.h"
#include "decode.h"

G_BEGIN_DECLS

/* Gets each window in order; its vector is valid during the call only. */
typedef void (*TrainingWindowFunc) (const EmotionWindow *window, gpointer data);

/* Pushes `audio` through a new extractor. FALSE with EMOTION_ERROR_INVALID, before any call of
 * `func`, when the rate, the channels or the windowing are out of their ranges. Any thread. */
gboolean training_extract (const TrainingAudio *audio, const EmotionFeatureSet *features,
                           const EmotionWindowing *windowing, TrainingWindowFunc func,
                           gpointer data, GError **error);

/* The same with the whole of `audio` as one window, whatever its length; `func` gets the extractor
 * too, for its matrices. It is not called for audio too short for the set. */
typedef void (*TrainingClipFunc) (const EmotionWindow *window, const EmotionExtractor *extractor,
                                  gpointer data);

gboolean training_extract_clip (const TrainingAudio *audio, const EmotionFeatureSet *features,
                                TrainingClipFunc func, gpointer data, GError **error);

G_END_DECLS
