/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tempo of a clip after Ellis (2007, "Beat tracking by dynamic programming", JNMR 36). The onset
 * strength per frame is autocorrelated around each frame with a Hann window of 8 s. These are
 * averaged over the clip and weighted by a log-normal prior around 120 beats per minute with a
 * deviation of one octave. One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

#include "slaney-mel.h"

G_BEGIN_DECLS

typedef struct _EmotionTempo EmotionTempo;

/* A new estimator for clips of up to `max_frames` frames of core/dsp/stft.h. */
EmotionTempo *emotion_tempo_new (guint max_frames);
void emotion_tempo_free (EmotionTempo *self); /* NULL is fine */

/* Onset strengths of n rows of EMOTION_SLANEY_BANDS levels: onsets[t] is the median over the mel
 * bands of the rise of the level in dB from frame t - 3 to t - 2; a fall counts as 0. This is two
 * frames late, half a frame's span, as in the published system. onsets[t] is 0 for t < 3. */
void emotion_tempo_onsets (const float *levels, guint n, float *onsets);

/* The tempo in beats per minute: 1875 divided by a whole number of frames, and below 320; 0 without
 * onsets. */
double emotion_tempo_estimate (EmotionTempo *self, const float *onsets, guint n);

G_END_DECLS
