/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/chroma.h"

#include <math.h>
#include <string.h>

#include "core/dsp/stft.h"
#include "tests/core/signals.h"

#define N EMOTION_CHROMA
#define Q EMOTION_CONSTANT_Q_BINS

static guint
loudest (const float *chroma)
{
  guint best = 0;
  for (guint c = 1; c < N; c++)
    if (chroma[c] > chroma[best])
      best = c;
  return best;
}

/* A spectrum with only the bin nearest to a note belongs to that note, also after tuning. */
static void
test_bank (void)
{
  EmotionChromaBank *bank = emotion_chroma_bank_new ();
  float magnitude[2 * EMOTION_STFT_STRIDE], chroma[2 * N];
  for (gint tuning = -50; tuning < 50; tuning += 10)
    for (guint note = 60; note < 100; note++) { /* MIDI: 60 is C, 69 is A of 440 Hz */
      double hz = 440 * pow (2, (note - 69.0 + tuning / 100.0) / 12);
      guint bin = (guint)lround (hz / 7.8125);
      double off = 12 * log2 (bin * 7.8125 / hz); /* semitones */
      if (fabs (off) > 0.3)
        continue;
      emotion_chroma_bank_tune (bank, tuning);
      memset (magnitude, 0, sizeof magnitude);
      magnitude[bin] = 3;
      emotion_chroma_bank_apply (bank, magnitude, 2, chroma);
      g_assert_cmpuint (loudest (chroma), ==, note % 12);
      /* Over the classes, the norm of a bin's weights is the weight of its octave. */
      double norm = 0, octave = (log2 (bin * 7.8125 / 27.5) - tuning / 1200.0 - 5) / 2;
      for (guint c = 0; c < N; c++)
        norm += (double)chroma[c] * chroma[c];
      g_assert_cmpfloat_with_epsilon (sqrt (norm), 3 * exp (-0.5 * octave * octave), 1e-5);
      for (guint c = 0; c < N; c++)
        g_assert_cmpfloat (chroma[N + c], ==, 0);
    }
  emotion_chroma_bank_free (bank);
  emotion_chroma_bank_free (NULL);
}

/* There are three bins around each semitone; the first bin of an octave is C itself. */
static void
test_fold (void)
{
  float magnitudes[Q], chroma[N];
  for (guint b = 0; b < Q; b++) {
    memset (magnitudes, 0, sizeof magnitudes);
    magnitudes[b] = 2;
    emotion_chroma_fold (magnitudes, 1, chroma);
    for (guint c = 0; c < N; c++)
      g_assert_cmpfloat (chroma[c], ==, c == (b + 1) / 3 % N ? 2 : 0);
  }
}

static void
test_normalize (void)
{
  float chroma[2 * N] = {0};
  for (guint c = 0; c < N; c++)
    chroma[c] = (float)c / 4;
  emotion_chroma_normalize (chroma, 2);
  for (guint c = 0; c < N; c++) {
    g_assert_cmpfloat_with_epsilon (chroma[c], c / 11.0, 1e-6);
    g_assert_cmpfloat (chroma[N + c], ==, 0);
  }
}

/* Fractions of 0.45, 0.25, 0.15, 0.08 and less give 4, 3, 2, 1 and no quarters. Smoothing does not
 * change constant values. */
static void
test_cens (void)
{
  enum { FRAMES = 120 };
  static const float shares[N] = {0.45f, 0.04f, 0.25f, 0, 0.15f, 0.03f, 0.08f};
  static const double quarters[N] = {4, 0, 3, 0, 2, 0, 1};
  float chroma[FRAMES * N], quantised[FRAMES * N], cens[FRAMES * N];
  for (guint t = 0; t < FRAMES; t++)
    for (guint c = 0; c < N; c++)
      chroma[t * N + c] = t < 60 ? shares[c] * (float)(1 + t) : 0;
  emotion_chroma_cens (chroma, FRAMES, quantised, cens);
  for (guint t = 0; t < FRAMES; t++) {
    double norm = 0;
    for (guint c = 0; c < N; c++) {
      norm += (double)cens[t * N + c] * cens[t * N + c];
      g_assert_cmpfloat (quantised[t * N + c], ==, t < 60 ? quarters[c] / 4 : 0);
      if (t < 80) /* the window reaches 20 frames */
        g_assert_cmpfloat_with_epsilon (cens[t * N + c], quarters[c] / sqrt (30), 1e-6);
      else
        g_assert_cmpfloat (cens[t * N + c], ==, 0);
    }
    g_assert_cmpfloat_with_epsilon (norm, t < 80 ? 1 : 0, 1e-6);
  }
}

/* Between two steady chords, the smoothed chroma moves from one to the other along the sum of a
 * Hann window. */
static void
test_smoothing (void)
{
  enum { FRAMES = 100 };
  float chroma[FRAMES * N] = {0}, quantised[FRAMES * N], cens[FRAMES * N];
  for (guint t = 0; t < FRAMES; t++)
    chroma[t * N + (t < 50 ? 2 : 7)] = 1;
  emotion_chroma_cens (chroma, FRAMES, quantised, cens);
  for (guint t = 29; t < 71; t++) {
    double before = 0, after = 0;
    for (gint k = -20; k <= 20; k++) {
      double w = 0.5 + 0.5 * cos (G_PI * k / 21);
      *((gint)t + k < 50 ? &before : &after) += w;
    }
    g_assert_cmpfloat_with_epsilon (cens[t * N + 2], before / hypot (before, after), 1e-6);
    g_assert_cmpfloat_with_epsilon (cens[t * N + 7], after / hypot (before, after), 1e-6);
  }
}

/* Notes a fifth apart are 30 degrees apart on the circle of fifths (7/6 of a half turn, modulo a
 * turn); a minor third is 90 degrees on its circle, a major third 120. */
static void
test_tonnetz (void)
{
  float chroma[N * N] = {0}, tonnetz[(N + 1) * EMOTION_TONNETZ];
  for (guint note = 0; note < N; note++)
    chroma[note * N + note] = (float)(1 + note);
  emotion_chroma_tonnetz (chroma, N, tonnetz);
  for (guint note = 0; note < N; note++) {
    const float *x = tonnetz + note * EMOTION_TONNETZ;
    const float *fifth = tonnetz + (note + 7) % N * EMOTION_TONNETZ;
    const float *minor = tonnetz + (note + 3) % N * EMOTION_TONNETZ;
    const float *major = tonnetz + (note + 4) % N * EMOTION_TONNETZ;
    g_assert_cmpfloat_with_epsilon (hypot (x[0], x[1]), 1, 1e-6);
    g_assert_cmpfloat_with_epsilon (hypot (x[2], x[3]), 1, 1e-6);
    g_assert_cmpfloat_with_epsilon (hypot (x[4], x[5]), 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon (x[0] * fifth[0] + x[1] * fifth[1], cos (G_PI / 6), 1e-6);
    g_assert_cmpfloat_with_epsilon (x[2] * minor[2] + x[3] * minor[3], 0, 1e-6);
    g_assert_cmpfloat_with_epsilon (x[4] * major[4] + x[5] * major[5], 0.25 * cos (2 * G_PI / 3),
                                    1e-6);
  }
  g_assert_cmpfloat_with_epsilon (tonnetz[1], 1, 1e-6); /* C at an angle of 0: cosines */
  g_assert_cmpfloat_with_epsilon (tonnetz[0], 0, 1e-6);
  memset (chroma, 0, sizeof chroma);
  emotion_chroma_tonnetz (chroma, 1, tonnetz);
  for (guint p = 0; p < EMOTION_TONNETZ; p++)
    g_assert_cmpfloat (tonnetz[p], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chroma/bank", test_bank);
  g_test_add_func ("/chroma/fold", test_fold);
  g_test_add_func ("/chroma/normalize", test_normalize);
  g_test_add_func ("/chroma/cens", test_cens);
  g_test_add_func ("/chroma/smoothing", test_smoothing);
  g_test_add_func ("/chroma/tonnetz", test_tonnetz);
  return g_test_run ();
}
