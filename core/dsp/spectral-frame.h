/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spectral descriptors of one frame of 25 ms, its mean removed, under a Hann window; power spectrum
 * of 512 points, mel cepstra of 40 bands (mel.h). What each number is stands in speech-1.h, which
 * names them. Streaming: the flux compares with the frame before. One thread at a time; only new and
 * free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  EMOTION_SPECTRAL_SPAN = 400, /* samples of a frame */
  EMOTION_SPECTRAL_FFT = 512,
  EMOTION_SPECTRAL_BINS = EMOTION_SPECTRAL_FFT / 2 + 1,
  EMOTION_SPECTRAL_SHAPES = 16, /* log_energy .. slope_1500_5000 */
  EMOTION_SPECTRAL_CEPSTRA = 20,
};

/* What a frame row keeps of this: plain floats. */
typedef struct {
  float shapes[EMOTION_SPECTRAL_SHAPES];
  float cepstra[EMOTION_SPECTRAL_CEPSTRA];
} EmotionSpectralRow;

typedef struct _EmotionSpectralFrame EmotionSpectralFrame;

/* Logarithms have a floor: that of 16-bit audio, or, `relative`, one 70 dB below the frame's power, so
 * that a frame's shape does not depend on its level. */
EmotionSpectralFrame *emotion_spectral_frame_new (gboolean relative);
void emotion_spectral_frame_free (EmotionSpectralFrame *self); /* NULL is fine */

/* Forgets the frame before. */
void emotion_spectral_frame_reset (EmotionSpectralFrame *self);

/* Describes EMOTION_SPECTRAL_SPAN samples; returns their RMS, the mean removed. */
float emotion_spectral_frame_analyse (EmotionSpectralFrame *self, const float *samples,
                                      EmotionSpectralRow *row);

/* EMOTION_SPECTRAL_BINS numbers: the power spectrum of the frame analysed last. */
const float *emotion_spectral_frame_get_power (const EmotionSpectralFrame *self);

/* Name and unit of number `index` of an EmotionSpectralRow. */
const char *emotion_spectral_frame_describe (guint index, const char **unit);

G_END_DECLS
