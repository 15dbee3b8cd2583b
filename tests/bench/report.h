/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of a run: rows with the values of all rounds, and the trials of the search for the
 * number of streams. One thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One trial with a number of streams in real time. */
typedef struct {
  guint n_streams;
  double seconds;         /* of the trial */
  double cpu;             /* s per second, of all workers: 2 is two whole cores */
  double machine;         /* the same, of all programs on the machine */
  gsize resident;         /* bytes, of the process */
  guint n_results;        /* with a lateness */
  double p50, p99, worst; /* lateness, ms */
  gboolean kept_up;       /* no result was too late */
} BenchTrial;

typedef struct _BenchReport BenchReport;

BenchReport *bench_report_new (void);
void bench_report_free (BenchReport *self);

/* Adds a value to the row `key`. The first value of a row sets its section, label and unit, and its
 * place after the rows before. */
void bench_report_add (BenchReport *self, const char *section, const char *key, const char *label,
                       const char *unit, double value);

/* A fact about the run, such as the source of the audio. */
void bench_report_note (BenchReport *self, const char *key, const char *text);

void bench_report_add_trial (BenchReport *self, const BenchTrial *trial);

/* Prints the notes, and each row with its median, smallest and largest value. */
void bench_report_print (const BenchReport *self);

/* Writes all of it as JSON, with the values of each round. */
gboolean bench_report_save (const BenchReport *self, const char *path, GError **error);

/* The number `percent` (0..100) of the sorted values, by nearest rank. Sorts them. */
double bench_percentile (double *values, guint n, double percent);

G_END_DECLS
