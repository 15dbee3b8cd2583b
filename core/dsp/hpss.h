/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Harmonic/percussive separation by median filtering (Fitzgerald 2010, DAFx). Harmonic sounds are
 * continuous in time, percussive sounds in frequency. So a running median over 31 frames keeps the
 * harmonic part, and one over 31 bins the percussive part. Each bin is divided between the parts in
 * proportion to the squares of both medians. Pure functions; any thread. */
#pragma once

#include <fftw3.h>

#include "core/base/simd.h"

G_BEGIN_DECLS

/* Medians over frequency of four frames of magnitudes (core/dsp/stft.h); lane i is frame i. */
void emotion_hpss_percussive (const EmotionSimd *magnitude, EmotionSimd *median);

/* Reduces `n_frames` spectra to their harmonic part, in place. `magnitude` holds their magnitudes
 * and `percussive` the medians over frequency, as rows of EMOTION_STFT_STRIDE; `strip` is scratch
 * memory for n_frames. */
void emotion_hpss_harmonic (const float *magnitude, const float *percussive, guint n_frames,
                            EmotionSimd *strip, fftwf_complex *spectra);

G_END_DECLS
