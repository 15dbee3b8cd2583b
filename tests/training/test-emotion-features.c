/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "run.h"
#include "scratch.h"
#include "table.h"
#include "training/extract.h"

static const char *program;

typedef struct {
  char *folder, *voice;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->voice = scratch_write_voice (fixture->folder, "a, \"b\".wav", 16000, 120, 2.5);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->voice);
  scratch_remove (fixture->folder);
}

#define RUN(...) run_program (program, __VA_ARGS__)

typedef struct {
  GPtrArray *rows;
  const char *file;
  guint row, n_features;
} Comparison;

static void
compare_window (const EmotionWindow *window, gpointer data)
{
  Comparison *comparison = data;
  const guint row = ++comparison->row;
  g_assert_cmpstr (table_get (comparison->rows, row, 0), ==, comparison->file);
  g_assert_cmpfloat (g_ascii_strtod (table_get (comparison->rows, row, 1), NULL), ==,
                     (double)window->start / 16000);
  g_assert_cmpfloat (g_ascii_strtod (table_get (comparison->rows, row, 2), NULL), ==,
                     (double)window->length / 16000);
  for (guint i = 0; i < comparison->n_features; i++)
    g_assert_true ((float)g_ascii_strtod (table_get (comparison->rows, row, 3 + i), NULL) ==
                   window->vector[i]);
}

/* The CSV has the extractor's vectors, with every bit of them. */
static void
test_rows (Fixture *fixture, gconstpointer data)
{
  static const EmotionWindowing windowing = {2000000000, 500000000, 1000000000};
  const EmotionFeatureSet *features = emotion_feature_set_find ("speech-1");
  (void)data;
  Run run = RUN ("--window", "2", "--interval", "0.5", fixture->voice, NULL);
  g_assert_cmpint (run.status, ==, 0);
  GPtrArray *rows = table_parse (run.out);
  char **names = emotion_feature_set_names (features);
  g_assert_cmpstr (table_get (rows, 0, 0), ==, "file");
  g_assert_cmpstr (table_get (rows, 0, 1), ==, "start");
  g_assert_cmpstr (table_get (rows, 0, 2), ==, "duration");
  for (guint i = 0; i < features->n_features; i++)
    g_assert_cmpstr (table_get (rows, 0, 3 + i), ==, names[i]);

  TrainingAudio audio;
  g_assert_true (training_decode (fixture->voice, &audio, NULL));
  Comparison comparison = {rows, fixture->voice, 0, features->n_features};
  g_assert_true (
      training_extract (&audio, features, &windowing, compare_window, &comparison, NULL));
  g_assert_cmpuint (comparison.row, ==, 4); /* 1 s, 1.5 s and two of 2 s */
  g_assert_cmpuint (rows->len, ==, 1 + comparison.row);
  training_audio_clear (&audio);
  g_strfreev (names);
  g_ptr_array_unref (rows);
  run_clear (&run);
}

/* A file that fails is named on stderr and tells in the status; the others are printed. */
static void
test_failed_file (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *missing = g_build_filename (fixture->folder, "missing.wav", NULL);
  Run run = RUN (missing, fixture->voice, NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, missing);
  GPtrArray *rows = table_parse (run.out);
  g_assert_cmpuint (rows->len, ==, 4);
  for (guint i = 1; i < rows->len; i++)
    g_assert_cmpstr (table_get (rows, i, 0), ==, fixture->voice);
  g_ptr_array_unref (rows);
  g_free (missing);
  run_clear (&run);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  const EmotionFeatureSet *features = emotion_feature_set_find ("speech-1");
  (void)fixture;
  (void)data;
  Run run = RUN ("--list", NULL);
  g_assert_cmpint (run.status, ==, 0);
  GPtrArray *rows = table_parse (run.out);
  char **names = emotion_feature_set_names (features);
  g_assert_cmpuint (rows->len, ==, 1 + features->n_features);
  for (guint i = 0; i < features->n_features; i++) {
    g_assert_cmpstr (table_get (rows, 1 + i, 0), ==, names[i]);
    g_assert_cmpuint (((GPtrArray *)rows->pdata[1 + i])->len, ==, 2);
  }
  g_strfreev (names);
  g_ptr_array_unref (rows);
  run_clear (&run);
}

/* A wrong option fails with a message about it and without output. */
static void
test_bad_options (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[][2] = {
      {"--features", "nothing"}, {"--window", "0"},   {"--window", "nan"},  {"--window", "1e99"},
      {"--interval", "-1"},      {"--interval", "x"}, {"--format", "json"}, {"--wrong", "1"}};
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Run run = RUN (bad[i][0], bad[i][1], fixture->voice, NULL);
    g_assert_cmpint (run.status, !=, 0);
    assert_has (run.err, bad[i][0] + 2);
    g_assert_cmpstr (run.out, ==, "");
    run_clear (&run);
  }
  Run run = RUN (NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "FILE");
  g_assert_cmpstr (run.out, ==, "");
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
#define ADD(name, function)                                                                        \
  g_test_add ("/training/emotion-features/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rows", test_rows);
  ADD ("failed-file", test_failed_file);
  ADD ("list", test_list);
  ADD ("bad-options", test_bad_options);
  return g_test_run ();
}
