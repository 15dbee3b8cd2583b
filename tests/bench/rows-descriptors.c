/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feature sets without a model: descriptors-1 of a clip of a synthetic voice, with its steps; and
 * each set as a live stream. */
#include "core/base/audio.h"
#include "core/features/descriptors-1-frames.h"
#include "core/features/descriptors-1.h"
#include "core/features/extractor.h"
#include "rows.h"
#include "usage.h"

/* Each step of the analysis, the window stage of all of them. */
static void
run_steps (Bench *bench)
{
  const BenchAudio *clip = &bench->voice;
  double seconds = (double)clip->n_frames / clip->rate;
  Descriptors1Frames *frames = emotion_descriptors_1_frames_new (clip->n_frames);
  emotion_descriptors_1_frames_start (frames, clip->samples, clip->n_frames);
  for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++) {
    const char *name = emotion_descriptors_1_steps[i].name;
    double start = bench_thread_cpu ();
    emotion_descriptors_1_steps[i].run (frames);
    double cost = bench_thread_cpu () - start;
    char *key = g_strdup_printf ("descriptors-step-%u", i + 1);
    bench_report_add (bench->report, "descriptors-1, steps, CPU time per second of audio", key,
                      name, "us", 1e6 * cost / seconds);
    g_free (key);
  }
  emotion_descriptors_1_frames_free (frames);
}

/* The whole clip as emotion-features computes it: with the frame stage, because the decision needs
 * its activity. The clip is analysed twice, and the second time counts. */
static double
run_clip (const BenchAudio *clip)
{
  EmotionExtractor *extractor =
      emotion_extractor_new_clip (&emotion_descriptors_1, clip->rate, 1, clip->n_frames, NULL);
  EmotionWindow window;
  double cost = 0;
  for (guint i = 0; i < 2; i++) {
    double start = bench_thread_cpu ();
    emotion_extractor_push (extractor, clip->samples, clip->n_frames);
    emotion_extractor_finish (extractor);
    emotion_extractor_pull (extractor, &window);
    cost = bench_thread_cpu () - start;
    emotion_extractor_reset (extractor);
  }
  emotion_extractor_free (extractor);
  return cost;
}

void
bench_descriptors (Bench *bench)
{
  double seconds = (double)bench->voice.n_frames / bench->voice.rate;
  bench_report_add (bench->report, "feature sets", "descriptors-clip",
                    "descriptors-1, analysis of a clip of 3.7 s", "x real time",
                    seconds / run_clip (&bench->voice));
  run_steps (bench);
}

/* s of CPU per s of audio, with a window of 3 s every second. */
static double
run_live (const EmotionFeatureSet *set, const BenchAudio *audio)
{
  const EmotionWindowing windowing = {3 * BENCH_SECOND, BENCH_SECOND, 3 * BENCH_SECOND};
  EmotionExtractor *extractor = emotion_extractor_new (set, audio->rate, 1, &windowing, NULL);
  EmotionWindow window;
  gsize chunk = audio->rate * BENCH_CHUNK_MS / 1000, warm = 4 * (gsize)audio->rate;
  double start = 0;
  for (gsize at = 0, end; at < audio->n_frames; at = end) {
    end = MIN (at + chunk, audio->n_frames);
    if (at == warm)
      start = bench_thread_cpu ();
    for (gsize next = at; next < end;) {
      next += emotion_extractor_push (extractor, audio->samples + next, end - next);
      while (emotion_extractor_pull (extractor, &window)) {
      }
    }
  }
  double cost = bench_thread_cpu () - start;
  emotion_extractor_free (extractor);
  return cost * audio->rate / (double)(audio->n_frames - warm);
}

void
bench_live_sets (Bench *bench)
{
  static const char *const names[] = {"speech-1", "speech-2", "descriptors-1"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *key = g_strdup_printf ("live-%s", names[i]);
    char *label = g_strdup_printf ("%s, live, 3 s / 1 s", names[i]);
    double cost = run_live (emotion_feature_set_find (names[i]), &bench->speech);
    bench_report_add (bench->report, "feature sets", key, label, "x real time", 1 / cost);
    g_free (key);
    g_free (label);
  }
}
