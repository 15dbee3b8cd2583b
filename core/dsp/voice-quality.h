/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Voice quality of one pitch frame, at the F0 of its strongest candidate:
 *   jitter   ln of (the mean |difference| of neighbouring periods, relative to the period, + 0.001)
 *   shimmer  ln of (the mean |ln ratio| of the peak amplitudes of neighbouring periods, + 0.01);
 *            both as in openSMILE (Eyben et al. 2010), over peaks that are a period apart, starting
 *            from the frame's largest peak near its middle
 *   hnr      ln (r / (1 - r)), harmonics-to-noise ratio of the autocorrelation r (Boersma 1993)
 *   cpp      cepstral peak prominence, dB: height of the cepstrum's peak at 60-550 Hz above its
 *            regression line from 1 to 17 ms (Hillenbrand et al. 1994)
 *   h1_h2    ln of the power of the first harmonic over the second (Klatt & Klatt 1990)
 *   h1_a3    ln of the power of the first harmonic over the strongest one near the third formant
 *            (Hanson 1997)
 *   h1_a1    the same near the first formant
 * One thread at a time; only new and free allocate. */
#pragma once

#include "formants.h"
#include "pitch.h"

G_BEGIN_DECLS

#define EMOTION_VOICE_QUALITIES 7

/* The part of a frame row: plain floats. */
typedef struct {
  float octave; /* log2 of the F0 in Hz; 0: no candidate, and the values are neutral */
  float values[EMOTION_VOICE_QUALITIES]; /* in the order above */
} EmotionVoiceQualityRow;

typedef struct _EmotionVoiceQuality EmotionVoiceQuality;

EmotionVoiceQuality *emotion_voice_quality_new (void);
void emotion_voice_quality_free (EmotionVoiceQuality *self); /* NULL is fine */

/* Analyses the EMOTION_PITCH_SPAN samples that `pitch` analysed last. `frame` has their candidates
 * and `formants` the formants in their middle. */
void emotion_voice_quality_analyse (EmotionVoiceQuality *self, const float *samples,
                                    const EmotionPitch *pitch, const EmotionPitchFrame *frame,
                                    const EmotionFormantRow *formants, EmotionVoiceQualityRow *row);

/* Name of value `index`; sets `unit`. Both are constants. */
const char *emotion_voice_quality_describe (guint index, const char **unit);

G_END_DECLS
