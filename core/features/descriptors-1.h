/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feature set "descriptors-1": the 251 clip descriptors of the Python system that this project
 * re-creates, with the same values (that system uses librosa 0.10.2). A window is a clip: samples
 * outside it have no influence.
 *
 * Frames are those of core/dsp/stft.h: 2048 samples, one every 512, at 16 kHz; S are their
 * magnitudes. Each series over the frames is reduced to its mean and population standard deviation,
 * NAME_mean and NAME_std; the first six also to NAME_min and NAME_max. In order:
 *   duration               s
 *   rms, spectral_centroid, spectral_bandwidth, spectral_rolloff, spectral_flatness
 *                          core/dsp/spectral-shape.h; between rms and the others
 *   zero_crossing_rate     sign changes per sample; the edge samples are repeated beyond the ends
 *   spectral_contrast_1..7 core/dsp/spectral-contrast.h
 *   tonnetz_1..6           tonal centroid of the harmonic part's chroma (core/dsp/chroma.h)
 *   harmonic_energy_mean, percussive_energy_mean, harmonic_to_percussive_ratio
 *                          mean absolute values of both parts (core/dsp/hpss.h); ratio of sums
 *   chroma_stft_1..12      of S itself, not its square, with the tuning of its peaks
 *   chroma_cqt_1..12, chroma_cens_1..12
 *                          of the constant-Q transform (core/dsp/constant-q.h), tuned likewise
 *   mfcc_1..20, mfcc_delta_1..20, mfcc_delta2_1..20
 *                          core/dsp/slaney-mel.h, core/dsp/savitzky-golay.h
 *   pitch_mean/std/min/max see below
 *   tempo                  core/dsp/tempo.h
 *
 * This "pitch" is not F0. It is the frequencies of all peaks of S between 150 and 4000 Hz
 * (core/dsp/spectral-peaks.h) that exceed a tenth of the clip's largest peak, including harmonics,
 * and several per frame. A sine of 100 Hz has none; a voice of 150 Hz has a mean of about 900 Hz.
 * For F0 use f0_* of speech-1.
 *
 * Undefined values are 0: ratios in silence; pitch without peaks; tempo without onsets, and so for
 * clips of less than 4 frames; mfcc_delta and mfcc_delta2 for clips of less than 9 frames (4096
 * samples), which the Python system rejects. */
#pragma once

#include "feature-set.h"

G_BEGIN_DECLS

#define DESCRIPTORS_1_N_FEATURES 251

extern const EmotionFeatureSet emotion_descriptors_1;

G_END_DECLS
