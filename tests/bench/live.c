/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many live streams in one process: worker threads push 20 ms of each stream when the clock says
 * that a microphone would have them. A result is late by the time from the end of its window, by
 * that clock, to its message. The streams begin at different times, evenly over a second, as the
 * windows of independent streams do. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "element.h"
#include "rows.h"
#include "usage.h"

#define LIMIT_MS 100.
#define MAX_WORKERS 2
#define MEMORY_FRACTION 0.8 /* of what the system can give */
#define SLACK 0.5           /* s, from the start of the threads to the first sample */
#define RAMP 3.             /* s, until all streams have full windows; CPU counts from then on */
#define KEY "live-streams"

typedef struct _Worker Worker;

typedef struct {
  BenchElement *element;
  Worker *worker;
  double start; /* s of the clock, of its first sample */
  gsize at;     /* frame of the sound */
} Stream;

struct _Worker {
  GThread *thread;
  const BenchAudio *audio;
  const gint16 *samples;
  GPtrArray *streams;      /* Stream, in the order in which they are due within a buffer's time */
  double start, ramp, end; /* s of the clock; from `ramp` on the CPU time counts */
  double cpu;              /* s per s */
  GArray *late;            /* double, ms */
};

typedef struct {
  Bench *bench;
  gint16 *samples;
  GPtrArray *streams; /* Stream: they stay from trial to trial */
  double seconds;
} Live;

static void
on_window (BenchElement *element, const GstStructure *window, gpointer data)
{
  Stream *stream = data;
  guint64 timestamp = 0, duration = 0;
  (void)element;
  gst_structure_get_uint64 (window, "timestamp", &timestamp);
  gst_structure_get_uint64 (window, "duration", &duration);
  double late = 1e3 * (bench_clock () - stream->start - 1e-9 * (double)(timestamp + duration));
  g_array_append_val (stream->worker->late, late);
}

static void
wait_until (double due)
{
  struct timespec time = {(time_t)floor (due), (long)(1e9 * (due - floor (due)))};
  if (due > bench_clock ())
    while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {
    }
}

/* Pushes one buffer of each stream that has begun. */
static void
push_round (Worker *self, guint round)
{
  const double length = BENCH_CHUNK_MS / 1e3;
  const gsize chunk = self->audio->rate * BENCH_CHUNK_MS / 1000;
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);
    guint first = (guint)((stream->start - self->start) / length);
    if (round < first)
      continue;
    wait_until (stream->start + (round - first + 1) * length);
    bench_element_push (stream->element, self->samples + stream->at, chunk);
    stream->at += chunk;
    if (stream->at + chunk > self->audio->n_frames)
      stream->at = 0;
  }
}

static gpointer
work (gpointer data)
{
  Worker *self = data;
  const double length = BENCH_CHUNK_MS / 1e3;
  double cpu = 0, since = 0;
  /* Far behind, the trial has failed: it need not catch up. */
  for (guint round = 0;
       self->start + round * length < self->end && bench_clock () < self->end + 10 * LIMIT_MS / 1e3;
       round++) {
    if (since == 0 && bench_clock () >= self->ramp) {
      cpu = bench_thread_cpu ();
      since = bench_clock ();
    }
    push_round (self, round);
  }
  self->cpu = (bench_thread_cpu () - cpu) / (bench_clock () - since);
  return NULL;
}

static void
stream_free (gpointer data)
{
  Stream *stream = data;
  bench_element_free (stream->element);
  g_free (stream);
}

/* Makes streams up to `n`; FALSE if the memory would run out. */
static gboolean
grow (Live *self, guint n)
{
  const BenchAudio *audio = &self->bench->speech;
  gsize before = bench_resident (), available = bench_available ();
  guint had = self->streams->len;
  while (self->streams->len < n) {
    guint made = self->streams->len - had;
    if (available > 0 && made > 0 && made % 16 == 0) {
      double each = ((double)bench_resident () - (double)before) / made;
      if (each * (n - had) > MEMORY_FRACTION * (double)available)
        return FALSE;
    }
    Stream *stream = g_new0 (Stream, 1);
    stream->element = bench_element_new (self->bench->model_path, audio->rate, 1, 0, 0);
    stream->element->on_window = on_window;
    stream->element->data = stream;
    /* Each stream is at another place of the sound. */
    gsize chunks = audio->n_frames / (audio->rate * BENCH_CHUNK_MS / 1000);
    stream->at = self->streams->len * 7919 % chunks * (audio->rate * BENCH_CHUNK_MS / 1000);
    g_ptr_array_add (self->streams, stream);
  }
  return TRUE;
}

static int
compare_phases (gconstpointer a, gconstpointer b)
{
  const double length = BENCH_CHUNK_MS / 1e3;
  double x = fmod ((*(Stream *const *)a)->start, length);
  double y = fmod ((*(Stream *const *)b)->start, length);
  return (x > y) - (x < y);
}

/* Gives the first `n` streams to the workers in turn. */
static void
prepare (Live *self, guint n, Worker *workers, guint n_workers)
{
  for (guint w = 0; w < n_workers; w++)
    workers[w] = (Worker){.audio = &self->bench->speech,
                          .samples = self->samples,
                          .streams = g_ptr_array_new (),
                          .late = g_array_new (FALSE, FALSE, sizeof (double))};
  for (guint i = 0; i < n; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);
    stream->worker = &workers[i % n_workers];
    bench_element_restart (stream->element);
    g_ptr_array_add (stream->worker->streams, stream);
  }
  /* A multiple of a buffer's time, so that times are divided into rounds without a remainder. */
  double start = ceil ((bench_clock () + SLACK) * 1e3 / BENCH_CHUNK_MS) * BENCH_CHUNK_MS / 1e3;
  for (guint i = 0; i < n; i++)
    ((Stream *)g_ptr_array_index (self->streams, i))->start = start + (double)i / n;
  for (guint w = 0; w < n_workers; w++) {
    workers[w].start = start;
    workers[w].ramp = start + MIN (RAMP, self->seconds / 2);
    workers[w].end = start + self->seconds;
    g_ptr_array_sort (workers[w].streams, compare_phases);
  }
}

static BenchTrial
run_trial (Live *self, guint n)
{
  guint n_workers = CLAMP (g_get_num_processors (), 1, MAX_WORKERS);
  Worker workers[MAX_WORKERS];
  BenchTrial trial = {.n_streams = n, .seconds = self->seconds};
  GArray *late = g_array_new (FALSE, FALSE, sizeof (double));
  prepare (self, n, workers, n_workers);
  double start = workers[0].start;
  for (guint w = 0; w < n_workers; w++)
    workers[w].thread = g_thread_new ("worker", work, &workers[w]);
  wait_until (workers[0].ramp);
  double machine = bench_machine_cpu ();
  for (guint w = 0; w < n_workers; w++)
    g_thread_join (workers[w].thread);
  double end = bench_clock (), elapsed = end - start;
  trial.machine = (bench_machine_cpu () - machine) / (end - workers[0].ramp);
  for (guint w = 0; w < n_workers; w++) {
    trial.cpu += workers[w].cpu;
    if (workers[w].late->len > 0)
      g_array_append_vals (late, workers[w].late->data, workers[w].late->len);
    g_array_unref (workers[w].late);
    g_ptr_array_unref (workers[w].streams);
  }
  trial.resident = bench_resident ();
  trial.n_results = late->len;
  trial.p50 = bench_percentile ((double *)late->data, late->len, 50);
  trial.p99 = bench_percentile ((double *)late->data, late->len, 99);
  trial.worst = bench_percentile ((double *)late->data, late->len, 100);
  /* A worker that did not come to the end has results that are not here. */
  trial.kept_up =
      late->len > 0 && trial.worst <= LIMIT_MS && elapsed < self->seconds + LIMIT_MS / 1e3;
  g_array_unref (late);
  bench_report_add_trial (self->bench->report, &trial);
  fprintf (stderr, "# %u streams: %.2f cores, late by %.1f ms at most%s\n", n, trial.cpu,
           trial.worst, trial.kept_up ? "" : ": too late");
  return trial;
}

/* A result can be late by bad luck, such as another program on the machine: the number has failed
 * only if it fails twice. */
static gboolean
keeps_up (Live *self, guint n, BenchTrial *trial)
{
  *trial = run_trial (self, n);
  if (!trial->kept_up)
    *trial = run_trial (self, n);
  return trial->kept_up;
}

/* The resource that ran out. */
static char *
explain (const BenchTrial *failed, guint n_workers)
{
  const char *reason = "lateness, with CPU to spare";
  if (failed->cpu > 0.95 * n_workers)
    reason = "CPU";
  else if (failed->machine > 0.95 * g_get_num_processors ())
    reason = "CPU, of which other programs took a part";
  return g_strdup_printf ("%s: %u streams took %.2f of %u cores (all programs %.2f), and a result "
                          "was %.0f ms late",
                          reason, failed->n_streams, failed->cpu, n_workers, failed->machine,
                          failed->worst);
}

static void
note_end (Live *self, const BenchTrial *failed, guint most)
{
  char *text;
  if (failed == NULL)
    text = g_strdup_printf ("not found: %u streams are the most that were asked for", most);
  else if (failed->n_streams == 0)
    text = g_strdup ("memory: more streams would not fit");
  else
    text = explain (failed, CLAMP (g_get_num_processors (), 1, MAX_WORKERS));
  bench_report_note (self->bench->report, "limit of streams", text);
  g_free (text);
}

void
bench_live (Bench *bench, guint first, guint most, double seconds)
{
  Live live = {.bench = bench,
               .samples = bench_audio_to_s16 (&bench->speech),
               .streams = g_ptr_array_new_with_free_func (stream_free),
               .seconds = seconds};
  BenchTrial trial, failed = {0};
  guint good = 0, bad = 0;
  for (guint n = first; bad == 0 && good < most; n = MIN (2 * n, most)) {
    if (!grow (&live, n)) {
      bad = n;
    } else if (keeps_up (&live, n, &trial)) {
      good = n;
    } else {
      bad = n;
      failed = trial;
    }
  }
  guint step = MAX (good / 16, 1);
  while (bad > good + step && failed.n_streams > 0) {
    guint n = (good + bad) / 2;
    if (keeps_up (&live, n, &trial)) {
      good = n;
    } else {
      bad = n;
      failed = trial;
    }
  }
  note_end (&live, bad > 0 ? &failed : NULL, most);
  bench_report_add (bench->report, "live streams, two threads, no result later than 100 ms", KEY,
                    "streams that keep up", "streams", good);
  g_ptr_array_unref (live.streams);
  g_free (live.samples);
}
