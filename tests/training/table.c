/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <csv.h>
#include <string.h>

static void
end_field (void *text, size_t length, void *data)
{
  GPtrArray *rows = data;
  g_ptr_array_add (rows->pdata[rows->len - 1], g_strndup (text, length));
}

static void
end_row (int terminator, void *data)
{
  (void)terminator;
  g_ptr_array_add (data, g_ptr_array_new_with_free_func (g_free));
}

GPtrArray *
table_parse (const char *text)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  struct csv_parser parser;
  csv_init (&parser, CSV_STRICT | CSV_STRICT_FINI);
  end_row (0, rows);
  g_assert_cmpuint (csv_parse (&parser, text, strlen (text), end_field, end_row, rows), ==,
                    strlen (text));
  g_assert_cmpint (csv_fini (&parser, end_field, end_row, rows), ==, 0);
  csv_free (&parser);
  g_ptr_array_set_size (rows, (gint)rows->len - 1); /* the empty row after the last newline */
  for (guint i = 1; i < rows->len; i++)
    g_assert_cmpuint (((GPtrArray *)rows->pdata[i])->len, ==, ((GPtrArray *)rows->pdata[0])->len);
  return rows;
}

const char *
table_get (GPtrArray *rows, guint row, guint column)
{
  g_assert_cmpuint (row, <, rows->len);
  GPtrArray *fields = rows->pdata[row];
  g_assert_cmpuint (column, <, fields->len);
  return fields->pdata[column];
}

const char *
table_find (GPtrArray *rows, guint row, const char *column)
{
  guint c = 0;
  while (strcmp (table_get (rows, 0, c), column) != 0)
    c++;
  return table_get (rows, row, c);
}

double
table_number (GPtrArray *rows, guint row, const char *column)
{
  char *end;
  const double number = g_ascii_strtod (table_find (rows, row, column), &end);
  g_assert_cmpstr (end, ==, "");
  return number;
}
