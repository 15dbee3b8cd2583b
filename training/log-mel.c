/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log-mel.h"

#include <string.h>

#define RANGE 80.0f    /* dB, to which the series is limited */
#define SILENCE -99.9f /* dB re 1 of a band's power: the series has its floor at -100 */

static float
element (const EmotionMatrix *matrix, guint row, guint column)
{
  return matrix->data[row * matrix->row_step + column * matrix->column_step];
}

static float
greatest (const EmotionMatrix *levels)
{
  float most = -G_MAXFLOAT;
  for (guint r = 0; r < levels->n_rows; r++)
    for (guint c = 0; c < levels->n_columns; c++)
      most = MAX (most, element (levels, r, c));
  return most;
}

void
training_log_mel_compute (const EmotionExtractor *extractor, guint width, float *array)
{
  EmotionMatrix levels;
  guint index = 0;
  do
    g_assert (emotion_extractor_get_matrix (extractor, index++, &levels));
  while (strcmp (levels.name, "mel_db") != 0);
  g_assert (levels.n_rows == TRAINING_LOG_MEL_BANDS);

  const float most = greatest (&levels);
  for (guint r = 0; r < levels.n_rows; r++)
    for (guint c = 0; c < width; c++) {
      const float share =
          c < levels.n_columns && most > SILENCE ? 1 + (element (&levels, r, c) - most) / RANGE : 0;
      array[(gsize)r * width + c] = CLAMP (share, 0, 1);
    }
}
