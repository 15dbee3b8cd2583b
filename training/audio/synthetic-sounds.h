/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made sounds that are no speech: pieces of music, noise, tones, beeps, hums, dialling. From them a model
 * learns what it must not prediction. They are drawn anew from fixed seeds, so that all models know the same
 * ones; no two are alike in tempo, key, parts, instruments or room, as it is their diversity that counts:
 * learned from 11 sounds, a model refused 60 % of game music, from these nearly all (docs/experiments.md). */
#pragma once

#include "decode.h"

G_BEGIN_DECLS

#define TRAINING_SOUNDS_MUSIC 450 /* the first ones */
#define TRAINING_SOUNDS 550       /* with the others */

/* Makes sound `index` (0..TRAINING_SOUNDS - 1): mono, 16 kHz, 9 s of music or 6 s; free with
 * training_audio_clear(). Any thread. */
void training_sound_make (guint index, TrainingAudio *audio);

G_END_DECLS
