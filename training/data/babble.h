/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Babble noise: several other speakers of a corpus, talking at once. */
#pragma once

#include "corpus.h"
#include "training/audio/decode.h"

G_BEGIN_DECLS

typedef struct _TrainingBabble TrainingBabble;

/* Decodes clips drawn at random (seeded) from as many speakers as possible. Without known speakers
 * each clip counts as a speaker. NULL with TRAINING_ERROR_DATA when there are fewer than 3
 * speakers, or MEDIA_ERROR_DECODE. `corpus` must outlive the result. */
TrainingBabble *training_babble_new (const TrainingCorpus *corpus, guint32 seed, GError **error);
void training_babble_free (TrainingBabble *self); /* NULL is fine */

/* Adds clips of other speakers to the clip's `audio`, all at equal power, at a signal-to-noise
 * ratio of `snr` dB over the whole clip. `seed` selects the clips and their start positions. Any
 * thread. */
void training_babble_add (const TrainingBabble *self, const TrainingClip *clip,
                          TrainingAudio *audio, double snr, guint32 seed);

G_END_DECLS
