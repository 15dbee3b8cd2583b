/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spectral contrast (Jiang, Lu, Zhang, Tao & Cai 2002, "Music type classification by spectral
 * contrast feature", ICME): the level of a band's peaks above its valleys, in seven bands with the
 * upper limits 200, 400, 800, 1600, 3200, 6400 and 8000 Hz. A peak is the mean of the largest 2 %
 * of a band's magnitudes and a valley the mean of the smallest 2 %, but of at least one bin.
 *
 * Decibels are here 10 log10 of a magnitude, as in the published system. Their minimum is 1e-10 and
 * 80 dB below the clip's maximum, for peaks and for valleys separately. */
#pragma once

#include "core/base/simd.h"

G_BEGIN_DECLS

#define EMOTION_CONTRAST_BANDS 7

/* Peaks and valleys of four frames of magnitudes (core/dsp/stft.h), EMOTION_CONTRAST_BANDS each;
 * lane i is frame i. Pure; any thread. */
void emotion_contrast_extremes (const EmotionSimd *magnitude, EmotionSimd *peaks,
                                EmotionSimd *valleys);

/* Computes a clip's contrast in dB, in place: from the peaks series[b][0 .. n) and the valleys
 * series[b][valleys .. valleys + n) to series[b][0 .. n). */
void emotion_contrast_levels (float *const series[EMOTION_CONTRAST_BANDS], gsize valleys, gsize n);

G_END_DECLS
