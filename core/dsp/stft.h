/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short-time Fourier transform and its inverse: frames of 2048 samples with a periodic Hann window,
 * one every 512 samples; frame t is centred on sample t * 512. The signal is zero beyond its ends.
 * The inverse is the least-squares one (Griffin & Lim 1984): each frame is windowed again,
 * overlap-added and divided by the sum of the squared windows. One thread at a time; only new and
 * free allocate. */
#pragma once

#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_STFT_SIZE 2048
#define EMOTION_STFT_HOP 512
#define EMOTION_STFT_BINS (EMOTION_STFT_SIZE / 2 + 1)
/* Distance between the rows of a matrix of frames. It leaves room for vectors of four, and is an
 * odd number of cache lines, so that a column does not use only a few sets of the cache. */
#define EMOTION_STFT_STRIDE 1040         /* floats */
#define EMOTION_STFT_COMPLEX_STRIDE 1032 /* complex numbers */

typedef struct _EmotionStft EmotionStft;

EmotionStft *emotion_stft_new (void);
void emotion_stft_free (EmotionStft *self); /* NULL is fine */

/* Number of frames of a signal of n samples. */
guint emotion_stft_n_frames (gsize n);

/* The spectrum of frame `t` of x[0..n): EMOTION_STFT_BINS numbers, to memory of fftwf_malloc(). */
void emotion_stft_forward (EmotionStft *self, const float *x, gsize n, guint t,
                           fftwf_complex *spectrum);

/* magnitude[i] = |spectrum[i]|, padded with zeros to EMOTION_STFT_STRIDE. */
void emotion_stft_magnitude (fftwf_complex *spectrum, float *magnitude);

/* The signal of n samples whose spectra are closest to the emotion_stft_n_frames (n) rows of
 * `spectra`, which are EMOTION_STFT_COMPLEX_STRIDE numbers apart. */
void emotion_stft_inverse (EmotionStft *self, fftwf_complex *spectra, float *x, gsize n);

G_END_DECLS
