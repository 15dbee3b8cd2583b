/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Synthetic non-speech sounds: music, noise, tones, beeps, hums, dialling. The outlier gate learns
 * from them to refuse non-speech. Fixed seeds give all models the same sounds. The sounds differ in
 * tempo, key, parts, instruments and room, because diversity matters: trained on 11 sounds, a model
 * refused 60 % of game music; trained on these, nearly all (docs/experiments.md). */
#pragma once

#include "decode.h"

G_BEGIN_DECLS

#define TRAINING_SOUNDS_MUSIC 450 /* sounds of music, which come first */
#define TRAINING_SOUNDS 550       /* all sounds */

/* Synthesises sound `index` (0..TRAINING_SOUNDS - 1): mono, 16 kHz, 9 s for music, otherwise 6 s.
 * Free with training_audio_clear(). Any thread. */
void training_sound_make (guint index, TrainingAudio *audio);

G_END_DECLS
