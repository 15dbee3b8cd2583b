/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pitch.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "core/base/simd.h"

/* At least SPAN + the longest lag, so that the searched lags do not wrap around. */
#define FFT_SIZE EMOTION_PITCH_FFT
/* Range of lags of a peak. A frame has only two and a half of the longest periods, so their peak
 * may be off by some samples. A peak also needs both neighbours. */
#define MIN_LAG (EMOTION_SAMPLE_RATE / EMOTION_PITCH_MAX)
#define MAX_LAG (EMOTION_SAMPLE_RATE / EMOTION_PITCH_MIN + 6)
#define N_LAGS (MAX_LAG + 2)
#define UNVOICED EMOTION_PITCH_CANDIDATES
#define N_STATES (EMOTION_PITCH_CANDIDATES + 1)

/* Constants of the path search (Boersma 1993, section on the path finder, with its values for the
 * costs). The quiet threshold is relative to the loudest frame. */
#define OCTAVE_COST 0.01f       /* per octave of lag: prefers the higher of two equal candidates */
#define UNVOICED_STRENGTH 0.45f /* of the unvoiced candidate at full level */
#define QUIET_LEVEL 0.06f /* of the loudest frame; the unvoiced candidate is stronger below it */
#define OCTAVE_JUMP_COST 0.35f /* per octave between neighbours */
#define VOICING_COST 0.14f     /* for each change between voiced and unvoiced */

struct _EmotionPitch {
  const EmotionFft *fft;
  float window[EMOTION_PITCH_SPAN];
  float window_correlation[N_LAGS]; /* its inverse, 1 at lag 0 */
  float lag_cost[N_LAGS];
  double *buffer; /* FFT_SIZE */
  fftw_complex *spectrum;
  float power[EMOTION_PITCH_BINS]; /* of the frame analysed last */
};

/* Leaves the unscaled autocorrelation of the windowed frame in the buffer. */
static void
autocorrelate (EmotionPitch *self, const float *frame)
{
  for (guint i = 0; i < EMOTION_PITCH_SPAN; i++)
    self->buffer[i] = frame[i] * self->window[i];
  memset (self->buffer + EMOTION_PITCH_SPAN, 0, sizeof (double) * (FFT_SIZE - EMOTION_PITCH_SPAN));
  emotion_fft_forward (self->fft, self->buffer, self->spectrum);
  emotion_simd_power (&self->spectrum[0][0], EMOTION_PITCH_BINS, self->power);
  for (guint i = 0; i < EMOTION_PITCH_BINS; i++) {
    self->spectrum[i][0] = self->power[i];
    self->spectrum[i][1] = 0;
  }
  emotion_fft_inverse (self->fft, self->spectrum, self->buffer);
}

EmotionPitch *
emotion_pitch_new (void)
{
  EmotionPitch *self = g_new0 (EmotionPitch, 1);
  float ones[EMOTION_PITCH_SPAN];
  self->fft = emotion_fft_acquire (FFT_SIZE);
  self->buffer = fftw_malloc (sizeof (double) * FFT_SIZE);
  self->spectrum = fftw_malloc (sizeof (fftw_complex) * (FFT_SIZE / 2 + 1));
  for (guint i = 0; i < EMOTION_PITCH_SPAN; i++)
    self->window[i] = (float)(0.5 - 0.5 * cos (2 * G_PI * i / (EMOTION_PITCH_SPAN - 1)));
  for (guint i = 0; i < EMOTION_PITCH_SPAN; i++)
    ones[i] = 1;
  autocorrelate (self, ones);
  for (guint lag = 0; lag < N_LAGS; lag++) {
    self->window_correlation[lag] = (float)(self->buffer[0] / self->buffer[lag]);
    self->lag_cost[lag] = lag ? OCTAVE_COST * log2f ((float)lag / MIN_LAG) : 0;
  }
  return self;
}

void
emotion_pitch_free (EmotionPitch *self)
{
  if (!self)
    return;
  emotion_fft_release (self->fft);
  fftw_free (self->buffer);
  fftw_free (self->spectrum);
  g_free (self);
}

/* Inserts a candidate. The candidates are the strongest ones, in descending order. */
static void
insert_candidate (EmotionPitchFrame *frame, float lag, float strength)
{
  guint at = EMOTION_PITCH_CANDIDATES;
  while (at > 0 && strength > frame->candidates[at - 1].strength) {
    if (at < EMOTION_PITCH_CANDIDATES)
      frame->candidates[at] = frame->candidates[at - 1];
    at--;
  }
  if (at == EMOTION_PITCH_CANDIDATES)
    return;
  /* The lag for now; the logarithm is taken once, of the final candidates. */
  frame->candidates[at].octave = lag;
  frame->candidates[at].strength = strength;
}

static void
pick_peaks (const EmotionPitch *self, const float *r, EmotionPitchFrame *frame)
{
  for (guint lag = MIN_LAG; lag <= MAX_LAG; lag++) {
    if (!(r[lag] > r[lag - 1] && r[lag] >= r[lag + 1] && r[lag] > 0))
      continue;
    float bend = r[lag - 1] - 2 * r[lag] + r[lag + 1];
    float offset = bend < -1e-9f ? 0.5f * (r[lag - 1] - r[lag + 1]) / bend : 0;
    insert_candidate (frame, (float)lag + CLAMP (offset, -1, 1), r[lag] - self->lag_cost[lag]);
  }
  for (guint c = 0; c < EMOTION_PITCH_CANDIDATES; c++)
    if (frame->candidates[c].strength > -1)
      frame->candidates[c].octave = log2f (EMOTION_SAMPLE_RATE / frame->candidates[c].octave);
}

void
emotion_pitch_analyse (EmotionPitch *self, const float *samples, EmotionPitchFrame *frame)
{
  float x[EMOTION_PITCH_SPAN], r[N_LAGS];
  const float mean = emotion_simd_sum (samples, EMOTION_PITCH_SPAN) / EMOTION_PITCH_SPAN;
  for (guint i = 0; i < EMOTION_PITCH_SPAN; i++)
    x[i] = samples[i] - mean;
  const float energy = emotion_simd_product (x, x, EMOTION_PITCH_SPAN);
  frame->rms = sqrtf (energy / EMOTION_PITCH_SPAN);
  for (guint c = 0; c < EMOTION_PITCH_CANDIDATES; c++) {
    frame->candidates[c].octave = 0;
    frame->candidates[c].strength = -1;
  }
  if (frame->rms < 1e-7f) { /* digital silence: nothing to correlate below -140 dBFS */
    memset (self->power, 0, sizeof self->power);
    return;
  }
  autocorrelate (self, x);
  const double scale = 1 / self->buffer[0];
  for (guint lag = 0; lag < N_LAGS; lag++)
    r[lag] = (float)(self->buffer[lag] * scale * self->window_correlation[lag]);
  pick_peaks (self, r, frame);
}

const float *
emotion_pitch_get_power (const EmotionPitch *self)
{
  return self->power;
}

gsize
emotion_pitch_track_workspace (guint n)
{
  return (gsize)n * N_STATES;
}

static float
unvoiced_strength (float rms, float loudest)
{
  float level = rms / loudest;
  return UNVOICED_STRENGTH + MAX (0, 2 - 2 * level / QUIET_LEVEL);
}

static float
transition_cost (const EmotionPitchFrame *from, guint a, const EmotionPitchFrame *to, guint b)
{
  if (a == UNVOICED || b == UNVOICED)
    return a == b ? 0 : VOICING_COST;
  return OCTAVE_JUMP_COST * fabsf (from->candidates[a].octave - to->candidates[b].octave);
}

void
emotion_pitch_track (const float *frames, gsize stride, guint n, float loudest, gpointer workspace,
                     float *octaves, float *strengths)
{
  guint8 *back = workspace; /* n x N_STATES */
  float score[N_STATES] = {0}, next[N_STATES];
  loudest = MAX (loudest, 1e-9f);
  for (guint t = 0; t < n; t++) {
    const EmotionPitchFrame *now = (const EmotionPitchFrame *)(frames + t * stride);
    const EmotionPitchFrame *last = (const EmotionPitchFrame *)(frames + (t ? t - 1 : 0) * stride);
    for (guint b = 0; b < N_STATES; b++) {
      guint best = 0;
      float best_score = -G_MAXFLOAT;
      for (guint a = 0; a < N_STATES; a++) {
        float s = t ? score[a] - transition_cost (last, a, now, b) : 0;
        if (s > best_score)
          best_score = s, best = a;
      }
      back[t * N_STATES + b] = (guint8)best;
      next[b] = best_score + (b == UNVOICED ? unvoiced_strength (now->rms, loudest)
                                            : now->candidates[b].strength);
    }
    memcpy (score, next, sizeof score);
  }
  guint state = 0;
  for (guint b = 1; b < N_STATES; b++)
    if (score[b] > score[state])
      state = b;
  for (guint t = n; t-- > 0;) {
    const EmotionPitchFrame *now = (const EmotionPitchFrame *)(frames + t * stride);
    gboolean voiced = state != UNVOICED && now->candidates[state].strength > 0;
    octaves[t] = voiced ? now->candidates[state].octave : 0;
    strengths[t] = voiced ? now->candidates[state].strength : 0;
    state = back[t * N_STATES + state];
  }
}
