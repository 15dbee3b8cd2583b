/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-predict: predicts the emotion of audio files with the element emotiondetect. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "media/stop.h"
#include "training/base/error.h"
#include "training/base/options.h"
#include "training/data/inputs.h"
#include "training/fitting/model-align.h"
#include "training/reports/prediction-writer.h"

#define VERSION "emotion-predict " EMOTION_VERSION "\n"

typedef struct {
  char *model, *priors;
  gint topk;
  gboolean as_json, csv, timeline, stream, no_adaptation, allow_mismatch, version;
  char **inputs;
} Options;

typedef struct {
  TrainingElementRunner *runner;
  TrainingOutput *output;
  TrainingPredictionWriter *writer;
  guint n_failed;
} Session;

static gboolean
check_options (const Options *options, GError **error)
{
  guint n_inputs = 0;
  for (char **input = options->inputs; input && *input; input++)
    n_inputs += strcmp (*input, "-") == 0;
  if (options->topk < 1)
    return training_bad_option (error, "--topk %d: must be 1 or more", options->topk);
  if (options->as_json && options->csv)
    return training_bad_option (error, "--as-json and --csv: use only one of them");
  if (!options->inputs)
    return training_bad_option (error, "no FILE given; see emotion-predict --help");
  if (options->allow_mismatch && !options->model)
    return training_bad_option (error, "--allow-mismatch needs --model FILE");
  if (n_inputs > 1)
    return training_bad_option (error, "- (standard input) was given %u times; use it once",
                                n_inputs);
  return TRUE;
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options->model,
       "Model file (default: the default model of emotiondetect)", "FILE"},
      {"priors", 0, 0, G_OPTION_ARG_STRING, &options->priors,
       "Prior probabilities of labels, for example neutral=0.7,sad=0.1 (the other labels share the "
       "rest equally), or equal (default: the priors of the model, which expect mostly neutral "
       "speech)",
       "LIST"},
      {"topk", 'k', 0, G_OPTION_ARG_INT, &options->topk,
       "Number of most probable emotions to print (default: 3; CSV has all)", "N"},
      {"timeline", 't', 0, G_OPTION_ARG_NONE, &options->timeline,
       "Also print the prediction for each window; with --csv, only the windows", NULL},
      {"csv", 0, 0, G_OPTION_ARG_NONE, &options->csv, "Print CSV, one row per file", NULL},
      {"as-json", 0, 0, G_OPTION_ARG_NONE, &options->as_json, "Print one JSON array", NULL},
      {"stream", 0, 0, G_OPTION_ARG_NONE, &options->stream,
       "Process all files as one stream: adaptation to the speaker continues from file to file",
       NULL},
      {"no-adaptation", 0, 0, G_OPTION_ARG_NONE, &options->no_adaptation,
       "Do not adapt to the speaker, not even within a file", NULL},
      {"allow-mismatch", 0, 0, G_OPTION_ARG_NONE, &options->allow_mismatch,
       "With --model: use a model that was made for another feature layout, with a warning", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs, NULL, "FILE..."},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context,
      "Prints the emotion of the speech in each audio FILE that GStreamer can decode, and its\n"
      "probability. FILE may be a URI, a folder (all audio and video files in it), or - for the\n"
      "standard input. If a file fails, the others are printed and the exit status is not 0.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, error));
}

static void
write_prediction (const TrainingElementResult *prediction, gpointer data)
{
  training_prediction_writer_add (data, prediction);
}

static void
fail (Session *session, const char *message)
{
  g_printerr ("emotion-predict: %s\n", message);
  session->n_failed++;
}

static void
predict_input (Session *session, const TrainingInput *input)
{
  GError *error = NULL;
  training_prediction_writer_begin (session->writer, input->name);
  if (training_element_runner_run (session->runner, input->path, write_prediction, session->writer,
                                   &error))
    return;
  fail (session, error->message);
  g_error_free (error);
}

static void
evaluate_all (Session *session, const Options *options, const GPtrArray *inputs)
{
  guint n_labels;
  const char *const *labels = training_element_runner_get_labels (session->runner, &n_labels);
  const TrainingPredictionFormat format = options->as_json ? TRAINING_PREDICTIONS_JSON
                                          : options->csv   ? TRAINING_PREDICTIONS_CSV
                                                           : TRAINING_PREDICTIONS_TEXT;
  session->writer = training_prediction_writer_new (
      session->output, format, options->timeline, (guint)options->topk, labels,
      training_element_runner_get_label_texts (session->runner), n_labels);
  for (guint i = 0;
       i < inputs->len && !training_output_has_failed (session->output) && !media_stop_wanted ();
       i++)
    predict_input (session, inputs->pdata[i]);
  training_prediction_writer_finish (session->writer);
}

/* Converts a model with a different layout to a temporary file for the run and returns its path;
 * NULL if the model needs no conversion, or with an error. */
static char *
align_model (const char *path, GError **error)
{
  char *text, *what = NULL, *aligned_path = NULL;
  gsize size;
  if (!g_file_get_contents (path, &text, &size, NULL))
    return NULL; /* the element reports the error */
  GBytes *aligned = training_model_align (text, size, NULL, &what);
  const int fd = aligned ? g_file_open_tmp ("XXXXXX.emotion", &aligned_path, error) : -1;
  if (fd >= 0) {
    g_close (fd, NULL);
    if (training_output_save (aligned_path, g_bytes_get_data (aligned, NULL),
                              g_bytes_get_size (aligned), error))
      g_printerr ("emotion-predict: warning: %s: %s\n", path, what);
  }
  g_bytes_unref (aligned);
  g_free (what);
  g_free (text);
  return aligned_path;
}

static gboolean
run (const Options *options, const char *model, GError **error)
{
  Session session = {.runner = training_element_runner_new (model, options->stream,
                                                            !options->no_adaptation, error),
                     .output = training_output_new (NULL, NULL)};
  if (session.runner && options->priors &&
      !training_element_runner_set_priors (session.runner, options->priors, error))
    g_clear_pointer (&session.runner, training_element_runner_free);
  if (!session.runner) {
    training_output_discard (session.output);
    return FALSE;
  }
  GPtrArray *rejects = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *inputs = training_inputs_from_arguments (options->inputs, rejects);
  const guint n = inputs->len + rejects->len;
  for (guint i = 0; i < rejects->len; i++)
    fail (&session, rejects->pdata[i]);
  evaluate_all (&session, options, inputs);
  g_ptr_array_unref (inputs);
  g_ptr_array_unref (rejects);
  training_element_runner_free (session.runner);
  if (!training_output_close (session.output, error))
    return FALSE;
  if (session.n_failed > 0)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%u of %u file(s) failed",
                 session.n_failed, n);
  return session.n_failed == 0;
}

static gboolean
run_with_model (const Options *options, GError **error)
{
  GError *cause = NULL;
  char *aligned = options->allow_mismatch ? align_model (options->model, &cause) : NULL;
  const gboolean ok = !cause && run (options, aligned ? aligned : options->model, &cause);
  if (aligned)
    g_remove (aligned);
  g_free (aligned);
  if (!ok)
    g_propagate_error (error, cause);
  return ok;
}

int
main (int argc, char **argv)
{
  Options options = {.topk = 3};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* file names in messages */
  media_stop_catch ();
  if (!parse_options (&argc, &argv, &options, &error) ||
      !(options.version ? training_output_save (NULL, VERSION, strlen (VERSION), &error)
                        : run_with_model (&options, &error))) {
    g_printerr ("emotion-predict: %s\n", error->message);
    status = training_exit_status (error);
    g_error_free (error);
  }
  g_strfreev (options.inputs);
  g_free (options.model);
  g_free (options.priors);
  return status;
}
