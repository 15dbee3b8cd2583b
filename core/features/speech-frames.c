/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "speech-frames.h"

void
emotion_speech_frames_init (SpeechFrames *self, gboolean relative)
{
  self->spectral = emotion_spectral_frame_new (relative);
  self->pitch = emotion_pitch_new ();
}

void
emotion_speech_frames_clear (SpeechFrames *self)
{
  emotion_spectral_frame_free (self->spectral);
  emotion_pitch_free (self->pitch);
}

void
emotion_speech_frames_reset (SpeechFrames *self)
{
  emotion_spectral_frame_reset (self->spectral);
}

void
emotion_speech_frames_analyse (SpeechFrames *self, const float *context,
                               EmotionActivityFrame *activity, EmotionSpectralRow *spectral)
{
  emotion_pitch_analyse (self->pitch, context, &activity->pitch);
  activity->rms =
      emotion_spectral_frame_analyse (self->spectral, context + EMOTION_ACTIVITY_MARGIN, spectral);
}
