/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-reader.h"

#include <string.h>

GstEmotionChunk
gst_emotion_chunk_silence (const GstAudioInfo *info, gsize n_frames)
{
  return (GstEmotionChunk){.info = info, .n_frames = n_frames};
}

static GstEmotionReadStatus
open_planar (GstEmotionChunk *chunk, GstBuffer *buffer, gboolean silent)
{
  const GstAudioInfo *info = chunk->info;
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (meta == NULL || meta->info.layout != GST_AUDIO_LAYOUT_NON_INTERLEAVED ||
      meta->info.channels != info->channels || meta->info.bpf != info->bpf)
    return GST_EMOTION_READ_NO_PLANES;
  if (!silent && !gst_audio_buffer_map (&chunk->planes, info, buffer, GST_MAP_READ))
    return GST_EMOTION_READ_NOT_MAPPED;
  chunk->n_frames = meta->samples;
  chunk->planar = TRUE;
  chunk->buffer = silent ? NULL : buffer;
  return GST_EMOTION_READ_OK;
}

/* Appends `n` bytes, or zeros if `bytes` is NULL, to the incomplete frame. */
static void
add_rest (GstEmotionReader *self, const guint8 *bytes, gsize n)
{
  if (bytes != NULL)
    memcpy (self->rest + self->n_rest, bytes, n);
  else
    memset (self->rest + self->n_rest, 0, n);
  self->n_rest += n;
}

static GstEmotionReadStatus
open_interleaved (GstEmotionReader *self, GstEmotionChunk *chunk, GstBuffer *buffer,
                  gboolean silent)
{
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  gsize frame = (gsize)GST_AUDIO_INFO_BPF (chunk->info), size = gst_buffer_get_size (buffer);
  if (!silent && !gst_buffer_map (buffer, &chunk->map, GST_MAP_READ))
    return GST_EMOTION_READ_NOT_MAPPED;
  chunk->buffer = silent ? NULL : buffer;
  chunk->body = silent ? NULL : chunk->map.data;
  if (meta != NULL)
    size = MIN (size, meta->samples * frame);
  if (self->format != chunk->info->finfo)
    self->n_rest = 0;
  self->format = chunk->info->finfo;
  if (self->n_rest > 0) {
    gsize missing = MIN (frame - self->n_rest, size);
    add_rest (self, chunk->body, missing);
    chunk->n_head = self->n_rest == frame;
    chunk->body = silent ? NULL : chunk->body + missing;
    size -= missing;
  }
  chunk->n_frames = chunk->n_head + size / frame;
  chunk->n_tail = size % frame;
  return GST_EMOTION_READ_OK;
}

GstEmotionReadStatus
gst_emotion_reader_open (GstEmotionReader *self, GstEmotionChunk *chunk, const GstAudioInfo *info,
                         GstBuffer *buffer)
{
  gboolean silent = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  *chunk = gst_emotion_chunk_silence (info, 0);
  /* With one channel both layouts are the same. */
  if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED ||
      GST_AUDIO_INFO_CHANNELS (info) == 1)
    return open_interleaved (self, chunk, buffer, silent);
  return open_planar (chunk, buffer, silent);
}

void
gst_emotion_reader_close (GstEmotionReader *self, GstEmotionChunk *chunk)
{
  gsize whole = (chunk->n_frames - chunk->n_head) * (gsize)GST_AUDIO_INFO_BPF (chunk->info);
  if (chunk->n_head > 0)
    self->n_rest = 0;
  if (chunk->n_tail > 0)
    add_rest (self, chunk->body != NULL ? chunk->body + whole : NULL, chunk->n_tail);
  if (chunk->buffer == NULL)
    return;
  if (chunk->planar)
    gst_audio_buffer_unmap (&chunk->planes);
  else
    gst_buffer_unmap (chunk->buffer, &chunk->map);
}

gboolean
gst_emotion_reader_drop (GstEmotionReader *self)
{
  gboolean begun = self->n_rest > 0;
  self->n_rest = 0;
  return begun;
}

/* Converts `n` contiguous samples to every `stride`th float of `to`. */
static void
convert (GstEmotionReader *self, const GstAudioFormatInfo *format, const guint8 *from, gsize n,
         float *to, gsize stride)
{
  /* Missing low bits become zeros, not copies of the high bits, so that S16 is x / 2^15. */
  format->unpack_func (format, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, self->unpacked, from, (gint)n);
  if (format->unpack_format == GST_AUDIO_FORMAT_S32) {
    const gint32 *unpacked = (const gint32 *)self->unpacked;
    for (gsize i = 0; i < n; i++)
      to[i * stride] = (float)(unpacked[i] / 2147483648.0);
  } else {
    for (gsize i = 0; i < n; i++)
      to[i * stride] = (float)self->unpacked[i];
  }
}

gsize
gst_emotion_reader_read (GstEmotionReader *self, const GstEmotionChunk *chunk, gsize first)
{
  const GstAudioInfo *info = chunk->info;
  gsize channels = (gsize)GST_AUDIO_INFO_CHANNELS (info);
  gsize n = MIN (chunk->n_frames - first, GST_EMOTION_BLOCK_SAMPLES / channels);
  self->channels = channels;

  if (chunk->buffer == NULL) {
    memset (self->frames, 0, n * channels * sizeof *self->frames);
  } else if (chunk->planar) {
    gsize width = (gsize)GST_AUDIO_INFO_WIDTH (info) / 8;
    for (gsize c = 0; c < channels; c++) {
      const guint8 *from = chunk->planes.planes[c];
      convert (self, info->finfo, from + first * width, n, self->frames + c, channels);
    }
  } else if (first < chunk->n_head) {
    n = 1;
    convert (self, info->finfo, self->rest, channels, self->frames, 1);
  } else {
    const guint8 *from = chunk->body + (first - chunk->n_head) * (gsize)GST_AUDIO_INFO_BPF (info);
    convert (self, info->finfo, from, n * channels, self->frames, 1);
  }
  return n;
}

const float *
gst_emotion_reader_get (GstEmotionReader *self, gint channel, gsize first, gsize n)
{
  const float *from = self->frames + first * self->channels;
  if (channel < 0)
    return from;
  for (gsize i = 0; i < n; i++)
    self->channel[i] = from[i * self->channels + (gsize)channel];
  return self->channel;
}
