/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a window is sound, voice and speech: what the gates of the decision need of every feature
 * set. Frames of 25 ms each 10 ms; active are those whose RMS exceeds 3 % of the window's 98th
 * percentile and the noise, voiced those on the window's best F0 path (core/dsp/pitch.h) that exceed the noise,
 * speech the active ones above -60 dBFS within 250 ms of a voiced one. The noise reaches four times the
 * window's 10th percentile, at most 30 % of the 98th: in babble 10 dB down that is pauses and others' voices. */
#pragma once

#include "core/emotion.h"
#include "pitch.h"

G_BEGIN_DECLS

#define EMOTION_ACTIVITY_SPAN 400 /* samples of a frame, 25 ms */
#define EMOTION_ACTIVITY_HOP 160  /* samples, 10 ms */
/* The pitch frame is centred on the frame: samples before and after it. */
#define EMOTION_ACTIVITY_MARGIN ((EMOTION_PITCH_SPAN - EMOTION_ACTIVITY_SPAN) / 2)

/* What a frame row keeps of this: plain floats. */
typedef struct {
  float rms; /* of the frame, its mean removed */
  EmotionPitchFrame pitch;
} EmotionActivityFrame;

/* Analyses a frame: `context` are its EMOTION_PITCH_SPAN samples with the margins. */
void emotion_activity_analyse (EmotionPitch *pitch, const float *context,
                               EmotionActivityFrame *frame);

/* The series of a window, n numbers each. */
typedef struct {
  guint max_frames;
  guint8 *active, *voiced;
  guint n_active;
  float *octaves, *strengths; /* of the F0 path, see emotion_pitch_track() */
  float *column, *sorted;
  guint64 *order, *scratch;
  gpointer track_workspace;
} EmotionActivityTracker;

EmotionActivityTracker *emotion_activity_tracker_new (guint max_frames);
void emotion_activity_tracker_free (EmotionActivityTracker *self); /* NULL is fine */

/* Measures `n` >= 1 frames, the first at `frames`, each `stride` floats after the one before; fills
 * the series. Does not allocate; one thread at a time. */
void emotion_activity_track (EmotionActivityTracker *self, const float *frames, gsize stride,
                             guint n, EmotionActivity *activity);

/* Of the `n` frames measured last, the span from the first to the last active one; all of them when
 * fewer than 10 are active. */
void emotion_activity_cut (const EmotionActivityTracker *self, guint n, guint *first,
                           guint *length);

G_END_DECLS
