/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectrogram.h"

#include <math.h>

#include "core/feature-set.h"
#include "core/mel.h"
#include "core/resampler.h"
#include "core/shared.h"

#define WINDOW 0.025      /* s */
#define DENSEST_HOP 0.010 /* s, between the windows that a column averages */
#define INTERPOLATION 4   /* least points of the transform per sample of the window */
#define MEL_BANDS 128

typedef struct {
  const float *samples;
  gsize n;
  guint window, size; /* samples */
  const EmotionFft *fft;
  float *shape;
  double *frame; /* size */
  fftw_complex *spectrum;
} Analysis;

static void
analysis_init (Analysis *self, const float *samples, gsize n, guint rate)
{
  *self = (Analysis){.samples = samples, .n = n, .window = (guint)MAX (lround (WINDOW * rate), 2)};
  for (self->size = 2; self->size < INTERPOLATION * self->window;)
    self->size *= 2;
  self->fft = emotion_fft_acquire (self->size);
  self->frame = fftw_malloc (self->size * sizeof (double));
  self->spectrum = fftw_malloc ((self->size / 2 + 1) * sizeof (fftw_complex));
  self->shape = g_new (float, self->window);
  for (guint i = 0; i < self->window; i++)
    self->shape[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * (i + 0.5) / self->window));
}

static void
analysis_clear (Analysis *self)
{
  emotion_fft_release (self->fft);
  fftw_free (self->frame);
  fftw_free (self->spectrum);
  g_free (self->shape);
}

/* Adds the power spectrum of the window about sample `centre`; outside the samples is silence. */
static void
add_power (Analysis *self, double centre, float *power)
{
  const gint64 start = (gint64)floor (centre - self->window / 2.0);
  for (guint i = 0; i < self->size; i++) {
    const gint64 at = start + i;
    self->frame[i] = i < self->window && at >= 0 && at < (gint64)self->n
                         ? self->samples[at] * self->shape[i]
                         : 0;
  }
  emotion_fft_forward (self->fft, self->frame, self->spectrum);
  for (guint i = 0; i <= self->size / 2; i++)
    power[i] += (float)(self->spectrum[i][0] * self->spectrum[i][0] +
                        self->spectrum[i][1] * self->spectrum[i][1]);
}

/* Mean power over column `column` of `n_columns`. */
static void
column_power (Analysis *self, guint column, guint n_columns, guint rate, float *power)
{
  const double width = (double)self->n / n_columns; /* samples */
  const guint n_windows = (guint)MAX (1, floor (width / (DENSEST_HOP * rate)));
  for (guint i = 0; i <= self->size / 2; i++)
    power[i] = 0;
  for (guint i = 0; i < n_windows; i++)
    add_power (self, width * (column + (i + 0.5) / n_windows), power);
  for (guint i = 0; i <= self->size / 2; i++)
    power[i] /= (float)n_windows;
}

/* From power to dB below the greatest. */
static void
to_levels (TrainingSpectrogram *self)
{
  const gsize n = (gsize)self->n_columns * self->n_rows;
  float greatest = 0;
  for (gsize i = 0; i < n; i++)
    greatest = MAX (greatest, self->levels[i]);
  for (gsize i = 0; i < n; i++) {
    const float share = greatest > 0 ? self->levels[i] / greatest : 0;
    self->levels[i] = share > 0 ? MAX (10 * log10f (share), TRAINING_SPECTROGRAM_FLOOR)
                                : TRAINING_SPECTROGRAM_FLOOR;
  }
}

static TrainingSpectrogram *
spectrogram_new (guint n_columns, guint n_rows, double last)
{
  TrainingSpectrogram *self = g_new (TrainingSpectrogram, 1);
  *self = (TrainingSpectrogram){n_columns, n_rows, last, g_new (float, (gsize)n_columns *n_rows)};
  return self;
}

TrainingSpectrogram *
training_spectrogram_new (const float *samples, gsize n, guint rate, guint n_columns)
{
  Analysis analysis;
  analysis_init (&analysis, samples, n, rate);
  TrainingSpectrogram *self = spectrogram_new (n_columns, analysis.size / 2 + 1, rate / 2.0);
  for (guint c = 0; c < n_columns; c++)
    column_power (&analysis, c, n_columns, rate, self->levels + (gsize)c * self->n_rows);
  analysis_clear (&analysis);
  to_levels (self);
  return self;
}

/* All of the samples at core's rate; free with g_free(). */
static float *
resample (const float *samples, gsize n, guint rate, gsize *n_out)
{
  EmotionResampler *resampler = emotion_resampler_new (rate);
  float *out = g_new (float, emotion_resampler_get_max_output (resampler, n) +
                                 emotion_resampler_get_max_output (resampler, 0));
  *n_out = emotion_resampler_process (resampler, samples, n, out);
  *n_out += emotion_resampler_drain (resampler, out + *n_out);
  emotion_resampler_free (resampler);
  return out;
}

TrainingSpectrogram *
training_spectrogram_new_mel (const float *samples, gsize n, guint rate, guint n_columns)
{
  const double nyquist = EMOTION_SAMPLE_RATE / 2.0;
  gsize n_resampled;
  float *resampled = resample (samples, n, rate, &n_resampled);
  Analysis analysis;
  analysis_init (&analysis, resampled, n_resampled, EMOTION_SAMPLE_RATE);
  EmotionMel *mel = emotion_mel_new (MEL_BANDS, analysis.size, 0, nyquist, 1);
  float *power = g_new (float, analysis.size / 2 + 1);
  TrainingSpectrogram *self =
      spectrogram_new (n_columns, MEL_BANDS, 2595 * log10 (1 + nyquist / 700));
  for (guint c = 0; c < n_columns; c++) {
    column_power (&analysis, c, n_columns, EMOTION_SAMPLE_RATE, power);
    emotion_mel_bands (mel, power, self->levels + (gsize)c * MEL_BANDS);
  }
  analysis_clear (&analysis);
  emotion_mel_free (mel);
  g_free (power);
  g_free (resampled);
  to_levels (self);
  return self;
}

void
training_spectrogram_free (TrainingSpectrogram *self)
{
  if (!self)
    return;
  g_free (self->levels);
  g_free (self);
}
