/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Synthetic babble: several streams of synthetic syllables at once. Augmented clips use it as
 * noise. Babble made from the corpus would contain the voices of held-out speakers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TRAINING_MADE_BABBLE_RATE 16000 /* Hz */

/* Returns `n` samples; their level is arbitrary. `seed` determines the number of talkers, their
 * voices and their syllables. Free with g_free(). */
float *training_made_babble_new (gsize n, guint32 seed);

G_END_DECLS
