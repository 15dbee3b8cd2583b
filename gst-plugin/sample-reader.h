/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw audio of any format and layout as blocks of interleaved float, full scale 1. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* Samples per block over all channels: at least 32 frames of the 64 channels that are allowed. */
#define GST_EMOTION_BLOCK_SAMPLES 2048
#define GST_EMOTION_MAX_FRAME_SIZE (64 * sizeof (double))

typedef struct {
  gsize channels;                          /* of the block that was read last ... */
  float frames[GST_EMOTION_BLOCK_SAMPLES]; /* ... and the block itself */
  float channel[GST_EMOTION_BLOCK_SAMPLES];
  double unpacked[GST_EMOTION_BLOCK_SAMPLES];
  guint8 rest[GST_EMOTION_MAX_FRAME_SIZE]; /* the begin of a frame that the next buffer continues */
  gsize n_rest;                            /* bytes of it ... */
  const GstAudioFormatInfo *format;        /* ... in this format */
} GstEmotionReader;

/* What there is to read: a buffer, or silence. */
typedef struct {
  const GstAudioInfo *info;
  gsize n_frames; /* samples per channel */
  /* The following are only of an open buffer. */
  GstBuffer *buffer; /* NULL: silence */
  gboolean planar;
  GstAudioBuffer planes;
  GstMapInfo map;
  const guint8 *body; /* the whole frames in the buffer */
  gsize n_head;       /* 1: before these comes the frame that the last buffer began */
  gsize n_tail;       /* bytes after them */
} GstEmotionChunk;

typedef enum {
  GST_EMOTION_READ_OK,
  GST_EMOTION_READ_NOT_MAPPED,
  GST_EMOTION_READ_NO_PLANES, /* planar, and nothing says where its planes are */
} GstEmotionReadStatus;

/* `n_frames` of silence. */
GstEmotionChunk gst_emotion_chunk_silence (const GstAudioInfo *info, gsize n_frames);

/* Opens `buffer`; unless that fails, close the chunk before the next one is opened. Interleaved
 * buffers need not hold whole frames: bytes left over are kept for the next buffer. */
GstEmotionReadStatus gst_emotion_reader_open (GstEmotionReader *self, GstEmotionChunk *chunk,
                                              const GstAudioInfo *info, GstBuffer *buffer);
void gst_emotion_reader_close (GstEmotionReader *self, GstEmotionChunk *chunk);

/* The next buffer does not continue the last: forgets the frame that was begun; FALSE if none was. */
gboolean gst_emotion_reader_drop (GstEmotionReader *self);

/* Converts the block that begins at frame `first` and returns its length in frames: as many as
 * there are, up to a block. */
gsize gst_emotion_reader_read (GstEmotionReader *self, const GstEmotionChunk *chunk, gsize first);

/* `n` frames from the block's frame `first` on: of one channel, or interleaved of all if `channel`
 * is -1. Valid until the next call. */
const float *gst_emotion_reader_get (GstEmotionReader *self, gint channel, gsize first, gsize n);

G_END_DECLS
