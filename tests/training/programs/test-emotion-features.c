/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "tests/training/run.h"
#include "tests/training/scratch.h"
#include "tests/training/table.h"
#include "training/audio/extract.h"

static const char *program;

typedef struct {
  char *folder, *voice;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->voice = scratch_write_speech (fixture->folder, "a, \"b\".wav", 16000, 120, 2.5);
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

/* A file that fails is named on stderr and changes the status; the others are printed. */
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

/* Metadata of three clips of two speakers. */
static char *
write_metadata (Fixture *fixture)
{
  static const char text[] = "file_path,emotion,speaker\n\"a, \"\"b\"\".wav\",sad,s 2\n"
                             "it's.wav,happy,s1\nmore.wav,sad,s 2\n";
  g_free (scratch_write_speech (fixture->folder, "it's.wav", 16000, 200, 1.7));
  g_free (scratch_write_speech (fixture->folder, "more.wav", 8000, 150, 0.5));
  return scratch_write (fixture->folder, "metadata.csv", text, sizeof text - 1);
}

static char *
read_file (const char *path, gsize *size)
{
  char *content;
  GError *error = NULL;
  g_file_get_contents (path, &content, size, &error);
  g_assert_no_error (error);
  return content;
}

/* The numbers of an NPY file that must have this header and n numbers; to be freed. */
static float *
read_npy (const char *path, const char *shape, gsize n)
{
  gsize size;
  char *content = read_file (path, &size);
  float *numbers = g_new (float, n);
  g_assert_cmpuint (size, ==, 128 + n * sizeof (float));
  g_assert_cmpmem (content, 10, "\x93NUMPY\x01\0\x76\0", 10);
  g_assert_true (g_str_has_prefix (content + 10, shape));
  g_assert_cmpint (content[127], ==, '\n');
  memcpy (numbers, content + 128, n * sizeof (float));
  for (gsize i = 0; i < n; i++) {
    guint32 bits;
    memcpy (&bits, &numbers[i], sizeof bits);
    bits = GUINT32_FROM_LE (bits);
    memcpy (&numbers[i], &bits, sizeof bits);
  }
  g_free (content);
  return numbers;
}

/* All formats hold the same numbers, labels and speakers. */
static void
test_formats (Fixture *fixture, gconstpointer data)
{
  static const char *const endings[] = {"csv", "arff", "libsvm", "npy", "rows.csv"};
  const guint n_features = emotion_feature_set_find ("speech-1")->n_features;
  char *metadata = write_metadata (fixture), *path[5], *text[5];
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    path[i] = g_strdup_printf ("%s/rows.%s", fixture->folder, endings[i]);
    if (i == 4)
      break;
    Run run = RUN ("--metadata", metadata, "--window", "2", "--interval", "2", "-o", path[i], NULL);
    g_assert_cmpint (run.status, ==, 0);
    g_assert_cmpstr (run.out, ==, "");
    g_assert_cmpstr (run.err, ==, i == 2 ? "emotion-features: labels: 0 happy, 1 sad\n" : "");
    run_clear (&run);
  }
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    text[i] = read_file (path[i], NULL);
  GPtrArray *rows = table_parse (text[0]), *index = table_parse (text[4]);
  char **arff = g_strsplit (strstr (text[1], "@data\n") + 6, "\n", -1);
  char **libsvm = g_strsplit (text[2], "\n", -1);
  const guint n = rows->len - 1;
  g_assert_cmpuint (n, ==, 4); /* two for the clip of 2.5 s; the others are shorter than a window */
  char *shape = g_strdup_printf ("{'descr': '<f4', 'fortran_order': False, 'shape': (%u, %u), }", n,
                                 n_features);
  float *numbers = read_npy (path[3], shape, (gsize)n * n_features);
  for (guint r = 0; r < n; r++) {
    static const char *const columns[] = {"file", "label", "speaker", "start", "duration"};
    const char *label = table_find (rows, 1 + r, "label");
    for (guint c = 0; c < G_N_ELEMENTS (columns); c++) {
      g_assert_cmpstr (table_get (rows, 0, c), ==, columns[c]);
      g_assert_cmpstr (table_get (rows, 1 + r, c), ==, table_get (index, 1 + r, c));
    }
    char **values = g_strsplit (libsvm[r], " ", -1);
    g_assert_cmpuint (g_strv_length (values), ==, 1 + n_features);
    g_assert_cmpstr (values[0], ==, strcmp (label, "sad") == 0 ? "1" : "0");
    GString *line = g_string_new (NULL);
    for (guint i = 0; i < n_features; i++) {
      const char *number = table_get (rows, 1 + r, 5 + i);
      char *value = g_strdup_printf ("%u:%s", i + 1, number);
      g_assert_cmpstr (values[1 + i], ==, value);
      g_assert_true ((float)g_ascii_strtod (number, NULL) == numbers[(gsize)r * n_features + i]);
      g_string_append_printf (line, ",%s", number);
      g_free (value);
    }
    g_string_append_printf (line, ",'%s'", label);
    g_assert_true (g_str_has_suffix (arff[r], line->str));
    g_string_free (line, TRUE);
    g_strfreev (values);
  }
  g_assert_true (g_str_has_prefix (arff[0], "'a, \"b\".wav','s 2',"));
  g_assert_true (g_str_has_prefix (arff[2], "'it\\'s.wav','s1',"));
  assert_has (text[1], "@attribute speaker {'s 2','s1'}\n");
  assert_has (text[1], "@attribute 'mfcc0_mean' numeric\n");
  assert_has (text[1], "@attribute class {'happy','sad'}\n@data\n");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_free (path[i]);
    g_free (text[i]);
  }
  g_ptr_array_unref (rows);
  g_ptr_array_unref (index);
  g_strfreev (arff);
  g_strfreev (libsvm);
  g_free (numbers);
  g_free (shape);
  g_free (metadata);
}

/* The array is the series mel_db of descriptors-1, from 80 dB below its maximum to the maximum,
 * padded with zeros or truncated. */
static void
test_log_mel (Fixture *fixture, gconstpointer data)
{
  enum { BANDS = 128, FRAMES = 1 + 40000 / 512, WIDE = 100, NARROW = 20 };
  static const gint16 silence[16000] = {0};
  char *quiet = scratch_write_wav (fixture->folder, "quiet.wav", 16000, 1, silence, 16000);
  char *path = g_build_filename (fixture->folder, "mel.npy", NULL);
  char *series = g_build_filename (fixture->folder, "a, \"b\"", "mel_db.npy", NULL);
  (void)data;
  Run run = RUN ("--log-mel", "--width", "100", "-o", path, "--frames", fixture->folder,
                 fixture->voice, quiet, NULL);
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
  float *wide = read_npy (path, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 128, 100)",
                          2 * BANDS * WIDE);
  float *levels = read_npy (series, "{'descr': '<f4', 'fortran_order': False, 'shape': (128, 79)",
                            BANDS * FRAMES);
  run = RUN ("--log-mel", "--width", "20", "-o", path, fixture->voice, NULL);
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
  float *narrow = read_npy (path, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 128, 20)",
                            BANDS * NARROW);
  float max = -1000;
  for (guint i = 0; i < BANDS * FRAMES; i++)
    max = MAX (max, levels[i]);
  for (guint b = 0; b < BANDS; b++)
    for (guint t = 0; t < WIDE; t++) {
      const float value = wide[b * WIDE + t];
      g_assert_true (value >= 0 && value <= 1);
      if (t < FRAMES)
        g_assert_cmpfloat_with_epsilon (value, 1 + (levels[b * FRAMES + t] - max) / 80, 1e-6);
      else
        g_assert_cmpfloat (value, ==, 0);
      g_assert_true (t >= NARROW || value == narrow[b * NARROW + t]);
      g_assert_cmpfloat (wide[(BANDS + b) * WIDE + t], ==, 0);
    }
  g_free (wide);
  g_free (narrow);
  g_free (levels);
  g_free (series);
  g_free (path);
  g_free (quiet);
}

/* The series of the whole file, besides the same rows. */
static void
test_frames (Fixture *fixture, gconstpointer data)
{
  enum { FRAMES = 1 + (40000 - 400) / 160 };
  char *f0_path = g_build_filename (fixture->folder, "frames", "a, \"b\"", "f0.npy", NULL);
  char *mfcc_path = g_build_filename (fixture->folder, "frames", "a, \"b\"", "mfcc.npy", NULL);
  char *frames = g_build_filename (fixture->folder, "frames", NULL);
  (void)data;
  Run plain = RUN (fixture->voice, NULL), run = RUN ("--frames", frames, fixture->voice, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.out, ==, plain.out);
  float *f0 =
      read_npy (f0_path, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 248), }", FRAMES);
  float *mfcc = read_npy (
      mfcc_path, "{'descr': '<f4', 'fortran_order': False, 'shape': (20, 248), }", 20 * FRAMES);
  guint n_voiced = 0;
  for (guint t = 0; t < FRAMES; t++) {
    g_assert_true (f0[t] == 0 || (f0[t] > 50 && f0[t] < 600));
    n_voiced += fabs (f0[t] - 120.0) < 3; /* the others are between syllables, or octave errors */
  }
  g_assert_cmpuint (n_voiced, >, FRAMES / 2);
  g_free (f0);
  g_free (mfcc);
  g_free (f0_path);
  g_free (mfcc_path);
  g_free (frames);
  run_clear (&plain);
  run_clear (&run);
}

/* The file stays unchanged if nothing can be written to it. */
static void
test_output (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *old = scratch_write (fixture->folder, "old.csv", "old", 3);
  Run run = RUN ("-o", old, "/nowhere.wav", NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_has (run.err, "1 of 1 file(s) failed");
  char *content = read_file (old, NULL);
  g_assert_cmpstr (content, ==, "old");
  run_clear (&run);
  if (g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    run = RUN ("-o", "/dev/full", fixture->voice, NULL);
    g_assert_cmpint (run.status, ==, 1);
    assert_has (run.err, "cannot write /dev/full: No space left");
    run_clear (&run);
  }
  g_free (content);
  g_free (old);
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
  static const char *const bad[][2] = {{"--features", "nothing"},
                                       {"--window", "0"},
                                       {"--window", "nan"},
                                       {"--window", "1e99"},
                                       {"--width", "0"},
                                       {"--metadata", "/nowhere.csv"},
                                       {"--log-mel", "--window=2"},
                                       {"--log-mel", "--format=csv"},
                                       {"--format", "npy"},
                                       {"--interval", "-1"},
                                       {"--interval", "x"},
                                       {"--format", "json"},
                                       {"--wrong", "1"}};
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Run run = RUN (bad[i][0], bad[i][1], fixture->voice, NULL);
    g_assert_cmpint (run.status, !=, 0);
    assert_has (run.err, bad[i][0] + 2);
    g_assert_cmpstr (run.out, ==, "");
    run_clear (&run);
  }
  Run run = RUN ("--audio-root", ".", NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "--metadata FILE is required");
  run_clear (&run);
  run = RUN ("--metadata", "m.csv", fixture->voice, NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "remove ");
  run_clear (&run);
  run = RUN (NULL);
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
  ADD ("formats", test_formats);
  ADD ("log-mel", test_log_mel);
  ADD ("frames", test_frames);
  ADD ("output", test_output);
  ADD ("list", test_list);
  ADD ("bad-options", test_bad_options);
  return g_test_run ();
}
