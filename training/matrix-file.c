/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "matrix-file.h"

#include <string.h>

#define NPY_ALIGNMENT 64 /* bytes: where the numbers start is a multiple of it */

static float
element (const EmotionMatrix *matrix, guint row, guint column)
{
  return matrix->data[row * matrix->row_step + column * matrix->column_step];
}

static gboolean
write_and_free (GString *content, const char *path, GError **error)
{
  gboolean written = g_file_set_contents (path, content->str, (gssize)content->len, error);
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
  static const char magic[] = "\x93NUMPY\x01";
  GString *header = g_string_new (NULL);
  g_string_printf (header, "{'descr': '<f4', 'fortran_order': False, 'shape': (%u, %u), }",
                   matrix->n_rows, matrix->n_columns);
  const gsize before = sizeof magic + 2; /* the magic, a 0 of the version and the header's length */
  while ((before + header->len + 1) % NPY_ALIGNMENT)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  guint16 length = GUINT16_TO_LE ((guint16)header->len);
  GString *content = g_string_new_len (magic, sizeof magic);
  g_string_append_len (content, (const char *)&length, sizeof length);
  g_string_append_len (content, header->str, (gssize)header->len);
  g_string_free (header, TRUE);
  for (guint r = 0; r < matrix->n_rows; r++)
    for (guint c = 0; c < matrix->n_columns; c++) {
      float value = element (matrix, r, c);
      guint32 bits;
      memcpy (&bits, &value, sizeof bits);
      bits = GUINT32_TO_LE (bits);
      g_string_append_len (content, (const char *)&bits, sizeof bits);
    }
  return write_and_free (content, path, error);
}
