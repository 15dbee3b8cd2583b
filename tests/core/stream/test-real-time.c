/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processing a stream neither allocates, frees nor locks (EmotionDetector). */
#include "core/base/fft.h"
#include "core/emotion.h"
#include "tests/core/allocations.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

#define RATE 44100
#define N (4 * RATE)

static gboolean
skip_under_sanitizers (void)
{
  if (test_allocations_available ())
    return FALSE;
  g_test_skip ("a sanitizer or another C library has the allocator");
  return TRUE;
}

/* Tests the counter itself: without this the other tests could not fail. */
static void
test_counter (void)
{
  if (skip_under_sanitizers ())
    return;
  test_allocations_start ();
  gpointer block = g_malloc (1000);
  block = g_realloc (block, 5000);
  g_free (block);
  gpointer zeros = g_malloc0 (3000);
  float *aligned = fftwf_malloc (100);
  fftwf_free (aligned);
  g_free (zeros);
  const EmotionFft *fft = emotion_fft_acquire (32);
  TestAllocations seen = test_allocations_stop ();
  g_assert_cmpuint (seen.n_allocations, >=, 4);
  g_assert_cmpuint (seen.n_frees, >=, 3);
  g_assert_cmpuint (seen.largest, >=, 5000);
  g_assert_cmpuint (seen.n_locks, ==, 1);
  emotion_fft_release (fft);
  block = g_malloc (10);
  g_assert_cmpuint (test_allocations_stop ().n_allocations, ==, seen.n_allocations);
  g_free (block);
}

static EmotionModel *
model_of (EmotionClassifierKind kind)
{
  EmotionModelParts *parts = test_small_parts_new (kind, 3);
  EmotionModel *model = emotion_model_new (parts, NULL);
  g_assert_nonnull (model);
  test_small_parts_free (parts);
  return model;
}

static guint
pull_all (EmotionDetector *detector)
{
  EmotionResult result;
  guint n = 0;
  while (emotion_detector_pull (detector, &result))
    n++;
  return n;
}

/* Two streams through the detector, each with its end, and all ways to start again. */
static guint
serve (EmotionDetector *detector, const float *frames)
{
  guint n = 0;
  EmotionResult summary;
  for (guint round = 0; round < 2; round++) {
    for (gsize at = 0; at < N;) {
      at += emotion_detector_push (detector, frames + 2 * at, MIN (441, N - at));
      n += pull_all (detector);
    }
    emotion_detector_finish (detector);
    n += pull_all (detector);
    g_assert_true (emotion_detector_summarize (detector, &summary));
    emotion_detector_restart (detector);
    emotion_detector_reset (detector);
  }
  return n;
}

static void
test_detector (void)
{
  if (skip_under_sanitizers ())
    return;
  float *frames = g_new (float, 2 * N), *vowel = test_vowel (RATE, N);
  for (gsize i = 0; i < N; i++)
    frames[2 * i] = frames[2 * i + 1] = vowel[i];
  for (EmotionClassifierKind c = EMOTION_CLASSIFIER_LINEAR; c <= EMOTION_CLASSIFIER_TREES; c++) {
    EmotionModel *model = model_of (c);
    EmotionDetectorConfig config;
    emotion_detector_config_init (&config);
    config.rate = RATE;
    config.channels = 2;
    config.decision.smoothing = 2;
    EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
    g_assert_nonnull (detector);
    test_allocations_start ();
    guint n = serve (detector, frames);
    TestAllocations seen = test_allocations_stop ();
    g_assert_cmpuint (n, ==, 2 * (1 + 7)); /* one early window, seven full ones */
    g_assert_cmpuint (seen.n_allocations, ==, 0);
    g_assert_cmpuint (seen.n_frees, ==, 0);
    g_assert_cmpuint (seen.n_locks, ==, 0);
    emotion_detector_free (detector);
    emotion_model_unref (model);
  }
  g_free (frames);
  g_free (vowel);
}

/* The frames and windows of every feature set, without a model. */
static void
test_feature_sets (void)
{
  static const char *const sets[] = {"speech-1", "speech-2", "descriptors-1"};
  const EmotionWindowing windowing = {3000000000, 1000000000, 1000000000};
  if (skip_under_sanitizers ())
    return;
  float *vowel = test_vowel (RATE, N);
  for (guint s = 0; s < G_N_ELEMENTS (sets); s++) {
    EmotionExtractor *extractor =
        emotion_extractor_new (emotion_feature_set_find (sets[s]), RATE, 1, &windowing, NULL);
    EmotionWindow window;
    guint n = 0;
    test_allocations_start ();
    for (gsize at = 0; at < N;) {
      at += emotion_extractor_push (extractor, vowel + at, MIN (441, N - at));
      while (emotion_extractor_pull (extractor, &window))
        n++;
    }
    emotion_extractor_finish (extractor);
    while (emotion_extractor_pull (extractor, &window))
      n++;
    emotion_extractor_reset (extractor);
    TestAllocations seen = test_allocations_stop ();
    g_assert_cmpuint (n, ==, 4);
    g_assert_cmpuint (seen.n_allocations + seen.n_frees + seen.n_locks, ==, 0);
    emotion_extractor_free (extractor);
  }
  g_free (vowel);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/real-time/counter", test_counter);
  g_test_add_func ("/real-time/detector", test_detector);
  g_test_add_func ("/real-time/feature-sets", test_feature_sets);
  return g_test_run ();
}
