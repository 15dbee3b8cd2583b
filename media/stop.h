/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signal handling of playing programs: the first SIGINT (Ctrl-C) or SIGTERM requests a stop, the
 * second ends the program at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Installs the handlers; once, early in main(). Players then end the current file (see play.h). */
void media_stop_catch (void);

/* Whether a signal arrived. Any thread; FALSE in programs without the handlers. */
gboolean media_stop_wanted (void);

G_END_DECLS
