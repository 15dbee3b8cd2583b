/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chroma.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/simd.h"
#include "stft.h"

#define N_BINS EMOTION_STFT_BINS
#define VECTORS (EMOTION_CHROMA / EMOTION_SIMD_WIDTH)
#define LOWEST_A 27.5     /* Hz */
#define A_ABOVE_C 9       /* semitones */
#define CENTRE_OCTAVE 5.0 /* octaves above LOWEST_A */
#define OCTAVE_SPREAD 2.0 /* octaves */
#define SMOOTHING 41      /* frames */

struct _EmotionChromaBank {
  double semitone[N_BINS]; /* of each bin, above LOWEST_A */
  double width[N_BINS];    /* of each bin in semitones, at least 1 */
  float weights[N_BINS][EMOTION_CHROMA];
};

EmotionChromaBank *
emotion_chroma_bank_new (void)
{
  EmotionChromaBank *self = g_new0 (EmotionChromaBank, 1);
  double *semitone = self->semitone;
  for (guint i = 1; i < N_BINS; i++)
    semitone[i] =
        EMOTION_CHROMA * log2 (i * (double)EMOTION_SAMPLE_RATE / EMOTION_STFT_SIZE / LOWEST_A);
  semitone[0] = semitone[1] - 1.5 * EMOTION_CHROMA; /* in place of -infinity */
  for (guint i = 0; i < N_BINS; i++)
    self->width[i] = i + 1 < N_BINS ? MAX (semitone[i + 1] - semitone[i], 1) : 1;
  emotion_chroma_bank_tune (self, 0);
  return self;
}

void
emotion_chroma_bank_free (EmotionChromaBank *self)
{
  g_free (self);
}

void
emotion_chroma_bank_tune (EmotionChromaBank *self, gint tuning)
{
  const double half = EMOTION_CHROMA / 2;
  for (guint i = 0; i < N_BINS; i++) {
    double place = self->semitone[i] - tuning * 0.01, norm = 0;
    double octaves = (place / EMOTION_CHROMA - CENTRE_OCTAVE) / OCTAVE_SPREAD;
    float *row = self->weights[i];
    for (guint c = 0; c < EMOTION_CHROMA; c++) {
      /* Classes count from C, positions from A. */
      double d = place - ((gint)c - A_ABOVE_C) + half;
      d = d - EMOTION_CHROMA * floor (d / EMOTION_CHROMA) - half;
      row[c] = expf ((float)(-2 * d * d / (self->width[i] * self->width[i])));
      norm += (double)row[c] * row[c];
    }
    float scale = (float)(exp (-0.5 * octaves * octaves) / sqrt (norm));
    for (guint c = 0; c < EMOTION_CHROMA; c++)
      row[c] *= scale;
  }
}

void
emotion_chroma_bank_apply (const EmotionChromaBank *self, const float *magnitude, guint n,
                           float *chroma)
{
  for (guint t = 0; t < n; t++) {
    const float *m = magnitude + (gsize)t * EMOTION_STFT_STRIDE;
    EmotionSimd sum[VECTORS] = {{0}};
    for (guint i = 0; i < N_BINS; i++)
      for (guint v = 0; v < VECTORS; v++)
        sum[v] += m[i] * emotion_simd_load (self->weights[i] + v * EMOTION_SIMD_WIDTH);
    memcpy (chroma + t * EMOTION_CHROMA, sum, sizeof sum);
  }
}

void
emotion_chroma_fold (const float *magnitudes, guint n, float *chroma)
{
  const guint octave = EMOTION_CONSTANT_Q_PER_OCTAVE, each = octave / EMOTION_CHROMA;
  G_STATIC_ASSERT (EMOTION_CONSTANT_Q_PER_OCTAVE == 3 * EMOTION_CHROMA);
  for (guint t = 0; t < n; t++) {
    float sum[EMOTION_CONSTANT_Q_PER_OCTAVE] = {0};
    for (guint first = 0; first < EMOTION_CONSTANT_Q_BINS; first += octave)
      for (guint i = 0; i < octave; i++)
        sum[i] += magnitudes[(gsize)t * EMOTION_CONSTANT_Q_BINS + first + i];
    for (guint c = 0; c < EMOTION_CHROMA; c++)
      chroma[t * EMOTION_CHROMA + c] =
          sum[c * each] + sum[c * each + 1] + sum[(c * each + octave - 1) % octave];
  }
}

static float
largest (const float *x)
{
  float max = x[0];
  for (guint c = 1; c < EMOTION_CHROMA; c++)
    max = MAX (max, x[c]);
  return max;
}

static float
sum (const float *x)
{
  float total = 0;
  for (guint c = 0; c < EMOTION_CHROMA; c++)
    total += x[c];
  return total;
}

void
emotion_chroma_normalize (float *chroma, guint n)
{
  for (float *x = chroma; x < chroma + (gsize)n * EMOTION_CHROMA; x += EMOTION_CHROMA) {
    float max = largest (x);
    for (guint c = 0; c < EMOTION_CHROMA && max >= G_MINFLOAT; c++)
      x[c] /= max;
  }
}

/* Adds 1/4 for each step that the class's fraction of its frame exceeds. */
static void
quantise (const float *chroma, guint n, float *quantised)
{
  static const float steps[] = {0.4f, 0.2f, 0.1f, 0.05f};
  for (gsize i = 0; i < (gsize)n * EMOTION_CHROMA; i += EMOTION_CHROMA) {
    float total = sum (chroma + i);
    for (gsize c = i; c < i + EMOTION_CHROMA; c++) {
      float fraction = total < G_MINFLOAT ? chroma[c] : chroma[c] / total;
      quantised[c] = 0;
      for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
        quantised[c] += fraction > steps[s] ? 0.25f : 0;
    }
  }
}

void
emotion_chroma_cens (const float *chroma, guint n, float *quantised, float *cens)
{
  float window[SMOOTHING]; /* of any scale, because each frame is normalised */
  for (guint i = 0; i < SMOOTHING; i++)
    window[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * (i + 1) / (SMOOTHING + 1)));
  quantise (chroma, n, quantised);
  for (guint t = 0; t < n; t++) {
    EmotionSimd smooth[VECTORS] = {{0}};
    float *x = cens + (gsize)t * EMOTION_CHROMA, norm = 0;
    guint first = t < SMOOTHING / 2 ? 0 : t - SMOOTHING / 2, end = MIN (n, t + SMOOTHING / 2 + 1);
    for (guint i = first; i < end; i++)
      for (guint v = 0; v < VECTORS; v++)
        smooth[v] +=
            window[i + SMOOTHING / 2 - t] *
            emotion_simd_load (quantised + (gsize)i * EMOTION_CHROMA + v * EMOTION_SIMD_WIDTH);
    memcpy (x, smooth, sizeof smooth);
    for (guint c = 0; c < EMOTION_CHROMA; c++)
      norm += x[c] * x[c];
    for (guint c = 0; c < EMOTION_CHROMA && norm > 0; c++)
      x[c] /= sqrtf (norm);
  }
}

void
emotion_chroma_tonnetz (const float *chroma, guint n, float *tonnetz)
{
  /* Steps of a semitone around each circle, in half turns; sine and cosine of each. */
  static const double steps[EMOTION_TONNETZ / 2] = {7.0 / 6, 3.0 / 2, 2.0 / 3};
  static const double radii[EMOTION_TONNETZ / 2] = {1, 1, 0.5};
  float basis[EMOTION_TONNETZ][EMOTION_CHROMA];
  for (guint p = 0; p < EMOTION_TONNETZ; p++)
    for (guint c = 0; c < EMOTION_CHROMA; c++) {
      double angle = G_PI * steps[p / 2] * c;
      basis[p][c] = (float)(radii[p / 2] * (p % 2 ? cos (angle) : sin (angle)));
    }
  for (guint t = 0; t < n; t++) {
    const float *x = chroma + (gsize)t * EMOTION_CHROMA;
    float total = sum (x);
    for (guint p = 0; p < EMOTION_TONNETZ; p++) {
      float projection = 0;
      for (guint c = 0; c < EMOTION_CHROMA; c++)
        projection += basis[p][c] * x[c];
      tonnetz[t * EMOTION_TONNETZ + p] = total < G_MINFLOAT ? projection : projection / total;
    }
  }
}
