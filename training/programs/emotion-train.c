/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-train: labelled clips in, a model file and its metrics out. */
#include <cblas.h>
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "training/base/error.h"
#include "training/base/interrupt.h"
#include "training/base/options.h"
#include "training/base/output.h"
#include "training/data/rejects.h"
#include "training/data/split.h"
#include "training/reports/train-results.h"
#include "training/reports/train-settings.h"
#include "training/selection/ordinary.h"

#define MAX_DUPLICATES 20 /* named without --verbose */
#define VERSION "emotion-train " EMOTION_VERSION "\n"

/* Names what was left out, on stderr and for the report. */
static void
tell_problems (const TrainingOptions *o, const GPtrArray *problems, const TrainingCorpus *corpus,
               GPtrArray *all)
{
  training_left_out_print (problems, "emotion-train", o->verbose, "--verbose names all");
  for (guint i = 0; i < problems->len; i++) {
    const TrainingLeftOut *one = problems->pdata[i];
    TrainingLeftOut *copy = training_left_out_add (
        all, one->reason, training_sources_without_folders (one->text, corpus));
    copy->label = g_strdup (one->label);
    copy->label_text = g_strdup (one->label_text);
    copy->copy = one->copy;
  }
}

static void
report_duplicates (const TrainingDataset *data, gboolean all)
{
  guint n = 0;
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (clip->twin_of < 0 || (++n > MAX_DUPLICATES && !all))
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
  if (n > MAX_DUPLICATES && !all)
    g_printerr ("emotion-train: and %u more duplicates; --verbose names all\n", n - MAX_DUPLICATES);
}

/* The problem of the protocol asked for. */
static TrainingProblem *
make_problem (const TrainingOptions *o, const TrainingDataset *data,
              const TrainingBackground *background, GError **error)
{
  const guint n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs;
  const gboolean split = strcmp (o->protocol, "split") == 0;
  const gboolean random = strcmp (o->protocol, "random") == 0 ||
                          training_dataset_has_no_speaker (data) ||
                          (split && training_dataset_count_shared (data) > 0);
  const TrainingFolding folding = {.hold = random ? TRAINING_HOLD_CLIPS : TRAINING_HOLD_SPEAKERS,
                                   .allow_twins = o->allow_duplicates,
                                   .seed = (guint32)o->random_state,
                                   .split = split,
                                   .background = background};
  TrainingProblem *problem = training_problem_new (data, &folding, n_jobs, error);
  if (problem && strcmp (o->protocol, "loso") == 0 && problem->n_speakers > problem->n_units) {
    training_bad_option (
        error,
        "--protocol loso: there are %u speakers, and at most %d can be left out one by one: "
        "use --protocol speaker",
        problem->n_speakers, TRAINING_MAX_UNITS);
    g_clear_pointer (&problem, training_problem_free);
  }
  return problem;
}

/* The same candidates without a search: what the final model consists of. */
static TrainingPlan
plan_of_choice (const TrainingPlan *plan, const TrainingChoice *choice)
{
  TrainingPlan settled = *plan;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingCandidate));
  g_array_append_vals (list, choice->candidates, choice->n_fused);
  settled.candidates = list;
  settled.trials = NULL;
  return settled;
}

/* The labelled control: clips held out at random, by the final choice. */
static TrainingEvaluation *
evaluate_random (const TrainingOptions *o, const TrainingProblem *main, const TrainingPlan *plan,
                 guint *n_folds, GError **error)
{
  const TrainingFolding folding = {
      .hold = TRAINING_HOLD_CLIPS, .seed = plan->seed, .background = main->background};
  TrainingUnits folds[TRAINING_MAX_UNITS];
  TrainingEvaluation *evaluation = NULL;
  TrainingProblem *problem = training_problem_new (main->data, &folding, plan->n_jobs, error);
  if (problem) {
    *n_folds = training_problem_deal (problem, problem->all, (guint)o->cv_folds, plan->seed, folds);
    TrainingProgress *progress =
        training_progress_new ("random control", "folds", *n_folds, !o->quiet);
    evaluation = training_evaluate (problem, folds, *n_folds, plan, -1, progress, error);
    training_progress_finish (progress);
  }
  training_problem_free (problem);
  return evaluation;
}

/* What is said is held out with the speaker: an evaluation for each statement. */
static GPtrArray *
evaluate_statements (const TrainingOptions *o, const TrainingProblem *main,
                     const TrainingPlan *plan, GError **error)
{
  const TrainingDataset *data = main->data;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)training_evaluation_free);
  TrainingProgress *progress =
      training_progress_new ("new statements", "statements", data->n_statements, !o->quiet);
  for (guint s = 0; s < data->n_statements; s++) {
    const TrainingFolding folding = {.hold = TRAINING_HOLD_SPEAKERS,
                                     .seed = plan->seed,
                                     .statement_out = s + 1,
                                     .background = main->background};
    TrainingUnits folds[TRAINING_MAX_UNITS];
    TrainingEvaluation *evaluation = NULL;
    TrainingProblem *problem = training_problem_new (data, &folding, plan->n_jobs, error);
    if (problem) {
      const guint n =
          training_problem_deal (problem, problem->all, (guint)o->cv_folds, plan->seed, folds);
      evaluation = training_evaluate (problem, folds, n, plan, (gint)s, NULL, error);
    }
    training_problem_free (problem);
    if (!evaluation) {
      g_clear_pointer (&all, g_ptr_array_unref);
      break;
    }
    g_ptr_array_add (all, evaluation);
    training_progress_step (progress);
  }
  training_progress_finish (progress);
  return all;
}

/* The evaluations that follow the final choice. */
static gboolean
evaluate_choice (const TrainingOptions *o, const TrainingPlan *plan, TrainingReport *report,
                 TrainingTiming *timing, GError **error)
{
  TrainingPlan settled = plan_of_choice (plan, report->final);
  gboolean ok = TRUE;
  settled.adaptation = FALSE;
  if (!o->no_random && !report->shares_voices)
    ok = (report->random = evaluate_random (o, report->problem, &settled, &report->n_random_folds,
                                            error)) != NULL;
  training_timing_mark (timing, "random");
  if (ok && o->repeat_statement)
    ok = (report->statements = evaluate_statements (o, report->problem, &settled, error)) != NULL;
  training_timing_mark (timing, "statements");
  g_array_unref ((GArray *)settled.candidates);
  return ok;
}

/* The test clips of a predefined split are the one fold, and the hold-out. */
static gboolean
evaluate_split (const TrainingOptions *o, const TrainingProblem *problem, const TrainingPlan *plan,
                TrainingReport *report, GError **error)
{
  TrainingPlan outer = *plan;
  TrainingProgress *progress = training_progress_new ("evaluating", "folds", 1, !o->quiet);
  outer.run.name = "hold-out";
  report->n_outer_folds = 1;
  report->held_out_units = problem->test;
  report->pooled = training_evaluate (problem, &problem->test, 1, &outer, -1, progress, error);
  report->held_out = report->pooled;
  training_progress_finish (progress);
  return report->pooled != NULL;
}

/* The outer folds and the hold-out: the first of as many sets of speakers as its share goes into all
 * of them. Where that is the first outer fold, it was evaluated there. */
static gboolean
evaluate_outer (const TrainingOptions *o, const TrainingProblem *problem, const TrainingPlan *plan,
                TrainingReport *report, GError **error)
{
  if (problem->test)
    return evaluate_split (o, problem, plan, report, error);
  TrainingUnits folds[TRAINING_MAX_UNITS], held_out[TRAINING_MAX_UNITS];
  TrainingPlan outer = *plan;
  const gboolean alone = strcmp (o->protocol, "loso") == 0;
  const guint n_folds = training_problem_deal (
      problem, problem->all, alone ? problem->n_units : (guint)o->cv_folds, plan->seed, folds);
  training_problem_deal (problem, problem->all,
                         (guint)lround (MIN (1 / o->test_size, TRAINING_MAX_UNITS)), plan->seed,
                         held_out);
  TrainingProgress *progress =
      training_progress_new ("evaluating", "folds", n_folds + 1, !o->quiet);
  if (!alone && n_folds < (guint)o->cv_folds)
    g_printerr ("emotion-train: --cv-folds %d: %u folds, as there is no more to hold out\n",
                o->cv_folds, n_folds);
  report->n_outer_folds = n_folds;
  report->held_out_units = held_out[0];
  outer.run.name = "outer";
  report->pooled = training_evaluate (problem, folds, n_folds, &outer, -1, progress, error);
  outer.run.name = "hold-out";
  if (report->pooled)
    report->held_out = training_evaluate (problem, held_out, 1, &outer, -1, progress, error);
  training_progress_finish (progress);
  return report->held_out != NULL;
}

static TrainingExtraction
extraction_of (const TrainingOptions *o)
{
  return (TrainingExtraction){.features = o->features,
                              .windowing = o->windowing,
                              .effects = o->effects,
                              .cache = o->feature_cache,
                              .n_jobs = o->feature_jobs < 0 ? 0 : (guint)o->feature_jobs,
                              .seed = (guint32)o->random_state,
                              .progress = !o->quiet};
}

/* What a model tells beside emotions. */
typedef struct {
  EmotionView *outlier, *intensity; /* or NULL */
  TrainingOutlierFigures outlier_figures;
  TrainingIntensityFigures intensity_figures;
} Others;

/* What is no speech is learned where the training has heard enough noise not to take noisy speech for that. */
static gboolean
learn_others (const TrainingOptions *o, const TrainingProblem *problem, TrainingReport *report,
              Others *others, GError **error)
{
  const TrainingExtraction extraction = extraction_of (o);
  const guint n_folds = (guint)o->cv_folds;
  gboolean ok = TRUE;
  if (training_outlier_is_possible (o->effects)) {
    others->outlier = training_outlier_fit (problem, &extraction, n_folds, report->seed,
                                            &others->outlier_figures, error);
    report->outlier = &others->outlier_figures;
    ok = others->outlier != NULL;
  }
  if (ok && training_intensity_is_possible (problem)) {
    others->intensity = training_intensity_fit (
        problem, n_folds, report->seed, report->plan->n_jobs, &others->intensity_figures, error);
    report->intensity = &others->intensity_figures;
    ok = others->intensity != NULL;
  }
  return ok;
}

/* Puts them into the final model. */
static gboolean
add_others (const Others *others, TrainingChoice *final, GError **error)
{
  EmotionModelParts parts = *emotion_model_get_parts (final->model);
  parts.outlier = others->outlier;
  parts.intensity = others->intensity;
  EmotionModel *model = emotion_model_new (&parts, error);
  if (!model)
    return FALSE;
  emotion_model_unref (final->model);
  final->model = model;
  return TRUE;
}

/* Chooses the decision settings of the final model, if there is ordinary speech to choose them by. */
static gboolean
fit_decision (const TrainingOptions *o, const TrainingCorpus *ordinary,
              const TrainingProblem *problem, TrainingReport *report, TrainingDecisionFit *fit,
              TrainingChoice *final, GError **error)
{
  TrainingStreams *sets[2];
  if (!ordinary)
    return TRUE;
  gboolean ok =
      training_ordinary_score (ordinary, final->model, problem->data, report->plan->n_jobs,
                               report->seed, "emotion-train", sets, error);
  if (!ok)
    return FALSE;
  EmotionModel *model = NULL;
  char *names = training_options_name_corpora (o->ordinary);
  if (training_decision_fit (final->model, sets, report->pooled->streams, o->false_windows, fit,
                             error))
    model = training_decision_apply (fit, final->model, names, error);
  g_free (names);
  training_streams_free (sets[0]);
  training_streams_free (sets[1]);
  if (!model)
    return FALSE;
  report->decision = fit;
  emotion_model_unref (final->model);
  final->model = model;
  return TRUE;
}

/* Evaluates, fits and writes. */
static gboolean
train (const TrainingOptions *o, const TrainingDataset *data, const TrainingBackground *background,
       const TrainingCorpus *ordinary, const GPtrArray *problems, TrainingTrials *trials,
       TrainingTiming *timing, GError **error)
{
  const guint32 seed = (guint32)o->random_state;
  const TrainingPlan plan = {
      .candidates = o->candidate_list,
      .n_folds = (guint)o->cv_folds,
      .seed = seed,
      .n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs,
      .hold_corpora = o->hold_corpora,
      .scoring = o->scoring,
      .max_fused = (guint)o->max_fused,
      .adaptation = !o->no_adaptation,
      .blend = o->blend,
      .trials = trials,
      .run = {"final", 0},
  };
  TrainingChoice final = {0};
  Others others = {0};
  TrainingDecisionFit decision;
  const gboolean split = strcmp (o->protocol, "split") == 0;
  TrainingProblem *problem = make_problem (o, data, background, error);
  TrainingReport report = {.problem = problem,
                           .plan = &plan,
                           .final = &final,
                           .problems = problems,
                           .protocol = data->speakers_known || split ? o->protocol : "random",
                           .shares_voices = !data->speakers_known ||
                                            strcmp (o->protocol, "random") == 0 ||
                                            (split && training_dataset_count_shared (data) > 0),
                           .seed = seed};
  training_timing_mark (timing, "moments");
  gboolean ok = problem && evaluate_outer (o, problem, &plan, &report, error);
  training_timing_mark (timing, "evaluation");
  if (ok) {
    JsonObject *settings = training_settings_to_json (o);
    char **provenance = training_results_provenance (o, problem, report.pooled, report.protocol);
    report.settings = settings;
    ok = training_choose (problem, problem->all, &plan, (const char *const *)provenance, &final,
                          error) &&
         learn_others (o, problem, &report, &others, error) &&
         add_others (&others, &final, error) &&
         fit_decision (o, ordinary, problem, &report, &decision, &final, error);
    training_timing_mark (timing, "model");
    ok = ok && evaluate_choice (o, &plan, &report, timing, error) &&
         training_results_write (o, &report, timing, error);
    json_object_unref (settings);
    g_strfreev (provenance);
  }
  emotion_view_unref (others.outlier);
  emotion_view_unref (others.intensity);
  training_choice_clear (&final);
  training_evaluation_free ((TrainingEvaluation *)report.pooled);
  if (report.held_out != report.pooled)
    training_evaluation_free ((TrainingEvaluation *)report.held_out);
  training_evaluation_free ((TrainingEvaluation *)report.random);
  if (report.statements)
    g_ptr_array_unref ((GPtrArray *)report.statements);
  training_problem_free (problem);
  return ok;
}

/* What there is to learn from, for --verbose. */
static void
tell_data (const TrainingDataset *data)
{
  for (guint corpus = 0; corpus < data->n_corpora; corpus++) {
    GString *text = g_string_new (NULL);
    guint n_clips = 0;
    for (guint k = 0; k < data->n_labels; k++) {
      guint n = 0;
      for (guint c = 0; c < data->n_originals; c++)
        n += data->clips[c].corpus == corpus && data->clips[c].label == k;
      if (n > 0)
        g_string_append_printf (text, "%s%s %u", text->len ? ", " : "", data->labels[k], n);
      n_clips += n;
    }
    g_printerr ("emotion-train: %s: %u clips: %s\n", data->corpora[corpus], n_clips, text->str);
    g_string_free (text, TRUE);
  }
  guint n_speakers;
  g_free (training_dataset_name_speakers (data, &n_speakers));
  g_printerr ("emotion-train: %u speakers, %u altered copies, %u windows of %u features\n",
              n_speakers, data->n_clips - data->n_originals, data->n_rows,
              data->features->n_features);
}

static void
tell_cache (const TrainingOptions *o, const TrainingDataset *data)
{
  const TrainingCacheUse *use = &data->cache_use;
  if (o->verbose && o->feature_cache)
    g_printerr ("emotion-train: %s had %u of %u clips and copies\n", o->feature_cache, use->n_found,
                data->n_clips);
  if (use->n_damaged > 0)
    g_printerr ("emotion-train: %s: %u damaged file(s) made anew\n", o->feature_cache,
                use->n_damaged);
  if (use->problem)
    g_printerr ("emotion-train: not all could be kept for the next time: %s\n", use->problem);
}

static void
tell_without_split (const TrainingCorpus *corpus)
{
  guint n = 0;
  for (guint i = 0; i < corpus->clips->len; i++)
    n += ((TrainingClip *)corpus->clips->pdata[i])->split == NULL;
  if (n > 0)
    g_printerr (
        "emotion-train: %u of %u clips have no word in the column split: they are learnt from\n", n,
        corpus->clips->len);
}

static TrainingDataset *
extract (const TrainingOptions *o, const TrainingCorpus *corpus, GPtrArray *problems,
         GError **error)
{
  const TrainingExtraction extraction = extraction_of (o);
  tell_problems (o, corpus->problems, corpus, problems);
  TrainingDataset *data = training_dataset_extract (corpus, &extraction, error);
  if (!data)
    return NULL;
  tell_problems (o, data->problems, corpus, problems);
  training_clip_report_print (&data->report, "emotion-train");
  if (problems->len > 0) {
    char *reasons = training_left_out_sum_up (problems);
    guint n_copies = 0;
    for (guint i = 0; i < problems->len; i++)
      n_copies += ((TrainingLeftOut *)problems->pdata[i])->copy;
    g_printerr ("emotion-train: %u of %u rows", problems->len - n_copies,
                corpus->clips->len + corpus->problems->len);
    if (n_copies > 0)
      g_printerr (" and %u altered copies", n_copies);
    g_printerr (" left out: %s\n", reasons);
    g_free (reasons);
  }
  if (!training_left_out_check (problems, data->labels, data->n_originals, error)) {
    training_dataset_free (data);
    return NULL;
  }
  if (!o->allow_duplicates)
    report_duplicates (data, o->verbose);
  const guint n_shared =
      strcmp (o->protocol, "split") == 0 ? training_dataset_count_shared (data) : 0;
  if (strcmp (o->protocol, "split") == 0)
    tell_without_split (corpus);
  if (n_shared > 0)
    g_printerr (
        "emotion-train: %u speaker(s) have test clips and others: the figures will flatter, "
        "and the model does not adapt to voices\n",
        n_shared);
  if (!data->speakers_known)
    g_printerr ("emotion-train: no column tells the speakers: the figures will flatter; name it "
                "with --group-column\n");
  else if (data->n_groups == data->n_originals)
    g_printerr ("emotion-train: each speaker has one clip: if that column does not tell speakers, "
                "the figures will flatter; name the right one with --group-column\n");
  tell_cache (o, data);
  if (o->verbose)
    tell_data (data);
  return data;
}

static guint
count_statements (const TrainingCorpus *corpus)
{
  GHashTable *statements = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const char *statement = ((TrainingClip *)corpus->clips->pdata[i])->statement;
    if (statement)
      g_hash_table_add (statements, (gpointer)statement);
  }
  const guint n = g_hash_table_size (statements);
  g_hash_table_unref (statements);
  return n;
}

/* Whether there are the columns that options need. */
static gboolean
check_columns (const TrainingOptions *o, const TrainingCorpus *corpus, GError **error)
{
  gboolean has_speaker = FALSE;
  for (guint i = 0; i < corpus->clips->len && !has_speaker; i++)
    has_speaker = ((TrainingClip *)corpus->clips->pdata[i])->speaker != NULL;
  const gboolean split = strcmp (o->protocol, "split") == 0;
  const gboolean holds_speakers =
      o->protocol_given && !split && strcmp (o->protocol, "random") != 0;
  if (split && !training_split_check (corpus, error))
    return FALSE;
  if (!o->protocol_given && training_split_is_there (corpus))
    g_printerr (
        "emotion-train: the column split is not used: --protocol split learns from its train "
        "and dev clips, and tests on its test clips\n");
  if (!has_speaker && holds_speakers)
    return training_bad_option (error,
                                "--protocol %s holds speakers out, and no column names them: name "
                                "it with --group-column, or use --protocol random",
                                o->protocol);
  if (!has_speaker && o->repeat_statement)
    return training_bad_option (error, "--repeat-statement holds speakers out too, and no column "
                                       "names them: name it with --group-column");
  const guint n_statements = o->repeat_statement ? count_statements (corpus) : 2;
  if (n_statements < 2)
    return training_bad_option (
        error,
        "--repeat-statement: %s, and two are needed: name what is said in a column called "
        "statement, or leave the option out",
        n_statements == 0 ? "no clip has a statement" : "all clips have one statement");
  return TRUE;
}

/* The ordinary speech, after a look at what can be known before the work. */
static TrainingCorpus *
read_ordinary (const TrainingOptions *o, const TrainingCorpus *corpus, GError **error)
{
  gboolean has_neutral = FALSE;
  for (guint i = 0; i < corpus->clips->len && !has_neutral; i++)
    has_neutral = strcmp (((TrainingClip *)corpus->clips->pdata[i])->label, "neutral") == 0;
  if (!has_neutral) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--ordinary: no label of the data is called neutral: rename it with --label-map");
    return NULL;
  }
  TrainingCorpus *ordinary = training_ordinary_read (o->ordinary, "emotion-train", error);
  return ordinary;
}

static gboolean
run (const TrainingOptions *o, GError **error)
{
  gboolean ok = FALSE;
  GPtrArray *problems = training_left_out_new ();
  TrainingDataset *data = NULL;
  TrainingBackground *background = NULL;
  TrainingCorpus *ordinary = NULL;
  TrainingTrials *trials = NULL;
  TrainingTiming *timing = training_timing_new ();
  if (!o->candidates && training_forest_get_missing ())
    g_printerr ("emotion-train: forest and boost are left out: %s\n",
                training_forest_get_missing ());
  TrainingCorpus *corpus = training_sources_read (&o->sources, "emotion-train", error);
  if (corpus && o->sample_limit > 0)
    training_corpus_limit (corpus, (guint)o->sample_limit, (guint32)o->random_state);
  gboolean ready =
      corpus && training_corpus_check_losses (corpus, error) && check_columns (o, corpus, error);
  if (ready && o->ordinary)
    ready = (ordinary = read_ordinary (o, corpus, error)) != NULL;
  if (ready && training_results_prepare (o, error))
    data = extract (o, corpus, problems, error);
  ready = data != NULL;
  if (ready && o->background) {
    const TrainingExtraction extraction = extraction_of (o);
    background =
        training_background_read (o->background, "emotion-train", &extraction, data, error);
    ready = background != NULL;
  }
  training_timing_mark (timing, "features");
  if (ready && o->trials)
    ready = (trials = training_trials_open (o->trials, error)) != NULL;
  if (ready)
    ok = train (o, data, background, ordinary, problems, trials, timing, error);
  ok = training_trials_close (trials, ok ? error : NULL) && ok;
  training_timing_free (timing);
  training_background_free (background);
  training_corpus_free (ordinary);
  training_dataset_free (data);
  training_corpus_free (corpus);
  g_ptr_array_unref (problems);
  return ok;
}

int
main (int argc, char **argv)
{
  TrainingOptions options;
  GError *error = NULL;
  int status = 0;
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* the same bytes everywhere */
  if (!training_options_parse (&argc, &argv, &options, &error)) {
    status = 2;
  } else if (options.version) {
    status = training_output_save (NULL, VERSION, strlen (VERSION), &error) ? 0 : 1;
  } else {
    gst_init (NULL, NULL);
    training_interrupt_init ();
    /* Folds run side by side; threads inside a product would only change its rounding. */
    openblas_set_num_threads (1);
    status = run (&options, &error) ? 0 : 1;
  }
  if (error)
    g_printerr ("emotion-train: %s\n", error->message);
  g_clear_error (&error);
  training_options_clear (&options);
  return status;
}
