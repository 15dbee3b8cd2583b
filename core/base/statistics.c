/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statistics.h"

#include <math.h>
#include <string.h>

#include "simd.h"

/* The bits of a float as an unsigned number with the same order. */
static guint32
sortable (float value)
{
  guint32 bits;
  memcpy (&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

void
emotion_sort_order (const float *x, guint n, guint64 *order, guint64 *scratch)
{
  guint32 count[4][256];
  memset (count, 0, sizeof count);
  for (guint i = 0; i < n; i++) {
    guint32 key = sortable (x[i]);
    order[i] = (guint64)key << 32 | i;
    for (guint pass = 0; pass < 4; pass++)
      count[pass][key >> (8 * pass) & 255]++;
  }
  guint64 *from = order, *to = scratch;
  for (guint pass = 0; pass < 4; pass++) {
    guint32 at = 0;
    for (guint i = 0; i < 256; i++) {
      guint32 c = count[pass][i];
      count[pass][i] = at;
      at += c;
    }
    for (guint i = 0; i < n; i++)
      to[count[pass][from[i] >> (32 + 8 * pass) & 255]++] = from[i];
    guint64 *swap = from;
    from = to;
    to = swap;
  } /* an even number of passes: the result is in `order` */
}

void
emotion_rank (const double *values, guint n, guint *order)
{
  for (guint i = 0; i < n; i++) {
    guint at = i;
    for (; at > 0 && values[order[at - 1]] < values[i]; at--)
      order[at] = order[at - 1];
    order[at] = i;
  }
}

float
emotion_quantile (const float *sorted, guint n, double q)
{
  double at = q * (n - 1);
  guint i = (guint)at;
  if (i + 1 >= n)
    return sorted[n - 1];
  return (float)(sorted[i] + (at - i) * ((double)sorted[i + 1] - sorted[i]));
}

/* Sums over x for the moments, around `mean` and the middle of the time axis. */
typedef struct {
  double m2, m3, m4, by_time;
} Sums;

/* By address, because the calling convention of such vectors depends on the processor. */
static double
add_lanes (const EmotionSimdDoubles *x)
{
  return ((*x)[0] + (*x)[1]) + ((*x)[2] + (*x)[3]);
}

static void
load_doubles (const float *x, EmotionSimdDoubles *out)
{
  *out = (EmotionSimdDoubles){x[0], x[1], x[2], x[3]};
}

static double
mean_of (const float *x, guint n)
{
  EmotionSimdDoubles sums = {0}, four;
  guint i = 0;
  for (; i + EMOTION_SIMD_WIDTH <= n; i += EMOTION_SIMD_WIDTH) {
    load_doubles (x + i, &four);
    sums += four;
  }
  double sum = add_lanes (&sums);
  for (; i < n; i++)
    sum += x[i];
  return sum / n;
}

static Sums
sum_powers (const float *x, guint n, double mean)
{
  const double middle = 0.5 * (n - 1);
  EmotionSimdDoubles m2 = {0}, m3 = {0}, m4 = {0}, by_time = {0}, d, d2;
  EmotionSimdDoubles time = {-middle, 1 - middle, 2 - middle, 3 - middle};
  guint i = 0;
  for (; i + EMOTION_SIMD_WIDTH <= n; i += EMOTION_SIMD_WIDTH, time += EMOTION_SIMD_WIDTH) {
    load_doubles (x + i, &d);
    d -= mean;
    d2 = d * d;
    m2 += d2;
    m3 += d2 * d;
    m4 += d2 * d2;
    by_time += d * time;
  }
  Sums sums = {add_lanes (&m2), add_lanes (&m3), add_lanes (&m4), add_lanes (&by_time)};
  for (; i < n; i++) {
    const double rest = x[i] - mean, rest2 = rest * rest;
    sums.m2 += rest2;
    sums.m3 += rest2 * rest;
    sums.m4 += rest2 * rest2;
    sums.by_time += rest * (i - middle);
  }
  return sums;
}

void
emotion_moments (const float *x, guint n, EmotionMoments *moments)
{
  const double mean = mean_of (x, n), length = n;
  const Sums sums = sum_powers (x, n, mean);
  const double m2 = sums.m2 / n, m3 = sums.m3 / n, m4 = sums.m4 / n;
  *moments = (EmotionMoments){.mean = mean, .sd = sqrt (m2)};
  /* The squared distances of n evenly spaced points from their middle sum to n (n^2 - 1) / 12. */
  if (n > 1)
    moments->slope = sums.by_time * (length - 1) / 2 / (length * (length * length - 1) / 12);
  /* A deviation within float rounding of the mean has no meaningful shape. */
  if (moments->sd > 1e-6 * fabs (mean) && m2 > 1e-24) {
    moments->skewness = m3 / (m2 * moments->sd);
    moments->kurtosis = m4 / (m2 * m2) - 3;
  }
}

void
emotion_delta (const float *x, guint n, float *out)
{
  for (guint i = 0; i < n; i++) {
    guint b1 = i > 0 ? i - 1 : 0, b2 = i > 1 ? i - 2 : 0;
    guint a1 = MIN (i + 1, n - 1), a2 = MIN (i + 2, n - 1);
    out[i] = (x[a1] - x[b1] + 2 * (x[a2] - x[b2])) * 0.1f;
  }
}
