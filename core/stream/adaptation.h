/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionAdaptation: the running mean of a stream's feature vectors, an estimate of the mean of its
 * speaker, microphone and room. Centred classifiers were trained on vectors minus their speaker's
 * mean. They get each vector minus this estimate, the speaker mean.
 *
 * The speaker mean is a maximum a posteriori (MAP) estimate (Gauvain & Lee 1994). The training mean
 * (`centre`) weighs as much as `prior` seconds of speech. Each window, including the current one,
 * is weighted by its seconds of speech not covered by earlier windows.
 *
 * A stream that is mostly of one emotion has a different mean than its speaker. So `debias_weight`
 * times the expected offset of the emotion is subtracted first: the mean offsets of the labels,
 * weighted by the posteriors of the centred classifiers. Offset and speaker mean are estimated in
 * turns (expectation maximisation, two iterations). A voice that hardly changes may be neutral or
 * always sad; the audio alone cannot decide that. Therefore the posteriors are weighted by
 * `expected`, the expected frequency of each label.
 *
 * Older speech is forgotten exponentially, with a time constant of `memory` seconds of speech.
 * Early partial windows are scored but do not update the estimate, because full windows cover their
 * samples.
 *
 * One thread at a time. Only new and free allocate. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct _EmotionAdaptation EmotionAdaptation;

/* New state for a stream scored by `model`. Takes a reference to `model`. */
EmotionAdaptation *emotion_adaptation_new (EmotionModel *model);
void emotion_adaptation_free (EmotionAdaptation *self); /* NULL is fine */

/* Forgets the estimate. Frames that earlier windows covered stay covered: only the speech of later
 * frames counts. */
void emotion_adaptation_forget (EmotionAdaptation *self);

/* Windows count their frames from 0 again. The estimate is kept. */
void emotion_adaptation_restart (EmotionAdaptation *self);

/* Copies the estimate of `before`, which must have the same model. */
void emotion_adaptation_inherit (EmotionAdaptation *self, const EmotionAdaptation *before);

/* Processes the next window of the stream. Sets `centred` (n_features, valid until the next call)
 * to its vector minus the speaker mean. Returns the weight, 0..1, of the centred classifiers for
 * this window. */
double emotion_adaptation_update (EmotionAdaptation *self, const EmotionWindow *window,
                                  const float **centred);

/* Seconds of speech behind the speaker mean, without the prior and without forgotten speech. */
double emotion_adaptation_get_speech (const EmotionAdaptation *self);

G_END_DECLS
