/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-evaluate: evaluates a model on labelled clips, as recorded and augmented. */
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "training/base/error.h"
#include "training/base/options.h"
#include "training/base/output.h"
#include "training/data/rejects.h"
#include "training/data/sources.h"
#include "training/selection/evaluation-run.h"

#define VERSION "emotion-evaluate " EMOTION_VERSION "\n"
#define BOOTSTRAP 2000 /* resamples of speakers */

typedef struct {
  TrainingSources sources;
  TrainingSweep sweep;
  char *model, *adaptation, *json;
  int random_state, n_jobs;
  gboolean shared_labels, quiet, version;
  gboolean plain, adapted; /* from --adaptation */
  GArray *conditions;
} Options;

typedef struct {
  const Options *options;
  TrainingCorpus *corpus;
  TrainingEvaluationPlan plan;
  const char **labels; /* of the plan */
  GString *table;
  JsonArray *conditions; /* of the JSON */
  JsonObject *clips;     /* of the JSON: faults of clips */
  GPtrArray *left_out;   /* char *, without folders */
  guint n_dropped;       /* rows with labels unknown to the model */
} Session;

static gboolean
check_options (Options *o, GError **error)
{
  const char *adaptation = o->adaptation ? o->adaptation : "none";
  const gboolean both = strcmp (adaptation, "both") == 0;
  if (!o->model)
    return training_bad_option (error, "--model FILE is required; see --help");
  if (!training_sources_check (&o->sources, error))
    return FALSE;
  if (o->n_jobs == 0 || o->n_jobs < -1 || o->n_jobs > 1024)
    return training_bad_option (
        error, "--n-jobs %d: must be a number of threads from 1 to 1024, or -1 for all cores",
        o->n_jobs);
  o->plain = both || strcmp (adaptation, "none") == 0;
  o->adapted = both || strcmp (adaptation, "running") == 0;
  if (!o->plain && !o->adapted)
    return training_bad_option (error, "--adaptation %s: use one of none, running, both",
                                adaptation);
  o->conditions = training_conditions_new (&o->sweep, error);
  return o->conditions != NULL;
}

static gboolean
parse_options (int *argc, char ***argv, Options *o, GError **error)
{
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &o->model, "Model file", "FILE"},
      {"adaptation", 0, 0, G_OPTION_ARG_STRING, &o->adaptation,
       "none (default; each clip alone), running (a speaker's clips as one stream, in random "
       "order) or both",
       "NAME"},
      {"snr", 0, 0, G_OPTION_ARG_STRING, &o->sweep.snr,
       "Also evaluate with noise at these signal-to-noise ratios in dB, for example 20,10,5,0",
       "LIST"},
      {"noise", 0, 0, G_OPTION_ARG_STRING, &o->sweep.noise,
       "Noise of --snr: white (default), pink or babble (clips of other speakers)", "NAME"},
      {"bandwidth", 0, 0, G_OPTION_ARG_STRING, &o->sweep.bandwidth,
       "Also evaluate after low-pass filtering at these frequencies in kHz, for example 8,4,3.4",
       "LIST"},
      {"gain", 0, 0, G_OPTION_ARG_STRING, &o->sweep.gain,
       "Also evaluate with these gains in dB, for example -30,10", "LIST"},
      {"window", 0, 0, G_OPTION_ARG_STRING, &o->sweep.window,
       "Also evaluate with windows of these lengths in seconds, for example 1,1.5,2", "LIST"},
      {"shared-labels", 0, 0, G_OPTION_ARG_NONE, &o->shared_labels,
       "Predict only labels that occur in the data", NULL},
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &o->json,
       "Write all figures as JSON; with -, print them instead of the table", "FILE"},
      {"random-state", 0, 0, G_OPTION_ARG_INT, &o->random_state, "Random seed (default: 42)", "N"},
      {"n-jobs", 0, 0, G_OPTION_ARG_INT, &o->n_jobs, "Number of threads (default: -1, all cores)",
       "N"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "Do not print progress", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version, and exit", NULL},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context,
      "Evaluates a model on labelled clips, as recorded and altered in one way at a time.");
  training_sources_add_options (&o->sources, context);
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean ok = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  if (ok && *argc > 1)
    ok = training_bad_option (error, "unexpected argument '%s'; see --help", (*argv)[1]);
  return ok && (o->version || check_options (o, error));
}

static gint
find_label (const EmotionModel *model, const char *label)
{
  for (guint k = 0; k < emotion_model_get_n_labels (model); k++)
    if (strcmp (emotion_model_get_label (model, k), label) == 0)
      return (gint)k;
  return -1;
}

/* Drops the rows whose labels are unknown to the model, and reports it. */
static void
drop_foreign (Session *session)
{
  GPtrArray *clips = session->corpus->clips;
  GPtrArray *foreign = g_ptr_array_new_with_free_func (g_free);
  for (guint i = clips->len; i-- > 0;) {
    const char *label = ((TrainingClip *)clips->pdata[i])->label;
    if (find_label (session->plan.model, label) >= 0)
      continue;
    if (!g_ptr_array_find_with_equal_func (foreign, label, g_str_equal, NULL))
      g_ptr_array_add (foreign, g_strdup (label));
    g_ptr_array_remove_index (clips, i);
    session->n_dropped++;
  }
  g_ptr_array_add (foreign, NULL);
  char *labels = g_strjoinv (", ", (char **)foreign->pdata);
  if (session->n_dropped > 0)
    g_printerr ("emotion-evaluate: %u of %u rows dropped, as the model does not have their labels: "
                "%s; rename labels with --label-map\n",
                session->n_dropped, session->n_dropped + clips->len, labels);
  g_free (labels);
  g_ptr_array_unref (foreign);
}

static gboolean
has_clip (const TrainingCorpus *corpus, const char *label)
{
  for (guint i = 0; i < corpus->clips->len; i++)
    if (strcmp (((TrainingClip *)corpus->clips->pdata[i])->label, label) == 0)
      return TRUE;
  return FALSE;
}

/* Sets the labels that may be predicted. FALSE with fewer than two. */
static gboolean
choose_labels (Session *session, GError **error)
{
  const EmotionModel *model = session->plan.model;
  const guint n = emotion_model_get_n_labels (model);
  const char **labels = g_new0 (const char *, n + 1);
  guint n_labels = 0, n_shared = 0;
  for (guint k = 0; k < n; k++) {
    const char *label = emotion_model_get_label (model, k);
    const gboolean shared = has_clip (session->corpus, label);
    n_shared += shared;
    if (shared || !session->options->shared_labels)
      labels[n_labels++] = label;
  }
  session->plan.labels = session->labels = labels;
  if (n_shared >= 2)
    return TRUE;
  char *all = n_labels > 0 ? g_strjoinv (", ", (char **)labels) : g_strdup ("none");
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "%s: the data have %u of the model's labels, and 2 are required; the model has: %s; "
               "rename labels of the data with --label-map",
               session->corpus->metadata_paths[0], n_shared, all);
  g_free (all);
  return FALSE;
}

static gboolean
speakers_known (const TrainingCorpus *corpus)
{
  gboolean known = TRUE;
  for (guint i = 0; i < corpus->clips->len; i++)
    known &= ((TrainingClip *)corpus->clips->pdata[i])->speaker != NULL;
  return known;
}

static gboolean
check_adaptation (const Session *session, GError **error)
{
  if (!session->options->adapted)
    return TRUE;
  if (!emotion_model_adapts (session->plan.model))
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: the model does not adapt: use --adaptation none", session->options->model);
  else if (!speakers_known (session->corpus))
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "--adaptation %s needs the speaker of each clip: name the column with --group-column",
        session->options->adaptation);
  else
    return TRUE;
  return FALSE;
}

/* Reports the rejects that no earlier condition had. */
static void
report_rejects (Session *session, const GPtrArray *rejects)
{
  GPtrArray *news = training_rejects_new ();
  for (guint i = 0; i < rejects->len; i++) {
    const TrainingReject *one = rejects->pdata[i];
    char *text = training_sources_without_folders (one->text, session->corpus);
    if (g_ptr_array_find_with_equal_func (session->left_out, text, g_str_equal, NULL)) {
      g_free (text);
      continue;
    }
    training_rejects_add (news, one->reason, g_strdup (one->text));
    g_ptr_array_add (session->left_out, text);
  }
  training_rejects_print (news, "emotion-evaluate", FALSE, NULL);
  char *reasons = training_rejects_sum_up (news);
  if (news->len > 0)
    g_printerr ("emotion-evaluate: %u left out: %s\n", news->len, reasons);
  g_free (reasons);
  g_ptr_array_unref (news);
}

static JsonObject *
figures_of (const Session *session, const TrainingOutcome *outcomes, guint n, guint n_groups,
            TrainingFigures *figures)
{
  const char *const *labels = session->plan.labels;
  training_figures_compute (outcomes, n, g_strv_length ((char **)labels), n_groups, BOOTSTRAP,
                            session->plan.seed, figures);
  return training_figures_to_json (figures, outcomes, n, labels);
}

static void
report (Session *session, const TrainingCondition *condition, gboolean adapted,
        const TrainingEvaluationRun *run)
{
  const guint n_labels = g_strv_length ((char **)session->plan.labels);
  TrainingFigures f, of_windows;
  JsonObject *object = figures_of (session, run->clips, run->n_clips, run->n_groups, &f);
  JsonObject *windows =
      figures_of (session, run->windows, run->n_windows, run->n_groups, &of_windows);
  json_object_set_string_member (object, "condition", condition->name);
  json_object_set_string_member (object, "adaptation", adapted ? "running" : "none");
  if (isfinite (f.uar))
    json_object_set_double_member (object, "uar", f.uar);
  else
    json_object_set_null_member (object, "uar");
  if (isfinite (run->none))
    json_object_set_double_member (object, "answered_none", run->none);
  else
    json_object_set_null_member (object, "answered_none");
  json_object_set_object_member (object, "windows", windows);
  if (run->n_speakers > 0)
    json_object_set_object_member (
        object, "per_speaker",
        training_per_group_to_json (run->clips, run->n_clips, n_labels, run->speakers));
  json_array_add_object_element (session->conditions, object);
  char *name = g_strconcat (condition->name, adapted ? ", adapted" : "", NULL);
  char *interval = training_figures_describe_interval (&f);
  g_string_append_printf (session->table, "  %-34s %.3f %s  %.3f     %.3f        %.3f  %.3f  %u\n",
                          name, f.uar, interval, f.accuracy, f.f1_weighted, f.ece, run->none,
                          run->n_clips);
  g_free (interval);
  g_free (name);
}

/* Reports the faults of the clips before augmentation, which are the same for all conditions. */
static void
print_faults (Session *session, const TrainingClipReport *report)
{
  if (session->clips)
    return;
  training_clip_report_print (report, "emotion-evaluate");
  session->clips = training_clip_report_to_json (report);
}

/* Whether enough clips could be evaluated, by the rule of a training. */
static gboolean
check_losses (const Session *session, const TrainingEvaluationRun *run, GError **error)
{
  GPtrArray *labels = g_ptr_array_new ();
  for (guint k = 0; session->plan.labels[k]; k++)
    for (guint i = 0; i < run->n_clips; i++)
      if (run->clips[i].label == k) {
        g_ptr_array_add (labels, (gpointer)session->plan.labels[k]);
        break;
      }
  g_ptr_array_add (labels, NULL);
  const gboolean ok =
      training_rejects_check (run->rejects, (char *const *)labels->pdata, run->n_clips, error);
  g_ptr_array_unref (labels);
  return ok;
}

/* FALSE when no clip could be evaluated. */
static gboolean
evaluate (Session *session, GError **error)
{
  const Options *o = session->options;
  const guint n = o->conditions->len * ((o->plain ? 1 : 0) + (o->adapted ? 1 : 0));
  TrainingProgress *progress =
      training_progress_new ("Evaluating", "clips", n * session->corpus->clips->len, !o->quiet);
  gboolean ok = TRUE;
  for (guint i = 0; i < o->conditions->len && ok; i++)
    for (guint adapted = !o->plain; adapted <= (guint)o->adapted && ok; adapted++) {
      const TrainingCondition *condition = &g_array_index (o->conditions, TrainingCondition, i);
      TrainingEvaluationRun *run =
          training_evaluation_run (&session->plan, condition, (gboolean)adapted, progress);
      ok = run->n_clips > 0;
      if (ok) {
        report_rejects (session, run->rejects);
        ok = check_losses (session, run, error);
      } else {
        g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                     "%s: none of its %u clips can be used; the first problem: %s",
                     session->corpus->metadata_paths[0], session->corpus->clips->len,
                     ((TrainingReject *)run->rejects->pdata[0])->text);
      }
      if (ok) {
        print_faults (session, &run->report);
        report (session, condition, (gboolean)adapted, run);
      }
      training_evaluation_run_free (run);
    }
  training_progress_finish (progress);
  return ok;
}

static const char *
provenance_of (const EmotionModel *model, const char *key)
{
  const char *const *pairs = emotion_model_get_provenance (model);
  for (; pairs && pairs[0]; pairs += 2)
    if (strcmp (pairs[0], key) == 0)
      return pairs[1];
  return "unnamed";
}

static JsonArray *
strings (const char *const *list, guint n)
{
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < n; i++)
    json_array_add_string_element (array, list[i]);
  return array;
}

/* The JSON document; takes the conditions. */
static char *
to_json (Session *session)
{
  const EmotionModel *model = session->plan.model;
  JsonObject *root = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  char *name = g_path_get_basename (session->options->model);
  json_object_set_string_member (root, "model", name);
  json_object_set_string_member (root, "model_hash", emotion_model_get_hash (model));
  json_object_set_string_member (root, "trained_on", provenance_of (model, "corpus"));
  json_object_set_string_member (root, "features", emotion_model_get_features (model)->name);
  json_object_set_array_member (
      root, "corpora",
      strings ((const char *const *)session->corpus->names, session->corpus->n_corpora));
  json_object_set_array_member (
      root, "labels",
      strings (session->plan.labels, g_strv_length ((char **)session->plan.labels)));
  json_object_set_boolean_member (root, "shared_labels", session->options->shared_labels);
  json_object_set_int_member (root, "random_state", session->options->random_state);
  json_object_set_string_member (root, "intervals_over",
                                 speakers_known (session->corpus) ? "speakers" : "clips");
  json_object_set_int_member (root, "rows_of_foreign_labels", session->n_dropped);
  json_object_set_array_member (
      root, "left_out",
      strings ((const char *const *)session->left_out->pdata, session->left_out->len));
  json_object_set_object_member (root, "data_report", g_steal_pointer (&session->clips));
  json_object_set_array_member (root, "conditions", g_steal_pointer (&session->conditions));
  json_node_take_object (node, root);
  char *text = json_to_string (node, TRUE), *line = g_strconcat (text, "\n", NULL);
  json_node_unref (node);
  g_free (text);
  g_free (name);
  return line;
}

/* A description of the evaluation. */
static char *
make_heading (const Session *session)
{
  const guint n = g_strv_length ((char **)session->plan.labels);
  char *corpora = g_strjoinv (", ", session->corpus->names);
  char *heading = g_strdup_printf (
      "%s, trained on: %s; evaluated on: %s\n"
      "Figures of clips that the model was trained on are optimistic.\n"
      "%s %u labels %s can be predicted, chance UAR %.3f\n"
      "  %-34s UAR [95%%]             accuracy  F1 weighted  ECE    none   n\n",
      session->options->model, provenance_of (session->plan.model, "corpus"), corpora,
      session->options->shared_labels ? "Only the" : "All", n,
      session->options->shared_labels ? "that occur in the data" : "of the model", 1.0 / n, "");
  g_free (corpora);
  return heading;
}

static gboolean
write_results (Session *session, GError **error)
{
  const char *path = session->options->json;
  const gboolean only_json = path && strcmp (path, "-") == 0;
  char *json = path ? to_json (session) : NULL, *heading = make_heading (session);
  g_string_prepend (session->table, heading);
  const gboolean ok =
      (!path || training_output_save (path, json, strlen (json), error)) &&
      (only_json || training_output_save (NULL, session->table->str, session->table->len, error));
  g_free (heading);
  g_free (json);
  return ok;
}

/* Checks the outputs before the work, which may take hours. */
static gboolean
check_output (const Options *o, GError **error)
{
  const guint n = g_strv_length (o->sources.metadata);
  const char **inputs = g_new0 (const char *, n + 3);
  for (guint i = 0; i < n; i++)
    inputs[i] = o->sources.metadata[i];
  inputs[n] = o->model;
  inputs[n + 1] = o->sources.label_map;
  const gboolean ok = training_output_check_option ("--json", o->json, inputs, error);
  g_free (inputs);
  return ok;
}

static gboolean
needs_babble (const GArray *conditions)
{
  gboolean babble = FALSE;
  for (guint i = 0; i < conditions->len; i++)
    babble |= g_array_index (conditions, TrainingCondition, i).babble;
  return babble;
}

static gboolean
run (const Options *o, GError **error)
{
  if (o->version)
    return training_output_save (NULL, VERSION, strlen (VERSION), error);
  Session session = {.options = o,
                     .table = g_string_new (NULL),
                     .conditions = json_array_new (),
                     .left_out = g_ptr_array_new_with_free_func (g_free)};
  TrainingBabble *babble = NULL;
  EmotionModel *model = NULL;
  gboolean ok = check_output (o, error) && (model = emotion_model_load (o->model, error)) != NULL;
  if (ok)
    ok =
        (session.corpus = training_sources_read (&o->sources, "emotion-evaluate", error)) != NULL &&
        training_corpus_check_losses (session.corpus, error);
  if (ok) {
    session.plan = (TrainingEvaluationPlan){.model = model,
                                            .corpus = session.corpus,
                                            .seed = (guint32)o->random_state,
                                            .n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs};
    report_rejects (&session, session.corpus->rejects);
    drop_foreign (&session);
    ok = choose_labels (&session, error) && check_adaptation (&session, error);
  }
  if (ok && needs_babble (o->conditions)) {
    babble = training_babble_new (session.corpus, session.plan.seed, error);
    session.plan.babble = babble;
    ok = babble != NULL;
  }
  ok = ok && evaluate (&session, error) && write_results (&session, error);
  training_babble_free (babble);
  g_free (session.labels);
  g_string_free (session.table, TRUE);
  g_clear_pointer (&session.conditions, json_array_unref);
  g_clear_pointer (&session.clips, json_object_unref);
  g_ptr_array_unref (session.left_out);
  training_corpus_free (session.corpus);
  emotion_model_unref (model);
  return ok;
}

int
main (int argc, char **argv)
{
  Options options = {.random_state = 42, .n_jobs = -1};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* byte-identical output in all locales */
  if (!parse_options (&argc, &argv, &options, &error)) {
    status = 2;
  } else {
    gst_init (NULL, NULL);
    if (!run (&options, &error))
      status = EXIT_FAILURE;
  }
  if (error)
    g_printerr ("emotion-evaluate: %s\n", error->message);
  g_clear_error (&error);
  char *texts[] = {options.model,      options.adaptation,  options.json,
                   options.sweep.snr,  options.sweep.noise, options.sweep.bandwidth,
                   options.sweep.gain, options.sweep.window};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  training_sources_clear (&options.sources);
  g_clear_pointer (&options.conditions, g_array_unref);
  return status;
}
