/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectrogram.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "core/dsp/mel.h"
#include "core/dsp/resampler.h"
#include "core/features/feature-set.h"

#define WINDOW 0.025      /* s */
#define DENSEST_HOP 0.010 /* s, minimum between windows that a column averages */
#define INTERPOLATION 4   /* minimum transform size per window size */
#define MEL_BANDS 128

#define BLOCK 4096 /* samples processed at once */

/* Analysis of consecutive windows, block by block. */
typedef struct _TrainingAnalysis {
  guint64 n;          /* total samples at the rate of the analysis */
  guint rate;         /* Hz */
  guint window, size; /* samples */
  const EmotionFft *fft;
  float *shape;
  double *frame; /* size */
  fftw_complex *spectrum;
  EmotionResampler *resampler; /* or NULL */
  EmotionMel *mel;             /* or NULL */
  float *power;                /* of the current column: size / 2 + 1 */
  float *samples;              /* from sample `first` on */
  guint64 first;
  gsize n_samples;
  guint column, in_column; /* position of the next window */
} Analysis;

static Analysis *
analysis_new (guint64 n, guint rate)
{
  Analysis *self = g_new0 (Analysis, 1);
  self->n = n;
  self->rate = rate;
  self->window = (guint)MAX (lround (WINDOW * rate), 2);
  for (self->size = 2; self->size < INTERPOLATION * self->window;)
    self->size *= 2;
  self->fft = emotion_fft_acquire (self->size);
  self->frame = fftw_malloc (self->size * sizeof (double));
  self->spectrum = fftw_malloc ((self->size / 2 + 1) * sizeof (fftw_complex));
  self->power = g_new0 (float, self->size / 2 + 1);
  self->shape = g_new (float, self->window);
  for (guint i = 0; i < self->window; i++)
    self->shape[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * (i + 0.5) / self->window));
  return self;
}

static void
analysis_free (Analysis *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  fftw_free (self->frame);
  fftw_free (self->spectrum);
  emotion_resampler_free (self->resampler);
  emotion_mel_free (self->mel);
  g_free (self->power);
  g_free (self->samples);
  g_free (self->shape);
  g_free (self);
}

/* Adds the power spectrum of the window that starts at sample `start`; missing samples are
 * silence. */
static void
add_power (Analysis *self, gint64 start)
{
  for (guint i = 0; i < self->size; i++) {
    const gint64 at = start + i - (gint64)self->first;
    self->frame[i] = i < self->window && at >= 0 && at < (gint64)self->n_samples
                         ? self->samples[at] * self->shape[i]
                         : 0;
  }
  emotion_fft_forward (self->fft, self->frame, self->spectrum);
  for (guint i = 0; i <= self->size / 2; i++)
    self->power[i] += (float)(self->spectrum[i][0] * self->spectrum[i][0] +
                              self->spectrum[i][1] * self->spectrum[i][1]);
}

static void
end_column (Analysis *self, guint n_windows, TrainingSpectrogram *to)
{
  float *column = to->levels + (gsize)self->column * to->n_rows;
  for (guint i = 0; i <= self->size / 2; i++)
    self->power[i] /= (float)n_windows;
  if (self->mel)
    emotion_mel_bands (self->mel, self->power, column);
  else
    memcpy (column, self->power, to->n_rows * sizeof (float));
  memset (self->power, 0, (self->size / 2 + 1) * sizeof (float));
  self->column++;
  self->in_column = 0;
}

/* Analyses the complete windows, or all at the end. Drops samples that later windows do not
 * need. */
static void
take_windows (TrainingSpectrogram *to, gboolean ended)
{
  Analysis *self = to->analysis;
  const double width = (double)self->n / to->n_columns; /* samples of a column */
  const guint n_windows = (guint)MAX (1, floor (width / (DENSEST_HOP * self->rate)));
  const gint64 end = (gint64)(self->first + self->n_samples);
  gint64 start = end; /* of the next window */
  while (self->column < to->n_columns) {
    const double centre = width * (self->column + (self->in_column + 0.5) / n_windows);
    start = (gint64)floor (centre - self->window / 2.0);
    if (!ended && start + self->window > end)
      break;
    add_power (self, start);
    if (++self->in_column == n_windows)
      end_column (self, n_windows, to);
  }
  if (self->column == to->n_columns)
    start = end;
  const gint64 unneeded = CLAMP (start - (gint64)self->first, 0, (gint64)self->n_samples);
  memmove (self->samples, self->samples + unneeded,
           (self->n_samples - (gsize)unneeded) * sizeof (float));
  self->first += (guint64)unneeded;
  self->n_samples -= (gsize)unneeded;
}

static TrainingSpectrogram *
spectrogram_new (Analysis *analysis, guint n_columns, guint n_rows, double last)
{
  /* The samples of a window may remain while a block is added. */
  const gsize max = analysis->resampler
                        ? MAX (emotion_resampler_get_max_output (analysis->resampler, BLOCK),
                               emotion_resampler_get_max_output (analysis->resampler, 0))
                        : BLOCK;
  analysis->samples = g_new (float, analysis->window + max);
  TrainingSpectrogram *self = g_new (TrainingSpectrogram, 1);
  *self = (TrainingSpectrogram){n_columns, n_rows, last, g_new (float, (gsize)n_columns *n_rows),
                                analysis};
  return self;
}

TrainingSpectrogram *
training_spectrogram_new (guint64 n, guint rate, guint n_columns)
{
  Analysis *analysis = analysis_new (n, rate);
  return spectrogram_new (analysis, n_columns, analysis->size / 2 + 1, rate / 2.0);
}

TrainingSpectrogram *
training_spectrogram_new_mel (guint64 n, guint rate, guint n_columns)
{
  const double nyquist = EMOTION_SAMPLE_RATE / 2.0;
  Analysis *analysis = analysis_new (emotion_resampler_scale (rate, n), EMOTION_SAMPLE_RATE);
  analysis->resampler = emotion_resampler_new (rate);
  analysis->mel = emotion_mel_new (MEL_BANDS, analysis->size, 0, nyquist, 1);
  return spectrogram_new (analysis, n_columns, MEL_BANDS, 2595 * log10 (1 + nyquist / 700));
}

void
training_spectrogram_add (TrainingSpectrogram *self, const float *samples, gsize n)
{
  Analysis *analysis = self->analysis;
  for (gsize done = 0; done < n;) {
    const gsize part = MIN (n - done, BLOCK);
    float *to = analysis->samples + analysis->n_samples;
    if (analysis->resampler) {
      analysis->n_samples +=
          emotion_resampler_process (analysis->resampler, samples + done, part, to);
    } else {
      memcpy (to, samples + done, part * sizeof (float));
      analysis->n_samples += part;
    }
    done += part;
    take_windows (self, FALSE);
  }
}

/* Converts power to dB below the maximum. */
static void
to_levels (TrainingSpectrogram *self)
{
  const gsize n = (gsize)self->n_columns * self->n_rows;
  float max = 0;
  for (gsize i = 0; i < n; i++)
    max = MAX (max, self->levels[i]);
  for (gsize i = 0; i < n; i++) {
    const float fraction = max > 0 ? self->levels[i] / max : 0;
    self->levels[i] = fraction > 0 ? MAX (10 * log10f (fraction), TRAINING_SPECTROGRAM_FLOOR)
                                   : TRAINING_SPECTROGRAM_FLOOR;
  }
}

void
training_spectrogram_finish (TrainingSpectrogram *self)
{
  Analysis *analysis = self->analysis;
  if (analysis->resampler)
    analysis->n_samples +=
        emotion_resampler_drain (analysis->resampler, analysis->samples + analysis->n_samples);
  take_windows (self, TRUE);
  g_clear_pointer (&self->analysis, analysis_free);
  to_levels (self);
}

void
training_spectrogram_free (TrainingSpectrogram *self)
{
  if (!self)
    return;
  analysis_free (self->analysis);
  g_free (self->levels);
  g_free (self);
}
