/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts what a thread allocates, in programs that link allocations.c: it stands in for the C
 * library's allocator. Not under a sanitizer, which brings its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the calling thread did since test_allocations_start(). */
typedef struct {
  guint n_allocations; /* calls of malloc() and the like */
  guint n_frees;       /* of something */
  guint n_locks;       /* calls of g_mutex_lock() from this program's own code */
  gsize largest;       /* bytes that one call asked for */
} TestAllocations;

gboolean test_allocations_available (void);
void test_allocations_start (void);
TestAllocations test_allocations_stop (void);

G_END_DECLS
