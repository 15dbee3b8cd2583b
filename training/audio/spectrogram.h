/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spectrograms for plots: power spectra of 25 ms Hann windows, interpolated in frequency, in a
 * given number of columns. Features come from core/features/speech-1.h, not from here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TRAINING_SPECTROGRAM_FLOOR (-120.0f) /* dB, level of silence */

typedef struct {
  guint n_columns; /* each the mean power over its part of the time, or one window in its middle */
  guint n_rows;    /* evenly spaced from 0 to `last` */
  double last;     /* Hz, or mel = 2595 log10 (1 + f / 700) */
  float *levels;   /* n_columns x n_rows, dB relative to the maximum, FLOOR .. 0; after the end */
  struct _TrainingAnalysis *analysis; /* before the end */
} TrainingSpectrogram;

/* A spectrogram up to half of `rate` (Hz, > 0) of `n` > 0 mono samples, which are added afterwards;
 * n_columns > 0. Memory depends on the columns and the rate, not on `n`. */
TrainingSpectrogram *training_spectrogram_new (guint64 n, guint rate, guint n_columns);

/* The same with 128 mel bands (core/dsp/mel.h) up to 8 kHz, of the samples at core's rate of 16
 * kHz. */
TrainingSpectrogram *training_spectrogram_new_mel (guint64 n, guint rate, guint n_columns);

/* Adds the next samples. */
void training_spectrogram_add (TrainingSpectrogram *self, const float *samples, gsize n);

/* Computes the levels after all samples have been added. */
void training_spectrogram_finish (TrainingSpectrogram *self);
void training_spectrogram_free (TrainingSpectrogram *self); /* NULL is fine */

G_END_DECLS
