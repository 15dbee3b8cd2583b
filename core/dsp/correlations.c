/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "correlations.h"

#include <math.h>

#include "core/base/simd.h"

#define MIN_SPREAD 1e-6 /* deviation of a series that varies, relative to its mean or absolute */

/* Scales to mean 0 and sum of squares 1; all zeros for a constant series. */
static void
standardise (float *x, guint n)
{
  double sum = 0, squares = 0;
  for (guint i = 0; i < n; i++)
    sum += x[i];
  const double mean = sum / MAX (n, 1);
  for (guint i = 0; i < n; i++)
    squares += (x[i] - mean) * (x[i] - mean);
  const double min = MIN_SPREAD * MAX (fabs (mean), 1);
  const double scale = squares > min * min * n ? 1 / sqrt (squares) : 0;
  for (guint i = 0; i < n; i++)
    x[i] = (float)((x[i] - mean) * scale);
}

void
emotion_correlations_prepare (float *series, gsize stride, guint n_series, guint n)
{
  for (guint s = 0; s < n_series; s++)
    standardise (series + s * stride, n);
}

void
emotion_correlations_within (const float *series, gsize stride, guint n_series, guint n, float *out)
{
  for (guint a = 0; a < n_series; a++)
    for (guint b = a + 1; b < n_series; b++)
      *out++ = emotion_simd_product (series + a * stride, series + b * stride, n);
}

void
emotion_correlations_between (const float *a, guint n_a, const float *b, guint n_b, gsize stride,
                              guint n, float *out)
{
  for (guint i = 0; i < n_a; i++)
    for (guint j = 0; j < n_b; j++)
      *out++ = emotion_simd_product (a + i * stride, b + j * stride, n);
}
