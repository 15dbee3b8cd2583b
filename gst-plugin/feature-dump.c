/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature-dump.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <unistd.h>

#include "core/features/feature-csv.h"

struct _GstEmotionDump {
  char *path, *temporary;
  FILE *file;
  const EmotionFeatureSet *set; /* NULL before the first row */
  GString *line;
};

static gboolean
fail (GError **error, gint code, const char *path, const char *why)
{
  g_set_error (error, GST_RESOURCE_ERROR, code,
               "Cannot write the features to %s: %s. Set \"dump-features\" to a file in a writable "
               "folder.",
               path, why);
  return FALSE;
}

GstEmotionDump *
gst_emotion_dump_new (const char *path, GError **error)
{
  /* The dump would replace a device or a pipe instead of writing to it. */
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    fail (error, GST_RESOURCE_ERROR_OPEN_WRITE, path, "it is not a regular file");
    return NULL;
  }
  char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  gint fd = g_mkstemp_full (temporary, O_RDWR, 0666);
  if (fd < 0) {
    fail (error, GST_RESOURCE_ERROR_OPEN_WRITE, path, g_strerror (errno));
    g_free (temporary);
    return NULL;
  }
  GstEmotionDump *self = g_new0 (GstEmotionDump, 1);
  self->path = g_strdup (path);
  self->temporary = temporary;
  self->file = fdopen (fd, "w");
  self->line = g_string_new (NULL);
  return self;
}

gboolean
gst_emotion_dump_write (GstEmotionDump *self, const EmotionFeatureSet *set, const char *name,
                        double start, double duration, const float *vector, GError **error)
{
  if (self->set != NULL && self->set != set) {
    g_set_error (
        error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
        "The dump %s ends here: it has the features \"%s\", and the new model has \"%s\". Set "
        "\"dump-features\" to another file.",
        self->path, self->set->name, set->name);
    return FALSE;
  }
  g_string_truncate (self->line, 0);
  if (self->set == NULL)
    emotion_feature_csv_put_header (self->line, set);
  self->set = set;
  emotion_feature_csv_put_row (self->line, set, name, start, duration, vector);
  if (fwrite (self->line->str, self->line->len, 1, self->file) == 1)
    return TRUE;
  return fail (error, GST_RESOURCE_ERROR_WRITE, self->path, g_strerror (errno));
}

gboolean
gst_emotion_dump_close (GstEmotionDump *self, GError **error)
{
  gboolean written = !ferror (self->file);
  gboolean closed = fclose (self->file) == 0, stored = TRUE;
  if (!written || !closed)
    stored = fail (error, GST_RESOURCE_ERROR_WRITE, self->path, g_strerror (errno));
  else if (self->set != NULL && g_rename (self->temporary, self->path) != 0)
    stored = fail (error, GST_RESOURCE_ERROR_WRITE, self->path, g_strerror (errno));
  if (!stored || self->set == NULL)
    g_unlink (self->temporary);
  g_string_free (self->line, TRUE);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
  return stored;
}
