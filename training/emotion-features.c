/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-features: the feature vectors of audio files as CSV, and the series behind them. */
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
#include "matrix-file.h"

#define UNSET (-G_MAXDOUBLE) /* of an option in seconds: not given */

typedef struct {
  char *features_name, *format, *frames;
  double window, interval, min_window; /* s */
  gboolean list, version;
  char **files;
  const EmotionFeatureSet *features;
  gboolean whole; /* one row per file */
  EmotionWindowing windowing;
} Options;

/* Where the rows of one file come from. */
typedef struct {
  const char *file;
  const Options *options;
  guint rate;
  const char *folder; /* for its series, or NULL */
  GError *error;      /* of writing these */
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

/* Files are taken whole where the set's windows are clips, unless windows are asked for. */
static gboolean
check_windowing (Options *options, GError **error)
{
  const gboolean windows =
      options->window != UNSET || options->interval != UNSET || options->min_window != UNSET;
  options->whole = options->features->needs_samples && !windows;
  if (options->frames && !options->features->get_matrix) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--frames %s: %s has no series to write; try --features descriptors-1",
                 options->frames, options->features->name);
    return FALSE;
  }
  if (options->frames && !options->whole) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--frames %s: series are of whole files; leave out --window, --interval and "
                 "--min-window",
                 options->frames);
    return FALSE;
  }
  if (options->window == UNSET)
    options->window = 3;
  if (options->interval == UNSET)
    options->interval = 1;
  if (options->min_window == UNSET)
    options->min_window = 1;
  return seconds_to_ns ("window", options->window, &options->windowing.window, error) &&
         seconds_to_ns ("interval", options->interval, &options->windowing.interval, error) &&
         seconds_to_ns ("min-window", options->min_window, &options->windowing.min_window, error) &&
         emotion_windowing_check (&options->windowing, error);
}

static gboolean
check_options (Options *options, GError **error)
{
  const char *features_name = options->features_name ? options->features_name : "speech-1";
  options->features = emotion_feature_set_find (features_name);
  if (!options->features) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--features %s: no feature set of that name; try speech-1 or descriptors-1",
                 features_name);
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
  return check_windowing (options, error);
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"features", 0, 0, G_OPTION_ARG_STRING, &options->features_name,
       "Feature set: speech-1 (default) or descriptors-1", "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &options->window, "Length of a window (default: 3)",
       "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &options->interval,
       "From one window's start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &options->min_window,
       "Shortest partial window at the start; as long as the window for none (default: 1)",
       "SECONDS"},
      {"frames", 0, 0, G_OPTION_ARG_FILENAME, &options->frames,
       "Write the series behind each vector to DIR/NAME/SERIES.csv and .npy, NAME being the file's "
       "without folder and ending (descriptors-1)",
       "DIR"},
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
               "start and duration in seconds, then the features, as emotiondetect computes them.\n"
               "descriptors-1 takes each file as one window, unless one of --window, --interval\n"
               "and --min-window is given, and prints no start and duration of it.");
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
print_header (const Options *options)
{
  char **names = emotion_feature_set_names (options->features);
  fputs (options->whole ? "file" : "file,start,duration", stdout);
  for (guint i = 0; i < options->features->n_features; i++) {
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
  if (!source->options->whole) {
    print_number ((double)window->start / source->rate);
    print_number ((double)window->length / source->rate);
  }
  for (guint i = 0; i < source->options->features->n_features; i++)
    print_number (window->vector[i]);
  putchar ('\n');
}

static gboolean
write_matrix (const EmotionMatrix *matrix, const char *folder, GError **error)
{
  char *csv = g_strdup_printf ("%s%c%s.csv", folder, G_DIR_SEPARATOR, matrix->name);
  char *npy = g_strdup_printf ("%s%c%s.npy", folder, G_DIR_SEPARATOR, matrix->name);
  const gboolean written = training_matrix_write_csv (matrix, csv, error) &&
                           training_matrix_write_npy (matrix, npy, error);
  g_free (csv);
  g_free (npy);
  return written;
}

static void
print_clip (const EmotionWindow *window, const EmotionExtractor *extractor, gpointer data)
{
  Source *source = data;
  EmotionMatrix matrix;
  for (guint i = 0; source->folder && emotion_extractor_get_matrix (extractor, i, &matrix); i++)
    if (!write_matrix (&matrix, source->folder, &source->error))
      return;
  print_window (window, data);
}

/* A new folder for the series of `file`, or NULL with an error. */
static char *
make_folder (const char *file, const char *parent, GError **error)
{
  char *name = g_path_get_basename (file), *ending = strrchr (name, '.');
  if (ending && ending != name)
    *ending = '\0';
  char *folder = g_build_filename (parent, name, NULL);
  g_free (name);
  if (g_mkdir_with_parents (folder, 0777) == 0)
    return folder;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               "%s: cannot make the folder %s: %s", file, folder, g_strerror (errno));
  g_free (folder);
  return NULL;
}

static gboolean
print_audio (const TrainingAudio *audio, Source *source, GError **error)
{
  const Options *options = source->options;
  gboolean done = options->whole
                      ? training_extract_clip (audio, options->features, print_clip, source, error)
                      : training_extract (audio, options->features, &options->windowing,
                                          print_window, source, error);
  if (source->error) {
    g_propagate_error (error, source->error);
    done = FALSE;
  }
  if (!done)
    g_prefix_error (error, "%s: ", source->file);
  return done;
}

static gboolean
print_file (const char *file, const Options *options, GError **error)
{
  TrainingAudio audio;
  char *folder = NULL;
  if (!training_decode (file, &audio, error))
    return FALSE;
  gboolean done = !options->frames || (folder = make_folder (file, options->frames, error));
  if (done) {
    Source source = {.file = file, .options = options, .rate = audio.rate, .folder = folder};
    done = print_audio (&audio, &source, error);
  }
  g_free (folder);
  training_audio_clear (&audio);
  return done;
}

/* The number of files that failed. */
static guint
print_files (const Options *options)
{
  guint n_failed = 0;
  print_header (options);
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
  Options options = {.window = UNSET, .interval = UNSET, .min_window = UNSET};
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
  g_free (options.frames);
  return status;
}
