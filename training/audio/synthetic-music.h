/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Synthetic music: a random selection of melody, chords, bass and drums, in a key, at a tempo. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Adds a piece to `out`, n samples at `rate` Hz; peaks are about 1 to 4. */
void training_music_play (GRand *random, guint rate, float *out, guint n);

G_END_DECLS
