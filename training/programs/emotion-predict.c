/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-predict: the emotion of audio files, by the element emotiondetect. */
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
  TrainingListener *listener;
  TrainingOutput *output;
  TrainingAnswerWriter *writer;
  guint n_failed;
} Session;

static gboolean
check_options (const Options *options, GError **error)
{
  guint n_inputs = 0;
  for (char **input = options->inputs; input && *input; input++)
    n_inputs += strcmp (*input, "-") == 0;
  if (options->topk < 1)
    return training_bad_option (error, "--topk %d: give a number from 1", options->topk);
  if (options->as_json && options->csv)
    return training_bad_option (error, "--as-json and --csv: give one of them");
  if (!options->inputs)
    return training_bad_option (error, "no FILE given; see emotion-predict --help");
  if (options->allow_mismatch && !options->model)
    return training_bad_option (error,
                                "--allow-mismatch is for a model of yours; give --model FILE");
  if (n_inputs > 1)
    return training_bad_option (error, "- given %u times; there is one standard input", n_inputs);
  return TRUE;
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options->model,
       "Model file (default: the one that emotiondetect finds)", "FILE"},
      {"priors", 0, 0, G_OPTION_ARG_STRING, &options->priors,
       "Prior probabilities of labels, as neutral=0.7,sad=0.1, where those not named share the "
       "rest, or equal (default: the model's, which expect mostly neutral speech)",
       "LIST"},
      {"topk", 'k', 0, G_OPTION_ARG_INT, &options->topk,
       "How many of the most probable emotions to print (default: 3; CSV has all)", "N"},
      {"timeline", 't', 0, G_OPTION_ARG_NONE, &options->timeline,
       "Print the answer of each window too; with --csv of the windows alone", NULL},
      {"csv", 0, 0, G_OPTION_ARG_NONE, &options->csv, "Print a table, a row each file", NULL},
      {"as-json", 0, 0, G_OPTION_ARG_NONE, &options->as_json, "Print one JSON array", NULL},
      {"stream", 0, 0, G_OPTION_ARG_NONE, &options->stream,
       "Take all files for one stream: what adapts to the voice goes on from file to file", NULL},
      {"no-adaptation", 0, 0, G_OPTION_ARG_NONE, &options->no_adaptation,
       "Do not adapt to the voice, be it within a file", NULL},
      {"allow-mismatch", 0, 0, G_OPTION_ARG_NONE, &options->allow_mismatch,
       "With --model: try one that was made for another feature layout, and warn", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs, NULL, "FILE..."},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context, "Tells the emotion of the speech in each audio FILE that GStreamer can decode, and\n"
               "how probable it is. FILE may be a URI, a folder, for the audio and video files\n"
               "under it, or - for the standard input. The exit status is not 0 when a file\n"
               "failed; the others are printed.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, error));
}

static void
write_answer (const TrainingAnswer *answer, gpointer data)
{
  training_answer_writer_add (data, answer);
}

static void
fail (Session *session, const char *message)
{
  g_printerr ("emotion-predict: %s\n", message);
  session->n_failed++;
}

static void
hear (Session *session, const TrainingInput *input)
{
  GError *error = NULL;
  training_answer_writer_begin (session->writer, input->name);
  if (training_listener_hear (session->listener, input->path, write_answer, session->writer,
                              &error))
    return;
  fail (session, error->message);
  g_error_free (error);
}

static void
hear_all (Session *session, const Options *options, const GPtrArray *inputs)
{
  guint n_labels;
  const char *const *labels = training_listener_get_labels (session->listener, &n_labels);
  const TrainingAnswerFormat format = options->as_json ? TRAINING_ANSWERS_JSON
                                      : options->csv   ? TRAINING_ANSWERS_CSV
                                                       : TRAINING_ANSWERS_TEXT;
  session->writer = training_answer_writer_new (
      session->output, format, options->timeline, (guint)options->topk, labels,
      training_listener_get_label_texts (session->listener), n_labels);
  for (guint i = 0;
       i < inputs->len && !training_output_has_failed (session->output) && !media_stop_wanted ();
       i++)
    hear (session, inputs->pdata[i]);
  training_answer_writer_finish (session->writer);
}

/* Writes a model that does not fit, made to fit, to a file for the time of the run, and returns its
 * path; NULL when the model is to be used as it is, or with an error. */
static char *
align_model (const char *path, GError **error)
{
  char *text, *what = NULL, *aligned_path = NULL;
  gsize size;
  if (!g_file_get_contents (path, &text, &size, NULL))
    return NULL; /* the element tells why */
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
  Session session = {
      .listener = training_listener_new (model, options->stream, !options->no_adaptation, error),
      .output = training_output_new (NULL, NULL)};
  if (session.listener && options->priors &&
      !training_listener_set_priors (session.listener, options->priors, error))
    g_clear_pointer (&session.listener, training_listener_free);
  if (!session.listener) {
    training_output_discard (session.output);
    return FALSE;
  }
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *inputs = training_inputs_from_arguments (options->inputs, problems);
  const guint n = inputs->len + problems->len;
  for (guint i = 0; i < problems->len; i++)
    fail (&session, problems->pdata[i]);
  hear_all (&session, options, inputs);
  g_ptr_array_unref (inputs);
  g_ptr_array_unref (problems);
  training_listener_free (session.listener);
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
  setlocale (LC_CTYPE, ""); /* names in messages */
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
