/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts raw audio of any format and layout to blocks of interleaved floats with full scale 1. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* Samples of all channels in a block: 32 frames of 64 channels, which is the maximum. */
#define GST_EMOTION_BLOCK_SAMPLES 2048
#define GST_EMOTION_MAX_FRAME_SIZE (64 * sizeof (double))

typedef struct {
  gsize channels;                          /* of the latest block ... */
  float frames[GST_EMOTION_BLOCK_SAMPLES]; /* ... and the block itself */
  float channel[GST_EMOTION_BLOCK_SAMPLES];
  double unpacked[GST_EMOTION_BLOCK_SAMPLES];
  guint8 rest[GST_EMOTION_MAX_FRAME_SIZE]; /* an incomplete frame that the next buffer continues */
  gsize n_rest;                            /* its length in bytes ... */
  const GstAudioFormatInfo *format;        /* ... and its format */
} GstEmotionReader;

/* A source of samples: a buffer, or silence. */
typedef struct {
  const GstAudioInfo *info;
  gsize n_frames; /* samples per channel */
  /* The following are for an open buffer only. */
  GstBuffer *buffer; /* NULL: silence */
  gboolean planar;
  GstAudioBuffer planes;
  GstMapInfo map;
  const guint8 *body; /* the whole frames in the buffer */
  gsize n_head;       /* 1: they follow a frame that the last buffer has begun; else 0 */
  gsize n_tail;       /* bytes of an incomplete frame after them */
} GstEmotionChunk;

typedef enum {
  GST_EMOTION_READ_OK,
  GST_EMOTION_READ_NOT_MAPPED,
  GST_EMOTION_READ_NO_PLANES, /* planar without a GstAudioMeta for the places of the planes */
} GstEmotionReadStatus;

/* `n_frames` of silence. */
GstEmotionChunk gst_emotion_chunk_silence (const GstAudioInfo *info, gsize n_frames);

/* Opens `buffer`. If that succeeds, the chunk must be closed before the next one is opened.
 * Interleaved buffers may end within a frame: its bytes are kept for the next buffer. */
GstEmotionReadStatus gst_emotion_reader_open (GstEmotionReader *self, GstEmotionChunk *chunk,
                                              const GstAudioInfo *info, GstBuffer *buffer);
void gst_emotion_reader_close (GstEmotionReader *self, GstEmotionChunk *chunk);

/* Drops an incomplete frame, as the next buffer does not continue it. FALSE if there was none. */
gboolean gst_emotion_reader_drop (GstEmotionReader *self);

/* Converts the block that begins at frame `first` of the chunk and returns its length in frames.
 * The last block of a chunk can be shorter. */
gsize gst_emotion_reader_read (GstEmotionReader *self, const GstEmotionChunk *chunk, gsize first);

/* Returns `n` frames of the block from frame `first` on: of one channel, or of all channels
 * interleaved if `channel` is -1. Valid until the next call. */
const float *gst_emotion_reader_get (GstEmotionReader *self, gint channel, gsize first, gsize n);

G_END_DECLS
