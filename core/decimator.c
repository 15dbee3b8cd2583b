/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decimator.h"

#include <math.h>
#include <string.h>

#include "shared.h"

#define PASS_END 0.913 /* of the new Nyquist frequency, which is half the old one */
#define ATTENUATION 126.0
#define REACH 190 /* samples of the impulse response on either side, by Kaiser's formula */
/* By overlap-save: each block of BLOCK samples gives STEP that have their whole neighbourhood. In
 * double precision, as the errors of an FFT spread over its block: near silence, where frames are
 * compared by their shape alone, those of a float would be most of what is there. */
#define BLOCK 2048
#define MARGIN 192 /* >= REACH, even */
#define STEP (BLOCK - 2 * MARGIN)
#define N_KEPT (BLOCK / 4 + 1) /* bins up to the new Nyquist frequency */

struct _EmotionDecimator {
  const EmotionFftDouble *forward, *inverse;
  /* Of the filter, its centre at time 0, with the FFT's scale; for real and imaginary parts. */
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
  const double cutoff = (PASS_END + 1) / 4, beta = 0.1102 * (ATTENUATION - 8.7);
  double impulse[REACH + 1], sum = 0;
  for (guint i = 0; i <= REACH; i++) {
    double x = (double)i / REACH;
    double sinc = i ? sin (G_PI * cutoff * i) / (G_PI * i) : cutoff;
    impulse[i] = sinc * bessel_i0 (beta * sqrt (1 - x * x)) / bessel_i0 (beta);
    sum += i ? 2 * impulse[i] : impulse[i];
  }
  for (guint k = 0; k < N_KEPT; k++) {
    double response = impulse[0];
    for (guint i = 1; i <= REACH; i++)
      response += 2 * impulse[i] * cos (2 * G_PI * (k * i % BLOCK) / BLOCK);
    self->response[2 * k] = self->response[2 * k + 1] = response / sum / BLOCK;
  }
}

EmotionDecimator *
emotion_decimator_new (void)
{
  EmotionDecimator *self = g_new0 (EmotionDecimator, 1);
  self->forward = emotion_fft_double_acquire (BLOCK);
  self->inverse = emotion_fft_double_acquire (BLOCK / 2);
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
  emotion_fft_double_release (self->forward);
  emotion_fft_double_release (self->inverse);
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
    emotion_fft_double_forward (self->forward, self->block, self->spectrum);
    double *spectrum = (double *)self->spectrum, *result = self->block + MARGIN / 2;
    for (guint i = 0; i < 2 * N_KEPT; i++) /* those above fall away, next to nothing */
      spectrum[i] *= self->response[i];
    emotion_fft_double_inverse (self->inverse, self->spectrum, self->block);
    for (gsize i = 0; i < made; i++)
      out[at / 2 + i] = (float)result[i];
  }
}
