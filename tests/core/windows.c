/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "windows.h"

#include <string.h>

#include "core/emotion.h"
#include "signals.h"

void
test_chunks_init (TestChunks *self, gsize size)
{
  *self = (TestChunks){.size = size, .random = g_rand_new_with_seed (11)};
}

gsize
test_chunks_next (TestChunks *self, gsize max)
{
  gsize size = self->size ? self->size : (gsize)g_rand_int_range (self->random, 1, 5000);
  return MIN (size, max);
}

void
test_chunks_clear (TestChunks *self)
{
  g_rand_free (self->random);
}

static void
clear_window (gpointer window)
{
  g_free ((gpointer)((TestWindow *)window)->vector);
}

static void
pull_all (EmotionExtractor *extractor, const EmotionFeatureSet *set, GArray *windows)
{
  EmotionWindow window;
  while (emotion_extractor_pull (extractor, &window)) {
    window.vector = g_memdup2 (window.vector, set->n_features * sizeof *window.vector);
    g_array_append_val (windows, window);
  }
}

GArray *
test_windows_pull (EmotionExtractor *extractor, const EmotionFeatureSet *set,
                   const TestStream *stream)
{
  GArray *windows = g_array_new (FALSE, FALSE, sizeof (TestWindow));
  TestChunks chunks;
  g_array_set_clear_func (windows, clear_window);
  test_chunks_init (&chunks, stream->chunk);
  for (gsize at = 0; at < stream->n_frames;) {
    const gsize end = at + test_chunks_next (&chunks, stream->n_frames - at);
    while (at < end) {
      gsize taken =
          emotion_extractor_push (extractor, stream->frames + at * stream->channels, end - at);
      g_assert_cmpuint (taken, <=, end - at);
      g_assert_cmpuint (taken, >, 0);
      at += taken;
      pull_all (extractor, set, windows);
    }
  }
  emotion_extractor_finish (extractor);
  pull_all (extractor, set, windows);
  test_chunks_clear (&chunks);
  return windows;
}

GArray *
test_windows_of (const EmotionFeatureSet *set, const EmotionWindowing *windowing,
                 const TestStream *stream)
{
  GError *error = NULL;
  EmotionExtractor *extractor =
      emotion_extractor_new (set, stream->rate, stream->channels, windowing, &error);
  g_assert_no_error (error);
  GArray *windows = test_windows_pull (extractor, set, stream);
  emotion_extractor_free (extractor);
  return windows;
}

void
test_windows_assert_same (const GArray *a, const GArray *b, guint n_features)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const TestWindow *x = &g_array_index (a, TestWindow, i), *y = &g_array_index (b, TestWindow, i);
    g_assert_cmpuint (x->start, ==, y->start);
    g_assert_cmpuint (x->length, ==, y->length);
    g_assert_cmpint (x->early, ==, y->early);
    g_assert_cmpint (x->partial, ==, y->partial);
    g_assert_cmpuint (x->activity.n_frames, ==, y->activity.n_frames);
    g_assert_cmpuint (x->activity.n_speech, ==, y->activity.n_speech);
    g_assert_cmpfloat (x->activity.level, ==, y->activity.level);
    test_assert_same_bits (x->vector, n_features, y->vector, n_features);
  }
}

float *
test_vector_of_set (const EmotionFeatureSet *set, const float *samples, gsize n, guint rate,
                    EmotionActivity *activity)
{
  /* A stream shorter than the window is one window. */
  const EmotionWindowing windowing = {EMOTION_MAX_WINDOW, EMOTION_MAX_WINDOW, EMOTION_MAX_WINDOW};
  GArray *windows = test_windows_of (set, &windowing,
                                     &(TestStream){samples, n, rate, .channels = 1, .chunk = 4096});
  g_assert_cmpuint (windows->len, ==, 1);
  const TestWindow *window = &g_array_index (windows, TestWindow, 0);
  g_assert_cmpuint (window->length, ==, n);
  float *vector = g_memdup2 (window->vector, set->n_features * sizeof (float));
  if (activity)
    *activity = window->activity;
  g_array_unref (windows);
  return vector;
}

float *
test_vector_of (const float *samples, gsize n, guint rate, EmotionActivity *activity)
{
  return test_vector_of_set (emotion_feature_set_find ("speech-1"), samples, n, rate, activity);
}

guint
test_feature_of_set (const EmotionFeatureSet *set, const char *name)
{
  GString *found = g_string_new (NULL);
  guint i = 0;
  for (; i < set->n_features; i++) {
    const char *unit;
    set->describe (i, g_string_truncate (found, 0), &unit);
    if (strcmp (found->str, name) == 0)
      break;
  }
  if (i == set->n_features)
    g_error ("there is no feature '%s'", name);
  g_string_free (found, TRUE);
  return i;
}

guint
test_feature (const char *name)
{
  return test_feature_of_set (emotion_feature_set_find ("speech-1"), name);
}
