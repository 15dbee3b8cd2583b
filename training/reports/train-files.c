/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "mistakes.h"
#include "model-card.h"
#include "plot-figures.h"
#include "predictions-file.h"
#include "train-settings.h"
#include "training/base/interrupt.h"
#include "training/base/options.h"
#include "training/base/output.h"

#define TIMING_NAME "training_timing.json"
#define MAX_FILES 4 /* maximum number of files named by options */

typedef struct {
  const char *option;
  char *path;
} File;

/* The files named by options, in the order of writing; returns their number. */
static guint
list_files (const TrainingOptions *o, File files[MAX_FILES])
{
  const File all[] = {
      {"--predictions", o->predictions}, {"--card", o->card}, {"--trials", o->trials}};
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].path)
      files[n++] = all[i];
  return n;
}

/* The input metadata and label maps, NULL-terminated; free with g_free(). */
static const char **
list_inputs (const TrainingOptions *o)
{
  char *const *const lists[] = {o->sources.metadata, o->auxiliary, o->ordinary};
  GPtrArray *inputs = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint f = 0; lists[i] && lists[i][f]; f++)
      g_ptr_array_add (inputs, lists[i][f]);
  if (o->sources.label_map)
    g_ptr_array_add (inputs, o->sources.label_map);
  g_ptr_array_add (inputs, NULL);
  return (const char **)g_ptr_array_free (inputs, FALSE);
}

static gboolean
check_file (const File *files, guint at, const char *const *inputs, GError **error)
{
  const File *file = &files[at];
  if (strcmp (file->path, "-") == 0)
    return training_bad_option (error, "%s -: give a file name", file->option);
  for (guint i = 0; i < at; i++)
    if (!g_str_has_prefix (file->path, "/dev/") &&
        training_output_is_same (file->path, files[i].path))
      return training_bad_option (error, "%s %s: %s is the same file: choose another name",
                                  file->option, file->path, files[i].option);
  return training_output_check_option (file->option, file->path, inputs, error);
}

/* Whether the files named by options and those of --output-dir, which exists, can be written, and
 * none replaces another result or an input. Creates the folders of --plots and --feature-cache. */
static gboolean
check_files (const TrainingOptions *o, GError **error)
{
  const char *const names[] = {o->model_name, o->metrics_name, TIMING_NAME};
  File files[G_N_ELEMENTS (names) + MAX_FILES] = {
      {"--pipeline-name", NULL}, {"--metrics-name", NULL}, {TIMING_NAME, NULL}};
  const char **inputs = list_inputs (o);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    files[i].path = g_build_filename (o->output_dir, names[i], NULL);
  const guint n = G_N_ELEMENTS (names) + list_files (o, files + G_N_ELEMENTS (names));
  gboolean ok = TRUE;
  for (guint i = 0; i < n && ok; i++)
    ok = check_file (files, i, inputs, error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (files[i].path);
  g_free (inputs);
  /* The log is written in place. */
  if (ok && o->trials && g_file_test (o->trials, G_FILE_TEST_EXISTS) &&
      g_access (o->trials, W_OK) != 0)
    return training_bad_option (error, "--trials %s: %s", o->trials, g_strerror (errno));
  return ok && (!o->plots || training_output_prepare_folder ("--plots", o->plots, error)) &&
         (!o->feature_cache ||
          training_output_prepare_folder ("--feature-cache", o->feature_cache, error));
}

gboolean
training_files_prepare (const TrainingOptions *o, GError **error)
{
  return training_output_prepare_folder ("--output-dir", o->output_dir, error) &&
         check_files (o, error);
}

/* Writes the files named by options, each complete or not at all; the metrics are in
 * `metrics_path`. */
static gboolean
write_chosen (const TrainingOptions *o, const TrainingResults *results, const char *metrics_path,
              GError **error)
{
  return (!o->predictions || training_predictions_write (results, o->predictions, error)) &&
         (!o->card || training_model_card_write (o, results, metrics_path, o->card, error));
}

/* The paths of the files named by options, each with a line break; free with g_free(). */
static char *
list_paths (const TrainingOptions *o)
{
  File files[MAX_FILES];
  GString *text = g_string_new (NULL);
  const guint n = list_files (o, files);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\n", files[i].path);
  return g_string_free (text, FALSE);
}

/* Plots the metrics of each available protocol. */
static gboolean
draw_plots (const TrainingOptions *o, const char *metrics_path, GError **error)
{
  static const struct {
    const char *name;
    gboolean (*draw) (const TrainingPlot *, const TrainingFiguresFile *, GError **);
    gboolean of_speakers;
  } kinds[] = {{"confusion", training_plot_confusion, FALSE},
               {"reliability", training_plot_reliability, FALSE},
               {"speakers", training_plot_speakers, TRUE}};
  static const char *const protocols[] = {"strict", "adaptive", "random"};
  gboolean ok = TRUE;
  for (guint p = 0; ok && p < G_N_ELEMENTS (protocols); p++) {
    TrainingFiguresFile *file =
        training_figures_file_open (metrics_path, protocols[p], FALSE, NULL);
    for (guint k = 0; file && ok && k < G_N_ELEMENTS (kinds); k++) {
      if (kinds[k].of_speakers && !training_json_object (file->figures, "per_speaker"))
        continue;
      char *name = g_strdup_printf ("%s-%s.png", kinds[k].name, protocols[p]);
      char *path = g_build_filename (o->plots, name, NULL);
      TrainingPlot plot;
      training_plot_init (&plot, path);
      ok = kinds[k].draw (&plot, file, error);
      g_free (path);
      g_free (name);
    }
    training_figures_file_free (file);
  }
  return ok;
}

/* Writes both or, if one cannot be written, neither: the previous files stay. */
static gboolean
write_pair (const TrainingOptions *o, const TrainingResults *results, const char *model_path,
            const char *metrics_path, GError **error)
{
  JsonObject *settings = training_settings_to_json (o);
  GBytes *model = emotion_model_serialize (results->final.model);
  char *metrics = training_report_to_text (results, settings);
  const TrainingOutputFile files[] = {
      {model_path, g_bytes_get_data (model, NULL), g_bytes_get_size (model)},
      {metrics_path, metrics, strlen (metrics)}};
  const gboolean ok = training_output_save_all (files, G_N_ELEMENTS (files), error);
  g_free (metrics);
  g_bytes_unref (model);
  json_object_unref (settings);
  return ok;
}

gboolean
training_files_write (const TrainingOptions *o, const TrainingResults *results,
                      TrainingTiming *timing, GError **error)
{
  char *model_path = g_build_filename (o->output_dir, o->model_name, NULL);
  char *metrics_path = g_build_filename (o->output_dir, o->metrics_name, NULL);
  char *timing_path = g_build_filename (o->output_dir, TIMING_NAME, NULL);
  training_interrupt_hold ();
  gboolean ok = write_pair (o, results, model_path, metrics_path, error) &&
                (!o->plots || draw_plots (o, metrics_path, error)) &&
                write_chosen (o, results, metrics_path, error);
  training_timing_mark (timing, "results");
  ok = ok && training_timing_write (timing, (guint)MAX (o->n_jobs, 0),
                                    (guint)MAX (o->feature_jobs, 0), timing_path, error);
  training_interrupt_release ();
  if (ok) {
    char *table = training_report_describe (results);
    char *mistakes =
        o->verbose ? training_mistakes_describe (&results->pooled->strict, results->split->data)
                   : g_strdup ("");
    char *files = list_paths (o);
    char *text =
        g_strdup_printf ("%s%s%s\n%s\n%s", table, mistakes, model_path, metrics_path, files);
    ok = training_output_save (NULL, text, strlen (text), error);
    g_free (text);
    g_free (table);
    g_free (mistakes);
    g_free (files);
  }
  g_free (model_path);
  g_free (metrics_path);
  g_free (timing_path);
  return ok;
}
