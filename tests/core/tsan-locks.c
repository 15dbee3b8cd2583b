/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For ThreadSanitizer, which does not see the futexes of GLib's mutexes and takes what they guard
 * for races: the same locks of atomic operations, which it does see. */
#include <glib.h>
#include <sched.h>

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT void
g_mutex_lock (GMutex *mutex)
{
  while (__atomic_exchange_n (&mutex->i[0], 1, __ATOMIC_ACQUIRE))
    sched_yield ();
}

EXPORT void
g_mutex_unlock (GMutex *mutex)
{
  __atomic_store_n (&mutex->i[0], 0, __ATOMIC_RELEASE);
}
