/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests emotion-features --features descriptors-1, and tests/common/compare-descriptors on its
 * output. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/emotion.h"
#include "tests/common/agreement.h"
#include "tests/training/run.h"
#include "tests/training/scratch.h"
#include "training/audio/extract.h"

#define N_FEATURES 251

static const char *emotion_features, *compare_descriptors;

typedef struct {
  char *folder, *voice;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->voice = scratch_write_speech (fixture->folder, "voice.one.wav", 16000, 120, 2.5);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->voice);
  scratch_remove (fixture->folder);
}

static void
keep_vector (const EmotionWindow *window, const EmotionExtractor *extractor, gpointer data)
{
  (void)extractor;
  memcpy (data, window->vector, N_FEATURES * sizeof (float));
}

/* A row has the file and the features, with every bit of them. */
static void
test_rows (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = run_program (emotion_features, "--features", "descriptors-1", "--format", "csv",
                         fixture->voice, fixture->voice, NULL);
  float vector[N_FEATURES];
  const EmotionFeatureSet *set = emotion_feature_set_find ("descriptors-1");
  TrainingAudio audio;
  g_assert_cmpint (run.status, ==, 0);
  char **lines = g_strsplit (run.out, "\n", -1), **names = emotion_feature_set_names (set);
  g_assert_cmpuint (g_strv_length (lines), ==, 4); /* the last line is empty */
  char **header = g_strsplit (lines[0], ",", -1);
  g_assert_cmpstr (header[0], ==, "file");
  g_assert_true (g_strv_equal ((const char *const *)names, (const char *const *)header + 1));
  g_assert_true (training_decode (fixture->voice, &audio, NULL));
  g_assert_true (training_extract_clip (&audio, set, keep_vector, vector, NULL));
  for (guint row = 1; row < 3; row++) {
    char **fields = g_strsplit (lines[row], ",", -1);
    g_assert_cmpuint (g_strv_length (fields), ==, 1 + N_FEATURES);
    g_assert_cmpstr (fields[0], ==, fixture->voice);
    for (guint i = 0; i < N_FEATURES; i++)
      g_assert_true ((float)g_ascii_strtod (fields[1 + i], NULL) == vector[i]);
    g_strfreev (fields);
  }
  training_audio_clear (&audio);
  g_strfreev (header);
  g_strfreev (names);
  g_strfreev (lines);
  run_clear (&run);
}

/* With windows, there is one row per window. */
static void
test_windows (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = run_program (emotion_features, "--features", "descriptors-1", "--window", "2",
                         "--interval", "0.5", fixture->voice, NULL);
  g_assert_cmpint (run.status, ==, 0);
  char **lines = g_strsplit (run.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2 + 4); /* 1 s, 1.5 s and two of 2 s */
  g_assert_true (g_str_has_prefix (lines[0], "file,start,duration,duration,rms_mean,"));
  g_strfreev (lines);
  run_clear (&run);
}

/* Checks that both files of a matrix agree; returns the number of columns. */
static guint
assert_matrix (const char *folder, const char *name, guint n_rows)
{
  char *csv_name = g_strconcat (name, ".csv", NULL), *npy_name = g_strconcat (name, ".npy", NULL);
  char *csv_path = g_build_filename (folder, csv_name, NULL);
  char *npy_path = g_build_filename (folder, npy_name, NULL);
  char *csv, *npy, *header;
  gsize size;
  guint n_columns = 0;
  g_assert_true (g_file_get_contents (csv_path, &csv, NULL, NULL));
  g_assert_true (g_file_get_contents (npy_path, &npy, &size, NULL));
  g_assert_cmpmem (npy, 8, "\x93NUMPY\x01\0", 8);
  guint length = (guint8)npy[8] + 256 * (guint8)npy[9], at = 10 + length;
  g_assert_cmpuint (at % 64, ==, 0);
  g_assert_cmpint (npy[at - 1], ==, '\n');
  char **lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, n_rows + 1);
  for (guint r = 0; r < n_rows; r++) {
    char **fields = g_strsplit (lines[r], ",", -1);
    n_columns = g_strv_length (fields);
    for (guint c = 0; c < n_columns; c++, at += 4) {
      const guint8 *bytes = (const guint8 *)npy + at;
      guint32 bits =
          bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 | (guint32)bytes[3] << 24;
      float value;
      g_assert_cmpuint (at + 4, <=, size);
      memcpy (&value, &bits, sizeof value);
      g_assert_true (value == (float)g_ascii_strtod (fields[c], NULL));
    }
    g_strfreev (fields);
  }
  g_assert_cmpuint (at, ==, size);
  header = g_strdup_printf ("{'descr': '<f4', 'fortran_order': False, 'shape': (%u, %u), } ",
                            n_rows, n_columns);
  g_assert_true (strncmp (npy + 10, header, strlen (header)) == 0);
  g_strfreev (lines);
  g_free (header);
  g_free (csv);
  g_free (npy);
  g_free (csv_name);
  g_free (npy_name);
  g_free (csv_path);
  g_free (npy_path);
  return n_columns;
}

static void
test_frames (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const struct {
    const char *name;
    guint n_rows;
  } matrices[] = {{"rms", 1},         {"spectral_contrast", 7}, {"tonnetz", 6},
                  {"chroma_cqt", 12}, {"mfcc_delta2", 20},      {"mel_db", 128}};
  char *frames = g_build_filename (fixture->folder, "deep", "frames", NULL);
  Run run = run_program (emotion_features, "--features", "descriptors-1", "--frames", frames,
                         fixture->voice, NULL);
  g_assert_cmpint (run.status, ==, 0);
  char *folder = g_build_filename (frames, "voice.one", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (matrices); i++)
    g_assert_cmpuint (assert_matrix (folder, matrices[i].name, matrices[i].n_rows), ==,
                      1 + 40000 / 512);
  g_assert_cmpuint (assert_matrix (folder, "tempo", 1), ==, 1);
  g_assert_cmpuint (assert_matrix (folder, "pitch_values", 1), >, 10);
  g_free (folder);
  g_free (frames);
  run_clear (&run);
}

/* A wrong use of --frames fails with a message about it. */
static void
test_bad_options (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const char *const on_a_file[] = {
      emotion_features, "--features", "descriptors-1", "--frames", fixture->voice,
      fixture->voice,   NULL};
  const char *const twice[] = {emotion_features, "--frames",     fixture->folder,
                               fixture->voice,   fixture->voice, NULL};
  const char *const *const bad[] = {on_a_file, twice};
  const char *const words[] = {"choose another folder", "of another file"};
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Run run = run_arguments (NULL, NULL, bad[i]);
    g_assert_cmpint (run.status, !=, 0);
    assert_has (run.err, words[i]);
    run_clear (&run);
  }
}

/* The files with reference values; NULL without the reference. */
static GPtrArray *
reference_clips (const char *reference)
{
  char *folder = g_build_filename (reference, "features", NULL);
  GDir *dir = g_dir_open (folder, 0, NULL);
  GPtrArray *clips = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    GError *error = NULL;
    char *path = g_build_filename (folder, name, NULL);
    char *clip = test_reference_clip (path, &error);
    g_assert_no_error (error);
    if (g_file_test (clip, G_FILE_TEST_EXISTS))
      g_ptr_array_add (clips, clip);
    else
      g_free (clip);
    g_free (path);
  }
  if (dir)
    g_dir_close (dir);
  g_free (folder);
  return clips;
}

/* All clips of the reference agree; and the comparison detects disagreement. */
static void
test_reference (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const char *reference = g_getenv ("EMOTION_REFERENCE");
  GPtrArray *arguments = reference_clips (reference ? reference : ".");
  if (arguments->len == 0) {
    g_test_skip ("the reference is not there; EMOTION_REFERENCE names its folder");
    g_ptr_array_unref (arguments);
    return;
  }
  g_ptr_array_insert (arguments, 0, g_strdup (emotion_features));
  g_ptr_array_insert (arguments, 1, g_strdup ("--features"));
  g_ptr_array_insert (arguments, 2, g_strdup ("descriptors-1"));
  g_ptr_array_add (arguments, NULL);
  Run run = run_arguments (NULL, NULL, (const char *const *)arguments->pdata);
  g_assert_cmpint (run.status, ==, 0);
  char *csv = g_build_filename (fixture->folder, "features.csv", NULL);
  g_assert_true (g_file_set_contents (csv, run.out, -1, NULL));
  Run comparison = run_program (compare_descriptors, reference, csv, NULL);
  g_assert_cmpint (comparison.status, ==, 0);
  run_clear (&comparison);
  /* Durations of minutes. */
  char **parts = g_strsplit (run.out, ".flac,", -1), *changed = g_strjoinv (".flac,9", parts);
  g_assert_true (g_file_set_contents (csv, changed, -1, NULL));
  comparison = run_program (compare_descriptors, reference, csv, NULL);
  g_assert_cmpint (comparison.status, !=, 0);
  run_clear (&comparison);
  run_clear (&run);
  g_strfreev (parts);
  g_free (changed);
  g_free (csv);
  g_ptr_array_unref (arguments);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 3);
  emotion_features = argv[1];
  compare_descriptors = argv[2];
#define ADD(name, function)                                                                        \
  g_test_add ("/training/descriptors/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rows", test_rows);
  ADD ("windows", test_windows);
  ADD ("frames", test_frames);
  ADD ("bad-options", test_bad_options);
  ADD ("reference", test_reference);
  return g_test_run ();
}
