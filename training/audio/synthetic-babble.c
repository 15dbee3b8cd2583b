/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-babble.h"

#include <math.h>

#define RATE TRAINING_MADE_BABBLE_RATE
#define N_FORMANTS 5
#define MIN_VOICES 3
#define MAX_VOICES 8
#define SPREAD 4.0        /* dB: the most that a voice is louder or softer than the mean */
#define MIN_FLOOR (-42.0) /* dB, of noise against all voices */
#define MAX_FLOOR (-26.0)
#define STEP (RATE / 250) /* samples with the same resonances */
#define GLIDE 0.12        /* of the way to its target that each step goes: 30 ms */
#define OPEN 0.6          /* share of a period in which the glottis is open */
#define MIN_PITCH 80.0    /* Hz */
#define MAX_PITCH 300.0   /* Hz */
#define MIN_MELODY 1.0    /* semitones: the deviation of a voice's pitch from its own mean */
#define MAX_MELODY 5.0
#define MIN_SYLLABLES 3.0 /* a second */
#define MAX_SYLLABLES 6.0
#define MAX_IN_A_RUN 10       /* syllables between two pauses */
#define MAX_PAUSE 0.8         /* s */
#define HISS 0.6              /* share of the syllables that begin with a noisy consonant */
#define HISS_BANDWIDTH 1200.0 /* Hz */
#define MIN_HISS 0.05         /* s */
#define MAX_HISS 0.15         /* s */

/* Of vowels, by formant (Peterson & Barney 1952, rounded). */
static const struct {
  double min, max, bandwidth; /* Hz */
} formants[N_FORMANTS] = {
    {250, 800, 100}, {700, 2200, 140}, {2100, 3100, 200}, {3300, 4000, 300}, {4300, 5000, 400}};

typedef struct {
  double gain, b, c, last, before;
} Resonance;

typedef struct {
  GRand *random;
  double pitch, melody;      /* the voice's own: Hz; semitones */
  double tract, breath;      /* factor on all formants; noise in the flow through the glottis */
  double f0, at[N_FORMANTS]; /* Hz, now */
  double phase;              /* of the glottis, 0..1 */
  Resonance resonances[N_FORMANTS], hiss;
} Voice;

/* A digital resonator (Klatt 1980), without its gain. */
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

/* Moves pitch and formants towards their targets; formants in cascade pass what has no frequency
 * as it is. */
static void
glide (Voice *voice, double f0, const double *targets)
{
  voice->f0 += GLIDE * (f0 - voice->f0);
  for (guint f = 0; f < N_FORMANTS; f++) {
    Resonance *resonance = &voice->resonances[f];
    voice->at[f] += GLIDE * (targets[f] - voice->at[f]);
    tune (resonance, voice->at[f], formants[f].bandwidth);
    resonance->gain = 1 - resonance->b - resonance->c;
  }
}

/* The derivative of the flow through the glottis, which falls by some 6 dB an octave (Klatt & Klatt
 * 1990). */
static double
pulse (Voice *voice)
{
  voice->phase += voice->f0 / RATE;
  voice->phase -= floor (voice->phase);
  const double x = voice->phase / OPEN;
  return x < 1 ? x * (2 - 3 * x) : 0;
}

static void
draw_vowel (Voice *voice, double *targets)
{
  for (guint f = 0; f < N_FORMANTS; f++)
    targets[f] =
        voice->tract * g_rand_double_range (voice->random, formants[f].min, formants[f].max);
}

static void
add_consonant (Voice *voice, float *samples, gsize n)
{
  const double level = g_rand_double_range (voice->random, 0.3, 1);
  tune (&voice->hiss, g_rand_double_range (voice->random, 1500, 6500), HISS_BANDWIDTH);
  voice->hiss.gain = 1 - sqrt (-voice->hiss.c);
  for (gsize i = 0; i < n; i++)
    samples[i] += (float)(level * sin (G_PI * (double)i / (double)n) *
                          resonate (&voice->hiss, g_rand_double_range (voice->random, -1, 1)));
}

static void
add_syllable (Voice *voice, float *samples, gsize n)
{
  double targets[N_FORMANTS];
  const double steps = voice->melody * g_rand_double_range (voice->random, -1.7, 1.7);
  const double f0 = voice->pitch * pow (2, steps / 12);
  const double level = pow (10, g_rand_double_range (voice->random, -14, 0) / 20);
  draw_vowel (voice, targets);
  for (gsize i = 0; i < n; i++) {
    if (i % STEP == 0)
      glide (voice, f0, targets);
    double y = pulse (voice) + voice->breath * g_rand_double_range (voice->random, -1, 1);
    y *= level * sin (G_PI * (double)i / (double)n);
    for (guint f = 0; f < N_FORMANTS; f++)
      y = resonate (&voice->resonances[f], y);
    samples[i] += (float)y;
  }
  const gsize hiss = (gsize)(RATE * g_rand_double_range (voice->random, MIN_HISS, MAX_HISS));
  if (g_rand_double (voice->random) < HISS)
    add_consonant (voice, samples, MIN (n, hiss));
}

static void
draw_voice (Voice *voice, GRand *random)
{
  *voice = (Voice){.random = random};
  voice->pitch = MIN_PITCH * pow (MAX_PITCH / MIN_PITCH, g_rand_double (random));
  voice->melody = g_rand_double_range (random, MIN_MELODY, MAX_MELODY);
  voice->breath = g_rand_double_range (random, 0.02, 0.2);
  voice->tract = g_rand_double_range (random, 0.9, 1.2);
  voice->f0 = voice->pitch;
  draw_vowel (voice, voice->at);
}

/* Runs of syllables with pauses between them; each voice begins at its own time. */
static void
speak (Voice *voice, float *samples, gsize n)
{
  const double rate = g_rand_double_range (voice->random, MIN_SYLLABLES, MAX_SYLLABLES);
  gint left = 0; /* syllables in this run */
  for (gsize at = 0; at < n;) {
    if (left-- == 0) {
      at += (gsize)(RATE * g_rand_double_range (voice->random, 0, MAX_PAUSE));
      left = g_rand_int_range (voice->random, 3, MAX_IN_A_RUN + 1);
      continue;
    }
    const gsize length = (gsize)(RATE / rate * g_rand_double_range (voice->random, 0.6, 1.4));
    add_syllable (voice, samples + at, MIN (length, n - at));
    at += length;
  }
}

/* Adds samples at a power of `level` dB; nothing of silence. */
static void
add_voice (float *sum, const float *samples, gsize n, double level)
{
  double energy = 0;
  for (gsize i = 0; i < n; i++)
    energy += (double)samples[i] * samples[i];
  const float scale = energy > 0 ? (float)(sqrt ((double)n / energy) * pow (10, level / 20)) : 0;
  for (gsize i = 0; i < n; i++)
    sum[i] += scale * samples[i];
}

/* Recordings of people have a floor, without which the spectra between syllables would tell made
 * voices from these. `samples` is room to work in. */
static void
add_room_noise (float *sum, float *samples, gsize n, gint n_voices, GRand *random)
{
  const double level = g_rand_double_range (random, MIN_FLOOR, MAX_FLOOR);
  for (gsize i = 0; i < n; i++)
    samples[i] = (float)g_rand_double_range (random, -1, 1);
  add_voice (sum, samples, n, level + 10 * log10 (n_voices));
}

float *
training_made_babble_new (gsize n, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  const gint n_voices = g_rand_int_range (random, MIN_VOICES, MAX_VOICES + 1);
  float *sum = g_new0 (float, n), *samples = g_new (float, n);
  for (gint v = 0; v < n_voices; v++) {
    Voice voice;
    for (gsize i = 0; i < n; i++)
      samples[i] = 0;
    draw_voice (&voice, random);
    speak (&voice, samples, n);
    add_voice (sum, samples, n, g_rand_double_range (random, -SPREAD, SPREAD));
  }
  add_room_noise (sum, samples, n, n_voices, random);
  g_free (samples);
  g_rand_free (random);
  return sum;
}
