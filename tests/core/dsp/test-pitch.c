/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/pitch.h"

#include <math.h>
#include <stdlib.h>

#include "core/features/feature-set.h"
#include "tests/core/signals.h"

#define RATE EMOTION_SAMPLE_RATE
#define HOP 160 /* samples */
#define GROSS 0.2

/* The track of a signal: frame i is centred at sample HOP * i + EMOTION_PITCH_SPAN / 2. */
typedef struct {
  guint n;
  float *octaves, *strengths;
} Track;

static Track
track (const float *samples, gsize n_samples)
{
  Track self = {.n = (guint)((n_samples - EMOTION_PITCH_SPAN) / HOP + 1)};
  EmotionPitch *pitch = emotion_pitch_new ();
  EmotionPitchFrame *frames = g_new (EmotionPitchFrame, self.n);
  gpointer workspace = g_malloc (emotion_pitch_track_workspace (self.n));
  float loudest = 0;
  self.octaves = g_new (float, self.n);
  self.strengths = g_new (float, self.n);
  for (guint i = 0; i < self.n; i++) {
    emotion_pitch_analyse (pitch, samples + i * HOP, &frames[i]);
    loudest = MAX (loudest, frames[i].rms);
  }
  emotion_pitch_track (&frames[0].rms, sizeof (EmotionPitchFrame) / sizeof (float), self.n, loudest,
                       workspace, self.octaves, self.strengths);
  emotion_pitch_free (pitch);
  g_free (frames);
  g_free (workspace);
  return self;
}

static void
track_clear (Track *self)
{
  g_free (self->octaves);
  g_free (self->strengths);
}

static double
time_of (guint frame)
{
  return (HOP * frame + EMOTION_PITCH_SPAN / 2) / (double)RATE;
}

static double
voiced_share (const Track *self)
{
  guint voiced = 0;
  for (guint i = 0; i < self->n; i++)
    voiced += self->octaves[i] > 0;
  return (double)voiced / self->n;
}

/* F0 in Hz at t seconds, 0 where unvoiced. */
typedef double (*Truth) (double t);

typedef struct {
  double gross;       /* fraction of voiced frames off by more than GROSS */
  double median;      /* relative error of the others */
  double missed;      /* fraction of the frames within speech that were called unvoiced */
  double false_alarm; /* fraction of the frames outside speech that were called voiced */
} Errors;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Frames that are partly voiced are not judged. */
static Errors
judge (const char *name, const Track *self, Truth truth)
{
  const double reach = EMOTION_PITCH_SPAN / 2.0 / RATE;
  guint within = 0, outside = 0, found = 0, gross = 0, alarms = 0;
  GArray *fine = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < self->n; i++) {
    double t = time_of (i), f0 = truth (t);
    gboolean starts = truth (t - reach) > 0, ends = truth (t + reach) > 0;
    if (f0 == 0 && !starts && !ends) {
      outside++;
      alarms += self->octaves[i] > 0;
    } else if (f0 > 0 && starts && ends) {
      within++;
      if (self->octaves[i] == 0)
        continue;
      found++;
      double error = fabs (exp2 (self->octaves[i]) / f0 - 1);
      if (error > GROSS)
        gross++;
      else
        g_array_append_val (fine, error);
    }
  }
  g_assert_cmpuint (fine->len, >, 0);
  g_array_sort (fine, compare_doubles);
  Errors errors = {.gross = (double)gross / found,
                   .median = g_array_index (fine, double, fine->len / 2),
                   .missed = 1 - (double)found / within,
                   .false_alarm = outside ? (double)alarms / outside : 0};
  g_test_message ("%s: gross errors %.2f %%, median error %.3f %%, missed %.2f %% of %u frames, "
                  "false alarms %.2f %% of %u",
                  name, 100 * errors.gross, 100 * errors.median, 100 * errors.missed, within,
                  100 * errors.false_alarm, outside);
  g_array_unref (fine);
  return errors;
}

static void
assert_errors (const char *name, float *samples, gsize n, Truth truth, Errors max)
{
  Track t = track (samples, n);
  Errors errors = judge (name, &t, truth);
  g_assert_cmpfloat (errors.gross, <=, max.gross);
  g_assert_cmpfloat (errors.median, <=, max.median);
  g_assert_cmpfloat (errors.missed, <=, max.missed);
  g_assert_cmpfloat (errors.false_alarm, <=, max.false_alarm);
  track_clear (&t);
  g_free (samples);
}

static double constant_f0; /* Hz */

static double
truth_constant (double t G_GNUC_UNUSED)
{
  return constant_f0;
}

static void
test_tone_f0 (void)
{
  static const double tones[] = {65, 80, 100, 150, 220, 333.3, 440, 520};
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    constant_f0 = tones[i];
    char *name = g_strdup_printf ("tone of %.1f Hz", tones[i]);
    assert_errors (name, test_tone (RATE, RATE, tones[i], 0.5, 0.2), RATE, truth_constant,
                   (Errors){.median = 0.005});
    g_free (name);
  }
}

static void
test_saw_f0 (void)
{
  static const double saws[] = {70, 100, 150, 300, 500};
  for (guint i = 0; i < G_N_ELEMENTS (saws); i++) {
    constant_f0 = saws[i];
    char *name = g_strdup_printf ("saw of %.1f Hz", saws[i]);
    assert_errors (name, test_saw (RATE, RATE, saws[i], 0.5), RATE, truth_constant,
                   (Errors){.median = 0.005});
    g_free (name);
  }
}

static double
truth_chirp (double t)
{
  return 100 + 60 * t;
}

static void
test_chirp_f0 (void)
{
  assert_errors ("chirp", test_chirp (RATE, 5 * RATE, 100, 400, 0.5), 5 * RATE, truth_chirp,
                 (Errors){.median = 0.005});
}

static double
truth_vowel (double t)
{
  return fmod (t, 0.4) < 0.3 ? test_vowel_f0 (t) : 0;
}

static void
test_vowel_track (void)
{
  assert_errors ("vowel", test_vowel (RATE, 4 * RATE), 4 * RATE, truth_vowel,
                 (Errors){.gross = 0.01, .median = 0.01, .missed = 0.02});
}

/* From truth.json of the reference signals. */
static double
truth_vowel_glide (double t)
{
  return fmod (t, 1.5) < 1 ? 150 + 50 * sin (G_PI * t) + 5 * sin (10 * G_PI * t) : 0;
}

static void
test_reference_f0 (gconstpointer name)
{
  guint rate;
  gsize n;
  float *samples = test_reference (name, &rate, &n);
  if (!samples) {
    g_test_skip ("the reference signals are not there; EMOTION_REFERENCE names their folder");
    return;
  }
  g_assert_cmpuint (rate, ==, RATE);
  assert_errors (name, samples, n,
                 g_str_equal (name, "vowel_glide") ? truth_vowel_glide : truth_chirp,
                 (Errors){.gross = 0.03, .median = 0.01, .missed = 0.05, .false_alarm = 0.1});
}

static void
test_noise_unvoiced (void)
{
  for (guint32 seed = 0; seed < 5; seed++) {
    float *noise = test_noise (5 * RATE, 0.5, seed);
    Track t = track (noise, 5 * RATE);
    g_test_message ("noise, seed %u: %.2f %% voiced", seed, 100 * voiced_share (&t));
    g_assert_cmpfloat (voiced_share (&t), <, 0.1);
    track_clear (&t);
    g_free (noise);
  }
}

static void
test_silence_unvoiced (void)
{
  float *silence = test_silence (RATE), *constant = test_silence (RATE);
  for (guint i = 0; i < RATE; i++)
    constant[i] = 0.25f;
  const float *const both[] = {silence, constant};
  for (guint s = 0; s < G_N_ELEMENTS (both); s++) {
    Track t = track (both[s], RATE);
    for (guint i = 0; i < t.n; i++) {
      g_assert_cmpfloat (t.octaves[i], ==, 0);
      g_assert_cmpfloat (t.strengths[i], ==, 0);
    }
    track_clear (&t);
  }
  g_free (silence);
  g_free (constant);
}

/* A hum 40 dB below the loudest frame is unvoiced; the same hum alone is voiced. */
static void
test_quiet (void)
{
  float *tone = test_tone (RATE, 2 * RATE, 150, 0.5, 0);
  for (guint i = RATE; i < 2 * RATE; i++)
    tone[i] *= 0.01f;
  Track both = track (tone, 2 * RATE), alone = track (tone + RATE, RATE);
  for (guint i = 0; i < both.n; i++) {
    if (time_of (i) < 0.9)
      g_assert_cmpfloat (both.octaves[i], >, 0);
    else if (time_of (i) > 1.1)
      g_assert_cmpfloat (both.octaves[i], ==, 0);
  }
  g_assert_cmpfloat (voiced_share (&alone), ==, 1);
  track_clear (&both);
  track_clear (&alone);
  g_free (tone);
}

/* In a creak of 60 ms every other period is weaker, so twice the period fits better. The path does
 * not jump an octave because of it. */
static void
test_creak (void)
{
  float *saw = test_saw (RATE, RATE, 200, 0.5);
  for (guint i = RATE / 2; i < RATE / 2 + 12 * 80; i++)
    if (i / 80 % 2)
      saw[i] *= 0.8f;
  constant_f0 = 200;
  assert_errors ("creak", saw, RATE, truth_constant, (Errors){.median = 0.005});
}

static void
test_candidates (void)
{
  EmotionPitch *pitch = emotion_pitch_new ();
  EmotionPitchFrame frame;
  float *tone = test_tone (RATE, EMOTION_PITCH_SPAN, 200, 0.5, 0);
  emotion_pitch_analyse (pitch, tone, &frame);
  /* 8 whole periods */
  g_assert_cmpfloat_with_epsilon (frame.rms, 0.5 / sqrt (2), 1e-5);
  g_assert_cmpfloat_with_epsilon (frame.candidates[0].octave, log2 (200), 0.005);
  g_assert_cmpfloat (frame.candidates[0].strength, >, 0.95);
  for (guint c = 1; c < EMOTION_PITCH_CANDIDATES; c++)
    g_assert_cmpfloat (frame.candidates[c].strength, <=, frame.candidates[c - 1].strength);
  for (guint c = 0; c < EMOTION_PITCH_CANDIDATES && frame.candidates[c].strength > -1; c++) {
    g_assert_cmpfloat (exp2 (frame.candidates[c].octave), >=, EMOTION_PITCH_MIN);
    g_assert_cmpfloat (exp2 (frame.candidates[c].octave), <=, EMOTION_PITCH_MAX);
  }
  g_free (tone);
  emotion_pitch_free (pitch);
  emotion_pitch_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pitch/tone", test_tone_f0);
  g_test_add_func ("/pitch/saw", test_saw_f0);
  g_test_add_func ("/pitch/chirp", test_chirp_f0);
  g_test_add_func ("/pitch/vowel", test_vowel_track);
  g_test_add_data_func ("/pitch/reference/vowel-glide", "vowel_glide", test_reference_f0);
  g_test_add_data_func ("/pitch/reference/chirp", "chirp_100_400", test_reference_f0);
  g_test_add_func ("/pitch/noise", test_noise_unvoiced);
  g_test_add_func ("/pitch/silence", test_silence_unvoiced);
  g_test_add_func ("/pitch/quiet", test_quiet);
  g_test_add_func ("/pitch/creak", test_creak);
  g_test_add_func ("/pitch/candidates", test_candidates);
  return g_test_run ();
}
