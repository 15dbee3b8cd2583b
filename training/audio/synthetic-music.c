/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-music.h"

#include <math.h>

#define MAX_HARMONICS 19
#define TABLE 1024    /* samples of a period */
#define RELEASE 0.02  /* s, at a note's end */
#define SCALE_NOTES 7 /* in an octave */
#define FORMANTS 3

/* A filter for an instrument's sound: a body, a vowel, a wah-wah or an amplifier. */
typedef struct {
  guint n_formants;
  double frequency[FORMANTS], width[FORMANTS]; /* Hz */
  double sweep, sweep_speed;                   /* of the frequencies: relative depth, Hz */
  double drive;                                /* distortion gain; 0: none */
} Body;

typedef struct {
  guint n_harmonics;
  double amplitude[MAX_HARMONICS], phase[MAX_HARMONICS];
  double attack, decay;                /* s, 1/s */
  double vibrato_depth, vibrato_speed; /* relative to F0, Hz */
  double tremolo_depth, tremolo_speed; /* relative to the level, Hz */
  double glide;                        /* duration of a glide from the previous note, s; 0: none */
  double loudness;
  Body body;
} Instrument;

typedef struct {
  GRand *random;
  float *out;
  guint n, rate;
  double beat; /* s */
  gint root;   /* MIDI note */
  double last; /* the part's previous note, Hz; 0: none */
  gboolean minor;
} Piece;

static double
between (Piece *piece, double low, double high)
{
  return g_rand_double_range (piece->random, low, high);
}

static gboolean
chance (Piece *piece, double fraction)
{
  return g_rand_double (piece->random) < fraction;
}

static double
one_of (Piece *piece, const double *choices, gint n)
{
  return choices[g_rand_int_range (piece->random, 0, n)];
}

static Body
draw_body (Piece *piece)
{
  static const double highest[FORMANTS] = {1000, 2500, 4000};
  Body self = {0};
  if (chance (piece, 0.5))
    self.n_formants = (guint)g_rand_int_range (piece->random, 1, FORMANTS + 1);
  for (guint i = 0; i < self.n_formants; i++) {
    self.frequency[i] = between (piece, 0.3, 1) * highest[i];
    self.width[i] = between (piece, 80, 400);
  }
  if (chance (piece, 0.4))
    self.sweep = between (piece, 0.2, 0.7);
  self.sweep_speed = between (piece, 0.2, 4);
  if (chance (piece, 0.2))
    self.drive = between (piece, 2, 10);
  return self;
}

static Instrument
draw_instrument (Piece *piece)
{
  static const double tremolos[] = {0, 0, 0.3, 0.8};
  static const double attacks[] = {0.002, 0.02, 0.1, 0.3}, decays[] = {0, 0.5, 2, 6, 15};
  static const double depths[] = {0, 0, 0.005, 0.01};
  Instrument self = {.n_harmonics = (guint)g_rand_int_range (piece->random, 1, MAX_HARMONICS + 1)};
  const double fall = between (piece, 0.3, 2.2), even = chance (piece, 0.3) ? 0.1 : 1;
  for (guint h = 0; h < self.n_harmonics; h++) {
    self.amplitude[h] = pow (h + 1, -fall) * (h % 2 ? even : 1);
    self.phase[h] = between (piece, 0, 2 * G_PI);
  }
  self.attack = one_of (piece, attacks, G_N_ELEMENTS (attacks));
  self.decay = one_of (piece, decays, G_N_ELEMENTS (decays));
  self.vibrato_depth = one_of (piece, depths, G_N_ELEMENTS (depths));
  self.vibrato_speed = between (piece, 4, 7);
  self.tremolo_depth = one_of (piece, tremolos, G_N_ELEMENTS (tremolos));
  self.tremolo_speed = between (piece, 2, 8);
  if (chance (piece, 0.3))
    self.glide = between (piece, 0.05, 0.3);
  self.loudness = between (piece, 0.1, 1);
  self.body = draw_body (piece);
  return self;
}

/* One period, band-limited to half the rate. */
static void
fill_table (const Instrument *instrument, double f0, guint rate, float table[TABLE + 1])
{
  for (guint i = 0; i <= TABLE; i++) {
    double sum = 0;
    for (guint h = 0; h < instrument->n_harmonics && (h + 1) * f0 < rate / 2.0; h++)
      sum += instrument->amplitude[h] * sin (2 * G_PI * (h + 1) * i / TABLE + instrument->phase[h]);
    table[i] = (float)sum;
  }
}

/* The level of a note at time t of its length; `at` is the time in the piece, s. */
static double
level_of (const Instrument *instrument, double t, double length, double at)
{
  const double wave = 0.5 + 0.5 * sin (2 * G_PI * instrument->tremolo_speed * at);
  const double level = MIN (t / instrument->attack, 1) * exp (-instrument->decay * t) *
                       MIN ((length - t) / RELEASE, 1);
  return instrument->loudness * MAX (level, 0) * (1 - instrument->tremolo_depth * wave);
}

/* The frequency at that time relative to the note's. `from` is the ratio of the previous note. */
static double
bend_of (const Instrument *instrument, double t, double from)
{
  const double slide = t < instrument->glide ? pow (from, 1 - t / instrument->glide) : 1;
  const double wave = sin (2 * G_PI * instrument->vibrato_speed * t);
  return slide * (1 + instrument->vibrato_depth * wave);
}

static void
play_note (Piece *piece, const Instrument *instrument, double start, double length, gint note)
{
  const double f0 = 440 * pow (2, (note - 69) / 12.0);
  const double from = piece->last > 0 ? piece->last / f0 : 1;
  const guint first = (guint)(start * piece->rate);
  const guint end = (guint)MIN ((start + length) * piece->rate, piece->n);
  float table[TABLE + 1];
  double phase = 0;
  fill_table (instrument, f0, piece->rate, table);
  for (guint i = first; i < end; i++) {
    const double t = (double)(i - first) / piece->rate;
    const guint at = (guint)(phase * TABLE);
    const double part = phase * TABLE - at;
    const double sound = table[at] + part * (table[at + 1] - table[at]);
    piece->out[i] += (float)(level_of (instrument, t, length, (double)i / piece->rate) * sound);
    phase += f0 * bend_of (instrument, t, from) / piece->rate;
    phase -= floor (phase);
  }
  piece->last = f0;
}

/* Adds one formant of `x` to `sum`: two moving poles. */
static void
add_formant (const Piece *piece, const Body *body, guint formant, const float *x, float *sum)
{
  const double r = exp (-G_PI * body->width[formant] / piece->rate);
  double before = 0, last = 0;
  for (guint i = 0; i < piece->n; i++) {
    const double wave = sin (2 * G_PI * body->sweep_speed * i / piece->rate);
    const double f = body->frequency[formant] * (1 + body->sweep * wave);
    const double y =
        (1 - r) * x[i] + 2 * r * cos (2 * G_PI * f / piece->rate) * last - r * r * before;
    before = last;
    last = y;
    sum[i] += (float)y;
  }
}

static void
pass (const Piece *piece, const Body *body, float *x)
{
  float *sum = g_new0 (float, piece->n);
  for (guint k = 0; k < body->n_formants; k++)
    add_formant (piece, body, k, x, sum);
  for (guint i = 0; i < piece->n && body->n_formants > 0; i++)
    x[i] = 0.2f * x[i] + 4 * sum[i];
  for (guint i = 0; i < piece->n && body->drive > 0; i++)
    x[i] = (float)(tanh (body->drive * x[i]) / sqrt (body->drive));
  g_free (sum);
}

/* The note of a scale degree, which may be negative or above an octave. */
static gint
note_of (const Piece *piece, gint degree)
{
  static const gint steps[2][SCALE_NOTES] = {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}};
  const gint octave = (gint)floor ((double)degree / SCALE_NOTES);
  return piece->root + 12 * octave + steps[piece->minor][degree - octave * SCALE_NOTES];
}

static void
play_melody (Piece *piece, const Instrument *instrument)
{
  static const double beats[] = {0.25, 0.5, 0.5, 1, 1, 2};
  gint degree = 2 * SCALE_NOTES;
  for (double t = 0; t * piece->rate < piece->n;) {
    const double length = piece->beat * one_of (piece, beats, G_N_ELEMENTS (beats));
    degree = CLAMP (degree + g_rand_int_range (piece->random, -3, 4), SCALE_NOTES, 4 * SCALE_NOTES);
    if (!chance (piece, 0.12)) /* else a rest */
      play_note (piece, instrument, t, length, note_of (piece, degree));
    t += length;
  }
}

static void
play_chords (Piece *piece, const Instrument *instrument)
{
  static const double beats[] = {1, 2, 4};
  const gboolean broken = chance (piece, 0.4);
  const double length = piece->beat * one_of (piece, beats, G_N_ELEMENTS (beats));
  for (double t = 0; t * piece->rate < piece->n; t += length) {
    const gint degree = SCALE_NOTES + g_rand_int_range (piece->random, 0, SCALE_NOTES);
    for (gint i = 0; i < 3; i++) {
      const double delay = broken ? i * length / 3 : 0;
      play_note (piece, instrument, t + delay, length - delay, note_of (piece, degree + 2 * i));
    }
  }
}

static void
play_bass (Piece *piece, const Instrument *instrument)
{
  static const double beats[] = {0.5, 1, 2};
  const double length = piece->beat * one_of (piece, beats, G_N_ELEMENTS (beats));
  for (double t = 0; t * piece->rate < piece->n; t += length)
    play_note (piece, instrument, t, length,
               note_of (piece, g_rand_int_range (piece->random, 0, SCALE_NOTES)) - 12);
}

/* One part, with an instrument of its own. */
static void
play (Piece *piece, void (*part) (Piece *, const Instrument *))
{
  const Instrument instrument = draw_instrument (piece);
  float *whole = piece->out, *alone = g_new0 (float, piece->n);
  piece->out = alone;
  piece->last = 0;
  part (piece, &instrument);
  pass (piece, &instrument.body, alone);
  for (guint i = 0; i < piece->n; i++)
    whole[i] += alone[i];
  piece->out = whole;
  g_free (alone);
}

/* A burst of noise on each half beat; every fourth is a low thump. */
static void
play_drums (Piece *piece)
{
  const double loudness = between (piece, 0.1, 1), decay = between (piece, 15, 80);
  const double step = 2 * G_PI * between (piece, 50, 80);
  guint count = 0;
  for (double start = 0; start * piece->rate < piece->n; start += piece->beat / 2, count++) {
    const guint first = (guint)(start * piece->rate);
    const guint end = MIN (first + (guint)(piece->beat / 2 * piece->rate), piece->n);
    for (guint i = first; i < end; i++) {
      const double t = (double)(i - first) / piece->rate;
      const double sound = count % 4 ? between (piece, -1, 1) : 2 * sin (step * t);
      piece->out[i] += (float)(loudness * exp (-(count % 4 ? decay : 15) * t) * sound);
    }
  }
}

void
training_music_play (GRand *random, guint rate, float *out, guint n)
{
  Piece piece = {.random = random, .out = out, .n = n, .rate = rate};
  piece.beat = 60 / between (&piece, 60, 180);
  piece.root = g_rand_int_range (random, 36, 61);
  piece.minor = chance (&piece, 0.5);
  const gint parts = g_rand_int_range (random, 1, 8); /* at least one of the three */
  if (parts & 1)
    play (&piece, play_melody);
  if (parts & 2)
    play (&piece, play_chords);
  if (parts & 4)
    play (&piece, play_bass);
  if (chance (&piece, 0.6))
    play_drums (&piece);
}
