/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The common part of the frame stages of "speech-1" and "speech-2": frames of 25 ms, one every 10
 * ms, with the candidates of F0 (core/dsp/pitch.h) and the spectral descriptors
 * (core/dsp/spectral-frame.h). */
#pragma once

#include "core/dsp/activity.h"
#include "core/dsp/spectral-frame.h"

G_BEGIN_DECLS

typedef struct {
  EmotionSpectralFrame *spectral;
  EmotionPitch *pitch;
} SpeechFrames;

/* `relative` is the argument of emotion_spectral_frame_new(). */
void emotion_speech_frames_init (SpeechFrames *self, gboolean relative);
void emotion_speech_frames_clear (SpeechFrames *self);

/* Forgets the previous frame. */
void emotion_speech_frames_reset (SpeechFrames *self);

/* Analyses the frame that starts EMOTION_ACTIVITY_MARGIN samples into `context`. Does not allocate.
 */
void emotion_speech_frames_analyse (SpeechFrames *self, const float *context,
                                    EmotionActivityFrame *activity, EmotionSpectralRow *spectral);

/* The grid of an EmotionFeatureSet. */
#define SPEECH_FRAMES_GRID                                                                         \
  .hop = EMOTION_ACTIVITY_HOP, .span = EMOTION_ACTIVITY_SPAN, .before = EMOTION_ACTIVITY_MARGIN,   \
  .after = EMOTION_ACTIVITY_MARGIN

G_END_DECLS
