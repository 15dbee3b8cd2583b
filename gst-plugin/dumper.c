/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dumper.h"

void
gst_emotion_dumper_init (GstEmotionDumper *self, GstPad *sinkpad)
{
  self->sinkpad = sinkpad;
  g_mutex_init (&self->lock);
}

void
gst_emotion_dumper_clear (GstEmotionDumper *self)
{
  g_mutex_clear (&self->lock);
}

gboolean
gst_emotion_dumper_replace (GstEmotionDumper *self, GstEmotionDump *dump, GError **error)
{
  g_mutex_lock (&self->lock);
  GstEmotionDump *old = self->dump;
  self->dump = dump;
  g_mutex_unlock (&self->lock);
  return old == NULL || gst_emotion_dump_close (old, error);
}

/* The stream's file, or else its URI, or else its id. */
static const char *
get_stream_name (GstEmotionDumper *self, const char *stream_id)
{
  if (self->stream_name != NULL)
    return self->stream_name;
  GstQuery *query = gst_query_new_uri ();
  char *uri = NULL;
  if (gst_pad_peer_query (self->sinkpad, query))
    gst_query_parse_uri (query, &uri);
  gst_query_unref (query);
  if (uri != NULL)
    self->stream_name = g_filename_from_uri (uri, NULL, NULL);
  if (self->stream_name == NULL)
    self->stream_name = g_strdup (uri != NULL ? uri : stream_id);
  g_free (uri);
  return self->stream_name;
}

static gboolean
write_row (GstEmotionDump *dump, const GstEmotionResult *result, const char *name, GError **error)
{
  char *channel_name = NULL;
  if (result->analysis->n_channels > 1)
    name = channel_name = g_strdup_printf ("%s#channel=%d", name, result->channel->index);
  gboolean written =
      gst_emotion_dump_write (dump, emotion_model_get_features (result->analysis->model), name,
                              result->start, result->length, result->output->features, error);
  g_free (channel_name);
  return written;
}

static gboolean
has_dump (GstEmotionDumper *self)
{
  g_mutex_lock (&self->lock);
  gboolean has = self->dump != NULL;
  g_mutex_unlock (&self->lock);
  return has;
}

gboolean
gst_emotion_dumper_write (GstEmotionDumper *self, const GstEmotionResult *result,
                          const char *stream_id, GError **error)
{
  GstEmotionDump *broken = NULL;
  if (!has_dump (self))
    return TRUE;
  const char *name =
      get_stream_name (self, stream_id); /* queries upstream, hence without the lock */
  g_mutex_lock (&self->lock);
  if (self->dump != NULL && !write_row (self->dump, result, name, error))
    broken = g_steal_pointer (&self->dump);
  g_mutex_unlock (&self->lock);
  if (broken == NULL)
    return TRUE;
  gst_emotion_dump_close (broken, NULL);
  return FALSE;
}

void
gst_emotion_dumper_forget_stream (GstEmotionDumper *self)
{
  g_clear_pointer (&self->stream_name, g_free);
}
