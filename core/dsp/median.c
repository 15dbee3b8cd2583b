/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "median.h"

#include "core/base/simd.h"

#define RUN 8   /* windows per group, and values per aligned run */
#define REACH 2 /* runs that a group needs on either side of its own */

/* An aligned run of values: unsorted, sorted in twos, in fours, and completely. */
typedef struct {
  EmotionSimd raw[RUN], twos[RUN], fours[RUN], sorted[RUN];
} Run;

static inline void
exchange (EmotionSimd *low, EmotionSimd *high)
{
  EmotionSimd a = *low, b = *high;
  *low = emotion_simd_min (a, b);
  *high = emotion_simd_max (a, b);
}

/* The networks are written out, because loops over arrays would keep the values in memory. First,
 * sorting of bitonic sequences of 2, 4 and 8 (Batcher 1968). */
static inline void
sort_2 (EmotionSimd *x)
{
  exchange (&x[0], &x[1]);
}

static inline void
sort_4 (EmotionSimd *x)
{
  exchange (&x[0], &x[2]);
  exchange (&x[1], &x[3]);
  sort_2 (x);
  sort_2 (x + 2);
}

static inline void
sort_8 (EmotionSimd *x)
{
  exchange (&x[0], &x[4]);
  exchange (&x[1], &x[5]);
  exchange (&x[2], &x[6]);
  exchange (&x[3], &x[7]);
  sort_4 (x);
  sort_4 (x + 4);
}

/* Merging of two adjacent sorted sequences of 2, 4 and 8 each. */
static inline void
merge_4 (EmotionSimd *x)
{
  exchange (&x[0], &x[3]);
  exchange (&x[1], &x[2]);
  sort_2 (x);
  sort_2 (x + 2);
}

static inline void
merge_8 (EmotionSimd *x)
{
  exchange (&x[0], &x[7]);
  exchange (&x[1], &x[6]);
  exchange (&x[2], &x[5]);
  exchange (&x[3], &x[4]);
  sort_4 (x);
  sort_4 (x + 4);
}

static inline void
merge_16 (EmotionSimd *x)
{
  for (guint i = 0; i < 8; i++)
    exchange (&x[i], &x[15 - i]);
  sort_8 (x);
  sort_8 (x + 8);
}

/* The n middle values of the sorted a[2n] and b[n], sorted: first the n smallest are removed, then
 * the n largest. */
static inline void
middle_2 (const EmotionSimd *a, const EmotionSimd *b, EmotionSimd *out)
{
  out[0] = emotion_simd_max (a[0], b[1]);
  out[1] = emotion_simd_max (a[1], b[0]);
  sort_2 (out);
  out[0] = emotion_simd_min (out[0], a[3]);
  out[1] = emotion_simd_min (out[1], a[2]);
  sort_2 (out);
}

static inline void
middle_4 (const EmotionSimd *a, const EmotionSimd *b, EmotionSimd *out)
{
  for (guint i = 0; i < 4; i++)
    out[i] = emotion_simd_max (a[i], b[3 - i]);
  sort_4 (out);
  for (guint i = 0; i < 4; i++)
    out[i] = emotion_simd_min (out[i], a[7 - i]);
  sort_4 (out);
}

static inline void
middle_8 (const EmotionSimd *a, const EmotionSimd *b, EmotionSimd *out)
{
  for (guint i = 0; i < 8; i++)
    out[i] = emotion_simd_max (a[i], b[7 - i]);
  sort_8 (out);
  for (guint i = 0; i < 8; i++)
    out[i] = emotion_simd_min (out[i], a[15 - i]);
  sort_8 (out);
}

static guint
reflect (gint64 i, guint n)
{
  gint64 period = 2 * (gint64)n;
  i = (i % period + period) % period;
  return (guint)(i < n ? i : period - 1 - i);
}

/* Loads run `k` of the series: the values from RUN * k on. */
static void
load_run (Run *run, const float *in, gsize stride, guint n, gint64 k)
{
  gint64 first = k * RUN;
  if (first >= 0 && first + RUN <= n)
    for (guint i = 0; i < RUN; i++)
      run->raw[i] = emotion_simd_load (in + ((gsize)first + i) * stride);
  else
    for (guint i = 0; i < RUN; i++)
      run->raw[i] = emotion_simd_load (in + reflect (first + i, n) * stride);
  memcpy (run->twos, run->raw, sizeof run->raw);
  for (guint i = 0; i < RUN; i += 2)
    sort_2 (run->twos + i);
  memcpy (run->fours, run->twos, sizeof run->twos);
  merge_4 (run->fours);
  merge_4 (run->fours + 4);
  memcpy (run->sorted, run->fours, sizeof run->fours);
  merge_8 (run->sorted);
}

/* The medians of two windows that have 30 values in common and one each of their own. The two
 * middle values of the 30 are among shared[4] and more[2]. */
static inline void
finish (const EmotionSimd *shared, const EmotionSimd *more, EmotionSimd first, EmotionSimd second,
        EmotionSimd *out)
{
  EmotionSimd mid[2];
  middle_2 (shared, more, mid);
  out[0] = emotion_simd_max (mid[0], emotion_simd_min (mid[1], first));
  out[1] = emotion_simd_max (mid[0], emotion_simd_min (mid[1], second));
}

/* The medians of the group's eight windows. `core` has the eight middle values of the 24 that all
 * windows contain. `left` and `right` are the runs beside these 24; each window contains seven of
 * their values. */
static inline void
spread (const EmotionSimd *core, const Run *left, const Run *right, EmotionSimd *out)
{
  EmotionSimd shared[4];
  middle_4 (core, left->fours + 4, shared);
  finish (shared, left->twos + 2, left->raw[1], right->raw[0], out);
  finish (shared, right->twos, left->raw[3], right->raw[2], out + 2);
  middle_4 (core, right->fours, shared);
  finish (shared, left->twos + 6, left->raw[5], right->raw[4], out + 4);
  finish (shared, right->twos + 4, left->raw[7], right->raw[6], out + 6);
}

void
emotion_running_median (const float *in, gsize in_stride, guint n, float *out, gsize out_stride)
{
  Run runs[8];               /* run k is at index k % 8 */
  EmotionSimd pair[2 * RUN]; /* an even run merged with the next one */
  guint n_groups = (n + RUN - 1) / RUN;
  for (gint64 k = -REACH; k < REACH; k++)
    load_run (&runs[(guint)k & 7], in, in_stride, n, k);
  for (guint g = 0; g < n_groups; g++) {
    EmotionSimd core[RUN], median[RUN];
    load_run (&runs[(g + REACH) & 7], in, in_stride, n, g + REACH);
    if (g % 2 == 0) {
      memcpy (pair, runs[g & 7].sorted, sizeof runs->sorted);
      memcpy (pair + RUN, runs[(g + 1) & 7].sorted, sizeof runs->sorted);
      merge_16 (pair);
    }
    middle_8 (pair, runs[(g % 2 ? g + 1 : g - 1) & 7].sorted, core);
    spread (core, &runs[(g - 2) & 7], &runs[(g + 2) & 7], median);
    guint count = MIN (RUN, n - g * RUN);
    for (guint i = 0; i < count; i++)
      emotion_simd_store (out + (g * RUN + i) * out_stride, median[i]);
  }
}
