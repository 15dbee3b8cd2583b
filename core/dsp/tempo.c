/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tempo.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "stft.h"

#define WINDOW 250 /* frames, 8 s */
#define HALF (WINDOW / 2)
#define DELAY 3 /* frames before the first onset strength */
#define BPM_PER_LAG (60.0 * EMOTION_SAMPLE_RATE / EMOTION_STFT_HOP)
#define MAX_BPM 320.0
#define PRIOR_BPM 120.0
#define LAG_SCALE 1e6 /* of the autocorrelation within its logarithm */
#define N_SUMS 5      /* 1, cos and sin of the angle, cos and sin of twice the angle */

struct _EmotionTempo {
  guint max_frames;
  double cosine[WINDOW], sine[WINDOW]; /* of an angle that makes one turn per window */
  double hann[WINDOW];    /* [d + HALF]: window at a distance of d frames from the centre */
  float *envelope;        /* the onsets, then a ramp from the last one to 0 */
  guint *places;          /* frames at which the envelope is not 0, ascending */
  double (*sums)[N_SUMS]; /* running sums over the frames, see add_pair() */
};

EmotionTempo *
emotion_tempo_new (guint max_frames)
{
  EmotionTempo *self = g_new0 (EmotionTempo, 1);
  self->max_frames = max_frames;
  self->envelope = g_new (float, max_frames + HALF);
  self->places = g_new (guint, max_frames + HALF);
  self->sums = g_malloc_n (max_frames + 1, sizeof *self->sums);
  for (guint i = 0; i < WINDOW; i++) {
    self->cosine[i] = cos (2 * G_PI * i / WINDOW);
    self->sine[i] = sin (2 * G_PI * i / WINDOW);
    self->hann[i] = 0.5 - 0.5 * self->cosine[i];
  }
  return self;
}

void
emotion_tempo_free (EmotionTempo *self)
{
  if (!self)
    return;
  g_free (self->envelope);
  g_free (self->places);
  g_free (self->sums);
  g_free (self);
}

/* Partially sorts x[0..n): x[rank] gets the value that sorting would put there, and no value before
 * it is larger (Hoare 1961). */
static void
partition (float *x, guint n, guint rank)
{
  gint from = 0, to = (gint)n - 1;
  while (from < to) {
    float pivot = x[(from + to) / 2];
    gint i = from, j = to;
    while (i <= j) {
      while (x[i] < pivot)
        i++;
      while (x[j] > pivot)
        j--;
      if (i > j)
        break;
      float swap = x[i];
      x[i++] = x[j];
      x[j--] = swap;
    }
    if ((gint)rank <= j)
      to = j;
    else if ((gint)rank >= i)
      from = i;
    else
      return;
  }
}

void
emotion_tempo_onsets (const float *levels, guint n, float *onsets)
{
  const guint half = EMOTION_SLANEY_BANDS / 2;
  for (guint t = 0; t < n; t++) {
    float rises[EMOTION_SLANEY_BANDS];
    guint n_rises = 0;
    onsets[t] = 0;
    if (t < DELAY)
      continue;
    const float *last = levels + (gsize)(t - DELAY) * EMOTION_SLANEY_BANDS;
    const float *now = last + EMOTION_SLANEY_BANDS;
    for (guint b = 0; b < EMOTION_SLANEY_BANDS; b++) {
      float rise = now[b] - last[b];
      if (rise > 0)
        rises[n_rises++] = rise;
    }
    if (n_rises < half) /* both middle values are falls */
      continue;
    /* The upper middle value, and the largest value below it. */
    guint rank = half - (EMOTION_SLANEY_BANDS - n_rises);
    float lower = 0;
    partition (rises, n_rises, rank);
    for (guint i = 0; i < rank; i++)
      lower = MAX (lower, rises[i]);
    onsets[t] = (lower + rises[rank]) / 2;
  }
}

/* Computes the envelope and the frames at which it is not 0; returns their number. */
static guint
make_envelope (EmotionTempo *self, const float *onsets, guint n)
{
  guint count = 0;
  memcpy (self->envelope, onsets, n * sizeof *onsets);
  for (guint d = 1; d <= HALF; d++)
    self->envelope[n + d - 1] = (float)((double)onsets[n - 1] * (HALF - d) / HALF);
  for (guint i = 0; i < n + HALF; i++)
    if (self->envelope[i] != 0)
      self->places[count++] = i;
  return count;
}

/* Running sums over the frames of 1 / (the energy in the frame's window), times 1, cosine and sine
 * of the frame's angle and of twice the angle. Frames with an empty window do not count. */
static void
sum_frames (EmotionTempo *self, guint n, guint n_places)
{
  guint first = 0;
  memset (self->sums[0], 0, sizeof self->sums[0]);
  for (guint t = 0; t < n; t++) {
    double energy = 0;
    while (first < n_places && self->places[first] + HALF < t)
      first++;
    for (guint i = first; i < n_places && self->places[i] < t + HALF; i++) {
      double x = self->envelope[self->places[i]] * self->hann[self->places[i] + HALF - t];
      energy += x * x;
    }
    double weight = energy > 0 ? 1 / energy : 0;
    const double terms[N_SUMS] = {1, self->cosine[t % WINDOW], self->sine[t % WINDOW],
                                  self->cosine[2 * t % WINDOW], self->sine[2 * t % WINDOW]};
    for (guint s = 0; s < N_SUMS; s++)
      self->sums[t + 1][s] = self->sums[t][s] + weight * terms[s];
  }
}

/* The contribution of the values at `j` < `k` to the autocorrelations at lag k - j of all frames
 * whose window contains both. With w (j - t) = (1 + cos (j - t)) / 2, in units of the window's
 * angle, the product of both windows is a sum of products of terms in t and terms in j and k. So
 * sums over t are differences of running sums. */
static double
add_pair (const EmotionTempo *self, guint n, guint j, guint k)
{
  guint from = k >= HALF ? k - (HALF - 1) : 0, end = MIN (n, j + HALF + 1);
  if (from >= end)
    return 0;
  double over_t[N_SUMS];
  for (guint s = 0; s < N_SUMS; s++)
    over_t[s] = self->sums[end][s] - self->sums[from][s];
  guint a = j % WINDOW, b = k % WINDOW, both = (j + k) % WINDOW;
  return 0.25 * (double)self->envelope[j] * self->envelope[k] *
         (over_t[0] * (1 + 0.5 * self->cosine[k - j]) +
          over_t[1] * (self->cosine[a] + self->cosine[b]) +
          over_t[2] * (self->sine[a] + self->sine[b]) +
          0.5 * (over_t[3] * self->cosine[both] + over_t[4] * self->sine[both]));
}

double
emotion_tempo_estimate (EmotionTempo *self, const float *onsets, guint n)
{
  double correlation[WINDOW] = {0}, best = -INFINITY;
  guint best_lag = 0, n_places = make_envelope (self, onsets, n);
  g_assert (n <= self->max_frames);
  if (n_places == 0)
    return 0;
  sum_frames (self, n, n_places);
  for (guint i = 0; i < n_places; i++)
    for (guint l = i + 1; l < n_places && self->places[l] - self->places[i] < WINDOW; l++)
      correlation[self->places[l] - self->places[i]] +=
          add_pair (self, n, self->places[i], self->places[l]);
  for (guint lag = (guint)(BPM_PER_LAG / MAX_BPM) + 1; lag < WINDOW; lag++) {
    double octaves = log2 (BPM_PER_LAG / lag / PRIOR_BPM);
    double score = log1p (LAG_SCALE * MAX (correlation[lag], 0) / n) - 0.5 * octaves * octaves;
    if (score > best) {
      best = score;
      best_lag = lag;
    }
  }
  return BPM_PER_LAG / best_lag;
}
