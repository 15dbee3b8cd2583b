/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionResampler: mono float from any rate to EMOTION_SAMPLE_RATE, by speexdsp.
 *
 * Linear phase, its delay removed: output sample n is the input at time n / 16000 s. N input
 * samples give ceil (N * 16000 / rate) output samples in the end, the same for any chunking. One
 * thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _EmotionResampler EmotionResampler;

/* `rate` in EMOTION_MIN_RATE .. EMOTION_MAX_RATE. */
EmotionResampler *emotion_resampler_new (guint rate);
void emotion_resampler_free (EmotionResampler *self); /* NULL is fine */
void emotion_resampler_reset (EmotionResampler *self);

/* The most that one call gives for `n_in` input samples. */
gsize emotion_resampler_get_max_output (const EmotionResampler *self, gsize n_in);

/* Takes all of `in` and returns how many samples it wrote to `out`. */
gsize emotion_resampler_process (EmotionResampler *self, const float *in, gsize n_in, float *out);

/* The end: writes what is still owed, at most emotion_resampler_get_max_output (self, 0). */
gsize emotion_resampler_drain (EmotionResampler *self, float *out);

/* ceil (n * 16000 / rate), the output samples before the time of input sample n. */
guint64 emotion_resampler_scale (guint rate, guint64 n);

G_END_DECLS
