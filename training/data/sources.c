/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sources.h"

#include <string.h>

#include "label-map.h"
#include "training/base/options.h"

void
training_sources_add_options (TrainingSources *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
      {"metadata", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->metadata,
       "CSV file with one row per clip; repeat it to pool several corpora", "FILE"},
      {"audio-root", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->audio_roots,
       "Base folder of the paths in the metadata (default: the folder of the metadata); one per "
       "--metadata, in the same order",
       "DIR"},
      {"corpus", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->names,
       "Name of the corpus (default: the name of the metadata's folder); one per --metadata, in "
       "the same order",
       "NAME"},
      {"label-map", 0, 0, G_OPTION_ARG_FILENAME, &self->label_map,
       "File with one rule per line: from=to renames a label, from= drops it, corpus/from=to "
       "renames it in one corpus",
       "FILE"},
      {"path-column", 0, 0, G_OPTION_ARG_STRING, &self->path_column,
       "Name of the column with paths (default: file_path, path, file, filename, ...)", "NAME"},
      {"label-column", 0, 0, G_OPTION_ARG_STRING, &self->label_column,
       "Name of the column with labels (default: label, emotion, target, class, ...)", "NAME"},
      {"group-column", 0, 0, G_OPTION_ARG_STRING, &self->group_column,
       "Name of the column with speakers (default: speaker, speaker_id, actor, ...)", "NAME"},
      G_OPTION_ENTRY_NULL};
  g_option_context_add_main_entries (context, entries, NULL);
}

static guint
count (char **list)
{
  return list ? g_strv_length (list) : 0;
}

static gboolean
check_count (const char *option, char **list, guint n, GError **error)
{
  if (!list || count (list) == n)
    return TRUE;
  return training_bad_option (error, "%u --%s for %u --metadata: give one per --metadata, or none",
                              count (list), option, n);
}

gboolean
training_sources_check (const TrainingSources *self, GError **error)
{
  const guint n = count (self->metadata);
  if (n == 0)
    return training_bad_option (error, "--metadata FILE is required; see --help");
  if (!check_count ("audio-root", self->audio_roots, n, error) ||
      !check_count ("corpus", self->names, n, error))
    return FALSE;
  for (guint i = 0; i < count (self->names); i++)
    if (!*self->names[i] || strpbrk (self->names[i], "\n\r"))
      return training_bad_option (error, "--corpus '%s': the name must be one line, and not empty",
                                  self->names[i]);
    else if (n > 1 && strchr (self->names[i], '/'))
      return training_bad_option (error, "--corpus %s: the name must not contain '/'",
                                  self->names[i]);
  return TRUE;
}

TrainingCorpus *
training_sources_read (const TrainingSources *self, const char *program, GError **error)
{
  const TrainingColumns columns = {.path_column = self->path_column,
                                   .label_column = self->label_column,
                                   .group_column = self->group_column};
  TrainingCorpus *pool = NULL;
  gboolean ok = TRUE;
  for (guint i = 0; i < count (self->metadata) && ok; i++) {
    TrainingCorpus *corpus =
        training_corpus_read (self->metadata[i], self->audio_roots ? self->audio_roots[i] : NULL,
                              self->names ? self->names[i] : NULL, &columns, error);
    ok = corpus && (!pool || training_corpus_pool (pool, corpus, error));
    if (!ok)
      training_corpus_free (corpus);
    else if (!pool)
      pool = corpus;
  }
  guint n_dropped = 0;
  if (ok && self->label_map)
    ok = training_label_map_apply (self->label_map, pool, &n_dropped, error);
  if (ok && n_dropped > 0)
    g_printerr ("%s: %s drops %u of %u rows\n", program, self->label_map, n_dropped,
                pool->clips->len + n_dropped);
  if (ok) {
    training_corpus_find_files (pool, program);
    ok = training_corpus_check_labels (pool, error);
  }
  if (!ok)
    g_clear_pointer (&pool, training_corpus_free);
  return pool;
}

void
training_sources_clear (TrainingSources *self)
{
  g_clear_pointer (&self->metadata, g_strfreev);
  g_clear_pointer (&self->audio_roots, g_strfreev);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->path_column, g_free);
  g_clear_pointer (&self->label_column, g_free);
  g_clear_pointer (&self->group_column, g_free);
  g_clear_pointer (&self->label_map, g_free);
}

/* "NAME.csv:3: ROOT/x.wav: why" of corpus `index` becomes "CORPUS/NAME.csv:3: x.wav: why". */
static char *
strip_folders (const char *message, const TrainingCorpus *corpus, guint index)
{
  const char *metadata = corpus->metadata_paths[index];
  char *name = g_path_get_basename (metadata);
  char *inside = g_build_filename (corpus->audio_roots[index], "x", NULL);
  char *before = g_strdup_printf (": %.*s", (int)strlen (inside) - 1, inside);
  GString *text = g_string_new (message + strlen (metadata));
  g_string_prepend (text, name);
  if (corpus->n_corpora > 1) {
    g_string_prepend_c (text, '/');
    g_string_prepend (text, corpus->names[index]);
  }
  g_string_replace (text, before, ": ", 1);
  g_free (name);
  g_free (inside);
  g_free (before);
  return g_string_free (text, FALSE);
}

char *
training_sources_without_folders (const char *message, const TrainingCorpus *corpus)
{
  char *text = NULL;
  for (guint i = 0; i < corpus->n_corpora && !text; i++) {
    char *place = g_strconcat (corpus->metadata_paths[i], ":", NULL);
    if (g_str_has_prefix (message, place))
      text = strip_folders (message, corpus, i);
    g_free (place);
  }
  /* Names of files may be in any encoding. */
  char *valid = g_utf8_make_valid (text ? text : message, -1);
  g_free (text);
  return valid;
}
