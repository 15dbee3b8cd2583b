/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The windows of a decoded file: what the element would see of it. */
#pragma once

#include "core/features/extractor.h"
#include "decode.h"

G_BEGIN_DECLS

/* Gets each window in order; its vector is valid during the call only. */
typedef void (*TrainingWindowFunc) (const EmotionWindow *window, gpointer data);

/* A file that comes block by block. Set the first four, and the others to 0. */
typedef struct {
  const EmotionFeatureSet *features;
  const EmotionWindowing *windowing;
  TrainingWindowFunc func;
  gpointer data;
  EmotionExtractor *extractor;
  guint64 n_frames;
} TrainingExtract;

/* Pushes a block through the file's extractor and gives the windows that are complete. FALSE with
 * EMOTION_ERROR_INVALID, before any call of `func`, when the rate, the channels or the windowing are out of
 * their ranges. */
gboolean training_extract_block (TrainingExtract *self, const TrainingAudio *block, GError **error);

/* Gives the last windows, or with `complete` FALSE none; frees the extractor. */
void training_extract_finish (TrainingExtract *self, gboolean complete);

/* The windows of a whole file that is held. FALSE as above. Any thread. */
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
