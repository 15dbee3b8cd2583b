/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fundamental frequency by the autocorrelation of a 40 ms frame, divided by that of its window
 * (Boersma 1993), and a Viterbi search for the path through the frames' candidates.
 *
 * The frame stage keeps candidates; the path is searched per window, so no stream has to end first.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_PITCH_SPAN 640 /* samples of a pitch frame, 40 ms */
#define EMOTION_PITCH_FFT 1024 /* points of its spectrum */
#define EMOTION_PITCH_BINS (EMOTION_PITCH_FFT / 2 + 1)
#define EMOTION_PITCH_MIN 60       /* Hz */
#define EMOTION_PITCH_MAX 550      /* Hz */
#define EMOTION_PITCH_CANDIDATES 6 /* kept per frame */

/* What a frame row keeps of pitch: plain floats. */
typedef struct {
  float rms; /* of the pitch frame, its mean removed */
  struct {
    float octave; /* log2 of Hz */
    float
        strength; /* normalised autocorrelation less a small cost of long lags; -1: no candidate */
  } candidates[EMOTION_PITCH_CANDIDATES];
} EmotionPitchFrame;

typedef struct _EmotionPitch EmotionPitch;

EmotionPitch *emotion_pitch_new (void);
void emotion_pitch_free (EmotionPitch *self); /* NULL is fine */

/* Candidates of EMOTION_PITCH_SPAN samples. Does not allocate; one thread at a time. */
void emotion_pitch_analyse (EmotionPitch *self, const float *samples, EmotionPitchFrame *frame);

/* EMOTION_PITCH_BINS numbers: the power spectrum (Hann window, the mean removed) of the frame
 * analysed last. */
const float *emotion_pitch_get_power (const EmotionPitch *self);

/* Bytes of workspace that emotion_pitch_track() needs for `n` frames. */
gsize emotion_pitch_track_workspace (guint n);

/* The best path through `n` frames, the first at `frames`, each `stride` floats after the one
 * before: octaves[i] is log2 of F0 in Hz or 0 where unvoiced, strengths[i] the candidate's or 0.
 * `loudest` is the RMS that counts as the window's full level: quiet frames are taken for unvoiced.
 */
void emotion_pitch_track (const float *frames, gsize stride, guint n, float loudest,
                          gpointer workspace, float *octaves, float *strengths);

G_END_DECLS
