/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does; its path is the argument. The auxiliary parts of a model:
 * outlier gate, intensity, auxiliary corpora. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "core/model/model.h"
#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"
#include "training/audio/decode.h"

/* The synthetic metadata with a column of intensity: alternating, or one value only. */
static char *
write_metadata (const Trainer *trainer, gboolean both)
{
  GString *plain = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  char **lines = g_strsplit (plain->str, "\n", -1);
  g_string_assign (plain, lines[0]);
  g_string_append (plain, ",intensity");
  for (guint i = 1; lines[i] && *lines[i]; i++)
    g_string_append_printf (plain, "\n%s,%s", lines[i], both && i % 2 ? "strong" : "normal");
  char *path = scratch_write (trainer->folder, "test.csv", plain->str, plain->len);
  g_strfreev (lines);
  g_string_free (plain, TRUE);
  return path;
}

static EmotionModel *
load_model (const Trainer *trainer)
{
  GError *error = NULL;
  char *path = g_build_filename (trainer->folder, "model.emotion", NULL);
  EmotionModel *model = emotion_model_load (path, &error);
  g_assert_no_error (error);
  g_free (path);
  return model;
}

static EmotionResult
detect (EmotionModel *model, const float *samples, gsize n)
{
  EmotionDetectorConfig config;
  EmotionResult result;
  emotion_detector_config_init (&config);
  EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
  for (gsize at = 0; at < n;) {
    at += emotion_detector_push (detector, samples + at, n - at);
    while (emotion_detector_pull (detector, &result))
      ;
  }
  emotion_detector_finish (detector);
  while (emotion_detector_pull (detector, &result))
    ;
  g_assert_true (emotion_detector_summarize (detector, &result));
  emotion_detector_free (detector);
  return result;
}

/* Dialling tones with slight voice-like modulation: the activity detector classifies them as
 * speech. */
static void
assert_refuses (EmotionModel *model)
{
  enum { N = 5 * 16000 };
  float *tones = g_new (float, N);
  for (guint i = 0; i < N; i++)
    tones[i] =
        (float)(i / 3200 % 2
                    ? 0.1 * (sin (2 * G_PI * 770 * i / 16000) + sin (2 * G_PI * 220 * i / 16000))
                    : 0);
  const EmotionResult result = detect (model, tones, N);
  g_assert_cmpint (result.label, ==, -1);
  g_assert_cmpint (result.reason, ==, EMOTION_REASON_OUT_OF_DISTRIBUTION);
  g_free (tones);
}

static void
assert_predictions (EmotionModel *model)
{
  char *name = synthetic_clip_name (1, 2, 0), *path = g_build_filename (trainer_corpus, name, NULL);
  TrainingAudio audio;
  g_assert_true (training_decode (path, &audio, NULL));
  const EmotionResult result = detect (model, audio.samples, audio.n_frames);
  g_assert_cmpint (result.label, >=, 0);
  g_assert_true (result.intensity >= 0 && result.intensity <= 1);
  g_assert_true (result.valence >= -1 && result.valence <= 1);
  training_audio_clear (&audio);
  g_free (path);
  g_free (name);
}

/* With augmentation by noise a model learns a class for non-speech; with both values of the
 * intensity column it learns to rate intensity. Both are measured. */
static void
test_both (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *metadata = write_metadata (trainer, TRUE);
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--augment", "scene=1",
                 "--output-dir", trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.out, "Rejected as non-speech: ");
  assert_has (run.out, "Intensity (weak or strong) of held-out speakers: ");
  run_clear (&run);
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *outlier = object_at (metrics, "outlier", NULL);
  g_assert_cmpfloat (number_at (outlier, "sounds_refused"), >, 0.9);
  g_assert_cmpfloat (number_at (outlier, "speech_lost"), <, 0.1);
  g_assert_cmpint (json_object_get_int_member (outlier, "speech_windows"), >=, SYNTHETIC_ALL);
  JsonObject *intensity = object_at (metrics, "intensity", NULL);
  g_assert_cmpint (json_object_get_int_member (intensity, "n"), ==, SYNTHETIC_ALL);
  json_object_unref (metrics);
  EmotionModel *model = load_model (trainer);
  assert_refuses (model);
  assert_predictions (model);
  emotion_model_unref (model);
  g_free (metadata);
}

/* Without them, the model has neither. */
static void
test_neither (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *metadata = write_metadata (trainer, FALSE);
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                 trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_lacks (run.out, "Refused");
  assert_lacks (run.out, "Intensity");
  run_clear (&run);
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_false (json_object_has_member (metrics, "outlier"));
  g_assert_false (json_object_has_member (metrics, "intensity"));
  json_object_unref (metrics);
  EmotionModel *model = load_model (trainer);
  g_assert_null (emotion_model_get_parts (model)->outlier);
  g_assert_null (emotion_model_get_parts (model)->intensity);
  emotion_model_unref (model);
  g_free (metadata);
}

/* Writes a file in a folder below that of the test, which is made. */
static char *
write_below (const Trainer *trainer, const char *below, const char *name, const GString *text)
{
  char *folder = g_build_filename (trainer->folder, below, NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  char *path = scratch_write (folder, name, text->str, text->len);
  g_free (folder);
  return path;
}

/* Rows of the synthetic speakers [from, to), with full paths. */
static GString *
list_speakers (guint from, guint to)
{
  GString *text = g_string_new ("file_path,emotion,speaker\n");
  for (guint s = from; s < to; s++)
    for (guint l = 0; l < SYNTHETIC_LABELS; l++)
      for (guint c = 0; c < SYNTHETIC_CLIPS; c++) {
        char *speaker = synthetic_speaker_name (s), *file = synthetic_clip_name (s, l, c);
        g_string_append_printf (text, "%s/%s,%s,%s\n", trainer_corpus, file, synthetic_labels[l],
                                speaker);
        g_free (speaker);
        g_free (file);
      }
  return text;
}

/* Their metadata, in a folder of their own. */
static char *
write_speakers (const Trainer *trainer, const char *name, guint from, guint to)
{
  GString *text = list_speakers (from, to);
  char *path = write_below (trainer, name, "metadata.csv", text);
  g_string_free (text, TRUE);
  return path;
}

/* Additional speakers help; the metrics and the model report the corpus, and its speakers are not
 * counted. */
static void
test_auxiliary (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *few = write_speakers (trainer, "few", 0, 4), *rest = write_speakers (trainer, "rest", 4, 5);
  char *with = g_build_filename (trainer->folder, "with", NULL);
  assert_ran (RUN ("--metadata", few, "--output-dir", trainer->folder, QUICKEST));
  assert_ran (RUN ("--metadata", few, "--background", rest, "--output-dir", with, QUICKEST));
  JsonObject *metrics = load_metrics (with);
  JsonObject *settings = object_at (metrics, "settings", NULL);
  char *names = list_at (settings, "background");
  g_assert_cmpstr (names, ==, "rest");
  g_free (names);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_speakers"), ==, 4);
  json_object_unref (metrics);
  gsize n[2];
  char *alone = read_file (trainer->folder, "model.emotion", &n[0]);
  char *helped = read_file (with, "model.emotion", &n[1]);
  g_assert_nonnull (strstr (helped, "\nbackground rest\n"));
  g_assert_null (strstr (alone, "\nbackground "));
  *strstr (alone, "\nsection fusion") = *strstr (helped, "\nsection fusion") =
      0; /* classifiers alone */
  g_assert_cmpstr (strstr (helped, "\nsection view"), !=, strstr (alone, "\nsection view"));
  g_free (alone);
  g_free (helped);
  g_free (few);
  g_free (rest);
  g_free (with);
}

/* No clip may be in both. */
static void
test_auxiliary_leaks (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *few = write_speakers (trainer, "few", 0, 4), *rest = write_speakers (trainer, "rest", 3, 5);
  assert_failed (
      RUN ("--metadata", few, "--background", rest, "--output-dir", trainer->folder, QUICKEST), 1,
      "remove that corpus");
  assert_failed (RUN ("--metadata", few, "--background", "/nowhere/x.csv", "--output-dir",
                      trainer->folder, QUICKEST),
                 1, "/nowhere/x.csv");
  g_free (few);
  g_free (rest);
}

/* All that was asked for is there, in UTF-8 where it is text, and nothing else. */
static void
assert_results (const char *folder)
{
  static const char *const names[] = {"model.emotion",
                                      "training_metrics.json",
                                      "training_timing.json",
                                      "card.md",
                                      "predictions.csv",
                                      "confusion-strict.png",
                                      "reliability-strict.png",
                                      "speakers-strict.png",
                                      NULL};
  guint n = 0;
  GDir *dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)); n++) {
    gsize size;
    char *content = read_file (folder, name, &size);
    if (!g_strv_contains (names, name))
      g_error ("%s was left", name);
    g_assert_true (g_str_has_suffix (name, ".png") ||
                   g_utf8_validate (content, (gssize)size, NULL));
    g_free (content);
  }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (names) - 1);
  g_dir_close (dir);
}

/* Trains with folders of this name for all that is read and written; returns that of the results. The data have a row
 * that is left out, the ordinary speech tells no speakers, so that each of its files has its own. */
static char *
train_named (const Trainer *trainer, const char *name)
{
  static const char *const tops[] = {"few", "rest", "ordinary"};
  char *metadata[3], *output = g_build_filename (trainer->folder, "results", name, NULL);
  char *card = g_build_filename (output, "card.md", NULL);
  char *predictions = g_build_filename (output, "predictions.csv", NULL);
  for (guint i = 0; i < 3; i++) {
    GString *text = i == 0 ? list_speakers (0, 4) : list_speakers (4, 5);
    char *folder = g_build_filename (tops[i], name, NULL);
    g_string_replace (text, ",calm,", ",neutral,", 0);
    if (i == 0)
      g_string_append_printf (text, "%s/missing.wav,angry,s0\n", trainer_corpus);
    if (i == 2)
      g_string_replace (text, "speaker", "other", 1);
    metadata[i] = write_below (trainer, folder, name, text);
    g_string_free (text, TRUE);
    g_free (folder);
  }
  Run run = RUN ("--metadata", metadata[0], "--background", metadata[1], "--ordinary", metadata[2],
                 "--output-dir", output, "--plots", output, "--card", card, "--predictions",
                 predictions, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
  for (guint i = 0; i < 3; i++)
    g_free (metadata[i]);
  g_free (card);
  g_free (predictions);
  return output;
}

/* Folders and files may be called anything, in whatever encoding; in the results a name is a line of UTF-8. */
static void
test_names (Trainer *trainer, gconstpointer data)
{
  static const struct {
    const char *name, *told, *in_card, *in_command;
  } names[] = {
      {"a|b \"c\" 'd' \xc3\xbc 100%s", "a|b \"c\" 'd' \xc3\xbc 100%s",
       "| a\\|b \"c\" 'd' \xc3\xbc 100%s | 4 |",
       "--output-dir 'a|b \"c\" '\\''d'\\'' \xc3\xbc 100%s'"},
      {"latin \xfc", "latin \xef\xbf\xbd", "| latin \xef\xbf\xbd | 4 |",
       "--output-dir 'latin \xef\xbf\xbd'"},
      {"two\nlines", "two lines", "| two lines | 4 |", "--output-dir 'two\nlines'"},
  };
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gsize size;
    char *output = train_named (trainer, names[i].name);
    assert_results (output);
    JsonObject *metrics = load_metrics (output);
    JsonObject *settings = object_at (metrics, "settings", NULL);
    char *auxiliary = list_at (settings, "background"), *ordinary = list_at (settings, "ordinary");
    char *card = read_file (output, "card.md", &size);
    g_assert_cmpstr (auxiliary, ==, names[i].told);
    g_assert_cmpstr (ordinary, ==, names[i].told);
    g_assert_cmpuint (length_of (metrics, "left_out"), ==, 1);
    assert_has (card, names[i].in_card);
    assert_has (card, names[i].in_command);
    json_object_unref (metrics);
    g_free (auxiliary);
    g_free (ordinary);
    g_free (card);
    g_free (output);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("auxiliary/both", test_both);
  TRAINER_TEST ("auxiliary/neither", test_neither);
  TRAINER_TEST ("auxiliary/corpora", test_auxiliary);
  TRAINER_TEST ("auxiliary/leaks", test_auxiliary_leaks);
  TRAINER_TEST ("auxiliary/names", test_names);
  return trainer_run_tests (argc, argv);
}
