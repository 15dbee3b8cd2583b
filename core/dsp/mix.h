/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionMix: the downmix of a stream's channels to mono.
 *
 * One or two channels, or any number without positions, are averaged. Low-frequency channels (LFE)
 * are left out unless there are no others. More than two channels are mixed to stereo by ITU-R
 * BS.775-3, table 2, and the two sides are averaged: front left and right have the weight 1; the
 * front centre and all channels behind or above have 0.7071, on both sides or on their own side. So
 * a stream has the same level and balance as its stereo version. Speech in the centre, where film
 * and broadcast put it, is 3 dB below speech that a stereo signal plays equally on both sides. */
#pragma once

#include <glib.h>

#include "core/base/audio.h"

G_BEGIN_DECLS

typedef struct {
  guint channels;
  float scale;
  float weights[EMOTION_MAX_CHANNELS]; /* the mix is `scale` times the weighted sum */
} EmotionMix;

/* `channels` is 1 to EMOTION_MAX_CHANNELS. `positions` has one bit per channel, in order, as in
 * SMPTE ST 2036-2 and GStreamer's channel-mask: 0 front left, 1 front right, 2 front centre, 3 LFE,
 * ... With any other number of bits, such as none, the channels have no positions. */
void emotion_mix_init (EmotionMix *self, guint channels, guint64 positions);

/* Mixes `n` interleaved frames to `mono`. Samples that are not finite or beyond +-1e6 count as 0.
 * Returns the number of such samples. */
gsize emotion_mix_apply (const EmotionMix *self, const float *frames, gsize n, float *mono);

G_END_DECLS
