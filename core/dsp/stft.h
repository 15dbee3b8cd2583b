/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short-time Fourier transform and its inverse: frames of 2048 samples under a periodic Hann
 * window, each 512 samples, frame t centred on sample t * 512; zeros beyond the signal's ends.
 * The inverse is the least-squares one (Griffin & Lim 1984): windowed again, added up, divided by
 * the sum of the squared windows. One thread at a time; only new and free allocate. */
#pragma once

#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_STFT_SIZE 2048
#define EMOTION_STFT_HOP 512
#define EMOTION_STFT_BINS (EMOTION_STFT_SIZE / 2 + 1)
/* From one row of a matrix of frames to the next: room for vectors of four, and an odd number of
 * cache lines, so that columns do not fall on a few lines of the cache. */
#define EMOTION_STFT_STRIDE 1040         /* floats */
#define EMOTION_STFT_COMPLEX_STRIDE 1032 /* complex numbers */

typedef struct _EmotionStft EmotionStft;

EmotionStft *emotion_stft_new (void);
void emotion_stft_free (EmotionStft *self); /* NULL is fine */

/* Frames of a signal of n samples. */
guint emotion_stft_n_frames (gsize n);

/* EMOTION_STFT_BINS numbers of frame `t` of x[0..n), into memory of fftwf_malloc(). */
void emotion_stft_forward (EmotionStft *self, const float *x, gsize n, guint t,
                           fftwf_complex *spectrum);

/* magnitude[i] = |spectrum[i]|, followed by zeros up to EMOTION_STFT_STRIDE. */
void emotion_stft_magnitude (fftwf_complex *spectrum, float *magnitude);

/* The signal of n samples whose frames come nearest to emotion_stft_n_frames (n) rows `spectra`,
 * each EMOTION_STFT_COMPLEX_STRIDE after the one before. */
void emotion_stft_inverse (EmotionStft *self, fftwf_complex *spectra, float *x, gsize n);

G_END_DECLS
