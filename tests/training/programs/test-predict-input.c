/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inputs that emotion-predict accepts, and its behaviour on errors. */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/training/predict.h"
#include "tests/training/scratch.h"
#include "tests/training/table.h"

/* A relative path, from its folder, and a URI. */
static void
test_paths (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *uri = g_filename_to_uri (fixture->low, NULL, NULL);
  Run run = run_program_in (fixture->folder, NULL, predict_program, "--model", "test.emotion",
                            "--as-json", "low voice.wav", "./low voice.wav", uri, NULL);
  g_assert_cmpint (run.status, ==, 0);
  JsonArray *array = predict_parse (&run);
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
  JsonObject *first = json_array_get_object_element (array, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "file"), ==, "low voice.wav");
  const char *label = json_object_get_string_member (first, "label");
  for (guint i = 1; i < 3; i++)
    g_assert_cmpfloat (predict_probability (array, i, label), ==,
                       predict_probability (array, 0, label));
  json_array_unref (array);
  run_clear (&run);
  g_free (uri);
}

/* Files that fail are named with the reason; the others are processed, and the status is not 0. */
static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  static const gint16 silence[100] = {0};
  (void)data;
  char *missing = g_build_filename (fixture->folder, "missing.wav", NULL);
  char *empty = scratch_write (fixture->folder, "empty.wav", "", 0);
  char *garbage = scratch_write (fixture->folder, "garbage.wav", "nothing to hear", 15);
  char *no_samples = scratch_write_wav (fixture->folder, "none.wav", 16000, 1, silence, 0);
  char *brief = scratch_write_wav (fixture->folder, "brief.wav", 16000, 1, silence, 100);
  char *slow = scratch_write_wav (fixture->folder, "slow.wav", 6000, 1, silence, 100);
  const char *bad[] = {missing, empty, garbage, no_samples, brief, slow, "nowhere://x"};
  const char *reasons[] = {"No such file", "is empty", "does not know", "", "25 ms",
                           "8 to 192 kHz", ""};
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Run run = RUN ("--model", fixture->model, bad[i], fixture->high);
    char *named = g_strdup_printf ("emotion-predict: %s: ", bad[i]);
    char *good = g_strdup_printf ("%s -> ", fixture->high);
    g_assert_cmpint (run.status, !=, 0);
    assert_has (run.err, named);
    assert_has (run.err, reasons[i]);
    assert_has (run.err, "1 of 2 file(s) failed");
    g_assert_true (g_str_has_prefix (run.out, good));
    g_free (named);
    g_free (good);
    run_clear (&run);
  }
  Run run = RUN ("--model", fixture->model, "--as-json", missing);
  JsonArray *array = predict_parse (&run);
  g_assert_cmpuint (json_array_get_length (array), ==, 0);
  json_array_unref (array);
  run_clear (&run);
  g_free (missing);
  g_free (empty);
  g_free (garbage);
  g_free (no_samples);
  g_free (brief);
  g_free (slow);
}

/* Every sound file in a folder and its subfolders, sorted by name; one that fails does not stop the
 * others. */
static void
test_folder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *sub = g_build_filename (fixture->folder, "b", NULL);
  char *empty = g_build_filename (fixture->folder, "empty", NULL);
  g_assert_cmpint (g_mkdir (sub, 0777) | g_mkdir (empty, 0777), ==, 0);
  const char *names[] = {"b/a.wav", "b/z.WAV", "high.wav", "low voice.wav"};
  g_free (scratch_write_speech (sub, "z.WAV", 8000, 100, 1));
  g_free (scratch_write_speech (sub, "a.wav", 8000, 100, 1));
  g_free (scratch_write (sub, "bad.mp3", "nothing", 7));
  g_free (scratch_write (sub, "notes.txt", "nothing", 7));
  Run run = RUN ("--model", fixture->model, "--csv", fixture->folder);
  GPtrArray *rows = table_parse (run.out);
  g_assert_cmpint (run.status, ==, 1);
  assert_has (run.err, "b/bad.mp3: ");
  assert_has (run.err, "1 of 5 file(s) failed");
  g_assert_cmpuint (rows->len, ==, 1 + G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *path = g_build_filename (fixture->folder, names[i], NULL);
    g_assert_cmpstr (table_find (rows, 1 + i, "file"), ==, path);
    g_free (path);
  }
  g_ptr_array_unref (rows);
  run_clear (&run);

  run = RUN ("--model", fixture->model, empty, fixture->high);
  g_assert_cmpint (run.status, ==, 1);
  assert_has (run.err, "no audio file");
  assert_has (run.out, fixture->high);
  run_clear (&run);
  g_free (sub);
  g_free (empty);
}

/* A command line for sh in which $0 is predict_program, $1 the model and $2 a file. */
static Run
shell (const Fixture *fixture, const char *line)
{
  return run_program ("sh", "-c", line, predict_program, fixture->model, fixture->high, NULL);
}

static void
test_standard_input (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run file = RUN ("--model", fixture->model, "--csv", "--timeline", fixture->high);
  Run input = shell (fixture, "cat \"$2\" | \"$0\" --model \"$1\" --csv --timeline -");
  GPtrArray *expected = table_parse (file.out), *rows = table_parse (input.out);
  g_assert_cmpint (input.status, ==, 0);
  g_assert_cmpuint (rows->len, ==, expected->len);
  for (guint r = 1; r < rows->len; r++) {
    g_assert_cmpstr (table_get (rows, r, 0), ==, "-");
    for (guint c = 1; c < ((GPtrArray *)rows->pdata[r])->len; c++)
      g_assert_cmpstr (table_get (rows, r, c), ==, table_get (expected, r, c));
  }
  g_ptr_array_unref (expected);
  g_ptr_array_unref (rows);
  run_clear (&file);
  run_clear (&input);

  input = shell (fixture, "\"$0\" --model \"$1\" - \"$2\" </dev/null");
  g_assert_cmpint (input.status, ==, 1);
  assert_has (input.err, "standard input: ");
  assert_has (input.out, fixture->high);
  run_clear (&input);
}

/* A reader that closes the pipe ends the program silently; a full disk is reported. */
static void
test_output (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = shell (fixture, "\"$0\" --model \"$1\" -t \"$2\" \"$2\" \"$2\" | head -n 1");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_cmpuint (strcspn (run.out, "\n"), ==, strlen (run.out) - 1);
  run_clear (&run);
  run = shell (fixture,
               "trap '' PIPE; { \"$0\" --model \"$1\" \"$2\" /nowhere; echo \"$?\" >&2; } | :");
  assert_has (run.err, "cannot write the output: Broken pipe");
  assert_lacks (run.err, "nowhere");
  g_assert_true (g_str_has_suffix (run.err, "1\n"));
  run_clear (&run);
  if (g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    run = shell (fixture, "\"$0\" --model \"$1\" --csv \"$2\" >/dev/full");
    g_assert_cmpint (run.status, ==, 1);
    assert_has (run.err, "cannot write the output: No space left");
    run_clear (&run);
  }
}

/* The first of several audio streams is analysed; a file with pictures only has none. */
static void
test_streams (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *two = g_build_filename (fixture->folder, "two.mkv", NULL);
  char *pictures = g_build_filename (fixture->folder, "pictures.mkv", NULL);
  char *mux_two = g_strdup_printf (
      "matroskamux name=mux ! filesink location=%s filesrc location=\"%s\" ! wavparse ! "
      "mux.audio_0 "
      "filesrc location=%s ! wavparse ! mux.audio_1 videotestsrc num-buffers=5 ! mux.",
      two, fixture->low, fixture->high);
  char *mux_pictures =
      g_strdup_printf ("videotestsrc num-buffers=5 ! matroskamux ! filesink location=%s", pictures);
  if (scratch_run_pipeline (mux_two) && scratch_run_pipeline (mux_pictures)) {
    Run run = RUN ("--model", fixture->model, "--as-json", two, fixture->low);
    JsonArray *array = predict_parse (&run);
    g_assert_cmpint (run.status, ==, 0);
    const char *label =
        json_object_get_string_member (json_array_get_object_element (array, 1), "label");
    g_assert_cmpfloat (predict_probability (array, 0, label), ==,
                       predict_probability (array, 1, label));
    json_array_unref (array);
    run_clear (&run);

    run = RUN ("--model", fixture->model, pictures);
    g_assert_cmpint (run.status, !=, 0);
    assert_has (run.err, "has no audio stream");
    run_clear (&run);
  } else {
    g_test_skip ("GStreamer has no matroskamux, wavparse or videotestsrc");
  }
  g_free (two);
  g_free (pictures);
  g_free (mux_two);
  g_free (mux_pictures);
}

/* Errors that concern all files are reported once, before any file. */
static void
test_bad_setup (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *missing = g_build_filename (fixture->folder, "missing.emotion", NULL);
  Run run = RUN ("--model", missing, fixture->low, fixture->high);
  g_assert_cmpint (run.status, !=, 0);
  g_assert_cmpstr (run.out, ==, "");
  assert_has (run.err, missing);
  assert_lacks (run.err, fixture->low);
  run_clear (&run);

  char *registry = g_build_filename (fixture->folder, "registry.bin", NULL);
  char **environment = g_get_environ ();
  environment = g_environ_unsetenv (environment, "GST_PLUGIN_PATH");
  environment = g_environ_setenv (environment, "GST_REGISTRY", registry, TRUE);
  environment = g_environ_setenv (environment, "GST_PLUGIN_SYSTEM_PATH", fixture->folder, TRUE);
  run = run_program_in (NULL, environment, predict_program, "--model", fixture->model, fixture->low,
                        NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "GST_PLUGIN_PATH");
  run_clear (&run);
  g_strfreev (environment);
  g_free (registry);
  g_free (missing);
}

/* A missing decoder is named with the package that has it. */
static void
test_missing_decoder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char **environment =
      g_environ_setenv (g_get_environ (), "GST_PLUGIN_FEATURE_RANK", "wavparse:NONE", TRUE);
  Run run = run_program_in (NULL, environment, predict_program, "--model", fixture->model,
                            fixture->low, NULL);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, fixture->low);
  assert_has (run.err, "WAV");
  assert_has (run.err, "apt install gstreamer1.0-plugins-good");
  run_clear (&run);
  g_strfreev (environment);
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[][2] = {
      {"--topk", "0"}, {"--topk", "-1"}, {"--topk", "x"}, {"--wrong", "1"}};
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    Run run = RUN ("--model", fixture->model, bad[i][0], bad[i][1], fixture->low);
    g_assert_cmpint (run.status, !=, 0);
    g_assert_cmpstr (run.out, ==, "");
    assert_has (run.err, bad[i][0] + 2);
    run_clear (&run);
  }
  Run run = RUN ("--model", fixture->model);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "FILE");
  run_clear (&run);
  run = RUN ("--as-json", "--csv", fixture->low);
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "--csv");
  run_clear (&run);
  run = RUN ("-", "-");
  g_assert_cmpint (run.status, !=, 0);
  assert_has (run.err, "standard input");
  run_clear (&run);
  run = RUN ("--help");
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.out, "--as-json");
  run_clear (&run);
  run = RUN ("--version");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_true (g_str_has_prefix (run.out, "emotion-predict "));
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  PREDICT_TEST ("paths", test_paths);
  PREDICT_TEST ("bad-files", test_bad_files);
  PREDICT_TEST ("folder", test_folder);
  PREDICT_TEST ("standard-input", test_standard_input);
  PREDICT_TEST ("output", test_output);
  PREDICT_TEST ("streams", test_streams);
  PREDICT_TEST ("bad-setup", test_bad_setup);
  PREDICT_TEST ("missing-decoder", test_missing_decoder);
  PREDICT_TEST ("options", test_options);
  return predict_run_tests (argc, argv);
}
