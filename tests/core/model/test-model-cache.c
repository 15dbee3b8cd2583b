/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/model/model-cache.h"

#include "core/model/model.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

enum { N_THREADS = 8, N_ROUNDS = 60 };

typedef struct {
  gint ref_count;
  char hash[8];
} Object;

static void
test_objects (void)
{
  Object a = {1, "one"}, same = {1, "one"}, other = {1, "other"};
  g_assert_null (emotion_model_cache_find ("one"));
  g_assert_true (emotion_model_cache_intern (a.hash, &a, &a.ref_count) == &a);
  g_assert_cmpint (a.ref_count, ==, 1);
  g_assert_true (emotion_model_cache_intern (other.hash, &other, &other.ref_count) == &other);
  /* If an equal object is alive, that one is returned instead. */
  g_assert_true (emotion_model_cache_intern (same.hash, &same, &same.ref_count) == &a);
  g_assert_cmpint (a.ref_count, ==, 2);
  g_assert_true (emotion_model_cache_release (same.hash, &same, &same.ref_count));
  g_assert_true (emotion_model_cache_find ("one") == &a);
  g_assert_cmpint (a.ref_count, ==, 3);
  g_assert_false (emotion_model_cache_release (a.hash, &a, &a.ref_count));
  g_assert_false (emotion_model_cache_release (a.hash, &a, &a.ref_count));
  g_assert_true (emotion_model_cache_release (a.hash, &a, &a.ref_count));
  g_assert_null (emotion_model_cache_find ("one"));
  g_assert_true (emotion_model_cache_find ("other") == &other);
  g_assert_false (emotion_model_cache_release (other.hash, &other, &other.ref_count));
  g_assert_true (emotion_model_cache_release (other.hash, &other, &other.ref_count));
  g_assert_null (emotion_model_cache_find ("other"));
}

/* Data that the threads share: a file that each loads, and the model's scores of a vector. */
typedef struct {
  GBytes *file;
  float *vector;
  double expected[3];
} Work;

static gpointer
use_model (gpointer data)
{
  const Work *work = data;
  gsize size;
  const char *text = g_bytes_get_data (work->file, &size);
  for (guint round = 0; round < N_ROUNDS; round++) {
    EmotionModel *model = emotion_model_parse (text, size, "shared", NULL);
    EmotionModel *again = emotion_model_parse (text, size, "shared", NULL);
    double *scratch = g_new (double, emotion_model_get_scratch (model)), actual[3];
    g_assert_true (model == again);
    emotion_model_unref (again);
    emotion_model_score (model, work->vector, scratch, actual);
    g_assert_cmpmem (actual, sizeof actual, work->expected, sizeof work->expected);
    emotion_model_unref (model);
    g_free (scratch);
  }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  EmotionModel *model = test_small_model_new (3, NULL);
  Work work = {.file = emotion_model_serialize (model), .vector = test_noise (1474, 2, 1)};
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  emotion_model_score (model, work.vector, scratch, work.expected);
  emotion_model_unref (model);
  g_free (scratch);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", use_model, &work);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_bytes_unref (work.file);
  g_free (work.vector);
}

/* Streams that share a model in several threads give the results of a single stream. */
typedef struct {
  EmotionModel *model;
  const float *samples;
  gsize n;
} Stream;

static gpointer
take_vector (gpointer data)
{
  const Stream *stream = data;
  const EmotionWindowing *windowing = emotion_model_get_windowing (stream->model);
  const EmotionFeatureSet *set = emotion_model_get_features (stream->model);
  EmotionExtractor *extractor = emotion_extractor_new (set, 16000, 1, windowing, NULL);
  EmotionWindow window;
  emotion_extractor_push (extractor, stream->samples, stream->n);
  g_assert_true (emotion_extractor_pull (extractor, &window));
  float *vector = g_memdup2 (window.vector, set->n_features * sizeof *vector);
  emotion_extractor_free (extractor);
  return vector;
}

static void
test_streams (void)
{
  GThread *threads[N_THREADS];
  float *samples = test_vowel (16000, 16000);
  Stream stream = {test_small_model_new (3, NULL), samples, 16000};
  float *alone = take_vector (&stream);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("stream", take_vector, &stream);
  for (guint i = 0; i < N_THREADS; i++) {
    float *vector = g_thread_join (threads[i]);
    test_assert_same_bits (alone, 1474, vector, 1474);
    g_free (vector);
  }
  emotion_model_unref (stream.model);
  g_free (alone);
  g_free (samples);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-cache/objects", test_objects);
  g_test_add_func ("/model-cache/threads", test_threads);
  g_test_add_func ("/model-cache/streams", test_streams);
  return g_test_run ();
}
