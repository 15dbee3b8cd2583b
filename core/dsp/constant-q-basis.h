/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wavelets of the constant-Q transform, core/dsp/constant-q.h, as sparse spectra. Those of a tuning
 * are made when they are first asked for, in some 0.1 ms, and kept. One thread at a time; only new
 * and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CONSTANT_Q_OCTAVES 7
#define EMOTION_CONSTANT_Q_PER_OCTAVE 36
#define EMOTION_CONSTANT_Q_BINS (EMOTION_CONSTANT_Q_OCTAVES * EMOTION_CONSTANT_Q_PER_OCTAVE)
#define EMOTION_CONSTANT_Q_FFT 512 /* points, >= the longest wavelet of the highest octave */
#define EMOTION_WAVELET_BINS 24    /* at most */

/* One bin's wavelet: FFT bins `first` to `first` + `count` - 1. */
typedef struct {
  guint first, count;
  float scale; /* one over the square root of its length at the full rate, highest octave */
  float re[EMOTION_WAVELET_BINS], im[EMOTION_WAVELET_BINS];
} EmotionWavelet;

typedef struct {
  guint first_bin, end_bin; /* FFT bins that any wavelet has; end_bin 0: not made yet */
  EmotionWavelet wavelets[EMOTION_CONSTANT_Q_PER_OCTAVE];
} EmotionOctave;

typedef struct _EmotionConstantQBasis EmotionConstantQBasis;

EmotionConstantQBasis *emotion_constant_q_basis_new (void);
void emotion_constant_q_basis_free (EmotionConstantQBasis *self); /* NULL is fine */

/* The octave for a tuning of -50 .. 49 hundredths of a bin. */
const EmotionOctave *emotion_constant_q_basis_get (EmotionConstantQBasis *self, gint tuning);

G_END_DECLS
