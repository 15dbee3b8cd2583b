/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fft.h"

typedef enum {
  KIND_REAL,
  KIND_COMPLEX,
  N_KINDS,
} Kind;

typedef struct {
  union {
    EmotionFft real;
    EmotionFftComplex complex;
  } fft;
  guint users;
} SharedFft;

static GMutex lock;
static GHashTable *ffts; /* size * N_KINDS + kind -> SharedFft */

static void
plan_real (EmotionFft *fft, guint size)
{
  double *real = fftw_malloc (sizeof (double) * size);
  fftw_complex *spectrum = fftw_malloc (sizeof (fftw_complex) * (size / 2 + 1));
  fft->size = size;
  fft->forward = fftw_plan_dft_r2c_1d ((int)size, real, spectrum, FFTW_ESTIMATE);
  fft->inverse = fftw_plan_dft_c2r_1d ((int)size, spectrum, real, FFTW_ESTIMATE);
  fftw_free (real);
  fftw_free (spectrum);
}

static void
plan_complex (EmotionFftComplex *fft, guint size)
{
  fftwf_complex *in = fftwf_malloc (sizeof (fftwf_complex) * size);
  fftwf_complex *out = fftwf_malloc (sizeof (fftwf_complex) * size);
  fft->size = size;
  fft->forward = fftwf_plan_dft_1d ((int)size, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
  fft->inverse = fftwf_plan_dft_1d ((int)size, in, out, FFTW_BACKWARD, FFTW_ESTIMATE);
  fftwf_free (in);
  fftwf_free (out);
}

static gpointer
fft_key (guint size, Kind kind)
{
  return GUINT_TO_POINTER (size * N_KINDS + kind);
}

static SharedFft *
acquire (guint size, Kind kind)
{
  static gsize planner_ready;
  if (g_once_init_enter (&planner_ready)) {
    /* Other code in this process may plan at the same time: the application, other plugins. */
    fftwf_make_planner_thread_safe ();
    fftw_make_planner_thread_safe ();
    g_once_init_leave (&planner_ready, 1);
  }
  g_mutex_lock (&lock);
  if (!ffts)
    ffts = g_hash_table_new (NULL, NULL);
  SharedFft *shared = g_hash_table_lookup (ffts, fft_key (size, kind));
  if (!shared) {
    shared = g_new0 (SharedFft, 1);
    if (kind == KIND_REAL)
      plan_real (&shared->fft.real, size);
    else
      plan_complex (&shared->fft.complex, size);
    g_hash_table_insert (ffts, fft_key (size, kind), shared);
  }
  shared->users++;
  g_mutex_unlock (&lock);
  return shared;
}

static void
destroy_plans (SharedFft *shared, Kind kind)
{
  if (kind == KIND_REAL) {
    fftw_destroy_plan (shared->fft.real.forward);
    fftw_destroy_plan (shared->fft.real.inverse);
  } else {
    fftwf_destroy_plan (shared->fft.complex.forward);
    fftwf_destroy_plan (shared->fft.complex.inverse);
  }
}

static void
release (guint size, Kind kind)
{
  g_mutex_lock (&lock);
  SharedFft *shared = g_hash_table_lookup (ffts, fft_key (size, kind));
  if (--shared->users == 0) {
    g_hash_table_remove (ffts, fft_key (size, kind));
    destroy_plans (shared, kind);
    g_free (shared);
    if (g_hash_table_size (ffts) == 0)
      g_clear_pointer (&ffts, g_hash_table_unref);
  }
  g_mutex_unlock (&lock);
}

const EmotionFft *
emotion_fft_acquire (guint size)
{
  return &acquire (size, KIND_REAL)->fft.real;
}

const EmotionFftComplex *
emotion_fft_complex_acquire (guint size)
{
  return &acquire (size, KIND_COMPLEX)->fft.complex;
}

void
emotion_fft_release (const EmotionFft *fft)
{
  if (fft)
    release (fft->size, KIND_REAL);
}

void
emotion_fft_complex_release (const EmotionFftComplex *fft)
{
  if (fft)
    release (fft->size, KIND_COMPLEX);
}

void
emotion_fft_forward (const EmotionFft *fft, double *in, fftw_complex *out)
{
  fftw_execute_dft_r2c (fft->forward, in, out);
}

void
emotion_fft_inverse (const EmotionFft *fft, fftw_complex *in, double *out)
{
  fftw_execute_dft_c2r (fft->inverse, in, out);
}

void
emotion_fft_complex_forward (const EmotionFftComplex *fft, fftwf_complex *in, fftwf_complex *out)
{
  fftwf_execute_dft (fft->forward, in, out);
}

void
emotion_fft_complex_inverse (const EmotionFftComplex *fft, fftwf_complex *in, fftwf_complex *out)
{
  fftwf_execute_dft (fft->inverse, in, out);
}
