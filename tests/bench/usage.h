/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What work costs: CPU time and memory of this thread, this process and of other programs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double bench_thread_cpu (void);  /* s, of this thread */
double bench_process_cpu (void); /* s, of all threads of this process */
double bench_clock (void);       /* s, of a clock that never jumps */
double bench_machine_cpu (void); /* s, of all programs on all processors; 0: unknown */

gsize bench_malloced (void);  /* bytes, of all blocks of malloc() */
gsize bench_resident (void);  /* bytes of this process in memory */
gsize bench_available (void); /* bytes that the system can still give; 0: unknown */

typedef struct {
  double cpu;     /* s, user and system, with its children */
  double elapsed; /* s */
  gsize resident; /* bytes, the peak */
} BenchUsage;

/* Runs a program to its end, without its output. FALSE if it did not start or failed; its errors
 * are on stderr. */
gboolean bench_run_program (const char *const *argv, BenchUsage *usage);

G_END_DECLS
