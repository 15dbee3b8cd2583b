/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Babble: the voices of other speakers of a corpus, talking at once, as noise. */
#pragma once

#include "corpus.h"
#include "training/audio/decode.h"

G_BEGIN_DECLS

typedef struct _TrainingBabble TrainingBabble;

/* Decodes clips drawn at random, seeded, of as many speakers as there are; without known speakers
 * each clip counts as one. NULL with TRAINING_ERROR_DATA when there are fewer than 3 speakers, or
 * MEDIA_ERROR_DECODE. `corpus` must outlive it. */
TrainingBabble *training_babble_new (const TrainingCorpus *corpus, guint32 seed, GError **error);
void training_babble_free (TrainingBabble *self); /* NULL is fine */

/* Adds voices of other speakers than the clip's to its `audio`, all alike in power, at a
 * signal-to-noise ratio of `snr` dB over the whole; which and from where, is by `seed`. Any thread. */
void training_babble_add (const TrainingBabble *self, const TrainingClip *clip,
                          TrainingAudio *audio, double snr, guint32 seed);

G_END_DECLS
