/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-predict as a user runs it; its path is the argument. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "common/test-model.h"
#include "core/detector.h"
#include "run.h"
#include "scratch.h"
#include "table.h"
#include "training/decode.h"

static char *program;

typedef struct {
  char *folder, *model, *low, *high;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->model = g_build_filename (fixture->folder, "test.emotion", NULL);
  test_model_save (fixture->model, 1);
  fixture->low = scratch_write_voice (fixture->folder, "low voice.wav", 22050, 110, 2.3);
  fixture->high = scratch_write_voice (fixture->folder, "high.wav", 16000, 240, 0.7);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->model);
  g_free (fixture->low);
  g_free (fixture->high);
  scratch_remove (fixture->folder);
}

#define RUN(...) run_program (program, __VA_ARGS__, NULL)

static JsonArray *
parse_array (const Run *run)
{
  GError *error = NULL;
  JsonNode *root = json_from_string (run->out, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (root));
  JsonArray *array = json_array_ref (json_node_get_array (root));
  json_node_unref (root);
  return array;
}

/* The probability of `label` among the topk of the entry `index`. */
static double
probability (JsonArray *array, guint index, const char *label)
{
  g_assert_cmpuint (index, <, json_array_get_length (array));
  JsonArray *topk =
      json_object_get_array_member (json_array_get_object_element (array, index), "topk");
  for (guint i = 0; i < json_array_get_length (topk); i++) {
    JsonObject *score = json_array_get_object_element (topk, i);
    if (g_str_equal (json_object_get_string_member (score, "label"), label))
      return json_object_get_double_member (score, "probability");
  }
  g_assert_not_reached ();
}

/* FILE -> label, and the best labels in order with their probabilities. */
static void
test_text (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run text = RUN ("--model", fixture->model, "--topk", "2", fixture->low, fixture->high);
  Run json =
      RUN ("--model", fixture->model, "--topk", "2", "--as-json", fixture->low, fixture->high);
  g_assert_cmpint (text.status, ==, 0);
  g_assert_cmpint (json.status, ==, 0);
  g_assert_cmpstr (text.err, ==, "");

  JsonArray *array = parse_array (&json);
  GString *expected = g_string_new (NULL);
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  for (guint i = 0; i < 2; i++) {
    JsonObject *entry = json_array_get_object_element (array, i);
    JsonArray *topk = json_object_get_array_member (entry, "topk");
    g_assert_cmpuint (json_array_get_length (topk), ==, 2);
    g_assert_cmpstr (json_object_get_string_member (entry, "file"), ==,
                     i ? fixture->high : fixture->low);
    g_string_append_printf (expected, "%s -> %s\n", json_object_get_string_member (entry, "file"),
                            json_object_get_string_member (entry, "label"));
    double last = json_object_get_double_member (entry, "probability");
    for (guint k = 0; k < 2; k++) {
      JsonObject *score = json_array_get_object_element (topk, k);
      double p = json_object_get_double_member (score, "probability");
      g_assert_true (k == 0 ? p == last : p <= last);
      last = p;
      g_string_append_printf (expected, "  %s %.2f\n",
                              json_object_get_string_member (score, "label"), p);
    }
  }
  g_assert_cmpstr (text.out, ==, expected->str);
  g_string_free (expected, TRUE);
  json_array_unref (array);
  run_clear (&text);
  run_clear (&json);
}

/* What a detector says of a file, its windows and then the whole. */
static void
hear (const char *file, EmotionModel *model, void (*func) (const EmotionResult *, guint, gpointer),
      gpointer data)
{
  TrainingAudio audio;
  EmotionDetectorConfig config;
  EmotionResult result;
  g_assert_true (training_decode (file, &audio, NULL));
  emotion_detector_config_init (&config);
  config.rate = audio.rate;
  config.channels = audio.channels;
  EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
  for (gsize done = 0; done < audio.n_frames;) {
    done += emotion_detector_push (detector, audio.samples + done * audio.channels,
                                   audio.n_frames - done);
    while (emotion_detector_pull (detector, &result))
      func (&result, audio.rate, data);
  }
  emotion_detector_finish (detector);
  while (emotion_detector_pull (detector, &result))
    func (&result, audio.rate, data);
  g_assert_true (emotion_detector_summarize (detector, &result));
  func (&result, audio.rate, data);
  emotion_detector_free (detector);
  training_audio_clear (&audio);
}

typedef struct {
  EmotionModel *model;
  GPtrArray *windows, *files; /* of CSV */
  JsonArray *json;
  guint file, row, window; /* of those to come */
} Comparison;

static void
compare_window (Comparison *comparison, const EmotionResult *result, guint rate)
{
  const guint row = ++comparison->row, n_labels = emotion_model_get_n_labels (comparison->model);
  GPtrArray *windows = comparison->windows;
  JsonObject *file = json_array_get_object_element (comparison->json, comparison->file);
  JsonObject *window = json_array_get_object_element (
      json_object_get_array_member (file, "timeline"), comparison->window++);
  const char *label = result->label < 0
                          ? "none"
                          : emotion_model_get_label (comparison->model, (guint)result->label);
  const char *reason = result->label < 0 ? emotion_reason_to_string (result->reason) : "";
  g_assert_cmpstr (table_find (windows, row, "emotion"), ==, label);
  g_assert_cmpstr (table_find (windows, row, "reason"), ==, reason);
  g_assert_cmpstr (json_object_get_string_member (window, "emotion"), ==, label);
  g_assert_cmpstr (json_object_get_string_member_with_default (window, "reason", ""), ==, reason);
  const struct {
    const char *name;
    double value, error;
  } numbers[] = {{"start", (double)result->start / rate, 1e-8},
                 {"duration", (double)result->length / rate, 1e-8},
                 {"confidence", result->confidence, 1e-6},
                 {"speech_ratio", result->speech_ratio, 1e-6},
                 {"level", result->level, 1e-3}};
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_assert_cmpfloat_with_epsilon (table_number (windows, row, numbers[i].name), numbers[i].value,
                                    numbers[i].error);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (window, numbers[i].name),
                                    numbers[i].value, 2e-9);
  }
  JsonObject *scores = json_object_get_object_member (window, "scores");
  for (guint k = 0; k < n_labels; k++) {
    const char *name = emotion_model_get_label (comparison->model, k);
    char *column = g_strconcat ("score_", name, NULL);
    g_assert_cmpfloat_with_epsilon (table_number (windows, row, column), result->scores[k], 1e-6);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (scores, name), result->scores[k],
                                    1e-12);
    g_free (column);
  }
}

static void
compare (const EmotionResult *result, guint rate, gpointer data)
{
  Comparison *comparison = data;
  if (result->features) {
    compare_window (comparison, result, rate);
    return;
  }
  for (guint k = 0; k < emotion_model_get_n_labels (comparison->model); k++) {
    const char *label = emotion_model_get_label (comparison->model, k);
    char *column = g_strconcat ("score_", label, NULL);
    g_assert_cmpfloat_with_epsilon (probability (comparison->json, comparison->file, label),
                                    result->scores[k], 1e-12);
    g_assert_cmpfloat_with_epsilon (table_number (comparison->files, 1 + comparison->file, column),
                                    result->scores[k], 1e-6);
    g_free (column);
  }
  g_assert_cmpstr (table_find (comparison->files, 1 + comparison->file, "emotion"), ==,
                   emotion_model_get_label (comparison->model, (guint)result->label));
  comparison->file++;
  comparison->window = 0;
}

/* The element in a pipeline says what a detector says that is fed with the decoded samples, of the
 * files and of each window, in JSON and CSV. */
static void
test_parity (Fixture *fixture, gconstpointer data)
{
  static const gint16 silence[24000] = {0};
  char *quiet = scratch_write_wav (fixture->folder, "quiet, \"too\".wav", 16000, 1, silence, 24000);
  const char *files[] = {fixture->low, quiet, fixture->high};
  (void)data;
#define ALL "--model", fixture->model, "--topk", "99", files[0], files[1], files[2]
  Run json = RUN ("--as-json", "--timeline", ALL), windows = RUN ("--csv", "--timeline", ALL);
  Run table = RUN ("--csv", ALL);
  Comparison comparison = {.model = emotion_model_load (fixture->model, NULL),
                           .windows = table_parse (windows.out),
                           .files = table_parse (table.out),
                           .json = parse_array (&json)};
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_assert_cmpstr (table_find (comparison.files, 1 + i, "file"), ==, files[i]);
    hear (files[i], comparison.model, compare, &comparison);
    g_assert_cmpstr (table_find (comparison.windows, comparison.row, "file"), ==, files[i]);
  }
  g_assert_cmpuint (comparison.windows->len, ==, 1 + comparison.row);
  g_assert_cmpuint (comparison.files->len, ==, 1 + G_N_ELEMENTS (files));
  assert_has (windows.out, ",silence,");
  g_ptr_array_unref (comparison.windows);
  g_ptr_array_unref (comparison.files);
  json_array_unref (comparison.json);
  emotion_model_unref (comparison.model);
  run_clear (&json);
  run_clear (&windows);
  run_clear (&table);
  g_free (quiet);
}

/* The text of the windows comes before that of the file. */
static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = RUN ("--model", fixture->model, "--timeline", "--topk", "1", fixture->high);
  char **lines = g_strsplit (run.out, "\n", -1), *last = g_strconcat (fixture->high, " -> ", NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 6); /* file, windows of 0.5 and 0.7 s, file, score */
  g_assert_true (g_str_has_prefix (lines[1], "      0.00 -     0.50 s  "));
  g_assert_true (g_str_has_prefix (lines[2], "      0.00 -     0.70 s  "));
  g_assert_true (g_str_has_prefix (lines[3], last));
  g_strfreev (lines);
  g_free (last);
  run_clear (&run);
}

/* Every sound file under a folder, by its name; one that fails does not stop the others. */
static void
test_folder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *sub = g_build_filename (fixture->folder, "b", NULL);
  char *empty = g_build_filename (fixture->folder, "empty", NULL);
  g_assert_cmpint (g_mkdir (sub, 0777) | g_mkdir (empty, 0777), ==, 0);
  const char *names[] = {"b/a.wav", "b/z.WAV", "high.wav", "low voice.wav"};
  g_free (scratch_write_voice (sub, "z.WAV", 8000, 100, 1));
  g_free (scratch_write_voice (sub, "a.wav", 8000, 100, 1));
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

/* A line of sh in which $0 is the program, $1 the model and $2 a file. */
static Run
shell (const Fixture *fixture, const char *line)
{
  return run_program ("sh", "-c", line, program, fixture->model, fixture->high, NULL);
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

/* As one stream, with what fails or has another rate between; the test's model does not adapt. */
static void
test_stream (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *garbage = scratch_write (fixture->folder, "garbage.wav", "nothing to hear", 15);
  char *cut = g_build_filename (fixture->folder, "cut.wav", NULL), *content;
  gsize size;
  g_assert_true (g_file_get_contents (fixture->low, &content, &size, NULL));
  g_assert_true (g_file_set_contents (cut, content, (gssize)size / 2, NULL));
#define FILES                                                                                      \
  "--model", fixture->model, "--csv", "--timeline", fixture->low, garbage, fixture->high, cut,     \
      fixture->low, "/nowhere", fixture->high
  Run apart = RUN (FILES), together = RUN ("--stream", FILES);
  g_assert_cmpint (apart.status, ==, 1);
  g_assert_cmpint (together.status, ==, 1);
  g_assert_cmpstr (together.out, ==, apart.out);
  g_assert_cmpstr (together.err, ==, apart.err);
  run_clear (&apart);
  run_clear (&together);
  g_free (garbage);
  g_free (cut);
  g_free (content);
}

/* A reader that has enough ends the program without noise; a full disk is told. */
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

/* A relative path, from its folder, and a URI. */
static void
test_paths (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *uri = g_filename_to_uri (fixture->low, NULL, NULL);
  Run run = run_program_in (fixture->folder, NULL, program, "--model", "test.emotion", "--as-json",
                            "low voice.wav", "./low voice.wav", uri, NULL);
  g_assert_cmpint (run.status, ==, 0);
  JsonArray *array = parse_array (&run);
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
  JsonObject *first = json_array_get_object_element (array, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "file"), ==, "low voice.wav");
  const char *label = json_object_get_string_member (first, "label");
  for (guint i = 1; i < 3; i++)
    g_assert_cmpfloat (probability (array, i, label), ==, probability (array, 0, label));
  json_array_unref (array);
  run_clear (&run);
  g_free (uri);
}

/* Files that fail are named with the reason; the others go on, and the status tells. */
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
  const char *reasons[] = {"No such file", "is empty",     "no format", "",
                           "25 ms",        "8 to 192 kHz", ""};
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
  JsonArray *array = parse_array (&run);
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

/* A model of another layout is refused with both layouts; with --allow-mismatch it is tried with a
 * warning. This one differs by its name alone, so the answers are the same. */
static void
test_mismatch (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *text, *path = g_build_filename (fixture->folder, "other.emotion", NULL);
  g_assert_true (g_file_get_contents (fixture->model, &text, NULL, NULL));
  char *layout = strstr (text, "\nlayout ") + 8, *end = strstr (text, "section checksum ");
  memcpy (strstr (text, "name speech-1"), "name speech-9", 13);
  memcpy (layout, "0123456789ab", 12);
  char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)text, (gsize)(end - text));
  memcpy (strstr (end, "sha256 ") + 7, hash, 64);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  Run refused = RUN ("--model", path, fixture->low);
  g_assert_cmpint (refused.status, ==, 1);
  g_assert_cmpstr (refused.out, ==, "");
  assert_has (refused.err, "'speech-9' with layout 0123456789ab");
  Run tried = RUN ("--model", path, "--allow-mismatch", "-t", "--csv", fixture->low);
  Run fits = RUN ("--model", fixture->model, "--allow-mismatch", "-t", "--csv", fixture->low);
  g_assert_cmpint (tried.status, ==, 0);
  g_assert_cmpstr (tried.out, ==, fits.out);
  assert_has (tried.err, "warning: ");
  assert_has (tried.err, "'speech-9' with layout 0123456789ab");
  assert_has (tried.err, "'speech-1' with layout ");
  g_assert_cmpstr (fits.err, ==, "");
  run_clear (&refused);
  run_clear (&tried);
  run_clear (&fits);

  text[100] ^= 1; /* damaged */
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  Run damaged = RUN ("--model", path, "--allow-mismatch", fixture->low);
  g_assert_cmpint (damaged.status, ==, 1);
  assert_has (damaged.err, "damaged");
  run_clear (&damaged);
  Run without = RUN ("--allow-mismatch", fixture->low);
  g_assert_cmpint (without.status, ==, 1);
  assert_has (without.err, "--model");
  run_clear (&without);
  g_free (hash);
  g_free (text);
  g_free (path);
}

/* Of several audio streams the first is heard; one with pictures alone has none. */
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
    JsonArray *array = parse_array (&run);
    g_assert_cmpint (run.status, ==, 0);
    const char *label =
        json_object_get_string_member (json_array_get_object_element (array, 1), "label");
    g_assert_cmpfloat (probability (array, 0, label), ==, probability (array, 1, label));
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

/* What concerns all files is said once, before any. */
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
  run = run_program_in (NULL, environment, program, "--model", fixture->model, fixture->low, NULL);
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
  Run run =
      run_program_in (NULL, environment, program, "--model", fixture->model, fixture->low, NULL);
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
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/emotion-predict/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("text", test_text);
  ADD ("parity", test_parity);
  ADD ("timeline", test_timeline);
  ADD ("folder", test_folder);
  ADD ("standard-input", test_standard_input);
  ADD ("stream", test_stream);
  ADD ("output", test_output);
  ADD ("paths", test_paths);
  ADD ("bad-files", test_bad_files);
  ADD ("mismatch", test_mismatch);
  ADD ("streams", test_streams);
  ADD ("bad-setup", test_bad_setup);
  ADD ("missing-decoder", test_missing_decoder);
  ADD ("options", test_options);
  int status = g_test_run ();
  g_free (program);
  return status;
}
