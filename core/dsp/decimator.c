/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decimator.h"

#include <math.h>
#include <string.h>

#include "core/base/fft.h"

/* Parameters of the published system's resampler, measured on its impulse response. */
#define CUTOFF 0.4784359 /* of the Nyquist frequency: half the response's height */
#define BETA 13.04       /* of the Kaiser window */
#define HALF_WIDTH 194.5 /* samples of the window on either side */
#define REACH 194        /* samples of the impulse response on either side */
/* Overlap-save: each block of BLOCK samples gives STEP samples that are not affected by the block's
 * ends. Double precision, because the errors of an FFT spread over its block. Near silence, where
 * only the shape of a frame counts, the errors of single precision would dominate. */
#define BLOCK 2048
#define MARGIN 196 /* >= REACH, even */
#define STEP (BLOCK - 2 * MARGIN)
#define N_KEPT (BLOCK / 4 + 1) /* bins up to the new Nyquist frequency */

struct _EmotionDecimator {
  const EmotionFft *forward, *inverse;
  /* Response of the filter, with its centre at time 0 and the scale of the FFT; each value twice,
   * for real and imaginary parts. */
  double response[2 * N_KEPT];
  double *block; /* BLOCK */
  fftw_complex *spectrum;
};

/* Modified Bessel function of the first kind and order 0. */
static double
bessel_i0 (double x)
{
  double term = 1, sum = 1;
  for (guint k = 1; term > 1e-17 * sum; k++) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

static void
design (EmotionDecimator *self)
{
  double *impulse = self->block, sum = 0;
  memset (impulse, 0, sizeof (double) * BLOCK);
  for (guint i = 0; i <= REACH; i++) { /* the centre is at time 0, the start of a block */
    double x = i / HALF_WIDTH, sinc = i ? sin (G_PI * CUTOFF * i) / (G_PI * i) : CUTOFF;
    impulse[i] = sinc * bessel_i0 (BETA * sqrt (1 - x * x)) / bessel_i0 (BETA);
    impulse[(BLOCK - i) % BLOCK] = impulse[i];
    sum += i ? 2 * impulse[i] : impulse[i];
  }
  emotion_fft_forward (self->forward, impulse, self->spectrum);
  for (guint k = 0; k < N_KEPT; k++)
    self->response[2 * k] = self->response[2 * k + 1] = self->spectrum[k][0] / sum / BLOCK;
}

EmotionDecimator *
emotion_decimator_new (void)
{
  EmotionDecimator *self = g_new0 (EmotionDecimator, 1);
  self->forward = emotion_fft_acquire (BLOCK);
  self->inverse = emotion_fft_acquire (BLOCK / 2);
  self->block = fftw_malloc (sizeof (double) * BLOCK);
  self->spectrum = fftw_malloc (sizeof (fftw_complex) * (BLOCK / 2 + 1));
  design (self);
  return self;
}

void
emotion_decimator_free (EmotionDecimator *self)
{
  if (!self)
    return;
  emotion_fft_release (self->forward);
  emotion_fft_release (self->inverse);
  fftw_free (self->block);
  fftw_free (self->spectrum);
  g_free (self);
}

void
emotion_decimator_process (EmotionDecimator *self, const float *x, gsize n, float *out)
{
  for (gsize at = 0; at < n; at += STEP) {
    gsize before = MIN (at, MARGIN), count = MIN (n - (at - before), BLOCK - MARGIN + before);
    gsize made = MIN (STEP, n - at + 1) / 2;
    double *inside = self->block + MARGIN - before, *end = self->block + BLOCK;
    memset (self->block, 0, (MARGIN - before) * sizeof *inside);
    for (gsize i = 0; i < count; i++)
      inside[i] = x[at - before + i];
    memset (inside + count, 0, (gsize)(end - inside - count) * sizeof *inside);
    emotion_fft_forward (self->forward, self->block, self->spectrum);
    double *spectrum = (double *)self->spectrum, *result = self->block + MARGIN / 2;
    for (guint i = 0; i < 2 * N_KEPT; i++) /* the bins above are dropped; they are close to 0 */
      spectrum[i] *= self->response[i];
    emotion_fft_inverse (self->inverse, self->spectrum, self->block);
    for (gsize i = 0; i < made; i++)
      out[at / 2 + i] = (float)result[i];
  }
}
