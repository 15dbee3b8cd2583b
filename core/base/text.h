/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing the text of model files: lines with a key and a value, and arrays of numbers,
 * always in the C locale. Each number has exactly one notation, the one that the functions here
 * write; a reader rejects any other. A reader stops at its first error; later calls return FALSE.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether `name` is [a-z][a-z0-9_-]*, at most 63 bytes: the form of labels and keys. */
gboolean emotion_text_is_name (const char *name);

typedef struct {
  const char *origin;  /* name of the file, for messages */
  const char *section; /* name of the section, for messages */
  const char *data;    /* start of the file, for the byte position in messages */
  /* The next byte, and the end. The byte at `end` must not be part of a number, e.g. NUL. */
  const char *at, *end;
  GError **error;
  gboolean failed;
} EmotionTextReader;

/* Sets EMOTION_ERROR_CORRUPT with origin, section and byte position. Returns FALSE. */
gboolean emotion_text_fail (EmotionTextReader *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Reads the next line, without its newline, into a new string. */
gboolean emotion_text_line (EmotionTextReader *self, char **line);
/* Each of these reads the value of the next line, which must be "key value". A string is new. */
gboolean emotion_text_string (EmotionTextReader *self, const char *key, char **value);
gboolean emotion_text_uint (EmotionTextReader *self, const char *key, guint64 min, guint64 max,
                            guint64 *value);
gboolean emotion_text_double (EmotionTextReader *self, const char *key, double min, double max,
                              double *value);
/* Reads a line "key rows columns" and then `rows` lines of `columns` numbers into a new array. */
gboolean emotion_text_floats (EmotionTextReader *self, const char *key, gsize rows, gsize columns,
                              float **values);
/* Checks that no text is left. */
gboolean emotion_text_finish (EmotionTextReader *self);

void emotion_text_put_double (GString *text, const char *key, double value);
void emotion_text_put_floats (GString *text, const char *key, gsize rows, gsize columns,
                              const float *values);

G_END_DECLS
