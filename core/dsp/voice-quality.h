/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tells how a voice is produced, for one pitch frame, at the F0 of its strongest candidate:
 *   jitter   ln of the mean |change of period| between neighbours, relative to the period, + 0.001
 *   shimmer  ln of the mean |ln ratio of peak amplitudes| of neighbouring periods, + 0.01;
 *            both as in openSMILE (Eyben et al. 2010), over peaks found a period apart from the
 *            frame's greatest one near its middle
 *   hnr      ln (r / (1 - r)), harmonics-to-noise ratio of autocorrelation r (Boersma 1993)
 *   cpp      cepstral peak prominence, dB: height of the cepstrum's peak at 60-550 Hz over its
 *            regression line from 1 to 17 ms (Hillenbrand et al. 1994)
 *   h1_h2    ln of the power of the first harmonic over that of the second (Klatt & Klatt 1990)
 *   h1_a3    the same over the strongest harmonic near the third formant (Hanson 1997)
 *   h1_a1    the same near the first
 * One thread at a time; only new and free allocate. */
#pragma once

#include "formants.h"
#include "pitch.h"

G_BEGIN_DECLS

#define EMOTION_VOICE_QUALITIES 7

/* What a frame row keeps of this: plain floats. */
typedef struct {
  float octave; /* log2 of Hz, the F0 it was measured at; 0: no candidate, the values are neutral */
  float values[EMOTION_VOICE_QUALITIES]; /* in the order above */
} EmotionVoiceQualityRow;

typedef struct _EmotionVoiceQuality EmotionVoiceQuality;

EmotionVoiceQuality *emotion_voice_quality_new (void);
void emotion_voice_quality_free (EmotionVoiceQuality *self); /* NULL is fine */

/* Describes the EMOTION_PITCH_SPAN samples that `pitch` analysed last, with their candidates in
 * `frame` and the formants in their middle. */
void emotion_voice_quality_analyse (EmotionVoiceQuality *self, const float *samples,
                                    const EmotionPitch *pitch, const EmotionPitchFrame *frame,
                                    const EmotionFormantRow *formants, EmotionVoiceQualityRow *row);

/* Name and unit of value `index`. */
const char *emotion_voice_quality_describe (guint index, const char **unit);

G_END_DECLS
