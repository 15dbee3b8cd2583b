/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slaney-mel.h"

#include <math.h>

#include "core/base/audio.h"
#include "stft.h"

#define N_BANDS EMOTION_SLANEY_BANDS
#define N_BINS EMOTION_STFT_BINS
#define POWER_FLOOR 1e-10f
#define RANGE 80.f               /* dB */
#define CORNER_HZ 1000.0         /* linear below, logarithmic above */
#define LINEAR_MEL (3.0 / 200.0) /* per Hz */
#define DB_PER_LOG2 3.01029996f
#define HZ_PER_BIN ((double)EMOTION_SAMPLE_RATE / EMOTION_STFT_SIZE)

typedef struct {
  guint first, count, offset; /* bins, and the index of their first weight */
} Band;

struct _EmotionSlaneyMel {
  guint n_cepstra;
  Band bands[N_BANDS];
  float weights[2 * N_BINS]; /* each bin is in at most two triangles */
  float *dct;                /* N_BANDS rows, each padded to whole vectors of cepstra */
};

static double
mel_to_hz (double mel)
{
  const double corner = CORNER_HZ * LINEAR_MEL;
  return mel < corner ? mel / LINEAR_MEL : CORNER_HZ * pow (6.4, (mel - corner) / 27);
}

static double
hz_to_mel (double hz)
{
  return hz < CORNER_HZ ? hz * LINEAR_MEL
                        : CORNER_HZ * LINEAR_MEL + 27 * log (hz / CORNER_HZ) / log (6.4);
}

static void
make_triangles (EmotionSlaneyMel *self)
{
  double step = hz_to_mel (EMOTION_SAMPLE_RATE / 2.0) / (N_BANDS + 1);
  guint used = 0;
  for (guint b = 0; b < N_BANDS; b++) {
    double left = mel_to_hz (b * step), top = mel_to_hz ((b + 1) * step),
           right = mel_to_hz ((b + 2) * step);
    Band *band = &self->bands[b];
    *band = (Band){0, 0, used};
    band->first = (guint)(left / HZ_PER_BIN) + 1;
    for (guint i = band->first; i < N_BINS && i * HZ_PER_BIN < right; i++) {
      double f = i * HZ_PER_BIN, w = MIN ((f - left) / (top - left), (right - f) / (right - top));
      self->weights[used++] = (float)(w * 2 / (right - left));
      band->count++;
    }
  }
}

static guint
padded (guint n)
{
  return (n + EMOTION_SIMD_WIDTH - 1) / EMOTION_SIMD_WIDTH * EMOTION_SIMD_WIDTH;
}

EmotionSlaneyMel *
emotion_slaney_mel_new (guint n_cepstra)
{
  EmotionSlaneyMel *self = g_new0 (EmotionSlaneyMel, 1);
  self->n_cepstra = n_cepstra;
  make_triangles (self);
  self->dct = g_new0 (float, N_BANDS *(gsize)padded (n_cepstra));
  for (guint b = 0; b < N_BANDS; b++)
    for (guint k = 0; k < n_cepstra; k++)
      self->dct[b * padded (n_cepstra) + k] =
          (float)(sqrt ((k ? 2.0 : 1.0) / N_BANDS) * cos (G_PI * k * (b + 0.5) / N_BANDS));
  return self;
}

void
emotion_slaney_mel_free (EmotionSlaneyMel *self)
{
  if (!self)
    return;
  g_free (self->dct);
  g_free (self);
}

void
emotion_slaney_mel_levels (const EmotionSlaneyMel *self, const EmotionSimd *magnitude,
                           EmotionSimd *levels)
{
  EmotionSimd floor = emotion_simd_all (POWER_FLOOR);
  for (guint b = 0; b < N_BANDS; b++) {
    const Band *band = &self->bands[b];
    const float *w = self->weights + band->offset;
    const EmotionSimd *m = magnitude + band->first;
    EmotionSimd sum = {0};
    for (guint i = 0; i < band->count; i++)
      sum += w[i] * (m[i] * m[i]);
    levels[b] = DB_PER_LOG2 * emotion_simd_log2 (emotion_simd_max (sum, floor));
  }
}

void
emotion_slaney_mel_limit (float *levels, gsize n)
{
  const float largest = emotion_simd_largest (levels, n);
  for (gsize i = 0; i < n; i++)
    levels[i] = levels[i] > largest - RANGE ? levels[i] : largest - RANGE;
}

void
emotion_slaney_mel_cepstra (const EmotionSlaneyMel *self, const float *levels, float *cepstra)
{
  guint stride = padded (self->n_cepstra);
  for (guint k = 0; k < self->n_cepstra; k += EMOTION_SIMD_WIDTH) {
    EmotionSimd sum = {0};
    for (guint b = 0; b < N_BANDS; b++)
      sum += levels[b] * emotion_simd_load (self->dct + b * stride + k);
    for (guint l = 0; l < EMOTION_SIMD_WIDTH && k + l < self->n_cepstra; l++)
      cepstra[k + l] = sum[l];
  }
}
