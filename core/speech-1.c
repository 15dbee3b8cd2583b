/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame stage of "speech-1", and the set itself. */
#include "speech-1.h"

#include <math.h>
#include <string.h>

#include "mel.h"
#include "shared.h"

#define SPAN EMOTION_ACTIVITY_SPAN
#define HOP EMOTION_ACTIVITY_HOP
#define MARGIN EMOTION_ACTIVITY_MARGIN
#define FFT_SIZE 512
#define N_BINS (FFT_SIZE / 2 + 1)
#define N_BANDS 40
#define BAND_LOW 20.0    /* Hz */
#define BAND_HIGH 8000.0 /* Hz */
/* Floors, in the units of a full-scale amplitude of 1: about the noise of 16-bit audio. */
#define POWER_FLOOR 1e-9f
#define BAND_FLOOR 1e-8f
#define RMS_FLOOR 1e-6f

typedef struct {
  const EmotionFft *fft;
  EmotionMel *mel;
  EmotionPitch *pitch;
  Speech1Functionals *functionals;
  EmotionSegment segment; /* the window analysed last */
  float window[SPAN];
  float *buffer; /* FFT_SIZE */
  fftwf_complex *spectrum;
  float power[N_BINS], log_power[N_BINS];
  float shape[2][N_BINS]; /* magnitudes of unit norm: this frame's and the last one's */
  guint current;          /* which of the two */
  gboolean has_last;
} Speech1;

static gpointer
create (guint max_rows)
{
  Speech1 *self = g_new0 (Speech1, 1);
  self->fft = emotion_fft_acquire (FFT_SIZE);
  self->mel = emotion_mel_new (N_BANDS, FFT_SIZE, BAND_LOW, BAND_HIGH, SPEECH_1_CEPSTRA);
  self->pitch = emotion_pitch_new ();
  self->functionals = speech_1_functionals_new (max_rows);
  self->buffer = fftwf_malloc (sizeof (float) * FFT_SIZE);
  self->spectrum = fftwf_malloc (sizeof (fftwf_complex) * N_BINS);
  for (guint i = 0; i < SPAN; i++)
    self->window[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * i / (SPAN - 1)));
  return self;
}

static void
destroy (gpointer state)
{
  Speech1 *self = state;
  emotion_fft_release (self->fft);
  emotion_mel_free (self->mel);
  emotion_pitch_free (self->pitch);
  speech_1_functionals_free (self->functionals);
  fftwf_free (self->buffer);
  fftwf_free (self->spectrum);
  g_free (self);
}

static void
reset (gpointer state)
{
  Speech1 *self = state;
  self->has_last = FALSE;
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
band_energy (const float *power, double low, double high)
{
  float sum = 0;
  for (guint i = bin_of (low); i < bin_of (high); i++)
    sum += power[i];
  return sum + POWER_FLOOR;
}

static float
band_peak (const float *power, double low, double high)
{
  float peak = 0;
  for (guint i = bin_of (low); i < bin_of (high); i++)
    peak = MAX (peak, power[i]);
  return peak + POWER_FLOOR;
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
describe_waveform (Speech1 *self, const float *samples, float *rms, float *zcr)
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
spectral_flux (Speech1 *self, float total)
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

static void
analyse_frame (gpointer state, const float *context, float *out)
{
  Speech1 *self = state;
  Speech1Row *row = (Speech1Row *)out;
  float *s = row->spectral, bands[N_BANDS], total = POWER_FLOOR, log_sum = 0;

  emotion_pitch_analyse (self->pitch, context, &row->activity.pitch);
  describe_waveform (self, context + MARGIN, &row->activity.rms, &s[2]);
  emotion_fft_forward (self->fft, self->buffer, self->spectrum);
  for (guint i = 0; i < N_BINS; i++) {
    float re = self->spectrum[i][0], im = self->spectrum[i][1];
    self->power[i] = re * re + im * im;
    total += self->power[i];
  }
  for (guint i = 0; i < N_BINS; i++) {
    self->log_power[i] = logf (self->power[i] + POWER_FLOOR);
    log_sum += self->log_power[i];
  }
  emotion_mel_bands (self->mel, self->power, bands);
  s[0] = logf (row->activity.rms + RMS_FLOOR);
  s[1] = 0;
  for (guint b = 0; b < N_BANDS; b++) {
    bands[b] = logf (bands[b] + BAND_FLOOR);
    s[1] += expf (0.3f * bands[b]);
  }
  emotion_mel_cepstra (self->mel, bands, row->cepstra);
  describe_distribution (self->power, total, &s[3]);
  s[9] = log_sum / N_BINS - logf (total / N_BINS);
  s[10] = spectral_flux (self, total);
  s[11] = logf (band_energy (self->power, 50, 1000) / band_energy (self->power, 1000, 5000));
  s[12] = logf (band_peak (self->power, 0, 2000) / band_peak (self->power, 2000, 5000));
  s[13] = band_slope (self->log_power, 0, 500);
  s[14] = band_slope (self->log_power, 500, 1500);
  s[15] = band_slope (self->log_power, 1500, 5000);
}

static void
analyse_window (gpointer state, const EmotionSegment *segment, float *vector,
                EmotionActivity *activity)
{
  Speech1 *self = state;
  self->segment = *segment;
  speech_1_functionals_compute (self->functionals, (const Speech1Row *)segment->rows,
                                segment->n_rows, vector, activity);
}

static gboolean
get_matrix (gpointer state, guint index, EmotionMatrix *matrix)
{
  Speech1 *self = state;
  return self->segment.rows && /* a window was analysed */
         speech_1_functionals_get_matrix (self->functionals, (const Speech1Row *)self->segment.rows,
                                          self->segment.n_rows, index, matrix);
}

const EmotionFeatureSet emotion_speech_1 = {
    .name = "speech-1",
    .n_features = SPEECH_1_N_FEATURES,
    .row_length = sizeof (Speech1Row) / sizeof (float),
    .hop = HOP,
    .span = SPAN,
    .before = MARGIN,
    .after = MARGIN,
    .describe = speech_1_functionals_describe,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .analyse_frame = analyse_frame,
    .analyse_window = analyse_window,
    .get_matrix = get_matrix,
};
