/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stft.h"

#include <math.h>
#include <string.h>

#include "lanes.h"
#include "shared.h"

#define SIZE EMOTION_STFT_SIZE
#define HOP EMOTION_STFT_HOP
#define HALF (SIZE / 2)
#define OVERLAP (SIZE / HOP) /* frames that have a sample */

struct _EmotionStft {
  const EmotionFft *fft;
  float window[SIZE];
  /* One over the sum of squared windows over a hop, where bit j of the index is set if that frame
   * exists whose part j lies there. */
  float norm[1 << OVERLAP][HOP];
  float *buffer; /* SIZE */
};

EmotionStft *
emotion_stft_new (void)
{
  EmotionStft *self = g_new0 (EmotionStft, 1);
  self->fft = emotion_fft_acquire (SIZE);
  self->buffer = fftwf_malloc (sizeof (float) * SIZE);
  for (guint i = 0; i < SIZE; i++)
    self->window[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * i / SIZE));
  for (guint parts = 1; parts < 1 << OVERLAP; parts++)
    for (guint i = 0; i < HOP; i++) {
      float sum = 0;
      for (guint j = 0; j < OVERLAP; j++)
        if (parts & 1 << j)
          sum += self->window[j * HOP + i] * self->window[j * HOP + i];
      self->norm[parts][i] = sum > 0 ? 1 / sum : 1;
    }
  return self;
}

void
emotion_stft_free (EmotionStft *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  fftwf_free (self->buffer);
  g_free (self);
}

guint
emotion_stft_n_frames (gsize n)
{
  return (guint)(1 + n / HOP);
}

/* The part of frame `t` that lies in a signal of n samples: [*first, *end) of the frame. */
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
  memset (self->buffer, 0, first * sizeof (float));
  for (gsize i = first; i < end; i++)
    self->buffer[i] = self->window[i] * frame[i - first];
  memset (self->buffer + end, 0, (SIZE - end) * sizeof (float));
  emotion_fft_forward (self->fft, self->buffer, spectrum);
}

void
emotion_stft_magnitude (fftwf_complex *spectrum, float *magnitude)
{
  const float *parts = (const float *)spectrum;
  for (guint i = 0; i < EMOTION_STFT_BINS - 1; i++)
    magnitude[i] = sqrtf (parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1]);
  magnitude[EMOTION_STFT_BINS - 1] = fabsf (parts[2 * (EMOTION_STFT_BINS - 1)]);
  memset (magnitude + EMOTION_STFT_BINS, 0,
          (EMOTION_STFT_STRIDE - EMOTION_STFT_BINS) * sizeof (float));
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
      out[i] *= norm[i];
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
    emotion_fft_inverse (self->fft, spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE, self->buffer);
    float *out = x + (gsize)t * HOP + first - HALF;
    for (gsize i = first; i < end; i++)
      out[i - first] += self->window[i] * (1.f / SIZE) * self->buffer[i];
  }
  normalize (self, n_frames, x, n);
}
