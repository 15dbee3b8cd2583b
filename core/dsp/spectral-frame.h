/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spectral descriptors of one frame: 25 ms, mean removed, Hann window; power spectrum of 512
 * points; mel cepstra of 40 bands (mel.h). The descriptors are defined in speech-1.h. Streaming:
 * the flux compares a frame with the previous one. One thread at a time; only new and free
 * allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  EMOTION_SPECTRAL_SPAN = 400, /* samples per frame */
  EMOTION_SPECTRAL_FFT = 512,
  EMOTION_SPECTRAL_BINS = EMOTION_SPECTRAL_FFT / 2 + 1,
  EMOTION_SPECTRAL_SHAPES = 16, /* log_energy .. slope_1500_5000 */
  EMOTION_SPECTRAL_CEPSTRA = 20,
};

/* The part of a frame row: plain floats. */
typedef struct {
  float shapes[EMOTION_SPECTRAL_SHAPES];
  float cepstra[EMOTION_SPECTRAL_CEPSTRA];
} EmotionSpectralRow;

typedef struct _EmotionSpectralFrame EmotionSpectralFrame;

/* The arguments of logarithms have a minimum. It is at the level of 16-bit audio or, with
 * `relative`, 70 dB below the frame's power, so that the shape of a frame does not depend on its
 * level. */
EmotionSpectralFrame *emotion_spectral_frame_new (gboolean relative);
void emotion_spectral_frame_free (EmotionSpectralFrame *self); /* NULL is fine */

/* Forgets the previous frame. */
void emotion_spectral_frame_reset (EmotionSpectralFrame *self);

/* Analyses EMOTION_SPECTRAL_SPAN samples. Returns their RMS after mean removal. */
float emotion_spectral_frame_analyse (EmotionSpectralFrame *self, const float *samples,
                                      EmotionSpectralRow *row);

/* The power spectrum of the frame analysed last: EMOTION_SPECTRAL_BINS numbers, owned by `self`,
 * valid until the next analysis. */
const float *emotion_spectral_frame_get_power (const EmotionSpectralFrame *self);

/* Name of number `index` of an EmotionSpectralRow; sets `unit`. Both are constants. */
const char *emotion_spectral_frame_describe (guint index, const char **unit);

G_END_DECLS
