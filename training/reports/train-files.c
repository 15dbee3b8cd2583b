/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model-card.h"
#include "predictions-file.h"
#include "training/base/options.h"
#include "training/base/output.h"

#define MAX_FILES 4 /* of options */

typedef struct {
  const char *option;
  char *path;
} File;

/* Those of options, in the order in which they are written; returns how many. */
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

/* The metadata and rules that are read, NULL-terminated; free with g_free(). */
static const char **
list_inputs (const TrainingOptions *o)
{
  char *const *const lists[] = {o->sources.metadata, o->background, o->ordinary};
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
    return training_bad_option (error, "%s -: give the name of a file", file->option);
  for (guint i = 0; i < at; i++)
    if (!g_str_has_prefix (file->path, "/dev/") &&
        training_output_is_same (file->path, files[i].path))
      return training_bad_option (error, "%s %s: %s is the same file: give another name",
                                  file->option, file->path, files[i].option);
  return training_output_check_option (file->option, file->path, inputs, error);
}

gboolean
training_files_check (const TrainingOptions *o, GError **error)
{
  const char *const names[] = {o->model_name, o->metrics_name, TRAINING_TIMING_NAME};
  File files[G_N_ELEMENTS (names) + MAX_FILES] = {
      {"--pipeline-name", NULL}, {"--metrics-name", NULL}, {TRAINING_TIMING_NAME, NULL}};
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
training_files_write (const TrainingOptions *o, const TrainingReport *report,
                      const char *metrics_path, GError **error)
{
  return (!o->predictions || training_predictions_write (report, o->predictions, error)) &&
         (!o->card || training_model_card_write (o, report, metrics_path, o->card, error));
}

char *
training_files_list (const TrainingOptions *o)
{
  File files[MAX_FILES];
  GString *text = g_string_new (NULL);
  const guint n = list_files (o, files);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\n", files[i].path);
  return g_string_free (text, FALSE);
}
