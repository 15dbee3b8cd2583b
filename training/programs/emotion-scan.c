/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-scan: creates metadata of a corpus from the names of its files and folders. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "training/base/error.h"
#include "training/base/options.h"
#include "training/base/output.h"
#include "training/data/scan.h"

#define VERSION "emotion-scan " EMOTION_VERSION "\n"
#define MAX_WARNINGS 20
#define MAX_UNMATCHED 5

typedef struct {
  char *output, *pattern;
  gboolean verbose, version;
  char **folders;
} Options;

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
       "File for the metadata (default: -, the standard output)", "FILE"},
      {"pattern", 'p', 0, G_OPTION_ARG_STRING, &options->pattern,
       "Regular expression with named groups for label, speaker and so on; only the groups are "
       "used",
       "REGEX"},
      {"verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
       "Print all warnings (default: the first 20) and, with --pattern, all files that do not "
       "match",
       NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->folders, NULL, "DIR"},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context,
      "Writes the metadata (CSV) for emotion-train, of all recordings under DIR. The file names\n"
      "of RAVDESS, EMO-DB, CREMA-D, SAVEE, TESS and nEMO are recognised; other files are labelled\n"
      "by their folders (LABEL/FILE). Files that are left out or not understood are reported on\n"
      "the standard error.\n\n"
      "Use --pattern for other names. It is searched for in the path below DIR, for example\n"
      "  '(?<speaker>[^/]+)/(?<emotion>\\w+)_(?<statement>\\d+)\\.wav'\n"
      "and may have the groups emotion (or label), speaker, sex, intensity, statement and split.");
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  if (!parsed || options->version)
    return parsed;
  if (options->folders && !options->folders[1])
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s; see emotion-scan --help",
               options->folders ? "more than one DIR given" : "no DIR given");
  return FALSE;
}

/* Prints the first `max` of them. */
static void
print_notes (const char *what, const GPtrArray *notes, guint max)
{
  for (guint i = 0; i < notes->len && i < max; i++)
    g_printerr ("emotion-scan: %s: %s\n", what, (const char *)notes->pdata[i]);
  if (notes->len > max)
    g_printerr ("emotion-scan: %s: and %u more; --verbose lists all\n", what, notes->len - max);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
print_left_out (GHashTable *left_out)
{
  GList *kinds = g_list_sort (g_hash_table_get_keys (left_out), compare_strings);
  for (GList *kind = kinds; kind; kind = kind->next) {
    const GPtrArray *paths = g_hash_table_lookup (left_out, kind->data);
    g_printerr ("emotion-scan: left out: %s: %u, the first %s\n", (const char *)kind->data,
                paths->len, (const char *)paths->pdata[0]);
  }
  g_list_free (kinds);
}

static void
count (GHashTable *counts, const char *what)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, what));
  g_hash_table_insert (counts, (gpointer)what, GUINT_TO_POINTER (n + 1));
}

/* Prints the counted values with their numbers; frees `counts`. */
static void
print_counts (const char *of, GHashTable *counts)
{
  GList *names = g_list_sort (g_hash_table_get_keys (counts), compare_strings);
  g_printerr ("emotion-scan: %s:", of);
  for (GList *name = names; name; name = name->next)
    g_printerr ("%s %s %u", name == names ? "" : ",", (const char *)name->data,
                GPOINTER_TO_UINT (g_hash_table_lookup (counts, name->data)));
  g_printerr ("\n");
  g_list_free (names);
  g_hash_table_unref (counts);
}

static void
print_clips (const GPtrArray *clips, const char *other_source)
{
  GHashTable *corpora = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *labels = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *speakers = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_without = 0;
  for (guint i = 0; i < clips->len; i++) {
    const TrainingScanClip *clip = clips->pdata[i];
    count (corpora, clip->name.kind == TRAINING_NAME_CLIP ? clip->name.corpus : other_source);
    count (labels, clip->label);
    if (*clip->fields[TRAINING_SCAN_SPEAKER])
      g_hash_table_add (speakers, clip->fields[TRAINING_SCAN_SPEAKER]);
    else
      n_without++;
  }
  const guint n_speakers = g_hash_table_size (speakers);
  if (n_speakers > 0)
    g_printerr ("emotion-scan: speakers: %u\n", n_speakers);
  if (n_speakers > 0 && n_without > 0)
    g_printerr ("emotion-scan: warning: %u clips have no speaker, so emotion-train will leave them "
                "out; fill in the column\n",
                n_without);
  else if (n_speakers == 0)
    g_printerr ("emotion-scan: warning: no speakers known, so the figures of emotion-train will be "
                "optimistic; add a column speaker\n");
  print_counts ("clips", corpora);
  print_counts ("labels", labels);
  g_hash_table_unref (speakers);
}

static void
set_nothing_found (const TrainingScan *scan, const Options *options, GError **error)
{
  const char *folder = options->folders[0];
  if (options->pattern && scan->n_recordings > 0)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                 "%s: none of its %u recordings matches the pattern, which is searched for in the "
                 "path relative to this folder",
                 folder, scan->n_recordings);
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                 "%s: no recording (wav, flac, mp3, ...) has an emotion in its file or folder "
                 "name; see emotion-scan --help for the names",
                 folder);
}

static gboolean
write_metadata (const TrainingScan *scan, const Options *options, GError **error)
{
  const guint max = options->verbose ? G_MAXUINT : MAX_WARNINGS;
  print_left_out (scan->left_out);
  print_notes ("not understood", scan->not_understood,
               options->pattern && !options->verbose ? MAX_UNMATCHED : G_MAXUINT);
  if (scan->n_unmatched > 0)
    g_printerr ("emotion-scan: warning: %u of %u recordings do not match the pattern\n",
                scan->n_unmatched, scan->n_recordings);
  print_notes ("warning", scan->warnings, max);
  if (scan->clips->len == 0) {
    set_nothing_found (scan, options, error);
    return FALSE;
  }
  print_clips (scan->clips, options->pattern ? "pattern" : "label/file");
  char *csv = training_scan_to_csv (scan);
  const gboolean ok = training_output_save (options->output, csv, strlen (csv), error);
  g_free (csv);
  return ok;
}

static gboolean
run (const Options *options, GError **error)
{
  TrainingPattern *pattern = NULL;
  if (options->version)
    return training_output_save (NULL, VERSION, strlen (VERSION), error);
  if (!training_output_check_option ("--output", options->output, NULL, error))
    return FALSE;
  if (options->pattern && !(pattern = training_pattern_new (options->pattern, error)))
    return FALSE;
  TrainingScan *scan = training_scan (options->folders[0], pattern, error);
  const gboolean ok = scan && write_metadata (scan, options, error);
  training_scan_free (scan);
  training_pattern_free (pattern);
  return ok;
}

int
main (int argc, char **argv)
{
  Options options = {0};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* file names in messages */
  if (!parse_options (&argc, &argv, &options, &error) || !run (&options, &error)) {
    g_printerr ("emotion-scan: %s\n", error->message);
    status = training_exit_status (error);
    g_error_free (error);
  }
  g_strfreev (options.folders);
  g_free (options.output);
  g_free (options.pattern);
  return status;
}
