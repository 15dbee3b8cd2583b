/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/shared.h"

#include <math.h>

#include "core/model/model.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

enum { N_THREADS = 8, N_ROUNDS = 60, N_SIZES = 4 };

static const guint sizes[N_SIZES] = {64, 256, 512, 1024};

/* A cosine of k periods has all its power in bin k; the inverse transform returns it times the
 * size. */
static void
assert_transforms (const EmotionFft *fft, guint k)
{
  guint n = fft->size;
  double *in = fftw_malloc (sizeof (double) * n), *out = fftw_malloc (sizeof (double) * n);
  fftw_complex *spectrum = fftw_malloc (sizeof (fftw_complex) * (n / 2 + 1));
  for (guint i = 0; i < n; i++)
    in[i] = cos (2 * G_PI * k * i / n);
  emotion_fft_forward (fft, in, spectrum);
  for (guint i = 0; i <= n / 2; i++) {
    g_assert_cmpfloat_with_epsilon (spectrum[i][0], i == k ? n / 2. : 0, 1e-13 * n);
    g_assert_cmpfloat_with_epsilon (spectrum[i][1], 0, 1e-13 * n);
  }
  emotion_fft_inverse (fft, spectrum, out);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (out[i], n * cos (2 * G_PI * k * i / n), 1e-13 * n);
  fftw_free (in);
  fftw_free (out);
  fftw_free (spectrum);
}

static void
test_plans (void)
{
  for (guint round = 0; round < 2; round++) { /* again after all were released */
    const EmotionFft *a = emotion_fft_acquire (512), *b = emotion_fft_acquire (512);
    const EmotionFft *other = emotion_fft_acquire (1024);
    g_assert_true (a == b);
    g_assert_true (a != other);
    g_assert_cmpuint (a->size, ==, 512);
    g_assert_cmpuint (other->size, ==, 1024);
    emotion_fft_release (a);
    g_assert_true (emotion_fft_acquire (512) == b); /* b keeps it alive */
    emotion_fft_release (b);
    assert_transforms (b, 5);
    assert_transforms (other, 100);
    emotion_fft_release (b);
    emotion_fft_release (other);
  }
  emotion_fft_release (NULL);
}

typedef struct {
  gint ref_count;
  char hash[8];
} Object;

static void
test_objects (void)
{
  Object a = {1, "one"}, same = {1, "one"}, other = {1, "other"};
  g_assert_null (emotion_shared_find ("one"));
  g_assert_true (emotion_shared_intern (a.hash, &a, &a.ref_count) == &a);
  g_assert_cmpint (a.ref_count, ==, 1);
  g_assert_true (emotion_shared_intern (other.hash, &other, &other.ref_count) == &other);
  /* If an equal object is alive, that one is returned instead. */
  g_assert_true (emotion_shared_intern (same.hash, &same, &same.ref_count) == &a);
  g_assert_cmpint (a.ref_count, ==, 2);
  g_assert_true (emotion_shared_release (same.hash, &same, &same.ref_count));
  g_assert_true (emotion_shared_find ("one") == &a);
  g_assert_cmpint (a.ref_count, ==, 3);
  g_assert_false (emotion_shared_release (a.hash, &a, &a.ref_count));
  g_assert_false (emotion_shared_release (a.hash, &a, &a.ref_count));
  g_assert_true (emotion_shared_release (a.hash, &a, &a.ref_count));
  g_assert_null (emotion_shared_find ("one"));
  g_assert_true (emotion_shared_find ("other") == &other);
  g_assert_false (emotion_shared_release (other.hash, &other, &other.ref_count));
  g_assert_true (emotion_shared_release (other.hash, &other, &other.ref_count));
  g_assert_null (emotion_shared_find ("other"));
}

/* Data that the threads share: a file that each loads, and the model's scores of a vector. */
typedef struct {
  GBytes *file;
  float *vector;
  double expected[3];
} Work;

static gpointer
use_everything (gpointer data)
{
  const Work *work = data;
  gsize size;
  const char *text = g_bytes_get_data (work->file, &size);
  for (guint round = 0; round < N_ROUNDS; round++) {
    EmotionModel *model = emotion_model_parse (text, size, "shared", NULL);
    EmotionModel *again = emotion_model_parse (text, size, "shared", NULL);
    const EmotionFft *fft = emotion_fft_acquire (sizes[round % N_SIZES]);
    const EmotionFft *same = emotion_fft_acquire (sizes[round % N_SIZES]);
    double *scratch = g_new (double, emotion_model_get_scratch (model)), actual[3];
    g_assert_true (model == again);
    g_assert_true (fft == same);
    emotion_model_unref (again);
    emotion_fft_release (same);
    emotion_model_score (model, work->vector, scratch, actual);
    g_assert_cmpmem (actual, sizeof actual, work->expected, sizeof work->expected);
    assert_transforms (fft, 1 + round % 20);
    emotion_fft_release (fft);
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
    threads[i] = g_thread_new ("user", use_everything, &work);
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
  g_test_add_func ("/shared/plans", test_plans);
  g_test_add_func ("/shared/objects", test_objects);
  g_test_add_func ("/shared/threads", test_threads);
  g_test_add_func ("/shared/streams", test_streams);
  return g_test_run ();
}
