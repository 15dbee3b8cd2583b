/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "extract.h"

static void
pull_all (EmotionExtractor *extractor, TrainingWindowFunc func, gpointer data)
{
  EmotionWindow window;
  while (emotion_extractor_pull (extractor, &window))
    func (&window, data);
}

gboolean
training_extract (const TrainingAudio *audio, const EmotionFeatureSet *features,
                  const EmotionWindowing *windowing, TrainingWindowFunc func, gpointer data,
                  GError **error)
{
  EmotionExtractor *extractor =
      emotion_extractor_new (features, audio->rate, audio->channels, windowing, error);
  if (!extractor)
    return FALSE;
  emotion_extractor_set_positions (extractor, audio->positions);
  for (gsize done = 0; done < audio->n_frames;) {
    done += emotion_extractor_push (extractor, audio->samples + done * audio->channels,
                                    audio->n_frames - done);
    pull_all (extractor, func, data);
  }
  emotion_extractor_finish (extractor);
  pull_all (extractor, func, data);
  emotion_extractor_free (extractor);
  return TRUE;
}

gboolean
training_extract_clip (const TrainingAudio *audio, const EmotionFeatureSet *features,
                       TrainingClipFunc func, gpointer data, GError **error)
{
  EmotionWindow window;
  EmotionExtractor *extractor =
      emotion_extractor_new_clip (features, audio->rate, audio->channels, audio->n_frames, error);
  if (!extractor)
    return FALSE;
  emotion_extractor_set_positions (extractor, audio->positions);
  emotion_extractor_push (extractor, audio->samples, audio->n_frames);
  emotion_extractor_finish (extractor);
  if (emotion_extractor_pull (extractor, &window))
    func (&window, extractor, data);
  emotion_extractor_free (extractor);
  return TRUE;
}
