/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionMix: how the channels of a stream become one.
 *
 * One or two channels, and any number without positions, count alike: their mean. Low-frequency channels
 * (LFE) are left out, unless there is nothing else. What is left of more than two channels is the mean of
 * its downmix to stereo by ITU-R BS.775-3, table 2: the front left and right count 1, the front centre and
 * all that is behind or above 0.7071 in each of both sides or in its own. So a stream has the same level
 * and the same proportions as its stereo version, and speech in the centre, where film and broadcast have
 * it, has the level of speech that stereo plays between both sides, less 3 dB. */
#pragma once

#include <glib.h>

#include "core/base/audio.h"

G_BEGIN_DECLS

typedef struct {
  guint channels;
  float scale;
  float weights[EMOTION_MAX_CHANNELS]; /* times `scale` */
} EmotionMix;

/* `channels` from 1 to EMOTION_MAX_CHANNELS. `positions` has a bit for each of them, in order, as in SMPTE
 * ST 2036-2 and GStreamer's channel-mask: 0 front left, 1 front right, 2 front centre, 3 LFE, ...; with
 * another number of bits, such as none, the channels have no positions. */
void emotion_mix_init (EmotionMix *self, guint channels, guint64 positions);

/* Mixes `n` interleaved frames. Samples that are not finite, or beyond 1e6, count as 0; returns how many. */
gsize emotion_mix_apply (const EmotionMix *self, const float *frames, gsize n, float *mono);

G_END_DECLS
