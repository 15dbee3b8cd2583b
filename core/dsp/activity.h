/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Activity of a window: the active, the voiced and the speech frames. The decision's gates need
 * them with every feature set. Frames of 25 ms, one every 10 ms.
 *   active   the RMS exceeds 3 % of the window's 98th percentile of RMS, and the noise
 *   voiced   on the window's best F0 path (core/dsp/pitch.h), and louder than the noise
 *   speech   active, above -60 dBFS, and within 250 ms of a voiced frame
 * The upper limit of the noise is four times the window's 10th percentile of RMS, but at most 30 %
 * of the 98th. In babble 10 dB below the speech, this limit is above the pauses and the other
 * voices. */
#pragma once

#include "core/emotion.h"
#include "pitch.h"

G_BEGIN_DECLS

#define EMOTION_ACTIVITY_SPAN 400 /* samples per frame, 25 ms */
#define EMOTION_ACTIVITY_HOP 160  /* samples, 10 ms */
/* The pitch frame has the same centre as the frame; this many more samples before and after it. */
#define EMOTION_ACTIVITY_MARGIN ((EMOTION_PITCH_SPAN - EMOTION_ACTIVITY_SPAN) / 2)

/* The part of a frame row: plain floats. */
typedef struct {
  float rms; /* of the frame, after mean removal */
  EmotionPitchFrame pitch;
} EmotionActivityFrame;

/* Analyses a frame. `context` is its EMOTION_PITCH_SPAN samples, with the margins. */
void emotion_activity_analyse (EmotionPitch *pitch, const float *context,
                               EmotionActivityFrame *frame);

/* The series of a window, n numbers each, and scratch memory. */
typedef struct {
  guint max_frames;
  guint8 *active, *voiced;
  guint n_active;
  float *octaves, *strengths; /* the F0 path, see emotion_pitch_track() */
  float *column, *sorted;
  guint64 *order, *scratch;
  gpointer track_workspace;
} EmotionActivityTracker;

EmotionActivityTracker *emotion_activity_tracker_new (guint max_frames);
void emotion_activity_tracker_free (EmotionActivityTracker *self); /* NULL is fine */

/* Computes the series and `activity` from `n` frames, 1 <= n <= max_frames. The first is at
 * `frames`, and each is `stride` floats after the previous one. Does not allocate; one thread at a
 * time. */
void emotion_activity_track (EmotionActivityTracker *self, const float *frames, gsize stride,
                             guint n, EmotionActivity *activity);

/* Sets the span from the first to the last active frame of the `n` frames tracked last. The span is
 * all frames if fewer than 10 are active. */
void emotion_activity_cut (const EmotionActivityTracker *self, guint n, guint *first,
                           guint *length);

G_END_DECLS
