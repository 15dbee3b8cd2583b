/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mel.h"

#include <math.h>

#include "core/base/audio.h"
#include "core/base/simd.h"

typedef struct {
  guint first, count, offset; /* bins, and the index of their first weight */
} Band;

struct _EmotionMel {
  guint n_bands, n_cepstra;
  Band *bands;
  float *weights;
  float *dct; /* n_cepstra x n_bands */
};

static double
to_mel (double hz)
{
  return 2595 * log10 (1 + hz / 700);
}

static double
to_hz (double mel)
{
  return 700 * (pow (10, mel / 2595) - 1);
}

static void
make_triangles (EmotionMel *self, guint fft_size, double low, double high)
{
  guint n_bins = fft_size / 2 + 1, used = 0;
  double step = (to_mel (high) - to_mel (low)) / (self->n_bands + 1);
  self->weights = g_new (float, 2 * n_bins); /* each bin is in at most two triangles */
  for (guint b = 0; b < self->n_bands; b++) {
    double left = to_hz (to_mel (low) + b * step), top = to_hz (to_mel (low) + (b + 1) * step),
           right = to_hz (to_mel (low) + (b + 2) * step);
    Band *band = &self->bands[b];
    *band = (Band){0, 0, used};
    for (guint i = 0; i < n_bins; i++) {
      double f = (double)i * EMOTION_SAMPLE_RATE / fft_size;
      double w = MIN ((f - left) / (top - left), (right - f) / (right - top));
      if (w <= 0)
        continue;
      if (band->count++ == 0)
        band->first = i;
      self->weights[used++] = (float)w;
    }
  }
}

EmotionMel *
emotion_mel_new (guint n_bands, guint fft_size, double low, double high, guint n_cepstra)
{
  EmotionMel *self = g_new0 (EmotionMel, 1);
  self->n_bands = n_bands;
  self->n_cepstra = n_cepstra;
  self->bands = g_new (Band, n_bands);
  make_triangles (self, fft_size, low, high);
  self->dct = g_new (float, n_cepstra *n_bands);
  for (guint k = 0; k < n_cepstra; k++)
    for (guint b = 0; b < n_bands; b++)
      self->dct[k * n_bands + b] =
          (float)(sqrt ((k ? 2.0 : 1.0) / n_bands) * cos (G_PI * k * (b + 0.5) / n_bands));
  return self;
}

void
emotion_mel_free (EmotionMel *self)
{
  if (!self)
    return;
  g_free (self->bands);
  g_free (self->weights);
  g_free (self->dct);
  g_free (self);
}

void
emotion_mel_bands (const EmotionMel *self, const float *power, float *bands)
{
  for (guint b = 0; b < self->n_bands; b++) {
    const Band *band = &self->bands[b];
    bands[b] =
        emotion_simd_product (self->weights + band->offset, power + band->first, band->count);
  }
}

void
emotion_mel_cepstra (const EmotionMel *self, const float *log_bands, float *cepstra)
{
  for (guint k = 0; k < self->n_cepstra; k++)
    cepstra[k] = emotion_simd_product (self->dct + k * self->n_bands, log_bands, self->n_bands);
}
