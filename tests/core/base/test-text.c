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
      "a line\nname some value\ncount 42\nsize -1.5\nm 2 3\n1 2 3\n-4 0.5 6e-3\n", &error);
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
  const float expected[] = {1, 2, 3, -4, 0.5f, 6e-3f};
  g_assert_cmpmem (m, sizeof expected, expected, sizeof expected);
  g_assert_true (emotion_text_finish (&r));
  g_assert_no_error (error);
  g_free (line);
  g_free (value);
  g_free (m);
}

/* The first error stays, with its place, and nothing is read behind it. */
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

/* Doubles and floats come back with the same bits. */
static void
test_numbers (void)
{
  const double doubles[] = {0.1, 1 / 3., DBL_MAX, DBL_MIN, -0., 4.9e-324, 1e22, G_PI};
  GRand *random = g_rand_new_with_seed (5);
  GString *text = g_string_new (NULL);
  float floats[1000], *back;
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++) {
    guint32 bits; /* any float there is */
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
  g_test_add_func ("/text/numbers", test_numbers);
  return g_test_run ();
}
