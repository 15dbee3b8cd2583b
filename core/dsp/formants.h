/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first three formants of a frame by selective linear prediction (Makhoul 1975): an all-pole
 * model of 0-5 kHz of the frame's pre-emphasised power spectrum. Its autocorrelation is computed
 * directly from the spectrum (autocorrelation method, lag window of 40 Hz, Levinson's recursion).
 * Formants are the peaks of the model's envelope that are narrower than 900 Hz, in ascending order.
 * The bandwidth comes from the curvature of the peak: a single resonance of radius r has the
 * curvature 2 / (1 - r)^2. One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_FORMANTS 3

/* The part of a frame row: plain floats. */
typedef struct {
  float centres[EMOTION_FORMANTS];    /* Hz; 500, 1500, 2500 (a neutral tube) if there is none */
  float bandwidths[EMOTION_FORMANTS]; /* Hz; 400 if there is none */
} EmotionFormantRow;

typedef struct _EmotionFormants EmotionFormants;

EmotionFormants *emotion_formants_new (void);
void emotion_formants_free (EmotionFormants *self); /* NULL is fine */

/* `power`: the EMOTION_SPECTRAL_BINS values of a frame's power spectrum (spectral-frame.h). */
void emotion_formants_analyse (EmotionFormants *self, const float *power, EmotionFormantRow *row);

G_END_DECLS
