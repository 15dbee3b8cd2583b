/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feature set "speech-1": functionals of 37 low-level descriptors and of F0.
 *
 * Frame stage: frames of 25 ms, one every 10 ms, with the mean removed and a Hann window; power
 * spectrum of 512 points.
 *   log_energy      natural log of the RMS
 *   loudness        sum over 40 mel bands of power^0.3 (Zwicker's exponent, as in eGeMAPS)
 *   zcr             zero crossings per sample
 *   centroid, bandwidth, rolloff25/50/85/95: of the power spectrum, Hz
 *   flatness        ln of geometric over arithmetic mean of the power spectrum
 *   flux            Euclidean distance to the previous frame's magnitudes, each of unit norm
 *   alpha_ratio     ln of the energy in 50-1000 Hz over 1-5 kHz (Eyben et al. 2016, eGeMAPS)
 *   hammarberg      ln of the peak in 0-2 kHz over that in 2-5 kHz (Hammarberg et al. 1980)
 *   slope_A_B       regression of the log power spectrum in A-B Hz, ln per kHz
 *   voicing         strength of the F0 candidate on the window's best path, 0 unvoiced (pitch.h)
 *   mfcc0..mfcc19   of the log of 40 mel bands (mel.h)
 *
 * Window stage: the window is cut to the span from the first to the last active frame
 * (core/dsp/activity.h). Then, for each descriptor:
 *   NAME_F          F = mean, sd, p05, p25, p50, p75, p95, range90, iqr, slope, skewness, kurtosis
 *                   over the cut
 *   NAME_delta_F    the first nine of these over its delta
 *   NAME_active_F   the same nine over active frames only
 *   NAME_voiced_F   the same nine over voiced frames only
 *   f0_F, f0_min, f0_max   F0 of voiced frames in semitones above 27.5 Hz; 128 Hz if none is voiced
 *   f0_step_F       changes of F0 between neighbours within voiced runs, the first nine
 *   f0_voiced_fraction, active_fraction, voiced_runs, voiced_run_mean/sd/max, cut_frames,
 *   active_frames   rhythm: fractions of the cut, runs per frame, lengths in frames */
#pragma once

#include "feature-set.h"
#include "speech-frames.h"

G_BEGIN_DECLS

extern const EmotionFeatureSet emotion_speech_1;

enum {
  SPEECH_1_SPECTRAL = EMOTION_SPECTRAL_SHAPES,
  SPEECH_1_CEPSTRA = EMOTION_SPECTRAL_CEPSTRA,
  SPEECH_1_DESCRIPTORS = SPEECH_1_SPECTRAL + 1 + SPEECH_1_CEPSTRA, /* with voicing */
  SPEECH_1_FULL = 12,                                              /* functionals of a series */
  SPEECH_1_BRIEF = 9,    /* the first of them, without slope, skewness and kurtosis */
  SPEECH_1_F0_EXTRA = 2, /* f0_min, f0_max */
  SPEECH_1_RHYTHM = 8,   /* f0_voiced_fraction .. active_frames */
  SPEECH_1_N_FEATURES = SPEECH_1_DESCRIPTORS * (SPEECH_1_FULL + 3 * SPEECH_1_BRIEF) +
                        SPEECH_1_FULL + SPEECH_1_F0_EXTRA + SPEECH_1_BRIEF + SPEECH_1_RHYTHM,
};

/* A row of the frame stage. */
typedef struct {
  EmotionSpectralRow spectral;
  EmotionActivityFrame activity;
} Speech1Row;

/* The window stage, core/features/speech-1-functionals.c. */
typedef struct _Speech1Functionals Speech1Functionals;

Speech1Functionals *emotion_speech_1_functionals_new (guint max_rows);
void emotion_speech_1_functionals_free (Speech1Functionals *self);
void emotion_speech_1_functionals_compute (Speech1Functionals *self, const Speech1Row *rows,
                                           guint n_rows, float *vector, EmotionActivity *activity);
/* Sets `matrix` to series `index` of the vector computed last, from the same rows: the spectral
 * descriptors by name; voicing; f0 in Hz, 0 where unvoiced; active, 1 or 0; and mfcc. */
gboolean emotion_speech_1_functionals_get_matrix (Speech1Functionals *self, const Speech1Row *rows,
                                                  guint n_rows, guint index, EmotionMatrix *matrix);
void emotion_speech_1_functionals_describe (guint index, GString *name, const char **unit);

G_END_DECLS
