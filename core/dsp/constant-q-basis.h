/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wavelets of the constant-Q transform (core/dsp/constant-q.h) as sparse spectra. The wavelets
 * of a tuning are computed on first use, in about 0.1 ms, and kept. One thread at a time; only new
 * and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CONSTANT_Q_OCTAVES 7
#define EMOTION_CONSTANT_Q_PER_OCTAVE 36
#define EMOTION_CONSTANT_Q_BINS (EMOTION_CONSTANT_Q_OCTAVES * EMOTION_CONSTANT_Q_PER_OCTAVE)
#define EMOTION_CONSTANT_Q_FFT 512 /* points, >= the longest wavelet of the highest octave */
#define EMOTION_WAVELET_BINS 24    /* per wavelet, at most */

/* The wavelet of one bin: FFT bins `first` to `first` + `count` - 1. */
typedef struct {
  guint first, count;
  float scale; /* 1 / sqrt (its length in samples at the full rate, in the highest octave) */
  float re[EMOTION_WAVELET_BINS], im[EMOTION_WAVELET_BINS];
} EmotionWavelet;

typedef struct {
  guint first_bin, end_bin; /* range of FFT bins of all wavelets; end_bin 0: not computed yet */
  EmotionWavelet wavelets[EMOTION_CONSTANT_Q_PER_OCTAVE];
} EmotionOctave;

typedef struct _EmotionConstantQBasis EmotionConstantQBasis;

EmotionConstantQBasis *emotion_constant_q_basis_new (void);
void emotion_constant_q_basis_free (EmotionConstantQBasis *self); /* NULL is fine */

/* The wavelets for a tuning of -50 .. 49 hundredths of a bin. Owned by `self`. */
const EmotionOctave *emotion_constant_q_basis_get (EmotionConstantQBasis *self, gint tuning);

G_END_DECLS
