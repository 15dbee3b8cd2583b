/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "modulation.h"

#include <math.h>

static const guint blocks[EMOTION_MODULATIONS] = {1, 4, 16};

guint
emotion_modulation_block (guint index)
{
  return blocks[index];
}

void
emotion_modulation (const float *x, guint n, double *sums, float *out)
{
  sums[0] = 0;
  for (guint i = 0; i < n; i++)
    sums[i + 1] = sums[i] + (x[i] - x[0]);
  for (guint s = 0; s < EMOTION_MODULATIONS; s++) {
    const guint block = blocks[s];
    double energy = 0;
    guint count = 0;
    for (guint i = 0; i + 2 * block <= n; i++, count++) {
      const double difference = sums[i + 2 * block] - 2 * sums[i + block] + sums[i];
      energy += difference * difference;
    }
    out[s] = count ? (float)(sqrt (energy / count) / block) : 0;
  }
}
