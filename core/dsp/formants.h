/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first three formants of a frame by selective linear prediction (Makhoul 1975): an all-pole
 * model of 0-5 kHz of the frame's pre-emphasised power spectrum, whose autocorrelation comes straight
 * from the spectrum (autocorrelation method, lag window of 40 Hz, Levinson's recursion). Formants
 * are the peaks of its envelope narrower than 900 Hz, in order from below; a peak's bandwidth comes
 * from its bend, which a single resonance of radius r bends by 2 / (1 - r)^2. One thread at a time;
 * only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_FORMANTS 3

/* What a frame row keeps of this: plain floats. */
typedef struct {
  float centres[EMOTION_FORMANTS];    /* Hz; 500, 1500, 2500 (a neutral tube) where there is none */
  float bandwidths[EMOTION_FORMANTS]; /* Hz; 400 where there is none */
} EmotionFormantRow;

typedef struct _EmotionFormants EmotionFormants;

EmotionFormants *emotion_formants_new (void);
void emotion_formants_free (EmotionFormants *self); /* NULL is fine */

/* `power`: EMOTION_SPECTRAL_BINS numbers, the power spectrum of a frame (spectral-frame.h). */
void emotion_formants_analyse (EmotionFormants *self, const float *power, EmotionFormantRow *row);

G_END_DECLS
