/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-evaluate as a user does, on synthetic speakers; the paths of emotion-train,
 * emotion-evaluate and emotion-predict are the arguments. */
#include <gst/gst.h>
#include <string.h>

#include "tests/common/test-model.h"
#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"

static char *evaluate, *predict;
static char *trained; /* a model of the corpus's labels, trained on all speakers */

#define EVALUATE(...) run_program (evaluate, "-q", __VA_ARGS__, NULL)

typedef struct {
  char *folder, *metadata, *json;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->metadata = g_build_filename (trainer_corpus, "metadata.csv", NULL);
  fixture->json = g_build_filename (fixture->folder, "figures.json", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  scratch_remove (fixture->folder);
  g_free (fixture->metadata);
  g_free (fixture->json);
}

static JsonObject *
load (const char *path)
{
  GError *error = NULL;
  JsonParser *parser = json_parser_new ();
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  JsonObject *root = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  g_object_unref (parser);
  return root;
}

/* The condition of that name and adaptation, which must exist. */
static JsonObject *
condition_of (JsonObject *root, const char *name, const char *adaptation)
{
  JsonArray *conditions = json_object_get_array_member (root, "conditions");
  for (guint i = 0; i < json_array_get_length (conditions); i++) {
    JsonObject *object = json_array_get_object_element (conditions, i);
    if (strcmp (json_object_get_string_member (object, "condition"), name) == 0 &&
        strcmp (json_object_get_string_member (object, "adaptation"), adaptation) == 0)
      return object;
  }
  g_assert_not_reached ();
}

/* Runs the program with JSON output; it must succeed. The run's output is freed. */
static JsonObject *
evaluated (const Fixture *fixture, Run run)
{
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
  return load (fixture->json);
}

static void
assert_refused (Run run, int status, const char *words)
{
  g_assert_cmpint (run.status, ==, status);
  g_assert_cmpstr (run.out, ==, "");
  assert_has (run.err, "emotion-evaluate: ");
  assert_has (run.err, words);
  run_clear (&run);
}

/* The number of clips whose emotion-predict prediction equals the label. */
static guint
count_predicted (void)
{
  guint n_right = 0;
  Run run = run_program_in (trainer_corpus, NULL, predict, "--csv", "--model", trained, ".", NULL);
  g_assert_cmpint (run.status, ==, 0);
  char **lines = g_strsplit (run.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + SYNTHETIC_ALL + 1);
  for (guint i = 1; i <= SYNTHETIC_ALL; i++) {
    char **fields = g_strsplit (lines[i], ",", -1);
    char *label = g_strdup_printf ("-%s-", fields[3]);
    n_right += strstr (fields[0], label) != NULL;
    g_free (label);
    g_strfreev (fields);
  }
  g_strfreev (lines);
  run_clear (&run);
  return n_right;
}

/* The figures are the counts of emotion-predict's predictions; the table has the same figures as
 * the JSON. */
static void
test_as_predicted (Fixture *fixture, gconstpointer data)
{
  (void)data;
  Run run = EVALUATE ("--model", trained, "--metadata", fixture->metadata, "--json", fixture->json);
  g_assert_cmpint (run.status, ==, 0);
  JsonObject *root = load (fixture->json);
  JsonObject *plain = condition_of (root, "as recorded", "none");
  const double accuracy = number_at (plain, "accuracy");
  g_assert_cmpfloat_with_epsilon (accuracy * SYNTHETIC_ALL, count_predicted (), 1e-9);
  g_assert_cmpfloat (accuracy, >, 0.8); /* the clips were training data */
  g_assert_cmpint (json_object_get_int_member (plain, "n"), ==, SYNTHETIC_ALL);
  g_assert_cmpuint (json_object_get_size (object_at (plain, "per_speaker", NULL)), ==,
                    SYNTHETIC_SPEAKERS);
  g_assert_cmpint (json_object_get_int_member (object_at (plain, "windows", NULL), "n"), >=,
                   SYNTHETIC_ALL);
  char *row = g_strdup_printf ("%.3f", number_at (plain, "uar"));
  assert_has (run.out, row);
  assert_has (run.out, "All 3 labels of the model can be predicted");
  g_free (row);
  json_object_unref (root);
  run_clear (&run);
}

/* Each augmentation is a condition, in order. Loud noise of any kind clearly lowers the UAR; an
 * augmentation that leaves the sound unchanged leaves the predictions unchanged. */
static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  static const char *const noises[] = {"white", "pink", "babble"};
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (noises); i++) {
    JsonObject *root =
        evaluated (fixture, EVALUATE ("--model", trained, "--metadata", fixture->metadata, "--snr",
                                      "60,-20", "--noise", noises[i], "--json", fixture->json));
    char *loud = g_strdup_printf ("%s%s, SNR -20 dB", noises[i], i < 2 ? " noise" : "");
    const double before = number_at (condition_of (root, "as recorded", "none"), "uar");
    g_assert_cmpfloat (number_at (condition_of (root, loud, "none"), "uar"), <, before - 0.2);
    g_free (loud);
    json_object_unref (root);
  }
  JsonObject *root = evaluated (
      fixture, EVALUATE ("--model", trained, "--metadata", fixture->metadata, "--bandwidth", "3.4",
                         "--gain", "0, -60", "--window", "1.5,3", "--json", fixture->json));
  static const char *const names[] = {"as recorded", "up to 3.4 kHz",    "gain 0 dB",
                                      "gain -60 dB", "windows of 1.5 s", "windows of 3 s"};
  JsonArray *conditions = json_object_get_array_member (root, "conditions");
  g_assert_cmpuint (json_array_get_length (conditions), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (
        json_object_get_string_member (json_array_get_object_element (conditions, i), "condition"),
        ==, names[i]);
  JsonObject *plain = condition_of (root, "as recorded", "none");
  static const char *const same[] = {"gain 0 dB", "windows of 3 s"};
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_cmpfloat (number_at (condition_of (root, same[i], "none"), "brier"), ==,
                       number_at (plain, "brier"));
  JsonObject *shorter = condition_of (root, "windows of 1.5 s", "none");
  g_assert_cmpint (json_object_get_int_member (object_at (shorter, "windows", NULL), "n"), >,
                   json_object_get_int_member (object_at (plain, "windows", NULL), "n"));
  g_assert_cmpfloat (number_at (condition_of (root, "gain -60 dB", "none"), "answered_none"), ==,
                     1); /* below the model's threshold of silence */
  g_assert_cmpfloat (number_at (plain, "answered_none"), <, 0.5);
  json_object_unref (root);
}

/* The number of threads changes no byte; the seed changes noise and order. */
static void
test_deterministic (Fixture *fixture, gconstpointer data)
{
  static const char *const options[][2] = {{"1", "1"}, {"3", "1"}, {"3", "2"}};
  char *text[G_N_ELEMENTS (options)];
  (void)data;
  char *model = g_build_filename (fixture->folder, "adapting.emotion", NULL);
  char *map = scratch_write (fixture->folder, "labels.map", "calm=neutral\n", 13);
  test_model_save_adapting (model, 5);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    Run run = EVALUATE ("--model", model, "--metadata", fixture->metadata, "--label-map", map,
                        "--adaptation", "both", "--snr", "10", "--noise", "babble", "--n-jobs",
                        options[i][0], "--random-state", options[i][1], "--json", "-");
    g_assert_cmpint (run.status, ==, 0);
    assert_lacks (run.out, "UAR");
    text[i] = g_strdup (run.out);
    run_clear (&run);
  }
  g_assert_cmpstr (text[0], ==, text[1]);
  g_assert_cmpstr (text[1], !=, text[2]);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_free (text[i]);
  g_free (model);
  g_free (map);
}

/* "both" gives the figures of either. Adaptation is per speaker, so a speaker's figures do not
 * depend on the other speakers. */
static void
test_adaptation (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *model = g_build_filename (fixture->folder, "adapting.emotion", NULL);
  char *map = scratch_write (fixture->folder, "labels.map", "calm=neutral\n", 13);
  test_model_save_adapting (model, 5);
  JsonObject *both = evaluated (
      fixture, EVALUATE ("--model", model, "--metadata", fixture->metadata, "--label-map", map,
                         "--adaptation", "both", "--json", fixture->json));
  JsonObject *running = evaluated (
      fixture, EVALUATE ("--model", model, "--metadata", fixture->metadata, "--label-map", map,
                         "--adaptation", "running", "--json", fixture->json));
  const double plain = number_at (condition_of (both, "as recorded", "none"), "brier");
  const double adapted = number_at (condition_of (both, "as recorded", "running"), "brier");
  g_assert_cmpfloat (plain, !=, adapted);
  g_assert_cmpfloat (adapted, ==,
                     number_at (condition_of (running, "as recorded", "running"), "brier"));
  GString *text = synthetic_speakers_metadata (1);
  char *one = scratch_write (fixture->folder, "one.csv", text->str, text->len);
  JsonObject *alone = evaluated (
      fixture, EVALUATE ("--model", model, "--metadata", one, "--audio-root", trainer_corpus,
                         "--label-map", map, "--adaptation", "running", "--json", fixture->json));
  g_assert_cmpfloat (
      number_at (object_at (condition_of (alone, "as recorded", "running"), "per_speaker", "s0"),
                 "accuracy"),
      ==,
      number_at (object_at (condition_of (running, "as recorded", "running"), "per_speaker", "s0"),
                 "accuracy"));
  g_string_free (text, TRUE);
  json_object_unref (both);
  json_object_unref (running);
  json_object_unref (alone);
  char *still = g_build_filename (fixture->folder, "still.emotion", NULL);
  test_model_save (still, 5);
  assert_refused (
      EVALUATE ("--model", still, "--metadata", fixture->metadata, "--adaptation", "running"), 1,
      "does not adapt");
  g_free (still);
  g_free (model);
  g_free (map);
  g_free (one);
}

/* Labels of the data that the model lacks are dropped and counted. Labels of the model that the
 * data lack can be predicted, or with --shared-labels cannot. */
static void
test_labels (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *model = g_build_filename (fixture->folder, "some.emotion", NULL);
  test_model_save (model, 3); /* angry, happy, neutral, sad */
  Run run = EVALUATE ("--model", model, "--metadata", fixture->metadata, "--json", fixture->json);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "15 of 45 rows dropped, as the model does not have their labels: calm");
  assert_has (run.out, "All 4 labels of the model");
  run_clear (&run);
  JsonObject *all = load (fixture->json);
  g_assert_cmpint (json_object_get_int_member (all, "rows_of_foreign_labels"), ==, 15);
  run = EVALUATE ("--model", model, "--metadata", fixture->metadata, "--shared-labels", "--json",
                  fixture->json);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.out,
              "Only the 2 labels that occur in the data can be predicted, chance UAR 0.500");
  run_clear (&run);
  JsonObject *shared = load (fixture->json);
  g_assert_cmpuint (length_of (all, "labels"), ==, 4);
  g_assert_cmpuint (length_of (shared, "labels"), ==, 2);
  /* With fewer labels to choose from, no more predictions are wrong. */
  g_assert_cmpfloat (number_at (condition_of (shared, "as recorded", "none"), "accuracy"), >=,
                     number_at (condition_of (all, "as recorded", "none"), "accuracy"));
  json_object_unref (all);
  json_object_unref (shared);
  char *map = scratch_write (fixture->folder, "labels.map", "happy=\n", 7);
  assert_refused (EVALUATE ("--model", model, "--metadata", fixture->metadata, "--label-map", map),
                  1, "the data have 1 of the model's labels");
  g_free (map);
  g_free (model);
}

static void
test_bad_clips (Fixture *fixture, gconstpointer data)
{
  (void)data;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_append (text, "missing.wav,calm,s0\n");
  char *some = scratch_write (fixture->folder, "some.csv", text->str, text->len);
  Run run = EVALUATE ("--model", trained, "--metadata", some, "--audio-root", trainer_corpus,
                      "--gain", "0", "--json", fixture->json);
  g_assert_cmpint (run.status, ==, 0);
  const char *first = strstr (run.err, "some.csv:47: ");
  g_assert_nonnull (first);
  g_assert_null (strstr (first + 1, "some.csv:47: ")); /* reported once, for all conditions */
  run_clear (&run);
  JsonObject *root = load (fixture->json);
  g_assert_cmpuint (length_of (root, "left_out"), ==, 1);
  json_object_unref (root);
  assert_refused (EVALUATE ("--model", trained, "--metadata", some, "--audio-root", "/nowhere"), 1,
                  "46 of 46 rows cannot be used");
  g_string_free (text, TRUE);
  g_free (some);
}

static void
test_bad_options (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *option, *value, *words;
    int status;
  } bad[] = {
      {"--snr", "x", "from -20 to 60", 2},
      {"--snr", "99", "from -20 to 60", 2},
      {"--snr", "10,", "from -20 to 60", 2},
      {"--snr", "", "from -20 to 60", 2},
      {"--noise", "brown", "white, pink, babble", 2},
      {"--noise", "pink", "--snr", 2},
      {"--bandwidth", "9", "from 1 to 8", 2},
      {"--gain", "nan", "from -60 to 60", 2},
      {"--window", "0.01", "from 0.1 to 60", 2},
      {"--adaptation", "some", "none, running, both", 2},
      {"--n-jobs", "0", "--n-jobs", 2},
      {"--model", "/nowhere/x.emotion", "/nowhere/x.emotion", 1},
      {"--json", "/nowhere/x.json", "/nowhere/x.json", 1},
      {"--json", "/dev/full", "/dev/full", 1},
      {"--label-map", "/nowhere/x.map", "/nowhere/x.map", 1},
      {"--path-column", "where", "the columns are: file_path, emotion, speaker", 1},
      {"more", "x", "'more'", 2},
  };
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (
        EVALUATE ("--model", trained, "--metadata", fixture->metadata, bad[i].option, bad[i].value),
        bad[i].status, bad[i].words);
  assert_refused (EVALUATE ("--metadata", fixture->metadata), 2, "--model");
  assert_refused (EVALUATE ("--model", trained), 2, "--metadata");
  assert_refused (EVALUATE ("--model", fixture->metadata, "--metadata", fixture->metadata), 1,
                  fixture->metadata);
  GString *text = synthetic_speakers_metadata (2);
  char *two = scratch_write (fixture->folder, "two.csv", text->str, text->len);
  assert_refused (EVALUATE ("--model", trained, "--metadata", two, "--audio-root", trainer_corpus,
                            "--snr", "10", "--noise", "babble"),
                  1, "use white or pink noise");
  char *empty = scratch_write (fixture->folder, "empty.csv", "", 0);
  assert_refused (EVALUATE ("--model", trained, "--metadata", empty), 1, "empty");
  g_string_free (text, TRUE);
  g_free (two);
  g_free (empty);
}

static void
test_version (Fixture *fixture, gconstpointer data)
{
  (void)fixture;
  (void)data;
  Run run = run_program (evaluate, "--version", NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_true (g_str_has_prefix (run.out, "emotion-evaluate "));
  run_clear (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 4);
  evaluate = g_canonicalize_filename (argv[2], NULL);
  predict = g_canonicalize_filename (argv[3], NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/evaluate/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("as-predicted", test_as_predicted);
  ADD ("sweep", test_sweep);
  ADD ("deterministic", test_deterministic);
  ADD ("adaptation", test_adaptation);
  ADD ("labels", test_labels);
  ADD ("bad-clips", test_bad_clips);
  ADD ("bad-options", test_bad_options);
  ADD ("version", test_version);
  trainer_begin (argv[1]);
  char *folder = scratch_new (),
       *metadata = g_build_filename (trainer_corpus, "metadata.csv", NULL);
  trained = g_build_filename (folder, "model.emotion", NULL);
  assert_ran (RUN ("--metadata", metadata, "--output-dir", folder, QUICKEST));
  const int status = g_test_run ();
  trainer_end ();
  scratch_remove (folder);
  g_free (trained);
  g_free (metadata);
  g_free (evaluate);
  g_free (predict);
  return status;
}
