/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionAdaptation: what one stream has told of its speaker, microphone and room: the running mean
 * of its vectors, the centre. Classifiers that were trained on vectors less their speaker's mean see a
 * vector less this centre.
 *
 * The centre is a maximum a posteriori estimate of a mean (Gauvain & Lee 1994): the training's centre
 * counts for `prior` seconds of speech, each window for the speech in it that no window before has
 * covered, the window that is being answered included. A stream that is mostly of one emotion has
 * another mean than its speaker, so `debias_weight` of what the emotion adds is taken off before: the
 * labels' mean offsets, weighted by the posteriors of the centred classifiers, in turns with the centre
 * (expectation maximisation, two turns). Whether a voice that hardly changes is a neutral one or always
 * sad, nobody can tell from it alone: the posteriors are weighted by how often labels are `expected`.
 * What lies back is forgotten exponentially with `memory` seconds of speech. Early partial windows are
 * answered but not kept, as full windows cover their samples.
 *
 * One thread at a time. Only new and free allocate. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct _EmotionAdaptation EmotionAdaptation;

/* New state for a stream that is heard with `model`, which is referenced. */
EmotionAdaptation *emotion_adaptation_new (EmotionModel *model);
void emotion_adaptation_free (EmotionAdaptation *self); /* NULL is fine */

/* Forgets what was heard: speech in frames to come counts, what windows have covered does not again. */
void emotion_adaptation_forget (EmotionAdaptation *self);

/* Windows count their frames from 0 again; what was heard is kept. */
void emotion_adaptation_restart (EmotionAdaptation *self);

/* Goes on with what `before`, of the same model, has heard. */
void emotion_adaptation_inherit (EmotionAdaptation *self, const EmotionAdaptation *before);

/* Takes the next window of the stream. Sets `centred` (n_features, valid until the next call) to its
 * vector less the centre, and returns the share, 0..1, that the centred classifiers have in its prediction. */
double emotion_adaptation_update (EmotionAdaptation *self, const EmotionWindow *window,
                                  const float **centred);

/* Seconds of speech that the centre rests on, without the prior; forgotten ones do not count. */
double emotion_adaptation_get_speech (const EmotionAdaptation *self);

G_END_DECLS
