/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature-csv.h"

#include <string.h>

/* Some readers strip blanks at the ends of a field unless it is quoted. */
static gboolean
wants_quotes (const char *text)
{
  const gsize n = strlen (text);
  return strpbrk (text, ",\"\r\n") ||
         (n > 0 && (strchr (" \t", text[0]) || strchr (" \t", text[n - 1])));
}

void
emotion_feature_csv_put_text (GString *line, const char *text)
{
  if (!wants_quotes (text)) {
    g_string_append (line, text);
    return;
  }
  g_string_append_c (line, '"');
  for (const char *c = text; *c; c++) {
    if (*c == '"')
      g_string_append_c (line, '"');
    g_string_append_c (line, *c);
  }
  g_string_append_c (line, '"');
}

/* Nine digits distinguish every float from its neighbours. */
static void
put_number (GString *line, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_c (line, ',');
  g_string_append (line, g_ascii_formatd (text, sizeof text, "%.9g", number));
}

void
emotion_feature_csv_put_header (GString *line, const EmotionFeatureSet *set)
{
  char **names = emotion_feature_set_names (set);
  g_string_append (line, "file,start,duration");
  for (guint i = 0; i < set->n_features; i++) {
    g_string_append_c (line, ',');
    emotion_feature_csv_put_text (line, names[i]);
  }
  g_string_append_c (line, '\n');
  g_strfreev (names);
}

void
emotion_feature_csv_put_row (GString *line, const EmotionFeatureSet *set, const char *file,
                             double start, double duration, const float *vector)
{
  emotion_feature_csv_put_text (line, file);
  put_number (line, start);
  put_number (line, duration);
  for (guint i = 0; i < set->n_features; i++)
    put_number (line, vector[i]);
  g_string_append_c (line, '\n');
}
