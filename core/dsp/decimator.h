/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Halves the sample rate of a signal. Linear phase, no delay: output i is the low-passed input at
 * sample 2 i. The signal is zero beyond its ends. The pass band ends at 0.914 of the new Nyquist
 * frequency, and the stop band of -126 dB begins at the new Nyquist frequency. The filter is a
 * Kaiser window design (Kaiser 1974) with the parameters of the published system's resampler,
 * because sounds near the band edge leak a little into constant-Q bins far below. One thread at a
 * time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _EmotionDecimator EmotionDecimator;

EmotionDecimator *emotion_decimator_new (void);
void emotion_decimator_free (EmotionDecimator *self); /* NULL is fine */

/* Writes (n + 1) / 2 samples to `out`, which must not overlap `x`. */
void emotion_decimator_process (EmotionDecimator *self, const float *x, gsize n, float *out);

G_END_DECLS
