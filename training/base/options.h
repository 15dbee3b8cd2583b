/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Helpers shared by the command lines of the programs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets G_OPTION_ERROR_BAD_VALUE; always FALSE. */
gboolean training_bad_option (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The exit status of a program: 2 for a wrong command line (G_OPTION_ERROR), 1 for any other
 * error. */
int training_exit_status (const GError *error);

G_END_DECLS
