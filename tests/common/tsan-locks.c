/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ThreadSanitizer does not see the futexes behind GLib's mutexes and conditions and reports false
 * races on the data that they guard. These replacements use pthread's, which it does see. Linked
 * into a program, they replace GLib's in every library that it loads. */
#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

#define EXPORT __attribute__ ((visibility ("default")))

/* The pthread mutex of a GMutex, created on first use. */
static pthread_mutex_t *
get_mutex (GMutex *mutex)
{
  pthread_mutex_t *real = __atomic_load_n ((pthread_mutex_t **)&mutex->p, __ATOMIC_ACQUIRE);
  if (real)
    return real;
  pthread_mutex_t *made = malloc (sizeof *made);
  pthread_mutex_init (made, NULL);
  if (__atomic_compare_exchange_n ((pthread_mutex_t **)&mutex->p, &real, made, FALSE,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  pthread_mutex_destroy (made);
  free (made);
  return real;
}

EXPORT void
g_mutex_init (GMutex *mutex)
{
  mutex->p = NULL;
}

EXPORT void
g_mutex_clear (GMutex *mutex)
{
  pthread_mutex_t *real = mutex->p;
  if (real)
    pthread_mutex_destroy (real);
  free (real);
  mutex->p = NULL;
}

EXPORT void
g_mutex_lock (GMutex *mutex)
{
  pthread_mutex_lock (get_mutex (mutex));
}

EXPORT gboolean
g_mutex_trylock (GMutex *mutex)
{
  return pthread_mutex_trylock (get_mutex (mutex)) == 0;
}

EXPORT void
g_mutex_unlock (GMutex *mutex)
{
  pthread_mutex_unlock (get_mutex (mutex));
}

static pthread_cond_t *
get_cond (GCond *cond)
{
  pthread_cond_t *real = __atomic_load_n ((pthread_cond_t **)&cond->p, __ATOMIC_ACQUIRE);
  if (real)
    return real;
  pthread_condattr_t attributes;
  pthread_cond_t *made = malloc (sizeof *made);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (made, &attributes);
  pthread_condattr_destroy (&attributes);
  if (__atomic_compare_exchange_n ((pthread_cond_t **)&cond->p, &real, made, FALSE,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return made;
  pthread_cond_destroy (made);
  free (made);
  return real;
}

EXPORT void
g_cond_init (GCond *cond)
{
  cond->p = NULL;
}

EXPORT void
g_cond_clear (GCond *cond)
{
  pthread_cond_t *real = cond->p;
  if (real)
    pthread_cond_destroy (real);
  free (real);
  cond->p = NULL;
}

EXPORT void
g_cond_signal (GCond *cond)
{
  pthread_cond_signal (get_cond (cond));
}

EXPORT void
g_cond_broadcast (GCond *cond)
{
  pthread_cond_broadcast (get_cond (cond));
}

EXPORT void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  pthread_cond_wait (get_cond (cond), get_mutex (mutex));
}

EXPORT gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  struct timespec end = {.tv_sec = end_time / G_USEC_PER_SEC,
                         .tv_nsec = end_time % G_USEC_PER_SEC * 1000};
  return pthread_cond_timedwait (get_cond (cond), get_mutex (mutex), &end) != ETIMEDOUT;
}
