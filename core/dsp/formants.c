/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formants.h"

#include <math.h>

#include "core/base/audio.h"
#include "core/base/simd.h"
#include "spectral-frame.h"

#define BIN_HZ ((float)EMOTION_SAMPLE_RATE / EMOTION_SPECTRAL_FFT)
#define TOP_HZ 5000.f
#define N_POINTS 161 /* bins from 0 to TOP_HZ */
#define N_PADDED 164 /* the same, padded to whole vectors */
#define ORDER 11     /* five resonances and the spectral slope of the source */
#define EMPHASIS 0.97
#define LAG_WINDOW_HZ 40.0 /* widens every peak, so that single harmonics do not become formants */
#define NOISE_FLOOR 1e-4   /* -40 dB of white noise: keeps the recursion well conditioned */
#define MIN_ENERGY 1e-14
#define LOWEST 5        /* bin, 156 Hz */
#define WIDEST_HZ 900.f /* of a formant's bandwidth */
#define MIN_BEND 1e-6   /* of the logarithm of a peak, between neighbouring bins */
#define MIN_VALUE 1e-12 /* of the inverse envelope */

static const EmotionFormantRow neutral = {{500, 1500, 2500}, {400, 400, 400}};

struct _EmotionFormants {
  float emphasis[N_PADDED];
  float to_lags[ORDER + 1][N_PADDED];    /* power -> autocorrelation, with the lag window */
  double to_points[ORDER + 1][N_POINTS]; /* autocorrelation -> spectrum */
  float weighted[N_PADDED];
  /* The curvature of a peak is a small difference of large sums; float would give noise. */
  double inverse[N_POINTS];
};

EmotionFormants *
emotion_formants_new (void)
{
  EmotionFormants *self = g_new0 (EmotionFormants, 1);
  for (guint i = 0; i < N_POINTS; i++) {
    const double w = 2 * G_PI * i / EMOTION_SPECTRAL_FFT, angle = G_PI * i / (N_POINTS - 1);
    self->emphasis[i] = (float)(1 + EMPHASIS * EMPHASIS - 2 * EMPHASIS * cos (w));
    for (guint lag = 0; lag <= ORDER; lag++) {
      const double spread = 2 * G_PI * LAG_WINDOW_HZ / (2 * TOP_HZ) * lag;
      const double twice = i == 0 || i == N_POINTS - 1 ? 1 : 2;
      self->to_lags[lag][i] = (float)(cos (angle * lag) * twice * exp (-0.5 * spread * spread));
      self->to_points[lag][i] = cos (angle * lag) * (lag ? 2 : 1);
    }
  }
  return self;
}

void
emotion_formants_free (EmotionFormants *self)
{
  g_free (self);
}

/* Levinson's recursion; FALSE if no energy is left to predict. */
static gboolean
predict (const double *r, double *a)
{
  double energy = r[0];
  a[0] = 1;
  for (guint i = 1; i <= ORDER; i++) {
    double k = r[i], last[ORDER + 1];
    for (guint j = 1; j < i; j++)
      k += a[j] * r[i - j];
    k = -k / energy;
    for (guint j = 1; j < i; j++)
      last[j] = a[j];
    for (guint j = 1; j < i; j++)
      a[j] = last[j] + k * last[i - j];
    a[i] = k;
    energy *= 1 - k * k;
    if (!(energy > 0))
      return FALSE;
  }
  return TRUE;
}

/* self->inverse <- |A|^2, the inverse of the envelope. */
static void
invert_envelope (EmotionFormants *self, const double *a)
{
  for (guint i = 0; i < N_POINTS; i++)
    self->inverse[i] = 0;
  for (guint lag = 0; lag <= ORDER; lag++) {
    double sum = 0;
    for (guint j = 0; j + lag <= ORDER; j++)
      sum += a[j] * a[j + lag];
    for (guint i = 0; i < N_POINTS; i++)
      self->inverse[i] += sum * self->to_points[lag][i];
  }
}

static double
log_envelope (const EmotionFormants *self, guint point)
{
  return -log (MAX (self->inverse[point], MIN_VALUE));
}

void
emotion_formants_analyse (EmotionFormants *self, const float *power, EmotionFormantRow *row)
{
  const float step = (float)G_PI / (N_POINTS - 1); /* radians between points */
  double r[ORDER + 1], a[ORDER + 1];
  *row = neutral;
  for (guint i = 0; i < N_POINTS; i++)
    self->weighted[i] = power[i] * self->emphasis[i];
  for (guint lag = 0; lag <= ORDER; lag++)
    r[lag] = emotion_simd_product (self->weighted, self->to_lags[lag], N_PADDED);
  r[0] = r[0] * (1 + NOISE_FLOOR) + MIN_ENERGY;
  if (!predict (r, a))
    return;
  invert_envelope (self, a);
  const double *v = self->inverse;
  guint found = 0;
  for (guint i = LOWEST; i + 1 < N_POINTS && found < EMOTION_FORMANTS; i++) {
    if (!(v[i] < v[i - 1] && v[i] <= v[i + 1]))
      continue;
    const double before = log_envelope (self, i - 1), after = log_envelope (self, i + 1);
    const double bend = 2 * log_envelope (self, i) - before - after;
    if (bend < MIN_BEND)
      continue;
    const float bandwidth = (float)sqrt (2 / bend) * step * 2 * TOP_HZ / (float)G_PI;
    if (bandwidth > WIDEST_HZ)
      continue;
    row->centres[found] = (float)(i + 0.5 * (after - before) / bend) * BIN_HZ;
    row->bandwidths[found++] = bandwidth;
  }
}
