/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does; its path is the argument. The optional output files. */
#include <gst/gst.h>
#include <locale.h>
#include <string.h>

#include "core/model/model.h"
#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/table.h"
#include "tests/training/trainer.h"
#include "training/selection/metrics.h"

/* Metadata with two wrong labels and a comma in a speaker's name; free with g_free(). */
static char *
write_mislabelled (const Trainer *trainer)
{
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, "s1-angry-1.wav,angry", "s1-angry-1.wav,calm", 1);
  g_string_replace (text, "s3-happy-0.wav,happy", "s3-happy-0.wav,angry", 1);
  g_string_replace (text, ",s4\n", ",\"s4, the \"\"last\"\"\"\n", 0);
  char *path = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  g_string_free (text, TRUE);
  return path;
}

static char *
path_in (const Trainer *trainer, const char *name)
{
  return g_build_filename (trainer->folder, name, NULL);
}

static guint
label_of (const char *name)
{
  guint k = 0;
  while (strcmp (synthetic_labels[k], name) != 0)
    k++;
  return k;
}

/* The rows of a protocol, as the metrics count them. */
static guint
read_outcomes (GPtrArray *rows, const char *protocol, TrainingOutcome *outcomes, double *scores)
{
  guint n = 0;
  for (guint r = 1; r < rows->len; r++) {
    if (strcmp (table_find (rows, r, "protocol"), protocol) != 0)
      continue;
    double *of_row = scores + (gsize)n * SYNTHETIC_LABELS;
    for (guint k = 0; k < SYNTHETIC_LABELS; k++) {
      char *column = g_strconcat ("score_", synthetic_labels[k], NULL);
      of_row[k] = table_number (rows, r, column);
      g_free (column);
    }
    outcomes[n] = (TrainingOutcome){label_of (table_find (rows, r, "truth")), 0, of_row};
    g_assert_cmpuint (training_outcome_predict (&outcomes[n], SYNTHETIC_LABELS), ==,
                      label_of (table_find (rows, r, "prediction")));
    n++;
  }
  return n;
}

/* The figures of the metrics, computed from the file alone, to the last bit. */
static void
check_same_figures (GPtrArray *rows, JsonObject *metrics, const char *protocol)
{
  TrainingOutcome outcomes[SYNTHETIC_ALL];
  double scores[SYNTHETIC_ALL * SYNTHETIC_LABELS];
  TrainingFigures figures;
  JsonObject *told = object_at (metrics, "protocols", protocol);
  const guint n = read_outcomes (rows, protocol, outcomes, scores);
  g_assert_cmpuint (n, ==, SYNTHETIC_ALL);
  training_figures_compute (outcomes, n, SYNTHETIC_LABELS, 1, 0, 0, &figures);
  g_assert_cmpfloat (figures.accuracy, ==, number_at (told, "accuracy"));
  g_assert_cmpfloat (figures.uar, ==, number_at (told, "uar"));
  g_assert_cmpfloat (figures.f1_weighted, ==, number_at (told, "f1_weighted"));
  /* Sums over clips; the order in the file is different. */
  g_assert_cmpfloat_with_epsilon (figures.ece, number_at (told, "ece"), 1e-12);
  g_assert_cmpfloat_with_epsilon (figures.brier, number_at (told, "brier"), 1e-12);
}

/* Every speaker is in one fold, and the rows are those of the metadata in order. */
static void
check_rows (GPtrArray *rows, guint n_folds)
{
  static const char *const columns[] = {"protocol",    "clip",       "speaker",
                                        "fold",        "truth",      "prediction",
                                        "score_angry", "score_calm", "score_happy"};
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_assert_cmpstr (table_get (rows, 0, i), ==, columns[i]);
  g_assert_cmpuint (rows->len, ==, 1 + 2 * SYNTHETIC_ALL);
  guint fold_of[SYNTHETIC_SPEAKERS] = {0}, seen = 0;
  for (guint r = 1; r < rows->len; r++) {
    const guint clip = (r - 1) % SYNTHETIC_ALL,
                speaker = clip / (SYNTHETIC_ALL / SYNTHETIC_SPEAKERS);
    char *name = synthetic_clip_name (speaker, clip / SYNTHETIC_CLIPS % SYNTHETIC_LABELS,
                                      clip % SYNTHETIC_CLIPS);
    const guint fold = (guint)table_number (rows, r, "fold");
    g_assert_cmpstr (table_find (rows, r, "protocol"), ==,
                     r <= SYNTHETIC_ALL ? "strict" : "adaptive");
    g_assert_cmpstr (table_find (rows, r, "clip"), ==, name);
    g_assert_cmpuint (fold, >=, 1);
    g_assert_cmpuint (fold, <=, n_folds);
    g_assert_true (fold_of[speaker] == 0 || fold_of[speaker] == fold);
    fold_of[speaker] = fold;
    seen |= 1u << fold;
    g_free (name);
  }
  g_assert_cmpuint (seen, ==, (2u << n_folds) - 2);
  g_assert_cmpstr (table_find (rows, SYNTHETIC_ALL, "speaker"), ==, "s4, the \"last\"");
}

/* The list starts with the clips whose labels are wrong, which the table of --verbose shows too. */
static void
check_mistakes (JsonObject *metrics, const char *out)
{
  JsonArray *list = json_object_get_array_member (metrics, "surest_mistakes");
  g_assert_cmpuint (json_array_get_length (list), >=, 2);
  double before = 1;
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *mistake = json_array_get_object_element (list, i);
    const double probability = number_at (mistake, "probability");
    g_assert_cmpfloat (probability, <=, before);
    g_assert_cmpfloat (number_at (mistake, "truth_probability"), <=, probability);
    g_assert_cmpstr (json_object_get_string_member (mistake, "truth"), !=,
                     json_object_get_string_member (mistake, "prediction"));
    const char *clip = json_object_get_string_member (mistake, "clip");
    if (i < 2)
      g_assert_true (strcmp (clip, "s1-angry-1.wav") == 0 || strcmp (clip, "s3-happy-0.wav") == 0);
    assert_has (out, clip);
    before = probability;
  }
  assert_has (out, "Most confident errors");
  assert_has (out, "s1-angry-1.wav  labelled calm, predicted angry 0.");
}

static void
test_predictions (Trainer *trainer, gconstpointer data)
{
  (void)data;
  gsize size;
  char *metadata = write_mislabelled (trainer), *path = path_in (trainer, "predictions.csv");
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                 trainer->folder, QUICK, "--cv-folds", "3", "-v", "--predictions", path);
  g_assert_cmpint (run.status, ==, 0);
  char *end = g_strdup_printf ("/training_metrics.json\n%s\n", path);
  g_assert_true (g_str_has_suffix (run.out, end));
  char *text = read_file (trainer->folder, "predictions.csv", &size);
  GPtrArray *rows = table_parse (text);
  JsonObject *metrics = load_metrics (trainer->folder);
  check_rows (rows, 3);
  check_same_figures (rows, metrics, "strict");
  check_same_figures (rows, metrics, "adaptive");
  check_mistakes (metrics, run.out);

  /* Another number of threads gives the same bytes. Without --verbose there is no list. */
  Run again =
      RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir", trainer->folder,
           QUICK, "--cv-folds", "3", "--n-jobs", "1", "--predictions", path);
  g_assert_cmpint (again.status, ==, 0);
  assert_lacks (again.out, "Surest");
  char *same = read_file (trainer->folder, "predictions.csv", &size);
  g_assert_cmpstr (text, ==, same);
  run_clear (&again);
  run_clear (&run);
  json_object_unref (metrics);
  g_ptr_array_unref (rows);
  g_free (text);
  g_free (same);
  g_free (end);
  g_free (path);
  g_free (metadata);
}

/* The card has "| NAME | UAR [LOW-HIGH] | accuracy |" of these figures. */
static void
assert_has_figures (const char *card, const char *name, JsonObject *figures)
{
  JsonArray *interval = json_object_get_array_member (figures, "uar_interval");
  char *row = g_strdup_printf (
      "| %s | %.3f [%.3f-%.3f] | %.3f |", name, number_at (figures, "balanced_accuracy"),
      json_array_get_double_element (interval, 0), json_array_get_double_element (interval, 1),
      number_at (figures, "accuracy"));
  assert_has (card, row);
  g_free (row);
}

/* The card has the figures of the metrics and no folder of this machine. Labels are written as the
 * user wrote them, escaped so that nothing in them is Markdown. */
static void
test_card (Trainer *trainer, gconstpointer data)
{
  (void)data;
  gsize size;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, ",angry", ",w\xc3\xbctend *sehr*", 0);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  char *path = path_in (trainer, "card.md"), *folder = g_path_get_basename (trainer->folder);
  assert_ran (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                   trainer->folder, QUICKEST, "--card", path));
  char *card = read_file (trainer->folder, "card.md", &size);
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  assert_has_figures (card, "strict, clips", strict);
  assert_has_figures (card, "strict, windows with speech", object_at (strict, "windows", NULL));
  assert_has (card, "| w\xc3\xbctend \\*sehr\\* |");
  assert_has (card, json_object_get_string_member (metrics, "model_hash"));
  assert_has (card, "\nemotion-train --metadata ");
  assert_has (card, "**to be filled in**");
  assert_lacks (card, trainer->folder);
  assert_lacks (card, trainer_corpus);
  char *with_name = g_strdup_printf ("--metadata %s/test.csv", folder);
  assert_has (card, with_name);
  g_free (with_name);
  json_object_unref (metrics);
  g_free (card);
  g_free (folder);
  g_free (path);
  g_free (metadata);
  g_string_free (text, TRUE);
}

/* The provenance in the model file, as key: value. */
static char *
read_provenance (const Trainer *trainer, const char *key)
{
  char *path = path_in (trainer, "model.emotion");
  EmotionModel *model = emotion_model_load (path, NULL);
  char *value = NULL;
  for (const char *const *pair = emotion_model_get_provenance (model); pair[0]; pair += 2)
    if (g_str_equal (pair[0], key))
      value = g_strdup (pair[1]);
  emotion_model_unref (model);
  g_free (path);
  return value;
}

/* Without speakers, clips are not called speakers in any file or table; the corpus has the name
 * that --help describes. */
static void
check_no_speakers (const Trainer *trainer, JsonObject *metrics, const char *table)
{
  JsonObject *figures = object_at (metrics, "protocols", "random");
  char *speakers = read_provenance (trainer, "speakers"),
       *corpus = read_provenance (trainer, "corpus");
  char *folder = g_path_get_basename (trainer->folder);
  g_assert_true (json_object_get_null_member (metrics, "n_speakers"));
  g_assert_cmpstr (json_object_get_string_member (metrics, "intervals_over"), ==, "clips");
  g_assert_false (json_object_has_member (figures, "per_speaker"));
  g_assert_false (
      json_object_has_member (object_at (metrics, "test_metrics", NULL), "per_speaker"));
  g_assert_null (speakers);
  g_assert_cmpstr (corpus, ==, folder);
  assert_has (table, "clips\n");
  assert_lacks (table, " speakers\n");
  g_free (folder);
  g_free (corpus);
}

/* Without speakers, the protocol is random, and no speaker is named. */
static void
test_random (Trainer *trainer, gconstpointer data)
{
  (void)data;
  gsize size;
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_string_replace (text, "speaker", "who", 1);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  char *path = path_in (trainer, "predictions.csv");
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                 trainer->folder, QUICKEST, "--predictions", path, "--plots", trainer->folder);
  g_assert_cmpint (run.status, ==, 0);
  char *content = read_file (trainer->folder, "predictions.csv", &size);
  GPtrArray *rows = table_parse (content);
  JsonObject *metrics = load_metrics (trainer->folder);
  check_same_figures (rows, metrics, "random");
  check_no_speakers (trainer, metrics, run.out);
  run_clear (&run);
  g_assert_cmpuint (rows->len, ==, 1 + SYNTHETIC_ALL);
  g_assert_cmpstr (table_find (rows, 1, "speaker"), ==, "");
  json_object_unref (metrics);
  g_ptr_array_unref (rows);
  g_free (content);
  g_free (path);
  g_free (metadata);
  g_string_free (text, TRUE);
}

static JsonObject *
parse_line (const char *line)
{
  GError *error = NULL;
  JsonNode *node = json_from_string (line, &error);
  g_assert_no_error (error);
  JsonObject *object = json_object_ref (json_node_get_object (node));
  json_node_unref (node);
  return object;
}

/* The mean of the folds' scores is about the score; the best so far has the greatest one. */
static void
check_trial (JsonObject *line, gint64 trial, double *best)
{
  g_assert_cmpint (json_object_get_int_member (line, "trial"), ==, trial);
  g_assert_cmpint (json_object_get_int_member (line, "of"), ==, 4);
  g_assert_cmpstr (json_object_get_string_member (line, "scoring"), ==, "uar");
  JsonArray *folds = json_object_get_array_member (line, "fold_scores");
  const double score = number_at (line, "score");
  double sum = 0;
  for (guint i = 0; i < json_array_get_length (folds); i++)
    sum += json_array_get_double_element (folds, i);
  g_assert_cmpuint (json_array_get_length (folds), ==, 2);
  g_assert_cmpfloat_with_epsilon (sum / 2, score, 0.15);
  g_assert_true (json_object_get_boolean_member (line, "best_so_far") == (score > *best));
  g_assert_true (json_object_get_null_member (line, "error"));
  *best = MAX (*best, score);
  JsonObject *settings = object_at (line, "settings", NULL);
  const gboolean lda = strcmp (json_object_get_string_member (line, "classifier"), "lda") == 0;
  g_assert_cmpfloat (number_at (settings, lda ? "shrinkage" : "penalty"), >, 0);
}

/* Four candidates in each of two outer folds, in the hold-out and in the final choice, which are
 * those of the metrics; the lines are the same with any number of threads. */
static void
test_trials (Trainer *trainer, gconstpointer data)
{
  static const char *const runs[] = {"outer", "outer", "hold-out", "final"};
  (void)data;
  char *path = path_in (trainer, "trials.jsonl"), *metadata = write_mislabelled (trainer),
       *before = NULL;
  gsize size;
  for (guint jobs = 1; jobs <= 3; jobs += 2) {
    char *number = g_strdup_printf ("%u", jobs);
    assert_ran (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--output-dir",
                     trainer->folder, "-q", "--candidates", "lda,logistic", "--search-iters", "4",
                     "--cv-folds", "2", "--augment", "none", "--no-random", "--n-jobs", number,
                     "--trials", path));
    char *text = read_file (trainer->folder, "trials.jsonl", &size);
    if (before)
      g_assert_cmpstr (before, ==, text);
    g_free (before);
    g_free (number);
    before = text;
  }
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *selection = object_at (metrics, "model_selection", NULL);
  char **lines = g_strsplit (before, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4 * 5 + 1);
  for (guint run = 0; run < 4; run++) {
    double best = -1;
    for (guint i = 0; i < 5; i++) {
      JsonObject *line = parse_line (lines[run * 5 + i]);
      g_assert_cmpstr (json_object_get_string_member (line, "event"), ==,
                       i < 4 ? "trial" : "choice");
      g_assert_cmpstr (json_object_get_string_member (line, "run"), ==, runs[run]);
      g_assert_true (json_object_get_null_member (line, "fold") == (run >= 2));
      if (i < 4)
        check_trial (line, i + 1, &best);
      else
        g_assert_cmpfloat (number_at (line, "score"), ==, best);
      if (i == 4 && run == 3) {
        g_assert_cmpstr (json_object_get_string_member (line, "description"), ==,
                         json_object_get_string_member (selection, "description"));
        g_assert_cmpfloat (number_at (line, "score"), ==, number_at (selection, "cv_uar"));
        g_assert_cmpfloat (number_at (line, "adaptive_score"), ==,
                           number_at (selection, "cv_uar_adaptive"));
        g_assert_cmpuint (length_of (line, "chosen"), ==, 1);
      }
      json_object_unref (line);
    }
  }
  g_strfreev (lines);
  json_object_unref (metrics);
  g_free (before);
  g_free (metadata);
  g_free (path);
}

static char *
held_out_figures (const char *folder)
{
  JsonObject *metrics = load_metrics (folder);
  JsonNode *figures = json_object_get_member (metrics, "test_metrics");
  char *text = json_to_string (figures, FALSE);
  json_object_unref (metrics);
  return text;
}

/* The hold-out is the first outer fold, whose evaluation is reused; for a log it is evaluated again.
 * The figures are the same. */
static void
test_hold_out (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *path = path_in (trainer, "trials.jsonl");
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK,
                   "--no-random", "--test-size", "0.5"));
  char *reused = held_out_figures (trainer->folder);
  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK,
                   "--no-random", "--test-size", "0.5", "--trials", path));
  char *evaluated = held_out_figures (trainer->folder);
  g_assert_cmpstr (reused, ==, evaluated);
  g_free (reused);
  g_free (evaluated);
  g_free (path);
}

/* Unwritable outputs are refused before the work, with the option's name, and
 * nothing is written. */
static void
test_refused (Trainer *trainer, gconstpointer data)
{
  static const char *const options[] = {"--predictions", "--trials", "--card"};
  static const char *const folders[] = {"--plots", "--feature-cache"};
  (void)data;
  char *below = path_in (trainer, "no/such/folder/file");
  char *model = path_in (trainer, "model.emotion");
  char *metrics = path_in (trainer, "training_metrics.json");
  const char *const bad[] = {below,       model, metrics, trainer->folder, trainer->metadata,
                             "/proc/new", "",    "-"};
  for (guint o = 0; o < G_N_ELEMENTS (options); o++)
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
      assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder,
                          QUICKEST, options[o], bad[i]),
                     1, options[o]);
      g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
    }
  const char *const no_folders[] = {"/proc/new", "", trainer->metadata};
  for (guint o = 0; o < G_N_ELEMENTS (folders); o++)
    for (guint i = 0; i < G_N_ELEMENTS (no_folders); i++)
      assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder,
                          QUICKEST, folders[o], no_folders[i]),
                     1, folders[o]);
  /* The metadata file and its folder as the output */
  char *folder = g_path_get_dirname (trainer->metadata);
  char *name = g_path_get_basename (trainer->metadata);
  assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", folder, QUICKEST,
                      "--metrics-name", name),
                 1, "--metrics-name");
  g_free (name);
  g_free (folder);
  g_free (below);
  g_free (model);
  g_free (metrics);
}

/* A full device changes the status, but the model is written. */
static void
test_full (Trainer *trainer, gconstpointer data)
{
  static const char *const options[] = {"--predictions", "--trials"};
  (void)data;
  char *model = path_in (trainer, "model.emotion");
  for (guint o = 0; o < G_N_ELEMENTS (options); o++) {
    Run run = RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICKEST,
                   options[o], "/dev/full");
    g_assert_cmpint (run.status, ==, 1);
    assert_has (run.err, "cannot write /dev/full");
    run_clear (&run);
    g_assert_true (g_file_test (model, G_FILE_TEST_EXISTS));
  }
  g_free (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("predictions", test_predictions);
  TRAINER_TEST ("predictions-random", test_random);
  TRAINER_TEST ("card", test_card);
  TRAINER_TEST ("trials", test_trials);
  TRAINER_TEST ("hold-out", test_hold_out);
  TRAINER_TEST ("files-refused", test_refused);
  TRAINER_TEST ("files-full", test_full);
  return trainer_run_tests (argc, argv);
}
