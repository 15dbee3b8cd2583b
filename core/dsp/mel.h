/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mel filterbank and cepstral transform.
 *
 * Triangles of height 1 whose corners are equally spaced in mel = 2595 log10 (1 + f / 700)
 * (O'Shaughnessy 1987), and the orthonormal DCT-II (Davis & Mermelstein 1980). Immutable after new;
 * any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _EmotionMel EmotionMel;

/* A new filterbank of `n_bands` bands from `low` to `high` Hz over the fft_size / 2 + 1 bins of a
 * spectrum at the analysis rate, with `n_cepstra` <= n_bands cepstral coefficients. */
EmotionMel *emotion_mel_new (guint n_bands, guint fft_size, double low, double high,
                             guint n_cepstra);
void emotion_mel_free (EmotionMel *self); /* NULL is fine */

/* bands[b] = sum of `power` weighted by the triangle of band b. */
void emotion_mel_bands (const EmotionMel *self, const float *power, float *bands);

/* The first n_cepstra coefficients of the DCT-II of `log_bands`. */
void emotion_mel_cepstra (const EmotionMel *self, const float *log_bands, float *cepstra);

G_END_DECLS
