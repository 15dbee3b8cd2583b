/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "allocations.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ &&          \
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) &&                       \
    !__has_feature(memory_sanitizer)
#define AVAILABLE 1
#else
#define AVAILABLE 0
#endif

static _Thread_local gboolean watching;
static _Thread_local TestAllocations seen;

gboolean
test_allocations_available (void)
{
  return AVAILABLE;
}

void
test_allocations_start (void)
{
  seen = (TestAllocations){0};
  watching = TRUE;
}

TestAllocations
test_allocations_stop (void)
{
  watching = FALSE;
  return seen;
}

#if AVAILABLE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

/* Shared libraries must find these symbols whatever the program's default visibility. */
#define EXPORT __attribute__ ((visibility ("default")))

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *block, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);
extern void __libc_free (void *block);

static void
count (gsize size)
{
  if (!watching)
    return;
  seen.n_allocations++;
  seen.largest = MAX (seen.largest, size);
}

EXPORT void *
malloc (size_t size)
{
  count (size);
  return __libc_malloc (size);
}

EXPORT void *
calloc (size_t n, size_t size)
{
  count (n * size);
  return __libc_calloc (n, size);
}

EXPORT void *
realloc (void *block, size_t size)
{
  count (size);
  return __libc_realloc (block, size);
}

EXPORT void *
memalign (size_t alignment, size_t size)
{
  count (size);
  return __libc_memalign (alignment, size);
}

EXPORT void *
aligned_alloc (size_t alignment, size_t size)
{
  return memalign (alignment, size);
}

EXPORT int
posix_memalign (void **block, size_t alignment, size_t size)
{
  *block = memalign (alignment, size);
  return *block ? 0 : ENOMEM;
}

EXPORT void
free (void *block)
{
  if (watching && block)
    seen.n_frees++;
  __libc_free (block);
}

EXPORT void
g_mutex_lock (GMutex *mutex)
{
  static void (*real) (GMutex *);
  if (watching)
    seen.n_locks++;
  if (!g_atomic_pointer_get (&real)) {
    gpointer found = dlsym (RTLD_NEXT, "g_mutex_lock");
    g_atomic_pointer_set ((gpointer *)(gpointer)&real, found);
  }
  real (mutex);
}
#endif
