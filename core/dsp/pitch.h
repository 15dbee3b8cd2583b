/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fundamental frequency (F0): the autocorrelation of a 40 ms frame, divided by the autocorrelation
 * of its window (Boersma 1993), and a Viterbi search for the best path through the frames'
 * candidates.
 *
 * The frame stage stores the candidates. The path is searched per window, so results do not wait
 * for the end of the stream. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_PITCH_SPAN 640 /* samples per pitch frame, 40 ms */
#define EMOTION_PITCH_FFT 1024 /* FFT size */
#define EMOTION_PITCH_BINS (EMOTION_PITCH_FFT / 2 + 1)
#define EMOTION_PITCH_MIN 60       /* Hz */
#define EMOTION_PITCH_MAX 550      /* Hz */
#define EMOTION_PITCH_CANDIDATES 6 /* stored per frame */

/* The part of a frame row: plain floats. */
typedef struct {
  float rms; /* of the pitch frame, after mean removal */
  struct {
    float octave;   /* log2 of Hz */
    float strength; /* normalised autocorrelation minus a small cost of long lags; -1: none */
  } candidates[EMOTION_PITCH_CANDIDATES];
} EmotionPitchFrame;

typedef struct _EmotionPitch EmotionPitch;

EmotionPitch *emotion_pitch_new (void);
void emotion_pitch_free (EmotionPitch *self); /* NULL is fine */

/* Finds the candidates of EMOTION_PITCH_SPAN samples. Does not allocate; one thread at a time. */
void emotion_pitch_analyse (EmotionPitch *self, const float *samples, EmotionPitchFrame *frame);

/* The power spectrum (Hann window, mean removed) of the frame analysed last: EMOTION_PITCH_BINS
 * numbers, owned by `self`, valid until the next analysis. */
const float *emotion_pitch_get_power (const EmotionPitch *self);

/* Size in bytes of the workspace of emotion_pitch_track() for `n` frames. */
gsize emotion_pitch_track_workspace (guint n);

/* Finds the best path through `n` frames. The first is at `frames`, and each is `stride` floats
 * after the previous one. octaves[i] is log2 of F0 in Hz, or 0 where unvoiced; strengths[i] is the
 * strength of the candidate, or 0. `loudest` is the RMS of the window's full level: the search
 * prefers unvoiced for quiet frames. Does not allocate. */
void emotion_pitch_track (const float *frames, gsize stride, guint n, float loudest,
                          gpointer workspace, float *octaves, float *strengths);

G_END_DECLS
