/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionResampler: resamples mono float from any rate to EMOTION_SAMPLE_RATE, with speexdsp.
 *
 * Linear phase with the delay removed: output sample n is the input at time n / 16000 s. N input
 * samples give ceil (N * 16000 / rate) output samples in total, for any chunking. One thread at a
 * time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _EmotionResampler EmotionResampler;

/* `rate`: EMOTION_MIN_RATE .. EMOTION_MAX_RATE, Hz. */
EmotionResampler *emotion_resampler_new (guint rate);
void emotion_resampler_free (EmotionResampler *self); /* NULL is fine */
void emotion_resampler_reset (EmotionResampler *self);

/* Maximum number of output samples of one call with `n_in` input samples. */
gsize emotion_resampler_get_max_output (const EmotionResampler *self, gsize n_in);

/* Consumes all of `in`. Returns the number of samples written to `out`. */
gsize emotion_resampler_process (EmotionResampler *self, const float *in, gsize n_in, float *out);

/* Ends the signal: writes the remaining samples, at most emotion_resampler_get_max_output (self,
 * 0). Returns their number. */
gsize emotion_resampler_drain (EmotionResampler *self, float *out);

/* ceil (n * 16000 / rate), the number of output samples before the time of input sample n. */
guint64 emotion_resampler_scale (guint rate, guint64 n);

G_END_DECLS
