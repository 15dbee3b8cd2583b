/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The features of speech-2 for whole signals; its parts have tests of their own. */
#include "core/base/audio.h"
#include "core/emotion.h"
#include "core/features/speech-2.h"

#include <math.h>
#include <string.h>

#include "tests/core/signals.h"
#include "tests/core/windows.h"

#define RATE EMOTION_SAMPLE_RATE
#define SECOND ((gsize)RATE)

static float *
vector_of (const float *samples, gsize n)
{
  return test_vector_of_set (&emotion_speech_2, samples, n, RATE, NULL);
}

static float
value (const float *vector, const char *feature)
{
  return vector[test_feature_of_set (&emotion_speech_2, feature)];
}

static void
assert_feature (const float *vector, const char *feature, double expected, double within)
{
  const double actual = value (vector, feature);
  if (!(fabs (actual - expected) <= within))
    g_error ("%s is %g, expected %g within %g", feature, actual, expected, within);
}

static double
semitones (double hz)
{
  return 12 * log2 (hz / 27.5);
}

static void
test_names (void)
{
  char **names = emotion_feature_set_names (&emotion_speech_2);
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_assert_true (emotion_feature_set_find ("speech-2") == &emotion_speech_2);
  g_assert_cmpuint (g_strv_length (names), ==, emotion_speech_2.n_features);
  for (guint i = 0; names[i]; i++) {
    if (!g_regex_match_simple ("^[a-z][a-z0-9]*(_[a-z0-9]+)+$", names[i], 0, 0))
      g_error ("feature %u is called '%s'", i, names[i]);
    if (!g_hash_table_add (seen, names[i]))
      g_error ("feature '%s' is there twice", names[i]);
  }
  static const char *const some[] = {"log_energy_mean",
                                     "mfcc19_voiced_p95",
                                     "formant2_delta_sd",
                                     "h1_a3_third2_sd",
                                     "f0_modulation_16",
                                     "f0_jump_p95",
                                     "contour_last_slope",
                                     "rhythm_syllable_rate",
                                     "cpp_slope",
                                     "correlation_log_energy_mfcc0",
                                     "f0_voiced_slope",
                                     "correlation_voicing_centroid",
                                     "correlation_f0_formant2",
                                     "correlation_mfcc6_h1_a1"};
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    g_assert_true (g_hash_table_contains (seen, some[i]));
  g_hash_table_unref (seen);
  g_strfreev (names);
}

/* The vowel with noise 50 dB below it, so that no value is at a floor. */
static float *
make_speech (gsize n)
{
  float *vowel = test_vowel (RATE, n), *noise = test_noise (n, 1e-3, 9);
  for (gsize i = 0; i < n; i++)
    vowel[i] += noise[i];
  g_free (noise);
  return vowel;
}

/* From -30 dB to +10 dB, every value stays nearly the same. */
static void
test_gain (void)
{
  static const double gains[] = {-30, -20, -10, 10}; /* dB */
  const gsize n = 3 * SECOND;
  float *speech = make_speech (n), *scaled = g_new (float, n);
  float *reference = vector_of (speech, n);
  char **names = emotion_feature_set_names (&emotion_speech_2);
  for (guint g = 0; g < G_N_ELEMENTS (gains); g++) {
    for (gsize i = 0; i < n; i++)
      scaled[i] = (float)(speech[i] * pow (10, gains[g] / 20));
    float *vector = vector_of (scaled, n);
    for (guint i = 0; i < emotion_speech_2.n_features; i++) {
      const double tolerance = 0.05 * fabs (reference[i]) + 0.1;
      if (!(fabs (vector[i] - reference[i]) <= tolerance))
        g_error ("%s is %g at %g dB, and %g at 0", names[i], vector[i], gains[g], reference[i]);
    }
    g_free (vector);
  }
  g_strfreev (names);
  g_free (reference);
  g_free (speech);
  g_free (scaled);
}

/* A glide of two octaves is a straight line in semitones. */
static void
test_f0 (void)
{
  float *glide = test_glide (RATE, 3 * SECOND, 100, 400, 0.5), *v = vector_of (glide, 3 * SECOND);
  assert_feature (v, "f0_slope", 12, 0.3);
  assert_feature (v, "f0_mean", semitones (200), 0.1);
  assert_feature (v, "f0_voiced_mean", semitones (200), 0.1);
  assert_feature (v, "f0_p50", semitones (200), 0.2);
  assert_feature (v, "f0_min", semitones (100), 0.3);
  assert_feature (v, "f0_max", semitones (400), 0.3);
  assert_feature (v, "f0_sd", 24 / sqrt (12), 0.2);
  assert_feature (v, "f0_third2_sd", 8 / sqrt (12), 0.1);
  assert_feature (v, "f0_step_mean", 24 / 300., 0.005);
  assert_feature (v, "f0_jump_mean", 24 / 300., 0.01);
  assert_feature (v, "f0_modulation_4", 4 * 24 / 300., 0.02);
  assert_feature (v, "contour_slope", 8, 0.2);
  assert_feature (v, "contour_max_range", 24, 0.5);
  g_free (v);
  g_free (glide);
}

/* During a pause, F0 is interpolated linearly between the values before and after it. */
static void
test_joined_f0 (void)
{
  const gsize n = 3 * SECOND;
  float *x = test_silence (n), *low = test_saw (RATE, SECOND, 100, 0.5),
        *high = test_saw (RATE, SECOND, 200, 0.5);
  memcpy (x, low, SECOND * sizeof *x);
  memcpy (x + 2 * SECOND, high, SECOND * sizeof *x);
  float *v = vector_of (x, n);
  assert_feature (v, "f0_mean", (semitones (100) + semitones (200)) / 2, 0.2);
  assert_feature (v, "f0_voiced_mean", (semitones (100) + semitones (200)) / 2, 0.2);
  assert_feature (v, "f0_third1_sd", 0, 0.3);
  assert_feature (v, "f0_third2_sd", 12 / sqrt (12), 0.3);
  assert_feature (v, "f0_delta_p95", 12 / 100., 0.02);
  g_free (v);
  g_free (x);
  g_free (low);
  g_free (high);
}

/* The level is removed and its movement stays: a tone that grows by 9.5 dB. */
static void
test_level (void)
{
  const gsize n = 4 * SECOND;
  float *tone = test_tone (RATE, n, 1000, 0.05, 0);
  for (gsize i = 0; i < n; i++)
    tone[i] *= (float)pow (3, (double)i / (double)n);
  float *v = vector_of (tone, n);
  const double range = log (3) * 397 * 160 / (double)n;
  assert_feature (v, "log_energy_p95", 0, 1e-3);
  assert_feature (v, "log_energy_p05", -0.9 * range, 5e-3);
  assert_feature (v, "log_energy_mean", -0.45 * range, 5e-3);
  assert_feature (v, "log_energy_slope", range / 2, 5e-3);
  assert_feature (v, "log_energy_delta_mean", range / 397, 1e-4);
  assert_feature (v, "loudness_p95", 1, 1e-3);
  assert_feature (v, "mfcc0_p95", 0, 1e-3);
  assert_feature (v, "correlation_log_energy_mfcc0", 1, 0.05);
  g_free (v);
  g_free (tone);
}

static void
test_formants (void)
{
  static const double centres[] = {600, 1700, 2700, 3700}, widths[] = {60, 80, 120, 200};
  float *x = test_resonances (RATE, 2 * SECOND, 120, centres, widths, 4);
  float *v = vector_of (x, 2 * SECOND);
  assert_feature (v, "formant1_voiced_mean", 600, 50);
  assert_feature (v, "formant2_voiced_p50", 1700, 80);
  assert_feature (v, "formant3_mean", 2700, 130);
  assert_feature (v, "jitter_voiced_p50", log (1e-3), 1.2);
  g_free (v);
  g_free (x);
}

static void
assert_finite (const char *name, const float *samples, gsize n)
{
  float *v = vector_of (samples, n);
  for (guint i = 0; i < emotion_speech_2.n_features; i++)
    if (!(fabsf (v[i]) < 1e6f))
      g_error ("%s: feature %u is %g", name, i, v[i]);
  g_free (v);
}

static void
test_finite (void)
{
  const gsize n = SECOND;
  float *x = test_silence (n);
  assert_finite ("silence", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = 1e-40f;
  assert_finite ("denormal numbers", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = 1;
  assert_finite ("a constant", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i / 53 % 2 ? 1 : -1;
  assert_finite ("full clipping", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i % 4000 == 0;
  assert_finite ("clicks", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i < 400 ? 1 : 0;
  assert_finite ("a burst of one frame", x, n);
  assert_finite ("one frame", x, 400);
  for (gsize i = 0; i < n; i++)
    x[i] = i % 2 ? 1e6f : -1e6f;
  assert_finite ("far too loud", x, n);
  g_free (x);
  x = test_noise (n, 1, 8);
  assert_finite ("noise", x, n);
  for (gsize frames = 1; frames < 8; frames++)
    assert_finite ("a few frames of noise", x, 400 + 160 * (frames - 1));
  g_free (x);
}

/* The same windows for any push sizes, and after a reset in the middle of a stream. */
static void
test_chunks (void)
{
  const gsize n = 6 * SECOND;
  const EmotionWindowing windowing = {3 * TEST_SECOND, TEST_SECOND, TEST_SECOND};
  static const gsize chunks[] = {1, 160, 4096, 0};
  float *speech = make_speech (n);
  GArray *reference =
      test_windows_of (&emotion_speech_2, &windowing, &(TestStream){speech, n, RATE, 1, n});
  g_assert_cmpuint (reference->len, >, 4);
  for (guint c = 0; c < G_N_ELEMENTS (chunks); c++) {
    GArray *windows = test_windows_of (&emotion_speech_2, &windowing,
                                       &(TestStream){speech, n, RATE, 1, chunks[c]});
    test_windows_assert_same (reference, windows, emotion_speech_2.n_features);
    g_array_unref (windows);
  }
  g_array_unref (reference);
  g_free (speech);
}

/* Every series has a unique name and as many rows as the window has frames. */
static void
test_matrices (void)
{
  const gsize n = SECOND;
  float *speech = make_speech (n);
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  EmotionExtractor *extractor = emotion_extractor_new_clip (&emotion_speech_2, RATE, 1, n, NULL);
  EmotionWindow window;
  EmotionMatrix matrix;
  for (gsize at = 0; at < n;)
    at += emotion_extractor_push (extractor, speech + at, n - at);
  emotion_extractor_finish (extractor);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  guint index = 0;
  for (; emotion_extractor_get_matrix (extractor, index, &matrix); index++) {
    g_assert_true (g_hash_table_add (seen, (gpointer)matrix.name));
    const guint length = matrix.n_rows * matrix.n_columns / (strcmp (matrix.name, "mfcc") ? 1 : 20);
    g_assert_cmpuint (length, ==, window.activity.n_frames);
  }
  g_assert_cmpuint (index, ==, 16 + 6 + 7 + 4);
  g_assert_true (g_hash_table_contains (seen, "f0"));
  g_assert_true (g_hash_table_contains (seen, "formant3"));
  g_assert_true (g_hash_table_contains (seen, "h1_a1"));
  g_hash_table_unref (seen);
  emotion_extractor_free (extractor);
  g_free (speech);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speech-2/names", test_names);
  g_test_add_func ("/speech-2/gain", test_gain);
  g_test_add_func ("/speech-2/f0", test_f0);
  g_test_add_func ("/speech-2/joined-f0", test_joined_f0);
  g_test_add_func ("/speech-2/level", test_level);
  g_test_add_func ("/speech-2/formants", test_formants);
  g_test_add_func ("/speech-2/finite", test_finite);
  g_test_add_func ("/speech-2/chunks", test_chunks);
  g_test_add_func ("/speech-2/matrices", test_matrices);
  return g_test_run ();
}
