/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral-peaks.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/simd.h"
#include "stft.h"

#define HZ_PER_BIN ((double)EMOTION_SAMPLE_RATE / EMOTION_STFT_SIZE)
#define FIRST_BIN 20                              /* first bin at or above 150 Hz */
#define END_BIN 512                               /* first bin at or above 4000 Hz */
#define MAX_PEAKS ((END_BIN - FIRST_BIN + 1) / 2) /* per frame: peaks are never neighbours */
#define THRESHOLD 0.1f                            /* of the frame's largest magnitude */
#define LOWEST_A 27.5f                            /* Hz, a whole number of octaves below 440 Hz */
#define RADIX_BITS 11                             /* three passes over the 32 bits of a float */

gsize
emotion_peaks_capacity (guint n_frames)
{
  return (gsize)n_frames * MAX_PEAKS;
}

EmotionPeaks *
emotion_peaks_new (guint max_frames)
{
  EmotionPeaks *self = g_new0 (EmotionPeaks, 1);
  gsize capacity = emotion_peaks_capacity (max_frames);
  self->hz = g_new (float, capacity);
  self->height = g_new (float, capacity);
  return self;
}

void
emotion_peaks_free (EmotionPeaks *self)
{
  if (!self)
    return;
  g_free (self->hz);
  g_free (self->height);
  g_free (self);
}

void
emotion_peaks_clear (EmotionPeaks *self)
{
  self->n = 0;
}

/* Adds the peak at bin i. The roundings are those of the published system: the tuning can depend on
 * the hundredth of a bin into which a peak falls. */
static void
add_peak (EmotionPeaks *self, const float *magnitude, guint i)
{
  float below = magnitude[i - 1], here = magnitude[i], above = magnitude[i + 1];
  double bend = (double)(above + below) - 2.0 * here, slope = (double)(above - below) / 2;
  float shift = fabs (slope) >= fabs (bend) ? 0 : (float)(-slope / bend);
  self->hz[self->n] = (float)((i + (double)shift) * HZ_PER_BIN);
  self->height[self->n] = here + 0.5f * ((above - below) / 2) * shift;
  self->n++;
}

void
emotion_peaks_add (EmotionPeaks *self, const float *magnitude)
{
  G_STATIC_ASSERT ((END_BIN - FIRST_BIN) % EMOTION_SIMD_WIDTH == 0);
  EmotionSimd threshold =
      emotion_simd_all (THRESHOLD * emotion_simd_largest (magnitude, EMOTION_STFT_BINS));
  for (guint i = FIRST_BIN; i < END_BIN; i += EMOTION_SIMD_WIDTH) {
    EmotionSimd here = emotion_simd_load (magnitude + i);
    EmotionSimd below = emotion_simd_load (magnitude + i - 1);
    EmotionSimd above = emotion_simd_load (magnitude + i + 1);
    guint peaks = emotion_simd_true ((here > threshold) & (here > below) & (here >= above));
    for (guint l = 0; peaks; l++, peaks >>= 1)
      if (peaks & 1)
        add_peak (self, magnitude, i + l);
  }
}

static guint32
bits_of (float positive)
{
  guint32 bits;
  memcpy (&bits, &positive, sizeof bits);
  return bits;
}

/* The value at index `rank` in ascending order; all values are positive. */
static float
select_rank (const float *x, guint n, guint rank)
{
  guint count[1 << RADIX_BITS];
  guint32 prefix = 0, known = 0; /* bits found so far, and the mask of these bits */
  for (gint shift = 2 * RADIX_BITS; shift >= 0; shift -= RADIX_BITS) {
    memset (count, 0, sizeof count);
    for (guint i = 0; i < n; i++) {
      guint32 bits = bits_of (x[i]);
      if ((bits & known) == prefix)
        count[bits >> shift & ((1 << RADIX_BITS) - 1)]++;
    }
    guint32 digit = 0;
    while (rank >= count[digit])
      rank -= count[digit++];
    prefix |= digit << shift;
    known |= (guint32)((1 << RADIX_BITS) - 1) << shift;
  }
  float value;
  memcpy (&value, &prefix, sizeof value);
  return value;
}

static float
median (const float *x, guint n)
{
  float upper = select_rank (x, n, n / 2);
  return n % 2 ? upper : (select_rank (x, n, n / 2 - 1) + upper) / 2;
}

/* The index, from 0 for -50 hundredths of a bin, of the interval of `residual`; the limits of the
 * intervals are multiples of 0.01. */
static guint
find_hundredth (float residual)
{
  gint i = CLAMP ((gint)((residual + 0.5) * EMOTION_TUNINGS), 0, EMOTION_TUNINGS - 1);
  while (i > 0 && residual < -0.5 + i * 0.01)
    i--;
  while (i < EMOTION_TUNINGS - 1 && residual >= -0.5 + (i + 1) * 0.01)
    i++;
  return (guint)i;
}

gint
emotion_peaks_tuning (EmotionPeaks *self, guint bins_per_octave)
{
  guint count[EMOTION_TUNINGS] = {0}, max = 0;
  if (self->n == 0)
    return 0;
  float threshold = median (self->height, self->n);
  for (guint i = 0; i < self->n; i++) {
    if (!(self->height[i] >= threshold))
      continue;
    float bin = (float)bins_per_octave * log2f (self->hz[i] / LOWEST_A);
    float residual = bin - (float)(gint)bin; /* peaks are above LOWEST_A */
    if (residual >= 0.5f)
      residual -= 1;
    count[find_hundredth (residual)]++;
  }
  for (guint i = 1; i < EMOTION_TUNINGS; i++)
    if (count[i] > count[max])
      max = i;
  return (gint)max - EMOTION_TUNINGS / 2;
}
