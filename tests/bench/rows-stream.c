/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream: CPU time of the thread for the second part of a sound, after a warm-up in which the
 * windows become full. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/audio.h"
#include "core/dsp/resampler.h"
#include "element.h"
#include "rows.h"
#include "usage.h"

#define WARM_UP 5 /* s */
/* Of each push where stages are timed: reading the clock takes a part of a microsecond. */
#define STAGE_CHUNK_MS 250
#define ROWS "one stream, 3 s / 1 s"
#define STAGES "stages, CPU time per second of audio"

/* The frames of the warm-up. */
static gsize
warm_up (const BenchAudio *audio)
{
  return WARM_UP * (gsize)audio->rate;
}

static double
measured_seconds (const BenchAudio *audio)
{
  return (double)(audio->n_frames - warm_up (audio)) / audio->rate;
}

/* s of CPU per s of audio */
static double
run_element (const Bench *bench, const BenchAudio *audio, guint64 interval)
{
  BenchElement *element =
      bench_element_new (bench->model_path, audio->rate, audio->channels, 0, interval);
  gint16 *samples = bench_audio_to_s16 (audio);
  gsize chunk = audio->rate * BENCH_CHUNK_MS / 1000, warm = warm_up (audio);
  double start = 0;
  for (gsize at = 0; at < audio->n_frames; at += chunk) {
    if (at == warm)
      start = bench_thread_cpu ();
    bench_element_push (element, samples + at * audio->channels, MIN (chunk, audio->n_frames - at));
  }
  double cost = (bench_thread_cpu () - start) / measured_seconds (audio);
  if (element->failed || element->n_windows == 0) {
    fprintf (stderr, "emotion-bench: %u windows from the element at %u Hz: no figure\n",
             element->n_windows, audio->rate);
    exit (EXIT_FAILURE);
  }
  bench_element_free (element);
  g_free (samples);
  return cost;
}

static EmotionDetector *
make_detector (const Bench *bench, const BenchAudio *audio)
{
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  config.rate = audio->rate;
  config.channels = audio->channels;
  return emotion_detector_new (bench->model, &config, NULL);
}

/* The same of the core's detector. */
static double
run_detector (const Bench *bench, const BenchAudio *audio)
{
  EmotionDetector *detector = make_detector (bench, audio);
  EmotionResult result;
  gsize chunk = audio->rate * BENCH_CHUNK_MS / 1000, warm = warm_up (audio);
  double start = 0;
  for (gsize at = 0, end; at < audio->n_frames; at = end) {
    end = MIN (at + chunk, audio->n_frames);
    if (at == warm)
      start = bench_thread_cpu ();
    for (gsize next = at; next < end;) {
      next += emotion_detector_push (detector, audio->samples + next * audio->channels, end - next);
      while (emotion_detector_pull (detector, &result)) {
      }
    }
  }
  double cost = (bench_thread_cpu () - start) / measured_seconds (audio);
  emotion_detector_free (detector);
  return cost;
}

/* The part of it that pull takes: the window stage and the scores. */
static double
run_pull (const Bench *bench, const BenchAudio *audio)
{
  EmotionDetector *detector = make_detector (bench, audio);
  EmotionResult result;
  gsize chunk = audio->rate * STAGE_CHUNK_MS / 1000, warm = warm_up (audio);
  double cost = 0;
  for (gsize at = 0, end; at < audio->n_frames; at = end) {
    end = MIN (at + chunk, audio->n_frames);
    for (gsize next = at; next < end;) {
      next += emotion_detector_push (detector, audio->samples + next * audio->channels, end - next);
      double start = bench_thread_cpu ();
      while (emotion_detector_pull (detector, &result)) {
      }
      cost += at >= warm ? bench_thread_cpu () - start : 0;
    }
  }
  emotion_detector_free (detector);
  return cost / measured_seconds (audio);
}

/* The two stages of the model's feature set: push does the frame stage, pull the window stage. */
static void
run_extractor (const Bench *bench, const BenchAudio *audio, double *push, double *pull)
{
  EmotionExtractor *extractor =
      emotion_extractor_new (emotion_model_get_features (bench->model), audio->rate,
                             audio->channels, emotion_model_get_windowing (bench->model), NULL);
  EmotionWindow window;
  gsize chunk = audio->rate * STAGE_CHUNK_MS / 1000, warm = warm_up (audio);
  *push = *pull = 0;
  for (gsize at = 0, end; at < audio->n_frames; at = end) {
    end = MIN (at + chunk, audio->n_frames);
    if (at == warm)
      *push = *pull = 0;
    for (gsize next = at; next < end;) {
      double start = bench_thread_cpu ();
      next +=
          emotion_extractor_push (extractor, audio->samples + next * audio->channels, end - next);
      double middle = bench_thread_cpu ();
      while (emotion_extractor_pull (extractor, &window)) {
      }
      *push += middle - start;
      *pull += bench_thread_cpu () - middle;
    }
  }
  *push /= measured_seconds (audio);
  *pull /= measured_seconds (audio);
  emotion_extractor_free (extractor);
}

/* One channel of 48 kHz to 16 kHz. */
static double
run_resampler (const BenchAudio *stereo)
{
  gsize chunk = stereo->rate * BENCH_CHUNK_MS / 1000;
  EmotionResampler *resampler = emotion_resampler_new (stereo->rate);
  float *out = g_new (float, emotion_resampler_get_max_output (resampler, chunk));
  double start = bench_thread_cpu ();
  /* Interleaved channels are as good as one channel here. */
  for (gsize at = 0; at + chunk <= stereo->n_frames; at += chunk)
    emotion_resampler_process (resampler, stereo->samples + at, chunk, out);
  double cost = (bench_thread_cpu () - start) * stereo->rate / (double)stereo->n_frames;
  g_free (out);
  emotion_resampler_free (resampler);
  return cost;
}

static void
add_speed (Bench *bench, const char *key, const char *label, double cost)
{
  bench_report_add (bench->report, ROWS, key, label, "x real time", 1 / cost);
}

static void
add_stage (Bench *bench, const char *key, const char *label, double cost)
{
  bench_report_add (bench->report, STAGES, key, label, "us", 1e6 * cost);
}

void
bench_streams (Bench *bench)
{
  double frames, windows, other;
  double element = run_element (bench, &bench->speech, 0);
  double detector = run_detector (bench, &bench->speech);
  add_speed (bench, "speech-element", "speech, 16 kHz mono, element", element);
  add_speed (bench, "speech-core", "speech, 16 kHz mono, core alone", detector);
  add_speed (bench, "silence", "digital silence, element", run_element (bench, &bench->silence, 0));
  add_speed (bench, "noise", "noise without speech, element",
             run_element (bench, &bench->noise, 0));
  add_speed (bench, "stereo-48k", "speech, 48 kHz stereo S16, element",
             run_element (bench, &bench->stereo, 0));
  double brief = run_element (bench, &bench->speech, BENCH_SECOND / 10);
  bench_report_add (bench->report, ROWS, "interval", "CPU at an interval of 0.1 s against 1 s",
                    "times", brief / element);

  run_extractor (bench, &bench->speech, &frames, &windows);
  add_stage (bench, "stage-frames", "frame stage (push)", frames);
  add_stage (bench, "stage-windows", "window stage (pull)", windows);
  add_stage (bench, "stage-scores", "scores and decision",
             run_pull (bench, &bench->speech) - windows);
  add_stage (bench, "stage-element", "element: buffers, clock, messages", element - detector);
  add_stage (bench, "stage-resampling", "resampling of one channel, 48 to 16 kHz",
             run_resampler (&bench->stereo));
  run_extractor (bench, &bench->silence, &frames, &other);
  add_stage (bench, "stage-frames-silence", "frame stage, digital silence", frames);
  add_stage (bench, "stage-windows-silence", "window stage, digital silence", other);
}
