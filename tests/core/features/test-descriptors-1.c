/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares the feature set descriptors-1 with the Python system's values, for signals that are
 * generated here (their values lie in tests/data/descriptors-1) and for those in
 * $EMOTION_REFERENCE; then tests properties that hold for any clip. */
#include "core/emotion.h"
#include "core/features/descriptors-1.h"

#include <math.h>
#include <string.h>

#include "tests/common/agreement.h"
#include "tests/core/allocations.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"

#define RATE 16000
#define N_FEATURES DESCRIPTORS_1_N_FEATURES

static const EmotionFeatureSet *const set = &emotion_descriptors_1;
static const char *data_folder;

/* The vector of a whole mono signal; free with g_free(). */
static float *
clip_vector (const float *x, gsize n, guint rate, EmotionActivity *activity)
{
  GError *error = NULL;
  EmotionWindow window;
  EmotionExtractor *extractor = emotion_extractor_new_clip (set, rate, 1, n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (emotion_extractor_push (extractor, x, n), ==, n);
  g_assert_false (emotion_extractor_pull (extractor, &window));
  emotion_extractor_finish (extractor);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  g_assert_cmpuint (window.start, ==, 0);
  g_assert_cmpuint (window.length, ==, n);
  float *vector = g_memdup2 (window.vector, N_FEATURES * sizeof (float));
  if (activity)
    *activity = window.activity;
  g_assert_false (emotion_extractor_pull (extractor, &window));
  emotion_extractor_free (extractor);
  return vector;
}

static double
value (const float *vector, const char *name)
{
  char **names = emotion_feature_set_names (set);
  guint i = 0;
  while (names[i] && strcmp (names[i], name) != 0)
    i++;
  g_assert_nonnull (names[i]);
  g_strfreev (names);
  return vector[i];
}

static void
add_clip (TestAgreement *agreement, const char *reference, const float *x, gsize n, guint rate)
{
  GError *error = NULL;
  char **names = emotion_feature_set_names (set);
  float *vector = clip_vector (x, n, rate, NULL);
  double values[N_FEATURES];
  TestClip clip;
  for (guint i = 0; i < N_FEATURES; i++)
    values[i] = vector[i];
  test_agreement_add (agreement, reference, (const char *const *)names, values, &clip, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %u within 0.02, %u beyond 0.25; largest %g: %s %.9g, reference %.9g",
                  reference, clip.n_close, clip.n_far, clip.worst, clip.worst_feature, clip.value,
                  clip.reference);
  test_clip_clear (&clip);
  g_strfreev (names);
  g_free (vector);
}

static void
assert_agreement (TestAgreement *agreement)
{
  char *table = test_agreement_describe (agreement);
  g_test_message ("\n%s", table);
  g_assert_true (test_agreement_holds (agreement));
  g_free (table);
}

/* The published signals are these, rounded down to 16 bits. */
static float *
quantise (float *x, gsize n, const double *exact)
{
  for (gsize i = 0; i < n; i++)
    x[i] = (float)(floor (exact[i] * 32768) / 32768);
  return x;
}

static float *
make_tone (gsize n, guint hz)
{
  double *exact = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    exact[i] = 0.5 * sin (2 * G_PI * (double)(hz * i % RATE) / RATE);
  float *x = quantise (g_new (float, n), n, exact);
  g_free (exact);
  return x;
}

/* 100 + 60 t Hz: its phase as an integer number of 1/16000^2 of a turn. */
static float *
make_chirp (gsize n)
{
  const guint64 turn = (guint64)RATE * RATE;
  double *exact = g_new (double, n);
  for (guint64 i = 0; i < n; i++)
    exact[i] = 0.5 * cos (2 * G_PI * (double)((100 * i * RATE + 30 * i * i) % turn) / (double)turn);
  float *x = quantise (g_new (float, n), n, exact);
  g_free (exact);
  return x;
}

static void
test_synthetic_signals (void)
{
  const struct {
    const char *name;
    gsize n;
    float *x;
  } signals[] = {
      {"sine440", 80000, make_tone (80000, 440)},
      {"short_300ms", 4800, make_tone (4800, 220)},
      {"chirp_100_400", 80000, make_chirp (80000)},
      {"silence", 48000, test_silence (48000)},
  };
  GError *error = NULL;
  char *spread = g_build_filename (data_folder, "spread.json", NULL);
  TestAgreement *agreement = test_agreement_new (spread, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    char *file = g_strconcat (signals[i].name, ".json", NULL);
    char *reference = g_build_filename (data_folder, file, NULL);
    add_clip (agreement, reference, signals[i].x, signals[i].n, RATE);
    g_free (file);
    g_free (reference);
    g_free (signals[i].x);
  }
  assert_agreement (agreement);
  test_agreement_free (agreement);
  g_free (spread);
}

static void
test_reference_signals (void)
{
  static const char *const signals[] = {"chirp_100_400", "clicks_120bpm", "saw150",
                                        "short_300ms",   "silence",       "sine440",
                                        "vowel_glide",   "whitenoise"};
  const char *folder = g_getenv ("EMOTION_REFERENCE");
  char *spread = g_build_filename (folder ? folder : ".", "descriptors-1-spread.json", NULL);
  TestAgreement *agreement = test_agreement_new (spread, NULL);
  g_free (spread);
  if (!agreement) {
    g_test_skip ("the reference is not there; EMOTION_REFERENCE names its folder");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    guint rate;
    gsize n;
    float *x = test_reference (signals[i], &rate, &n);
    char *file = g_strconcat (signals[i], ".json", NULL);
    char *reference = g_build_filename (folder, "features", file, NULL);
    g_assert_nonnull (x);
    add_clip (agreement, reference, x, n, rate);
    g_free (file);
    g_free (reference);
    g_free (x);
  }
  assert_agreement (agreement);
  test_agreement_free (agreement);
}

static void
test_names (void)
{
  char **names = emotion_feature_set_names (set);
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_assert_cmpuint (g_strv_length (names), ==, N_FEATURES);
  for (guint i = 0; i < N_FEATURES; i++) {
    GString *name = g_string_new (NULL);
    const char *unit = NULL;
    set->describe (i, name, &unit);
    g_assert_cmpstr (name->str, ==, names[i]);
    g_assert_nonnull (unit);
    g_assert_true (g_hash_table_add (seen, names[i]));
    g_string_free (name, TRUE);
  }
  g_assert_true (emotion_feature_set_find ("descriptors-1") == set);
  g_hash_table_unref (seen);
  g_strfreev (names);
}

/* Each window's vector equals that of a clip with the same samples, bit for bit, however they are
 * pushed; its activity is that of speech-1. */
static void
test_windows (void)
{
  enum { N = 9 * RATE / 2 };
  const EmotionWindowing windowing = {3 * TEST_SECOND, 7 * TEST_SECOND / 10, TEST_SECOND};
  const EmotionFeatureSet *speech = emotion_feature_set_find ("speech-1");
  float *x = test_vowel (RATE, N);
  GArray *whole =
      test_windows_of (set, &windowing, &(TestStream){x, N, RATE, .channels = 1, .chunk = N});
  GArray *others =
      test_windows_of (speech, &windowing, &(TestStream){x, N, RATE, .channels = 1, .chunk = N});
  for (guint chunk = 0; chunk < 3; chunk++) { /* random sizes, one sample, two */
    GArray *windows =
        test_windows_of (set, &windowing, &(TestStream){x, N, RATE, .channels = 1, .chunk = chunk});
    test_windows_assert_same (whole, windows, N_FEATURES);
    g_array_unref (windows);
  }
  g_assert_cmpuint (whole->len, ==, others->len);
  g_assert_cmpuint (whole->len, >, 4);
  for (guint i = 0; i < whole->len; i++) {
    const TestWindow *window = &g_array_index (whole, TestWindow, i);
    const TestWindow *other = &g_array_index (others, TestWindow, i);
    float *clip = clip_vector (x + window->start, window->length, RATE, NULL);
    test_assert_same_bits (window->vector, N_FEATURES, clip, N_FEATURES);
    g_assert_cmpuint (window->activity.n_frames, ==, other->activity.n_frames);
    g_assert_cmpuint (window->activity.n_speech, ==, other->activity.n_speech);
    g_assert_cmpfloat (window->activity.level, ==, other->activity.level);
    g_free (clip);
  }
  g_array_unref (whole);
  g_array_unref (others);
  g_free (x);
}

/* At other rates and channel counts, the samples are those of the resampler. */
static void
test_rates (void)
{
  float *a = test_vowel (RATE, 2 * RATE), *b = test_vowel (48000, 2 * 48000);
  float *at_16 = clip_vector (a, 2 * RATE, RATE, NULL);
  float *at_48 = clip_vector (b, 2 * 48000, 48000, NULL);
  g_assert_cmpfloat (value (at_48, "duration"), ==, 2);
  g_assert_cmpfloat_with_epsilon (value (at_48, "rms_mean"), value (at_16, "rms_mean"), 1e-4);
  g_assert_cmpfloat_with_epsilon (value (at_48, "spectral_centroid_mean"),
                                  value (at_16, "spectral_centroid_mean"), 2);
  g_assert_cmpfloat_with_epsilon (value (at_48, "mfcc_2_mean"), value (at_16, "mfcc_2_mean"), 0.5);
  g_assert_cmpfloat_with_epsilon (value (at_48, "chroma_cqt_3_mean"),
                                  value (at_16, "chroma_cqt_3_mean"), 0.02);
  g_free (at_16);
  g_free (at_48);
  g_free (a);
  g_free (b);
}

static void
assert_finite (const float *vector, const char *what)
{
  for (guint i = 0; i < N_FEATURES; i++)
    if (!isfinite (vector[i]))
      g_error ("%s: feature %u is %g", what, i, vector[i]);
}

/* Any clip of at least one sample has a vector; below 9 frames the deltas are 0. */
static void
test_short (void)
{
  static const gsize lengths[] = {1,    2,    100,  399,  400,  511, 512,
                                  1024, 1500, 2048, 4095, 4096, 5000};
  float *x = test_noise (5000, 0.3, 12);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    gsize n = lengths[i];
    EmotionActivity activity;
    float *vector = clip_vector (x, n, RATE, &activity);
    assert_finite (vector, "a short clip");
    g_assert_cmpfloat_with_epsilon (value (vector, "duration"), (double)n / RATE, 1e-7);
    g_assert_cmpfloat (value (vector, "rms_mean"), >, 0);
    g_assert_cmpint (value (vector, "mfcc_delta_1_mean") == 0, ==, n < 4096);
    g_assert_cmpint (value (vector, "mfcc_delta2_7_mean") == 0, ==, n < 4096);
    g_assert_cmpuint (activity.n_frames, ==, n < 400 ? 1 : (n - 400) / 160 + 1);
    g_assert_cmpfloat (activity.level, >, -60);
    g_free (vector);
  }
  g_free (x);
}

/* The values that the header defines as 0. */
static void
test_undefined (void)
{
  float *x = test_silence (RATE), *vector = clip_vector (x, RATE, RATE, NULL);
  static const char *const zeros[] = {"spectral_centroid_mean",
                                      "spectral_bandwidth_max",
                                      "spectral_contrast_7_std",
                                      "tonnetz_3_mean",
                                      "chroma_stft_1_mean",
                                      "chroma_cens_12_std",
                                      "pitch_mean",
                                      "tempo"};
  for (guint i = 0; i < G_N_ELEMENTS (zeros); i++)
    g_assert_cmpfloat (value (vector, zeros[i]), ==, 0);
  g_assert_cmpfloat (value (vector, "harmonic_to_percussive_ratio"), ==, 1);
  g_free (vector);
  g_free (x);
}

static void
test_hard_clips (void)
{
  gsize n = RATE;
  float *x = test_silence (n);
  for (gsize i = 0; i < n; i++)
    x[i] = 1e-40f;
  float *vector = clip_vector (x, n, RATE, NULL);
  assert_finite (vector, "denormal numbers");
  g_free (vector);
  for (gsize i = 0; i < n; i++)
    x[i] = 1;
  vector = clip_vector (x, n, RATE, NULL);
  assert_finite (vector, "a constant");
  g_free (vector);
  for (gsize i = 0; i < n; i++)
    x[i] = i / 53 % 2 ? 1e5f : -1e5f;
  vector = clip_vector (x, n, RATE, NULL);
  assert_finite (vector, "far beyond full scale");
  g_free (vector);
  for (gsize i = 0; i < n; i++)
    x[i] = i % 7 == 0 ? NAN : i % 5 == 0 ? INFINITY : 0.1f;
  vector = clip_vector (x, n, RATE, NULL);
  assert_finite (vector, "samples that are no numbers");
  g_free (vector);
  g_free (x);
}

/* The pitch of this set is that of spectral peaks, as its header says. */
static void
test_pitch (void)
{
  float *low = make_tone (2 * RATE, 100), *tone = make_tone (2 * RATE, 1000);
  float *vector = clip_vector (low, 2 * RATE, RATE, NULL);
  g_assert_cmpfloat (value (vector, "pitch_mean"), ==, 0);
  g_free (vector);
  vector = clip_vector (tone, 2 * RATE, RATE, NULL);
  g_assert_cmpfloat_with_epsilon (value (vector, "pitch_mean"), 1000, 0.5);
  g_free (vector);
  g_free (low);
  g_free (tone);
}

/* The matrices are those that the vector summarises. */
static void
test_matrices (void)
{
  enum { N = 2 * RATE };
  float *x = test_vowel (RATE, N);
  EmotionWindow window;
  EmotionMatrix matrix;
  EmotionExtractor *extractor = emotion_extractor_new_clip (set, RATE, 1, N, NULL);
  guint count = 0;
  emotion_extractor_push (extractor, x, N);
  emotion_extractor_finish (extractor);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  for (; emotion_extractor_get_matrix (extractor, count, &matrix); count++) {
    double sum = 0;
    for (guint c = 0; c < matrix.n_columns; c++)
      sum += matrix.data[(matrix.n_rows - 1) * matrix.row_step + c * matrix.column_step];
    char *name =
        g_strdup_printf (matrix.n_rows > 1 ? "%s_%u_mean" : "%s_mean", matrix.name, matrix.n_rows);
    char **names = emotion_feature_set_names (set);
    if (g_strv_contains ((const char *const *)names, name)) {
      g_assert_cmpuint (matrix.n_columns, ==, 1 + N / 512);
      g_assert_cmpfloat_with_epsilon (sum / matrix.n_columns, value (window.vector, name),
                                      1e-5 * (1 + fabs (sum)));
    }
    g_strfreev (names);
    g_free (name);
  }
  g_assert_cmpuint (count, >=, 20);
  emotion_extractor_free (extractor);
  extractor = emotion_extractor_new_clip (emotion_feature_set_find ("speech-1"), RATE, 1, N, NULL);
  g_assert_false (emotion_extractor_get_matrix (extractor, 0, &matrix));
  emotion_extractor_free (extractor);
  g_free (x);
}

static void
test_real_time (void)
{
  enum { N = 5 * RATE };
  if (!test_allocations_available ()) {
    g_test_skip ("a sanitizer or another C library has the allocator");
    return;
  }
  const EmotionWindowing windowing = {3 * TEST_SECOND, TEST_SECOND, TEST_SECOND};
  float *x = test_vowel (RATE, N);
  EmotionExtractor *extractor = emotion_extractor_new (set, RATE, 1, &windowing, NULL);
  EmotionWindow window;
  guint n_windows = 0;
  test_allocations_start ();
  for (gsize at = 0; at < N;) {
    at += emotion_extractor_push (extractor, x + at, MIN (N - at, 777));
    while (emotion_extractor_pull (extractor, &window))
      n_windows++;
  }
  emotion_extractor_finish (extractor);
  while (emotion_extractor_pull (extractor, &window))
    n_windows++;
  emotion_extractor_reset (extractor);
  TestAllocations seen = test_allocations_stop ();
  g_assert_cmpuint (n_windows, ==, 5);
  g_assert_cmpuint (seen.n_allocations, ==, 0);
  g_assert_cmpuint (seen.n_frees, ==, 0);
  g_assert_cmpuint (seen.n_locks, ==, 0);
  emotion_extractor_free (extractor);
  g_free (x);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  data_folder = argv[1];
  g_test_add_func ("/descriptors-1/synthetic-signals", test_synthetic_signals);
  g_test_add_func ("/descriptors-1/reference-signals", test_reference_signals);
  g_test_add_func ("/descriptors-1/names", test_names);
  g_test_add_func ("/descriptors-1/windows", test_windows);
  g_test_add_func ("/descriptors-1/rates", test_rates);
  g_test_add_func ("/descriptors-1/short", test_short);
  g_test_add_func ("/descriptors-1/undefined", test_undefined);
  g_test_add_func ("/descriptors-1/hard-clips", test_hard_clips);
  g_test_add_func ("/descriptors-1/pitch", test_pitch);
  g_test_add_func ("/descriptors-1/matrices", test_matrices);
  g_test_add_func ("/descriptors-1/real-time", test_real_time);
  return g_test_run ();
}
