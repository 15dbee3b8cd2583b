/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pitch classes: how much of a spectrum lies on each of the twelve semitones, C first, and what is
 * derived from that. A chromagram is n rows of EMOTION_CHROMA numbers, one per frame. Functions
 * without `self` are pure. */
#pragma once

#include <glib.h>

#include "constant-q.h"

G_BEGIN_DECLS

#define EMOTION_CHROMA 12
#define EMOTION_TONNETZ 6

/* Weights that map a magnitude spectrum to pitch classes (Ellis 2007, "Chroma feature analysis and
 * synthesis"): a Gaussian around each semitone, of unit norm over the classes of a bin, times a
 * Gaussian over octaves around 5 octaves above 27.5 Hz with a deviation of 2. */
typedef struct _EmotionChromaBank EmotionChromaBank;

EmotionChromaBank *emotion_chroma_bank_new (void);
void emotion_chroma_bank_free (EmotionChromaBank *self); /* NULL is fine */

/* Computes the weights for a tuning in hundredths of a semitone. Does not allocate. */
void emotion_chroma_bank_tune (EmotionChromaBank *self, gint tuning);

/* The chromagram of n rows of magnitudes, EMOTION_STFT_STRIDE apart. */
void emotion_chroma_bank_apply (const EmotionChromaBank *self, const float *magnitude, guint n,
                                float *chroma);

/* Sums the magnitudes of n constant-Q spectra: the three bins around each semitone, all octaves. */
void emotion_chroma_fold (const float *magnitudes, guint n, float *chroma);

/* Divides each frame by its largest value; zeros stay. */
void emotion_chroma_normalize (float *chroma, guint n);

/* Chroma energy normalised statistics (Mueller, Kurth & Clausen 2005; Mueller & Ewert 2011, "Chroma
 * Toolbox"): shares of each class, quantised to steps at 0.05, 0.1, 0.2 and 0.4, smoothed over 41
 * frames by a Hann window, each frame of unit norm. `quantised` is memory of the same size. */
void emotion_chroma_cens (const float *chroma, guint n, float *quantised, float *cens);

/* Tonal centroid (Harte, Sandler & Gasser 2006, "Detecting harmonic change in musical audio"):
 * projections on the circles of fifths, of minor and of major thirds (of radius 1, 1 and 1/2); n rows of EMOTION_TONNETZ. */
void emotion_chroma_tonnetz (const float *chroma, guint n, float *tonnetz);

G_END_DECLS
