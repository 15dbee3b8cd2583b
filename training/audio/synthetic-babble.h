/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Babble of voices that nobody has: streams of made syllables, several at once. Training copies get
 * it as noise, since voices of the corpus would be voices of the speakers that are held out. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TRAINING_MADE_BABBLE_RATE 16000 /* Hz */

/* `n` samples, of no certain level; how many voices, which and what they say is by `seed`. Free with
 * g_free(). */
float *training_made_babble_new (gsize n, guint32 seed);

G_END_DECLS
