/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text.h"

#include <math.h>
#include <string.h>

#include "core/emotion.h"

#define MAX_NAME 63
#define FLOAT_FORMAT "%.9g"   /* 9 digits restore the exact float */
#define DOUBLE_FORMAT "%.17g" /* and 17 the exact double */
#define OTHER_NOTATION "a number is not in canonical notation"

gboolean
emotion_text_is_name (const char *name)
{
  if (!name || !g_ascii_islower (name[0]))
    return FALSE;
  gsize n = 1;
  for (; name[n]; n++)
    if (!g_ascii_islower (name[n]) && !g_ascii_isdigit (name[n]) && name[n] != '_' &&
        name[n] != '-')
      return FALSE;
  return n <= MAX_NAME;
}

gboolean
emotion_text_fail (EmotionTextReader *self, const char *format, ...)
{
  if (self->failed)
    return FALSE;
  va_list args;
  va_start (args, format);
  char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (self->error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT,
               "%s: section '%s', byte %" G_GSIZE_FORMAT ": %s; train the model again",
               self->origin, self->section, (gsize)(self->at - self->data), what);
  g_free (what);
  self->failed = TRUE;
  return FALSE;
}

gboolean
emotion_text_line (EmotionTextReader *self, char **line)
{
  *line = NULL;
  if (self->failed)
    return FALSE;
  const char *newline = memchr (self->at, '\n', (gsize)(self->end - self->at));
  if (!newline)
    return emotion_text_fail (self, "a line is missing");
  *line = g_strndup (self->at, (gsize)(newline - self->at));
  self->at = newline + 1;
  return TRUE;
}

gboolean
emotion_text_string (EmotionTextReader *self, const char *key, char **value)
{
  const char *at = self->at;
  char *line;
  *value = NULL;
  if (!emotion_text_line (self, &line))
    return FALSE;
  gsize n = strlen (key);
  if (strncmp (line, key, n) != 0 || line[n] != ' ') {
    g_free (line);
    self->at = at;
    return emotion_text_fail (self, "expected '%s'", key);
  }
  *value = g_strdup (line + n + 1);
  g_free (line);
  return TRUE;
}

/* Whether the text of a number is exactly the notation of `value`. */
static gboolean
is_written (const char *number, gsize length, const char *format, double value)
{
  char written[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (written, sizeof written, format, value);
  return strlen (written) == length && memcmp (written, number, length) == 0;
}

gboolean
emotion_text_uint (EmotionTextReader *self, const char *key, guint64 min, guint64 max,
                   guint64 *value)
{
  char *text;
  if (!emotion_text_string (self, key, &text))
    return FALSE;
  gboolean ok = g_ascii_string_to_unsigned (text, 10, min, max, value, NULL);
  if (!ok)
    emotion_text_fail (self,
                       "%s is '%s', not a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                       key, text, min, max);
  else if (text[0] == '0' && text[1])
    ok = emotion_text_fail (self, OTHER_NOTATION);
  g_free (text);
  return ok;
}

gboolean
emotion_text_double (EmotionTextReader *self, const char *key, double min, double max,
                     double *value)
{
  char *text, *end;
  if (!emotion_text_string (self, key, &text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  gboolean ok = end != text && *end == '\0' && *value >= min && *value <= max;
  if (!ok)
    emotion_text_fail (self, "%s is '%s', not a number from %g to %g", key, text, min, max);
  else if (!is_written (text, (gsize)(end - text), DOUBLE_FORMAT, *value))
    ok = emotion_text_fail (self, OTHER_NOTATION);
  g_free (text);
  return ok;
}

/* Fast parser. Returns the end of the number at `text` if it is certain, without formatting, that
 * FLOAT_FORMAT writes `value` this way; else NULL. Numbers with an exponent take the slow path.
 * Such a number differs from its float by at most half a unit of the ninth digit, and other floats
 * are five units away, so a rounded quotient finds the float. */
static const char *
scan_float (const char *text, float *value)
{
  enum { DIGITS = 9, ZEROS = 3 /* after the point, before an exponent is used */ };
  static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
  const char *first = text + (*text == '-'), *at = first, *point = NULL;
  guint32 digits = 0, n = 0; /* n: digits without leading zeros */
  for (; g_ascii_isdigit (*at) || (*at == '.' && !point); at++) {
    if (*at == '.') {
      point = at;
      continue;
    }
    if (n == DIGITS)
      return NULL;
    digits = 10 * digits + (guint32)(*at - '0');
    n += digits > 0;
  }
  const gsize n_decimals = point ? (gsize)(at - point) - 1 : 0;
  if (n == 0 || n_decimals > n + ZEROS || first == point || (*first == '0' && point != first + 1) ||
      (point && (at[-1] == '0' || at[-1] == '.')))
    return NULL;
  const double magnitude = digits / powers[n_decimals];
  *value = (float)(first > text ? -magnitude : magnitude);
  /* Both scaled to nine digits before the point. */
  const double written = digits * powers[DIGITS - n];
  const double exact = fabs (*value) * powers[DIGITS - n + n_decimals];
  return exact >= powers[DIGITS - 1] && fabs (exact - written) < 0.49 ? at : NULL;
}

/* Reads one number and the separator after it. The text ends in a newline, where parsing stops. */
static gboolean
read_float (EmotionTextReader *self, char separator, float *value)
{
  const char *after = scan_float (self->at, value);
  if (after && after < self->end && *after == separator) {
    self->at = after + 1;
    return TRUE;
  }
  char *end;
  if (g_ascii_isspace (*self->at))
    return emotion_text_fail (self, "a number is missing");
  double number = g_ascii_strtod (self->at, &end);
  if (end == self->at || end >= self->end || *end != separator)
    return emotion_text_fail (self,
                              "a number is malformed, or the line has too many or too few numbers");
  *value = (float)number;
  if (!isfinite (*value))
    return emotion_text_fail (self, "a number is not finite");
  if (!is_written (self->at, (gsize)(end - self->at), FLOAT_FORMAT, *value))
    return emotion_text_fail (self, OTHER_NOTATION);
  self->at = end + 1;
  return TRUE;
}

gboolean
emotion_text_floats (EmotionTextReader *self, const char *key, gsize rows, gsize columns,
                     float **values)
{
  char *text;
  if (!emotion_text_string (self, key, &text))
    return FALSE;
  char *shape = g_strdup_printf ("%" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT, rows, columns);
  gboolean ok = strcmp (text, shape) == 0;
  if (!ok)
    emotion_text_fail (self, "%s has the shape '%s', expected '%s'", key, text, shape);
  g_free (shape);
  g_free (text);
  /* Each number takes at least two bytes, so this also limits the allocation. */
  if (ok && (gsize)(self->end - self->at) / 2 / MAX (columns, 1) < rows)
    ok = emotion_text_fail (self, "%s is cut short", key);
  if (!ok)
    return FALSE;
  float *out = g_new (float, MAX (rows * columns, 1));
  for (gsize i = 0; ok && i < rows * columns; i++)
    ok = read_float (self, (i + 1) % columns ? ' ' : '\n', &out[i]);
  if (ok)
    *values = out;
  else
    g_free (out);
  return ok;
}

gboolean
emotion_text_finish (EmotionTextReader *self)
{
  if (!self->failed && self->at != self->end)
    return emotion_text_fail (self, "unexpected text at the end of the section");
  return !self->failed;
}

void
emotion_text_put_double (GString *text, const char *key, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (text, "%s %s\n", key,
                          g_ascii_formatd (number, sizeof number, DOUBLE_FORMAT, value));
}

void
emotion_text_put_floats (GString *text, const char *key, gsize rows, gsize columns,
                         const float *values)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (text, "%s %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT "\n", key, rows, columns);
  for (gsize i = 0; i < rows * columns; i++) {
    g_string_append (text, g_ascii_formatd (number, sizeof number, FLOAT_FORMAT, values[i]));
    g_string_append_c (text, (i + 1) % columns ? ' ' : '\n');
  }
}
