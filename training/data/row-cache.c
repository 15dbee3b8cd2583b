/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "row-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "training/base/error.h"
#include "training/base/interrupt.h"

#define MAGIC "emotion rows 2\n"
#define CHUNK 65536

struct _TrainingRowCache {
  const TrainingExtraction *extraction;
  /* Of everything that the rows depend on besides the clip and the augmentation. */
  char *fingerprint;
  gint n_found, n_damaged;
  GMutex lock;   /* protects the next */
  char *problem; /* the first error */
};

/* The header of a file, before the windows. Numbers are in native byte order: another machine has
 * another program, thus another key. */
typedef struct {
  char magic[16];
  char key[72], hash[72]; /* 64 digits, then zeros */
  guint32 n_windows, n_features;
  guint64 faults; /* bits of TrainingFault */
} Header;

typedef struct {
  guint64 start, length;
  guint32 early, partial, n_frames, n_speech;
  double level;
} Window;

/* SHA-256 of a file, read in pieces; FALSE when that fails. */
gboolean
training_row_cache_digest (const char *path, char digest[65])
{
  const int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0)
    return FALSE;
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar *buffer = g_malloc (CHUNK);
  gssize n;
  while ((n = read (file, buffer, CHUNK)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_checksum_update (checksum, buffer, n);
  g_strlcpy (digest, g_checksum_get_string (checksum), 65);
  g_checksum_free (checksum);
  g_free (buffer);
  close (file);
  return n == 0;
}

/* Everything that rows depend on besides the clip and the augmentation, as text. The program is
 * identified by the hash of its code or, if that cannot be read, by its version. */
static char *
fingerprint_new (const TrainingExtraction *extraction)
{
  char code[65], *gstreamer = gst_version_string ();
  if (!training_row_cache_digest ("/proc/self/exe", code))
    g_strlcpy (code, EMOTION_VERSION, sizeof code);
  const EmotionWindowing *w = &extraction->windowing;
  char *layout = emotion_feature_set_hash (extraction->features);
  char *text = g_strdup_printf (
      "%s %s %s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, code, gstreamer,
      extraction->features->name, layout, w->window, w->interval, w->min_window);
  g_free (gstreamer);
  g_free (layout);
  return text;
}

TrainingRowCache *
training_row_cache_new (const TrainingExtraction *extraction, GError **error)
{
  if (g_mkdir_with_parents (extraction->cache, 0777) != 0 ||
      g_access (extraction->cache, R_OK | W_OK | X_OK) != 0) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT,
                 "cannot use the feature cache %s: %s; choose another folder", extraction->cache,
                 g_strerror (errno));
    return NULL;
  }
  TrainingRowCache *self = g_new0 (TrainingRowCache, 1);
  g_mutex_init (&self->lock);
  self->extraction = extraction;
  self->fingerprint = fingerprint_new (extraction);
  return self;
}

void
training_row_cache_free (TrainingRowCache *self)
{
  if (!self)
    return;
  g_mutex_clear (&self->lock);
  g_free (self->fingerprint);
  g_free (self->problem);
  g_free (self);
}

static char *
key_new (const TrainingRowCache *self, const char *digest, const TrainingAugmentation *augmentation)
{
  char *name = augmentation ? training_augmentation_describe (augmentation) : g_strdup ("none");
  char *text = g_strdup_printf ("%s %s %s %" G_GUINT32_FORMAT, self->fingerprint, digest, name,
                                augmentation ? self->extraction->seed : 0);
  char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_free (name);
  g_free (text);
  return key;
}

static char *
path_new (const TrainingRowCache *self, const char *key)
{
  char *name = g_strconcat (key, ".rows", NULL);
  char *path = g_build_filename (self->extraction->cache, name, NULL);
  g_free (name);
  return path;
}

/* Whether the content is complete and has that key. */
static gboolean
check (const TrainingRowCache *self, const char *key, const char *content, gsize size)
{
  Header header;
  if (size < sizeof header + 64)
    return FALSE;
  memcpy (&header, content, sizeof header);
  const gsize n = header.n_windows, width = self->extraction->features->n_features;
  const gsize of_window = sizeof (Window) + width * sizeof (float);
  if (memcmp (header.magic, MAGIC, sizeof header.magic) != 0 || header.key[64] ||
      strcmp (header.key, key) != 0 || header.hash[64] || header.n_features != width || n == 0 ||
      (size - sizeof header - 64) / of_window != n || (size - sizeof header - 64) % of_window != 0)
    return FALSE;
  char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content, size - 64);
  const gboolean ok = memcmp (sum, content + size - 64, 64) == 0;
  g_free (sum);
  return ok;
}

static void
unpack (const char *content, TrainingClipRows *rows)
{
  Header header;
  memcpy (&header, content, sizeof header);
  const char *at = content + sizeof header;
  g_strlcpy (rows->hash, header.hash, sizeof rows->hash);
  rows->faults = (guint)header.faults;
  for (guint i = 0; i < header.n_windows; i++, at += sizeof (Window)) {
    Window w;
    memcpy (&w, at, sizeof w);
    const EmotionWindow window = {.start = w.start,
                                  .length = w.length,
                                  .early = (gboolean)w.early,
                                  .partial = (gboolean)w.partial,
                                  .activity = {w.n_frames, w.n_speech, w.level}};
    g_array_append_val (rows->windows, window);
  }
  g_array_append_vals (rows->vectors, at, header.n_windows * header.n_features);
}

gboolean
training_row_cache_get (TrainingRowCache *self, const char *digest,
                        const TrainingAugmentation *augmentation, TrainingClipRows *rows)
{
  char *key = key_new (self, digest, augmentation), *path = path_new (self, key), *content;
  gsize size;
  GError *error = NULL;
  gboolean found = g_file_get_contents (path, &content, &size, &error);
  if (found) {
    found = check (self, key, content, size);
    if (found)
      unpack (content, rows);
    g_atomic_int_inc (found ? &self->n_found : &self->n_damaged);
    g_free (content);
  } else if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    g_atomic_int_inc (&self->n_damaged);
  }
  g_clear_error (&error);
  g_free (key);
  g_free (path);
  return found;
}

static GString *
pack (const TrainingRowCache *self, const char *key, const TrainingClipRows *rows)
{
  Header header = {.n_windows = rows->windows->len,
                   .n_features = self->extraction->features->n_features,
                   .faults = rows->faults};
  memcpy (header.magic, MAGIC, sizeof header.magic);
  g_strlcpy (header.key, key, sizeof header.key);
  g_strlcpy (header.hash, rows->hash, sizeof header.hash);
  GString *content = g_string_new_len ((const char *)&header, sizeof header);
  for (guint i = 0; i < rows->windows->len; i++) {
    const EmotionWindow *window = &g_array_index (rows->windows, EmotionWindow, i);
    const Window w = {window->start,
                      window->length,
                      (guint32)window->early,
                      (guint32)window->partial,
                      window->activity.n_frames,
                      window->activity.n_speech,
                      window->activity.level};
    g_string_append_len (content, (const char *)&w, sizeof w);
  }
  g_string_append_len (content, rows->vectors->data, (gssize)(rows->vectors->len * sizeof (float)));
  char *sum =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content->str, content->len);
  g_string_append (content, sum);
  g_free (sum);
  return content;
}

void
training_row_cache_put (TrainingRowCache *self, const char *digest,
                        const TrainingAugmentation *augmentation, const TrainingClipRows *rows)
{
  char *key = key_new (self, digest, augmentation), *path = path_new (self, key);
  GString *content = pack (self, key, rows);
  GError *error = NULL;
  training_interrupt_hold ();
  g_file_set_contents_full (path, content->str, (gssize)content->len,
                            G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error);
  training_interrupt_release ();
  if (error) {
    g_mutex_lock (&self->lock);
    if (!self->problem)
      self->problem = g_strdup (error->message);
    g_mutex_unlock (&self->lock);
    g_error_free (error);
  }
  g_string_free (content, TRUE);
  g_free (key);
  g_free (path);
}

guint
training_row_cache_count_found (const TrainingRowCache *self)
{
  return (guint)g_atomic_int_get (&self->n_found);
}

guint
training_row_cache_count_damaged (const TrainingRowCache *self)
{
  return (guint)g_atomic_int_get (&self->n_damaged);
}

const char *
training_row_cache_get_problem (const TrainingRowCache *self)
{
  return self->problem;
}
