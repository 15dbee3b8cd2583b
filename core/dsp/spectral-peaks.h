/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peaks of magnitude spectra between 150 and 4000 Hz, their places and heights by a parabola
 * through three bins (Smith & Serra 1987, "PARSHL"), and the tuning that most of them agree on.
 *
 * A peak is higher than its lower neighbour, not lower than its upper one, and above a tenth of the
 * largest magnitude of its frame. One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n;
  float *hz, *height; /* n each */
} EmotionPeaks;

/* Room for the peaks of `max_frames` frames. */
EmotionPeaks *emotion_peaks_new (guint max_frames);
void emotion_peaks_free (EmotionPeaks *self); /* NULL is fine */

/* The most peaks that so many frames can have. */
gsize emotion_peaks_capacity (guint n_frames);

void emotion_peaks_clear (EmotionPeaks *self);
/* Adds the peaks of one frame of magnitudes (core/dsp/stft.h). */
void emotion_peaks_add (EmotionPeaks *self, const float *magnitude);

#define EMOTION_TUNINGS 100 /* results of emotion_peaks_tuning() */

/* How far above multiples of 1 / `bins_per_octave` octave from 440 Hz the frequencies lie of those
 * peaks that are not below the median height: -50 .. 49 hundredths of such a bin, the lower end of
 * the hundredth that holds the most, the first of equal ones; 0 without peaks. */
gint emotion_peaks_tuning (EmotionPeaks *self, guint bins_per_octave);

G_END_DECLS
