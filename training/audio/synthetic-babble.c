/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-babble.h"

#include <math.h>

#define RATE TRAINING_MADE_BABBLE_RATE
#define N_FORMANTS 5
#define MIN_TALKERS 3
#define MAX_TALKERS 8
#define SPREAD 4.0        /* dB: maximum deviation of a talker's level from the mean */
#define MIN_FLOOR (-42.0) /* dB, of noise relative to all talkers */
#define MAX_FLOOR (-26.0)
#define STEP (RATE / 250) /* samples with constant resonances */
#define GLIDE 0.12        /* fraction of the way to its target per step: 30 ms */
#define OPEN 0.6          /* fraction of a period with an open glottis */
#define MIN_PITCH 80.0    /* Hz */
#define MAX_PITCH 300.0   /* Hz */
#define MIN_MELODY 1.0    /* semitones: deviation of the pitch from the talker's mean */
#define MAX_MELODY 5.0
#define MIN_SYLLABLES 3.0 /* a second */
#define MAX_SYLLABLES 6.0
#define MAX_IN_A_RUN 10       /* syllables between pauses */
#define MAX_PAUSE 0.8         /* s */
#define HISS 0.6              /* fraction of syllables that begin with a noisy consonant */
#define HISS_BANDWIDTH 1200.0 /* Hz */
#define MIN_HISS 0.05         /* s */
#define MAX_HISS 0.15         /* s */

/* Ranges of vowel formants (Peterson & Barney 1952, rounded). */
static const struct {
  double min, max, bandwidth; /* Hz */
} formants[N_FORMANTS] = {
    {250, 800, 100}, {700, 2200, 140}, {2100, 3100, 200}, {3300, 4000, 300}, {4300, 5000, 400}};

typedef struct {
  double gain, b, c, last, before;
} Resonance;

typedef struct {
  GRand *random;
  double pitch, melody;      /* of the talker: Hz; semitones */
  double tract, breath;      /* factor of all formants; noise in the glottal flow */
  double f0, at[N_FORMANTS]; /* current, Hz */
  double phase;              /* of the glottal cycle, 0..1 */
  Resonance resonances[N_FORMANTS], hiss;
} Talker;

/* A digital resonator (Klatt 1980) without its gain. */
static void
tune (Resonance *self, double frequency, double bandwidth)
{
  const double radius = exp (-G_PI * bandwidth / RATE);
  self->b = 2 * radius * cos (2 * G_PI * frequency / RATE);
  self->c = -radius * radius;
}

static double
resonate (Resonance *self, double x)
{
  const double y = self->gain * x + self->b * self->last + self->c * self->before;
  self->before = self->last;
  self->last = y;
  return y;
}

/* Moves pitch and formants towards their targets. In a cascade, a formant without a frequency
 * passes the signal unchanged. */
static void
glide (Talker *talker, double f0, const double *targets)
{
  talker->f0 += GLIDE * (f0 - talker->f0);
  for (guint f = 0; f < N_FORMANTS; f++) {
    Resonance *resonance = &talker->resonances[f];
    talker->at[f] += GLIDE * (targets[f] - talker->at[f]);
    tune (resonance, talker->at[f], formants[f].bandwidth);
    resonance->gain = 1 - resonance->b - resonance->c;
  }
}

/* The derivative of the glottal flow, which falls by about 6 dB per octave (Klatt & Klatt 1990). */
static double
pulse (Talker *talker)
{
  talker->phase += talker->f0 / RATE;
  talker->phase -= floor (talker->phase);
  const double x = talker->phase / OPEN;
  return x < 1 ? x * (2 - 3 * x) : 0;
}

static void
draw_vowel (Talker *talker, double *targets)
{
  for (guint f = 0; f < N_FORMANTS; f++)
    targets[f] =
        talker->tract * g_rand_double_range (talker->random, formants[f].min, formants[f].max);
}

static void
add_consonant (Talker *talker, float *samples, gsize n)
{
  const double level = g_rand_double_range (talker->random, 0.3, 1);
  tune (&talker->hiss, g_rand_double_range (talker->random, 1500, 6500), HISS_BANDWIDTH);
  talker->hiss.gain = 1 - sqrt (-talker->hiss.c);
  for (gsize i = 0; i < n; i++)
    samples[i] += (float)(level * sin (G_PI * (double)i / (double)n) *
                          resonate (&talker->hiss, g_rand_double_range (talker->random, -1, 1)));
}

static void
add_syllable (Talker *talker, float *samples, gsize n)
{
  double targets[N_FORMANTS];
  const double steps = talker->melody * g_rand_double_range (talker->random, -1.7, 1.7);
  const double f0 = talker->pitch * pow (2, steps / 12);
  const double level = pow (10, g_rand_double_range (talker->random, -14, 0) / 20);
  draw_vowel (talker, targets);
  for (gsize i = 0; i < n; i++) {
    if (i % STEP == 0)
      glide (talker, f0, targets);
    double y = pulse (talker) + talker->breath * g_rand_double_range (talker->random, -1, 1);
    y *= level * sin (G_PI * (double)i / (double)n);
    for (guint f = 0; f < N_FORMANTS; f++)
      y = resonate (&talker->resonances[f], y);
    samples[i] += (float)y;
  }
  const gsize hiss = (gsize)(RATE * g_rand_double_range (talker->random, MIN_HISS, MAX_HISS));
  if (g_rand_double (talker->random) < HISS)
    add_consonant (talker, samples, MIN (n, hiss));
}

static void
draw_talker (Talker *talker, GRand *random)
{
  *talker = (Talker){.random = random};
  talker->pitch = MIN_PITCH * pow (MAX_PITCH / MIN_PITCH, g_rand_double (random));
  talker->melody = g_rand_double_range (random, MIN_MELODY, MAX_MELODY);
  talker->breath = g_rand_double_range (random, 0.02, 0.2);
  talker->tract = g_rand_double_range (random, 0.9, 1.2);
  talker->f0 = talker->pitch;
  draw_vowel (talker, talker->at);
}

/* Runs of syllables with pauses between them. Each talker starts at a different time. */
static void
speak (Talker *talker, float *samples, gsize n)
{
  const double rate = g_rand_double_range (talker->random, MIN_SYLLABLES, MAX_SYLLABLES);
  gint left = 0; /* remaining syllables of the run */
  for (gsize at = 0; at < n;) {
    if (left-- == 0) {
      at += (gsize)(RATE * g_rand_double_range (talker->random, 0, MAX_PAUSE));
      left = g_rand_int_range (talker->random, 3, MAX_IN_A_RUN + 1);
      continue;
    }
    const gsize length = (gsize)(RATE / rate * g_rand_double_range (talker->random, 0.6, 1.4));
    add_syllable (talker, samples + at, MIN (length, n - at));
    at += length;
  }
}

/* Adds samples at a power of `level` dB; silence adds nothing. */
static void
add_talker (float *sum, const float *samples, gsize n, double level)
{
  double energy = 0;
  for (gsize i = 0; i < n; i++)
    energy += (double)samples[i] * samples[i];
  const float scale = energy > 0 ? (float)(sqrt ((double)n / energy) * pow (10, level / 20)) : 0;
  for (gsize i = 0; i < n; i++)
    sum[i] += scale * samples[i];
}

/* Adds a noise floor as recordings have. Without it, the spectra between syllables would give
 * synthetic babble away. `samples` is a work buffer. */
static void
add_room_noise (float *sum, float *samples, gsize n, gint n_talkers, GRand *random)
{
  const double level = g_rand_double_range (random, MIN_FLOOR, MAX_FLOOR);
  for (gsize i = 0; i < n; i++)
    samples[i] = (float)g_rand_double_range (random, -1, 1);
  add_talker (sum, samples, n, level + 10 * log10 (n_talkers));
}

float *
training_made_babble_new (gsize n, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  const gint n_talkers = g_rand_int_range (random, MIN_TALKERS, MAX_TALKERS + 1);
  float *sum = g_new0 (float, n), *samples = g_new (float, n);
  for (gint v = 0; v < n_talkers; v++) {
    Talker talker;
    for (gsize i = 0; i < n; i++)
      samples[i] = 0;
    draw_talker (&talker, random);
    speak (&talker, samples, n);
    add_talker (sum, samples, n, g_rand_double_range (random, -SPREAD, SPREAD));
  }
  add_room_noise (sum, samples, n, n_talkers, random);
  g_free (samples);
  g_rand_free (random);
  return sum;
}
