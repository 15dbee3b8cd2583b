/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An order of chance. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Shuffles `n` elements of `size` bytes, at most 64, so that every order is as probable (Fisher and
 * Yates 1938). */
void training_shuffle (gpointer elements, guint n, gsize size, GRand *random);

G_END_DECLS
