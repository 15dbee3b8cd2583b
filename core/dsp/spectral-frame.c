/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral-frame.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "core/base/simd.h"
#include "mel.h"

#define SPAN EMOTION_SPECTRAL_SPAN
#define FFT_SIZE EMOTION_SPECTRAL_FFT
#define N_BINS EMOTION_SPECTRAL_BINS
#define N_BANDS 40
#define BAND_LOW 20.0    /* Hz */
#define BAND_HIGH 8000.0 /* Hz */
/* Minimum arguments of logarithms, relative to a full-scale amplitude of 1: about the noise of
 * 16-bit audio. */
#define POWER_FLOOR 1e-9f
#define BAND_FLOOR 1e-8f
#define RMS_FLOOR 1e-6f
/* Minimum arguments relative to the frame: 70 dB below its power, but not below the resolution of
 * float audio. */
#define FLOOR_FRACTION 1e-7f
#define MIN_FLOOR 1e-14f

struct _EmotionSpectralFrame {
  const EmotionFft *fft;
  EmotionMel *mel;
  float window[SPAN];
  double *buffer; /* FFT_SIZE */
  fftw_complex *spectrum;
  float hz[N_BINS]; /* frequencies of the bins */
  float power[N_BINS], log_power[N_BINS];
  float shape[2][N_BINS]; /* magnitudes, unit norm: this frame's and the previous one's */
  guint current;          /* index of this frame's */
  gboolean has_last;
  gboolean relative;
  float power_floor, band_floor; /* of this frame */
};

static const struct {
  const char *name, *unit;
} numbers[EMOTION_SPECTRAL_SHAPES + EMOTION_SPECTRAL_CEPSTRA] = {
    {"log_energy", "ln"},
    {"loudness", "1"},
    {"zcr", "1/sample"},
    {"centroid", "Hz"},
    {"bandwidth", "Hz"},
    {"rolloff25", "Hz"},
    {"rolloff50", "Hz"},
    {"rolloff85", "Hz"},
    {"rolloff95", "Hz"},
    {"flatness", "ln"},
    {"flux", "1"},
    {"alpha_ratio", "ln"},
    {"hammarberg", "ln"},
    {"slope_0_500", "ln/kHz"},
    {"slope_500_1500", "ln/kHz"},
    {"slope_1500_5000", "ln/kHz"},
    {"mfcc0", "ln"},
    {"mfcc1", "ln"},
    {"mfcc2", "ln"},
    {"mfcc3", "ln"},
    {"mfcc4", "ln"},
    {"mfcc5", "ln"},
    {"mfcc6", "ln"},
    {"mfcc7", "ln"},
    {"mfcc8", "ln"},
    {"mfcc9", "ln"},
    {"mfcc10", "ln"},
    {"mfcc11", "ln"},
    {"mfcc12", "ln"},
    {"mfcc13", "ln"},
    {"mfcc14", "ln"},
    {"mfcc15", "ln"},
    {"mfcc16", "ln"},
    {"mfcc17", "ln"},
    {"mfcc18", "ln"},
    {"mfcc19", "ln"},
};

EmotionSpectralFrame *
emotion_spectral_frame_new (gboolean relative)
{
  EmotionSpectralFrame *self = g_new0 (EmotionSpectralFrame, 1);
  self->fft = emotion_fft_acquire (FFT_SIZE);
  self->mel = emotion_mel_new (N_BANDS, FFT_SIZE, BAND_LOW, BAND_HIGH, EMOTION_SPECTRAL_CEPSTRA);
  self->buffer = fftw_malloc (sizeof (double) * FFT_SIZE);
  self->spectrum = fftw_malloc (sizeof (fftw_complex) * N_BINS);
  for (guint i = 0; i < N_BINS; i++)
    self->hz[i] = (float)i * EMOTION_SAMPLE_RATE / FFT_SIZE;
  self->relative = relative;
  self->power_floor = POWER_FLOOR;
  self->band_floor = BAND_FLOOR;
  for (guint i = 0; i < SPAN; i++)
    self->window[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * i / (SPAN - 1)));
  return self;
}

void
emotion_spectral_frame_free (EmotionSpectralFrame *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  emotion_mel_free (self->mel);
  fftw_free (self->buffer);
  fftw_free (self->spectrum);
  g_free (self);
}

void
emotion_spectral_frame_reset (EmotionSpectralFrame *self)
{
  self->has_last = FALSE;
}

const float *
emotion_spectral_frame_get_power (const EmotionSpectralFrame *self)
{
  return self->power;
}

const char *
emotion_spectral_frame_describe (guint index, const char **unit)
{
  *unit = numbers[index].unit;
  return numbers[index].name;
}

static guint
bin_of (double hz)
{
  return (guint)ceil (hz * FFT_SIZE / EMOTION_SAMPLE_RATE);
}

static float
band_energy (const EmotionSpectralFrame *self, double low, double high)
{
  const guint first = bin_of (low);
  return emotion_simd_sum (self->power + first, bin_of (high) - first) + self->power_floor;
}

static float
band_peak (const EmotionSpectralFrame *self, double low, double high)
{
  const guint first = bin_of (low);
  return emotion_simd_largest (self->power + first, bin_of (high) - first) + self->power_floor;
}

/* Slope of the log spectrum over [low, high) Hz, per kHz. */
static float
band_slope (const EmotionSpectralFrame *self, double low, double high)
{
  const guint first = bin_of (low), n = bin_of (high) - first;
  const float *y = self->log_power + first, *x = self->hz + first;
  const float middle = (x[0] + x[n - 1]) / 2, step = x[1] - x[0];
  /* Sum of the squared distances of evenly spaced points from their middle. */
  const float squares = step * step * (float)n * ((float)n * (float)n - 1) / 12;
  const float by_hz = emotion_simd_product (y, x, n) - middle * emotion_simd_sum (y, n);
  return 1000 * by_hz / squares;
}

/* Computes RMS and zero crossings. Leaves the windowed frame in the buffer. */
static void
describe_waveform (EmotionSpectralFrame *self, const float *samples, float *rms, float *zcr)
{
  float x[SPAN + EMOTION_SIMD_WIDTH];
  const float mean = emotion_simd_sum (samples, SPAN) / SPAN;
  EmotionSimdInts crossings = {0};
  for (guint i = 0; i < SPAN; i++)
    x[i] = samples[i] - mean;
  *rms = sqrtf (emotion_simd_product (x, x, SPAN) / SPAN);
  x[SPAN] = x[SPAN - 1]; /* no neighbour behind the last sample: no crossing */
  for (guint i = 0; i < SPAN; i += EMOTION_SIMD_WIDTH)
    crossings += (emotion_simd_load (x + i) < 0) ^ (emotion_simd_load (x + i + 1) < 0);
  *zcr = (float)-(crossings[0] + crossings[1] + crossings[2] + crossings[3]) / (SPAN - 1);
  for (guint i = 0; i < SPAN; i++)
    self->buffer[i] = x[i] * self->window[i];
  memset (self->buffer + SPAN, 0, sizeof (double) * (FFT_SIZE - SPAN));
}

/* Writes centroid, bandwidth and four roll-offs to out[0..6). */
static void
describe_distribution (const EmotionSpectralFrame *self, float total, float *out)
{
  static const float fractions[] = {0.25f, 0.5f, 0.85f, 0.95f};
  const float *power = self->power;
  const float centroid = emotion_simd_product (power, self->hz, N_BINS) / total;
  float spread[N_BINS], below = 0;
  guint n = 0; /* roll-offs found */
  for (guint i = 0; i < N_BINS; i++)
    spread[i] = (self->hz[i] - centroid) * (self->hz[i] - centroid);
  for (guint i = 0; i < N_BINS && n < 4; i++) {
    below += power[i];
    while (n < 4 && below >= fractions[n] * total)
      out[2 + n++] = self->hz[i];
  }
  while (n < 4)
    out[2 + n++] = self->hz[N_BINS - 1];
  out[0] = centroid;
  out[1] = sqrtf (emotion_simd_product (power, spread, N_BINS) / total);
}

static float
spectral_flux (EmotionSpectralFrame *self, float total)
{
  float *now = self->shape[self->current], *last = self->shape[!self->current];
  float scale = 1 / sqrtf (total), change[N_BINS], sum = 0;
  for (guint i = 0; i < N_BINS; i++)
    now[i] = sqrtf (self->power[i]) * scale;
  if (self->has_last) {
    for (guint i = 0; i < N_BINS; i++)
      change[i] = now[i] - last[i];
    sum = emotion_simd_product (change, change, N_BINS);
  }
  self->current = !self->current;
  self->has_last = TRUE;
  return sqrtf (sum);
}

float
emotion_spectral_frame_analyse (EmotionSpectralFrame *self, const float *samples,
                                EmotionSpectralRow *row)
{
  float *s = row->shapes, bands[N_BANDS], total = self->relative ? MIN_FLOOR : POWER_FLOOR;
  float rms;

  describe_waveform (self, samples, &rms, &s[2]);
  emotion_fft_forward (self->fft, self->buffer, self->spectrum);
  emotion_simd_power (&self->spectrum[0][0], N_BINS, self->power);
  total += emotion_simd_sum (self->power, N_BINS);
  if (self->relative)
    self->power_floor = self->band_floor = FLOOR_FRACTION * total + MIN_FLOOR;
  emotion_simd_log (self->power, self->power_floor, N_BINS, self->log_power);
  const float log_sum = emotion_simd_sum (self->log_power, N_BINS);
  emotion_mel_bands (self->mel, self->power, bands);
  s[0] = logf (rms + RMS_FLOOR);
  s[1] = 0;
  emotion_simd_log (bands, self->band_floor, N_BANDS, bands);
  for (guint b = 0; b < N_BANDS; b++)
    s[1] += expf (0.3f * bands[b]);
  emotion_mel_cepstra (self->mel, bands, row->cepstra);
  describe_distribution (self, total, &s[3]);
  s[9] = log_sum / N_BINS - logf (total / N_BINS);
  s[10] = spectral_flux (self, total);
  s[11] = logf (band_energy (self, 50, 1000) / band_energy (self, 1000, 5000));
  s[12] = logf (band_peak (self, 0, 2000) / band_peak (self, 2000, 5000));
  s[13] = band_slope (self, 0, 500);
  s[14] = band_slope (self, 500, 1500);
  s[15] = band_slope (self, 1500, 5000);
  return rms;
}
