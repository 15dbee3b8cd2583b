/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output of emotion-predict. */
#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "tests/common/test-model.h"
#include "tests/training/predict.h"
#include "tests/training/scratch.h"
#include "tests/training/table.h"
#include "training/audio/decode.h"

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

  JsonArray *array = predict_parse (&json);
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
    /* Apart from the labels. The model's labels all have a place; it does not rate intensity. */
    g_assert_false (json_object_has_member (entry, "intensity"));
    g_string_append_printf (expected, "  [valence %+.2f, arousal %+.2f]\n",
                            json_object_get_double_member (entry, "valence"),
                            json_object_get_double_member (entry, "arousal"));
  }
  g_assert_cmpstr (text.out, ==, expected->str);
  g_string_free (expected, TRUE);
  json_array_unref (array);
  run_clear (&text);
  run_clear (&json);
}

/* Feeds a file to a detector and passes on its results: its windows, then the whole. The detector
 * is kept for the next file of the stream; NULL creates one. */
static void
detect (const char *file, EmotionModel *model, EmotionDetector **kept,
        void (*func) (const EmotionResult *, guint, gpointer), gpointer data)
{
  TrainingAudio audio;
  EmotionDetectorConfig config;
  EmotionResult result;
  g_assert_true (training_decode (file, &audio, NULL));
  emotion_detector_config_init (&config);
  config.rate = audio.rate;
  config.channels = audio.channels;
  if (*kept)
    emotion_detector_begin_clip (*kept);
  else
    *kept = emotion_detector_new (model, &config, NULL);
  EmotionDetector *detector = *kept;
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
  training_audio_clear (&audio);
}

typedef struct {
  EmotionModel *model;
  GPtrArray *windows, *files; /* of CSV */
  JsonArray *json;
  guint file, row, window; /* of the remaining results */
} Comparison;

static const char *
prediction_of (const Comparison *comparison, const EmotionResult *result)
{
  return result->label < 0 ? "none"
                           : emotion_model_get_label (comparison->model, (guint)result->label);
}

/* A number, or else null in JSON and an empty field in CSV. */
static void
compare_ratings (const EmotionResult *result, JsonObject *json, GPtrArray *csv, guint row)
{
  const struct {
    const char *name;
    double value;
  } ratings[] = {
      {"intensity", result->intensity}, {"valence", result->valence}, {"arousal", result->arousal}};
  for (guint i = 0; i < G_N_ELEMENTS (ratings); i++) {
    g_assert_cmpint (json_object_has_member (json, ratings[i].name), ==, !isnan (ratings[i].value));
    if (isnan (ratings[i].value)) {
      g_assert_cmpstr (table_find (csv, row, ratings[i].name), ==, "");
      continue;
    }
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (json, ratings[i].name),
                                    ratings[i].value, 1e-9);
    g_assert_cmpfloat_with_epsilon (table_number (csv, row, ratings[i].name), ratings[i].value,
                                    1e-5);
  }
}

static void
compare_window (Comparison *comparison, const EmotionResult *result, guint rate)
{
  const guint row = ++comparison->row, n_labels = emotion_model_get_n_labels (comparison->model);
  GPtrArray *windows = comparison->windows;
  JsonObject *file = json_array_get_object_element (comparison->json, comparison->file);
  JsonObject *window = json_array_get_object_element (
      json_object_get_array_member (file, "timeline"), comparison->window++);
  const char *label = prediction_of (comparison, result);
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
  compare_ratings (result, window, windows, row);
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
    g_assert_cmpfloat_with_epsilon (predict_probability (comparison->json, comparison->file, label),
                                    result->scores[k], 1e-12);
    g_assert_cmpfloat_with_epsilon (table_number (comparison->files, 1 + comparison->file, column),
                                    result->scores[k], 1e-6);
    g_free (column);
  }
  compare_ratings (result, json_array_get_object_element (comparison->json, comparison->file),
                   comparison->files, 1 + comparison->file);
  g_assert_cmpstr (table_find (comparison->files, 1 + comparison->file, "emotion"), ==,
                   prediction_of (comparison, result));
  comparison->file++;
  comparison->window = 0;
}

/* The element in a pipeline gives the results of a detector that gets the decoded samples: of the
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
                           .json = predict_parse (&json)};
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_assert_cmpstr (table_find (comparison.files, 1 + i, "file"), ==, files[i]);
    EmotionDetector *detector = NULL;
    detect (files[i], comparison.model, &detector, compare, &comparison);
    emotion_detector_free (detector);
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

/* The text lines of the windows precede that of the file. */
static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = RUN ("--model", fixture->model, "--timeline", "--topk", "1", fixture->high);
  char **lines = g_strsplit (run.out, "\n", -1), *last = g_strconcat (fixture->high, " -> ", NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpuint (g_strv_length (lines), ==,
                    7); /* file, windows of 0.5 and 0.7 s, file, score, ratings */
  g_assert_true (g_str_has_prefix (lines[1], "      0.00 -     0.50 s  "));
  g_assert_true (g_str_has_prefix (lines[2], "      0.00 -     0.70 s  "));
  g_assert_true (g_str_has_prefix (lines[3], last));
  g_strfreev (lines);
  g_free (last);
  run_clear (&run);
}

/* As one stream, interrupted by a file that fails or has another rate; the test's model does not
 * adapt. */
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

/* A model with a centred classifier that adapts fast. */
static EmotionModel *
save_adapting (const char *path)
{
  static const char *const labels[] = {"angry", "happy", "neutral", "sad", NULL};
  static const float expected[] = {1, 1, 1, 1};
  const gboolean centred = TRUE;
  EmotionModel *plain = test_model_new (labels, 1);
  EmotionModelParts parts = *emotion_model_get_parts (plain);
  const guint n = parts.features->n_features;
  float *zeros = g_new0 (float, (gsize)n *G_N_ELEMENTS (labels));
  parts.adaptation = (EmotionAdaptationParts){.running = TRUE,
                                              .prior = 1,
                                              .memory = 100,
                                              .centre = zeros,
                                              .expected = expected,
                                              .offsets = zeros,
                                              .centred = &centred,
                                              .window_temperature = 1,
                                              .clip_temperature = 1};
  GError *error = NULL;
  EmotionModel *model = emotion_model_new (&parts, &error);
  g_assert_no_error (error);
  g_assert_true (emotion_model_save (model, path, &error));
  emotion_model_unref (plain);
  g_free (zeros);
  return model;
}

static void
keep_scores (const EmotionResult *result, guint rate, gpointer data)
{
  (void)rate;
  if (!result->features)
    memcpy (data, result->scores, 4 * sizeof (double));
}

/* With --stream, the learnt speaker mean carries over from file to file, past a file that fails;
 * without it, the mean is forgotten. With --no-adaptation there is none. */
static void
test_adaptation (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *path = g_build_filename (fixture->folder, "adapting.emotion", NULL);
  EmotionModel *model = save_adapting (path);
#define THREE "--model", path, "--as-json", "--topk", "9", fixture->low, "/nowhere", fixture->low
  Run apart = RUN (THREE), together = RUN ("--stream", THREE);
  JsonArray *fresh = predict_parse (&apart), *carried = predict_parse (&together);
  double expected[4];
  EmotionDetector *detector = NULL;
  detect (fixture->low, model, &detector, keep_scores, expected);
  for (guint k = 0; k < 4; k++) {
    const char *label = emotion_model_get_label (model, k);
    const double first = predict_probability (fresh, 0, label);
    g_assert_cmpfloat_with_epsilon (first, expected[k], 1e-12);
    g_assert_cmpfloat (first, ==, predict_probability (fresh, 1, label));
    g_assert_cmpfloat (first, ==, predict_probability (carried, 0, label));
  }
  double before = expected[0];
  detect (fixture->low, model, &detector, keep_scores, expected);
  g_assert_cmpfloat (fabs (before - expected[0]), >, 1e-3);
  for (guint k = 0; k < 4; k++)
    g_assert_cmpfloat_with_epsilon (
        predict_probability (carried, 1, emotion_model_get_label (model, k)), expected[k], 1e-12);
  Run plain = RUN ("--stream", "--no-adaptation", THREE);
  JsonArray *unadapted = predict_parse (&plain);
  for (guint k = 0; k < 4; k++) {
    const char *label = emotion_model_get_label (model, k);
    g_assert_cmpfloat (predict_probability (unadapted, 0, label), ==,
                       predict_probability (unadapted, 1, label));
  }
  g_assert_cmpfloat (predict_probability (unadapted, 0, emotion_model_get_label (model, 0)), !=,
                     predict_probability (fresh, 0, emotion_model_get_label (model, 0)));
  json_array_unref (unadapted);
  run_clear (&plain);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  json_array_unref (fresh);
  json_array_unref (carried);
  run_clear (&apart);
  run_clear (&together);
  g_free (path);
}

/* A model of another layout is refused with both layouts in the message; with --allow-mismatch it
 * is used with a warning. This one differs by its name only, so the predictions are the same. */
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
  g_assert_cmpint (without.status, ==, 2);
  assert_has (without.err, "--model");
  run_clear (&without);
  g_free (hash);
  g_free (text);
  g_free (path);
}

/* They change the prediction and its confidence, not the scores; warnings of the element are
 * errors. */
static void
test_priors (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = {"", "calm", "calm=x", "calm=2", "calm=-1", "nobody=0.5"};
  (void)data;
  Run plain = RUN ("--model", fixture->model, "--as-json", fixture->low);
  JsonArray *without = predict_parse (&plain);
  JsonObject *before = json_array_get_object_element (without, 0);
  JsonArray *topk = json_object_get_array_member (before, "topk");
  const char *second =
      json_object_get_string_member (json_array_get_object_element (topk, 1), "label");
  for (guint stream = 0; stream < 2; stream++) {
    char *priors = g_strdup_printf ("%s=0.999999", second);
    Run run = RUN ("--model", fixture->model, "--as-json", "--priors", priors, fixture->low,
                   stream ? "--stream" : NULL);
    JsonArray *with = predict_parse (&run);
    JsonObject *after = json_array_get_object_element (with, 0);
    g_assert_cmpstr (json_object_get_string_member (after, "label"), ==, second);
    g_assert_cmpfloat (json_object_get_double_member (after, "probability"), >, 0.99);
    g_assert_cmpfloat (predict_probability (with, 0, second), ==,
                       predict_probability (without, 0, second));
    json_array_unref (with);
    run_clear (&run);
    g_free (priors);
  }
  Run equal = RUN ("--model", fixture->model, "--as-json", "--priors", "equal", fixture->low);
  JsonArray *same = predict_parse (&equal); /* the default of a model without its own priors */
  JsonObject *object = json_array_get_object_element (same, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "label"), ==,
                   json_object_get_string_member (before, "label"));
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "probability"),
                                  json_object_get_double_member (before, "probability"), 1e-9);
  json_array_unref (same);
  run_clear (&equal);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    Run run = RUN ("--model", fixture->model, "--priors", wrong[i], fixture->low);
    g_assert_cmpint (run.status, ==, 1);
    g_assert_cmpstr (run.out, ==, "");
    assert_has (run.err, "--priors ");
    run_clear (&run);
  }
  json_array_unref (without);
  run_clear (&plain);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  PREDICT_TEST ("text", test_text);
  PREDICT_TEST ("parity", test_parity);
  PREDICT_TEST ("timeline", test_timeline);
  PREDICT_TEST ("stream", test_stream);
  PREDICT_TEST ("adaptation", test_adaptation);
  PREDICT_TEST ("mismatch", test_mismatch);
  PREDICT_TEST ("priors", test_priors);
  return predict_run_tests (argc, argv);
}
