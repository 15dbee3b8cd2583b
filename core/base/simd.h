/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vectors of four floats. They use the vector extension of GCC and clang, which exists on every
 * processor, plus the few operations that the descriptors need beside + - * /. No instruction set
 * is required; on x86-64 the operations become SSE. The results do not depend on how the compiler
 * translates them. */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

G_BEGIN_DECLS

#define EMOTION_SIMD_WIDTH 4

typedef float EmotionSimd __attribute__ ((vector_size (16)));
typedef gint32 EmotionSimdInts __attribute__ ((vector_size (16)));
typedef double EmotionSimdDoubles __attribute__ ((vector_size (32)));

static inline EmotionSimd
emotion_simd_all (float x)
{
  return (EmotionSimd){x, x, x, x};
}

/* Load and store at any address; no alignment is needed. */
static inline EmotionSimd
emotion_simd_load (const float *from)
{
  EmotionSimd x;
  memcpy (&x, from, sizeof x);
  return x;
}

static inline void
emotion_simd_store (float *to, EmotionSimd x)
{
  memcpy (to, &x, sizeof x);
}

/* min (a, b) = a < b ? a : b; max (a, b) = a > b ? a : b; square roots; and the lanes in which a
 * comparison is true, as bits. Compilers do not always find the single instruction for these, so
 * the SSE intrinsics are used if available. */
#ifdef __SSE__
static inline EmotionSimd
emotion_simd_min (EmotionSimd a, EmotionSimd b)
{
  return _mm_min_ps (a, b);
}

static inline EmotionSimd
emotion_simd_max (EmotionSimd a, EmotionSimd b)
{
  return _mm_max_ps (a, b);
}

static inline EmotionSimd
emotion_simd_sqrt (EmotionSimd x)
{
  return _mm_sqrt_ps (x);
}

static inline guint
emotion_simd_true (EmotionSimdInts comparison)
{
  return (guint)_mm_movemask_ps ((EmotionSimd)comparison);
}
#else
static inline EmotionSimd
emotion_simd_min (EmotionSimd a, EmotionSimd b)
{
  EmotionSimdInts take_a = a < b;
  return (EmotionSimd)(((EmotionSimdInts)a & take_a) | ((EmotionSimdInts)b & ~take_a));
}

static inline EmotionSimd
emotion_simd_max (EmotionSimd a, EmotionSimd b)
{
  EmotionSimdInts take_a = a > b;
  return (EmotionSimd)(((EmotionSimdInts)a & take_a) | ((EmotionSimdInts)b & ~take_a));
}

static inline EmotionSimd
emotion_simd_sqrt (EmotionSimd x)
{
  return (EmotionSimd){sqrtf (x[0]), sqrtf (x[1]), sqrtf (x[2]), sqrtf (x[3])};
}

static inline guint
emotion_simd_true (EmotionSimdInts comparison)
{
  return (guint)((comparison[0] & 1) | (comparison[1] & 2) | (comparison[2] & 4) |
                 (comparison[3] & 8));
}
#endif

/* The largest of n values; n >= 1. */
static inline float
emotion_simd_largest (const float *x, gsize n)
{
  const gsize whole = n - n % EMOTION_SIMD_WIDTH;
  float max = x[0];
  if (whole > 0) {
    EmotionSimd four = emotion_simd_load (x);
    for (gsize i = EMOTION_SIMD_WIDTH; i < whole; i += EMOTION_SIMD_WIDTH)
      four = emotion_simd_max (emotion_simd_load (x + i), four);
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      max = four[l] > max ? four[l] : max;
  }
  for (gsize i = whole; i < n; i++)
    max = x[i] > max ? x[i] : max;
  return max;
}

static inline float
emotion_simd_add (EmotionSimd x)
{
  return (x[0] + x[1]) + (x[2] + x[3]);
}

/* The sum of n values. */
static inline float
emotion_simd_sum (const float *x, gsize n)
{
  EmotionSimd four = {0};
  const gsize whole = n - n % EMOTION_SIMD_WIDTH;
  for (gsize i = 0; i < whole; i += EMOTION_SIMD_WIDTH)
    four += emotion_simd_load (x + i);
  float sum = emotion_simd_add (four);
  for (gsize i = whole; i < n; i++)
    sum += x[i];
  return sum;
}

/* The sum of a[i] * b[i] over n values. */
static inline float
emotion_simd_product (const float *a, const float *b, gsize n)
{
  EmotionSimd four = {0};
  const gsize whole = n - n % EMOTION_SIMD_WIDTH;
  for (gsize i = 0; i < whole; i += EMOTION_SIMD_WIDTH)
    four += emotion_simd_load (a + i) * emotion_simd_load (b + i);
  float sum = emotion_simd_add (four);
  for (gsize i = whole; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* power[i] = re^2 + im^2 of n complex numbers, real and imaginary parts in turn. */
static inline void
emotion_simd_power (const double *parts, gsize n, float *power)
{
  for (gsize i = 0; i < n; i++)
    power[i] = (float)(parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1]);
}

/* m[i][j] <-> m[j][i] */
static inline void
emotion_simd_transpose (EmotionSimd m[4])
{
  EmotionSimd a = __builtin_shufflevector (m[0], m[1], 0, 4, 1, 5);
  EmotionSimd b = __builtin_shufflevector (m[0], m[1], 2, 6, 3, 7);
  EmotionSimd c = __builtin_shufflevector (m[2], m[3], 0, 4, 1, 5);
  EmotionSimd d = __builtin_shufflevector (m[2], m[3], 2, 6, 3, 7);
  m[0] = __builtin_shufflevector (a, c, 0, 1, 4, 5);
  m[1] = __builtin_shufflevector (a, c, 2, 3, 6, 7);
  m[2] = __builtin_shufflevector (b, d, 0, 1, 4, 5);
  m[3] = __builtin_shufflevector (b, d, 2, 3, 6, 7);
}

/* Splits x (positive, normal) into 2^exponent * mantissa, with the mantissa in sqrt (1/2) .. sqrt
 * (2). */
static inline EmotionSimd
emotion_simd_split (EmotionSimd x, EmotionSimdInts *exponent)
{
  const EmotionSimdInts half_root = {0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3};
  EmotionSimdInts bits = (EmotionSimdInts)x;
  *exponent = (bits - half_root) >> 23;
  return (EmotionSimd)(bits - *exponent * (1 << 23));
}

/* log2 of x (positive, normal) to about 1e-7: 2 artanh ((m - 1) / (m + 1)) of the mantissa m, by
 * the first five terms of its series. The other terms sum to less than 1e-9. */
static inline EmotionSimd
emotion_simd_log2 (EmotionSimd x)
{
  EmotionSimdInts exponent;
  EmotionSimd m = emotion_simd_split (x, &exponent);
  EmotionSimd s = (m - 1) / (m + 1), q = s * s;
  EmotionSimd series = 1 + q * (1 / 3.f + q * (1 / 5.f + q * (1 / 7.f + q * (1 / 9.f))));
  return __builtin_convertvector(exponent, EmotionSimd) + 2.88539008f * s * series;
}

/* out[i] = ln (x[i] + floor) for n values. Each x[i] + floor must be positive and normal. */
static inline void
emotion_simd_log (const float *x, float floor, gsize n, float *out)
{
  const float ln2 = 0.693147181f;
  const gsize whole = n - n % EMOTION_SIMD_WIDTH;
  for (gsize i = 0; i < whole; i += EMOTION_SIMD_WIDTH)
    emotion_simd_store (out + i, ln2 * emotion_simd_log2 (emotion_simd_load (x + i) + floor));
  for (gsize i = whole; i < n; i++)
    out[i] = ln2 * emotion_simd_log2 (emotion_simd_all (x[i] + floor))[0];
}

G_END_DECLS
