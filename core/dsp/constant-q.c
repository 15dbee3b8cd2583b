/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "constant-q.h"

#include <math.h>
#include <string.h>

#include "constant-q-basis.h"
#include "core/base/fft.h"
#include "core/base/simd.h"
#include "decimator.h"
#include "stft.h"

#define SIZE EMOTION_CONSTANT_Q_FFT
#define HALF (SIZE / 2)
#define N_BINS (SIZE / 2 + 1)
#define PER_OCTAVE EMOTION_CONSTANT_Q_PER_OCTAVE
/* Samples behind a signal that its last four frames may reach, as zeros. */
#define BEHIND(hop) (EMOTION_SIMD_WIDTH * (hop) + SIZE)

struct _EmotionConstantQ {
  EmotionConstantQBasis *basis;
  EmotionDecimator *decimator;
  const EmotionFftComplex *fft;
  gsize max_samples;
  float *signal, *next;   /* this octave and the next: HALF zeros before, some behind */
  fftwf_complex *pairs;   /* each sample paired with the one a hop later */
  fftwf_complex *spectra; /* each of two frames, SIZE apart */
  EmotionSimd re[N_BINS + 1], im[N_BINS + 1]; /* of four frames */
};

EmotionConstantQ *
emotion_constant_q_new (gsize max_samples)
{
  EmotionConstantQ *self = fftwf_malloc (sizeof *self);
  gsize room = HALF + max_samples + BEHIND (EMOTION_STFT_HOP);
  memset (self, 0, sizeof *self);
  self->max_samples = max_samples;
  self->basis = emotion_constant_q_basis_new ();
  self->decimator = emotion_decimator_new ();
  self->fft = emotion_fft_complex_acquire (SIZE);
  self->signal = g_new (float, room);
  self->next = g_new (float, room);
  self->pairs = fftwf_malloc (sizeof (fftwf_complex) * room);
  self->spectra = fftwf_malloc (sizeof (fftwf_complex) * 2 * SIZE);
  return self;
}

void
emotion_constant_q_free (EmotionConstantQ *self)
{
  if (!self)
    return;
  emotion_constant_q_basis_free (self->basis);
  emotion_decimator_free (self->decimator);
  emotion_fft_complex_release (self->fft);
  g_free (self->signal);
  g_free (self->next);
  fftwf_free (self->pairs);
  fftwf_free (self->spectra);
  fftwf_free (self);
}

/* Loads bins k and k + 1 of `z`, the spectrum of two frames: re, im, re, im of their sum with the
 * mirrored bins, and of their difference from them. */
static inline void
load_bins (fftwf_complex *z, guint k, EmotionSimd *sum, EmotionSimd *difference)
{
  EmotionSimd x = emotion_simd_load ((const float *)(z + k));
  EmotionSimd mirror = emotion_simd_load ((const float *)(z + SIZE - k - 1));
  mirror = __builtin_shufflevector (mirror, mirror, 2, 3, 0, 1);
  *sum = x + mirror;
  *difference = x - mirror;
}

/* Spectra of four frames from `pairs` on, `hop` apart, at least of the bins first .. end - 1,
 * scaled by 2. Two frames are the real and imaginary parts of one complex frame with the spectrum
 * Z. By symmetry their spectra are (Z[k] + conj Z[-k]) / 2 and (Z[k] - conj Z[-k]) / 2i. */
static void
transform_frames (EmotionConstantQ *self, fftwf_complex *pairs, guint hop, guint first, guint end)
{
  const EmotionSimd signs = {1, -1, 1, -1};
  for (guint i = 0; i < 2; i++)
    emotion_fft_complex_forward (self->fft, pairs + 2 * i * hop, self->spectra + i * SIZE);
  for (guint k = MAX (first, 1); k < end; k += 2) {
    EmotionSimd sum[2], difference[2];
    load_bins (self->spectra, k, &sum[0], &difference[0]);
    load_bins (self->spectra + SIZE, k, &sum[1], &difference[1]);
    self->re[k] = __builtin_shufflevector (sum[0], sum[1], 0, 1, 4, 5);
    self->re[k + 1] = __builtin_shufflevector (sum[0], sum[1], 2, 3, 6, 7);
    self->im[k] = signs * __builtin_shufflevector (difference[0], difference[1], 1, 0, 5, 4);
    self->im[k + 1] = signs * __builtin_shufflevector (difference[0], difference[1], 3, 2, 7, 6);
  }
}

/* Magnitudes of one wavelet in the four frames. */
static inline EmotionSimd
apply_wavelet (const EmotionConstantQ *self, const EmotionWavelet *wavelet)
{
  const float *w_re = wavelet->re, *w_im = wavelet->im;
  const EmotionSimd *re = self->re + wavelet->first, *im = self->im + wavelet->first;
  EmotionSimd sum_re = {0}, sum_im = {0};
  for (guint i = 0; i < wavelet->count; i++) {
    sum_re += w_re[i] * re[i] - w_im[i] * im[i];
    sum_im += w_re[i] * im[i] + w_im[i] * re[i];
  }
  return emotion_simd_sqrt (sum_re * sum_re + sum_im * sum_im);
}

static void
analyse_octave (EmotionConstantQ *self, gsize n, const EmotionOctave *octave, guint depth,
                guint n_frames, float *magnitudes)
{
  const guint hop = EMOTION_STFT_HOP >> depth;
  const float scale = 0.5f * powf (2, 0.5f * (float)depth);
  magnitudes += EMOTION_CONSTANT_Q_BINS - (depth + 1) * PER_OCTAVE;
  const gsize length = HALF + n + BEHIND (hop);
  float *signal = self->signal, *pairs = (float *)self->pairs;
  memset (signal + HALF + n, 0, BEHIND (hop) * sizeof (float));
  for (gsize i = 0; i < length - hop; i++) {
    pairs[2 * i] = signal[i];
    pairs[2 * i + 1] = signal[i + hop];
  }
  for (guint t = 0; t < n_frames; t += EMOTION_SIMD_WIDTH) {
    guint count = MIN (EMOTION_SIMD_WIDTH, n_frames - t);
    transform_frames (self, self->pairs + (gsize)t * hop, hop, octave->first_bin, octave->end_bin);
    for (guint b = 0; b < PER_OCTAVE; b++) {
      const EmotionWavelet *wavelet = &octave->wavelets[b];
      EmotionSimd m = apply_wavelet (self, wavelet) * (wavelet->scale * scale);
      for (guint l = 0; l < count; l++)
        magnitudes[(gsize)(t + l) * EMOTION_CONSTANT_Q_BINS + b] = m[l];
    }
  }
}

void
emotion_constant_q_transform (EmotionConstantQ *self, const float *x, gsize n, gint tuning,
                              float *magnitudes)
{
  const EmotionOctave *octave = emotion_constant_q_basis_get (self->basis, tuning);
  guint n_frames = emotion_stft_n_frames (n);
  g_assert (n <= self->max_samples);
  memset (self->signal, 0, HALF * sizeof (float));
  memset (self->next, 0, HALF * sizeof (float));
  memcpy (self->signal + HALF, x, n * sizeof (float));
  for (guint depth = 0; depth < EMOTION_CONSTANT_Q_OCTAVES; depth++) {
    analyse_octave (self, n, octave, depth, n_frames, magnitudes);
    if (depth + 1 == EMOTION_CONSTANT_Q_OCTAVES)
      break;
    emotion_decimator_process (self->decimator, self->signal + HALF, n, self->next + HALF);
    float *swap = self->signal;
    self->signal = self->next;
    self->next = swap;
    n = (n + 1) / 2;
  }
}
