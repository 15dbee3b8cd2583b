/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-train: labelled clips in, a model file and its metrics out. */
#include <cblas.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "decode.h"
#include "report.h"

typedef struct {
  const char *metadata, *audio_root, *output_dir;
  const char *model_name, *metrics_name, *features_name, *protocol, *candidates, *corpus, *licence;
  TrainingColumns columns;
  double test_size, window, interval, min_window;
  int cv_folds, random_state, n_jobs, search_iters;
  gboolean skip_search, allow_duplicates, quiet, version;

  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  GArray *candidate_list;
} Options;

static gboolean bad_value (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
bad_value (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
check_seconds (const char *option, double seconds, GError **error)
{
  if (seconds >= 0 && seconds <= 3600)
    return TRUE;
  return bad_value (error, "%s %g: give seconds, 0 or more", option, seconds);
}

/* What a model keeps as a line of its own. */
static gboolean
check_line (const char *option, const char *text, GError **error)
{
  if (!text || !strchr (text, '\n'))
    return TRUE;
  return bad_value (error, "%s: give one line", option);
}

static gboolean
check_options (Options *o, GError **error)
{
  if (!o->metadata || !o->output_dir)
    return bad_value (error, "--metadata FILE and --output-dir DIR are needed; see --help");
  if (strcmp (o->model_name, o->metrics_name) == 0)
    return bad_value (error,
                      "--pipeline-name and --metrics-name are both '%s': one file would "
                      "replace the other",
                      o->model_name);
  if (!(o->test_size > 0 && o->test_size <= 0.5))
    return bad_value (error, "--test-size %g: give a share above 0, up to 0.5", o->test_size);
  if (o->cv_folds < 2 || o->cv_folds > TRAINING_MAX_UNITS)
    return bad_value (error, "--cv-folds %d: give 2 to %d", o->cv_folds, TRAINING_MAX_UNITS);
  if (o->search_iters < 1 || o->search_iters > 1000)
    return bad_value (error, "--search-iters %d: give 1 to 1000", o->search_iters);
  if (o->n_jobs == 0 || o->n_jobs < -1 || o->n_jobs > 1024)
    return bad_value (error, "--n-jobs %d: give a number of threads, or -1 for all cores",
                      o->n_jobs);
  if (strcmp (o->protocol, "speaker") != 0 && strcmp (o->protocol, "loso") != 0 &&
      strcmp (o->protocol, "random") != 0)
    return bad_value (error, "--protocol %s: choose of speaker, loso, random", o->protocol);
  if (o->allow_duplicates && strcmp (o->protocol, "random") != 0)
    return bad_value (error,
                      "--allow-duplicates shows what a leak does; it needs --protocol random");
  if (!(o->features = emotion_feature_set_find (o->features_name)))
    return bad_value (error, "--features %s: no feature set of that name; try speech-1",
                      o->features_name);
  if (!check_line ("--corpus", o->corpus, error) || !check_line ("--licence", o->licence, error) ||
      !check_seconds ("--window", o->window, error) ||
      !check_seconds ("--interval", o->interval, error) ||
      !check_seconds ("--min-window", o->min_window, error))
    return FALSE;
  o->windowing =
      (EmotionWindowing){(guint64)llround (o->window * 1e9), (guint64)llround (o->interval * 1e9),
                         (guint64)llround (o->min_window * 1e9)};
  if (!emotion_windowing_check (&o->windowing, error))
    return FALSE;
  o->candidate_list = training_candidates_list (
      o->candidates, o->skip_search ? 0 : (guint)o->search_iters, (guint32)o->random_state, error);
  return o->candidate_list != NULL;
}

static void
set_default (const char **option, const char *value)
{
  if (!*option)
    *option = g_strdup (value);
}

static gboolean
parse_options (int *argc, char ***argv, Options *o, GError **error)
{
  const GOptionEntry entries[] = {
      {"metadata", 0, 0, G_OPTION_ARG_FILENAME, &o->metadata, "CSV file with a line a clip",
       "FILE"},
      {"audio-root", 0, 0, G_OPTION_ARG_FILENAME, &o->audio_root,
       "Folder that its paths are relative to (default: the metadata's)", "DIR"},
      {"output-dir", 0, 0, G_OPTION_ARG_FILENAME, &o->output_dir, "Where to write", "DIR"},
      {"pipeline-name", 0, 0, G_OPTION_ARG_FILENAME, &o->model_name,
       "Name of the model file (default: model.emotion)", "NAME"},
      {"metrics-name", 0, 0, G_OPTION_ARG_FILENAME, &o->metrics_name,
       "Name of the metrics file (default: training_metrics.json)", "NAME"},
      {"path-column", 0, 0, G_OPTION_ARG_STRING, (gpointer)&o->columns.path_column,
       "Column of paths (default: file_path, filepath, path, audio_path or relative_path)", "NAME"},
      {"label-column", 0, 0, G_OPTION_ARG_STRING, (gpointer)&o->columns.label_column,
       "Column of labels (default: label, emotion, target or class)", "NAME"},
      {"group-column", 0, 0, G_OPTION_ARG_STRING, (gpointer)&o->columns.group_column,
       "Column of speakers (default: speaker)", "NAME"},
      {"protocol", 0, 0, G_OPTION_ARG_STRING, &o->protocol,
       "What folds hold out: speaker (--cv-folds sets of speakers, default), loso (each speaker), "
       "or random (clips; a control that flatters)",
       "NAME"},
      {"allow-duplicates", 0, 0, G_OPTION_ARG_NONE, &o->allow_duplicates,
       "With random: keep clips of the same samples, to see what such a leak does", NULL},
      {"test-size", 0, 0, G_OPTION_ARG_DOUBLE, &o->test_size,
       "Share of speakers in the hold-out, up to 0.5 (default: 0.2)", "SHARE"},
      {"cv-folds", 0, 0, G_OPTION_ARG_INT, &o->cv_folds, "Folds (default: 5)", "N"},
      {"random-state", 0, 0, G_OPTION_ARG_INT, &o->random_state, "Seed (default: 42)", "N"},
      {"n-jobs", 0, 0, G_OPTION_ARG_INT, &o->n_jobs, "Threads (default: -1, all cores)", "N"},
      {"candidates", 0, 0, G_OPTION_ARG_STRING, &o->candidates,
       "Classifiers to choose from, of lda, logistic, svc, lda-svc, kernel, forest, boost "
       "(default: "
       "the first five)",
       "LIST"},
      {"search-iters", 0, 0, G_OPTION_ARG_INT, &o->search_iters,
       "Settings of them to try (default: 20)", "N"},
      {"skip-search", 0, 0, G_OPTION_ARG_NONE, &o->skip_search,
       "Try one setting of each candidate only", NULL},
      {"features", 0, 0, G_OPTION_ARG_STRING, &o->features_name, "Feature set (default: speech-1)",
       "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &o->window, "Length of a window (default: 3)",
       "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &o->interval,
       "From one window's start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &o->min_window,
       "Shortest partial window at the start (default: 1)", "SECONDS"},
      {"corpus", 0, 0, G_OPTION_ARG_STRING, &o->corpus, "Name of the data, kept in the model",
       "NAME"},
      {"licence", 0, 0, G_OPTION_ARG_STRING, &o->licence, "Its licence, kept in the model", "NAME"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "No progress", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new ("- train a speech emotion model");
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean ok = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  if (ok && *argc > 1)
    ok = bad_value (error, "'%s' is not expected here; see --help", (*argv)[1]);
  set_default (&o->model_name, "model.emotion");
  set_default (&o->metrics_name, "training_metrics.json");
  set_default (&o->features_name, "speech-1");
  set_default (&o->protocol, "speaker");
  return ok && (o->version || check_options (o, error));
}

/* The message without the folders that the metadata and the audio happen to be in, so that the
 * report of a corpus is the same wherever it lies. */
static char *
without_folders (const char *problem, const TrainingCorpus *corpus)
{
  GString *text = g_string_new (problem);
  for (guint i = 0; i < corpus->n_corpora; i++) {
    const char *metadata = corpus->metadata_paths[i];
    char *place = g_strconcat (metadata, ":", NULL);
    if (g_str_has_prefix (text->str, place)) {
      char *name = g_path_get_basename (metadata);
      char *root = g_build_filename (corpus->audio_roots[i], "x", NULL);
      root[strlen (root) - 1] = '\0';
      char *before = g_strconcat (": ", root, NULL);
      g_string_erase (text, 0, (gssize)strlen (metadata));
      g_string_prepend (text, name);
      if (corpus->n_corpora > 1) {
        g_string_prepend_c (text, '/');
        g_string_prepend (text, corpus->names[i]);
      }
      g_string_replace (text, before, ": ", 1);
      g_free (name);
      g_free (root);
      g_free (before);
      g_free (place);
      break;
    }
    g_free (place);
  }
  return g_string_free (text, FALSE);
}

/* Names what was left out, on stderr and for the report. */
static void
tell_problems (const GPtrArray *problems, const TrainingCorpus *corpus, GPtrArray *all)
{
  for (guint i = 0; i < problems->len; i++) {
    g_printerr ("emotion-train: left out: %s\n", (const char *)problems->pdata[i]);
    g_ptr_array_add (all, without_folders (problems->pdata[i], corpus));
  }
}

static void
tell_twins (const TrainingDataset *data)
{
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (clip->twin_of < 0)
      continue;
    const TrainingDatasetClip *first = &data->clips[clip->twin_of];
    g_printerr ("emotion-train: duplicate, left out: %s has the samples of %s", clip->path,
                first->path);
    if (clip->label == first->label)
      g_printerr ("\n");
    else
      g_printerr (", but is '%s' where that is '%s': one label is wrong\n",
                  data->labels[clip->label], data->labels[first->label]);
  }
}

/* What the model file tells of its making: figures of the pooled folds, no date, no path. */
static char **
make_provenance (const Options *o, const TrainingProblem *problem, const TrainingEvaluation *strict,
                 const char *protocol)
{
  const TrainingDataset *data = problem->data;
  TrainingFigures f;
  training_figures_compute (strict->clips, strict->n_clips, data->n_labels, data->n_groups, 0, 0,
                            &f);
  GPtrArray *pairs = g_ptr_array_new ();
  const char *plain[] = {"trained-by", "gst-emotiondetect " EMOTION_VERSION,
                         "corpus",     o->corpus ? o->corpus : "unnamed",
                         "licence",    o->licence ? o->licence : "unstated",
                         "data-hash",  data->hash,
                         "protocol",   protocol};
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_ptr_array_add (pairs, g_strdup (plain[i]));
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ptr_array_add (pairs, g_strdup ("uar"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.uar)));
  g_ptr_array_add (pairs, g_strdup ("accuracy"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.accuracy)));
  g_ptr_array_add (pairs, g_strdup ("clips"));
  g_ptr_array_add (pairs, g_strdup_printf ("%u", strict->n_clips));
  g_ptr_array_add (pairs, g_strdup ("speakers"));
  g_ptr_array_add (pairs, g_strdup_printf ("%u", problem->n_speakers));
  g_ptr_array_add (pairs, NULL);
  return (char **)g_ptr_array_free (pairs, FALSE);
}

static char **
make_settings (const Options *o)
{
  char *text = g_strdup_printf (
      "features|%s|window|%g|interval|%g|min_window|%g|protocol|%s|test_size|%g|cv_folds|%d|"
      "random_state|%d|candidates|%s|skip_search|%s|search_iters|%d|"
      "allow_duplicates|%s",
      o->features_name, o->window, o->interval, o->min_window, o->protocol, o->test_size,
      o->cv_folds, o->random_state, o->candidates ? o->candidates : training_candidates_default (),
      o->skip_search ? "yes" : "no", o->search_iters, o->allow_duplicates ? "yes" : "no");
  char **settings = g_strsplit (text, "|", -1);
  g_free (text);
  return settings;
}

static gboolean
check_file (const Options *o, const char *name, GError **error)
{
  char *path = g_build_filename (o->output_dir, name, NULL);
  gboolean ok = !g_file_test (path, G_FILE_TEST_IS_DIR);
  if (!ok)
    bad_value (error, "%s is a folder: give another name", path);
  g_free (path);
  return ok;
}

/* Whether the results can be written, before there are any: that may take hours. */
static gboolean
prepare_output (const Options *o, GError **error)
{
  if (g_mkdir_with_parents (o->output_dir, 0777) != 0 || g_access (o->output_dir, W_OK | X_OK) != 0)
    return bad_value (error, "--output-dir %s: %s", o->output_dir, g_strerror (errno));
  return check_file (o, o->model_name, error) && check_file (o, o->metrics_name, error);
}

static gboolean
write_results (const Options *o, const TrainingReport *report, GError **error)
{
  char *model_path = g_build_filename (o->output_dir, o->model_name, NULL);
  char *metrics_path = g_build_filename (o->output_dir, o->metrics_name, NULL);
  gboolean ok = emotion_model_save (report->final->model, model_path, error) &&
                training_report_write (report, metrics_path, error);
  if (ok) {
    char *table = training_report_describe (report);
    g_print ("%s%s\n%s\n", table, model_path, metrics_path);
    g_free (table);
  }
  g_free (model_path);
  g_free (metrics_path);
  return ok;
}

/* Evaluates, fits and writes. */
static gboolean
train (const Options *o, const TrainingDataset *data, const GPtrArray *problems, GError **error)
{
  const guint n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs;
  const guint32 seed = (guint32)o->random_state;
  const TrainingPlan plan = {o->candidate_list, (guint)o->cv_folds, seed, n_jobs};
  TrainingUnits folds[TRAINING_MAX_UNITS], held_out[TRAINING_MAX_UNITS];
  TrainingChoice final = {0};
  TrainingReport report = {.plan = &plan, .final = &final, .problems = problems, .seed = seed};
  const gboolean random = strcmp (o->protocol, "random") == 0;
  const TrainingFolding folding = {random ? TRAINING_HOLD_CLIPS : TRAINING_HOLD_SPEAKERS,
                                   o->allow_duplicates, seed};
  TrainingProblem *problem = training_problem_new (data, &folding, n_jobs, error);
  gboolean alone = strcmp (o->protocol, "loso") == 0;
  if (problem && alone && problem->n_speakers > problem->n_units) {
    bad_value (error,
               "--protocol loso: there are %u speakers, and at most %d can be left out one by one: "
               "use --protocol speaker",
               problem->n_speakers, TRAINING_MAX_UNITS);
    g_clear_pointer (&problem, training_problem_free);
  }
  if (!problem)
    return FALSE;
  guint n_folds = training_problem_deal (problem, problem->all,
                                         alone ? problem->n_units : plan.n_folds, seed, folds);
  /* The hold-out is the first of as many sets of speakers as its share goes into all of them. */
  training_problem_deal (problem, problem->all,
                         (guint)lround (MIN (1 / o->test_size, TRAINING_MAX_UNITS)), seed,
                         held_out);
  TrainingProgress *progress =
      training_progress_new ("evaluating", "folds", n_folds + 1, !o->quiet);
  TrainingEvaluation *strict = training_evaluate (problem, folds, n_folds, &plan, progress, error);
  TrainingEvaluation *test =
      strict ? training_evaluate (problem, held_out, 1, &plan, progress, error) : NULL;
  training_progress_finish (progress);
  gboolean ok = strict && test;
  if (ok) {
    report.protocol = data->speakers_known ? o->protocol : "random";
    char **settings = make_settings (o);
    char **provenance = make_provenance (o, problem, strict, report.protocol);
    report.problem = problem;
    report.strict = strict;
    report.n_outer_folds = n_folds;
    report.held_out = test;
    report.held_out_units = held_out[0];
    report.settings = (const char *const *)settings;
    ok = training_choose (problem, problem->all, &plan, (const char *const *)provenance, &final,
                          error) &&
         write_results (o, &report, error);
    g_strfreev (settings);
    g_strfreev (provenance);
  }
  training_choice_clear (&final);
  training_evaluation_free (strict);
  training_evaluation_free (test);
  training_problem_free (problem);
  return ok;
}

static gboolean
run (const Options *o, GError **error)
{
  gboolean ok = FALSE;
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);
  TrainingDataset *data = NULL;
  TrainingCorpus *corpus =
      training_corpus_read (o->metadata, o->audio_root, NULL, &o->columns, error);
  if (corpus && prepare_output (o, error)) {
    tell_problems (corpus->problems, corpus, problems);
    const TrainingExtraction extraction = {.features = o->features,
                                           .windowing = o->windowing,
                                           .n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs,
                                           .seed = (guint32)o->random_state,
                                           .progress = !o->quiet};
    data = training_dataset_extract (corpus, &extraction, error);
  }
  if (data) {
    tell_problems (data->problems, corpus, problems);
    if (problems->len > 0)
      g_printerr ("emotion-train: %u of %u rows left out\n", problems->len,
                  corpus->clips->len + corpus->problems->len);
    if (!o->allow_duplicates)
      tell_twins (data);
    if (!data->speakers_known)
      g_printerr ("emotion-train: no column tells the speakers: the figures will flatter; name it "
                  "with --group-column\n");
    ok = train (o, data, problems, error);
  }
  training_dataset_free (data);
  training_corpus_free (corpus);
  g_ptr_array_unref (problems);
  return ok;
}

static void
options_clear (Options *o)
{
  gconstpointer owned[] = {o->metadata,
                           o->audio_root,
                           o->output_dir,
                           o->model_name,
                           o->metrics_name,
                           o->features_name,
                           o->protocol,
                           o->candidates,
                           o->corpus,
                           o->licence,
                           o->columns.path_column,
                           o->columns.label_column,
                           o->columns.group_column};
  for (guint i = 0; i < G_N_ELEMENTS (owned); i++)
    g_free ((gpointer)owned[i]);
  g_clear_pointer (&o->candidate_list, g_array_unref);
}

int
main (int argc, char **argv)
{
  Options options = {.test_size = 0.2,
                     .window = 3,
                     .interval = 1,
                     .min_window = 1,
                     .cv_folds = 5,
                     .random_state = 42,

                     .search_iters = 20,
                     .n_jobs = -1};
  GError *error = NULL;
  int status = 0;
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* the same bytes everywhere */
  if (!parse_options (&argc, &argv, &options, &error)) {
    status = 2;
  } else if (options.version) {
    g_print ("emotion-train %s\n", EMOTION_VERSION);
  } else {
    gst_init (NULL, NULL);
    /* Folds run side by side; threads inside a product would only change its rounding. */
    openblas_set_num_threads (1);
    status = run (&options, &error) ? 0 : 1;
  }
  if (error)
    g_printerr ("emotion-train: %s\n", error->message);
  g_clear_error (&error);
  options_clear (&options);
  return status;
}
