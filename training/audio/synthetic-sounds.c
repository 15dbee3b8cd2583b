/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-sounds.h"

#include <math.h>

#include "augmentation.h"
#include "synthetic-music.h"

#define RATE 16000
#define MUSIC_LENGTH 9
#define OTHER_LENGTH 6 /* s */

typedef enum { WHITE, PINK, COLOURED, TONES, HUM, DIALLING, N_KINDS } Kind;

static double
between (GRand *random, double low, double high)
{
  return g_rand_double_range (random, low, high);
}

static gboolean
chance (GRand *random, double fraction)
{
  return g_rand_double (random) < fraction;
}

/* First-order noise with a fluctuating level. */
static void
fill_coloured (GRand *random, float *x, guint n)
{
  const double pole = between (random, -0.9, 0.99), depth = between (random, 0, 1);
  const double beat = 2 * G_PI * between (random, 1, 8) / RATE;
  double state = 0;
  for (guint i = 0; i < n; i++) {
    state = pole * state + between (random, -1, 1);
    x[i] = (float)(state * (1 - depth / 2 + depth / 2 * sin (beat * i)));
  }
}

/* One to three tones, mostly beeping. */
static void
fill_tones (GRand *random, float *x, guint n)
{
  const guint n_tones = (guint)g_rand_int_range (random, 1, 4);
  const gboolean beeps = chance (random, 0.6);
  const double period = between (random, 0.2, 3) * RATE, duty = between (random, 0.2, 0.8);
  for (guint tone = 0; tone < n_tones; tone++) {
    const double step = 2 * G_PI * 60 * pow (50, g_rand_double (random)) / RATE;
    for (guint i = 0; i < n; i++)
      if (!beeps || fmod (i, period) < duty * period)
        x[i] += (float)sin (step * i);
  }
}

/* A sawtooth of steady pitch with a fluctuating level, like motors and buzzers. */
static void
fill_hum (GRand *random, float *x, guint n)
{
  const double step = 60 * pow (1000.0 / 60, g_rand_double (random)) / RATE;
  const double depth = between (random, 0, 1), beat = 2 * G_PI * between (random, 1, 8) / RATE;
  for (guint i = 0; i < n; i++)
    x[i] = (float)((2 * fmod (step * i, 1) - 1) * (1 - depth / 2 + depth / 2 * sin (beat * i)));
}

/* Pairs of tones as in telephone dialling (ITU-T Q.23). */
static void
fill_dialling (GRand *random, float *x, guint n)
{
  static const double low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
  const guint tone = (guint)(between (random, 0.05, 0.4) * RATE);
  const guint pause = (guint)(between (random, 0.05, 0.4) * RATE);
  for (guint start = 0; start < n; start += tone + pause) {
    const double a = 2 * G_PI * low[g_rand_int_range (random, 0, 4)] / RATE;
    const double b = 2 * G_PI * high[g_rand_int_range (random, 0, 4)] / RATE;
    for (guint i = 0; i < tone && start + i < n; i++)
      x[start + i] = (float)(sin (a * i) + sin (b * i));
  }
}

static void
apply (TrainingAugmentationKind kind, double value, TrainingAudio *audio, GRand *random)
{
  const TrainingAugmentation augmentation = {kind, value, 1};
  training_augmentation_apply (&augmentation, audio, g_rand_int (random), NULL);
}

static void
make_other (Kind kind, GRand *random, TrainingAudio *audio)
{
  float *x = audio->samples;
  const guint n = (guint)audio->n_frames;
  for (guint i = 0; i < n && (kind == WHITE || kind == PINK); i++)
    x[i] = (float)between (random, -1, 1);
  if (kind == PINK)
    apply (TRAINING_AUGMENT_PINK, -20, audio, random);
  else if (kind == COLOURED)
    fill_coloured (random, x, n);
  else if (kind == TONES)
    fill_tones (random, x, n);
  else if (kind == HUM)
    fill_hum (random, x, n);
  else if (kind == DIALLING)
    fill_dialling (random, x, n);
}

/* Music as recorded: in a room, through a filter, with noise. */
static void
set_around (GRand *random, TrainingAudio *audio)
{
  if (chance (random, 0.4))
    apply (TRAINING_AUGMENT_REVERB, between (random, 0.3, 1.5), audio, random);
  if (chance (random, 0.3))
    apply (TRAINING_AUGMENT_BAND, between (random, 2, 7), audio, random);
  if (chance (random, 0.3))
    apply (TRAINING_AUGMENT_PINK, between (random, 5, 40), audio, random);
}

static void
set_peak (TrainingAudio *audio, double peak)
{
  float max = 1e-9f;
  for (gsize i = 0; i < audio->n_frames; i++)
    max = MAX (max, fabsf (audio->samples[i]));
  for (gsize i = 0; i < audio->n_frames; i++)
    audio->samples[i] *= (float)peak / max;
}

void
training_sound_make (guint index, TrainingAudio *audio)
{
  const gboolean music = index < TRAINING_SOUNDS_MUSIC;
  GRand *random = g_rand_new_with_seed (index);
  *audio = (TrainingAudio){
      .n_frames = RATE * (music ? MUSIC_LENGTH : OTHER_LENGTH), .rate = RATE, .channels = 1};
  audio->samples = g_new0 (float, audio->n_frames);
  if (music) {
    training_music_play (random, RATE, audio->samples, (guint)audio->n_frames);
    set_around (random, audio);
  } else {
    make_other ((Kind)((index - TRAINING_SOUNDS_MUSIC) % N_KINDS), random, audio);
  }
  set_peak (audio, between (random, 0.05, 0.5));
  g_rand_free (random);
}
