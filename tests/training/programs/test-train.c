/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does; its path is the argument. The output. */
#include <gst/gst.h>
#include <locale.h>
#include <string.h>

#include "core/emotion.h"
#include "core/model/model.h"
#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"
#include "training/audio/decode.h"
#include "training/selection/candidate.h"

static EmotionModel *
load_model (const char *folder)
{
  GError *error = NULL;
  char *path = g_build_filename (folder, "model.emotion", NULL);
  EmotionModel *model = emotion_model_load (path, &error);
  g_assert_no_error (error);
  g_free (path);
  return model;
}

static void
assert_fraction (double value)
{
  g_assert_cmpfloat (value, >=, 0);
  g_assert_cmpfloat (value, <=, 1);
}

/* The figures of `n` clips, over all labels. With one speaker there is no interval. */
static void
check_figures (JsonObject *figures, guint n)
{
  static const char *const shares[] = {"accuracy", "balanced_accuracy", "f1_weighted",
                                       "ece",      "f1_macro",          "uar"};
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    assert_fraction (number_at (figures, shares[i]));
  g_assert_cmpfloat (number_at (figures, "brier"), <=, 2);
  g_assert_cmpfloat (number_at (figures, "uar"), ==, number_at (figures, "balanced_accuracy"));
  g_assert_cmpint (json_object_get_int_member (figures, "n"), ==, n);
  if (n == SYNTHETIC_ALL / SYNTHETIC_SPEAKERS)
    g_assert_true (json_object_get_null_member (figures, "uar_interval"));
  else
    g_assert_cmpuint (length_of (figures, "uar_interval"), ==, 2);
  for (guint k = 0; k < SYNTHETIC_LABELS; k++) {
    JsonObject *label = object_at (figures, "classification_report", synthetic_labels[k]);
    g_assert_cmpint (json_object_get_int_member (label, "support"), ==, n / SYNTHETIC_LABELS);
  }
  g_assert_cmpuint (length_of (figures, "confusion_matrix"), ==, SYNTHETIC_LABELS);
}

static gboolean
is_speaker (const char *name)
{
  gboolean found = FALSE;
  for (guint i = 0; i < SYNTHETIC_SPEAKERS && !found; i++) {
    char *speaker = synthetic_speaker_name (i);
    found = g_str_equal (name, speaker);
    g_free (speaker);
  }
  return found;
}

static void
check_speakers (JsonObject *metrics)
{
  JsonObject *test = object_at (metrics, "test_metrics", NULL);
  JsonArray *held = json_object_get_array_member (test, "speakers");
  JsonObject *of_test = object_at (test, "per_speaker", NULL);
  g_assert_cmpuint (json_array_get_length (held), ==, 1); /* a fifth of 5 */
  g_assert_cmpuint (json_object_get_size (of_test), ==, 1);
  g_assert_true (is_speaker (json_array_get_string_element (held, 0)));
  g_assert_true (json_object_has_member (of_test, json_array_get_string_element (held, 0)));

  GList *all = json_object_get_members (
      object_at (object_at (metrics, "protocols", "strict"), "per_speaker", NULL));
  g_assert_cmpuint (g_list_length (all), ==, SYNTHETIC_SPEAKERS);
  for (GList *at = all; at; at = at->next)
    g_assert_true (is_speaker (at->data));
  g_list_free (all);
}

static GType
type_of (JsonObject *object, const char *name)
{
  return json_node_get_value_type (json_object_get_member (object, name));
}

/* Each value has its own type. */
static void
check_settings (JsonObject *settings)
{
  static const char *const none[] = {"sample_limit", "augment", "background", "ordinary"};
  static const char *const no[] = {"allow_duplicates", "hold_corpora"};
  g_assert_cmpint (json_object_get_int_member (settings, "cv_folds"), ==, 3);
  g_assert_true (type_of (settings, "cv_folds") == G_TYPE_INT64);
  g_assert_cmpfloat (number_at (settings, "window"), ==, 3);
  g_assert_cmpfloat (number_at (settings, "test_size"), ==, 0.2);
  g_assert_true (type_of (settings, "skip_search") == G_TYPE_BOOLEAN);
  g_assert_true (json_object_get_boolean_member (settings, "skip_search"));
  for (guint i = 0; i < G_N_ELEMENTS (no); i++) {
    g_assert_true (type_of (settings, no[i]) == G_TYPE_BOOLEAN);
    g_assert_false (json_object_get_boolean_member (settings, no[i]));
  }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_true (json_object_get_null_member (settings, none[i]));
  char *candidates = list_at (settings, "candidates");
  g_assert_cmpstr (candidates, ==, training_candidates_default ());
  g_assert_cmpstr (json_object_get_string_member (settings, "adaptation"), ==, "running");
  g_free (candidates);
}

static void
check_metrics (JsonObject *metrics, const EmotionModel *model)
{
  const EmotionFeatureSet *features = emotion_model_get_features (model);
  char **names = emotion_feature_set_names (features);
  JsonArray *listed = json_object_get_array_member (metrics, "feature_names");
  g_assert_cmpuint (json_array_get_length (listed), ==, features->n_features);
  for (guint i = 0; i < features->n_features; i++)
    g_assert_cmpstr (json_array_get_string_element (listed, i), ==, names[i]);
  g_strfreev (names);

  JsonObject *mapping = object_at (metrics, "label_mapping", NULL);
  g_assert_cmpuint (json_object_get_size (mapping), ==, SYNTHETIC_LABELS);
  for (guint k = 0; k < SYNTHETIC_LABELS; k++) {
    g_assert_cmpstr (emotion_model_get_label (model, k), ==, synthetic_labels[k]);
    g_assert_cmpint (json_object_get_int_member (mapping, synthetic_labels[k]), ==, k);
  }

  JsonObject *selection = object_at (metrics, "model_selection", NULL);
  const char *best = json_object_get_string_member (metrics, "best_model_name");
  g_assert_nonnull (strstr (training_candidates_default (), best));
  JsonArray *params = json_object_get_array_member (selection, "best_params");
  g_assert_cmpuint (json_array_get_length (params), ==, 1);
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (params, 0), "classifier"), ==,
      best);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (selection, "description"), best));
  assert_fraction (number_at (selection, "cv_f1_weighted_mean"));
  assert_fraction (number_at (selection, "cv_uar"));
  char **kinds = g_strsplit (training_candidates_default (), ",", -1);
  g_assert_cmpuint (json_object_get_size (object_at (selection, "candidates_cv", NULL)), ==,
                    g_strv_length (kinds));
  g_strfreev (kinds);

  g_assert_cmpstr (json_object_get_string_member (metrics, "model_hash"), ==,
                   emotion_model_get_hash (model));
  g_assert_cmpstr (json_object_get_string_member (metrics, "protocol"), ==, "speaker");
  g_assert_cmpuint (strlen (json_object_get_string_member (metrics, "data_hash")), ==, 64);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, SYNTHETIC_ALL);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_speakers"), ==, SYNTHETIC_SPEAKERS);
  g_assert_cmpuint (length_of (metrics, "used_audio_paths"), ==, SYNTHETIC_ALL);
  g_assert_cmpuint (length_of (metrics, "duplicates"), ==, 0);
  g_assert_cmpuint (length_of (metrics, "left_out"), ==, 0);
  check_settings (object_at (metrics, "settings", NULL));
  g_assert_true (json_object_has_member (object_at (metrics, "versions", NULL), "features"));
}

/* Everything that the metrics promise, a model that loads, and a table and two paths on stdout. */
static void
test_contents (Trainer *trainer, gconstpointer data)
{
  (void)data;
  Run run = RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, "--skip-search",
                 "--cv-folds", "3", "--corpus", "made voices", "--licence", "none");
  g_assert_cmpint (run.status, ==, 0);
  char *end = g_strdup_printf ("\n%s/model.emotion\n%s/training_metrics.json\n", trainer->folder,
                               trainer->folder);
  g_assert_true (g_str_has_suffix (run.out, end));
  g_assert_true (g_str_has_prefix (run.out, "Speakers held out"));
  g_assert_nonnull (strstr (run.err, "100 %"));
  g_assert_null (strstr (run.out, "%)"));
  g_free (end);
  run_clear (&run);

  JsonObject *metrics = load_metrics (trainer->folder);
  EmotionModel *model = load_model (trainer->folder);
  check_metrics (metrics, model);
  check_speakers (metrics);
  check_figures (object_at (metrics, "test_metrics", NULL), SYNTHETIC_ALL / SYNTHETIC_SPEAKERS);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  check_figures (strict, SYNTHETIC_ALL);
  g_assert_cmpint (json_object_get_int_member (strict, "folds"), ==, 3);
  g_assert_cmpuint (length_of (strict, "chosen"), ==, 3);
  g_assert_cmpfloat (number_at (strict, "uar"), >, 0.9);

  const char *const *provenance = emotion_model_get_provenance (model);
  char *text = g_strjoinv ("|", (char **)provenance);
  g_assert_nonnull (strstr (text, "corpus|made voices"));
  g_assert_nonnull (strstr (text, "licence|none"));
  g_assert_nonnull (strstr (text, "speakers|5"));
  g_free (text);
  emotion_model_unref (model);
  json_object_unref (metrics);
}

/* The same model and metrics in both folders, without any of `words`. */
static void
assert_same_results (const char *a, const char *b, const char *const *words)
{
  static const char *const names[] = {"model.emotion", "training_metrics.json"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gsize size_a, size_b;
    char *of_a = read_file (a, names[i], &size_a), *of_b = read_file (b, names[i], &size_b);
    g_assert_cmpuint (size_a, ==, size_b);
    g_assert_true (memcmp (of_a, of_b, size_a) == 0);
    for (guint w = 0; words && words[w]; w++)
      g_assert_null (strstr (of_a, words[w]));
    g_free (of_a);
    g_free (of_b);
  }
}

/* Any number of threads and any folder name give the same bytes, also with clips left out. */
static void
test_same_bytes (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *other = scratch_new (), *moved = scratch_new (), *third = scratch_new ();
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_append (text, "missing.wav,calm,s0\n,calm,s1\ngarbage.wav,happy,s1\n");
  g_free (scratch_write (trainer_corpus, "more.csv", text->str, text->len));
  g_free (scratch_write (moved, "more.csv", text->str, text->len));
  g_free (scratch_write (trainer_corpus, "garbage.wav", "garbage", 7));
  g_free (scratch_write (moved, "garbage.wav", "garbage", 7));
  g_string_free (text, TRUE);
  synthetic_speakers_write (moved);

  char *more = g_build_filename (trainer_corpus, "more.csv", NULL);
  char *root = g_strconcat (trainer_corpus, "/", NULL);
  /* The corpus has its folder's name, unless an option gives one. */
  assert_ran (RUN ("--metadata", more, "--audio-root", root, "--output-dir", trainer->folder,
                   "--corpus", "voices", "--n-jobs", "1", QUICK));
  assert_ran (RUN ("--metadata", more, "--output-dir", other, "--corpus", "voices", "--n-jobs", "3",
                   QUICK));
  assert_ran (run_program_in (moved, NULL, trainer_program, "--metadata", "more.csv",
                              "--output-dir", third, "--corpus", "voices", QUICK, NULL));
  const char *const words[] = {trainer_corpus, g_get_tmp_dir (), g_get_host_name (), NULL};
  assert_same_results (trainer->folder, other, words);
  assert_same_results (trainer->folder, third, NULL);
  JsonObject *metrics = load_metrics (third);
  g_assert_cmpuint (length_of (metrics, "left_out"), ==, 3);
  json_object_unref (metrics);
  g_free (more);
  g_free (root);
  scratch_remove (other);
  scratch_remove (moved);
  scratch_remove (third);
}

/* A locale with a decimal comma changes nothing. */
static void
test_locale (Trainer *trainer, gconstpointer data)
{
  static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "pl_PL.UTF-8",
                                        "de_DE"};
  (void)data;
  const char *found = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (locales) && !found; i++)
    if (setlocale (LC_NUMERIC, locales[i]) && g_str_equal (localeconv ()->decimal_point, ","))
      found = locales[i];
  setlocale (LC_NUMERIC, "C");
  if (!found) {
    g_test_skip ("no locale with a decimal comma is installed");
    return;
  }
  char *other = scratch_new ();
  char **environment = g_environ_setenv (g_get_environ (), "LC_ALL", found, TRUE);
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, "--window",
                   "2.5", QUICK));
  assert_ran (run_program_in (NULL, environment, trainer_program, "--metadata", trainer->metadata,
                              "--output-dir", other, "--window", "2.5", QUICK, NULL));
  assert_same_results (trainer->folder, other, NULL);
  g_strfreev (environment);
  scratch_remove (other);
}

/* The label of the file's samples, processed as a stream. */
static const char *
detect (EmotionModel *model, const char *path)
{
  TrainingAudio audio;
  GError *error = NULL;
  training_decode (path, &audio, &error);
  g_assert_no_error (error);
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  config.rate = audio.rate;
  config.channels = audio.channels;
  EmotionDetector *detector = emotion_detector_new (model, &config, &error);
  g_assert_no_error (error);
  EmotionResult result;
  for (gsize done = 0; done < audio.n_frames;) {
    done += emotion_detector_push (detector, audio.samples + done * audio.channels,
                                   audio.n_frames - done);
    while (emotion_detector_pull (detector, &result))
      ;
  }
  emotion_detector_finish (detector);
  while (emotion_detector_pull (detector, &result))
    ;
  g_assert_true (emotion_detector_summarize (detector, &result));
  emotion_detector_free (detector);
  training_audio_clear (&audio);
  return emotion_model_get_label (model, (guint)result.label);
}

/* The C-SVC, loaded from its file into a detector, recognises the speakers that it was trained on,
 * and beats chance (1/3) on held-out speakers. */
static void
test_svc (Trainer *trainer, gconstpointer data)
{
  (void)data;
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, "-q",
                   "--candidates", "svc", "--skip-search", "--cv-folds", "3"));
  JsonObject *metrics = load_metrics (trainer->folder);
  EmotionModel *model = load_model (trainer->folder);
  const EmotionClassifierParts *classifier =
      emotion_classifier_get_parts (emotion_model_get_parts (model)->classifiers[0]);
  g_assert_cmpint (classifier->kind, ==, EMOTION_CLASSIFIER_SVM);
  g_assert_cmpstr (json_object_get_string_member (metrics, "best_model_name"), ==, "svc");
  g_assert_cmpfloat (number_at (object_at (metrics, "protocols", "strict"), "uar"), >, 0.5);
  guint right = 0;
  for (guint i = 0; i < SYNTHETIC_ALL; i++) {
    const guint label = i / SYNTHETIC_CLIPS % SYNTHETIC_LABELS;
    char *name =
        synthetic_clip_name (i / SYNTHETIC_CLIPS / SYNTHETIC_LABELS, label, i % SYNTHETIC_CLIPS);
    char *path = g_build_filename (trainer_corpus, name, NULL);
    right += g_str_equal (detect (model, path), synthetic_labels[label]);
    g_free (path);
    g_free (name);
  }
  g_test_message ("%u of %d right", right, SYNTHETIC_ALL);
  g_assert_cmpuint (right, >=, SYNTHETIC_ALL - 2);
  emotion_model_unref (model);
  json_object_unref (metrics);
}

static void
test_loso (Trainer *trainer, gconstpointer data)
{
  (void)data;
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK,
                   "--protocol", "loso"));
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  g_assert_cmpstr (json_object_get_string_member (metrics, "protocol"), ==, "loso");
  g_assert_cmpint (json_object_get_int_member (strict, "folds"), ==, SYNTHETIC_SPEAKERS);
  json_object_unref (metrics);
}

/* Identical audio is found by its samples, whatever the names, and used once. */
static void
test_duplicates (Trainer *trainer, gconstpointer data)
{
  (void)data;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  gsize size;
  char *content = read_file (trainer_corpus, "s1-calm-1.wav", &size);
  g_free (scratch_write (trainer_corpus, "copy.wav", content, size));
  g_free (content);
  g_string_append (text, "copy.wav,calm,s4\ns2-angry-0.wav,happy,s2\n");
  Run run = trainer_run_text (trainer, text->str);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.err, "copy.wav has the same samples as s1-calm-1.wav\n"));
  g_assert_nonnull (strstr (run.err, "'happy' instead of 'angry'"));
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonArray *pairs = json_object_get_array_member (metrics, "duplicates");
  g_assert_cmpuint (json_array_get_length (pairs), ==, 2);
  JsonArray *pair = json_array_get_array_element (pairs, 0);
  g_assert_cmpstr (json_array_get_string_element (pair, 0), ==, "s1-calm-1.wav");
  g_assert_cmpstr (json_array_get_string_element (pair, 1), ==, "copy.wav");
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, SYNTHETIC_ALL);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  g_assert_cmpint (json_object_get_int_member (strict, "n"), ==, SYNTHETIC_ALL);
  json_object_unref (metrics);
  run_clear (&run);
  g_string_free (text, TRUE);
}

/* A speaker with duplicates only does not count as one. */
static void
test_speaker_of_duplicates (Trainer *trainer, gconstpointer data)
{
  (void)data;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  for (guint label = 0; label < SYNTHETIC_LABELS; label++)
    g_string_append_printf (text, "s0-%s-0.wav,%s,copyist\n", synthetic_labels[label],
                            synthetic_labels[label]);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  assert_ran (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                   trainer->folder, QUICK, "--protocol", "loso"));
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  g_assert_cmpint (json_object_get_int_member (metrics, "n_speakers"), ==, SYNTHETIC_SPEAKERS);
  g_assert_cmpint (json_object_get_int_member (strict, "folds"), ==, SYNTHETIC_SPEAKERS);
  check_speakers (metrics);
  json_object_unref (metrics);
  g_free (metadata);
  g_string_free (text, TRUE);
}

/* Figures without speakers are not called strict, in files or on screen. */
static void
test_no_speakers (Trainer *trainer, gconstpointer data)
{
  (void)data;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, "speaker", "who", 1);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                 trainer->folder, QUICK);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.err, "the figures will be optimistic"));
  g_assert_true (g_str_has_prefix (run.out, "SPEAKERS NOT HELD OUT"));
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpstr (json_object_get_string_member (metrics, "protocol"), ==, "random");
  JsonObject *protocols = object_at (metrics, "protocols", NULL);
  g_assert_false (json_object_has_member (protocols, "strict"));
  g_assert_true (json_object_has_member (protocols, "random"));
  json_object_unref (metrics);
  run_clear (&run);
  /* 45 "speakers" are too many to leave out one at a time. */
  assert_failed (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                      trainer->folder, QUICK, "--protocol", "loso"),
                 1, "--protocol loso");
  g_free (metadata);
  g_string_free (text, TRUE);
}

/* Real speech: 7 emotions, 10 speakers, 5 folds of 2. The bound guards against regressions; LDA
 * with these features reaches 0.78 to 0.82. */
static void
test_emodb (Trainer *trainer, gconstpointer data)
{
  (void)data;
  const char *corpora = g_getenv ("EMOTION_CORPORA");
  char *metadata = g_build_filename (corpora ? corpora : "", "emodb", "metadata.csv", NULL);
  if (!g_file_test (metadata, G_FILE_TEST_EXISTS)) {
    g_test_skip ("no EMO-DB: $EMOTION_CORPORA/emodb/metadata.csv is not there");
  } else {
    assert_ran (RUN ("--metadata", metadata, "--output-dir", trainer->folder, "--skip-search",
                     "--candidates", "lda", "--cv-folds", "5", "-q"));
    JsonObject *metrics = load_metrics (trainer->folder);
    JsonObject *strict = object_at (metrics, "protocols", "strict");
    g_assert_cmpint (json_object_get_int_member (strict, "n"), ==, 535);
    g_assert_cmpfloat (number_at (strict, "uar"), >, 0.70);
    json_object_unref (metrics);
  }
  g_free (metadata);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("contents", test_contents);
  TRAINER_TEST ("same-bytes", test_same_bytes);
  TRAINER_TEST ("locale", test_locale);
  TRAINER_TEST ("svc", test_svc);
  TRAINER_TEST ("loso", test_loso);
  TRAINER_TEST ("duplicates", test_duplicates);
  TRAINER_TEST ("speaker-of-duplicates", test_speaker_of_duplicates);
  TRAINER_TEST ("no-speakers", test_no_speakers);
  TRAINER_TEST ("emodb", test_emodb);
  return trainer_run_tests (argc, argv);
}
