/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tempo of a clip after Ellis (2007, "Beat tracking by dynamic programming", JNMR 36): the strength
 * of onsets per frame, its autocorrelation around each frame under a Hann window of 8 s, the mean
 * of these over the clip, weighted towards 120 beats per minute by a log-normal prior of one
 * octave's deviation. One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

#include "slaney-mel.h"

G_BEGIN_DECLS

typedef struct _EmotionTempo EmotionTempo;

/* For clips of up to `max_frames` frames of core/dsp/stft.h. */
EmotionTempo *emotion_tempo_new (guint max_frames);
void emotion_tempo_free (EmotionTempo *self); /* NULL is fine */

/* From n rows of EMOTION_SLANEY_BANDS levels: onsets[t] is the median over the mel bands of the rises (falls count as 0) of their level in dB
 * from frame t - 3 to t - 2: two frames late, half a frame's span, as the published system centres
 * it; 0 for t < 3. */
void emotion_tempo_onsets (const float *levels, guint n, float *onsets);

/* Beats per minute, of 1875 over a whole number of frames and below 320; 0 without any onset. */
double emotion_tempo_estimate (EmotionTempo *self, const float *onsets, guint n);

G_END_DECLS
