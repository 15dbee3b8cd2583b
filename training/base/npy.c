/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "npy.h"

#include <string.h>

void
training_npy_put_header (GString *file, const guint *shape, guint n_dimensions)
{
  static const char magic[] = "\x93NUMPY\x01"; /* its final 0 is the minor version */
  const gsize end = file->len + TRAINING_NPY_HEADER;
  const guint16 length = GUINT16_TO_LE (TRAINING_NPY_HEADER - sizeof magic - sizeof length);
  g_string_append_len (file, magic, sizeof magic);
  g_string_append_len (file, (const char *)&length, sizeof length);
  g_string_append (file, "{'descr': '<f4', 'fortran_order': False, 'shape': (");
  for (guint i = 0; i < n_dimensions; i++)
    g_string_append_printf (file, "%s%u", i ? ", " : "", shape[i]);
  g_string_append (file, n_dimensions == 1 ? ",), }" : "), }");
  while (file->len + 1 < end)
    g_string_append_c (file, ' ');
  g_string_append_c (file, '\n');
}

void
training_npy_put_number (GString *file, float number)
{
  guint32 bits;
  memcpy (&bits, &number, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  g_string_append_len (file, (const char *)&bits, sizeof bits);
}
