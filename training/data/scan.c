/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "core/features/feature-csv.h"
#include "label-text.h"
#include "training/base/error.h"
#include "training/base/walk.h"

#define HASH_CHUNK 65536 /* bytes */

typedef struct {
  TrainingScan *scan;
  const TrainingPattern *pattern; /* or NULL */
  gboolean names_known;           /* some file's name was recognised */
} Walk;

static void
clip_free (gpointer data)
{
  TrainingScanClip *clip = data;
  g_free (clip->path);
  g_free (clip->label);
  for (guint i = 0; i < TRAINING_SCAN_N_FIELDS; i++)
    g_free (clip->fields[i]);
  g_free (clip);
}

void
training_scan_free (TrainingScan *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->clips);
  g_ptr_array_unref (self->not_understood);
  g_ptr_array_unref (self->warnings);
  g_hash_table_unref (self->left_out);
  g_free (self);
}

static void
note (GPtrArray *notes, const char *path, const char *text)
{
  char *name = training_walk_display (path);
  g_ptr_array_add (notes, g_strdup_printf ("%s: %s", name, text));
  g_free (name);
}

static void
leave_out (TrainingScan *scan, const char *path, const char *what)
{
  GPtrArray *paths = g_hash_table_lookup (scan->left_out, what);
  if (!paths) {
    paths = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (scan->left_out, g_strdup (what), paths);
  }
  g_ptr_array_add (paths, training_walk_display (path));
}

/* Whether the path is valid in metadata, which are UTF-8 text. */
static gboolean
is_text (const char *path)
{
  for (const char *c = path; *c; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return g_utf8_validate (path, -1, NULL);
}

static void
take_fields (TrainingScanClip *clip)
{
  const TrainingName *name = &clip->name;
  const char *const fields[] = {name->speaker, name->sex, name->intensity, name->statement, ""};
  for (guint i = 0; i < TRAINING_SCAN_N_FIELDS; i++)
    clip->fields[i] = g_strdup (fields[i]);
}

/* Applies the pattern to a file; it becomes a clip only if it has a label. */
static void
see_match (const Walk *walk, const char *path, goffset size)
{
  GError *error = NULL;
  TrainingScanClip *clip = g_new0 (TrainingScanClip, 1);
  clip->path = g_strdup (path);
  clip->size = size;
  const gboolean found =
      training_pattern_match (walk->pattern, path, &clip->label, clip->fields, &error);
  if (found && *clip->label) {
    g_ptr_array_add (walk->scan->clips, clip);
    return;
  }
  walk->scan->n_unmatched++;
  note (walk->scan->not_understood, path,
        found   ? "the pattern's label is empty"
        : error ? error->message
                : "does not match the pattern");
  g_clear_error (&error);
  clip_free (clip);
}

static void
add_file (const char *path, goffset size, const char *problem, gpointer data)
{
  Walk *walk = data;
  TrainingName name = {0};
  const gboolean video = training_walk_is_video (path);
  if (problem) {
    note (walk->scan->not_understood, path, problem);
    return;
  }
  if (!video && !training_walk_is_audio (path)) {
    walk->scan->n_other_files++;
    return;
  }
  walk->scan->n_recordings += !video;
  if (!walk->pattern)
    training_name_parse (path, &name);
  if (name.kind == TRAINING_NAME_LEFT_OUT) {
    leave_out (walk->scan, path, name.why);
  } else if (video) {
    leave_out (walk->scan, path, "video");
  } else if (!is_text (path)) {
    note (walk->scan->not_understood, path,
          "the name is not UTF-8 text, or has control characters; rename the file");
  } else if (walk->pattern) {
    see_match (walk, path, size);
  } else {
    TrainingScanClip *clip = g_new (TrainingScanClip, 1);
    *clip = (TrainingScanClip){.path = g_strdup (path), .name = name, .size = size};
    take_fields (clip);
    g_ptr_array_add (walk->scan->clips, clip);
    walk->names_known = walk->names_known || name.kind == TRAINING_NAME_CLIP;
  }
}

/* The label from the folders of a file, or NULL: the nearest one named after an emotion; otherwise,
 * if no file names were recognised, the file's own folder. */
static char *
folder_label (const Walk *walk, const char *path)
{
  char *lower = g_utf8_strdown (path, -1), *label = NULL;
  char **parts = g_strsplit (lower, G_DIR_SEPARATOR_S, -1);
  const guint n_folders = g_strv_length (parts) - 1;
  for (guint i = n_folders; i > 0 && !label; i--)
    if (training_name_is_emotion (parts[i - 1]))
      label = g_strdup (parts[i - 1]);
  if (!label && n_folders > 0 && !walk->names_known) {
    char *folded = training_label_fold (parts[n_folders - 1]);
    label = *folded ? g_strdup (parts[n_folders - 1]) : NULL;
    g_free (folded);
  }
  g_strfreev (parts);
  g_free (lower);
  return label;
}

static int
compare_clips (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(TrainingScanClip *const *)a)->path, (*(TrainingScanClip *const *)b)->path);
}

/* Labels the clips. Clips without a label are reported and dropped. */
static void
label_clips (Walk *walk)
{
  GPtrArray *found = walk->scan->clips;
  walk->scan->clips = g_ptr_array_new_with_free_func (clip_free);
  for (guint i = 0; i < found->len; i++) {
    TrainingScanClip *clip = found->pdata[i];
    if (!clip->label)
      clip->label = clip->name.kind == TRAINING_NAME_CLIP ? g_strdup (clip->name.emotion)
                                                          : folder_label (walk, clip->path);
    if (clip->label) {
      g_ptr_array_add (walk->scan->clips, clip);
      continue;
    }
    note (walk->scan->not_understood, clip->path,
          *clip->name.why ? clip->name.why
                          : "neither the file name nor a folder name gives an emotion");
    clip_free (clip);
  }
  g_ptr_array_set_free_func (found, NULL);
  g_ptr_array_unref (found);
  g_ptr_array_sort (walk->scan->clips, compare_clips);
}

static void
set_read_error (GError **error, const char *path)
{
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "cannot read %s: %s", path,
               g_strerror (errno));
}

/* SHA-256 in hex of a file's bytes; NULL with an error. */
static char *
hash_file (const char *full_path, GError **error)
{
  FILE *file = g_fopen (full_path, "rb");
  if (!file) {
    set_read_error (error, full_path);
    return NULL;
  }
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar *chunk = g_malloc (HASH_CHUNK);
  for (gsize n; (n = fread (chunk, 1, HASH_CHUNK, file)) > 0;)
    g_checksum_update (checksum, chunk, (gssize)n);
  char *hash = ferror (file) ? NULL : g_strdup (g_checksum_get_string (checksum));
  if (!hash)
    set_read_error (error, full_path);
  fclose (file);
  g_free (chunk);
  g_checksum_free (checksum);
  return hash;
}

static void
note_duplicate (TrainingScan *scan, const TrainingScanClip *clip, const TrainingScanClip *first)
{
  char *name = training_walk_display (first->path);
  char *text =
      strcmp (clip->label, first->label) == 0
          ? g_strdup_printf ("duplicate with the same bytes as %s", name)
          : g_strdup_printf ("duplicate labelled %s, with the same bytes as %s labelled %s",
                             clip->label, name, first->label);
  note (scan->warnings, clip->path, text);
  g_free (name);
  g_free (text);
}

/* Warns of clips whose names denote the same recording, such as a WAV and an MP3 of it. */
static void
find_forms (TrainingScan *scan)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL); /* -> clip */
  for (guint i = 0; i < scan->clips->len; i++) {
    TrainingScanClip *clip = scan->clips->pdata[i];
    if (clip->name.kind != TRAINING_NAME_CLIP || clip->duplicate)
      continue;
    char *base = g_path_get_basename (clip->path);
    *strrchr (base, '.') = '\0';
    char *key = g_strconcat (clip->name.speaker, G_DIR_SEPARATOR_S, base, NULL);
    const TrainingScanClip *first = g_hash_table_lookup (names, key);
    if (first) {
      char *other = training_walk_display (first->path);
      char *text = g_strdup_printf ("the same recording as %s, judging by its name", other);
      note (scan->warnings, clip->path, text);
      g_free (other);
      g_free (text);
      g_free (key);
    } else {
      g_hash_table_insert (names, key, clip);
    }
    g_free (base);
  }
  g_hash_table_unref (names);
}

/* Warns of clips with the same bytes, and of empty ones. Only files of equal size are read. */
static gboolean
find_duplicates (TrainingScan *scan, const char *folder, GError **error)
{
  GHashTable *sizes =
      g_hash_table_new (g_int64_hash, g_int64_equal); /* -> the only clip, or NULL */
  GHashTable *hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL); /* -> clip */
  gboolean ok = TRUE;
  for (guint i = 0; i < scan->clips->len; i++) {
    TrainingScanClip *clip = scan->clips->pdata[i];
    const gboolean alone = !g_hash_table_contains (sizes, &clip->size);
    g_hash_table_insert (sizes, &clip->size, alone ? clip : NULL);
  }
  for (guint i = 0; ok && i < scan->clips->len; i++) {
    TrainingScanClip *clip = scan->clips->pdata[i];
    if (clip->size == 0)
      note (scan->warnings, clip->path, "empty (0 bytes)");
    if (clip->size == 0 || g_hash_table_lookup (sizes, &clip->size))
      continue;
    char *full_path = g_build_filename (folder, clip->path, NULL);
    char *hash = hash_file (full_path, error);
    const TrainingScanClip *first = hash ? g_hash_table_lookup (hashes, hash) : NULL;
    ok = hash != NULL;
    clip->duplicate = first != NULL;
    if (first)
      note_duplicate (scan, clip, first);
    if (ok && !first)
      g_hash_table_insert (hashes, g_steal_pointer (&hash), clip);
    g_free (hash);
    g_free (full_path);
  }
  g_hash_table_unref (sizes);
  g_hash_table_unref (hashes);
  return ok;
}

/* A warning about a new label, or NULL. `means` maps each meaning so far to the first label that
 * has it. */
static char *
judge_label (const char *label, const char *source, GHashTable *means)
{
  char meaning[16];
  training_name_emotion (label, meaning, sizeof meaning);
  if (!*meaning)
    return g_strdup_printf ("%s gives the label %s, which is not a known word for an emotion",
                            source, label);
  const char *other = g_hash_table_lookup (means, meaning);
  if (!other)
    g_hash_table_insert (means, g_strdup (meaning), (gpointer)label);
  return other ? g_strdup_printf ("the label %s means the same as the label %s; merge them", label,
                                  other)
               : NULL;
}

/* Warns once of each label that is not a word for an emotion or means the same as another. */
static void
check_labels (TrainingScan *scan, const char *source)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *means = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < scan->clips->len; i++) {
    TrainingScanClip *clip = scan->clips->pdata[i];
    char *text =
        g_hash_table_add (seen, clip->label) ? judge_label (clip->label, source, means) : NULL;
    if (text)
      note (scan->warnings, clip->path, text);
    g_free (text);
  }
  g_hash_table_unref (seen);
  g_hash_table_unref (means);
}

TrainingScan *
training_scan (const char *folder, const TrainingPattern *pattern, GError **error)
{
  TrainingScan *self = g_new0 (TrainingScan, 1);
  self->clips = g_ptr_array_new_with_free_func (clip_free);
  self->not_understood = g_ptr_array_new_with_free_func (g_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->left_out =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  Walk walk = {.scan = self, .pattern = pattern};
  gboolean ok = training_walk (folder, add_file, &walk, error);
  if (ok) {
    label_clips (&walk);
    check_labels (self, pattern ? "the pattern" : "its folder's name");
    ok = find_duplicates (self, folder, error);
    find_forms (self);
  }
  if (!ok)
    g_clear_pointer (&self, training_scan_free);
  return self;
}

/* Whether any clip has a value for the column. */
static gboolean
has_field (const TrainingScan *self, guint field)
{
  for (guint i = 0; i < self->clips->len; i++)
    if (*((const TrainingScanClip *)self->clips->pdata[i])->fields[field])
      return TRUE;
  return FALSE;
}

char *
training_scan_to_csv (const TrainingScan *self)
{
  gboolean has[TRAINING_SCAN_N_FIELDS];
  GString *csv = g_string_new ("file_path,emotion");
  for (guint f = 0; f < TRAINING_SCAN_N_FIELDS; f++)
    if ((has[f] = has_field (self, f)))
      g_string_append_printf (csv, ",%s", training_scan_field_name (f));
  g_string_append_c (csv, '\n');
  for (guint i = 0; i < self->clips->len; i++) {
    const TrainingScanClip *clip = self->clips->pdata[i];
    emotion_feature_csv_put_text (csv, clip->path);
    g_string_append_c (csv, ',');
    emotion_feature_csv_put_text (csv, clip->label);
    for (guint f = 0; f < TRAINING_SCAN_N_FIELDS; f++) {
      if (!has[f])
        continue;
      g_string_append_c (csv, ',');
      emotion_feature_csv_put_text (csv, clip->fields[f]);
    }
    g_string_append_c (csv, '\n');
  }
  return g_string_free (csv, FALSE);
}
