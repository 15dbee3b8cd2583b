/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-plot: plots audio, predicted emotions, model performance and features. */
#include <cblas.h>
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/emotion.h"
#include "training/base/options.h"
#include "training/base/output.h"
#include "training/data/corpus.h"
#include "training/data/rejects.h"
#include "training/reports/plot-figures.h"
#include "training/reports/plot-scatter.h"
#include "training/reports/plot-sound.h"
#include "training/reports/plot-timeline.h"

#define VERSION "emotion-plot " EMOTION_VERSION "\n"

typedef struct _Options Options;

typedef struct {
  const char *name;
  const char *input;   /* its argument */
  const char *options; /* its specific options, separated by spaces */
  gboolean (*draw) (const TrainingPlot *plot, const Options *options, GError **error);
} Kind;

struct _Options {
  char *output, *title, *size, *model, *protocol, *condition, *features, *audio_root;
  double scale, max_frequency;
  gboolean windows, log_frequency, quiet, version;
  char **arguments;
  const Kind *kind;
  const char *input;
};

static gboolean
draw_waveform (const TrainingPlot *plot, const Options *options, GError **error)
{
  return training_plot_waveform (plot, options->input, error);
}

static gboolean
draw_spectrogram (const TrainingPlot *plot, const Options *options, GError **error)
{
  return training_plot_spectrogram (plot, options->input, options->max_frequency,
                                    options->log_frequency, error);
}

static gboolean
draw_mel (const TrainingPlot *plot, const Options *options, GError **error)
{
  return training_plot_mel (plot, options->input, options->max_frequency, error);
}

static gboolean
draw_timeline (const TrainingPlot *plot, const Options *options, GError **error)
{
  return training_plot_timeline (plot, options->input, options->model, error);
}

static gboolean
draw_figures (const TrainingPlot *plot, const Options *options, GError **error)
{
  TrainingFiguresFile *file = training_figures_file_open (
      options->input, options->condition ? options->condition : options->protocol, options->windows,
      error);
  gboolean ok = file != NULL;
  if (ok && strcmp (options->kind->name, "confusion") == 0)
    ok = training_plot_confusion (plot, file, error);
  else if (ok && strcmp (options->kind->name, "reliability") == 0)
    ok = training_plot_reliability (plot, file, error);
  else if (ok)
    ok = training_plot_speakers (plot, file, error);
  training_figures_file_free (file);
  return ok;
}

static gboolean
draw_scatter (const TrainingPlot *plot, const Options *options, GError **error)
{
  /* The defaults of the trainer. */
  static const EmotionWindowing windowing = {3000000000, 1000000000, 1000000000};
  const char *name = options->features ? options->features : "speech-1";
  const EmotionFeatureSet *features = emotion_feature_set_find (name);
  if (!features) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--features %s: unknown feature set; use one of speech-1, speech-2, descriptors-1",
                 name);
    return FALSE;
  }
  TrainingDataset *data = NULL;
  TrainingCorpus *corpus =
      training_corpus_read (options->input, options->audio_root, NULL, NULL, error);
  if (corpus) {
    training_corpus_find_files (corpus, "emotion-plot");
    training_rejects_print (corpus->rejects, "emotion-plot", FALSE, NULL);
    data = training_dataset_extract (
        corpus, &(TrainingExtraction){features, windowing, .progress = !options->quiet}, error);
  }
  if (data)
    training_rejects_print (data->rejects, "emotion-plot", FALSE, NULL);
  const gboolean ok =
      data && training_rejects_check (data->rejects, data->labels, data->n_source_clips, error) &&
      training_plot_scatter (plot, data, error);
  training_dataset_free (data);
  training_corpus_free (corpus);
  return ok;
}

static const Kind kinds[] = {
    {"waveform", "an audio FILE", " ", draw_waveform},
    {"spectrogram", "an audio FILE", " max-frequency log-frequency ", draw_spectrogram},
    {"mel", "an audio FILE", " max-frequency ", draw_mel},
    {"timeline", "an audio FILE", " model ", draw_timeline},
    {"confusion", "a METRICS.json", " protocol condition windows ", draw_figures},
    {"reliability", "a METRICS.json", " protocol condition windows ", draw_figures},
    {"speakers", "a METRICS.json", " protocol condition ", draw_figures},
    {"scatter", "a METADATA.csv", " features audio-root quiet ", draw_scatter},
};

static const char summary[] =
    "Draws a plot of KIND as PNG, SVG or PDF, by the extension of the file given with -o.\n\n"
    "  waveform FILE             amplitude over time of an audio file\n"
    "  spectrogram FILE          level over time and frequency\n"
    "  mel FILE                  level over time and mel frequency\n"
    "  timeline FILE             scores and predictions of emotiondetect over time\n"
    "  confusion METRICS.json    confusion matrix, from the metrics of emotion-train or the\n"
    "                            JSON of emotion-evaluate\n"
    "  reliability METRICS.json  accuracy against confidence\n"
    "  speakers METRICS.json     recall of each speaker\n"
    "  scatter METADATA.csv      principal components of the features, by label";

G_GNUC_PRINTF (2, 3)
static gboolean
bad_value (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  g_free (text);
  return FALSE;
}

static gboolean
find_kind (Options *options, GError **error)
{
  const guint n = options->arguments ? g_strv_length (options->arguments) : 0;
  if (n == 0)
    return bad_value (error, "no KIND of plot given; see emotion-plot --help");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (options->arguments[0], kinds[i].name) == 0)
      options->kind = &kinds[i];
  if (!options->kind)
    return bad_value (error,
                      "'%s' is not a kind of plot; use one of waveform, spectrogram, mel, "
                      "timeline, confusion, reliability, speakers, scatter",
                      options->arguments[0]);
  if (n != 2)
    return bad_value (error, "%s takes exactly one input, %s", options->kind->name,
                      options->kind->input);
  options->input = options->arguments[1];
  return TRUE;
}

/* Rejects options of another kind of plot. */
static gboolean
check_own_options (const Options *options, GError **error)
{
  const struct {
    gboolean given;
    const char *name;
  } own[] = {{options->model != NULL, "model"},
             {options->protocol != NULL, "protocol"},
             {options->condition != NULL, "condition"},
             {options->log_frequency, "log-frequency"},
             {options->windows, "windows"},
             {options->features != NULL, "features"},
             {options->audio_root != NULL, "audio-root"},
             {options->quiet, "quiet"},
             {options->max_frequency != 0, "max-frequency"}};
  for (guint i = 0; i < G_N_ELEMENTS (own); i++) {
    char *word = g_strdup_printf (" %s ", own[i].name);
    const gboolean wrong = own[i].given && !strstr (options->kind->options, word);
    g_free (word);
    if (wrong)
      return bad_value (error, "--%s does not apply to %s", own[i].name, options->kind->name);
  }
  return TRUE;
}

static gboolean
check_options (Options *options, TrainingPlot *plot, GError **error)
{
  char end;
  if (!find_kind (options, error) || !check_own_options (options, error))
    return FALSE;
  if (options->protocol && options->condition)
    return bad_value (error, "--protocol is for the metrics of emotion-train, --condition for the "
                             "JSON of emotion-evaluate: use only one of them");
  if (!options->output)
    return bad_value (error, "no output file: use -o FILE.png, FILE.svg or FILE.pdf");
  training_plot_init (plot, options->output);
  plot->title = options->title;
  plot->scale = options->scale;
  if (options->size && sscanf (options->size, "%5ux%5u%c", &plot->width, &plot->height, &end) != 2)
    return bad_value (error, "--size %s: must be WIDTHxHEIGHT, for example 1000x600",
                      options->size);
  return training_plot_check (plot, error);
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, TrainingPlot *plot, GError **error)
{
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "File to write",
       "FILE.png|FILE.svg|FILE.pdf"},
      {"title", 0, 0, G_OPTION_ARG_STRING, &options->title, "Title instead of the default one",
       "TEXT"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &options->size, "Size in px (default: 1000x600)",
       "WIDTHxHEIGHT"},
      {"scale", 0, 0, G_OPTION_ARG_DOUBLE, &options->scale,
       "PNG pixels per px, 1 to 10, for example 3 for print (default: 1)", "N"},
      {"max-frequency", 0, 0, G_OPTION_ARG_DOUBLE, &options->max_frequency,
       "spectrogram, mel: highest frequency (default: 8000, or half of the sample rate)", "HZ"},
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options->model,
       "timeline: model file (default: the default model of emotiondetect)", "FILE"},
      {"protocol", 0, 0, G_OPTION_ARG_STRING, &options->protocol,
       "confusion, reliability, speakers: strict (default; speaker-independent, each clip alone), "
       "adaptive (speaker-adapted), random (speaker-dependent control) or test (hold-out)",
       "NAME"},
      {"condition", 0, 0, G_OPTION_ARG_STRING, &options->condition,
       "confusion, reliability, speakers: condition in the JSON of emotion-evaluate, as named in "
       "its table (default: the first)",
       "NAME"},
      {"log-frequency", 0, 0, G_OPTION_ARG_NONE, &options->log_frequency,
       "spectrogram: logarithmic frequency axis, from 50 Hz", NULL},
      {"windows", 0, 0, G_OPTION_ARG_NONE, &options->windows,
       "confusion, reliability: figures of windows instead of clips", NULL},
      {"features", 0, 0, G_OPTION_ARG_STRING, &options->features,
       "scatter: feature set (default: speech-1)", "NAME"},
      {"audio-root", 0, 0, G_OPTION_ARG_FILENAME, &options->audio_root,
       "scatter: base folder of the paths in the metadata (default: the folder of the metadata)",
       "DIR"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "scatter: do not print progress", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->arguments, NULL,
       "KIND INPUT"},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  const gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, plot, error));
}

/* Checks that the plot can be written before the work. */
static gboolean
draw (const TrainingPlot *plot, const Options *options, GError **error)
{
  const char *const inputs[] = {options->input, options->model, NULL};
  return training_output_check_option ("--output", options->output, inputs, error) &&
         options->kind->draw (plot, options, error);
}

int
main (int argc, char **argv)
{
  Options options = {.scale = 1};
  TrainingPlot plot;
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* file names in messages */
  /* The dataset uses threads; threads inside matrix products would only change rounding. */
  openblas_set_num_threads (1);
  if (!parse_options (&argc, &argv, &options, &plot, &error) ||
      !(options.version ? training_output_save (NULL, VERSION, strlen (VERSION), &error)
                        : draw (&plot, &options, &error))) {
    g_printerr ("emotion-plot: %s\n", error->message);
    status = training_exit_status (error);
    g_error_free (error);
  }
  g_free (options.output);
  g_free (options.title);
  g_free (options.size);
  g_free (options.model);
  g_free (options.protocol);
  g_free (options.condition);
  g_free (options.features);
  g_free (options.audio_root);
  g_strfreev (options.arguments);
  return status;
}
