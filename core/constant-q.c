/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "constant-q.h"

#include <math.h>
#include <string.h>

#include "constant-q-basis.h"
#include "decimator.h"
#include "lanes.h"
#include "shared.h"
#include "stft.h"

#define SIZE EMOTION_CONSTANT_Q_FFT
#define HALF (SIZE / 2)
#define N_BINS (SIZE / 2 + 1)
#define BIN_STRIDE 260 /* complex numbers from one spectrum to the next, > N_BINS */
#define PER_OCTAVE EMOTION_CONSTANT_Q_PER_OCTAVE

struct _EmotionConstantQ {
  EmotionConstantQBasis *basis;
  EmotionDecimator *decimator;
  const EmotionFft *fft;
  gsize max_samples;
  float *signal, *next; /* one octave's and the next one's, HALF zeros before and room behind */
  fftwf_complex *spectra;
  EmotionLanes re[BIN_STRIDE], im[BIN_STRIDE]; /* of four frames */
};

/* Samples behind a signal that its last four frames may reach. */
#define BEHIND (EMOTION_LANES * EMOTION_STFT_HOP + SIZE)

EmotionConstantQ *
emotion_constant_q_new (gsize max_samples)
{
  EmotionConstantQ *self = g_aligned_alloc0 (1, sizeof *self, sizeof (EmotionLanes));
  gsize room = HALF + max_samples + BEHIND;
  self->max_samples = max_samples;
  self->basis = emotion_constant_q_basis_acquire ();
  self->decimator = emotion_decimator_new ();
  self->fft = emotion_fft_acquire (SIZE);
  self->signal = fftwf_malloc (sizeof (float) * room);
  self->next = fftwf_malloc (sizeof (float) * room);
  self->spectra = fftwf_malloc (sizeof (fftwf_complex) * EMOTION_LANES * BIN_STRIDE);
  return self;
}

void
emotion_constant_q_free (EmotionConstantQ *self)
{
  if (!self)
    return;
  emotion_constant_q_basis_release (self->basis);
  emotion_decimator_free (self->decimator);
  emotion_fft_release (self->fft);
  fftwf_free (self->signal);
  fftwf_free (self->next);
  fftwf_free (self->spectra);
  g_aligned_free (self);
}

/* Spectra of four frames from `frames` on, `hop` apart, into self->re and im from bin to bin. */
static void
transform_frames (EmotionConstantQ *self, float *frames, guint hop, guint first, guint end)
{
  for (guint l = 0; l < EMOTION_LANES; l++)
    emotion_fft_forward (self->fft, frames + l * hop, self->spectra + l * BIN_STRIDE);
  for (guint k = first / 2 * 2; k < end; k += 2) {
    EmotionLanes parts[EMOTION_LANES];
    for (guint l = 0; l < EMOTION_LANES; l++)
      parts[l] = emotion_lanes_load ((const float *)(self->spectra + l * BIN_STRIDE + k));
    emotion_lanes_transpose (parts);
    self->re[k] = parts[0];
    self->im[k] = parts[1];
    self->re[k + 1] = parts[2];
    self->im[k + 1] = parts[3];
  }
}

/* Magnitudes of one wavelet in these frames. */
static EmotionLanes
apply_wavelet (const EmotionConstantQ *self, const EmotionOctave *octave,
               const EmotionWavelet *wavelet)
{
  const float (*w)[2] = octave->coefficients + wavelet->offset;
  const EmotionLanes *re = self->re + wavelet->first, *im = self->im + wavelet->first;
  EmotionLanes sum_re = {0}, sum_im = {0}, magnitude = {0};
  for (guint i = 0; i < wavelet->count; i++) {
    sum_re += w[i][0] * re[i] - w[i][1] * im[i];
    sum_im += w[i][0] * im[i] + w[i][1] * re[i];
  }
  sum_re = sum_re * sum_re + sum_im * sum_im;
  for (guint l = 0; l < EMOTION_LANES; l++)
    magnitude[l] = sqrtf (sum_re[l]);
  return magnitude;
}

static void
analyse_octave (EmotionConstantQ *self, const EmotionOctave *octave, guint depth, guint n_frames,
                float *magnitudes)
{
  const guint hop = EMOTION_STFT_HOP >> depth;
  const guint column = EMOTION_CONSTANT_Q_BINS - (depth + 1) * PER_OCTAVE;
  const float depth_scale = powf (2, 0.5f * (float)depth);
  for (guint t = 0; t < n_frames; t += EMOTION_LANES) {
    guint count = MIN (EMOTION_LANES, n_frames - t);
    transform_frames (self, self->signal + (gsize)t * hop, hop, octave->first_bin, octave->end_bin);
    for (guint w = 0; w < PER_OCTAVE; w++) {
      const EmotionWavelet *wavelet = &octave->wavelets[w];
      EmotionLanes m = apply_wavelet (self, octave, wavelet) * (wavelet->scale * depth_scale);
      for (guint l = 0; l < count; l++)
        magnitudes[(gsize)(t + l) * EMOTION_CONSTANT_Q_BINS + column + w] = m[l];
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
    memset (self->signal + HALF + n, 0, BEHIND * sizeof (float));
    analyse_octave (self, octave, depth, n_frames, magnitudes);
    if (depth + 1 == EMOTION_CONSTANT_Q_OCTAVES)
      break;
    emotion_decimator_process (self->decimator, self->signal + HALF, n, self->next + HALF);
    float *swap = self->signal;
    self->signal = self->next;
    self->next = swap;
    n = (n + 1) / 2;
  }
}
