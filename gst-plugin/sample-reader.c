/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-reader.h"

#include <string.h>

gsize
gst_emotion_reader_count (const GstAudioInfo *info, GstBuffer *buffer)
{
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (meta != NULL)
    return meta->samples;
  if (GST_AUDIO_INFO_LAYOUT (info) != GST_AUDIO_LAYOUT_INTERLEAVED)
    return 0;
  return gst_buffer_get_size (buffer) / GST_AUDIO_INFO_BPF (info);
}

/* Converts `n` contiguous samples to every `stride`th float of `to`. */
static void
convert (GstEmotionReader *self, const GstAudioFormatInfo *format, const guint8 *from, gsize n,
         float *to, gsize stride)
{
  /* Missing low bits become zeros, not copies of the high ones: x / 2^15 for S16. */
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
gst_emotion_reader_read (GstEmotionReader *self, const GstAudioInfo *info,
                         const GstAudioBuffer *audio, gsize first, gsize n_frames)
{
  gsize channels = (gsize)GST_AUDIO_INFO_CHANNELS (info);
  gsize n = MIN (n_frames - first, GST_EMOTION_BLOCK_SAMPLES / channels);
  self->channels = channels;

  if (audio == NULL) {
    memset (self->frames, 0, n * channels * sizeof *self->frames);
  } else if (GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED) {
    const guint8 *from = audio->planes[0];
    convert (self, info->finfo, from + first * (gsize)GST_AUDIO_INFO_BPF (info), n * channels,
             self->frames, 1);
  } else {
    gsize width = (gsize)GST_AUDIO_INFO_WIDTH (info) / 8;
    for (gsize c = 0; c < channels; c++) {
      const guint8 *from = audio->planes[c];
      convert (self, info->finfo, from + first * width, n, self->frames + c, channels);
    }
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
