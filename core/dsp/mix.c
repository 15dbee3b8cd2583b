/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mix.h"

#include <math.h>

/* 120 dB above full scale. A larger value is not sound, and its square may overflow. */
#define MAX_SAMPLE 1e6f

#define BIT(position) (G_GUINT64_CONSTANT (1) << (position))
#define LOW_FREQUENCIES (BIT (3) | BIT (9))
#define FRONT_CENTRE BIT (2)
/* Left and right channels of the front: front, front of centre, wide. */
#define FRONT_SIDES (BIT (0) | BIT (1) | BIT (6) | BIT (7) | BIT (24) | BIT (25))

#define HALF_POWER 0.70710678f /* -3 dB */

/* The sum of a channel's weights on both sides of stereo. */
static float
weigh (guint64 position)
{
  if (position & FRONT_SIDES)
    return 1;
  return position & FRONT_CENTRE ? 2 * HALF_POWER : HALF_POWER;
}

static guint
count_bits (guint64 bits)
{
  guint n = 0;
  for (; bits; bits &= bits - 1)
    n++;
  return n;
}

void
emotion_mix_init (EmotionMix *self, guint channels, guint64 positions)
{
  const gboolean placed = count_bits (positions) == channels;
  const guint64 mixed = placed ? positions & ~LOW_FREQUENCIES : 0;
  const guint n_mixed = mixed ? count_bits (mixed) : channels;
  const gboolean alike = !mixed || n_mixed <= 2;
  self->channels = channels;
  self->scale = 1.f / (float)(alike ? n_mixed : 2);
  for (guint c = 0; c < channels; c++, positions &= positions - 1) {
    const guint64 position = positions & -positions; /* the lowest remaining bit */
    if (mixed && !(position & mixed))
      self->weights[c] = 0;
    else
      self->weights[c] = alike ? 1 : weigh (position);
  }
}

gsize
emotion_mix_apply (const EmotionMix *self, const float *frames, gsize n, float *mono)
{
  gsize n_bad = 0;
  for (gsize i = 0; i < n; i++) {
    float sum = 0;
    for (guint c = 0; c < self->channels; c++) {
      const float x = *frames++;
      if (G_LIKELY (fabsf (x) <= MAX_SAMPLE)) /* false for NaN */
        sum += self->weights[c] * x;
      else
        n_bad++;
    }
    mono[i] = sum * self->scale;
  }
  return n_bad;
}
