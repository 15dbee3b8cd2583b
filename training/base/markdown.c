/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "markdown.h"

#include <math.h>
#include <string.h>

void
training_markdown_put (GString *markdown, const char *text)
{
  for (; *text; text++) {
    if (strchr ("\\`*_{}[]<>#|~&", *text))
      g_string_append_c (markdown, '\\');
    g_string_append_c (markdown, *text);
  }
}

void
training_markdown_put_number (GString *markdown, const char *format, double value)
{
  const char *start = format + strcspn (format, "%"), *end = start + strcspn (start, "efg") + 1;
  char number[G_ASCII_DTOSTR_BUF_SIZE], *conversion = g_strndup (start, (gsize)(end - start));
  g_string_append_len (markdown, format, start - format);
  g_string_append (markdown, isfinite (value)
                                 ? g_ascii_formatd (number, sizeof number, conversion, value)
                                 : "-");
  g_string_append (markdown, end);
  g_free (conversion);
}

void
training_markdown_put_percent (GString *markdown, double fraction)
{
  training_markdown_put_number (markdown, "%.1f", 100 * fraction);
  g_string_append (markdown, " %");
}

void
training_markdown_put_cell (GString *markdown, const char *text)
{
  g_string_append_c (markdown, ' ');
  training_markdown_put (markdown, text);
  g_string_append (markdown, " |");
}

void
training_markdown_put_number_cell (GString *markdown, const char *format, double value)
{
  g_string_append_c (markdown, ' ');
  training_markdown_put_number (markdown, format, value);
  g_string_append (markdown, " |");
}

void
training_markdown_put_rule (GString *markdown, guint n_columns)
{
  g_string_append_c (markdown, '|');
  for (guint i = 0; i < n_columns; i++)
    g_string_append (markdown, "---|");
  g_string_append_c (markdown, '\n');
}
