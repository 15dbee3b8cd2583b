/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model-card.h"
#include "options.h"
#include "output.h"
#include "predictions-file.h"

typedef struct {
  const char *option;
  const char *path;
} File;

#define MAX_FILES 8

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

static gboolean
is_same (const char *a, const char *b)
{
  char *full_a = g_canonicalize_filename (a, NULL), *full_b = g_canonicalize_filename (b, NULL);
  const gboolean same = strcmp (full_a, full_b) == 0;
  g_free (full_a);
  g_free (full_b);
  return same;
}

/* What else has the file's path, an input or a result; NULL for nothing. */
static const char *
find_same (const TrainingOptions *o, const File *files, guint at)
{
  const char *const names[] = {o->model_name, o->metrics_name, "training_timing.json"};
  const struct {
    const char *option;
    char *const *paths;
  } inputs[] = {{"--metadata", o->sources.metadata},
                {"--label-map", (char *const[]){o->sources.label_map, NULL}},
                {"--background", o->background},
                {"--ordinary", o->ordinary}};
  const char *path = files[at].path, *found = NULL;
  if (g_str_has_prefix (path, "/dev/"))
    return NULL;
  for (guint i = 0; i < at && !found; i++)
    found = is_same (path, files[i].path) ? files[i].option : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (inputs) && !found; i++)
    for (guint f = 0; inputs[i].paths && inputs[i].paths[f] && !found; f++)
      found = is_same (path, inputs[i].paths[f]) ? inputs[i].option : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names) && !found; i++) {
    char *result = g_build_filename (o->output_dir, names[i], NULL);
    found = is_same (path, result) ? names[i] : NULL;
    g_free (result);
  }
  return found;
}

static gboolean
check_file (const TrainingOptions *o, const File *files, guint at, GError **error)
{
  const File *file = &files[at];
  GError *cause = NULL;
  if (!*file->path || strcmp (file->path, "-") == 0)
    return training_bad_option (error, "%s '%s': give the name of a file", file->option,
                                file->path);
  const char *same = find_same (o, files, at);
  if (same)
    return training_bad_option (error, "%s %s: %s is the same file: give another name",
                                file->option, file->path, same);
  if (training_output_check (file->path, &cause))
    return TRUE;
  training_bad_option (error, "%s: %s", file->option, cause->message);
  g_error_free (cause);
  return FALSE;
}

gboolean
training_files_check (const TrainingOptions *o, GError **error)
{
  File files[MAX_FILES];
  const guint n = list_files (o, files);
  for (guint i = 0; i < n; i++)
    if (!check_file (o, files, i, error))
      return FALSE;
  /* The log is written in place. */
  if (o->trials && g_file_test (o->trials, G_FILE_TEST_EXISTS) && g_access (o->trials, W_OK) != 0)
    return training_bad_option (error, "--trials %s: %s", o->trials, g_strerror (errno));
  return TRUE;
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
