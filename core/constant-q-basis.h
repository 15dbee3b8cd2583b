/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wavelets of the constant-Q transform, core/constant-q.h, as sparse spectra for every tuning.
 * Made once in a process, some 30 ms, and shared; immutable, any thread. */
#pragma once

#include <glib.h>

#include "constant-q.h"

G_BEGIN_DECLS

#define EMOTION_CONSTANT_Q_FFT 512 /* points, >= the longest wavelet of the highest octave */

/* One bin's wavelet. */
typedef struct {
  guint16 first, count; /* FFT bins */
  guint32 offset;       /* where its coefficients start */
  float scale; /* one over the square root of its length at the full rate, highest octave */
} EmotionWavelet;

typedef struct {
  EmotionWavelet wavelets[EMOTION_CONSTANT_Q_PER_OCTAVE];
  guint first_bin, end_bin;       /* FFT bins that any of them has */
  const float (*coefficients)[2]; /* real and imaginary parts */
} EmotionOctave;

typedef struct _EmotionConstantQBasis EmotionConstantQBasis;

EmotionConstantQBasis *emotion_constant_q_basis_acquire (void);
void emotion_constant_q_basis_release (EmotionConstantQBasis *self); /* NULL is fine */

/* The octave for a tuning of -50 .. 49 hundredths of a bin. */
const EmotionOctave *emotion_constant_q_basis_get (const EmotionConstantQBasis *self, gint tuning);

G_END_DECLS
