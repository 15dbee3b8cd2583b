/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shared.h"

typedef struct {
  EmotionFft fft; /* first: an EmotionFft * is a SharedFft * */
  guint users;
} SharedFft;

typedef struct {
  gpointer object;
  gint *ref_count;
} SharedObject;

static GMutex lock;
static GHashTable *ffts;    /* size -> SharedFft */
static GHashTable *objects; /* hash, owned by the object -> SharedObject */

static SharedFft *
shared_fft_new (guint size)
{
  SharedFft *shared = g_new0 (SharedFft, 1);
  float *real = fftwf_malloc (sizeof (float) * size);
  fftwf_complex *spectrum = fftwf_malloc (sizeof (fftwf_complex) * (size / 2 + 1));
  shared->fft.size = size;
  shared->fft.forward = fftwf_plan_dft_r2c_1d ((int)size, real, spectrum, FFTW_ESTIMATE);
  shared->fft.inverse = fftwf_plan_dft_c2r_1d ((int)size, spectrum, real, FFTW_ESTIMATE);
  fftwf_free (real);
  fftwf_free (spectrum);
  return shared;
}

const EmotionFft *
emotion_fft_acquire (guint size)
{
  static gsize planner_ready;
  if (g_once_init_enter (&planner_ready)) {
    /* Others in this process may plan at the same time: applications, other plugins. */
    fftwf_make_planner_thread_safe ();
    g_once_init_leave (&planner_ready, 1);
  }
  g_mutex_lock (&lock);
  if (!ffts)
    ffts = g_hash_table_new (NULL, NULL);
  SharedFft *shared = g_hash_table_lookup (ffts, GUINT_TO_POINTER (size));
  if (!shared) {
    shared = shared_fft_new (size);
    g_hash_table_insert (ffts, GUINT_TO_POINTER (size), shared);
  }
  shared->users++;
  g_mutex_unlock (&lock);
  return &shared->fft;
}

void
emotion_fft_release (const EmotionFft *fft)
{
  if (!fft)
    return;
  g_mutex_lock (&lock);
  SharedFft *shared = g_hash_table_lookup (ffts, GUINT_TO_POINTER (fft->size));
  if (--shared->users == 0) {
    g_hash_table_remove (ffts, GUINT_TO_POINTER (fft->size));
    fftwf_destroy_plan (shared->fft.forward);
    fftwf_destroy_plan (shared->fft.inverse);
    g_free (shared);
    if (g_hash_table_size (ffts) == 0)
      g_clear_pointer (&ffts, g_hash_table_unref);
  }
  g_mutex_unlock (&lock);
}

void
emotion_fft_forward (const EmotionFft *fft, float *in, fftwf_complex *out)
{
  fftwf_execute_dft_r2c (fft->forward, in, out);
}

void
emotion_fft_inverse (const EmotionFft *fft, fftwf_complex *in, float *out)
{
  fftwf_execute_dft_c2r (fft->inverse, in, out);
}

/* Call with the lock held. */
static gpointer
find_and_ref (const char *hash)
{
  SharedObject *shared = objects ? g_hash_table_lookup (objects, hash) : NULL;
  if (!shared)
    return NULL;
  g_atomic_int_inc (shared->ref_count);
  return shared->object;
}

gpointer
emotion_shared_find (const char *hash)
{
  g_mutex_lock (&lock);
  gpointer object = find_and_ref (hash);
  g_mutex_unlock (&lock);
  return object;
}

gpointer
emotion_shared_intern (const char *hash, gpointer object, gint *ref_count)
{
  g_mutex_lock (&lock);
  gpointer living = find_and_ref (hash);
  if (!living) {
    if (!objects)
      objects = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    SharedObject *shared = g_new (SharedObject, 1);
    *shared = (SharedObject){object, ref_count};
    g_hash_table_insert (objects, (gpointer)hash, shared);
    living = object;
  }
  g_mutex_unlock (&lock);
  return living;
}

gboolean
emotion_shared_release (const char *hash, gpointer object, gint *ref_count)
{
  /* Under the lock, so that nobody finds an object whose count has just reached 0. */
  g_mutex_lock (&lock);
  gboolean last = g_atomic_int_dec_and_test (ref_count);
  if (last && objects) {
    SharedObject *shared = g_hash_table_lookup (objects, hash);
    if (shared && shared->object == object)
      g_hash_table_remove (objects, hash);
    if (g_hash_table_size (objects) == 0)
      g_clear_pointer (&objects, g_hash_table_unref);
  }
  g_mutex_unlock (&lock);
  return last;
}
