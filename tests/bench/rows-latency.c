/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPU time of the pushes of 20 ms that complete a window: the time for which the element holds
 * up the stream. */
#include "element.h"
#include "rows.h"
#include "usage.h"

static void
add (Bench *bench, guint window, const char *what, double seconds)
{
  char *key = g_strdup_printf ("chain-%us-%s", window, what);
  char *label = g_strdup_printf ("window of %u s, %s", window, what);
  bench_report_add (bench->report, "chain time of buffers that complete a window", key, label, "ms",
                    1e3 * seconds);
  g_free (key);
  g_free (label);
}

/* `window` in s, every second, until there are `wanted` full windows. */
static void
measure (Bench *bench, const gint16 *samples, guint window, guint wanted)
{
  const BenchAudio *audio = &bench->speech;
  BenchElement *element = bench_element_new (bench->model_path, audio->rate, audio->channels,
                                             window * BENCH_SECOND, BENCH_SECOND);
  gsize chunk = audio->rate * BENCH_CHUNK_MS / 1000, at = 0;
  double *times = g_new (double, wanted);
  for (guint n = 0; n < wanted;) {
    guint before = element->n_windows;
    double start = bench_thread_cpu ();
    bench_element_push (element, samples + at, chunk);
    double cost = bench_thread_cpu () - start;
    if (element->n_windows > before && element->position > window * audio->rate)
      times[n++] = cost;
    at += chunk;
    if (at + chunk > audio->n_frames)
      at = 0;
  }
  add (bench, window, "p50", bench_percentile (times, wanted, 50));
  add (bench, window, "p99", bench_percentile (times, wanted, 99));
  add (bench, window, "max", times[wanted - 1]);
  g_free (times);
  bench_element_free (element);
}

void
bench_latency (Bench *bench)
{
  static const guint windows[] = {3, 10, 30};
  gint16 *samples = bench_audio_to_s16 (&bench->speech);
  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    measure (bench, samples, windows[i], bench->quick ? 5 : 200);
  g_free (samples);
}
