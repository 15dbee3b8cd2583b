/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spectral contrast (Jiang, Lu, Zhang, Tao & Cai 2002, "Music type classification by spectral
 * contrast feature", ICME): the level of a band's peaks above that of its valleys, in seven bands
 * that end at 200, 400, 800, 1600, 3200, 6400 and 8000 Hz. A peak is the mean of the strongest 2 %
 * of a band's magnitudes, a valley that of the weakest 2 %, at least one bin each.
 *
 * Decibels here are 10 log10 of a magnitude, floored at 1e-10 and at 80 dB below the largest of the
 * clip, peaks and valleys by themselves, as the published system has it. */
#pragma once

#include "core/base/simd.h"

G_BEGIN_DECLS

#define EMOTION_CONTRAST_BANDS 7

/* Peaks and valleys of four frames of magnitudes (core/dsp/stft.h), lane i of frame i, each
 * EMOTION_CONTRAST_BANDS. Pure; any thread. */
void emotion_contrast_extremes (const EmotionSimd *magnitude, EmotionSimd *peaks,
                                EmotionSimd *valleys);

/* Turns a clip's peaks, series[b][0 .. n), and valleys, series[b][valleys .. valleys + n), into its
 * contrast in dB, series[b][0 .. n). */
void emotion_contrast_levels (float *const series[EMOTION_CONTRAST_BANDS], gsize valleys, gsize n);

G_END_DECLS
