/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-options.h"

#include <math.h>
#include <string.h>

#include "candidate.h"
#include "core/emotion.h"
#include "training/base/options.h"

#define UNSET G_MININT /* a numeric option that was not given */

static gboolean
check_seconds (const char *option, double seconds, GError **error)
{
  if (seconds >= 0 && seconds <= 3600)
    return TRUE;
  return training_bad_option (error, "%s %g: must be from 0 to 3600 seconds", option, seconds);
}

/* Checks text that the model stores on one line. */
static gboolean
check_line (const char *option, const char *text, GError **error)
{
  if (!text || !strchr (text, '\n'))
    return TRUE;
  return training_bad_option (error, "%s: the text must be one line", option);
}

static gboolean
check_jobs (const char *option, int n, GError **error)
{
  if (n == -1 || (n >= 1 && n <= 1024))
    return TRUE;
  return training_bad_option (
      error, "%s %d: must be a number of threads from 1 to 1024, or -1 for all cores", option, n);
}

/* The default augmentations, which help for all corpora (docs/experiments.md): other voices, rooms
 * and microphones. */
#define STANDARD_AUGMENTATIONS "speed=0.8889:1.125,scene=1,babble=10@0.5"

/* Without a search the training should be quick. */
static gboolean
choose_augmentations (TrainingOptions *o, GError **error)
{
  if (!o->augment)
    o->augment = g_strdup (o->skip_search ? "none" : "standard");
  if (strcmp (o->augment, "none") == 0)
    return TRUE;
  o->augmentations = training_augmentations_parse (
      strcmp (o->augment, "standard") == 0 ? STANDARD_AUGMENTATIONS : o->augment, error);
  return o->augmentations != NULL;
}

/* Checks names inside --output-dir. */
static gboolean
check_name (const char *option, const char *name, GError **error)
{
  if (*name && !strchr (name, G_DIR_SEPARATOR) && strcmp (name, ".") != 0 &&
      strcmp (name, "..") != 0)
    return TRUE;
  return training_bad_option (
      error, "%s '%s': must be a file name without folders; --output-dir sets the folder", option,
      name);
}

static gboolean
has_kind (const TrainingOptions *o, TrainingKind kind)
{
  for (guint i = 0; i < o->candidate_list->len; i++)
    if (g_array_index (o->candidate_list, TrainingCandidate, i).kind == kind)
      return TRUE;
  return FALSE;
}

/* Rejects options that have no effect, before hours of work. Sets the defaults of those not
 * given. */
static gboolean
check_effects (TrainingOptions *o, GError **error)
{
  const gboolean predefined = strcmp (o->protocol, "split") == 0;
  const struct {
    gboolean idle;
    const char *split;
  } checks[] = {
      {o->search_iters != UNSET && o->skip_search,
       "--search-iters has no effect with --skip-search: remove one of them"},
      {o->false_windows != -G_MAXDOUBLE && !o->ordinary,
       "--false-windows has no effect without --ordinary FILE"},
      {o->hold_corpora && g_strv_length (o->sources.metadata) < 2,
       "--hold-corpora needs more than one corpus: repeat --metadata, or remove the option"},
      {predefined && o->test_size != -G_MAXDOUBLE,
       "--test-size has no effect with --protocol split: the column split defines the test clips"},
      {predefined && o->repeat_statement,
       "--repeat-statement cannot be combined with --protocol split: use --protocol speaker"},
      {predefined && o->ordinary,
       "--ordinary selects settings on held-out clips, but --protocol split "
       "needs them for its figures: use --protocol speaker"},
      {o->blend > 0 && o->no_adaptation,
       "--blend has no effect with --no-adaptation: remove one of them"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (checks[i].idle)
      return training_bad_option (error, "%s", checks[i].split);
  if (o->search_iters == UNSET)
    o->search_iters = 20;
  if (o->test_size == -G_MAXDOUBLE)
    o->test_size = 0.2;
  if (o->false_windows == -G_MAXDOUBLE)
    o->false_windows = 0.05;
  return TRUE;
}

/* The same for options that depend on the candidates. */
static gboolean
check_candidates (const TrainingOptions *o, GError **error)
{
  if (o->max_fused > 1 && o->candidate_list->len < 2)
    return training_bad_option (
        error, "--max-fused %d: there is only one candidate; list more with --candidates",
        o->max_fused);
  if (o->auxiliary && !has_kind (o, TRAINING_CANDIDATE_LDA) &&
      !has_kind (o, TRAINING_CANDIDATE_LDA_SVC))
    return training_bad_option (
        error, "--background has no effect without lda or lda-svc in --candidates");
  return TRUE;
}

/* `words` has a comma and a blank between the words that are possible. */
static gboolean
check_choice (const char *option, const char *word, const char *words, GError **error)
{
  char **list = g_strsplit (words, ", ", -1);
  const gboolean known = g_strv_contains ((const char *const *)list, word);
  g_strfreev (list);
  return known || training_bad_option (error, "%s %s: use one of %s", option, word, words);
}

static gboolean
check_numbers (const TrainingOptions *o, GError **error)
{
  if (!(o->test_size > 0 && o->test_size <= 0.5))
    return training_bad_option (error, "--test-size %g: must be above 0 and at most 0.5",
                                o->test_size);
  if (o->cv_folds < 2 || o->cv_folds > TRAINING_MAX_GROUPS)
    return training_bad_option (error, "--cv-folds %d: must be from 2 to %d", o->cv_folds,
                                TRAINING_MAX_GROUPS);
  if (o->search_iters < 1 || o->search_iters > 1000)
    return training_bad_option (error, "--search-iters %d: must be from 1 to 1000",
                                o->search_iters);
  if (o->sample_limit < 0)
    return training_bad_option (error, "--sample-limit %d: must be a number of clips, or 0 for all",
                                o->sample_limit);
  if (o->max_fused < 1 || o->max_fused > TRAINING_MAX_FUSED)
    return training_bad_option (error, "--max-fused %d: must be from 1 to %d", o->max_fused,
                                TRAINING_MAX_FUSED);
  if (!(o->false_windows > 0 && o->false_windows < 1))
    return training_bad_option (error, "--false-windows %g: must be a fraction above 0 and below 1",
                                o->false_windows);
  return check_jobs ("--n-jobs", o->n_jobs, error) &&
         check_jobs ("--feature-jobs", o->feature_jobs, error) &&
         check_seconds ("--blend", o->blend, error) &&
         check_seconds ("--window", o->window, error) &&
         check_seconds ("--interval", o->interval, error) &&
         check_seconds ("--min-window", o->min_window, error);
}

static gboolean
check_names (const TrainingOptions *o, GError **error)
{
  if (!o->output_dir)
    return training_bad_option (error, "--output-dir DIR is required; see --help");
  if (!check_name ("--pipeline-name", o->model_name, error) ||
      !check_name ("--metrics-name", o->metrics_name, error))
    return FALSE;
  if (strcmp (o->model_name, o->metrics_name) == 0)
    return training_bad_option (
        error, "--pipeline-name and --metrics-name are both '%s': choose different names",
        o->model_name);
  if (o->allow_duplicates && strcmp (o->protocol, "random") != 0)
    return training_bad_option (
        error, "--allow-duplicates shows the effect of a leak; it needs --protocol random");
  return check_line ("--licence", o->licence, error) &&
         check_choice ("--protocol", o->protocol, "speaker, loso, random, split", error) &&
         check_choice ("--scoring", o->scoring_name, "uar, f1-weighted", error) &&
         check_choice ("--class-weights", o->class_weights, "balanced, none", error);
}

/* Sets the candidates. */
static gboolean
list_candidates (TrainingOptions *o, gboolean augment_by_default, GError **error)
{
  o->candidate_list = training_candidates_list (
      o->candidates, o->skip_search ? 0 : (guint)o->search_iters, (guint32)o->random_state, error);
  for (guint i = 0; o->candidate_list && i < o->candidate_list->len; i++) {
    TrainingCandidate *c = &g_array_index (o->candidate_list, TrainingCandidate, i);
    c->unbalanced = strcmp (o->class_weights, "none") == 0;
    c->source_clips_only = augment_by_default && !training_kind_gains_by_augmentation (c->kind);
  }
  return o->candidate_list && check_candidates (o, error);
}

static gboolean
check_options (TrainingOptions *o, GError **error)
{
  const gboolean augment_by_default = !o->augment;
  if (!training_sources_check (&o->sources, error) || !check_names (o, error) ||
      !check_effects (o, error) || !check_numbers (o, error))
    return FALSE;
  if (!(o->features = emotion_feature_set_find (o->features_name)))
    return training_bad_option (
        error, "--features %s: unknown feature set; use one of speech-2, speech-1, descriptors-1",
        o->features_name);
  o->scoring = strcmp (o->scoring_name, "uar") == 0 ? TRAINING_SCORING_UAR : TRAINING_SCORING_F1;
  o->windowing =
      (EmotionWindowing){(guint64)llround (o->window * 1e9), (guint64)llround (o->interval * 1e9),
                         (guint64)llround (o->min_window * 1e9)};
  return emotion_windowing_check (&o->windowing, error) && choose_augmentations (o, error) &&
         list_candidates (o, augment_by_default, error);
}

static void
set_default (char **option, const char *value)
{
  if (!*option)
    *option = g_strdup (value);
}

/* Where to write, and how to run and evaluate. */
static void
add_run_options (TrainingOptions *o, GOptionContext *context)
{
  const GOptionEntry entries[] = {
      {"output-dir", 0, 0, G_OPTION_ARG_FILENAME, &o->output_dir,
       "Folder for the model, its metrics and the timing", "DIR"},
      {"pipeline-name", 0, 0, G_OPTION_ARG_FILENAME, &o->model_name,
       "Name of the model file (default: model.emotion)", "NAME"},
      {"metrics-name", 0, 0, G_OPTION_ARG_FILENAME, &o->metrics_name,
       "Name of the metrics file (default: training_metrics.json)", "NAME"},
      {"protocol", 0, 0, G_OPTION_ARG_STRING, &o->protocol,
       "What the folds hold out: speaker (default; --cv-folds sets of speakers), loso (leave one "
       "speaker out), split (the test clips of the column split) or random (clips; a "
       "speaker-dependent control with optimistic figures)",
       "NAME"},
      {"allow-duplicates", 0, 0, G_OPTION_ARG_NONE, &o->allow_duplicates,
       "With --protocol random: keep clips with the same samples, to show the effect of this leak",
       NULL},
      {"test-size", 0, 0, G_OPTION_ARG_DOUBLE, &o->test_size,
       "Fraction of speakers in the hold-out, up to 0.5 (default: 0.2)", "FRACTION"},
      {"cv-folds", 0, 0, G_OPTION_ARG_INT, &o->cv_folds, "Number of folds (default: 5)", "N"},
      {"random-state", 0, 0, G_OPTION_ARG_INT, &o->random_state, "Random seed (default: 42)", "N"},
      {"n-jobs", 0, 0, G_OPTION_ARG_INT, &o->n_jobs, "Number of threads (default: -1, all cores)",
       "N"},
      {"feature-jobs", 0, 0, G_OPTION_ARG_INT, &o->feature_jobs,
       "Number of threads for decoding and feature extraction (default: -1, all cores)", "N"},
      {"feature-cache", 0, 0, G_OPTION_ARG_FILENAME, &o->feature_cache,
       "Folder to cache extracted features in, so that a repeated or interrupted training can "
       "reuse them",
       "DIR"},
      {"sample-limit", 0, 0, G_OPTION_ARG_INT, &o->sample_limit,
       "Use only N clips, drawn at random with the same proportion of labels (default: 0, all "
       "clips)",
       "N"},
      G_OPTION_ENTRY_NULL};
  g_option_context_add_main_entries (context, entries, NULL);
}

/* What is learnt from, and how models are selected. */
static void
add_model_options (TrainingOptions *o, GOptionContext *context)
{
  const GOptionEntry entries[] = {
      {"augment", 0, 0, G_OPTION_ARG_STRING, &o->augment,
       "Also train on augmented clips: a list such as speed=0.89:1.12,noise=20:10, or none, or "
       "standard for " STANDARD_AUGMENTATIONS
       " (default: standard for lda and kernel, which gain most; none with --skip-search). "
       "Augmentations: speed (factor), pitch (semitones), tempo (factor), gain (dB), noise, pink, "
       "babble (white noise, pink noise, synthetic voices; SNR in dB), band (low-pass, kHz), "
       "reverb (decay time, s), scene (random room, noise, band and level; the number selects the "
       "draw). A weight after @ is how much these clips count (default: 1)",
       "LIST"},
      {"background", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->auxiliary,
       "CSV file of an auxiliary corpus that supports the discriminants (lda, lda-svc) if the data "
       "have few speakers. Its clips are in every training fold, with the weight of 1.5 speakers, "
       "so it must have none of the speakers of the data. Labels that the data lack are left out. "
       "May be repeated",
       "FILE"},
      {"ordinary", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->ordinary,
       "CSV file of ordinary, mostly neutral speech (columns for path and speaker, no labels). The "
       "priors, smoothing, hysteresis and hold time of the model are selected so that few windows "
       "of it get an emotion. It is used for nothing else. May be repeated",
       "FILE"},
      {"false-windows", 0, 0, G_OPTION_ARG_DOUBLE, &o->false_windows,
       "With --ordinary: maximum fraction of its windows that get an emotion (default: 0.05)",
       "FRACTION"},
      {"candidates", 0, 0, G_OPTION_ARG_STRING, &o->candidates,
       "Classifiers to select from: lda, logistic, svc, lda-svc, kernel, forest, boost (default: "
       "all that this build supports)",
       "LIST"},
      {"search-iters", 0, 0, G_OPTION_ARG_INT, &o->search_iters,
       "Number of settings to try, over all classifiers (default: 20)", "N"},
      {"skip-search", 0, 0, G_OPTION_ARG_NONE, &o->skip_search,
       "Try only the default setting of each classifier", NULL},
      {"scoring", 0, 0, G_OPTION_ARG_STRING, &o->scoring_name,
       "Criterion to select candidates by: uar (default) or f1-weighted", "NAME"},
      {"class-weights", 0, 0, G_OPTION_ARG_STRING, &o->class_weights,
       "Weights of the labels: balanced (default; all labels have the same weight) or none (labels "
       "are weighted by their frequency)",
       "NAME"},
      {"max-fused", 0, 0, G_OPTION_ARG_INT, &o->max_fused,
       "Maximum number of candidates to fuse, if this improves the score (default: 1, only the "
       "best)",
       "N"},
      {"hold-corpora", 0, 0, G_OPTION_ARG_NONE, &o->hold_corpora,
       "Select and calibrate with whole corpora held out, for recordings unlike the training "
       "corpora",
       NULL},
      {"no-adaptation", 0, 0, G_OPTION_ARG_NONE, &o->no_adaptation,
       "Do not train the classifiers that adapt to the speaker of a stream", NULL},
      {"blend", 0, 0, G_OPTION_ARG_DOUBLE, &o->blend,
       "Speech after which adapted and unadapted classifiers have the same weight (default: 0, "
       "only the adapted ones)",
       "SECONDS"},
      G_OPTION_ENTRY_NULL};
  g_option_context_add_main_entries (context, entries, NULL);
}

/* Further results, the windows, and what is printed. */
static void
add_result_options (TrainingOptions *o, GOptionContext *context)
{
  const GOptionEntry entries[] = {
      {"plots", 0, 0, G_OPTION_ARG_FILENAME, &o->plots,
       "Plot confusion matrix, reliability and recall of speakers of each protocol as PNG", "DIR"},
      {"predictions", 0, 0, G_OPTION_ARG_FILENAME, &o->predictions,
       "Write the prediction for each held-out clip as CSV", "FILE"},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &o->card,
       "Write a model card with the figures in Markdown, to be completed by hand", "FILE"},
      {"trials", 0, 0, G_OPTION_ARG_FILENAME, &o->trials,
       "Log each candidate with its settings and scores as JSON lines, during the search", "FILE"},
      {"no-random", 0, 0, G_OPTION_ARG_NONE, &o->no_random,
       "Skip the speaker-dependent control, which holds clips out at random", NULL},
      {"repeat-statement", 0, 0, G_OPTION_ARG_NONE, &o->repeat_statement,
       "Also evaluate with the spoken sentence held out together with the speaker (column "
       "statement or sentence)",
       NULL},
      {"features", 0, 0, G_OPTION_ARG_STRING, &o->features_name, "Feature set (default: speech-2)",
       "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &o->window, "Window length (default: 3)", "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &o->interval,
       "Time from one window start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &o->min_window,
       "Minimum length of a partial window at the start (default: 1)", "SECONDS"},
      {"licence", 0, 0, G_OPTION_ARG_STRING, &o->licence,
       "Licence of the model, stored in the file", "NAME"},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose,
       "Print data statistics, all rows left out, and the most confident errors", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "Do not print progress", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version, and exit", NULL},
      G_OPTION_ENTRY_NULL};
  g_option_context_add_main_entries (context, entries, NULL);
}

gboolean
training_options_parse (int *argc, char ***argv, TrainingOptions *o, GError **error)
{
  *o = (TrainingOptions){.command = g_strdupv (*argv),
                         .test_size = -G_MAXDOUBLE,
                         .window = 3,
                         .interval = 1,
                         .min_window = 1,
                         .cv_folds = 5,
                         .random_state = 42,
                         .search_iters = UNSET,
                         .max_fused = 1,
                         .false_windows = -G_MAXDOUBLE,
                         .n_jobs = -1,
                         .feature_jobs = -1};
  GOptionContext *context = g_option_context_new ("- train a speech emotion model");
  training_sources_add_options (&o->sources, context);
  add_run_options (o, context);
  add_model_options (o, context);
  add_result_options (o, context);
  gboolean ok = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  if (ok && *argc > 1)
    ok = training_bad_option (error, "unexpected argument '%s'; see --help", (*argv)[1]);
  set_default (&o->model_name, "model.emotion");
  set_default (&o->metrics_name, "training_metrics.json");
  set_default (&o->features_name, "speech-2");
  o->protocol_given = o->protocol != NULL;
  set_default (&o->protocol, "speaker");
  set_default (&o->scoring_name, "uar");
  set_default (&o->class_weights, "balanced");
  return ok && (o->version || check_options (o, error));
}

void
training_options_clear (TrainingOptions *o)
{
  char *owned[] = {o->output_dir,  o->model_name,   o->metrics_name,  o->features_name,
                   o->protocol,    o->candidates,   o->augment,       o->feature_cache,
                   o->licence,     o->scoring_name, o->class_weights, o->plots,
                   o->predictions, o->card,         o->trials};
  for (guint i = 0; i < G_N_ELEMENTS (owned); i++)
    g_free (owned[i]);
  g_strfreev (o->command);
  g_strfreev (o->auxiliary);
  g_strfreev (o->ordinary);
  training_sources_clear (&o->sources);
  g_clear_pointer (&o->candidate_list, g_array_unref);
  g_clear_pointer (&o->augmentations, g_array_unref);
}

char *
training_options_name_corpora (char *const *metadata)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; metadata && metadata[i]; i++) {
    char *name = training_corpus_name_of (metadata[i]);
    g_string_append_printf (names, "%s%s", i > 0 ? "+" : "", name);
    g_free (name);
  }
  return g_string_free (names, names->len == 0);
}

TrainingExtraction
training_options_get_extraction (const TrainingOptions *o)
{
  return (TrainingExtraction){.features = o->features,
                              .windowing = o->windowing,
                              .augmentations = o->augmentations,
                              .cache = o->feature_cache,
                              .n_jobs = o->feature_jobs < 0 ? 0 : (guint)o->feature_jobs,
                              .seed = (guint32)o->random_state,
                              .progress = !o->quiet};
}
