/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "voice-quality.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "core/base/simd.h"

enum { JITTER, SHIMMER, HNR, CPP, H1_H2, H1_A3, H1_A1 };

#define BIN_HZ ((float)EMOTION_SAMPLE_RATE / EMOTION_PITCH_FFT)
#define FLOOR_FRACTION 1e-8f /* of the frame's power: minimum argument of logarithms, -80 dB */
#define MIN_FLOOR 1e-14f     /* relative to a full-scale amplitude of 1 */
#define CEPSTRUM_FLOOR 1e-8f
/* Quefrencies in samples: the regression line from 1 to 17 ms, and within it the peak at 60-550 Hz.
 */
#define LINE_FIRST 16
#define LINE_LAST 272
#define N_LINE (LINE_LAST - LINE_FIRST + 1)
#define PEAK_FIRST (EMOTION_SAMPLE_RATE / EMOTION_PITCH_MAX)
#define PEAK_LAST (EMOTION_SAMPLE_RATE / EMOTION_PITCH_MIN)
#define MAX_PERIODS 32     /* per frame; a frame has up to 22 of the shortest */
#define PERIOD_REACH 0.12f /* of a period: search range of the next peak */
#define MAX_SHIMMER 2.f
#define MIN_STRENGTH 0.05f
#define MAX_STRENGTH 0.995f
/* Search ranges around the harmonics, relative to F0. */
#define HARMONIC_REACH 0.12f
#define FORMANT_REACH_1 0.6f /* around the first formant, at least 100 Hz */
#define FORMANT_REACH_3 1.f  /* around the third, at least 200 Hz */

static const struct {
  const char *name, *unit;
  float neutral;
} qualities[EMOTION_VOICE_QUALITIES] = {
    {"jitter", "ln", 0}, {"shimmer", "ln", 0}, {"hnr", "ln", -3},  {"cpp", "dB", 0},
    {"h1_h2", "ln", 0},  {"h1_a3", "ln", 0},   {"h1_a1", "ln", 0},
};

struct _EmotionVoiceQuality {
  const EmotionFft *fft;
  double *cepstrum;       /* EMOTION_PITCH_FFT */
  fftw_complex *spectrum; /* EMOTION_PITCH_BINS */
  float places[N_LINE];   /* quefrencies of the line, from their middle */
  float place_squares;    /* their sum of squares */
};

EmotionVoiceQuality *
emotion_voice_quality_new (void)
{
  EmotionVoiceQuality *self = g_new0 (EmotionVoiceQuality, 1);
  self->fft = emotion_fft_acquire (EMOTION_PITCH_FFT);
  self->cepstrum = fftw_malloc (sizeof (double) * EMOTION_PITCH_FFT);
  self->spectrum = fftw_malloc (sizeof (fftw_complex) * EMOTION_PITCH_BINS);
  for (guint i = 0; i < N_LINE; i++) {
    self->places[i] = (float)i - 0.5f * (N_LINE - 1);
    self->place_squares += self->places[i] * self->places[i];
  }
  return self;
}

void
emotion_voice_quality_free (EmotionVoiceQuality *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  fftw_free (self->cepstrum);
  fftw_free (self->spectrum);
  g_free (self);
}

const char *
emotion_voice_quality_describe (guint index, const char **unit)
{
  *unit = qualities[index].unit;
  return qualities[index].name;
}

/* The cepstrum: the inverse transform of the log power spectrum (ln). */
static void
find_cepstrum (EmotionVoiceQuality *self, const float *power)
{
  float logs[EMOTION_PITCH_BINS];
  const float min = FLOOR_FRACTION * emotion_simd_sum (power, EMOTION_PITCH_BINS) + MIN_FLOOR;
  emotion_simd_log (power, min, EMOTION_PITCH_BINS, logs);
  for (guint i = 0; i < EMOTION_PITCH_BINS; i++) {
    self->spectrum[i][0] = logs[i] / EMOTION_PITCH_FFT;
    self->spectrum[i][1] = 0;
  }
  emotion_fft_inverse (self->fft, self->spectrum, self->cepstrum);
}

static float
peak_prominence (EmotionVoiceQuality *self, const float *power)
{
  enum { N = N_LINE };
  const float to_db = 10 / (float)G_LN10;
  float levels[N], squares[N], peak = -G_MAXFLOAT, at = 0;
  find_cepstrum (self, power);
  const double *c = self->cepstrum + LINE_FIRST;
  for (guint i = 0; i < N; i++)
    squares[i] = (float)(c[i] * c[i]);
  emotion_simd_log (squares, CEPSTRUM_FLOOR, N, levels);
  for (guint i = PEAK_FIRST - LINE_FIRST; i <= PEAK_LAST - LINE_FIRST; i++) {
    if (levels[i] > peak) {
      peak = levels[i];
      at = self->places[i];
    }
  }
  const float slope = emotion_simd_product (levels, self->places, N) / self->place_squares;
  return to_db * (peak - (emotion_simd_sum (levels, N) / N + slope * at));
}

/* ln of the maximum power within low .. high Hz. */
static float
level_between (const float *power, float low, float high)
{
  const gint first = MAX ((gint)floorf (low / BIN_HZ), 1);
  const gint last = MIN ((gint)ceilf (high / BIN_HZ), EMOTION_PITCH_BINS - 1);
  float max = 0;
  for (gint i = first; i <= last; i++)
    max = MAX (max, power[i]);
  return logf (max + MIN_FLOOR);
}

static void
compare_harmonics (const float *power, float f0, const EmotionFormantRow *formants, float *values)
{
  const float reach = HARMONIC_REACH * f0, first = formants->centres[0],
              third = formants->centres[2];
  const float around_1 = MAX (FORMANT_REACH_1 * f0, 100),
              around_3 = MAX (FORMANT_REACH_3 * f0, 200);
  const float h1 = level_between (power, f0 - reach, f0 + reach);
  values[H1_H2] = h1 - level_between (power, 2 * f0 - reach, 2 * f0 + reach);
  values[H1_A1] = h1 - level_between (power, first - around_1, first + around_1);
  values[H1_A3] = h1 - level_between (power, third - around_3, third + around_3);
}

/* A peak of `sign` * samples, interpolated between samples. */
typedef struct {
  float at, height;
} Peak;

static Peak
refine (const float *samples, gint at, float sign)
{
  const float before = samples[at - 1], here = samples[at], after = samples[at + 1];
  const float bend = before - 2 * here + after;
  const float offset = fabsf (bend) > 1e-9f ? 0.5f * (before - after) / bend : 0;
  return (Peak){(float)at + CLAMP (offset, -1, 1), sign * here};
}

/* The index of the maximum of sign * samples[first..last]. */
static gint
greatest (const float *samples, gint first, gint last, float sign)
{
  gint best = first;
  for (gint i = first + 1; i <= last; i++)
    if (sign * samples[i] > sign * samples[best])
      best = i;
  return best;
}

/* Finds the peaks from `from` on, one per `period`, forwards (1) or backwards (-1). Returns their
 * number. */
static guint
follow (const float *samples, Peak from, float period, gint direction, float sign, Peak *peaks)
{
  const float reach = PERIOD_REACH * period + 1;
  guint n = 0;
  while (n < MAX_PERIODS) {
    const float next = from.at + (float)direction * period;
    const gint first = (gint)floorf (next - reach), last = (gint)floorf (next + reach);
    if (first < 1 || last > EMOTION_PITCH_SPAN - 2)
      break;
    from = peaks[n++] = refine (samples, greatest (samples, first, last, sign), sign);
  }
  return n;
}

static void
compare_periods (const float *samples, float period, float *values)
{
  Peak back[MAX_PERIODS], peaks[2 * MAX_PERIODS + 1];
  const gint middle = EMOTION_PITCH_SPAN / 2, half = (gint)(period / 2);
  const gint first = MAX (middle - half, 1), last = MIN (middle + half, EMOTION_PITCH_SPAN - 2);
  const gint top = greatest (samples, first, last, 1), bottom = greatest (samples, first, last, -1);
  const float sign = -samples[bottom] > samples[top] ? -1 : 1;
  const Peak start = refine (samples, sign > 0 ? top : bottom, sign);
  const guint n_back = follow (samples, start, period, -1, sign, back);
  for (guint i = 0; i < n_back; i++)
    peaks[i] = back[n_back - 1 - i];
  peaks[n_back] = start;
  const guint n = n_back + 1 + follow (samples, start, period, 1, sign, peaks + n_back + 1);

  float jitter = 0, shimmer = 0;
  guint n_shimmer = 0;
  for (guint i = 2; i < n; i++)
    jitter += fabsf (peaks[i].at - 2 * peaks[i - 1].at + peaks[i - 2].at) / period;
  for (guint i = 1; i < n; i++) {
    if (peaks[i].height > 1e-6f && peaks[i - 1].height > 1e-6f) {
      shimmer += fabsf (logf (peaks[i].height / peaks[i - 1].height));
      n_shimmer++;
    }
  }
  /* With too few periods, the usual values of a voice. */
  values[JITTER] = logf ((n > 2 ? jitter / (float)(n - 2) : 0.02f) + 1e-3f);
  values[SHIMMER] =
      logf ((n_shimmer ? MIN (shimmer / (float)n_shimmer, MAX_SHIMMER) : 0.1f) + 1e-2f);
}

void
emotion_voice_quality_analyse (EmotionVoiceQuality *self, const float *samples,
                               const EmotionPitch *pitch, const EmotionPitchFrame *frame,
                               const EmotionFormantRow *formants, EmotionVoiceQualityRow *row)
{
  const float octave = frame->candidates[0].octave, strength = frame->candidates[0].strength;
  const float *power = emotion_pitch_get_power (pitch);
  float centred[EMOTION_PITCH_SPAN];
  for (guint i = 0; i < EMOTION_VOICE_QUALITIES; i++)
    row->values[i] = qualities[i].neutral;
  row->octave = 0;
  row->values[CPP] = peak_prominence (self, power);
  if (!(strength > 0))
    return;
  row->octave = octave;
  const float f0 = exp2f (octave), r = CLAMP (strength, MIN_STRENGTH, MAX_STRENGTH);
  row->values[HNR] = logf (r / (1 - r));
  compare_harmonics (power, f0, formants, row->values);
  const float mean = emotion_simd_sum (samples, EMOTION_PITCH_SPAN) / EMOTION_PITCH_SPAN;
  for (guint i = 0; i < EMOTION_PITCH_SPAN; i++)
    centred[i] = samples[i] - mean;
  compare_periods (centred, EMOTION_SAMPLE_RATE / f0, row->values);
}
