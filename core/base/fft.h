/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FFTs: a cache of plans by size, for the whole process. It is weak: plans are freed with their last
 * user. Only acquire and release lock; executing a plan does not. Any thread. */
#pragma once

#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

/* Plans of a real FFT of one size, forward and inverse. They are estimated, not measured, so that
 * the same build gives the same bits in every process. They are in double precision: FFTW chooses
 * its instructions by processor, and a result rounded to float then still has the same bits
 * everywhere. */
typedef struct {
  guint size;
  fftw_plan forward; /* `size` numbers -> size / 2 + 1 complex numbers */
  fftw_plan inverse; /* the inverse, unscaled; overwrites its input */
} EmotionFft;

/* The plans for `size` (even, > 0). Return them with emotion_fft_release(). */
const EmotionFft *emotion_fft_acquire (guint size);
void emotion_fft_release (const EmotionFft *fft);

/* Execute a plan. Both arrays come from fftw_malloc(). */
void emotion_fft_forward (const EmotionFft *fft, double *in, fftw_complex *out);
void emotion_fft_inverse (const EmotionFft *fft, fftw_complex *in, double *out);

/* Plans of a complex FFT in single precision, `size` complex numbers in and out. */
typedef struct {
  guint size;
  fftwf_plan forward, inverse;
} EmotionFftComplex;

const EmotionFftComplex *emotion_fft_complex_acquire (guint size);
void emotion_fft_complex_release (const EmotionFftComplex *fft);
void emotion_fft_complex_forward (const EmotionFftComplex *fft, fftwf_complex *in,
                                  fftwf_complex *out);
void emotion_fft_complex_inverse (const EmotionFftComplex *fft, fftwf_complex *in,
                                  fftwf_complex *out);

G_END_DECLS
