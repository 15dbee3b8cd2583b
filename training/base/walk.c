/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "walk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "error.h"

static const char *const audio_suffixes[] = {
    "3gp", "aac", "aif",  "aifc", "aiff", "amr", "ape", "au",   "caf",  "flac", "m4a", "mka", "mp3",
    "oga", "ogg", "opus", "snd",  "spx",  "w64", "wav", "wave", "weba", "wma",  "wv",  NULL};
static const char *const video_suffixes[] = {"avi", "flv", "m4v",  "mkv", "mov",  "mp4",
                                             "mpg", "ogv", "mpeg", "wmv", "webm", NULL};

typedef struct {
  TrainingWalkFunc func;
  gpointer data;
  GHashTable *visited; /* char *, device:inode of folders */
  GError *error;       /* the first */
} Walk;

static void
fail (Walk *walk, const char *path, int code)
{
  if (!walk->error)
    g_set_error (&walk->error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "cannot read %s: %s", path,
                 g_strerror (code));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The names of visible entries of a folder, sorted; NULL when it cannot be read. */
static GPtrArray *
list_folder (const char *full_path)
{
  GDir *dir = g_dir_open (full_path, 0, NULL);
  if (!dir)
    return NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void see (Walk *walk, const char *path, const char *full_path);

static void
walk_folder (Walk *walk, const char *path, const char *full_path)
{
  GPtrArray *names = list_folder (full_path);
  if (!names) {
    fail (walk, full_path, errno);
    return;
  }
  for (guint i = 0; i < names->len; i++) {
    char *inner =
        *path ? g_build_filename (path, names->pdata[i], NULL) : g_strdup (names->pdata[i]);
    char *full_inner = g_build_filename (full_path, names->pdata[i], NULL);
    see (walk, inner, full_inner);
    g_free (inner);
    g_free (full_inner);
  }
  g_ptr_array_unref (names);
}

/* `path` is relative to the root. */
static void
see (Walk *walk, const char *path, const char *full_path)
{
  GStatBuf status;
  if (g_stat (full_path, &status) != 0) {
    walk->func (path, 0, g_strerror (errno), walk->data);
  } else if (S_ISREG (status.st_mode)) {
    walk->func (path, status.st_size, NULL, walk->data);
  } else if (S_ISDIR (status.st_mode)) {
    char *identity = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                      (guint64)status.st_dev, (guint64)status.st_ino);
    if (g_hash_table_add (walk->visited, identity))
      walk_folder (walk, path, full_path);
  }
}

gboolean
training_walk (const char *folder, TrainingWalkFunc func, gpointer data, GError **error)
{
  Walk walk = {.func = func,
               .data = data,
               .visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};
  GStatBuf status;
  if (g_stat (folder, &status) != 0)
    fail (&walk, folder, errno);
  else if (!S_ISDIR (status.st_mode))
    fail (&walk, folder, ENOTDIR);
  else
    see (&walk, "", folder);
  g_hash_table_unref (walk.visited);
  if (!walk.error)
    return TRUE;
  g_propagate_error (error, walk.error);
  return FALSE;
}

static gboolean
has_suffix (const char *path, const char *const *suffixes)
{
  const char *dot = strrchr (path, '.');
  char *suffix = g_ascii_strdown (dot ? dot + 1 : "", -1);
  const gboolean has = g_strv_contains (suffixes, suffix);
  g_free (suffix);
  return has;
}

gboolean
training_walk_is_audio (const char *path)
{
  return has_suffix (path, audio_suffixes);
}

gboolean
training_walk_is_video (const char *path)
{
  return has_suffix (path, video_suffixes);
}

char *
training_walk_display (const char *path)
{
  char *name = g_filename_display_name (path);
  for (char *c = name; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return name;
}
