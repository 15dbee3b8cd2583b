/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shuffle.h"

#include <string.h>

#define MAX_SIZE 64

void
training_shuffle (gpointer elements, guint n, gsize size, GRand *random)
{
  char *at = elements, swap[MAX_SIZE];
  g_assert (size <= MAX_SIZE);
  for (guint i = n; i > 1; i--) {
    const guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
    memcpy (swap, at + (i - 1) * size, size);
    memmove (at + (i - 1) * size, at + j * size, size);
    memcpy (at + j * size, swap, size);
  }
}
