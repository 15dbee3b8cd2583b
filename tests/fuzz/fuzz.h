/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fuzz target is made of. Linked with replay.c it is a test; linked with libFuzzer (option
 * "fuzzers") it looks for new inputs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Must not crash, whatever the bytes; aborts when what comes out is wrong. Always returns 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Good inputs to begin with: GBytes. */
void fuzz_add_seeds (GPtrArray *seeds);

G_END_DECLS
