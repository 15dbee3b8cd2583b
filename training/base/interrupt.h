/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signal handling: SIGINT (Ctrl-C) and SIGTERM end the program at once, except while it writes a
 * file. No partial or temporary file is left behind. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Installs the handlers. Signals then wait for the end of a held section. Call once, early in
 * main(). */
void training_interrupt_init (void);

/* Encloses the writing of files, which should be short. Any thread; one at a time; not nested. */
void training_interrupt_hold (void);
void training_interrupt_release (void);

G_END_DECLS
