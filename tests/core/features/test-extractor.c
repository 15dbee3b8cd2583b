/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the positions of windows and the samples that they hold, with a probe feature set; then the
 * same properties with speech-1. */
#include "core/base/audio.h"
#include "core/emotion.h"
#include "core/features/extractor.h"

#include <math.h>
#include <string.h>

#include "core/dsp/resampler.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"

#define RATE EMOTION_SAMPLE_RATE

/* The probe set: its features report the samples of its rows. */

enum { PROBE_HOP = 160, PROBE_SPAN = 400, PROBE_BEFORE = 30, PROBE_AFTER = 50 };

typedef struct {
  float before, first, last, after; /* the outermost samples of the context and of the span */
} ProbeRow;

enum { N_ROWS, BEFORE, FIRST, LAST, AFTER, GAPS, N_PROBE };

static void
probe_describe (guint index, GString *name, const char **unit)
{
  g_string_append_printf (name, "probe_%u", index);
  *unit = "1";
}

static gpointer
probe_create (guint max_rows)
{
  return g_memdup2 (&max_rows, sizeof max_rows);
}

static void
probe_reset (gpointer state G_GNUC_UNUSED)
{
}

static void
probe_frame (gpointer state G_GNUC_UNUSED, const float *context, float *row)
{
  *(ProbeRow *)row =
      (ProbeRow){context[0], context[PROBE_BEFORE], context[PROBE_BEFORE + PROBE_SPAN - 1],
                 context[PROBE_BEFORE + PROBE_SPAN + PROBE_AFTER - 1]};
}

static void
probe_window (gpointer state, const EmotionSegment *segment, float *vector,
              EmotionActivity *activity)
{
  const ProbeRow *rows = (const ProbeRow *)segment->rows, *end = rows + segment->n_rows - 1;
  g_assert_cmpuint (segment->n_rows, >=, 1);
  g_assert_cmpuint (segment->n_rows, <=, *(guint *)state);
  vector[N_ROWS] = (float)segment->n_rows;
  vector[BEFORE] = rows->before;
  vector[FIRST] = rows->first;
  vector[LAST] = end->last;
  vector[AFTER] = end->after;
  vector[GAPS] = 0;
  for (const ProbeRow *row = rows; row < end; row++)
    vector[GAPS] += row[1].first - row->first != PROBE_HOP;
  *activity = (EmotionActivity){.n_frames = segment->n_rows};
}

static const EmotionFeatureSet probe = {
    .name = "probe",
    .n_features = N_PROBE,
    .row_length = sizeof (ProbeRow) / sizeof (float),
    .hop = PROBE_HOP,
    .span = PROBE_SPAN,
    .before = PROBE_BEFORE,
    .after = PROBE_AFTER,
    .describe = probe_describe,
    .create = probe_create,
    .destroy = g_free,
    .reset = probe_reset,
    .analyse_frame = probe_frame,
    .analyse_window = probe_window,
};

/* The schedule by its definition */

static guint64
frames_of (guint64 ns, guint rate)
{
  return (guint64)floorl ((long double)ns * rate / 1e9L + 0.5L);
}

static void
add (GArray *windows, guint64 start, guint64 length, gboolean early, gboolean partial)
{
  TestWindow window = {.start = start, .length = length, .early = early, .partial = partial};
  g_array_append_val (windows, window);
}

static GArray *
schedule (const EmotionWindowing *w, guint rate, guint64 n)
{
  GArray *windows = g_array_new (FALSE, FALSE, sizeof (TestWindow));
  guint64 full = frames_of (w->window, rate), last_end = 0;
  for (guint64 end = w->interval; end < w->window && frames_of (end, rate) <= n; end += w->interval)
    if (end >= w->min_window)
      add (windows, 0, frames_of (end, rate), TRUE, TRUE);
  for (guint64 k = 0; frames_of (k * w->interval + w->window, rate) <= n; k++) {
    guint64 start = frames_of (k * w->interval, rate);
    last_end = frames_of (k * w->interval + w->window, rate);
    add (windows, start, last_end - start, FALSE, FALSE);
  }
  guint64 length = MIN (n, full);
  if (n > last_end && emotion_resampler_scale (rate, length) >= PROBE_SPAN)
    add (windows, n - length, length, FALSE, length < full);
  return windows;
}

/* The number of analysis frames within the input frames [start, end). */
static guint
count_rows (guint rate, guint64 start, guint64 end)
{
  guint rows = 0;
  guint64 from = emotion_resampler_scale (rate, start), to = emotion_resampler_scale (rate, end);
  for (guint64 at = from / PROBE_HOP * PROBE_HOP; at + PROBE_SPAN <= to; at += PROBE_HOP)
    rows += at >= from;
  return rows;
}

static void
assert_schedule (const EmotionWindowing *windowing, guint rate, gsize n, gsize chunk)
{
  float *silence = test_silence (n);
  GArray *expected = schedule (windowing, rate, n);
  GArray *actual = test_windows_of (&probe, windowing, &(TestStream){silence, n, rate, 1, chunk});
  g_assert_cmpuint (actual->len, ==, expected->len);
  for (guint i = 0; i < actual->len; i++) {
    const TestWindow *a = &g_array_index (actual, TestWindow, i),
                     *e = &g_array_index (expected, TestWindow, i);
    g_assert_cmpuint (a->start, ==, e->start);
    g_assert_cmpuint (a->length, ==, e->length);
    g_assert_cmpint (a->early, ==, e->early);
    g_assert_cmpint (a->partial, ==, e->partial);
    g_assert_cmpuint (a->activity.n_frames, ==, count_rows (rate, a->start, a->start + a->length));
  }
  g_array_unref (expected);
  g_array_unref (actual);
  g_free (silence);
}

static const guint rates[] = {8000, 16000, 44100, 48000};

/* Windows of 3 s every 1 s, the first partial one at 1 s. */
static const EmotionWindowing usual = {3 * TEST_SECOND, TEST_SECOND, TEST_SECOND};

static void
test_usual_schedule (void)
{
  /* 16 kHz, 4.5 s: 0-1, 0-2 early; 0-3, 1-4 full; 1.5-4.5 the end. */
  float *silence = test_silence (72000);
  GArray *windows = test_windows_of (&probe, &usual, &(TestStream){silence, 72000, RATE, 1, 1000});
  static const struct {
    guint64 start, length;
    gboolean early;
  } expected[] = {{0, 16000, TRUE},
                  {0, 32000, TRUE},
                  {0, 48000, FALSE},
                  {16000, 48000, FALSE},
                  {24000, 48000, FALSE}};
  g_assert_cmpuint (windows->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < windows->len; i++) {
    const TestWindow *w = &g_array_index (windows, TestWindow, i);
    g_assert_cmpuint (w->start, ==, expected[i].start);
    g_assert_cmpuint (w->length, ==, expected[i].length);
    g_assert_cmpint (w->early, ==, expected[i].early);
    g_assert_cmpint (w->partial, ==, expected[i].early);
  }
  g_array_unref (windows);
  g_free (silence);
}

/* Streams that end just before, at and just after every kind of boundary. */
static void
test_ends (void)
{
  static const double seconds[] = {0, 0.02, 0.5, 1, 1.5, 2, 2.9, 3, 3.5, 4, 4.25, 7};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint s = 0; s < G_N_ELEMENTS (seconds); s++)
      for (gint off = -1; off <= 1; off++) {
        gint64 n = (gint64)(seconds[s] * rates[r]) + off;
        if (n >= 0)
          assert_schedule (&usual, rates[r], (gsize)n, 1000);
      }
}

static void
test_odd_intervals (void)
{
  static const EmotionWindowing odd[] = {
      {TEST_SECOND, 33 * TEST_MS, 100 * TEST_MS},
      {2 * TEST_SECOND, 700 * TEST_MS, 0},
      {1234567891, 333333333, 100 * TEST_MS},
      {EMOTION_MIN_WINDOW, EMOTION_MIN_INTERVAL, 30 * TEST_MS},
      {3 * TEST_SECOND, 3 * TEST_SECOND, TEST_SECOND},
      {TEST_SECOND, 300 * TEST_MS, TEST_SECOND},
      {TEST_SECOND, 300 * TEST_MS, 60 * TEST_SECOND},
  };
  for (guint w = 0; w < G_N_ELEMENTS (odd); w++)
    for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
      assert_schedule (&odd[w], rates[r], 20 * rates[r] + 123, 4096);
}

/* Two minutes without drift. */
static void
test_long (void)
{
  assert_schedule (&(EmotionWindowing){TEST_SECOND, 33 * TEST_MS, TEST_SECOND}, 44100, 120 * 44100,
                   44100);
}

static void
test_too_short (void)
{
  for (gsize n = 0; n <= PROBE_SPAN; n += 133)
    for (gsize chunk = 50; chunk <= 400; chunk += 350) {
      float *silence = test_silence (n);
      GArray *windows = test_windows_of (&probe, &usual, &(TestStream){silence, n, RATE, 1, chunk});
      g_assert_cmpuint (windows->len, ==, 0);
      g_array_unref (windows);
      g_free (silence);
    }
  assert_schedule (&usual, RATE, PROBE_SPAN, 100);
  assert_schedule (&usual, 48000, 3 * PROBE_SPAN, 100);
  assert_schedule (&usual, 48000, 3 * PROBE_SPAN - 3, 100);
}

/* Sample i of the stream is i + 1; 0 is outside the stream. */
static void
test_content (void)
{
  const gsize n = 1000 * PROBE_HOP + PROBE_SPAN; /* the last frame ends with the stream */
  float *ramp = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    ramp[i] = (float)(i + 1);
  const EmotionWindowing windowing = {1500 * TEST_MS, 333 * TEST_MS, 100 * TEST_MS};
  GArray *windows = test_windows_of (&probe, &windowing, &(TestStream){ramp, n, RATE, 1, 0});
  g_assert_cmpuint (windows->len, >, 25);
  for (guint i = 0; i < windows->len; i++) {
    const TestWindow *w = &g_array_index (windows, TestWindow, i);
    gsize first = (w->start + PROBE_HOP - 1) / PROBE_HOP * PROBE_HOP;
    gsize rows = (w->start + w->length - first - PROBE_SPAN) / PROBE_HOP + 1;
    gsize end = first + (rows - 1) * PROBE_HOP + PROBE_SPAN; /* after the last sample seen */
    g_assert_cmpfloat (w->vector[N_ROWS], ==, rows);
    g_assert_cmpfloat (w->vector[FIRST], ==, first + 1);
    g_assert_cmpfloat (w->vector[BEFORE], ==, first ? first + 1 - PROBE_BEFORE : 0);
    g_assert_cmpfloat (w->vector[LAST], ==, end);
    g_assert_cmpfloat (w->vector[AFTER], ==, end + PROBE_AFTER <= n ? end + PROBE_AFTER : 0);
    g_assert_cmpfloat (w->vector[GAPS], ==, 0);
  }
  g_array_unref (windows);
  g_free (ramp);
}

static void
test_mix (void)
{
  const gsize n = RATE;
  float *frames = g_new (float, 4 * n);
  for (gsize i = 0; i < n; i++) { /* the mean of the channels is i + 1 */
    frames[4 * i] = (float)(4 * (i + 1) + 3);
    frames[4 * i + 1] = 0;
    frames[4 * i + 2] = -5;
    frames[4 * i + 3] = 2;
  }
  GArray *windows = test_windows_of (&probe, &usual, &(TestStream){frames, n, RATE, 4, 441});
  const TestWindow *w = &g_array_index (windows, TestWindow, 0);
  g_assert_cmpuint (w->length, ==, n); /* in frames, not in samples */
  g_assert_cmpfloat (w->vector[FIRST], ==, 1);
  g_assert_cmpfloat (w->vector[LAST], ==, 97 * PROBE_HOP + PROBE_SPAN);
  g_assert_cmpfloat (w->vector[GAPS], ==, 0);
  g_array_unref (windows);
  g_free (frames);
}

/* While a window is waiting, nothing is accepted; after the end neither. */
static void
test_protocol (void)
{
  EmotionWindow window;
  float *silence = test_silence (4 * RATE);
  EmotionExtractor *extractor = emotion_extractor_new (&probe, RATE, 1, &usual, NULL);
  g_assert_false (emotion_extractor_pull (extractor, &window));
  gsize taken = emotion_extractor_push (extractor, silence, 4 * RATE);
  g_assert_cmpuint (taken, >=, RATE);
  g_assert_cmpuint (taken, <, 2 * RATE);
  g_assert_cmpuint (emotion_extractor_get_position (extractor), ==, taken);
  g_assert_cmpuint (emotion_extractor_push (extractor, silence, 100), ==, 0);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  g_assert_false (emotion_extractor_pull (extractor, &window));
  g_assert_cmpuint (emotion_extractor_push (extractor, silence, 100), ==, 100);
  g_assert_cmpuint (emotion_extractor_get_position (extractor), ==, taken + 100);
  emotion_extractor_finish (extractor);
  g_assert_cmpuint (emotion_extractor_push (extractor, silence, 100), ==, 0);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  g_assert_cmpuint (window.length, ==, taken + 100);
  g_assert_false (emotion_extractor_pull (extractor, &window));
  emotion_extractor_finish (extractor);
  g_assert_false (emotion_extractor_pull (extractor, &window));
  emotion_extractor_reset (extractor);
  g_assert_cmpuint (emotion_extractor_get_position (extractor), ==, 0);
  g_assert_cmpuint (emotion_extractor_push (extractor, silence, 100), ==, 100);
  emotion_extractor_free (extractor);
  emotion_extractor_free (NULL);
  g_free (silence);
}

static void
assert_refused (guint rate, guint channels, EmotionWindowing windowing, const char *named)
{
  GError *error = NULL;
  g_assert_null (emotion_extractor_new (&probe, rate, channels, &windowing, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
  if (!strstr (error->message, named))
    g_error ("'%s' does not name %s", error->message, named);
  g_clear_error (&error);
}

static void
test_wrong_parameters (void)
{
  const guint64 s = TEST_SECOND, ms = TEST_MS;
  assert_refused (0, 1, usual, "rate of 0 Hz");
  assert_refused (7999, 1, usual, "7999");
  assert_refused (192001, 1, usual, "192001");
  assert_refused (16000, 0, usual, "0 channels");
  assert_refused (16000, 65, usual, "65");
  assert_refused (16000, 1, (EmotionWindowing){0, s, s}, "window of 0.000");
  assert_refused (16000, 1, (EmotionWindowing){99 * ms, 50 * ms, s}, "0.099");
  assert_refused (16000, 1, (EmotionWindowing){61 * s, s, s}, "61.000");
  assert_refused (16000, 1, (EmotionWindowing){3 * s, 0, s}, "interval of 0.000");
  assert_refused (16000, 1, (EmotionWindowing){3 * s, 9 * ms, s}, "0.009");
  assert_refused (16000, 1, (EmotionWindowing){3 * s, 3001 * ms, s}, "3.001");
  const EmotionWindowing extremes[] = {{100 * ms, 10 * ms, 0}, {60 * s, 60 * s, 60 * s}};
  for (guint i = 0; i < G_N_ELEMENTS (extremes); i++) {
    EmotionExtractor *extractor =
        emotion_extractor_new (&probe, i ? 192000 : 8000, i ? 64 : 1, &extremes[i], NULL);
    g_assert_nonnull (extractor);
    emotion_extractor_free (extractor);
  }
}

/* With speech-1 */

static const EmotionWindowing brief = {TEST_SECOND, 330 * TEST_MS, 200 * TEST_MS};

static const EmotionFeatureSet *
speech_1 (void)
{
  return emotion_feature_set_find ("speech-1");
}

/* A vowel in noise, in all channels. */
static float *
speech (guint rate, gsize n, guint channels)
{
  float *vowel = test_vowel (rate, n), *noise = test_noise (n, 0.01, 5);
  float *out = g_new (float, n *channels);
  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < channels; c++)
      out[i * channels + c] = vowel[i] + noise[i];
  g_free (vowel);
  g_free (noise);
  return out;
}

static void
test_chunks (void)
{
  static const gsize chunks[] = {1, 7, 160, 441, 0};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    gsize n = 2 * rates[r] + 17;
    float *samples = speech (rates[r], n, 1);
    GArray *whole =
        test_windows_of (speech_1 (), &brief, &(TestStream){samples, n, rates[r], 1, n});
    g_assert_cmpuint (whole->len, ==, 8); /* 3 early ones, 4 full, the end */
    for (guint c = 0; c < G_N_ELEMENTS (chunks); c++) {
      GArray *cut =
          test_windows_of (speech_1 (), &brief, &(TestStream){samples, n, rates[r], 1, chunks[c]});
      test_windows_assert_same (whole, cut, speech_1 ()->n_features);
      g_array_unref (cut);
    }
    g_array_unref (whole);
    g_free (samples);
  }
}

static void
test_stereo (void)
{
  const gsize n = 2 * 44100;
  float *mono = speech (44100, n, 1), *stereo = speech (44100, n, 2);
  GArray *one = test_windows_of (speech_1 (), &brief, &(TestStream){mono, n, 44100, 1, 1000});
  GArray *two = test_windows_of (speech_1 (), &brief, &(TestStream){stereo, n, 44100, 2, 1000});
  test_windows_assert_same (one, two, speech_1 ()->n_features);
  g_array_unref (one);
  g_array_unref (two);
  g_free (mono);
  g_free (stereo);
}

static void
test_bad_samples (void)
{
  const gsize n = 48000;
  float *bad = speech (48000, n, 2), *zeros = g_memdup2 (bad, 2 * n * sizeof *bad);
  const float values[] = {NAN, INFINITY, -INFINITY};
  guint n_bad = 0;
  for (gsize i = 5; i < 2 * n; i += 997, n_bad++) {
    bad[i] = values[n_bad % 3];
    zeros[i] = 0;
  }
  EmotionExtractor *extractor = emotion_extractor_new (speech_1 (), 48000, 2, &brief, NULL);
  GArray *from_bad =
      test_windows_pull (extractor, speech_1 (), &(TestStream){bad, n, 48000, 2, 480});
  g_assert_cmpuint (emotion_extractor_get_bad_samples (extractor), ==, n_bad);
  emotion_extractor_reset (extractor);
  g_assert_cmpuint (emotion_extractor_get_bad_samples (extractor), ==, 0);
  GArray *from_zeros =
      test_windows_pull (extractor, speech_1 (), &(TestStream){zeros, n, 48000, 2, 480});
  g_assert_cmpuint (emotion_extractor_get_bad_samples (extractor), ==, 0);
  test_windows_assert_same (from_bad, from_zeros, speech_1 ()->n_features);
  g_array_unref (from_bad);
  g_array_unref (from_zeros);
  emotion_extractor_free (extractor);
  g_free (bad);
  g_free (zeros);
}

static void
test_reset (void)
{
  const gsize n = 2 * 44100;
  const TestStream stream = {speech (44100, n, 1), n, 44100, 1, 1000};
  const TestStream other = {test_noise (n, 1, 9), n, 44100, 1, 777};
  GArray *fresh = test_windows_of (speech_1 (), &brief, &stream);
  EmotionExtractor *extractor = emotion_extractor_new (speech_1 (), 44100, 1, &brief, NULL);
  /* In the middle of a stream, with a window waiting, and after an end. */
  emotion_extractor_push (extractor, other.frames, 3000);
  for (guint round = 0; round < 3; round++) {
    emotion_extractor_reset (extractor);
    GArray *again = test_windows_pull (extractor, speech_1 (), &stream);
    test_windows_assert_same (fresh, again, speech_1 ()->n_features);
    g_array_unref (again);
    emotion_extractor_reset (extractor);
    if (round == 0)
      emotion_extractor_push (extractor, other.frames, n);
    else
      g_array_unref (test_windows_pull (extractor, speech_1 (), &other));
  }
  g_array_unref (fresh);
  emotion_extractor_free (extractor);
  g_free ((gpointer)stream.frames);
  g_free ((gpointer)other.frames);
}

/* A vowel over a hum of -60 dBFS: the same signal at any rate. */
static float *
vowel_over_hum (guint rate, gsize n)
{
  float *vowel = test_vowel (rate, n), *hum = test_tone (rate, n, 900, 1e-3, 0);
  for (gsize i = 0; i < n; i++)
    vowel[i] += hum[i];
  g_free (hum);
  return vowel;
}

/* For each feature, the allowed difference between two rates. The cepstra also depend on the bands
 * above 3.5 kHz, where the lowest rates have only the residue of the resampler. */
static void
test_rates (void)
{
  static const struct {
    const char *name;
    double within;
    guint from_rate;
  } features[] = {
      {"log_energy_mean", 1e-3, 0},
      {"log_energy_p95", 1e-3, 0},
      {"zcr_voiced_mean", 1e-4, 0},
      {"centroid_mean", 0.5, 0},
      {"bandwidth_mean", 1, 0},
      {"rolloff85_p50", 0, 0},
      {"alpha_ratio_mean", 1e-3, 0},
      {"slope_0_500_mean", 0.05, 0},
      {"voicing_voiced_mean", 1e-4, 0},
      {"f0_mean", 1e-3, 0},
      {"f0_sd", 1e-3, 0},
      {"f0_slope", 1e-3, 0},
      {"f0_voiced_fraction", 0, 0},
      {"cut_frames", 0, 0},
      {"mfcc0_voiced_mean", 0.2, RATE},
      {"mfcc1_voiced_mean", 0.2, RATE},
      {"mfcc4_voiced_mean", 0.2, RATE},
  };
  static const guint others[] = {8000, 11025, 22050, 44100, 48000, 96000, 192000};
  float *samples = vowel_over_hum (RATE, 2 * RATE);
  float *at_16k = test_vector_of (samples, 2 * RATE, RATE, NULL);
  g_free (samples);
  for (guint r = 0; r < G_N_ELEMENTS (others); r++) {
    samples = vowel_over_hum (others[r], 2 * others[r]);
    float *vector = test_vector_of (samples, 2 * others[r], others[r], NULL);
    for (guint f = 0; f < G_N_ELEMENTS (features); f++) {
      guint i = test_feature (features[f].name);
      if (others[r] >= features[f].from_rate &&
          !(fabsf (at_16k[i] - vector[i]) <= features[f].within))
        g_error ("%s is %g at 16 kHz and %g at %u Hz", features[f].name, at_16k[i], vector[i],
                 others[r]);
    }
    g_free (vector);
    g_free (samples);
  }
  g_free (at_16k);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extractor/usual-schedule", test_usual_schedule);
  g_test_add_func ("/extractor/ends", test_ends);
  g_test_add_func ("/extractor/odd-intervals", test_odd_intervals);
  g_test_add_func ("/extractor/long", test_long);
  g_test_add_func ("/extractor/too-short", test_too_short);
  g_test_add_func ("/extractor/content", test_content);
  g_test_add_func ("/extractor/mix", test_mix);
  g_test_add_func ("/extractor/protocol", test_protocol);
  g_test_add_func ("/extractor/wrong-parameters", test_wrong_parameters);
  g_test_add_func ("/extractor/chunks", test_chunks);
  g_test_add_func ("/extractor/stereo", test_stereo);
  g_test_add_func ("/extractor/bad-samples", test_bad_samples);
  g_test_add_func ("/extractor/reset", test_reset);
  g_test_add_func ("/extractor/rates", test_rates);
  return g_test_run ();
}
