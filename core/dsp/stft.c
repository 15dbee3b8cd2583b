/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stft.h"

#include <math.h>
#include <string.h>

#include "core/base/fft.h"
#include "core/base/simd.h"

#define SIZE EMOTION_STFT_SIZE
#define HOP EMOTION_STFT_HOP
#define HALF (SIZE / 2)
#define N_BINS EMOTION_STFT_BINS
#define OVERLAP (SIZE / HOP) /* frames that contain a sample */

/* Transforms are in double precision and are rounded once. In a nearly silent signal the spectra
 * are flat except for rounding, and the tuning depends on which of equal bins is a peak. Therefore
 * the roundings are those of the published system, step by step. */
struct _EmotionStft {
  const EmotionFft *fft;
  double window[SIZE];
  double scaled[SIZE]; /* the window times the scale of the inverse transform */
  /* The sum of the squared windows over a hop. Bit j of the index is set if the frame exists whose
   * part j is at this hop. */
  float norm[1 << OVERLAP][HOP];
  double *buffer; /* SIZE */
  fftw_complex *spectrum;
};

EmotionStft *
emotion_stft_new (void)
{
  EmotionStft *self = g_new0 (EmotionStft, 1);
  self->fft = emotion_fft_acquire (SIZE);
  self->buffer = fftw_malloc (sizeof (double) * SIZE);
  self->spectrum = fftw_malloc (sizeof (fftw_complex) * N_BINS);
  for (guint i = 0; i < SIZE; i++) {
    self->window[i] = 0.5 - 0.5 * cos (2 * G_PI * i / SIZE);
    self->scaled[i] = self->window[i] / SIZE; /* exact, because SIZE is a power of 2 */
  }
  for (guint parts = 1; parts < 1 << OVERLAP; parts++)
    for (guint i = 0; i < HOP; i++) {
      float sum = 0;
      for (guint j = OVERLAP; j-- > 0;) /* earlier frames first */
        if (parts & 1 << j)
          sum = (float)(sum + self->window[j * HOP + i] * self->window[j * HOP + i]);
      self->norm[parts][i] = sum > G_MINFLOAT ? sum : 1;
    }
  return self;
}

void
emotion_stft_free (EmotionStft *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  fftw_free (self->buffer);
  fftw_free (self->spectrum);
  g_free (self);
}

guint
emotion_stft_n_frames (gsize n)
{
  return (guint)(1 + n / HOP);
}

/* The part [*first, *end) of frame `t` that is inside a signal of n samples. */
static void
find_inside (gsize n, guint t, gsize *first, gsize *end)
{
  gint64 start = (gint64)t * HOP - HALF;
  *first = start < 0 ? (gsize)-start : 0;
  *end = (gsize)CLAMP ((gint64)n - start, (gint64)*first, SIZE);
}

void
emotion_stft_forward (EmotionStft *self, const float *x, gsize n, guint t, fftwf_complex *spectrum)
{
  gsize first, end;
  find_inside (n, t, &first, &end);
  const float *frame = x + (gsize)t * HOP + first - HALF;
  double *buffer = self->buffer;
  memset (buffer, 0, first * sizeof (double));
  for (gsize i = first; i < end; i++)
    buffer[i] = self->window[i] * frame[i - first];
  memset (buffer + end, 0, (SIZE - end) * sizeof (double));
  emotion_fft_forward (self->fft, buffer, self->spectrum);
  const double *exact = (const double *)self->spectrum;
  float *parts = (float *)spectrum;
  for (guint i = 0; i < 2 * N_BINS; i++)
    parts[i] = (float)exact[i];
}

/* hypot as larger * sqrt (1 + (smaller / larger)^2); the sum is rounded once. */
static inline EmotionSimd
hypotenuse (EmotionSimd a, EmotionSimd b)
{
  const EmotionSimdInts sign = {G_MININT32, G_MININT32, G_MININT32, G_MININT32};
  a = (EmotionSimd)((EmotionSimdInts)a & ~sign);
  b = (EmotionSimd)((EmotionSimdInts)b & ~sign);
  EmotionSimd larger = emotion_simd_max (a, b), smaller = emotion_simd_min (a, b);
  EmotionSimdInts zero = larger == 0;
  EmotionSimd ratio = smaller / (EmotionSimd)((EmotionSimdInts)larger |
                                              (zero & (EmotionSimdInts)emotion_simd_all (1)));
  EmotionSimdDoubles exact = __builtin_convertvector(ratio, EmotionSimdDoubles);
  return larger * emotion_simd_sqrt (__builtin_convertvector(1 + exact * exact, EmotionSimd));
}

void
emotion_stft_magnitude (fftwf_complex *spectrum, float *magnitude)
{
  const float *parts = (const float *)spectrum;
  for (guint i = 0; i < N_BINS - 1; i += EMOTION_SIMD_WIDTH) {
    EmotionSimd low = emotion_simd_load (parts + 2 * i);
    EmotionSimd high = emotion_simd_load (parts + 2 * i + EMOTION_SIMD_WIDTH);
    emotion_simd_store (magnitude + i,
                        hypotenuse (__builtin_shufflevector (low, high, 0, 2, 4, 6),
                                    __builtin_shufflevector (low, high, 1, 3, 5, 7)));
  }
  magnitude[N_BINS - 1] = fabsf (parts[2 * (N_BINS - 1)]);
  memset (magnitude + N_BINS, 0, (EMOTION_STFT_STRIDE - N_BINS) * sizeof (float));
}

/* Divides x by the sum of the squared windows. */
static void
normalize (const EmotionStft *self, guint n_frames, float *x, gsize n)
{
  for (guint block = 0; (gsize)block * HOP < n; block++) {
    guint parts = 0;
    for (guint j = 0; j < OVERLAP; j++) {
      gint64 t = (gint64)block + HALF / HOP - j;
      if (t >= 0 && t < n_frames)
        parts |= 1u << j;
    }
    const float *norm = self->norm[parts];
    float *out = x + (gsize)block * HOP;
    gsize count = MIN (HOP, n - (gsize)block * HOP);
    for (gsize i = 0; i < count; i++)
      out[i] /= norm[i];
  }
}

void
emotion_stft_inverse (EmotionStft *self, fftwf_complex *spectra, float *x, gsize n)
{
  guint n_frames = emotion_stft_n_frames (n);
  memset (x, 0, n * sizeof (float));
  for (guint t = 0; t < n_frames; t++) {
    gsize first, end;
    find_inside (n, t, &first, &end);
    const float *parts = (const float *)(spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE);
    double *exact = (double *)self->spectrum, *buffer = self->buffer;
    for (guint i = 0; i < 2 * N_BINS; i++)
      exact[i] = parts[i];
    emotion_fft_inverse (self->fft, self->spectrum, buffer);
    float *out = x + (gsize)t * HOP + first - HALF;
    for (gsize i = first; i < end; i++)
      out[i - first] = (float)(out[i - first] + self->scaled[i] * buffer[i]);
  }
  normalize (self, n_frames, x, n);
}
