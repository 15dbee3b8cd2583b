/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chroma: the strength of each of the twelve pitch classes in a spectrum, C first, and descriptors
 * derived from it. A chromagram is n rows of EMOTION_CHROMA numbers, one row per frame. Functions
 * without `self` are pure. */
#pragma once

#include <glib.h>

#include "constant-q.h"

G_BEGIN_DECLS

#define EMOTION_CHROMA 12
#define EMOTION_TONNETZ 6

/* Weights from a magnitude spectrum to pitch classes (Ellis 2007, "Chroma feature analysis and
 * synthesis"): a Gaussian around each semitone, normalised to unit norm over the classes of a bin,
 * times a Gaussian over octaves with its centre 5 octaves above 27.5 Hz and a deviation of 2
 * octaves. One thread at a time. */
typedef struct _EmotionChromaBank EmotionChromaBank;

EmotionChromaBank *emotion_chroma_bank_new (void);
void emotion_chroma_bank_free (EmotionChromaBank *self); /* NULL is fine */

/* Computes the weights for a tuning in hundredths of a semitone. Does not allocate. */
void emotion_chroma_bank_tune (EmotionChromaBank *self, gint tuning);

/* The chromagram of n rows of magnitudes, which are EMOTION_STFT_STRIDE floats apart. */
void emotion_chroma_bank_apply (const EmotionChromaBank *self, const float *magnitude, guint n,
                                float *chroma);

/* The chromagram of n constant-Q spectra: sums of the magnitudes of the three bins around each
 * semitone, over all octaves. */
void emotion_chroma_fold (const float *magnitudes, guint n, float *chroma);

/* Divides each frame by its largest value. All-zero frames stay. */
void emotion_chroma_normalize (float *chroma, guint n);

/* Chroma energy normalised statistics, CENS (Mueller, Kurth & Clausen 2005; Mueller & Ewert 2011,
 * "Chroma Toolbox"): the fraction of each class in its frame, quantised with steps at 0.05, 0.1,
 * 0.2 and 0.4, smoothed over 41 frames by a Hann window, each frame normalised to unit norm.
 * `quantised` is scratch memory of the same size. */
void emotion_chroma_cens (const float *chroma, guint n, float *quantised, float *cens);

/* Tonal centroid (Harte, Sandler & Gasser 2006, "Detecting harmonic change in musical audio"):
 * projections on the circles of fifths, minor thirds and major thirds, with radius 1, 1 and 1/2.
 * Writes n rows of EMOTION_TONNETZ. */
void emotion_chroma_tonnetz (const float *chroma, guint n, float *tonnetz);

G_END_DECLS
