/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decode.h"

#include <gst/app/app.h>
#include <gst/audio/audio.h>
#include <math.h>
#include <string.h>

#include "media/error.h"
#include "media/play.h"
#include "training/base/error.h"

typedef struct {
  TrainingBlockFunc func;
  gpointer data;
  GError *error;       /* from `func` */
  TrainingAudio audio; /* samples and frames are those of the current block */
  gsize room;          /* floats allocated */
  guint64 n_frames;    /* so far */
  GstAudioInfo info;   /* of the incoming buffers */
} Decoding;

/* Converts samples as audioconvert does, which does not support 64 channels. */
static void
convert (const GstAudioFormatInfo *format, const guint8 *from, gsize n, float *to)
{
  enum { BLOCK = 1024 };
  union {
    gint32 integers[BLOCK];
    double floats[BLOCK];
  } block;
  const gsize width = (gsize)GST_AUDIO_FORMAT_INFO_WIDTH (format) / 8;
  for (gsize first = 0; first < n; first += BLOCK) {
    const gsize size = MIN (BLOCK, n - first);
    format->unpack_func (format, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, &block, from + first * width,
                         (gint)size);
    for (gsize i = 0; i < size; i++)
      to[first + i] = format->unpack_format == GST_AUDIO_FORMAT_F64
                          ? (float)block.floats[i]
                          : (float)(block.integers[i] / 2147483648.0);
  }
}

static gboolean
take_block (Decoding *decoding, const guint8 *samples, gsize n_frames)
{
  TrainingAudio *block = &decoding->audio;
  const gsize n = n_frames * block->channels;
  if (n_frames == 0)
    return TRUE;
  if (n > decoding->room) {
    g_free (block->samples);
    block->samples = g_new (float, n);
    decoding->room = n;
  }
  convert (decoding->info.finfo, samples, n, block->samples);
  block->n_frames = n_frames;
  decoding->n_frames += n_frames;
  return decoding->func (block, decoding->data, &decoding->error);
}

/* Clips the buffer to the segment, as GstAudioFilter does for the element. */
static GstFlowReturn
take_buffer (GstElement *sink, Decoding *decoding, GstBuffer *buffer, const GstSegment *segment)
{
  const guint frame_size = (guint)GST_AUDIO_INFO_BPF (&decoding->info);
  gst_buffer_ref (buffer);
  if (segment->format == GST_FORMAT_TIME)
    buffer = gst_audio_buffer_clip (buffer, segment, decoding->audio.rate, frame_size);
  if (!buffer)
    return GST_FLOW_OK;

  GstMapInfo map;
  GstFlowReturn flow = GST_FLOW_ERROR;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (sink, RESOURCE, READ, ("cannot read its decoded samples"), (NULL));
  } else {
    if (take_block (decoding, map.data, map.size / frame_size))
      flow = GST_FLOW_OK;
    else
      GST_ELEMENT_ERROR (sink, LIBRARY, FAILED, ("%s", decoding->error->message), (NULL));
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  return flow;
}

static GstFlowReturn
take_sample (GstAppSink *sink, gpointer data)
{
  Decoding *decoding = data;
  TrainingAudio *audio = &decoding->audio;
  GstSample *sample = gst_app_sink_pull_sample (sink);
  if (!sample)
    return GST_FLOW_FLUSHING;

  GstFlowReturn flow = GST_FLOW_NOT_NEGOTIATED;
  GstAudioInfo *info = &decoding->info;
  if (gst_audio_info_from_caps (info, gst_sample_get_caps (sample))) {
    const guint rate = (guint)info->rate, channels = (guint)info->channels;
    if (audio->rate == 0) {
      audio->rate = rate;
      audio->channels = channels;
      gst_audio_channel_positions_to_mask (info->position, info->channels, TRUE, &audio->positions);
    }
    if (rate == audio->rate && channels == audio->channels) {
      flow = take_buffer (GST_ELEMENT (sink), decoding, gst_sample_get_buffer (sample),
                          gst_sample_get_segment (sample));
    } else {
      GST_ELEMENT_ERROR (
          sink, STREAM, FORMAT,
          ("changes from %u Hz, %u channel(s) to %u Hz, %u channel(s) after %" G_GUINT64_FORMAT
           " frames; split the file there",
           audio->rate, audio->channels, rate, channels, decoding->n_frames),
          (NULL));
      flow = GST_FLOW_ERROR;
    }
  }
  gst_sample_unref (sample);
  return flow;
}

static GstElement *
make_sink (Decoding *decoding)
{
  GstElement *sink = gst_element_factory_make ("appsink", NULL);
  if (!sink)
    return NULL;
  GstCaps *wanted =
      gst_caps_new_simple ("audio/x-raw", "layout", G_TYPE_STRING, "interleaved", NULL);
  g_object_set (sink, "caps", wanted, "sync", FALSE, "enable-last-sample", FALSE, NULL);
  gst_caps_unref (wanted);
  GstAppSinkCallbacks callbacks = {.new_sample = take_sample};
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, decoding, NULL);
  return sink;
}

gboolean
training_decode_blocks (const char *path, TrainingBlockFunc func, gpointer data, GError **error)
{
  Decoding decoding = {.func = func, .data = data};
  gboolean decoded = media_play (path, make_sink (&decoding), NULL, NULL, error);
  if (decoding.error) {
    g_clear_error (error);
    g_propagate_prefixed_error (error, decoding.error, "%s: ", media_play_name (path));
    decoded = FALSE;
  } else if (decoded && decoding.n_frames == 0) {
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE, "%s: has no audio samples",
                 media_play_name (path));
    decoded = FALSE;
  }
  g_free (decoding.audio.samples);
  return decoded;
}

typedef struct {
  TrainingAudio audio;
  gsize room;    /* floats allocated */
  guint minutes; /* at most; 0: any */
} Holding;

static gboolean
hold_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Holding *holding = data;
  TrainingAudio *audio = &holding->audio;
  const gsize used = audio->n_frames * block->channels, n = block->n_frames * block->channels;
  const gsize max = TRAINING_MAX_HELD / sizeof (float);
  if (n > max - used) {
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_LENGTH,
        "too long: at most %.0f minutes of %u channel(s) at %u Hz fit in memory; split the file",
        floor ((double)max / block->channels / block->rate / 60), block->channels, block->rate);
    return FALSE;
  }
  if (holding->minutes > 0 &&
      audio->n_frames + block->n_frames > (gsize)holding->minutes * 60 * block->rate) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_LENGTH,
                 "longer than %u minutes, the limit for a whole file; split the file",
                 holding->minutes);
    return FALSE;
  }
  if (n > holding->room - used) {
    holding->room = MIN (MAX (used + n, 2 * holding->room), max);
    audio->samples = g_renew (float, audio->samples, holding->room);
  }
  memcpy (audio->samples + used, block->samples, n * sizeof (float));
  audio->rate = block->rate;
  audio->channels = block->channels;
  audio->positions = block->positions;
  audio->n_frames += block->n_frames;
  return TRUE;
}

gboolean
training_decode (const char *path, TrainingAudio *audio, GError **error)
{
  return training_decode_minutes (path, 0, audio, error);
}

gboolean
training_decode_minutes (const char *path, guint minutes, TrainingAudio *audio, GError **error)
{
  Holding holding = {.minutes = minutes};
  const gboolean decoded = training_decode_blocks (path, hold_block, &holding, error);
  if (!decoded)
    training_audio_clear (&holding.audio);
  *audio = holding.audio;
  return decoded;
}

void
training_audio_clear (TrainingAudio *audio)
{
  g_free (audio->samples);
  memset (audio, 0, sizeof *audio);
}

void
training_audio_hash_add (GChecksum **checksum, const TrainingAudio *block)
{
  if (!*checksum) {
    const guint32 format[] = {GUINT32_TO_LE (block->rate), GUINT32_TO_LE (block->channels)};
    const guint64 positions = GUINT64_TO_LE (block->positions);
    *checksum = g_checksum_new (G_CHECKSUM_SHA256);
    g_checksum_update (*checksum, (const guchar *)format, sizeof format);
    if (block->channels > 2) /* mono and stereo have one mix each */
      g_checksum_update (*checksum, (const guchar *)&positions, sizeof positions);
  }
  g_checksum_update (*checksum, (const guchar *)block->samples,
                     (gssize)(block->n_frames * block->channels * sizeof (float)));
}

void
training_audio_hash (const TrainingAudio *audio, char hash[65])
{
  GChecksum *checksum = NULL;
  training_audio_hash_add (&checksum, audio);
  g_strlcpy (hash, g_checksum_get_string (checksum), 65);
  g_checksum_free (checksum);
}
