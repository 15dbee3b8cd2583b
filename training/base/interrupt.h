/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that Ctrl-C (SIGINT) or SIGTERM ends at once, but never while it writes a file: no half
 * or temporary file is left. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on the signals wait for what is held. Once, early in main(). */
void training_interrupt_init (void);

/* Around the writing of files, which should be short; any thread, one at a time, not nested. */
void training_interrupt_hold (void);
void training_interrupt_release (void);

G_END_DECLS
