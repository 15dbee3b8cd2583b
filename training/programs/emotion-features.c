/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-features: exports feature vectors of audio files as tables, and the series behind
 * them. */
#include <errno.h>
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/emotion.h"
#include "core/features/feature-csv.h"
#include "media/play.h"
#include "training/audio/decode.h"
#include "training/audio/extract.h"
#include "training/audio/log-mel.h"
#include "training/base/error.h"
#include "training/base/matrix-file.h"
#include "training/base/options.h"
#include "training/data/inputs.h"
#include "training/data/rejects.h"
#include "training/data/sources.h"
#include "training/reports/feature-writer.h"

#define VERSION "emotion-features " EMOTION_VERSION "\n"
#define UNSET (-G_MAXDOUBLE) /* an option in seconds that was not given */
#define MAX_WIDTH 100000     /* frames, almost an hour */
#define MAX_MINUTES 30       /* of a file processed as one window: 65 MB of series per minute */

typedef struct {
  char *features_name, *format_name, *frames, *output;
  TrainingSources sources;
  double window, interval, min_window; /* s */
  gint width;                          /* frames */
  gboolean log_mel, list, version;
  char **files;
  TrainingFeatureFormat format;
  const EmotionFeatureSet *features;
  gboolean whole; /* one row per file */
  EmotionWindowing windowing;
} Options;

typedef struct {
  const Options *options;
  TrainingFeatureTable table;
  TrainingFeatureWriter *writer;
  float *array; /* of a log-mel spectrogram */
  guint n_failed, n_rows;
  gboolean stopped; /* the output cannot be written */
  /* The current file: */
  const TrainingInput *input;
  guint rate;
  TrainingExtract extract; /* its windows, kept until its end */
  GArray *windows;         /* EmotionWindow; their vectors are not set */
  GArray *vectors;         /* float, one vector per window */
  TrainingLogMel *log_mel;
  const char *folder;  /* for its series, or NULL */
  GHashTable *folders; /* char *, the folders of all files so far */
  GError *error;       /* from writing series */
} Session;

static gboolean
seconds_to_ns (const char *option, double seconds, guint64 *ns, GError **error)
{
  if (!(seconds >= 0 && seconds <= 3600))
    return training_bad_option (error, "--%s %g: must be from 0 to 3600 seconds", option, seconds);
  *ns = (guint64)llround (seconds * 1e9);
  return TRUE;
}

/* Files are processed as one window if the set's windows are clips, unless windows are
 * requested. */
static gboolean
check_windowing (Options *options, GError **error)
{
  const gboolean windows =
      options->window != UNSET || options->interval != UNSET || options->min_window != UNSET;
  options->whole = options->features->needs_samples && !windows;
  if (options->log_mel && windows)
    return training_bad_option (
        error,
        "--log-mel is computed for whole files; remove --window, --interval and --min-window");
  if (options->width < 1 || options->width > MAX_WIDTH)
    return training_bad_option (error, "--width %d: must be from 1 to %d frames", options->width,
                                MAX_WIDTH);
  if (options->frames && !options->features->get_matrix)
    return training_bad_option (
        error, "--frames %s: the feature set %s has no descriptors of frames to write",
        options->frames, options->features->name);
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

/* The format from the option, or from the suffix of the output. */
static gboolean
check_format (Options *options, GError **error)
{
  static const char *const names[] = {"csv", "arff", "libsvm", "npy"};
  const char *ending = options->output ? strrchr (options->output, '.') : NULL;
  options->format = options->log_mel ? TRAINING_FEATURES_NPY : TRAINING_FEATURES_CSV;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (!options->format_name && ending && g_ascii_strcasecmp (ending + 1, names[i]) == 0)
      options->format = i;
    if (g_strcmp0 (options->format_name, names[i]) == 0) {
      options->format = i;
      break;
    }
    if (options->format_name && i + 1 == G_N_ELEMENTS (names))
      return training_bad_option (error, "--format %s: use one of csv, arff, libsvm, npy",
                                  options->format_name);
  }
  if (options->log_mel && options->format != TRAINING_FEATURES_NPY)
    return training_bad_option (
        error, "--log-mel is written as npy; use --output FILE.npy without --format");
  if (options->format == TRAINING_FEATURES_NPY && g_strcmp0 (ending, ".npy") != 0)
    return training_bad_option (error, "%s needs an output file; use --output FILE.npy",
                                options->log_mel ? "--log-mel" : "--format npy");
  return TRUE;
}

static gboolean
check_options (Options *options, GError **error)
{
  const char *features_name = options->features_name ? options->features_name
                              : options->log_mel     ? TRAINING_LOG_MEL_FEATURES
                                                     : "speech-1";
  options->features = emotion_feature_set_find (features_name);
  if (!options->features)
    return training_bad_option (
        error, "--features %s: unknown feature set; use one of speech-2, speech-1, descriptors-1",
        features_name);
  if (options->log_mel && strcmp (features_name, TRAINING_LOG_MEL_FEATURES) != 0)
    return training_bad_option (
        error, "--log-mel cannot be combined with --features %s; remove one of them",
        features_name);
  const TrainingSources *sources = &options->sources;
  const gboolean labelled = sources->metadata || sources->audio_roots || sources->names ||
                            sources->path_column || sources->label_column ||
                            sources->group_column || sources->label_map;
  if (labelled && !training_sources_check (sources, error))
    return FALSE;
  if (labelled && options->files)
    return training_bad_option (error, "--metadata already names the files; remove %s",
                                options->files[0]);
  if (!options->list && !options->files && !labelled)
    return training_bad_option (error, "no FILE given; see emotion-features --help");
  return check_format (options, error) && check_windowing (options, error);
}

static void
add_entries (GOptionContext *context, Options *options)
{
  const GOptionEntry entries[] = {
      {"features", 0, 0, G_OPTION_ARG_STRING, &options->features_name,
       "Feature set: speech-1 (default), speech-2 or descriptors-1", "NAME"},
      {"window", 0, 0, G_OPTION_ARG_DOUBLE, &options->window, "Window length (default: 3)",
       "SECONDS"},
      {"interval", 0, 0, G_OPTION_ARG_DOUBLE, &options->interval,
       "Time from one window start to the next (default: 1)", "SECONDS"},
      {"min-window", 0, 0, G_OPTION_ARG_DOUBLE, &options->min_window,
       "Minimum length of a partial window at the start; the window length for none (default: 1)",
       "SECONDS"},
      {"format", 0, 0, G_OPTION_ARG_STRING, &options->format_name,
       "csv, arff, libsvm or npy (default: by the extension of the output, otherwise csv)", "NAME"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
       "File for the table (default: -, the standard output)", "FILE"},
      {"log-mel", 0, 0, G_OPTION_ARG_NONE, &options->log_mel,
       "Write log-mel spectrograms in [0, 1] as an array of files x 128 x width", NULL},
      {"width", 0, 0, G_OPTION_ARG_INT, &options->width,
       "Number of frames of 32 ms to cut or zero-pad the spectrograms to (default: 143)", "FRAMES"},
      {"frames", 0, 0, G_OPTION_ARG_FILENAME, &options->frames,
       "Also write the descriptors of each frame of the whole file to DIR/NAME/SERIES.csv and "
       ".npy; NAME is the path of the file without its extension (without folders if absolute)",
       "DIR"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &options->list,
       "Print the features and their units, and exit", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "[FILE...]"},
      G_OPTION_ENTRY_NULL};
  g_option_context_add_main_entries (context, entries, NULL);
  training_sources_add_options (&options->sources, context);
  g_option_context_add_group (context, gst_init_get_option_group ());
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context,
      "Writes one row per window of each audio FILE that GStreamer can decode: file, label\n"
      "and speaker (with --metadata), start and duration in seconds, then the features as\n"
      "emotiondetect computes them. FILE may be a URI, a folder (all audio and video files\n"
      "in it), or - for the standard input. descriptors-1 writes one row per file, without\n"
      "start and duration, unless --window, --interval or --min-window is given.");
  add_entries (context, options);
  const gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, error));
}

static gboolean
save_list (const EmotionFeatureSet *features, const char *path, GError **error)
{
  GString *list = g_string_new ("name,unit\n");
  for (guint i = 0; i < features->n_features; i++) {
    GString *name = g_string_new (NULL);
    const char *unit;
    features->describe (i, name, &unit);
    emotion_feature_csv_put_text (list, name->str);
    g_string_append_c (list, ',');
    emotion_feature_csv_put_text (list, unit);
    g_string_append_c (list, '\n');
    g_string_free (name, TRUE);
  }
  const gboolean saved = training_output_save (path, list->str, list->len, error);
  g_string_free (list, TRUE);
  return saved;
}

static void
add_row (Session *session, const EmotionWindow *window, const float *vector)
{
  const TrainingFeatureRow row = {.file = session->input->name,
                                  .label = session->input->label,
                                  .speaker = session->input->speaker,
                                  .start = (double)window->start / session->rate,
                                  .duration = (double)window->length / session->rate,
                                  .vector = vector};
  session->n_rows++;
  session->stopped = !training_feature_writer_add (session->writer, &row);
}

static void
keep_window (const EmotionWindow *window, gpointer data)
{
  Session *session = data;
  g_array_append_vals (session->windows, window, 1);
  g_array_append_vals (session->vectors, window->vector, session->table.n_features);
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

/* Processes a whole file: writes its series, and its row if it is one window. */
static void
take_clip (const EmotionWindow *window, const EmotionExtractor *extractor, gpointer data)
{
  Session *session = data;
  EmotionMatrix matrix;
  for (guint i = 0; session->folder && emotion_extractor_get_matrix (extractor, i, &matrix); i++)
    if (!write_matrix (&matrix, session->folder, &session->error))
      return;
  if (session->options->whole && !session->options->log_mel)
    add_row (session, window, window->vector);
}

/* The path of a file's series below `parent`: a name of its own, always relative. */
static char *
name_folder (const char *file, const char *parent)
{
  char *scheme = g_uri_parse_scheme (file);
  const gboolean inside = !scheme && !g_path_is_absolute (file) && !strstr (file, "..");
  char *name = inside ? g_strdup (file) : g_path_get_basename (file);
  char *ending = strrchr (name, '.');
  if (ending && ending != name && !strchr (ending, G_DIR_SEPARATOR))
    *ending = '\0';
  char *folder = g_build_filename (parent, name, NULL);
  g_free (name);
  g_free (scheme);
  return folder;
}

/* Creates a folder for the series of the input; NULL with an error. */
static char *
make_folder (Session *session, const char *file, GError **error)
{
  char *folder = name_folder (file, session->options->frames);
  if (g_hash_table_contains (session->folders, folder))
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT,
                 "%s: the folder %s already has the descriptors of another file; use relative "
                 "paths, or rename the file",
                 file, folder);
  else if (g_mkdir_with_parents (folder, 0777) != 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "%s: cannot create the folder %s: %s", file, folder, g_strerror (errno));
  else
    g_hash_table_add (session->folders, g_strdup (folder));
  if (*error)
    g_clear_pointer (&folder, g_free);
  return folder;
}

/* Processes a file block by block. */
static gboolean
take_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Session *session = data;
  const Options *options = session->options;
  session->rate = block->rate;
  if (!options->log_mel)
    return options->whole || training_extract_block (&session->extract, block, error);
  if (!session->log_mel)
    session->log_mel = training_log_mel_new (block, (guint)options->width, error);
  if (!session->log_mel)
    return FALSE;
  training_log_mel_add (session->log_mel, block);
  return TRUE;
}

/* Processes a file that must be in memory as a whole. */
static gboolean
take_held (Session *session, const TrainingAudio *audio, GError **error)
{
  session->rate = audio->rate;
  if (!training_extract_clip (audio, session->options->features, take_clip, session, error))
    return FALSE;
  if (session->error) {
    g_propagate_error (error, g_steal_pointer (&session->error));
    return FALSE;
  }
  return take_block (audio, session, error);
}

static gboolean
take_whole (Session *session, const char *path, GError **error)
{
  TrainingAudio audio;
  if (!training_decode_minutes (path, MAX_MINUTES, &audio, error)) {
    if (g_error_matches (*error, TRAINING_ERROR, TRAINING_ERROR_LENGTH) &&
        !session->options->frames) {
      char *text = g_strconcat ((*error)->message, ", or use --window", NULL);
      g_free ((*error)->message);
      (*error)->message = text;
    }
    return FALSE;
  }
  char *folder =
      session->options->frames ? make_folder (session, session->input->name, error) : NULL;
  gboolean ok = folder || !session->options->frames;
  session->folder = folder;
  if (ok && !(ok = take_held (session, &audio, error)))
    g_prefix_error (error, "%s: ", media_play_name (session->input->name));
  training_audio_clear (&audio);
  g_free (folder);
  return ok;
}

/* Writes the rows of a file that was decoded to its end. */
static void
add_rows (Session *session)
{
  for (guint i = 0; i < session->windows->len && !session->stopped; i++)
    add_row (session, &g_array_index (session->windows, EmotionWindow, i),
             &g_array_index (session->vectors, float, (gsize)i * session->table.n_features));
  if (session->log_mel) {
    training_log_mel_finish (session->log_mel, session->array);
    add_row (session, &(EmotionWindow){0}, session->array);
  }
}

static gboolean
take_input (Session *session, const TrainingInput *input, GError **error)
{
  const Options *options = session->options;
  const guint n_before = session->n_rows;
  session->input = input;
  session->extract = (TrainingExtract){.features = options->features,
                                       .windowing = &options->windowing,
                                       .func = keep_window,
                                       .data = session};
  gboolean done = options->frames || (options->whole && !options->log_mel)
                      ? take_whole (session, input->path, error)
                      : training_decode_blocks (input->path, take_block, session, error);
  training_extract_finish (&session->extract, done);
  if (done)
    add_rows (session);
  if (done && session->n_rows == n_before) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: its %" G_GUINT64_FORMAT " frames are too short for a window",
                 media_play_name (input->name), session->extract.n_frames);
    done = FALSE;
  }
  g_array_set_size (session->windows, 0);
  g_array_set_size (session->vectors, 0);
  g_clear_pointer (&session->log_mel, training_log_mel_free);
  return done;
}

static void
fail (Session *session, const char *message)
{
  g_printerr ("emotion-features: %s\n", message);
  session->n_failed++;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The distinct values of all inputs at that offset, sorted and NULL-terminated; NULL if the first
 * input has none. Free with g_free(). */
static const char **
gather_names (const GPtrArray *inputs, gsize offset)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n;
  for (guint i = 0; i < inputs->len; i++) {
    const char *name = G_STRUCT_MEMBER (const char *, inputs->pdata[i], offset);
    if (name)
      g_hash_table_add (seen, (gpointer)name);
  }
  const char **names = (const char **)g_hash_table_get_keys_as_array (seen, &n);
  g_hash_table_unref (seen);
  qsort (names, n, sizeof *names, compare_names);
  if (n == 0)
    g_clear_pointer (&names, g_free);
  return names;
}

static void
print_labels (const char *const *labels)
{
  g_printerr ("emotion-features: labels:");
  for (guint i = 0; labels[i]; i++)
    g_printerr ("%s %u %s", i ? "," : "", i, labels[i]);
  g_printerr ("\n");
}

static gboolean
take_inputs (Session *session, const GPtrArray *inputs, GError **error)
{
  const Options *options = session->options;
  session->writer =
      training_feature_writer_new (options->format, &session->table, options->output, error);
  if (!session->writer)
    return FALSE;
  if (options->format == TRAINING_FEATURES_LIBSVM && session->table.labels)
    print_labels (session->table.labels);
  for (guint i = 0; i < inputs->len && !session->stopped; i++) {
    GError *cause = NULL;
    if (take_input (session, inputs->pdata[i], &cause))
      continue;
    fail (session, cause->message);
    g_error_free (cause);
  }
  if (session->n_rows > 0)
    return training_feature_writer_close (session->writer, error);
  training_feature_writer_discard (session->writer); /* every file failed, which was reported */
  return TRUE;
}

/* Processes the inputs of `corpus` or, if that is NULL, of the arguments. */
static gboolean
write_table (const Options *options, const TrainingCorpus *corpus, GError **error)
{
  Session session = {.options = options,
                     .windows = g_array_new (FALSE, FALSE, sizeof (EmotionWindow)),
                     .vectors = g_array_new (FALSE, FALSE, sizeof (float)),
                     .folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};
  GPtrArray *rejects = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; corpus && i < corpus->rejects->len; i++)
    g_ptr_array_add (rejects, g_strdup (((TrainingReject *)corpus->rejects->pdata[i])->text));
  GPtrArray *inputs = corpus ? training_inputs_from_corpus (corpus)
                             : training_inputs_from_arguments (options->files, rejects);
  const guint n = inputs->len + rejects->len;
  for (guint i = 0; i < rejects->len; i++)
    fail (&session, rejects->pdata[i]);
  char **names = emotion_feature_set_names (options->features);
  const char **labels = gather_names (inputs, G_STRUCT_OFFSET (TrainingInput, label));
  const char **speakers = gather_names (inputs, G_STRUCT_OFFSET (TrainingInput, speaker));
  session.table = (TrainingFeatureTable){.relation = options->features->name,
                                         .names = (const char *const *)names,
                                         .n_features = options->features->n_features,
                                         .times = !options->whole,
                                         .labels = labels,
                                         .speakers = speakers};
  if (options->log_mel) {
    session.table.n_columns = (guint)options->width;
    session.table.n_features = TRAINING_LOG_MEL_BANDS * session.table.n_columns;
    session.array = g_new (float, session.table.n_features);
  }
  gboolean ok = take_inputs (&session, inputs, error);
  if (ok && session.n_failed > 0) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%u of %u file(s) failed",
                 session.n_failed, n);
    ok = FALSE;
  }
  g_hash_table_unref (session.folders);
  g_array_unref (session.windows);
  g_array_unref (session.vectors);
  g_free (session.array);
  g_free (labels);
  g_free (speakers);
  g_strfreev (names);
  g_ptr_array_unref (inputs);
  g_ptr_array_unref (rejects);
  return ok;
}

/* Checks the options before the work. */
static gboolean
check_outputs (const Options *options, GError **error)
{
  char *const *lists[] = {options->files, options->sources.metadata,
                          (char *const[]){options->sources.label_map, NULL}};
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (lists[i] && !training_output_check_option ("--output", options->output,
                                                   (const char *const *)lists[i], error))
      return FALSE;
  return !options->frames || training_output_prepare_folder ("--frames", options->frames, error);
}

static gboolean
run (const Options *options, GError **error)
{
  if (options->version)
    return training_output_save (NULL, VERSION, strlen (VERSION), error);
  if (!check_outputs (options, error))
    return FALSE;
  if (options->list)
    return save_list (options->features, options->output, error);
  if (!options->sources.metadata)
    return write_table (options, NULL, error);
  TrainingCorpus *corpus = training_sources_read (&options->sources, "emotion-features", error);
  const gboolean ok = corpus && write_table (options, corpus, error);
  training_corpus_free (corpus);
  return ok;
}

int
main (int argc, char **argv)
{
  Options options = {
      .window = UNSET, .interval = UNSET, .min_window = UNSET, .width = TRAINING_LOG_MEL_WIDTH};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* file names in messages; numbers stay in the C locale */
  if (!parse_options (&argc, &argv, &options, &error) || !run (&options, &error)) {
    g_printerr ("emotion-features: %s\n", error->message);
    status = training_exit_status (error);
    g_error_free (error);
  }
  char *texts[] = {options.features_name, options.format_name, options.frames, options.output};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  training_sources_clear (&options.sources);
  g_strfreev (options.files);
  return status;
}
