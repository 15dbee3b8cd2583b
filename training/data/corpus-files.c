/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* training_corpus_find_files() */
#include <string.h>

#include "corpus.h"
#include "rejects.h"

/* Normalised: forward slashes, without a drive (C:). */
static char *
to_slashes (const char *path)
{
  char *slashes = g_strdelimit (g_strdup (path), "\\", '/');
  if (g_ascii_isalpha (slashes[0]) && slashes[1] == ':')
    memmove (slashes, slashes + 2, strlen (slashes + 2) + 1);
  return slashes;
}

static gboolean
is_under (const char *root, const char *path)
{
  char *full = g_build_filename (root, path, NULL);
  const gboolean there = g_file_test (full, G_FILE_TEST_EXISTS);
  g_free (full);
  return there;
}

/* The number of bytes of leading folders to remove so that the path exists under `root`: as few as
 * possible; 0 if none helps. */
static gsize
find_start (const char *root, const char *path)
{
  for (const char *slash = strchr (path, '/'); slash; slash = strchr (slash + 1, '/'))
    if (slash[1] && is_under (root, slash + 1))
      return (gsize)(slash + 1 - path);
  return 0;
}

/* The value of `file` for the clip: NULL if the clip is at its path. FALSE if the clip cannot be
 * found. `start` is the leading part known to be absent from this machine, NULL while unknown. */
static gboolean
find_file (const TrainingCorpus *corpus, const TrainingClip *clip, char **start, char **file)
{
  const char *root = corpus->audio_roots[clip->corpus];
  char *full = training_corpus_resolve (corpus, clip), *path = to_slashes (clip->path);
  gboolean there = strstr (full, "://") || g_file_test (full, G_FILE_TEST_EXISTS);
  *file = NULL;
  if (!there && (there = strchr (clip->path, '\\') && *path != '/' && is_under (root, path)))
    *file = g_strdup (path);
  if (!there && !*start && find_start (root, path) > 0)
    *start = g_strndup (path, find_start (root, path));
  if (!there && *start && g_str_has_prefix (path, *start) &&
      (there = is_under (root, path + strlen (*start))))
    *file = g_strdup (path + strlen (*start));
  g_free (full);
  g_free (path);
  return there;
}

static void
leave_out (TrainingCorpus *corpus, TrainingClip *clip)
{
  char *full = training_corpus_resolve (corpus, clip);
  const gboolean here =
      !g_path_is_absolute (clip->path) && g_file_test (clip->path, G_FILE_TEST_EXISTS);
  TrainingReject *row = training_rejects_add (
      corpus->rejects, "no such file",
      g_strdup_printf ("%s:%u: %s: no such file%s; row left out",
                       corpus->metadata_paths[clip->corpus], clip->line, full,
                       here ? " (it exists relative to the current folder: use --audio-root .)"
                            : ""));
  row->label = g_strdup (clip->label);
  row->label_text = g_strdup (clip->label_text);
  row->corpus = clip->corpus;
  g_free (full);
}

void
training_corpus_find_files (TrainingCorpus *corpus, const char *program)
{
  char **starts = g_new0 (char *, corpus->n_corpora);
  gpointer *clips = corpus->clips->pdata;
  guint n_found = 0;
  for (guint i = 0; i < corpus->clips->len; i++) {
    TrainingClip *clip = clips[i];
    char **start = &starts[clip->corpus];
    const gboolean known = *start != NULL;
    if (!find_file (corpus, clip, start, &clip->file)) {
      leave_out (corpus, clip);
      continue;
    }
    if (!known && *start)
      g_printerr ("%s: %s: paths begin with '%s', which does not exist here; %s is used instead\n",
                  program, corpus->metadata_paths[clip->corpus], *start,
                  corpus->audio_roots[clip->corpus]);
    clips[i] = clips[n_found];
    clips[n_found++] = clip;
  }
  g_ptr_array_set_size (corpus->clips, (gint)n_found); /* frees the missing clips */
  for (guint i = 0; i < corpus->n_corpora; i++)
    g_free (starts[i]);
  g_free (starts);
}
