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
training_extract_block (TrainingExtract *self, const TrainingAudio *block, GError **error)
{
  if (!self->extractor) {
    self->extractor = emotion_extractor_new (self->features, block->rate, block->channels,
                                             self->windowing, error);
    if (!self->extractor)
      return FALSE;
    emotion_extractor_set_positions (self->extractor, block->positions);
  }
  for (gsize done = 0; done < block->n_frames;) {
    done += emotion_extractor_push (self->extractor, block->samples + done * block->channels,
                                    block->n_frames - done);
    pull_all (self->extractor, self->func, self->data);
  }
  self->n_frames += block->n_frames;
  return TRUE;
}

void
training_extract_finish (TrainingExtract *self, gboolean complete)
{
  if (self->extractor && complete) {
    emotion_extractor_finish (self->extractor);
    pull_all (self->extractor, self->func, self->data);
  }
  g_clear_pointer (&self->extractor, emotion_extractor_free);
}

gboolean
training_extract (const TrainingAudio *audio, const EmotionFeatureSet *features,
                  const EmotionWindowing *windowing, TrainingWindowFunc func, gpointer data,
                  GError **error)
{
  TrainingExtract extract = {features, windowing, func, data, NULL, 0};
  const gboolean ok = training_extract_block (&extract, audio, error);
  training_extract_finish (&extract, ok);
  return ok;
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
