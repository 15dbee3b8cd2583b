/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one more stream takes: memory and start; and the load of a model. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "element.h"
#include "rows.h"
#include "usage.h"

#define SECTION "one more stream"
#define STREAMED 4 /* s, into each: it has had full windows then */

static BenchElement *
make (const Bench *bench)
{
  return bench_element_new (bench->model_path, bench->speech.rate, 1, 0, 0);
}

void
bench_memory (Bench *bench)
{
  const guint n = bench->quick ? 4 : 64;
  BenchElement **elements = g_new (BenchElement *, n + 1);
  gint16 *samples = bench_audio_to_s16 (&bench->speech);
  gsize malloced = 0, resident = 0, chunk = bench->speech.rate * BENCH_CHUNK_MS / 1000;
  malloc_trim (0); /* or the streams would take what earlier rounds have freed */
  for (guint i = 0; i <= n; i++) {
    if (i == 1) { /* the first one has what all share */
      malloced = bench_malloced ();
      resident = bench_resident ();
    }
    elements[i] = make (bench);
    for (gsize at = 0; at < STREAMED * bench->speech.rate; at += chunk)
      bench_element_push (elements[i], samples + at, chunk);
  }
  malloced = bench_malloced () - malloced;
  gssize grown = (gssize)bench_resident () - (gssize)resident;
  for (guint i = 0; i <= n; i++)
    bench_element_free (elements[i]);
  g_free (elements);
  g_free (samples);
  bench_report_add (bench->report, SECTION, "memory", "memory: blocks of malloc", "KiB",
                    (double)malloced / n / 1024);
  bench_report_add (bench->report, SECTION, "memory-resident", "memory: growth of the resident set",
                    "KiB", (double)grown / n / 1024);
}

/* The plugin has a copy of the core with models of its own. */
void
bench_starts (Bench *bench)
{
  double start = bench_thread_cpu ();
  BenchElement *first = make (bench);
  double middle = bench_thread_cpu ();
  BenchElement *second = make (bench);
  double end = bench_thread_cpu ();
  bench_element_free (second);
  bench_element_free (first);
  bench_report_add (bench->report, SECTION, "start",
                    "start of an element up to PLAYING with caps, living model", "ms",
                    1e3 * (end - middle));
  bench_report_add (bench->report, SECTION, "start-first", "the same without a living model", "ms",
                    1e3 * (middle - start));

  /* Without a living model. */
  g_clear_pointer (&bench->model, emotion_model_unref);
  start = bench_thread_cpu ();
  bench->model = emotion_model_load (bench->model_path, NULL);
  bench_report_add (bench->report, SECTION, "load", "load of a model, core alone, file in memory",
                    "ms", 1e3 * (bench_thread_cpu () - start));
  if (bench->model == NULL) {
    fprintf (stderr, "emotion-bench: %s cannot be loaded again; was it changed?\n",
             bench->model_path);
    exit (EXIT_FAILURE);
  }
}
