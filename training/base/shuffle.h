/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random permutations. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Shuffles `n` elements of `size` bytes, at most 64. All permutations are equally probable (Fisher
 * & Yates 1938). */
void training_shuffle (gpointer elements, guint n, gsize size, GRand *random);

G_END_DECLS
