/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extracts the windows of a decoded file, as the element would analyse them. */
#pragma once

#include "core/features/extractor.h"
#include "decode.h"

G_BEGIN_DECLS

/* Receives each window in order; its vector is valid during the call only. */
typedef void (*TrainingWindowFunc) (const EmotionWindow *window, gpointer data);

/* Extraction block by block. Set the first four members, and the others to 0. */
typedef struct {
  const EmotionFeatureSet *features;
  const EmotionWindowing *windowing;
  TrainingWindowFunc func;
  gpointer data;
  EmotionExtractor *extractor;
  guint64 n_frames;
} TrainingExtract;

/* Pushes a block through the file's extractor and passes on the complete windows. FALSE with
 * EMOTION_ERROR_INVALID, before any call of `func`, when the rate, the channels or the windowing
 * are out of range. */
gboolean training_extract_block (TrainingExtract *self, const TrainingAudio *block, GError **error);

/* Passes on the last windows, or none if `complete` is FALSE; frees the extractor. */
void training_extract_finish (TrainingExtract *self, gboolean complete);

/* Extracts the windows of a whole file in memory. FALSE as above. Any thread. */
gboolean training_extract (const TrainingAudio *audio, const EmotionFeatureSet *features,
                           const EmotionWindowing *windowing, TrainingWindowFunc func,
                           gpointer data, GError **error);

/* The same with all of `audio` as one window, whatever its length. `func` also gets the extractor
 * for its matrices. It is not called for audio that is too short for the feature set. */
typedef void (*TrainingClipFunc) (const EmotionWindow *window, const EmotionExtractor *extractor,
                                  gpointer data);

gboolean training_extract_clip (const TrainingAudio *audio, const EmotionFeatureSet *features,
                                TrainingClipFunc func, gpointer data, GError **error);

G_END_DECLS
