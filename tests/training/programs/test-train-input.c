/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does; its path is the argument. The inputs that it
 * refuses or skips. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"

/* The folder has only the metadata that the test wrote. */
static void
assert_nothing_written (const Trainer *trainer)
{
  GDir *dir = g_dir_open (trainer->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));)
    g_assert_cmpstr (name, ==, "test.csv");
  g_dir_close (dir);
}

static void
test_bad_metadata (Trainer *trainer, gconstpointer data)
{
  (void)data;
  assert_failed (RUN ("--metadata", "/nowhere/metadata.csv", "--output-dir", trainer->folder), 1,
                 "/nowhere/metadata.csv");
  assert_failed (trainer_run_text (trainer, ""), 1, "empty");
  assert_failed (trainer_run_text (trainer, "where,mood,who\nx.wav,calm,s0\n"), 1,
                 "the columns are: where, mood, who");
  assert_failed (trainer_run_text (trainer, "path,mood,who\nx.wav,calm,s0\n"), 1,
                 "the columns are: path, mood, who");
  assert_failed (trainer_run_text (trainer, "path,label\n"), 1, "no row");
  assert_failed (trainer_run_text (trainer, "path,label\n,calm\n"), 1, "none of");
  assert_failed (trainer_run_text (trainer, "path,label\nx.wav,calm\n"), 1, "test.csv:2: ");
  assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK,
                      "--group-column", "who"),
                 1, "the columns are: file_path, emotion, speaker");
  assert_nothing_written (trainer);
}

/* Data that cannot be evaluated with held-out speakers. */
static void
test_too_little (Trainer *trainer, gconstpointer data)
{
  static const struct {
    guint n_speakers;
    const char *words;
  } cases[] = {{2, "2 speaker(s)"}, {3, "more folds"}}; /* two folds of three leave one */
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GString *text = synthetic_speakers_metadata (cases[i].n_speakers);
    assert_failed (trainer_run_text (trainer, text->str), 1, cases[i].words);
    g_string_free (text, TRUE);
  }
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, "s0-calm-0.wav,calm", "s0-calm-0.wav,bored", 1);
  assert_failed (trainer_run_text (trainer, text->str), 1, "'bored' has clips of 1");
  g_string_free (text, TRUE);
  assert_nothing_written (trainer);
}

/* One label only, an invalid label, more folds than speakers. */
static void
test_labels_and_folds (Trainer *trainer, gconstpointer data)
{
  (void)data;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, ",angry,", ",calm,", 0);
  g_string_replace (text, ",happy,", ",calm,", 0);
  assert_failed (trainer_run_text (trainer, text->str), 1, "check --label-column");
  g_string_replace (text, "s0-calm-0.wav,calm", "s0-calm-0.wav,happy", 1);
  g_string_replace (text, "s1-calm-0.wav,calm", "s1-calm-0.wav,happy", 1);
  g_string_replace (text, ",calm,", ",none,", 0);
  assert_failed (trainer_run_text (trainer, text->str), 1, "label 'none' is reserved");
  assert_nothing_written (trainer);
  g_string_free (text, TRUE);
  Run run = RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICKEST,
                 "--cv-folds", "9");
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "--cv-folds 9: reduced to 5 folds");
  run_clear (&run);
}

/* Simulates a full disk: no file may grow beyond some bytes. The existing files stay, and no
 * partial file is left. */
static void
limit_files (gpointer bytes)
{
  const struct rlimit limit = {GPOINTER_TO_UINT (bytes), GPOINTER_TO_UINT (bytes)};
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* The limit allows the model file, but not the metrics. */
#define SMALL QUICKEST, "--features", "descriptors-1"

static void
train_within (const Trainer *trainer, guint bytes)
{
  static const char *const names[] = {"model.emotion", "training_metrics.json"};
  const char *arguments[] = {
      trainer_program, "--metadata", trainer->metadata, "--output-dir", trainer->folder,
      SMALL,           NULL};
  char *out, *err;
  int status;
  GError *error = NULL;
  for (guint i = 0; i < 2; i++)
    g_free (scratch_write (trainer->folder, names[i], names[i], strlen (names[i])));
  g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, limit_files,
                GUINT_TO_POINTER (bytes), &out, &err, &status, &error);
  g_assert_no_error (error);
  g_test_message ("%s", err);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 1);
  assert_has (err, "emotion-train: ");
  assert_has (err, trainer->folder);
  g_assert_cmpstr (out, ==, "");
  for (guint i = 0; i < 2; i++) {
    gsize size;
    char *old = read_file (trainer->folder, names[i], &size), *path;
    g_assert_cmpstr (old, ==, names[i]);
    path = g_build_filename (trainer->folder, names[i], NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
    g_free (path);
    g_free (old);
  }
  assert_nothing_written (trainer);
  g_free (out);
  g_free (err);
}

/* Neither if nothing can be written, nor if only the model can. */
static void
test_full_disk (Trainer *trainer, gconstpointer data)
{
  gsize model_size, metrics_size;
  (void)data;
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, SMALL));
  g_free (read_file (trainer->folder, "model.emotion", &model_size));
  g_free (read_file (trainer->folder, "training_metrics.json", &metrics_size));
  char *timing = g_build_filename (trainer->folder, "training_timing.json", NULL);
  g_assert_cmpint (g_remove (timing), ==, 0);
  g_free (timing);
  g_assert_cmpuint (model_size + 1000, <, metrics_size);
  train_within (trainer, 1000);
  train_within (trainer, (guint)(model_size + metrics_size) / 2);
}

/* Unusable clips are named with file and line, on stderr and in the metrics; the
 * others are used. */
static void
test_bad_clips (Trainer *trainer, gconstpointer data)
{
  static const char *const bad[] = {"missing.wav", "empty.wav", "garbage.wav", "no-samples.wav",
                                    "short.wav",   "half.wav",  "folder"};
  static const gint16 samples[100] = {1, 2, 3};
  (void)data;
  g_free (scratch_write (trainer_corpus, "empty.wav", "", 0));
  g_free (scratch_write (trainer_corpus, "garbage.wav", "garbage", 7));
  g_free (scratch_write (trainer_corpus, "half.wav", "RIFF\x10\0\0\0WAVEfmt ", 16));
  g_free (scratch_write_wav (trainer_corpus, "no-samples.wav", 16000, 1, samples, 0));
  g_free (
      scratch_write_wav (trainer_corpus, "short.wav", 16000, 1, samples, G_N_ELEMENTS (samples)));
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_string_append_printf (text, "%s,calm,s0\n", i == 6 ? "../" : bad[i]);
  Run run = trainer_run_text (trainer, text->str);
  g_assert_cmpint (run.status, ==, 0);
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonArray *left_out = json_object_get_array_member (metrics, "left_out");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    char *place = g_strdup_printf ("test.csv:%u: ", 2 + SYNTHETIC_ALL + i);
    const char *line = strstr (run.err, place);
    g_assert_nonnull (line);
    char *end = strchr (line, '\n'), *message = g_strndup (line, (gsize)(end - line));
    g_assert_nonnull (strstr (message, i == 6 ? trainer_corpus : bad[i]));
    g_assert_nonnull (strstr (message, "left out"));
    g_assert_true (g_str_has_prefix (json_array_get_string_element (left_out, i), place));
    g_free (message);
    g_free (place);
  }
  g_assert_nonnull (strstr (run.err, "7 of 52 rows left out"));
  g_assert_cmpuint (json_array_get_length (left_out), ==, G_N_ELEMENTS (bad));
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, SYNTHETIC_ALL);
  json_object_unref (metrics);
  run_clear (&run);
  g_string_free (text, TRUE);
}

static void
test_bad_options (Trainer *trainer, gconstpointer data)
{
  static const struct {
    const char *option, *value, *words;
  } bad[] = {
      {"--test-size", "0", "--test-size"},
      {"--test-size", "0.6", "--test-size"},
      {"--test-size", "nan", "--test-size"},
      {"--test-size", "x", "--test-size"},
      {"--cv-folds", "1", "--cv-folds"},
      {"--cv-folds", "49", "--cv-folds"},
      {"--cv-folds", "2.5", "--cv-folds"},
      {"--n-jobs", "0", "--n-jobs"},
      {"--n-jobs", "-2", "--n-jobs"},
      {"--n-jobs", "1025", "--n-jobs"},
      {"--random-state", "x", "--random-state"},
      {"--protocol", "chance", "speaker, loso"},
      {"--features", "speech-9", "speech-2"},
      {"--candidates", "tree", "lda, logistic"},
      {"--candidates", "", "lda, logistic"},
      {"--candidates", "lda,,svc", "lda, logistic"},
      {"--window", "0", "window"},
      {"--window", "61", "window"},
      {"--window", "-1", "--window"},
      {"--window", "nan", "--window"},
      {"--window", "1e99", "--window"},
      {"--interval", "0", "interval"},
      {"--interval", "5", "interval"},
      {"--interval", "inf", "--interval"},
      {"--min-window", "-1", "--min-window"},
      {"--min-window", "nan", "--min-window"},
      {"--pipeline-name", "training_metrics.json", "--metrics-name"},
      {"--pipeline-name", "sub/a.emotion", "--output-dir"},
      {"--pipeline-name", "/tmp/a.emotion", "--output-dir"},
      {"--pipeline-name", "..", "--output-dir"},
      {"--pipeline-name", "", "--output-dir"},
      {"--metrics-name", "../metrics.json", "--output-dir"},
      {"--metrics-name", ".", "--output-dir"},
      /* Without effect */
      {"--false-windows", "0.1", "--ordinary"},
      {"--max-fused", "2", "--candidates"},
      {"--corpus", "two\nlines", "--corpus"},
      {"--licence", "two\nlines", "--licence"},
      {"--wrong", "1", "--wrong"},
      {"more.csv", "x", "'more.csv'"},
  };
  (void)data;
  char *output = g_build_filename (trainer->folder, "new", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", output, "--candidates",
                        "lda", "--skip-search", bad[i].option, bad[i].value),
                   2, bad[i].words);
  assert_failed (RUN ("--metadata", trainer->metadata), 2, "--output-dir");
  assert_failed (RUN ("--output-dir", output), 2, "--metadata");
  assert_failed (RUN ("-q"), 2, "--metadata");
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  g_free (output);
}

/* Options without effect are refused before the work. */
static void
test_no_augmentation (Trainer *trainer, gconstpointer data)
{
  static const char *const idle[][5] = {
      {"--search-iters", "3", "--skip-search", "-q", "--skip-search"},
      {"--hold-corpora", "-q", "-q", "-q", "--metadata"},
      {"--blend", "3", "--no-adaptation", "-q", "--no-adaptation"},
      {"--candidates", "svc", "--background", "more.csv", "lda-svc"},
      {"--repeat-statement", "-q", "-q", "-q", "statement"},
  };
  (void)data;
  char *output = g_build_filename (trainer->folder, "new", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (idle); i++)
    assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", output, idle[i][0],
                        idle[i][1], idle[i][2], idle[i][3]),
                   g_str_equal (idle[i][0], "--repeat-statement") ? 1 : 2, idle[i][4]);
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  g_free (output);
}

/* Trains with metadata with this header and, for each clip, a row of this format. */
static void
assert_columns_needed (Trainer *trainer, const char *columns, const char *end, const char *option,
                       const char *value, const char *words)
{
  GString *text = g_string_new (columns);
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (text, "s%u-calm-0.wav,calm%s\ns%u-angry-0.wav,angry%s\n", i, end, i,
                            end);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  char *output = g_build_filename (trainer->folder, "new", NULL);
  assert_failed (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                      output, QUICK, option, value),
                 1, words);
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  g_free (output);
  g_free (metadata);
  g_string_free (text, TRUE);
}

/* So are options whose columns are missing. */
static void
test_columns_needed (Trainer *trainer, gconstpointer data)
{
  (void)data;
  assert_columns_needed (trainer, "path,label\n", "", "--protocol", "speaker", "--group-column");
  assert_columns_needed (trainer, "path,label\n", "", "--protocol", "loso", "--group-column");
  assert_columns_needed (trainer, "path,label\n", "", "--repeat-statement", "-q", "--group-column");
  assert_columns_needed (trainer, "path,label,speaker\n", ",s1", "--repeat-statement", "-q",
                         "no clip has a statement");
  assert_columns_needed (trainer, "path,label,speaker,sentence\n", ",s1,a", "--repeat-statement",
                         "-q", "the same statement");
}

/* A table that cannot be printed is a failure. */
static void
test_full_output (Trainer *trainer, gconstpointer data)
{
  (void)data;
  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    g_test_skip ("no /dev/full");
    return;
  }
  char *arguments = g_strdup_printf ("'%s' --metadata '%s' --output-dir '%s' -q --skip-search "
                                     "--candidates lda --cv-folds 2 --no-adaptation --no-random",
                                     trainer_program, trainer->metadata, trainer->folder);
  char *commands[] = {g_strconcat (arguments, " >/dev/full", NULL),
                      g_strdup_printf ("'%s' --version >/dev/full", trainer_program)};
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    assert_failed (run_program ("/bin/sh", "-c", commands[i], NULL), 1, "No space left");
    g_free (commands[i]);
  }
  g_free (arguments);
}

static void
test_bad_output (Trainer *trainer, gconstpointer data)
{
  (void)data;
  /* A folder below a file, and a file in place of one */
  char *file = scratch_write (trainer->folder, "file", "x", 1);
  char *below = g_build_filename (file, "below", NULL);
  assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", below, QUICK), 1, below);
  assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", file, QUICK), 1, file);

  assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", "/proc/new", QUICK), 1,
                 "/proc/new");

  /* Folders with the names of the results: neither result is written. */
  static const char *const names[][2] = {{"model.emotion", "training_metrics.json"},
                                         {"training_metrics.json", "model.emotion"}};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *taken = g_build_filename (trainer->folder, names[i][0], NULL);
    char *other = g_build_filename (trainer->folder, names[i][1], NULL);
    g_assert_cmpint (g_mkdir_with_parents (taken, 0700), ==, 0);
    assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK), 1,
                   taken);
    g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
    g_assert_cmpint (g_remove (taken), ==, 0);
    g_free (taken);
    g_free (other);
  }
  g_free (below);
  g_free (file);
}

/* A failed training leaves the results of the last one unchanged. */
static void
test_old_results (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *model = scratch_write (trainer->folder, "model.emotion", "old", 3);
  char *metrics = scratch_write (trainer->folder, "training_metrics.json", "old", 3);
  assert_failed (trainer_run_text (trainer, "path,label,speaker\n"
                                            "s0-calm-0.wav,calm,s0\n"),
                 1, "speaker");
  gsize size;
  char *first = read_file (trainer->folder, "model.emotion", &size);
  char *second = read_file (trainer->folder, "training_metrics.json", &size);
  g_assert_cmpstr (first, ==, "old");
  g_assert_cmpstr (second, ==, "old");
  g_free (first);
  g_free (second);
  g_free (model);
  g_free (metrics);
}

static void
test_version (Trainer *trainer, gconstpointer data)
{
  (void)trainer;
  (void)data;
  Run run = RUN ("--version");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_true (g_str_has_prefix (run.out, "emotion-train "));
  g_assert_cmpstr (run.err, ==, "");
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("bad-metadata", test_bad_metadata);
  TRAINER_TEST ("too-little", test_too_little);
  TRAINER_TEST ("labels-and-folds", test_labels_and_folds);
  TRAINER_TEST ("full-disk", test_full_disk);
  TRAINER_TEST ("bad-clips", test_bad_clips);
  TRAINER_TEST ("bad-options", test_bad_options);
  TRAINER_TEST ("no-effect", test_no_augmentation);
  TRAINER_TEST ("columns-needed", test_columns_needed);
  TRAINER_TEST ("full-output", test_full_output);
  TRAINER_TEST ("bad-output", test_bad_output);
  TRAINER_TEST ("old-results", test_old_results);
  TRAINER_TEST ("version", test_version);
  return trainer_run_tests (argc, argv);
}
