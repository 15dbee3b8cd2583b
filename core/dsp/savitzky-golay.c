/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "savitzky-golay.h"

#include <string.h>

#define WIDTH EMOTION_SAVITZKY_GOLAY_WIDTH
#define HALF (WIDTH / 2)

void
emotion_savitzky_golay (const float *x, guint n, guint n_columns, guint order, float *out)
{
  float weights[WIDTH];
  for (gint k = -HALF; k <= HALF; k++)
    /* Over the window, k^2 sums to 60 and (k^2 - 20/3)^2 to 308. */
    weights[k + HALF] = order == 1 ? (float)k / 60 : ((float)(k * k) - 20 / 3.f) / 154;
  if (n < WIDTH) {
    memset (out, 0, (gsize)n * n_columns * sizeof *out);
    return;
  }
  for (guint t = 0; t < n; t++) {
    guint centre = CLAMP (t, HALF, n - 1 - HALF);
    const float *first = x + (gsize)(centre - HALF) * n_columns;
    for (guint c = 0; c < n_columns; c++) {
      float sum = 0;
      for (guint i = 0; i < WIDTH; i++)
        sum += weights[i] * first[i * n_columns + c];
      out[t * n_columns + c] = sum;
    }
  }
}
