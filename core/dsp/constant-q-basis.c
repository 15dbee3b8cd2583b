/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "constant-q-basis.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "spectral-peaks.h"

#define SIZE EMOTION_CONSTANT_Q_FFT
#define N_BINS (SIZE / 2 + 1)
#define N_WAVELETS EMOTION_CONSTANT_Q_PER_OCTAVE
#define MAX_BINS EMOTION_WAVELET_BINS
#define TUNINGS EMOTION_TUNINGS
#define LEFT_OUT 0.01 /* fraction of the sum of a wavelet's magnitudes */
#define C1 32.70319566257483

struct _EmotionConstantQBasis {
  const EmotionFftComplex *fft;
  fftwf_complex *wavelet, *spectrum; /* SIZE */
  EmotionOctave octaves[TUNINGS];
};

EmotionConstantQBasis *
emotion_constant_q_basis_new (void)
{
  EmotionConstantQBasis *self = g_new0 (EmotionConstantQBasis, 1);
  self->fft = emotion_fft_complex_acquire (SIZE);
  self->wavelet = fftwf_malloc (sizeof (fftwf_complex) * SIZE);
  self->spectrum = fftwf_malloc (sizeof (fftwf_complex) * SIZE);
  return self;
}

void
emotion_constant_q_basis_free (EmotionConstantQBasis *self)
{
  if (!self)
    return;
  emotion_fft_complex_release (self->fft);
  fftwf_free (self->wavelet);
  fftwf_free (self->spectrum);
  g_free (self);
}

/* Multiplies z by step, a rotation. */
static inline void
turn (double z[2], const double step[2])
{
  double re = z[0] * step[0] - z[1] * step[1];
  z[1] = z[0] * step[1] + z[1] * step[0];
  z[0] = re;
}

/* The spectrum of a wavelet of `length` samples with `cycles` periods per sample; its magnitudes
 * sum to length / SIZE. The wavelet is cut to whole samples around its centre, the middle of the
 * frame. */
static void
transform_wavelet (EmotionConstantQBasis *self, double length, double cycles)
{
  gint start = (gint)floor (-length / 2), end = (gint)floor (length / 2), n = end - start;
  gint first = (SIZE - n) / 2;
  double scale = length / SIZE / n; /* a periodic Hann window of n samples has the sum n / 2 */
  double hann[2] = {1, 0}, hann_step[2] = {cos (2 * G_PI / n), sin (2 * G_PI / n)};
  double angle = 2 * G_PI * cycles;
  double wave[2] = {cos (angle * start), sin (angle * start)}, step[2] = {cos (angle), sin (angle)};
  memset (self->wavelet, 0, sizeof (fftwf_complex) * SIZE);
  for (gint i = 0; i < n; i++) {
    double window = scale * (1 - hann[0]);
    self->wavelet[first + i][0] = (float)(window * wave[0]);
    self->wavelet[first + i][1] = (float)(window * wave[1]);
    turn (hann, hann_step);
    turn (wave, step);
  }
  emotion_fft_complex_forward (self->fft, self->wavelet, self->spectrum);
}

/* Keeps the largest bins of the spectrum, one by one, until less than LEFT_OUT of the sum of
 * magnitudes is left. They are the peak and its neighbours. */
static void
keep_largest (EmotionConstantQBasis *self, double cycles, EmotionWavelet *wavelet)
{
  float magnitude[N_BINS];
  gboolean kept[MAX_BINS] = {FALSE};
  gint near = (gint)(cycles * SIZE) - MAX_BINS / 2;
  double left = 0, limit;
  for (guint k = 0; k < N_BINS; k++) {
    float re = self->spectrum[k][0], im = self->spectrum[k][1];
    magnitude[k] = sqrtf (re * re + im * im);
    left += magnitude[k];
  }
  limit = LEFT_OUT * left;
  guint first = MAX_BINS, end = 0;
  while (left >= limit) {
    gint largest = -1;
    for (gint i = 0; i < MAX_BINS; i++)
      if (!kept[i] && (largest < 0 || magnitude[near + i] > magnitude[near + largest]))
        largest = i;
    g_assert (largest >= 0);
    kept[largest] = TRUE;
    left -= magnitude[near + largest];
    first = MIN (first, (guint)largest);
    end = MAX (end, (guint)largest + 1);
  }
  wavelet->first = (guint)near + first;
  wavelet->count = end - first;
  for (guint i = 0; i < wavelet->count; i++) {
    wavelet->re[i] = kept[first + i] ? self->spectrum[wavelet->first + i][0] : 0;
    wavelet->im[i] = kept[first + i] ? self->spectrum[wavelet->first + i][1] : 0;
  }
}

static void
make_octave (EmotionConstantQBasis *self, EmotionOctave *octave, gint tuning)
{
  const double step = pow (2, 2.0 / N_WAVELETS), q = (step + 1) / (step - 1);
  const double lowest = C1 * (1 << (EMOTION_CONSTANT_Q_OCTAVES - 1));
  octave->first_bin = N_BINS;
  for (guint w = 0; w < N_WAVELETS; w++) {
    EmotionWavelet *wavelet = &octave->wavelets[w];
    double hz = lowest * pow (2, (w + 0.01 * tuning) / N_WAVELETS);
    double length = q * EMOTION_SAMPLE_RATE / hz, cycles = hz / EMOTION_SAMPLE_RATE;
    wavelet->scale = (float)(1 / sqrt (length));
    transform_wavelet (self, length, cycles);
    keep_largest (self, cycles, wavelet);
    octave->first_bin = MIN (octave->first_bin, wavelet->first);
    octave->end_bin = MAX (octave->end_bin, wavelet->first + wavelet->count);
  }
}

const EmotionOctave *
emotion_constant_q_basis_get (EmotionConstantQBasis *self, gint tuning)
{
  EmotionOctave *octave = &self->octaves[tuning + TUNINGS / 2];
  if (octave->end_bin == 0)
    make_octave (self, octave, tuning);
  return octave;
}
