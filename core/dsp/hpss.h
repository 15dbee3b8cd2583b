/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Harmonic/percussive separation by median filtering (Fitzgerald 2010, DAFx): harmonic sounds last
 * in time, percussive ones spread over frequency, so that a running median over 31 frames keeps the
 * one and a running median over 31 bins the other. Each bin's energy is shared out in proportion to
 * the squares of both medians. Pure; any thread. */
#pragma once

#include <fftw3.h>

#include "core/base/simd.h"

G_BEGIN_DECLS

/* Medians over frequency of four frames of magnitudes (core/dsp/stft.h), lane i of frame i. */
void emotion_hpss_percussive (const EmotionSimd *magnitude, EmotionSimd *median);

/* Leaves the harmonic part in `n_frames` spectra. `magnitude` are their magnitudes and `percussive`
 * the medians over frequency, rows of EMOTION_STFT_STRIDE; `strip` is memory for n_frames. */
void emotion_hpss_harmonic (const float *magnitude, const float *percussive, guint n_frames,
                            EmotionSimd *strip, fftwf_complex *spectra);

G_END_DECLS
