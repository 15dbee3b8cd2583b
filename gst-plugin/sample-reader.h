/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw audio of any format and layout as blocks of interleaved float, full scale 1. */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/* Samples per block over all channels: at least 32 frames of the 64 channels that are allowed. */
#define GST_EMOTION_BLOCK_SAMPLES 2048

typedef struct {
  gsize channels;                          /* of the block that was read last ... */
  float frames[GST_EMOTION_BLOCK_SAMPLES]; /* ... and the block itself */
  float channel[GST_EMOTION_BLOCK_SAMPLES];
  double unpacked[GST_EMOTION_BLOCK_SAMPLES];
} GstEmotionReader;

/* The frames (samples per channel) in `buffer`, found without mapping it; 0 if it is planar and
 * does not say where its planes are. */
gsize gst_emotion_reader_count (const GstAudioInfo *info, GstBuffer *buffer);

/* Converts the block that begins at frame `first` and returns its length in frames: as many as
 * there are, up to a block. `audio` NULL stands for a buffer of `n_frames` zeros. */
gsize gst_emotion_reader_read (GstEmotionReader *self, const GstAudioInfo *info,
                               const GstAudioBuffer *audio, gsize first, gsize n_frames);

/* `n` frames from the block's frame `first` on: of one channel, or interleaved of all if `channel`
 * is -1. Valid until the next call. */
const float *gst_emotion_reader_get (GstEmotionReader *self, gint channel, gsize first, gsize n);

G_END_DECLS
