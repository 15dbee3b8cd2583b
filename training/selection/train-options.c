/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-options.h"

#include <math.h>
#include <string.h>

#include "candidate.h"
#include "core/emotion.h"
#include "training/base/options.h"

#define UNSET G_MININT /* of an option with a number: not given */

static gboolean
check_seconds (const char *option, double seconds, GError **error)
{
  if (seconds >= 0 && seconds <= 3600)
    return TRUE;
  return training_bad_option (error, "%s %g: give seconds, 0 or more", option, seconds);
}

/* What a model keeps as a line of its own. */
static gboolean
check_line (const char *option, const char *text, GError **error)
{
  if (!text || !strchr (text, '\n'))
    return TRUE;
  return training_bad_option (error, "%s: give one line", option);
}

static gboolean
check_jobs (const char *option, int n, GError **error)
{
  if (n == -1 || (n >= 1 && n <= 1024))
    return TRUE;
  return training_bad_option (error, "%s %d: give a number of threads, or -1 for all cores", option,
                              n);
}

/* Copies that help everywhere (docs/experiments.md): other voices, rooms and microphones. */
#define STANDARD_COPIES "speed=0.8889:1.125,scene=1,babble=10@0.5"

/* A look without a search is meant to be quick. */
static gboolean
choose_copies (TrainingOptions *o, GError **error)
{
  if (!o->augment)
    o->augment = g_strdup (o->skip_search ? "none" : "standard");
  if (strcmp (o->augment, "none") == 0)
    return TRUE;
  o->augmentations = training_augmentations_parse (
      strcmp (o->augment, "standard") == 0 ? STANDARD_COPIES : o->augment, error);
  return o->augmentations != NULL;
}

/* Names within --output-dir. */
static gboolean
check_name (const char *option, const char *name, GError **error)
{
  if (*name && !strchr (name, G_DIR_SEPARATOR) && strcmp (name, ".") != 0 &&
      strcmp (name, "..") != 0)
    return TRUE;
  return training_bad_option (
      error, "%s '%s': give a name without folders; --output-dir says where it goes", option, name);
}

static gboolean
has_kind (const TrainingOptions *o, TrainingKind kind)
{
  for (guint i = 0; i < o->candidate_list->len; i++)
    if (g_array_index (o->candidate_list, TrainingCandidate, i).kind == kind)
      return TRUE;
  return FALSE;
}

/* An option that could change nothing is a mistake, and hours later is late to hear of it. Sets those that
 * were not given. */
static gboolean
check_effects (TrainingOptions *o, GError **error)
{
  const gboolean predefined = strcmp (o->protocol, "split") == 0;
  const struct {
    gboolean idle;
    const char *split;
  } checks[] = {
      {o->search_iters != UNSET && o->skip_search,
       "--search-iters has no effect with --skip-search: leave one of them out"},
      {o->false_windows != -G_MAXDOUBLE && !o->ordinary,
       "--false-windows has no effect without --ordinary FILE"},
      {o->hold_corpora && g_strv_length (o->sources.metadata) < 2,
       "--hold-corpora needs more than one corpus: repeat --metadata, or leave it out"},
      {predefined && o->test_size != -G_MAXDOUBLE,
       "--test-size has no effect with --protocol split: the column split says what is held out"},
      {predefined && o->repeat_statement,
       "--repeat-statement holds speakers out by itself: use --protocol speaker"},
      {predefined && o->ordinary,
       "--ordinary chooses settings by clips that are held out, so that no test clips are left for "
       "figures: use --protocol speaker"},
      {o->blend > 0 && o->no_adaptation,
       "--blend has no effect with --no-adaptation: leave one of them out"},
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

/* The same, of those that the candidates decide on. */
static gboolean
check_candidates (const TrainingOptions *o, GError **error)
{
  if (o->max_fused > 1 && o->candidate_list->len < 2)
    return training_bad_option (
        error, "--max-fused %d: there is one candidate only; name more with --candidates",
        o->max_fused);
  if (o->auxiliary && !has_kind (o, TRAINING_CANDIDATE_LDA) &&
      !has_kind (o, TRAINING_CANDIDATE_LDA_SVC))
    return training_bad_option (error, "--background has no effect without lda or lda-svc among "
                                       "the candidates");
  return TRUE;
}

static gboolean
check_options (TrainingOptions *o, GError **error)
{
  if (!training_sources_check (&o->sources, error))
    return FALSE;
  if (!o->output_dir)
    return training_bad_option (error, "--output-dir DIR is needed; see --help");
  if (!check_name ("--pipeline-name", o->model_name, error) ||
      !check_name ("--metrics-name", o->metrics_name, error) || !check_effects (o, error))
    return FALSE;
  if (strcmp (o->model_name, o->metrics_name) == 0)
    return training_bad_option (error,
                                "--pipeline-name and --metrics-name are both '%s': one file would "
                                "replace the other",
                                o->model_name);
  if (!(o->test_size > 0 && o->test_size <= 0.5))
    return training_bad_option (error, "--test-size %g: give a share above 0, up to 0.5",
                                o->test_size);
  if (o->cv_folds < 2 || o->cv_folds > TRAINING_MAX_GROUPS)
    return training_bad_option (error, "--cv-folds %d: give 2 to %d", o->cv_folds,
                                TRAINING_MAX_GROUPS);
  if (o->search_iters < 1 || o->search_iters > 1000)
    return training_bad_option (error, "--search-iters %d: give 1 to 1000", o->search_iters);
  if (!check_jobs ("--n-jobs", o->n_jobs, error) ||
      !check_jobs ("--feature-jobs", o->feature_jobs, error))
    return FALSE;
  if (o->sample_limit < 0)
    return training_bad_option (error, "--sample-limit %d: give a number of clips",
                                o->sample_limit);
  if (strcmp (o->protocol, "speaker") != 0 && strcmp (o->protocol, "loso") != 0 &&
      strcmp (o->protocol, "random") != 0 && strcmp (o->protocol, "split") != 0)
    return training_bad_option (error, "--protocol %s: choose of speaker, loso, random, split",
                                o->protocol);
  if (o->max_fused < 1 || o->max_fused > TRAINING_MAX_FUSED)
    return training_bad_option (error, "--max-fused %d: give 1 to %d", o->max_fused,
                                TRAINING_MAX_FUSED);
  if (strcmp (o->scoring_name, "uar") != 0 && strcmp (o->scoring_name, "f1-weighted") != 0)
    return training_bad_option (error, "--scoring %s: choose of uar, f1-weighted", o->scoring_name);
  if (strcmp (o->class_weights, "balanced") != 0 && strcmp (o->class_weights, "none") != 0)
    return training_bad_option (error, "--class-weights %s: choose of balanced, none",
                                o->class_weights);
  if (!(o->false_windows > 0 && o->false_windows < 1))
    return training_bad_option (error, "--false-windows %g: give a fraction above 0 and below 1",
                                o->false_windows);
  o->scoring = strcmp (o->scoring_name, "uar") == 0 ? TRAINING_SCORING_UAR : TRAINING_SCORING_F1;
  if (!check_seconds ("--blend", o->blend, error))
    return FALSE;
  if (o->allow_duplicates && strcmp (o->protocol, "random") != 0)
    return training_bad_option (
        error, "--allow-duplicates shows what a leak does; it needs --protocol random");
  if (!(o->features = emotion_feature_set_find (o->features_name)))
    return training_bad_option (error, "--features %s: no feature set of that name; try speech-2",
                                o->features_name);
  if (!check_line ("--licence", o->licence, error) ||
      !check_seconds ("--window", o->window, error) ||
      !check_seconds ("--interval", o->interval, error) ||
      !check_seconds ("--min-window", o->min_window, error))
    return FALSE;
  o->windowing =
      (EmotionWindowing){(guint64)llround (o->window * 1e9), (guint64)llround (o->interval * 1e9),
                         (guint64)llround (o->min_window * 1e9)};
  if (!emotion_windowing_check (&o->windowing, error))
    return FALSE;
  const gboolean by_default = !o->augment;
  if (!choose_copies (o, error))
    return FALSE;
  o->candidate_list = training_candidates_list (
      o->candidates, o->skip_search ? 0 : (guint)o->search_iters, (guint32)o->random_state, error);
  for (guint i = 0; o->candidate_list && i < o->candidate_list->len; i++) {
    TrainingCandidate *c = &g_array_index (o->candidate_list, TrainingCandidate, i);
    c->unbalanced = strcmp (o->class_weights, "none") == 0;
    c->originals = by_default && !training_kind_likes_copies (c->kind);
  }
  return o->candidate_list && check_candidates (o, error);
}

static void
set_default (char **option, const char *value)
{
  if (!*option)
    *option = g_strdup (value);
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
  const GOptionEntry entries[] = {
      {"output-dir", 0, 0, G_OPTION_ARG_FILENAME, &o->output_dir, "Where to write", "DIR"},
      {"pipeline-name", 0, 0, G_OPTION_ARG_FILENAME, &o->model_name,
       "Name of the model file (default: model.emotion)", "NAME"},
      {"metrics-name", 0, 0, G_OPTION_ARG_FILENAME, &o->metrics_name,
       "Name of the metrics file (default: training_metrics.json)", "NAME"},
      {"protocol", 0, 0, G_OPTION_ARG_STRING, &o->protocol,
       "What folds hold out: speaker (--cv-folds sets of speakers, default), loso (each speaker), "
       "split (the test clips of the column split), or random (clips; a control that flatters)",
       "NAME"},
      {"allow-duplicates", 0, 0, G_OPTION_ARG_NONE, &o->allow_duplicates,
       "With random: keep clips of the same samples, to see what such a leak does", NULL},
      {"test-size", 0, 0, G_OPTION_ARG_DOUBLE, &o->test_size,
       "Share of speakers in the hold-out, up to 0.5 (default: 0.2)", "SHARE"},
      {"cv-folds", 0, 0, G_OPTION_ARG_INT, &o->cv_folds, "Folds (default: 5)", "N"},
      {"random-state", 0, 0, G_OPTION_ARG_INT, &o->random_state, "Seed (default: 42)", "N"},
      {"n-jobs", 0, 0, G_OPTION_ARG_INT, &o->n_jobs, "Threads (default: -1, all cores)", "N"},
      {"feature-jobs", 0, 0, G_OPTION_ARG_INT, &o->feature_jobs,
       "Threads that decode and extract (default: -1, all cores)", "N"},
      {"feature-cache", 0, 0, G_OPTION_ARG_FILENAME, &o->feature_cache,
       "Folder to keep extracted features in: a training that was interrupted, or is repeated, "
       "goes "
       "on from there",
       "DIR"},
      {"sample-limit", 0, 0, G_OPTION_ARG_INT, &o->sample_limit,
       "Use so many clips, drawn at random, of each label its share (default: 0, all)", "N"},
      {"augment", 0, 0, G_OPTION_ARG_STRING, &o->augment,
       "Train on altered copies too, as speed=0.89:1.12,noise=20:10, or none, or standard "
       "for " STANDARD_COPIES
       " (default: standard for the candidates that gain most, lda and kernel, or none with "
       "--skip-search). There are speed, pitch (semitones), "
       "tempo, gain (dB), noise, pink noise and babble of made voices (SNR in dB), band (kHz), "
       "reverb (s), scene (room, noise, band and level by chance; a number). What stands behind @ "
       "is how much such copies count, 1 if nothing",
       "LIST"},
      {"background", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->auxiliary,
       "CSV file of another corpus whose clips help the discriminants (lda, lda-svc) of one with "
       "few "
       "speakers: they count as much as one and a half speakers more, in every fold, so none may "
       "be "
       "of the data's speakers; labels that the data lack are left out; may be repeated",
       "FILE"},
      {"ordinary", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->ordinary,
       "CSV file of ordinary, mostly neutral speech (columns for the path and the speaker; no "
       "labels): the model's priors, smoothing, hysteresis and hold time are chosen so that few "
       "windows of it get an emotion. Nothing else is learnt from it. May be repeated",
       "FILE"},
      {"false-windows", 0, 0, G_OPTION_ARG_DOUBLE, &o->false_windows,
       "With --ordinary: the fraction of its windows that may get an emotion (default: 0.05)",
       "FRACTION"},
      {"candidates", 0, 0, G_OPTION_ARG_STRING, &o->candidates,
       "Classifiers to choose from, of lda, logistic, svc, lda-svc, kernel, forest, boost "
       "(default: all that this build has)",
       "LIST"},
      {"search-iters", 0, 0, G_OPTION_ARG_INT, &o->search_iters,
       "Settings of them to try (default: 20)", "N"},
      {"skip-search", 0, 0, G_OPTION_ARG_NONE, &o->skip_search,
       "Try one setting of each candidate only", NULL},
      {"scoring", 0, 0, G_OPTION_ARG_STRING, &o->scoring_name,
       "What candidates are chosen by: uar (default) or f1-weighted", "NAME"},
      {"class-weights", 0, 0, G_OPTION_ARG_STRING, &o->class_weights,
       "Labels count all alike: balanced (default), or as often as they occur: none", "NAME"},
      {"max-fused", 0, 0, G_OPTION_ARG_INT, &o->max_fused,
       "How many candidates a model may fuse where that helps (default: 1, the best alone)", "N"},
      {"hold-corpora", 0, 0, G_OPTION_ARG_NONE, &o->hold_corpora,
       "Choose and calibrate with whole corpora held out, for streams that no corpus has seen",
       NULL},
      {"no-adaptation", 0, 0, G_OPTION_ARG_NONE, &o->no_adaptation,
       "No second set of views that adapts to streams", NULL},
      {"blend", 0, 0, G_OPTION_ARG_DOUBLE, &o->blend,
       "Speech after which an adaptive answer rests on both sets alike (default: 0, on the "
       "adaptive one at once)",
       "SECONDS"},
      {"plots", 0, 0, G_OPTION_ARG_FILENAME, &o->plots,
       "Draw confusions, reliability and speakers of each protocol as PNG", "DIR"},
      {"predictions", 0, 0, G_OPTION_ARG_FILENAME, &o->predictions,
       "Write what the folds' models said of each held-out clip, as CSV", "FILE"},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &o->card,
       "Write a model card with the figures, in Markdown, to complete by hand", "FILE"},
      {"trials", 0, 0, G_OPTION_ARG_FILENAME, &o->trials,
       "Log each candidate with its settings and scores as JSON lines, as soon as it was tried",
       "FILE"},
      {"no-random", 0, 0, G_OPTION_ARG_NONE, &o->no_random,
       "Leave out the control with clips held out at random", NULL},
      {"repeat-statement", 0, 0, G_OPTION_ARG_NONE, &o->repeat_statement,
       "Also evaluate with what is said held out together with the speaker (column statement or "
       "sentence)",
       NULL},
      {"features", 0, 0, G_OPTION_ARG_STRING, &o->features_name, "Feature set (default: speech-2)",
       "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &o->window, "Length of a window (default: 3)",
       "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &o->interval,
       "From one window's start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &o->min_window,
       "Shortest partial window at the start (default: 1)", "SECONDS"},
      {"licence", 0, 0, G_OPTION_ARG_STRING, &o->licence, "Its licence, kept in the model", "NAME"},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "Tell what there is to learn from", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "No progress", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new ("- train a speech emotion model");
  training_sources_add_options (&o->sources, context);
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean ok = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  if (ok && *argc > 1)
    ok = training_bad_option (error, "'%s' is not expected here; see --help", (*argv)[1]);
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
