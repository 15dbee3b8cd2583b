/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "constant-q-basis.h"

#include <math.h>
#include <string.h>

#include "feature-set.h"
#include "shared.h"
#include "spectral-peaks.h"

#define SIZE EMOTION_CONSTANT_Q_FFT
#define N_BINS (SIZE / 2 + 1)
#define N_WAVELETS EMOTION_CONSTANT_Q_PER_OCTAVE
#define TUNINGS EMOTION_TUNINGS
#define LEFT_OUT 0.01 /* of the sum of a wavelet's magnitudes */
#define C1 32.70319566257483

static const char cache_key[] = "constant-q basis";

struct _EmotionConstantQBasis {
  gint ref_count;
  EmotionOctave octaves[TUNINGS];
  float (*coefficients)[2];
  guint n_used, n_room;
};

/* What making a wavelet needs. */
typedef struct {
  const EmotionFft *fft;
  float *re, *im;
  fftwf_complex *spectrum_re, *spectrum_im;
} Workshop;

static Workshop
workshop_open (void)
{
  return (Workshop){
      .fft = emotion_fft_acquire (SIZE),
      .re = fftwf_malloc (sizeof (float) * SIZE),
      .im = fftwf_malloc (sizeof (float) * SIZE),
      .spectrum_re = fftwf_malloc (sizeof (fftwf_complex) * N_BINS),
      .spectrum_im = fftwf_malloc (sizeof (fftwf_complex) * N_BINS),
  };
}

static void
workshop_close (Workshop *shop)
{
  emotion_fft_release (shop->fft);
  fftwf_free (shop->re);
  fftwf_free (shop->im);
  fftwf_free (shop->spectrum_re);
  fftwf_free (shop->spectrum_im);
}

/* The spectrum of a wavelet of `length` samples and `cycles` per sample, its sum of magnitudes
 * length / SIZE; it is cut to whole samples around its centre in the middle of the frame. */
static void
transform_wavelet (Workshop *shop, double length, double cycles, float (*spectrum)[2])
{
  gint start = (gint)floor (-length / 2), end = (gint)floor (length / 2), n = end - start;
  gint first = (SIZE - n) / 2;
  double norm =
      length / SIZE / (n / 2.0); /* a periodic Hann window of n samples has the sum n / 2 */
  memset (shop->re, 0, sizeof (float) * SIZE);
  memset (shop->im, 0, sizeof (float) * SIZE);
  for (gint i = 0; i < n; i++) {
    double window = norm * (0.5 - 0.5 * cos (2 * G_PI * i / n));
    double angle = 2 * G_PI * cycles * (start + i);
    shop->re[first + i] = (float)(window * cos (angle));
    shop->im[first + i] = (float)(window * sin (angle));
  }
  emotion_fft_forward (shop->fft, shop->re, shop->spectrum_re);
  emotion_fft_forward (shop->fft, shop->im, shop->spectrum_im);
  for (guint k = 0; k < N_BINS; k++) {
    spectrum[k][0] = shop->spectrum_re[k][0] - shop->spectrum_im[k][1];
    spectrum[k][1] = shop->spectrum_re[k][1] + shop->spectrum_im[k][0];
  }
}

/* Sets the weakest bins to 0, less than LEFT_OUT of all magnitudes together: the largest stay, one
 * after the other, until what is left is little enough. */
static void
sparsify (float (*spectrum)[2])
{
  double magnitude[N_BINS], left = 0, limit;
  gboolean stays[N_BINS] = {FALSE};
  for (guint k = 0; k < N_BINS; k++) {
    magnitude[k] = hypot (spectrum[k][0], spectrum[k][1]);
    left += magnitude[k];
  }
  limit = LEFT_OUT * left;
  while (left >= limit) {
    guint largest = 0;
    double most = -1;
    for (guint k = 0; k < N_BINS; k++)
      if (!stays[k] && magnitude[k] > most)
        most = magnitude[largest = k];
    stays[largest] = TRUE;
    left -= most;
  }
  for (guint k = 0; k < N_BINS; k++)
    if (!stays[k])
      spectrum[k][0] = spectrum[k][1] = 0;
}

/* Appends the spectrum's part from the first to the last bin that is not 0. */
static void
append (EmotionConstantQBasis *self, EmotionWavelet *wavelet, float (*spectrum)[2])
{
  guint first = 0, end = N_BINS;
  while (spectrum[first][0] == 0 && spectrum[first][1] == 0)
    first++;
  while (spectrum[end - 1][0] == 0 && spectrum[end - 1][1] == 0)
    end--;
  wavelet->first = (guint16)first;
  wavelet->count = (guint16)(end - first);
  wavelet->offset = self->n_used;
  if (self->n_used + wavelet->count > self->n_room) {
    self->n_room = 2 * self->n_room + N_BINS;
    self->coefficients = g_realloc_n (self->coefficients, self->n_room, sizeof *spectrum);
  }
  memcpy (self->coefficients + self->n_used, spectrum + first, wavelet->count * sizeof *spectrum);
  self->n_used += wavelet->count;
}

static void
make_octave (EmotionConstantQBasis *self, EmotionOctave *octave, gint tuning, Workshop *shop)
{
  const double step = pow (2, 2.0 / N_WAVELETS), q = (step + 1) / (step - 1);
  const double lowest = C1 * (1 << (EMOTION_CONSTANT_Q_OCTAVES - 1));
  octave->first_bin = N_BINS;
  octave->end_bin = 0;
  for (guint w = 0; w < N_WAVELETS; w++) {
    EmotionWavelet *wavelet = &octave->wavelets[w];
    float spectrum[N_BINS][2];
    double hz = lowest * pow (2, (w + 0.01 * tuning) / N_WAVELETS);
    double length = q * EMOTION_SAMPLE_RATE / hz;
    wavelet->scale = (float)(1 / sqrt (length));
    transform_wavelet (shop, length, hz / EMOTION_SAMPLE_RATE, spectrum);
    sparsify (spectrum);
    append (self, wavelet, spectrum);
    octave->first_bin = MIN (octave->first_bin, wavelet->first);
    octave->end_bin = MAX (octave->end_bin, (guint)wavelet->first + wavelet->count);
  }
}

EmotionConstantQBasis *
emotion_constant_q_basis_acquire (void)
{
  EmotionConstantQBasis *self = emotion_shared_find (cache_key);
  if (self)
    return self;
  self = g_new0 (EmotionConstantQBasis, 1);
  self->ref_count = 1;
  Workshop shop = workshop_open ();
  for (guint i = 0; i < TUNINGS; i++)
    make_octave (self, &self->octaves[i], (gint)i - TUNINGS / 2, &shop);
  for (guint i = 0; i < TUNINGS; i++)
    self->octaves[i].coefficients = (const float (*)[2])self->coefficients;
  workshop_close (&shop);
  EmotionConstantQBasis *living = emotion_shared_intern (cache_key, self, &self->ref_count);
  if (living != self) {
    g_free (self->coefficients);
    g_free (self);
  }
  return living;
}

void
emotion_constant_q_basis_release (EmotionConstantQBasis *self)
{
  if (!self || !emotion_shared_release (cache_key, self, &self->ref_count))
    return;
  g_free (self->coefficients);
  g_free (self);
}

const EmotionOctave *
emotion_constant_q_basis_get (const EmotionConstantQBasis *self, gint tuning)
{
  return &self->octaves[tuning + TUNINGS / 2];
}
