/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peaks of magnitude spectra between 150 and 4000 Hz, interpolated by a parabola through three bins
 * (Smith & Serra 1987, "PARSHL"), and the tuning of most peaks.
 *
 * A peak is larger than its lower neighbour, not smaller than its upper one, and above a tenth of
 * the largest magnitude of its frame. One thread at a time; only new and free allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n;
  float *hz, *height; /* n numbers each */
} EmotionPeaks;

/* Memory for the peaks of `max_frames` frames. */
EmotionPeaks *emotion_peaks_new (guint max_frames);
void emotion_peaks_free (EmotionPeaks *self); /* NULL is fine */

/* Maximum number of peaks of `n_frames` frames. */
gsize emotion_peaks_capacity (guint n_frames);

void emotion_peaks_clear (EmotionPeaks *self);
/* Appends the peaks of one frame of magnitudes (core/dsp/stft.h). */
void emotion_peaks_add (EmotionPeaks *self, const float *magnitude);

#define EMOTION_TUNINGS 100 /* possible results of emotion_peaks_tuning() */

/* The tuning: the offset of the peaks from the grid of `bins_per_octave` bins per octave through
 * 440 Hz, in hundredths of a bin, -50 .. 49. Only peaks of at least the median height count. The
 * result is the lower end of the hundredth with the most peaks, the lowest of equal ones; 0 without
 * peaks. */
gint emotion_peaks_tuning (EmotionPeaks *self, guint bins_per_octave);

G_END_DECLS
