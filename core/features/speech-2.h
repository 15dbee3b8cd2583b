/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feature set "speech-2": functionals of 51 low-level descriptors, of F0 and rhythm, and
 * correlations between descriptors. It is independent of the level of the recording.
 *
 * Frame stage, every 10 ms: the descriptors of speech-1 (speech-1.h: log_energy .. slope_1500_5000,
 * mfcc0 .. mfcc19), formants (formants.h: formant1-3, bandwidth1-3), voice quality
 * (voice-quality.h: jitter, shimmer, hnr, cpp, h1_h2, h1_a3, h1_a1) and candidates of F0 (pitch.h).
 *
 * Window stage: the window is cut to the span from the first to the last active frame (activity.h).
 * The series are its descriptors, voicing (strength of the F0 path, 0 unvoiced) and f0 (semitones
 * above 27.5 Hz, interpolated linearly over unvoiced frames; 128 Hz if none is voiced). The level
 * is removed: the 95th percentile is subtracted from log_energy and mfcc0, and loudness is divided
 * by its 95th percentile. For each series:
 *   NAME_F          F = mean, sd, p05, p50, p95, slope over the cut
 *   NAME_delta_F    the first five of its delta
 *   NAME_voiced_F   the first five over voiced frames; for voice quality only over voiced frames
 *                   whose strongest candidate is on the F0 path
 *   NAME_third1_sd .. NAME_third3_sd        its standard deviation in each third of the cut
 *   NAME_modulation_1, _4, _16              modulation.h
 * Then
 *   f0_min, f0_max, f0_skewness, f0_kurtosis, f0_voiced_slope   of F0 over voiced frames
 *   f0_step_F       changes of F0 between neighbours within voiced runs, semitones; f0_jump_F of
 *                   their absolute values: the first five
 *   contour_*       contour.h
 *   rhythm_*        rhythm.h
 *   correlation_A_B over active frames (correlations.h), of log_energy, f0, mfcc0-13, voicing and
 *                   centroid with each other, and of log_energy, f0 and mfcc1-6 with formants,
 *                   bandwidths and voice quality */
#pragma once

#include "core/dsp/contour.h"
#include "core/dsp/correlations.h"
#include "core/dsp/formants.h"
#include "core/dsp/modulation.h"
#include "core/dsp/rhythm.h"
#include "core/dsp/voice-quality.h"
#include "feature-set.h"
#include "speech-frames.h"

G_BEGIN_DECLS

extern const EmotionFeatureSet emotion_speech_2;

enum {
  SPEECH_2_VOICING = EMOTION_SPECTRAL_SHAPES, /* series, in order: shapes, voicing, cepstra, */
  SPEECH_2_CEPSTRA,                           /* formants, bandwidths, voice quality, f0 */
  SPEECH_2_FORMANTS = SPEECH_2_CEPSTRA + EMOTION_SPECTRAL_CEPSTRA,
  SPEECH_2_VOICE = SPEECH_2_FORMANTS + 2 * EMOTION_FORMANTS,
  SPEECH_2_F0 = SPEECH_2_VOICE + EMOTION_VOICE_QUALITIES,
  SPEECH_2_SERIES,
  SPEECH_2_BRIEF = 5, /* mean .. p95 */
  SPEECH_2_THIRDS = 3,
  SPEECH_2_PER_SERIES = 3 * SPEECH_2_BRIEF + 1 + SPEECH_2_THIRDS + EMOTION_MODULATIONS,
  SPEECH_2_F0_VALUES = 5,                                      /* f0_min .. f0_voiced_slope */
  SPEECH_2_F0_EXTRA = SPEECH_2_F0_VALUES + 2 * SPEECH_2_BRIEF, /* with steps and jumps */
  SPEECH_2_CORRELATED = 18, /* series, correlated with each other */
  /* the first of them, also correlated with formants, bandwidths and voice quality */
  SPEECH_2_LEADING = 8,
  SPEECH_2_FOLLOWING = SPEECH_2_F0 - SPEECH_2_FORMANTS,
  SPEECH_2_PAIRS = EMOTION_CORRELATIONS (SPEECH_2_CORRELATED),
  SPEECH_2_N_FEATURES = SPEECH_2_SERIES * SPEECH_2_PER_SERIES + SPEECH_2_F0_EXTRA +
                        EMOTION_CONTOURS + EMOTION_RHYTHMS + SPEECH_2_PAIRS +
                        SPEECH_2_LEADING * SPEECH_2_FOLLOWING,
};

/* A row of the frame stage. */
typedef struct {
  EmotionActivityFrame activity;
  EmotionSpectralRow spectral;
  EmotionFormantRow formants;
  EmotionVoiceQualityRow voice;
} Speech2Row;

/* The window stage, core/features/speech-2-functionals.c. */
typedef struct _Speech2Functionals Speech2Functionals;

Speech2Functionals *emotion_speech_2_functionals_new (guint max_rows);
void emotion_speech_2_functionals_free (Speech2Functionals *self); /* NULL is fine */
void emotion_speech_2_functionals_compute (Speech2Functionals *self, const Speech2Row *rows,
                                           guint n_rows, float *vector, EmotionActivity *activity);
void emotion_speech_2_functionals_describe (guint index, GString *name, const char **unit);
/* Sets `matrix` to series `index` of the vector computed last, from the same rows: the spectral
 * descriptors, formants and voice quality by name; voicing; f0 in Hz, 0 where unvoiced; active, 1
 * or 0; and mfcc. */
gboolean emotion_speech_2_functionals_get_matrix (Speech2Functionals *self, const Speech2Row *rows,
                                                  guint n_rows, guint index, EmotionMatrix *matrix);

G_END_DECLS
