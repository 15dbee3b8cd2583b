/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mel spectrogram in decibels and its cepstrum, after Slaney (1998, "Auditory Toolbox", Interval
 * Research): 128 triangles of equal area from 0 to 8000 Hz. Their corners are equally spaced on a
 * scale that is linear below 1 kHz (3 mel per 200 Hz) and logarithmic above (27 mel per factor of
 * 6.4). speech-1 uses other bands, those of core/dsp/mel.h.
 *
 * Immutable after new; any thread. */
#pragma once

#include "core/base/simd.h"

G_BEGIN_DECLS

#define EMOTION_SLANEY_BANDS 128

typedef struct _EmotionSlaneyMel EmotionSlaneyMel;

/* `n_cepstra`: number of cepstral coefficients, <= EMOTION_SLANEY_BANDS. */
EmotionSlaneyMel *emotion_slaney_mel_new (guint n_cepstra);
void emotion_slaney_mel_free (EmotionSlaneyMel *self); /* NULL is fine */

/* Levels in dB re 1 of four frames of magnitudes (core/dsp/stft.h); lane i is frame i. The power of
 * a band is at least 1e-10. */
void emotion_slaney_mel_levels (const EmotionSlaneyMel *self, const EmotionSimd *magnitude,
                                EmotionSimd *levels);

/* Raises levels that are more than 80 dB below the largest of the n levels to that limit. */
void emotion_slaney_mel_limit (float *levels, gsize n);

/* The first n_cepstra coefficients of the orthonormal DCT-II of one frame's levels (Davis &
 * Mermelstein 1980). */
void emotion_slaney_mel_cepstra (const EmotionSlaneyMel *self, const float *levels, float *cepstra);

G_END_DECLS
