/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral-shape.h"

#include <math.h>

#include "core/base/audio.h"
#include "stft.h"

#define N_BINS EMOTION_STFT_BINS
#define HZ_PER_BIN ((double)EMOTION_SAMPLE_RATE / EMOTION_STFT_SIZE)
#define ROLLOFF_FRACTION 0.85f
#define POWER_FLOOR 1e-10f
#define BLOCK 41 /* bins; a spectrum is 25 blocks. The product of the mantissas stays below 2^24. */

G_STATIC_ASSERT (N_BINS % BLOCK == 0);

/* Sums over a spectrum. */
typedef struct {
  double magnitude[4], by_bin[4], by_bin2[4]; /* of magnitude, * bin, * bin^2 */
  double power[4];
  double log2_power[4], floored_power[4];
  EmotionSimd running; /* of magnitude, bin by bin in float */
} Sums;

static EmotionSimd
add_in_sequence (const EmotionSimd *magnitude, EmotionSimd sum)
{
  for (guint i = 0; i < BLOCK; i++)
    sum += magnitude[i];
  return sum;
}

/* Adds one block. Blocks keep the float sums short; bins are counted from the middle of the block.
 */
static void
add_block (const EmotionSimd *magnitude, guint first, Sums *sums)
{
  EmotionSimd m0 = {0}, m1 = {0}, m2 = {0}, power = {0}, floored = {0};
  EmotionSimd mantissas = emotion_simd_all (1), floor = emotion_simd_all (POWER_FLOOR);
  EmotionSimdInts exponents = {0};
  for (guint i = 0; i < BLOCK; i++) {
    EmotionSimdInts exponent;
    EmotionSimd m = magnitude[i], p = m * m, p1 = emotion_simd_max (p, floor);
    float bin = (float)i - BLOCK / 2;
    m0 += m;
    m1 += m * bin;
    m2 += m * (bin * bin);
    power += p;
    floored += p1;
    mantissas *= emotion_simd_split (p1, &exponent);
    exponents += exponent;
  }
  EmotionSimd log2_power =
      emotion_simd_log2 (mantissas) + __builtin_convertvector(exponents, EmotionSimd);
  double middle = first + BLOCK / 2;
  for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
    sums->magnitude[l] += m0[l];
    sums->by_bin[l] += m1[l] + middle * m0[l];
    sums->by_bin2[l] += m2[l] + middle * (2 * (double)m1[l] + middle * m0[l]);
    sums->power[l] += power[l];
    sums->log2_power[l] += log2_power[l];
    sums->floored_power[l] += floored[l];
  }
}

/* The first bin at which the running sum reaches the roll-off fraction of the total. The sum is in
 * float, bin by bin, as in the published system, because the last bit can decide. */
static EmotionSimdInts
find_rolloff (const EmotionSimd *magnitude, EmotionSimd total)
{
  EmotionSimd sum = {0}, threshold = total * ROLLOFF_FRACTION;
  EmotionSimdInts bin = {0};
  for (guint i = 0; i < N_BINS; i++) {
    sum += magnitude[i];
    bin -= sum < threshold; /* true is -1 */
  }
  return bin;
}

void
emotion_spectral_shape (const EmotionSimd *magnitude, EmotionSpectralShape *shape)
{
  Sums sums = {.running = {0}};
  for (guint first = 0; first < N_BINS; first += BLOCK) {
    add_block (magnitude + first, first, &sums);
    sums.running = add_in_sequence (magnitude + first, sums.running);
  }
  EmotionSimdInts rolloff = find_rolloff (magnitude, sums.running);
  for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++) {
    double dc = magnitude[0][l], nyquist = magnitude[N_BINS - 1][l], total = sums.magnitude[l];
    double both_sides = 2 * sums.power[l] - dc * dc - nyquist * nyquist;
    double mean = total > 0 ? sums.by_bin[l] / total : 0;
    double mean2 = total > 0 ? sums.by_bin2[l] / total : 0;
    shape->rms[l] = (float)(sqrt (both_sides) / EMOTION_STFT_SIZE);
    shape->centroid[l] = (float)(HZ_PER_BIN * mean);
    shape->bandwidth[l] = (float)(HZ_PER_BIN * sqrt (MAX (mean2 - mean * mean, 0)));
    shape->rolloff[l] = (float)(HZ_PER_BIN * rolloff[l]);
    shape->flatness[l] =
        (float)(exp2 (sums.log2_power[l] / N_BINS) * N_BINS / sums.floored_power[l]);
  }
}
