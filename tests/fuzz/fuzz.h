/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface of a fuzz target. Linked with replay.c it is a test; linked with libFuzzer (option
 * "fuzzers") it searches for new inputs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Must not crash for any input; aborts if the result is wrong. Always returns 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Valid inputs to start with: GBytes. */
void fuzz_add_seeds (GPtrArray *seeds);

G_END_DECLS
