/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spectral-frame.h"

#include <math.h>
#include <string.h>

#include "feature-set.h"
#include "mel.h"
#include "shared.h"

#define SPAN EMOTION_SPECTRAL_SPAN
#define FFT_SIZE EMOTION_SPECTRAL_FFT
#define N_BINS EMOTION_SPECTRAL_BINS
#define N_BANDS 40
#define BAND_LOW 20.0    /* Hz */
#define BAND_HIGH 8000.0 /* Hz */
/* Floors, in the units of a full-scale amplitude of 1: about the noise of 16-bit audio. */
#define POWER_FLOOR 1e-9f
#define BAND_FLOOR 1e-8f
#define RMS_FLOOR 1e-6f
/* Floors that go with the frame: 70 dB below its power, but not below what float audio can tell. */
#define FLOOR_SHARE 1e-7f
#define LEAST_FLOOR 1e-14f

struct _EmotionSpectralFrame {
  const EmotionFft *fft;
  EmotionMel *mel;
  float window[SPAN];
  float *buffer; /* FFT_SIZE */
  fftwf_complex *spectrum;
  float power[N_BINS], log_power[N_BINS];
  float shape[2][N_BINS]; /* magnitudes of unit norm: this frame's and the last one's */
  guint current;          /* which of the two */
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
  self->buffer = fftwf_malloc (sizeof (float) * FFT_SIZE);
  self->spectrum = fftwf_malloc (sizeof (fftwf_complex) * N_BINS);
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
  fftwf_free (self->buffer);
  fftwf_free (self->spectrum);
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
hz_of (guint bin)
{
  return (float)bin * EMOTION_SAMPLE_RATE / FFT_SIZE;
}

static float
band_energy (const EmotionSpectralFrame *self, double low, double high)
{
  float sum = 0;
  for (guint i = bin_of (low); i < bin_of (high); i++)
    sum += self->power[i];
  return sum + self->power_floor;
}

static float
band_peak (const EmotionSpectralFrame *self, double low, double high)
{
  float peak = 0;
  for (guint i = bin_of (low); i < bin_of (high); i++)
    peak = MAX (peak, self->power[i]);
  return peak + self->power_floor;
}

/* Slope of the log spectrum over [low, high) Hz, per kHz. */
static float
band_slope (const float *log_power, double low, double high)
{
  guint first = bin_of (low), n = bin_of (high) - first;
  float middle = hz_of (2 * first + n - 1) / 2, by_hz = 0, hz2 = 0;
  for (guint i = first; i < first + n; i++) {
    float d = hz_of (i) - middle;
    by_hz += log_power[i] * d;
    hz2 += d * d;
  }
  return 1000 * by_hz / hz2;
}

/* RMS, zero crossings; leaves the windowed frame in the buffer. */
static void
describe_waveform (EmotionSpectralFrame *self, const float *samples, float *rms, float *zcr)
{
  float mean = 0, energy = 0;
  guint crossings = 0;
  for (guint i = 0; i < SPAN; i++)
    mean += samples[i];
  mean /= SPAN;
  for (guint i = 0; i < SPAN; i++) {
    float x = samples[i] - mean;
    energy += x * x;
    crossings += i > 0 && (x < 0) != (samples[i - 1] - mean < 0);
    self->buffer[i] = x * self->window[i];
  }
  memset (self->buffer + SPAN, 0, sizeof (float) * (FFT_SIZE - SPAN));
  *rms = sqrtf (energy / SPAN);
  *zcr = (float)crossings / (SPAN - 1);
}

/* Centroid, bandwidth, four roll-offs into out[0..6). */
static void
describe_distribution (const float *power, float total, float *out)
{
  static const float shares[] = {0.25f, 0.5f, 0.85f, 0.95f};
  float sum = 0, spread = 0, below = 0;
  for (guint i = 0; i < N_BINS; i++)
    sum += power[i] * hz_of (i);
  float centroid = sum / total;
  guint share = 0;
  for (guint i = 0; i < N_BINS; i++) {
    float d = hz_of (i) - centroid;
    spread += power[i] * d * d;
    below += power[i];
    while (share < 4 && below >= shares[share] * total)
      out[2 + share++] = hz_of (i);
  }
  while (share < 4)
    out[2 + share++] = hz_of (N_BINS - 1);
  out[0] = centroid;
  out[1] = sqrtf (spread / total);
}

static float
spectral_flux (EmotionSpectralFrame *self, float total)
{
  float *now = self->shape[self->current], *last = self->shape[!self->current];
  float scale = 1 / sqrtf (total), sum = 0;
  for (guint i = 0; i < N_BINS; i++)
    now[i] = sqrtf (self->power[i]) * scale;
  if (self->has_last)
    for (guint i = 0; i < N_BINS; i++)
      sum += (now[i] - last[i]) * (now[i] - last[i]);
  self->current = !self->current;
  self->has_last = TRUE;
  return sqrtf (sum);
}

float
emotion_spectral_frame_analyse (EmotionSpectralFrame *self, const float *samples,
                                EmotionSpectralRow *row)
{
  float *s = row->shapes, bands[N_BANDS], total = self->relative ? LEAST_FLOOR : POWER_FLOOR;
  float log_sum = 0, rms;

  describe_waveform (self, samples, &rms, &s[2]);
  emotion_fft_forward (self->fft, self->buffer, self->spectrum);
  for (guint i = 0; i < N_BINS; i++) {
    float re = self->spectrum[i][0], im = self->spectrum[i][1];
    self->power[i] = re * re + im * im;
    total += self->power[i];
  }
  if (self->relative)
    self->power_floor = self->band_floor = FLOOR_SHARE * total + LEAST_FLOOR;
  for (guint i = 0; i < N_BINS; i++) {
    self->log_power[i] = logf (self->power[i] + self->power_floor);
    log_sum += self->log_power[i];
  }
  emotion_mel_bands (self->mel, self->power, bands);
  s[0] = logf (rms + RMS_FLOOR);
  s[1] = 0;
  for (guint b = 0; b < N_BANDS; b++) {
    bands[b] = logf (bands[b] + self->band_floor);
    s[1] += expf (0.3f * bands[b]);
  }
  emotion_mel_cepstra (self->mel, bands, row->cepstra);
  describe_distribution (self->power, total, &s[3]);
  s[9] = log_sum / N_BINS - logf (total / N_BINS);
  s[10] = spectral_flux (self, total);
  s[11] = logf (band_energy (self, 50, 1000) / band_energy (self, 1000, 5000));
  s[12] = logf (band_peak (self, 0, 2000) / band_peak (self, 2000, 5000));
  s[13] = band_slope (self->log_power, 0, 500);
  s[14] = band_slope (self->log_power, 500, 1500);
  s[15] = band_slope (self->log_power, 1500, 5000);
  return rms;
}
