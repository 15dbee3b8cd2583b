/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"
#include "core/stream/decision.h"

#include <math.h>
#include <string.h>

#include "tests/core/models.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"

enum { N_LABELS = 3, N_FEATURES = 1474 };

/* A result with its own copies of the data that it points to. */
typedef struct {
  EmotionResult result;
  double scores[N_LABELS];
  float features[N_FEATURES];
} Kept;

/* Settings that depend on time and on earlier predictions. */
static const EmotionDecisionConfig steady = {
    .smoothing = 1.5, .hysteresis = 0.05, .hold_time = 1.2, .thresholds = {NAN, NAN, NAN}};

static EmotionDetector *
new_detector (EmotionModel *model, guint rate, guint channels)
{
  GError *error = NULL;
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  config.rate = rate;
  config.channels = channels;
  config.decision = steady;
  EmotionDetector *detector = emotion_detector_new (model, &config, &error);
  g_assert_no_error (error);
  return detector;
}

static void
pull_all (EmotionDetector *detector, GArray *kept)
{
  EmotionResult result;
  while (emotion_detector_pull (detector, &result)) {
    g_array_set_size (kept, kept->len + 1);
    Kept *k = &g_array_index (kept, Kept, kept->len - 1);
    k->result = result;
    memcpy (k->scores, result.scores, sizeof k->scores);
    memcpy (k->features, result.features, sizeof k->features);
    k->result.scores = NULL;
    k->result.features = NULL;
  }
}

/* All results of a stream: a new array of Kept. */
static GArray *
run (EmotionDetector *detector, const TestStream *stream)
{
  GArray *kept = g_array_new (FALSE, TRUE, sizeof (Kept));
  TestChunks chunks;
  test_chunks_init (&chunks, stream->chunk);
  for (gsize at = 0; at < stream->n_frames;) {
    const gsize end = at + test_chunks_next (&chunks, stream->n_frames - at);
    while (at < end) {
      at += emotion_detector_push (detector, stream->frames + at * stream->channels, end - at);
      pull_all (detector, kept);
    }
  }
  emotion_detector_finish (detector);
  pull_all (detector, kept);
  test_chunks_clear (&chunks);
  return kept;
}

static void
assert_same_results (const GArray *a, const GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const Kept *x = &g_array_index (a, Kept, i), *y = &g_array_index (b, Kept, i);
    g_assert_cmpuint (x->result.start, ==, y->result.start);
    g_assert_cmpuint (x->result.length, ==, y->result.length);
    g_assert_cmpint (x->result.partial, ==, y->result.partial);
    g_assert_cmpint (x->result.label, ==, y->result.label);
    g_assert_cmpint (x->result.reason, ==, y->result.reason);
    g_assert_cmpuint (x->result.fresh, ==, y->result.fresh);
    g_assert_cmpfloat (x->result.confidence, ==, y->result.confidence);
    g_assert_cmpfloat (x->result.speech_ratio, ==, y->result.speech_ratio);
    g_assert_cmpfloat (x->result.level, ==, y->result.level);
    g_assert_cmpmem (x->scores, sizeof x->scores, y->scores, sizeof y->scores);
    g_assert_cmpmem (x->features, sizeof x->features, y->features, sizeof y->features);
  }
}

/* Voice, a pause, a loud and a weak voice, noise: windows that differ in every weight. */
static float *
scene (guint rate, gsize *n)
{
  *n = 6 * rate + rate / 3;
  float *vowel = test_vowel (rate, *n), *noise = test_noise (*n, 0.05, 3);
  for (gsize i = 0; i < *n; i++) {
    gsize second = i / rate;
    static const float gains[] = {1, 1, 0, 0.1f, 1.5f, 0, 0.3f};
    vowel[i] = gains[second] * vowel[i] + (second == 5 ? noise[i] : 0);
  }
  g_free (noise);
  return vowel;
}

/* The detector's result for each window is that of its parts. */
static void
test_results (void)
{
  gsize n;
  float *samples = scene (44100, &n);
  const TestStream stream = {samples, n, 44100, 1, 441};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *detector = new_detector (model, 44100, 1);
  GArray *kept = run (detector, &stream);
  GArray *windows = test_windows_of (emotion_model_get_features (model),
                                     emotion_model_get_windowing (model), &stream);
  EmotionDecision *decision = emotion_decision_new (model, &steady);
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  g_assert_true (emotion_detector_get_model (detector) == model);
  g_assert_cmpuint (emotion_detector_get_position (detector), ==, n);
  g_assert_cmpuint (kept->len, ==, windows->len);
  g_assert_cmpuint (kept->len, >, 10);
  guint64 covered = 0;
  for (guint i = 0; i < kept->len; i++) {
    const Kept *k = &g_array_index (kept, Kept, i);
    const TestWindow *w = &g_array_index (windows, TestWindow, i);
    double scores[N_LABELS], sum = 0;
    EmotionPrediction prediction;
    g_assert_cmpuint (k->result.fresh, ==, w->start + w->length - covered);
    covered = w->start + w->length;
    emotion_model_score (model, w->vector, scratch, scores);
    emotion_model_calibrate (model, EMOTION_CALIBRATE_WINDOW, scores, scores);
    emotion_decision_update (decision, scores, &w->activity, FALSE,
                             (double)(w->start + w->length) / 44100, &prediction);
    g_assert_cmpint (k->result.label, ==, prediction.label);
    g_assert_cmpint (k->result.reason, ==, prediction.reason);
    g_assert_cmpfloat (k->result.confidence, ==, prediction.confidence);
    g_assert_cmpuint (k->result.start, ==, w->start);
    g_assert_cmpuint (k->result.length, ==, w->length);
    g_assert_cmpint (k->result.partial, ==, w->partial);
    g_assert_cmpuint (k->result.n_windows, ==, 1);
    g_assert_cmpfloat (k->result.level, ==, w->activity.level);
    g_assert_cmpfloat_with_epsilon (k->result.speech_ratio,
                                    (double)w->activity.n_speech / w->activity.n_frames, 1e-12);
    g_assert_cmpmem (k->scores, sizeof k->scores, scores, sizeof scores);
    test_assert_same_bits (k->features, N_FEATURES, w->vector, N_FEATURES);
    for (guint l = 0; l < N_LABELS; l++)
      sum += k->scores[l];
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
  }
  g_assert_cmpuint (covered, ==, n);
  emotion_decision_free (decision);
  g_free (scratch);
  g_array_unref (kept);
  g_array_unref (windows);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (samples);
}

/* The mean of the log-posteriors of all but the early windows, weighted by speech frames. */
static void
test_summary (void)
{
  gsize n;
  float *samples = scene (16000, &n);
  const TestStream stream = {samples, n, 16000, 1, 441};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *detector = new_detector (model, 16000, 1);
  g_array_unref (run (detector, &stream));
  GArray *windows = test_windows_of (emotion_model_get_features (model),
                                     emotion_model_get_windowing (model), &stream);
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  double mean[N_LABELS] = {0}, weight = 0, frames = 0, energy = 0;
  guint counted = 0, min = G_MAXUINT, max = 0;
  for (guint i = 0; i < windows->len; i++) {
    const TestWindow *w = &g_array_index (windows, TestWindow, i);
    double log_posteriors[N_LABELS];
    if (w->early)
      continue;
    emotion_model_score (model, w->vector, scratch, log_posteriors);
    for (guint l = 0; l < N_LABELS; l++)
      mean[l] += log_posteriors[l] * w->activity.n_speech;
    weight += w->activity.n_speech;
    frames += w->activity.n_frames;
    energy += w->activity.n_frames * pow (10, w->activity.level / 10);
    min = MIN (min, w->activity.n_speech);
    max = MAX (max, w->activity.n_speech);
    counted++;
  }
  g_assert_cmpuint (windows->len, ==, counted + 1); /* one early window */
  g_assert_cmpuint (max, >, min + 30);              /* the weights matter */
  for (guint l = 0; l < N_LABELS; l++)
    mean[l] /= weight;
  emotion_model_calibrate (model, EMOTION_CALIBRATE_CLIP, mean, mean);

  EmotionResult summary;
  g_assert_true (emotion_detector_summarize (detector, &summary));
  for (guint l = 0; l < N_LABELS; l++) {
    g_assert_cmpfloat_with_epsilon (summary.scores[l], mean[l], 1e-9);
    g_assert_cmpfloat (summary.scores[l], <=, summary.scores[summary.label]);
  }
  g_assert_cmpfloat (summary.confidence, ==, summary.scores[summary.label]);
  g_assert_cmpuint (summary.n_windows, ==, counted);
  g_assert_cmpuint (summary.start, ==, 0);
  g_assert_cmpuint (summary.length, ==, n);
  g_assert_cmpint (summary.reason, ==, EMOTION_REASON_PREDICTED);
  g_assert_cmpfloat_with_epsilon (summary.speech_ratio, weight / frames, 1e-12);
  g_assert_cmpfloat_with_epsilon (summary.level, 10 * log10 (energy / frames), 1e-9);
  g_assert_null (summary.features);
  g_free (scratch);
  g_array_unref (windows);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (samples);
}

/* Early windows alone do not make a clip; a stream shorter than a window is one window. */
static void
test_short (void)
{
  EmotionResult result, summary;
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *detector = new_detector (model, 16000, 1);
  float *vowel = test_vowel (16000, 16000);
  g_assert_false (emotion_detector_summarize (detector, &summary));
  gsize taken = emotion_detector_push (detector, vowel, 12000);
  g_assert_true (emotion_detector_pull (detector, &result));
  g_assert_true (result.partial);
  g_assert_cmpuint (result.length, ==, 8000);
  g_assert_false (emotion_detector_summarize (detector, &summary));
  emotion_detector_push (detector, vowel + taken, 12000 - taken);
  emotion_detector_finish (detector);
  g_assert_true (emotion_detector_pull (detector, &result));
  g_assert_true (result.partial);
  g_assert_cmpuint (result.length, ==, 12000);
  g_assert_false (emotion_detector_pull (detector, &result));
  g_assert_true (emotion_detector_summarize (detector, &summary));
  g_assert_cmpuint (summary.n_windows, ==, 1);
  g_assert_cmpuint (summary.length, ==, 12000);
  emotion_detector_reset (detector);
  g_assert_false (emotion_detector_summarize (detector, &summary));
  /* Shorter than a frame: no result at all. */
  emotion_detector_push (detector, vowel, 399);
  emotion_detector_finish (detector);
  g_assert_false (emotion_detector_pull (detector, &result));
  g_assert_false (emotion_detector_summarize (detector, &summary));
  emotion_detector_free (detector);
  emotion_detector_free (NULL);
  emotion_model_unref (model);
  g_free (vowel);
}

/* The gates reject silence, but its scores are there, and a clip always has a label. */
static void
test_gates (void)
{
  const EmotionThresholds thresholds = {.confidence = 0, .min_speech_ratio = 0.1, .silence = -60};
  EmotionModel *model = test_small_model_new (N_LABELS, &thresholds);
  EmotionDetector *detector = new_detector (model, 16000, 1);
  float *silence = test_silence (32000), *noise = test_noise (32000, 0.1, 4);
  const float *const signals[] = {silence, noise};
  for (guint s = 0; s < 2; s++) {
    GArray *kept = run (detector, &(TestStream){signals[s], 32000, 16000, 1, 1000});
    EmotionResult summary;
    for (guint i = 0; i < kept->len; i++) {
      const Kept *k = &g_array_index (kept, Kept, i);
      g_assert_cmpint (k->result.label, ==, -1);
      g_assert_cmpint (k->result.reason, ==, s ? EMOTION_REASON_NO_SPEECH : EMOTION_REASON_SILENCE);
      g_assert_cmpfloat (k->result.speech_ratio, ==, 0);
      g_assert_cmpfloat_with_epsilon (k->scores[0] + k->scores[1] + k->scores[2], 1, 1e-12);
    }
    g_assert_true (emotion_detector_summarize (detector, &summary));
    g_assert_cmpint (summary.label, ==, -1);
    g_assert_true (summary.reason == EMOTION_REASON_SILENCE ||
                   summary.reason == EMOTION_REASON_NO_SPEECH);
    g_assert_cmpfloat (summary.speech_ratio, ==, 0);
    emotion_detector_reset (detector);
    g_array_unref (kept);
  }
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (silence);
  g_free (noise);
}

static void
test_chunks (void)
{
  static const gsize chunks[] = {1, 7, 160, 441, 4096, 0};
  gsize n;
  float *samples = scene (48000, &n);
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *detector = new_detector (model, 48000, 1);
  EmotionResult summary;
  GArray *whole = run (detector, &(TestStream){samples, n, 48000, 1, n});
  g_assert_true (emotion_detector_summarize (detector, &summary));
  double confidence = summary.confidence;
  for (guint c = 0; c < G_N_ELEMENTS (chunks); c++) {
    emotion_detector_reset (detector); /* also: a reset detector equals a new one */
    GArray *cut = run (detector, &(TestStream){samples, n, 48000, 1, chunks[c]});
    assert_same_results (whole, cut);
    g_assert_true (emotion_detector_summarize (detector, &summary));
    g_assert_cmpfloat (summary.confidence, ==, confidence);
    g_array_unref (cut);
  }
  g_array_unref (whole);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (samples);
}

static void
test_reset (void)
{
  gsize n;
  float *samples = scene (16000, &n), *noise = test_noise (40000, 1, 2);
  noise[100] = NAN;
  const TestStream stream = {samples, n, 16000, 1, 1000};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *fresh = new_detector (model, 16000, 1), *used = new_detector (model, 16000, 1);
  GArray *expected = run (fresh, &stream);
  emotion_detector_push (used, noise, 20000); /* in the middle of it, with a window waiting */
  g_assert_cmpuint (emotion_detector_get_bad_samples (used), ==, 1);
  emotion_detector_reset (used);
  g_assert_cmpuint (emotion_detector_get_bad_samples (used), ==, 0);
  g_assert_cmpuint (emotion_detector_get_position (used), ==, 0);
  for (guint round = 0; round < 2; round++) {
    GArray *actual = run (used, &stream);
    assert_same_results (expected, actual);
    g_array_unref (actual);
    emotion_detector_reset (used);
    g_array_unref (run (used, &(TestStream){noise, 40000, 16000, 1, 777}));
    emotion_detector_reset (used);
  }
  g_array_unref (expected);
  emotion_detector_free (fresh);
  emotion_detector_free (used);
  emotion_model_unref (model);
  g_free (samples);
  g_free (noise);
}

/* The clip result of these windows, by hand: the speech-weighted mean of their log-posteriors. */
static void
assert_summary_of (EmotionDetector *detector, GArray *const *parts, guint n_parts, guint64 length)
{
  EmotionModel *model = emotion_detector_get_model (detector);
  double *scratch = g_new (double, emotion_model_get_scratch (model)), mean[N_LABELS] = {0};
  guint n_windows = 0;
  guint64 n_speech = 0;
  EmotionResult summary;
  for (guint p = 0; p < n_parts; p++)
    for (guint i = 0; i < parts[p]->len; i++) {
      const TestWindow *w = &g_array_index (parts[p], TestWindow, i);
      double log_posteriors[N_LABELS];
      if (w->early)
        continue;
      emotion_model_score (model, w->vector, scratch, log_posteriors);
      for (guint l = 0; l < N_LABELS; l++)
        mean[l] += log_posteriors[l] * w->activity.n_speech;
      n_speech += w->activity.n_speech;
      n_windows++;
    }
  for (guint l = 0; l < N_LABELS; l++)
    mean[l] /= (double)n_speech;
  emotion_model_calibrate (model, EMOTION_CALIBRATE_CLIP, mean, mean);
  g_assert_true (emotion_detector_summarize (detector, &summary));
  for (guint l = 0; l < N_LABELS; l++)
    g_assert_cmpfloat_with_epsilon (summary.scores[l], mean[l], 1e-9);
  g_assert_cmpuint (summary.n_windows, ==, n_windows);
  g_assert_cmpuint (summary.length, ==, length);
  g_free (scratch);
}

/* After a restart, windows and predictions are those of a new stream, and the clip continues. */
static void
test_restart (void)
{
  gsize n;
  float *samples = scene (16000, &n);
  const gsize n_first = n / 2 + 123, n_second = n - n_first;
  const TestStream first = {samples, n_first, 16000, 1, 1000};
  const TestStream second = {samples + n_first, n_second, 16000, 1, 1000};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *fresh = new_detector (model, 16000, 1),
                  *detector = new_detector (model, 16000, 1);
  const EmotionFeatureSet *set = emotion_model_get_features (model);
  const EmotionWindowing *windowing = emotion_model_get_windowing (model);
  GArray *windows[] = {test_windows_of (set, windowing, &first),
                       test_windows_of (set, windowing, &second)};
  GArray *expected = run (fresh, &second);

  /* An unannounced interruption: no finish before it, and the results of the last pushes are not
   * pulled. */
  for (gsize at = 0; at < n_first;) {
    EmotionResult result;
    gsize taken = emotion_detector_push (detector, samples + at, MIN (1000, n_first - at));
    at += taken;
    while (at < n_first && emotion_detector_pull (detector, &result))
      ;
  }
  emotion_detector_restart (detector);
  g_assert_cmpuint (emotion_detector_get_position (detector), ==, 0);
  assert_summary_of (detector, windows, 1, n_first);
  GArray *actual = run (detector, &second);
  assert_same_results (expected, actual);
  assert_summary_of (detector, windows, 2, n);
  emotion_detector_restart (detector); /* an empty clip: nothing is added */
  assert_summary_of (detector, windows, 2, n);
  emotion_detector_reset (detector); /* which also forgets the clip */
  g_array_unref (actual);
  actual = run (detector, &second);
  assert_summary_of (detector, &windows[1], 1, n_second);

  g_array_unref (actual);
  g_array_unref (expected);
  g_array_unref (windows[0]);
  g_array_unref (windows[1]);
  emotion_detector_free (fresh);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (samples);
}

/* The format changes within a stream: a new detector inherits the clip. */
static void
test_inherit (void)
{
  gsize n_first, n_second;
  float *at_48k = scene (48000, &n_first), *at_16k = scene (16000, &n_second);
  const TestStream first = {at_48k, n_first, 48000, 1, 4800};
  const TestStream second = {at_16k, n_second, 16000, 1, 1000};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionModel *other_model = test_small_model_new (N_LABELS + 1, NULL);
  EmotionDetector *before = new_detector (model, 48000, 1), *after = new_detector (model, 16000, 1);
  EmotionDetector *other = new_detector (other_model, 48000, 1);
  const EmotionFeatureSet *set = emotion_model_get_features (model);
  const EmotionWindowing *windowing = emotion_model_get_windowing (model);
  GArray *windows[] = {test_windows_of (set, windowing, &first),
                       test_windows_of (set, windowing, &second)};
  g_array_unref (run (before, &first));
  g_assert_false (emotion_detector_inherit (other, before));
  g_assert_true (emotion_detector_inherit (after, before));
  assert_summary_of (after, windows, 1, n_first / 3); /* in frames of the new rate */
  g_array_unref (run (after, &second));
  assert_summary_of (after, windows, 2, n_first / 3 + n_second);
  g_array_unref (windows[0]);
  g_array_unref (windows[1]);
  emotion_detector_free (before);
  emotion_detector_free (after);
  emotion_detector_free (other);
  emotion_model_unref (model);
  emotion_model_unref (other_model);
  g_free (at_48k);
  g_free (at_16k);
}

/* The configuration's window and interval replace the model's. */
static void
test_windowing (void)
{
  static const struct {
    guint64 window, interval;
    guint64 first, second; /* starts of the first two full windows, in samples */
    guint64 length;
  } cases[] = {
      {0, 0, 0, 8000, 16000},
      {2 * TEST_SECOND, 0, 0, 8000, 32000},
      {0, 250 * TEST_MS, 0, 4000, 16000},
      {400 * TEST_MS, 0, 0, 6400, 6400}, /* the model's interval is limited to the window */
      {400 * TEST_MS, 9 * TEST_SECOND, 0, 6400, 6400},
      {1500 * TEST_MS, 100 * TEST_MS, 0, 1600, 24000},
  };
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  float *vowel = test_vowel (16000, 64000);
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    EmotionDetectorConfig config;
    emotion_detector_config_init (&config);
    config.window = cases[c].window;
    config.interval = cases[c].interval;
    EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
    g_assert_nonnull (detector);
    GArray *kept = run (detector, &(TestStream){vowel, 64000, 16000, 1, 1000});
    guint first = 0;
    while (g_array_index (kept, Kept, first).result.partial)
      first++;
    const EmotionResult *a = &g_array_index (kept, Kept, first).result,
                        *b = &g_array_index (kept, Kept, first + 1).result;
    g_assert_cmpuint (a->start, ==, cases[c].first);
    g_assert_cmpuint (a->length, ==, cases[c].length);
    g_assert_cmpuint (b->start, ==, cases[c].second);
    g_assert_cmpuint (b->length, ==, cases[c].length);
    g_array_unref (kept);
    emotion_detector_free (detector);
  }
  emotion_model_unref (model);
  g_free (vowel);
}

/* The configuration's shortest early window replaces the model's. */
static void
test_min_window (void)
{
  static const struct {
    guint64 min_window;
    guint64 first; /* length of the first result, in samples */
  } cases[] = {{0, 8000},
               {1, 4000},
               {250 * TEST_MS, 4000},
               {600 * TEST_MS, 12000},
               {TEST_SECOND, 16000},
               {9 * TEST_SECOND, 16000}};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  float *vowel = test_vowel (16000, 32000);
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    EmotionDetectorConfig config;
    EmotionResult result;
    emotion_detector_config_init (&config);
    config.interval = cases[c].min_window ? 250 * TEST_MS : 0;
    config.min_window = cases[c].min_window;
    EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
    emotion_detector_push (detector, vowel, 32000);
    g_assert_true (emotion_detector_pull (detector, &result));
    g_assert_cmpuint (result.length, ==, cases[c].first);
    emotion_detector_free (detector);
  }
  emotion_model_unref (model);
  g_free (vowel);
}

/* Another decision configuration from the next result on. */
static void
test_configure (void)
{
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  EmotionDetector *detector = new_detector (model, 16000, 1);
  EmotionDecisionConfig config;
  EmotionResult result;
  float *vowel = test_vowel (16000, 32000);
  gsize taken = emotion_detector_push (detector, vowel, 32000);
  g_assert_true (emotion_detector_pull (detector, &result));
  g_assert_cmpint (result.reason, ==, EMOTION_REASON_PREDICTED);
  emotion_decision_config_init (&config);
  config.thresholds.silence = 0;
  emotion_detector_configure (detector, &config);
  emotion_detector_push (detector, vowel + taken, 32000 - taken);
  g_assert_true (emotion_detector_pull (detector, &result));
  g_assert_cmpint (result.reason, ==, EMOTION_REASON_SILENCE);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  g_free (vowel);
}

static void
test_wrong_config (void)
{
  static const struct {
    guint rate, channels;
    guint64 window, interval;
    const char *named;
  } cases[] = {{1000, 1, 0, 0, "1000"},
               {16000, 0, 0, 0, "0 channels"},
               {16000, 1, 1, 0, "window"},
               {16000, 1, 100 * TEST_SECOND, 0, "100.000"},
               {16000, 1, 0, 1, "interval"}};
  EmotionModel *model = test_small_model_new (N_LABELS, NULL);
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    EmotionDetectorConfig config;
    GError *error = NULL;
    emotion_detector_config_init (&config);
    config.rate = cases[c].rate;
    config.channels = cases[c].channels;
    config.window = cases[c].window;
    config.interval = cases[c].interval;
    g_assert_null (emotion_detector_new (model, &config, &error));
    g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID);
    if (!strstr (error->message, cases[c].named))
      g_error ("'%s' does not name %s", error->message, cases[c].named);
    g_clear_error (&error);
  }
  emotion_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detector/results", test_results);
  g_test_add_func ("/detector/summary", test_summary);
  g_test_add_func ("/detector/short", test_short);
  g_test_add_func ("/detector/gates", test_gates);
  g_test_add_func ("/detector/chunks", test_chunks);
  g_test_add_func ("/detector/reset", test_reset);
  g_test_add_func ("/detector/restart", test_restart);
  g_test_add_func ("/detector/inherit", test_inherit);
  g_test_add_func ("/detector/windowing", test_windowing);
  g_test_add_func ("/detector/min-window", test_min_window);
  g_test_add_func ("/detector/configure", test_configure);
  g_test_add_func ("/detector/wrong-config", test_wrong_config);
  return g_test_run ();
}
