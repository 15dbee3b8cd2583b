/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts the allocations of a thread in programs that link allocations.c, which replaces the C
 * library's allocator. Not for sanitizer builds, which replace it themselves. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The counts of the calling thread since test_allocations_start(). */
typedef struct {
  guint n_allocations; /* calls of malloc() and similar functions */
  guint n_frees;       /* frees of non-NULL pointers */
  guint n_locks;       /* calls of g_mutex_lock() from this program's own code */
  gsize largest;       /* bytes: the largest single request */
} TestAllocations;

gboolean test_allocations_available (void);
void test_allocations_start (void);
TestAllocations test_allocations_stop (void);

G_END_DECLS
