/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that the first SIGINT (Ctrl-C) or SIGTERM asks to stop, and the second ends at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once, early in main(). Players then end what they play (see play.h). */
void media_stop_catch (void);

/* A signal came. Any thread; FALSE in programs that do not catch signals. */
gboolean media_stop_wanted (void);

G_END_DECLS
