/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing the text of model files: lines of a key and a value, arrays of numbers,
 * always in the C locale's notation. A number has one notation, that of the functions here that write it:
 * a reader refuses any other. A reader stops at its first error; later calls return FALSE. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether `name` is [a-z][a-z0-9_-]*, at most 63 bytes: the form of labels and keys. */
gboolean emotion_text_is_name (const char *name);

typedef struct {
  const char *origin;   /* the file's name in messages */
  const char *section;  /* the section's name in messages */
  const char *data;     /* of the whole file, for the place in messages */
  const char *at, *end; /* with a byte at the end that is no part of a number, as NUL */
  GError **error;
  gboolean failed;
} EmotionTextReader;

/* Sets EMOTION_ERROR_CORRUPT with origin, section and byte; returns FALSE. */
gboolean emotion_text_fail (EmotionTextReader *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The next line, without its end, as a new string. */
gboolean emotion_text_line (EmotionTextReader *self, char **line);
/* The value of the next line, which is "key value". */
gboolean emotion_text_string (EmotionTextReader *self, const char *key, char **value);
gboolean emotion_text_uint (EmotionTextReader *self, const char *key, guint64 min, guint64 max,
                            guint64 *value);
gboolean emotion_text_double (EmotionTextReader *self, const char *key, double min, double max,
                              double *value);
/* "key rows columns" and that many lines of numbers, as a new array. */
gboolean emotion_text_floats (EmotionTextReader *self, const char *key, gsize rows, gsize columns,
                              float **values);
/* Nothing is left. */
gboolean emotion_text_finish (EmotionTextReader *self);

void emotion_text_put_double (GString *text, const char *key, double value);
void emotion_text_put_floats (GString *text, const char *key, gsize rows, gsize columns,
                              const float *values);

G_END_DECLS
