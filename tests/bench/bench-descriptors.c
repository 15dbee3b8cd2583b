/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bench-descriptors [SECONDS [ROUNDS]]: the time that descriptors-1 takes for a clip of a synthetic
 * voice (3.7 s, the best of 200 rounds): each step, the vector, and the extractor with its frame
 * stage; then how many live streams with 3 s windows every second one core keeps up with. Times are
 * CPU times of this thread. The speech sets are measured as live streams. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/audio.h"
#include "core/emotion.h"
#include "core/features/descriptors-1-frames.h"
#include "core/features/descriptors-1.h"
#include "core/features/extractor.h"

#define RATE EMOTION_SAMPLE_RATE

static double
now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Syllables of a gliding voice with formants, noise and pauses, quantised to 16 bits. */
static float *
make_voice (gsize n)
{
  GRand *random = g_rand_new_with_seed (1);
  float *x = g_new (float, n);
  double phase = 0;
  for (gsize i = 0; i < n; i++) {
    double t = (double)i / RATE, f0 = 150 + 50 * sin (3 * t) + 10 * sin (31 * t), sum = 0;
    double loud = fmod (t, 0.45) < 0.33 ? 0.1 : 0;
    phase = fmod (phase + f0 / RATE, 1);
    for (guint h = 1; h * f0 < 5000; h++)
      sum += sin (2 * G_PI * h * phase) / (1 + pow ((h * f0 - 700) / 400, 2)) +
             0.3 * sin (2 * G_PI * h * phase) / (1 + pow ((h * f0 - 1800) / 300, 2));
    double noise = g_rand_double_range (random, -1, 1) * (fmod (t, 1.3) < 0.1 ? 0.05 : 2e-4);
    x[i] = (float)(rint ((loud * sum + noise) * 32768) / 32768);
  }
  g_rand_free (random);
  return x;
}

static void
report (const char *name, double time, double seconds, double total)
{
  printf ("%-36s %9.1f us %8.1f us/s %6.1f %%\n", name, 1e6 * time, 1e6 * time / seconds,
          100 * time / total);
}

/* The best time of each step, and their sum. */
static double
bench_steps (const float *x, gsize n, guint rounds)
{
  Descriptors1Frames *frames = emotion_descriptors_1_frames_new (n);
  double best[DESCRIPTORS_1_N_STEPS], total = 0, seconds = (double)n / RATE;
  for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++)
    best[i] = INFINITY;
  for (guint round = 0; round < rounds; round++) {
    emotion_descriptors_1_frames_start (frames, x, n);
    for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++) {
      double start = now ();
      emotion_descriptors_1_steps[i].run (frames);
      best[i] = MIN (best[i], now () - start);
    }
  }
  for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++)
    total += best[i];
  for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++)
    report (emotion_descriptors_1_steps[i].name, best[i], seconds, total);
  report ("all steps", total, seconds, total);
  printf ("%.0f times real time\n\n", seconds / total);
  emotion_descriptors_1_frames_free (frames);
  return total;
}

/* The whole clip as emotion-features computes it: with the frame stage, because the decision needs
 * its activity. */
static void
bench_clip (const float *x, gsize n, guint rounds, double steps)
{
  double best = INFINITY, seconds = (double)n / RATE, made = now ();
  EmotionExtractor *extractor =
      emotion_extractor_new_clip (&emotion_descriptors_1, RATE, 1, n, NULL);
  EmotionWindow window;
  made = now () - made;
  for (guint round = 0; round < rounds; round++) {
    double start = now ();
    emotion_extractor_push (extractor, x, n);
    emotion_extractor_finish (extractor);
    emotion_extractor_pull (extractor, &window);
    best = MIN (best, now () - start);
    emotion_extractor_reset (extractor);
  }
  report ("extractor, with the frame stage", best, seconds, steps);
  printf ("%.0f times real time; %.1f ms to make the first extractor\n\n", seconds / best,
          1e3 * made);
  emotion_extractor_free (extractor);
}

/* A stream of `n` samples with a window of 3 s every second. */
static void
bench_stream (const EmotionFeatureSet *set, const float *x, gsize n)
{
  const guint64 second = 1000000000;
  const EmotionWindowing windowing = {3 * second, second, 3 * second};
  EmotionExtractor *extractor = emotion_extractor_new (set, RATE, 1, &windowing, NULL);
  EmotionWindow window;
  double start = 0;
  guint n_windows = 0;
  for (gsize pushed = 0; n_windows < 60;) {
    gsize at = pushed % n;
    pushed += emotion_extractor_push (extractor, x + at, MIN (n - at, 441));
    while (emotion_extractor_pull (extractor, &window)) {
      if (n_windows == 10) /* after the warm-up */
        start = now ();
      n_windows++;
    }
  }
  double each = (now () - start) / 49;
  printf ("%s, live, windows of 3 s each second: %.2f ms a second, %.0f streams on a core\n",
          set->name, 1e3 * each, 1 / each);
  emotion_extractor_free (extractor);
}

int
main (int argc, char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 3.7;
  guint rounds = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 200;
  if (argc > 3 || !(seconds >= 0.1 && seconds <= 3600) || rounds == 0) {
    fprintf (stderr, "usage: bench-descriptors [SECONDS [ROUNDS]]\n");
    return EXIT_FAILURE;
  }
  gsize n = (gsize)(seconds * RATE);
  float *x = make_voice (n);
  printf ("a clip of %g s, the best of %u rounds\n\n", seconds, rounds);
  double steps = bench_steps (x, n, rounds);
  bench_clip (x, n, rounds, steps);
  static const char *const sets[] = {"speech-1", "speech-2", "descriptors-1"};
  for (guint s = 0; s < G_N_ELEMENTS (sets); s++)
    bench_stream (emotion_feature_set_find (sets[s]), x, n);
  g_free (x);
  return EXIT_SUCCESS;
}
