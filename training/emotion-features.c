/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-features: the feature vectors of audio files as CSV. */
#include <csv.h>
#include <errno.h>
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "extract.h"

typedef struct {
  char *features_name, *format;
  double window, interval, min_window; /* s */
  gboolean list, version;
  char **files;
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
} Options;

/* Where the rows of one file come from. */
typedef struct {
  const char *file;
  guint rate, n_features;
} Source;

static gboolean
seconds_to_ns (const char *option, double seconds, guint64 *ns, GError **error)
{
  if (!(seconds >= 0 && seconds <= 3600)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--%s %g: give seconds from 0 to 3600", option, seconds);
    return FALSE;
  }
  *ns = (guint64)llround (seconds * 1e9);
  return TRUE;
}

static gboolean
check_options (Options *options, GError **error)
{
  const char *features_name = options->features_name ? options->features_name : "speech-1";
  options->features = emotion_feature_set_find (features_name);
  if (!options->features) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--features %s: no feature set of that name; try speech-1", features_name);
    return FALSE;
  }
  if (options->format && strcmp (options->format, "csv") != 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--format %s: no such format; there is csv", options->format);
    return FALSE;
  }
  if (!options->list && !options->files) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "no FILE given; see emotion-features --help");
    return FALSE;
  }
  return seconds_to_ns ("window", options->window, &options->windowing.window, error) &&
         seconds_to_ns ("interval", options->interval, &options->windowing.interval, error) &&
         seconds_to_ns ("min-window", options->min_window, &options->windowing.min_window, error) &&
         emotion_windowing_check (&options->windowing, error);
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"features", 0, 0, G_OPTION_ARG_STRING, &options->features_name,
       "Feature set (default: speech-1)", "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &options->window, "Length of a window (default: 3)",
       "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &options->interval,
       "From one window's start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &options->min_window,
       "Shortest partial window at the start; as long as the window for none (default: 1)",
       "SECONDS"},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "Output format (default: csv)",
       "csv"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &options->list,
       "Print the features and their units, and exit", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "FILE..."},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context, "Prints one CSV row per window of each audio FILE that GStreamer can decode: file,\n"
               "start and duration in seconds, then the features, as emotiondetect computes them.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  const gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, error));
}

/* One field of a row, quoted where CSV wants it. */
static void
print_text (const char *text)
{
  if (strpbrk (text, ",\"\r\n"))
    csv_fwrite (stdout, text, strlen (text));
  else
    fputs (text, stdout);
}

static void
print_number (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  putchar (',');
  fputs (g_ascii_formatd (text, sizeof text, "%.9g", number), stdout);
}

static void
print_list (const EmotionFeatureSet *features)
{
  puts ("name,unit");
  for (guint i = 0; i < features->n_features; i++) {
    GString *name = g_string_new (NULL);
    const char *unit;
    features->describe (i, name, &unit);
    print_text (name->str);
    putchar (',');
    print_text (unit);
    putchar ('\n');
    g_string_free (name, TRUE);
  }
}

static void
print_header (const EmotionFeatureSet *features)
{
  char **names = emotion_feature_set_names (features);
  fputs ("file,start,duration", stdout);
  for (guint i = 0; i < features->n_features; i++) {
    putchar (',');
    print_text (names[i]);
  }
  putchar ('\n');
  g_strfreev (names);
}

static void
print_window (const EmotionWindow *window, gpointer data)
{
  const Source *source = data;
  print_text (source->file);
  print_number ((double)window->start / source->rate);
  print_number ((double)window->length / source->rate);
  for (guint i = 0; i < source->n_features; i++)
    print_number (window->vector[i]);
  putchar ('\n');
}

static gboolean
print_file (const char *file, const Options *options, GError **error)
{
  TrainingAudio audio;
  if (!training_decode (file, &audio, error))
    return FALSE;
  Source source = {.file = file, .rate = audio.rate, .n_features = options->features->n_features};
  const gboolean extracted = training_extract (&audio, options->features, &options->windowing,
                                               print_window, &source, error);
  if (!extracted)
    g_prefix_error (error, "%s: ", file);
  training_audio_clear (&audio);
  return extracted;
}

/* The number of files that failed. */
static guint
print_files (const Options *options)
{
  guint n_failed = 0;
  print_header (options->features);
  for (char **file = options->files; *file; file++) {
    GError *error = NULL;
    if (print_file (*file, options, &error))
      continue;
    g_printerr ("emotion-features: %s\n", error->message);
    g_error_free (error);
    n_failed++;
  }
  return n_failed;
}

int
main (int argc, char **argv)
{
  Options options = {.window = 3, .interval = 1, .min_window = 1};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* names in messages; numbers stay those of the C locale */
  if (!parse_options (&argc, &argv, &options, &error)) {
    g_printerr ("emotion-features: %s\n", error->message);
    g_error_free (error);
    status = EXIT_FAILURE;
  } else if (options.version) {
    puts ("emotion-features " EMOTION_VERSION);
  } else if (options.list) {
    print_list (options.features);
  } else if (print_files (&options) > 0) {
    status = EXIT_FAILURE;
  }
  if (fflush (stdout) != 0 || ferror (stdout)) {
    g_printerr ("emotion-features: cannot write the output: %s\n", g_strerror (errno));
    status = EXIT_FAILURE;
  }
  g_strfreev (options.files);
  g_free (options.features_name);
  g_free (options.format);
  return status;
}
