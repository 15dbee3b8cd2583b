/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "matrix-file.h"

#include "npy.h"
#include "output.h"

static float
element (const EmotionMatrix *matrix, guint row, guint column)
{
  return matrix->data[row * matrix->row_step + column * matrix->column_step];
}

static gboolean
write_and_free (GString *content, const char *path, GError **error)
{
  gboolean written = training_output_save (path, content->str, content->len, error);
  g_string_free (content, TRUE);
  return written;
}

gboolean
training_matrix_write_csv (const EmotionMatrix *matrix, const char *path, GError **error)
{
  GString *content = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint r = 0; r < matrix->n_rows; r++) {
    for (guint c = 0; c < matrix->n_columns; c++) {
      if (c > 0)
        g_string_append_c (content, ',');
      g_string_append (content,
                       g_ascii_formatd (number, sizeof number, "%.9g", element (matrix, r, c)));
    }
    g_string_append_c (content, '\n');
  }
  return write_and_free (content, path, error);
}

gboolean
training_matrix_write_npy (const EmotionMatrix *matrix, const char *path, GError **error)
{
  const guint shape[] = {matrix->n_rows, matrix->n_columns};
  GString *content = g_string_new (NULL);
  training_npy_put_header (content, shape, 2);
  for (guint r = 0; r < matrix->n_rows; r++)
    for (guint c = 0; c < matrix->n_columns; c++)
      training_npy_put_number (content, element (matrix, r, c));
  return write_and_free (content, path, error);
}
