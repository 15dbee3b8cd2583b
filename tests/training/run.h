/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a program as a user does and keeps its output. */
#pragma once

#include <glib.h>

typedef struct {
  char *out, *err;
  int status; /* exit status; a program that a signal ends fails the test */
} Run;

/* Runs `arguments`, the program first and NULL last, in `folder` (NULL: the current one) with
 * `environment` (NULL: the current one). */
Run run_arguments (const char *folder, char **environment, const char *const *arguments);

/* The same in one call; the arguments end with NULL. */
Run run_program (const char *program, ...) G_GNUC_NULL_TERMINATED;
Run run_program_in (const char *folder, char **environment, const char *program,
                    ...) G_GNUC_NULL_TERMINATED;

void run_clear (Run *run);

/* Fails unless `text` has, or lacks, `part`. */
void assert_has (const char *text, const char *part);
void assert_lacks (const char *text, const char *part);
