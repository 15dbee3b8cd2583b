/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/emotion.h"

static void
test_names (void)
{
  static const char *const names[] = {
      "a",  "angry",
      "a1", "very_long-name2",
      "z-", "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"};
  static const char *const others[] = {
      "",          "A",
      "aB",        "1a",
      "_a",        "-a",
      "a b",       "a.b",
      "a\n",       " a",
      "a ",        "\xc3\xa4",
      "a\xc3\xa4", "a23456789b23456789c23456789d23456789e23456789f23456789g234567890"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (emotion_text_is_name (names[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (emotion_text_is_name (others[i]));
  g_assert_false (emotion_text_is_name (NULL));
}

static EmotionTextReader
reader_of (const char *text, GError **error)
{
  return (EmotionTextReader){.origin = "file",
                             .section = "part",
                             .data = text,
                             .at = text,
                             .end = text + strlen (text),
                             .error = error};
}

static void
test_read (void)
{
  GError *error = NULL;
  EmotionTextReader r = reader_of (
      "a line\nname some value\ncount 42\nsize -1.5\nm 2 3\n1 2 3\n-4 0.5 6.10351562e-05\n",
      &error);
  char *line, *value;
  guint64 count;
  double size;
  float *m;
  g_assert_true (emotion_text_line (&r, &line));
  g_assert_cmpstr (line, ==, "a line");
  g_assert_true (emotion_text_string (&r, "name", &value));
  g_assert_cmpstr (value, ==, "some value");
  g_assert_true (emotion_text_uint (&r, "count", 42, 42, &count));
  g_assert_cmpuint (count, ==, 42);
  g_assert_true (emotion_text_double (&r, "size", -1.5, 0, &size));
  g_assert_cmpfloat (size, ==, -1.5);
  g_assert_false (r.at == r.end);
  g_assert_true (emotion_text_floats (&r, "m", 2, 3, &m));
  const float expected[] = {1, 2, 3, -4, 0.5f, 6.10351562e-05f};
  g_assert_cmpmem (m, sizeof expected, expected, sizeof expected);
  g_assert_true (emotion_text_finish (&r));
  g_assert_no_error (error);
  g_free (line);
  g_free (value);
  g_free (m);
}

/* The first error and its place are kept, and nothing after it is read. */
static void
test_first_error (void)
{
  GError *error = NULL;
  EmotionTextReader r = reader_of ("one 1\ntwo x\nthree 3\n", &error);
  guint64 value;
  char *line;
  g_assert_true (emotion_text_uint (&r, "one", 0, 9, &value));
  g_assert_false (emotion_text_uint (&r, "two", 0, 9, &value));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT);
  g_assert_true (g_str_has_prefix (error->message, "file: section 'part', byte "));
  g_assert_nonnull (strstr (error->message, "two is 'x'"));
  char *message = g_strdup (error->message);
  g_assert_false (emotion_text_uint (&r, "three", 0, 9, &value));
  g_assert_false (emotion_text_line (&r, &line));
  g_assert_false (emotion_text_fail (&r, "something else"));
  g_assert_false (emotion_text_finish (&r));
  g_assert_cmpstr (error->message, ==, message);
  g_free (message);
  g_clear_error (&error);
}

static void
test_wrong (void)
{
  static const char *const no_floats[] = {
      "m 1 2\n1\n",    "m 1 2\n1 2",   "m 1 2\n1 2 3\n", "m 1 2\n1  2\n",   "m 1 2\n1 2 \n",
      "m 2 1\n1 2\n",  "m 1 2\nx 2\n", "m 1 2\nnan 2\n", "m 1 2\n1e39 2\n", "m 1 2\n\n1 2\n",
      "m 1  2\n1 2\n", "n 1 2\n1 2\n", "m 1 2",          "m 1 2\n",         "m 1 2\n1,0 2\n"};
  static const char *const no_uints[] = {
      "m 10\n", "m 4\n",   "m -5\n", "m +5\n", "m 5 \n",
      "m  5\n", "m 5.0\n", "m\n",    "m \n",   "m5\n",
      "5\n",    "",        "m 5",    "mm 5\n", "m 18446744073709551621\n"};
  for (guint i = 0; i < G_N_ELEMENTS (no_floats); i++) {
    GError *error = NULL;
    EmotionTextReader r = reader_of (no_floats[i], &error);
    float *values;
    g_assert_false (emotion_text_floats (&r, "m", 1, 2, &values));
    g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT);
    g_clear_error (&error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (no_uints); i++) {
    GError *error = NULL;
    EmotionTextReader r = reader_of (no_uints[i], &error);
    guint64 value;
    g_assert_false (emotion_text_uint (&r, "m", 5, 9, &value));
    g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT);
    g_clear_error (&error);
  }
}

/* Reads one number as an array of one. */
static gboolean
is_accepted (const char *number, GError **error)
{
  char *text = g_strdup_printf ("m 1 1\n%s\n", number);
  float *values = NULL;
  EmotionTextReader r = reader_of (text, error);
  const gboolean accepted = emotion_text_floats (&r, "m", 1, 1, &values);
  g_free (values);
  g_free (text);
  return accepted;
}

/* Changes a digit, or inserts or removes a character. */
static void
garble (GString *number, GRand *random)
{
  static const char characters[] = "00123456789.-e+";
  const gssize at = g_rand_int_range (random, 0, (gint32)number->len);
  const char other = characters[g_rand_int_range (random, 0, sizeof characters - 1)];
  const gint32 how = g_rand_int_range (random, 0, 4);
  if (how == 0)
    g_string_erase (number, at, 1);
  else if (how == 1)
    g_string_insert_c (number, at, other);
  else if (how == 2)
    number->str[at] = other;
  else if (g_ascii_isdigit (number->str[number->len - 1])) /* the neighbouring float, or the same */
    number->str[number->len - 1] = (char)('0' + g_rand_int_range (random, 0, 10));
}

/* Each float has one notation: only text that would be written is accepted. */
static void
test_notation (void)
{
  static const char *const numbers[] = {"0",
                                        "-0",
                                        "1",
                                        "-1",
                                        "0.5",
                                        "100",
                                        "999999999",
                                        "1000000000",
                                        "1e+09",
                                        "1.5e-05",
                                        "0.0001",
                                        "9.99999975e-05",
                                        "0.1",
                                        "0.100000001",
                                        "0.3",
                                        "0.300000012",
                                        "0.30000001",
                                        "16777216",
                                        "16777217",
                                        "1.0",
                                        "01",
                                        "00",
                                        "-",
                                        ".5",
                                        "1.",
                                        "+1",
                                        "0x1",
                                        "1e5",
                                        "1e0",
                                        "1e-50",
                                        "3.40282347e+38",
                                        "1.40129846e-45",
                                        "",
                                        "0.00012207031",
                                        "0.000122070312",
                                        "1-"};
  GRand *random = g_rand_new_with_seed (11);
  GString *number = g_string_new (NULL);
  guint n_accepted = 0;
  for (guint i = 0; i < 100000; i++) {
    char written[G_ASCII_DTOSTR_BUF_SIZE], *end;
    if (i < G_N_ELEMENTS (numbers)) {
      g_string_assign (number, numbers[i]);
    } else {
      const float magnitude = (float)pow (10, g_rand_double_range (random, -7, 11));
      const float some = (float)g_rand_double_range (random, -1, 1) * magnitude;
      g_string_assign (number, g_ascii_formatd (written, sizeof written, "%.9g", some));
      for (guint n = i % 3; n > 0 && number->len > 0; n--)
        garble (number, random);
    }
    const float value = (float)g_ascii_strtod (number->str, &end);
    g_ascii_formatd (written, sizeof written, "%.9g", value);
    const gboolean expected = isfinite (value) && strcmp (written, number->str) == 0;
    GError *error = NULL;
    if (is_accepted (number->str, &error) != expected)
      g_error ("'%s' is %s", number->str, expected ? "refused" : "accepted");
    g_assert_true (expected == (error == NULL));
    g_clear_error (&error);
    n_accepted += expected;
  }
  g_assert_cmpuint (n_accepted, >, 35000);
  g_assert_cmpuint (n_accepted, <, 65000);
  g_string_free (number, TRUE);
  g_rand_free (random);
}

/* The same for integers and doubles; the error gives the place of the number. */
static void
test_notation_of_lines (void)
{
  static const char *const uints[] = {"one 07\n", "one 00\n"};
  static const char *const doubles[] = {"one 7.0\n", "one 07\n", "one 0.10\n", "one 7e0\n",
                                        "one 0x7\n", "one +7\n", "one  7\n",   "one 0.1\n"};
  guint64 integer;
  double number;
  for (guint i = 0; i < G_N_ELEMENTS (uints); i++) {
    GError *error = NULL;
    EmotionTextReader r = reader_of (uints[i], &error);
    g_assert_false (emotion_text_uint (&r, "one", 0, 9, &integer));
    g_assert_nonnull (strstr (error->message, "not in canonical notation"));
    g_error_free (error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++) {
    GError *error = NULL;
    EmotionTextReader r = reader_of (doubles[i], &error);
    g_assert_false (emotion_text_double (&r, "one", 0, 9, &number));
    g_assert_nonnull (strstr (error->message, "not in canonical notation"));
    g_error_free (error);
  }
}

/* Doubles and floats survive a round trip with the same bits. */
static void
test_numbers (void)
{
  const double doubles[] = {0.1, 1 / 3., DBL_MAX, DBL_MIN, -0., 4.9e-324, 1e22, G_PI};
  GRand *random = g_rand_new_with_seed (5);
  GString *text = g_string_new (NULL);
  float floats[1000], *back;
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++) {
    guint32 bits; /* any float */
    do {
      bits = g_rand_int (random);
      memcpy (&floats[i], &bits, sizeof bits);
    } while (!isfinite (floats[i]));
  }
  emotion_text_put_floats (text, "floats", 10, 100, floats);
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    emotion_text_put_double (text, "double", doubles[i]);
  EmotionTextReader r = reader_of (text->str, NULL);
  g_assert_true (emotion_text_floats (&r, "floats", 10, 100, &back));
  g_assert_cmpmem (floats, sizeof floats, back, sizeof floats);
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++) {
    double value;
    g_assert_true (emotion_text_double (&r, "double", -DBL_MAX, DBL_MAX, &value));
    g_assert_cmpmem (&value, sizeof value, &doubles[i], sizeof value);
  }
  g_assert_true (emotion_text_finish (&r));
  g_free (back);
  g_string_free (text, TRUE);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/names", test_names);
  g_test_add_func ("/text/read", test_read);
  g_test_add_func ("/text/first-error", test_first_error);
  g_test_add_func ("/text/wrong", test_wrong);
  g_test_add_func ("/text/notation", test_notation);
  g_test_add_func ("/text/notation-of-lines", test_notation_of_lines);
  g_test_add_func ("/text/numbers", test_numbers);
  return g_test_run ();
}
