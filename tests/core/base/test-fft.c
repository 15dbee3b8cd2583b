/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/fft.h"

#include <math.h>

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

static gpointer
use_plans (gpointer unused)
{
  for (guint round = 0; round < N_ROUNDS; round++) {
    const EmotionFft *fft = emotion_fft_acquire (sizes[round % N_SIZES]);
    const EmotionFft *same = emotion_fft_acquire (sizes[round % N_SIZES]);
    g_assert_true (fft == same);
    emotion_fft_release (same);
    assert_transforms (fft, 1 + round % 20);
    emotion_fft_release (fft);
  }
  return unused;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", use_plans, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fft/plans", test_plans);
  g_test_add_func ("/fft/threads", test_threads);
  return g_test_run ();
}
