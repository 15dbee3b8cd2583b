/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the emotion of raw audio, window by window, with libemotion alone.
 *
 *   cc raw-file.c -o raw-file $(pkg-config --cflags --libs emotion-0)
 *   ./raw-file MODEL RATE CHANNELS <AUDIO     AUDIO: interleaved native 32-bit float
 */
#include <emotion/emotion.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK 1024 /* frames */

static void
print (EmotionModel *model, const EmotionResult *result, guint rate, const char *what)
{
  const char *label =
      result->label < 0 ? "none" : emotion_model_get_label (model, (guint)result->label);
  printf ("%s %.2f s + %.2f s: %s %.0f %%, speech %.0f %%, %.1f dBFS\n", what,
          (double)result->start / rate, (double)result->length / rate, label,
          100 * result->confidence, 100 * result->speech_ratio, result->level);
}

static void
print_windows (EmotionDetector *detector, guint rate)
{
  EmotionResult result;
  while (emotion_detector_pull (detector, &result))
    print (emotion_detector_get_model (detector), &result, rate, "window");
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  EmotionDetectorConfig config;
  EmotionResult summary;
  if (argc != 4)
    return fprintf (stderr, "usage: %s MODEL RATE CHANNELS <AUDIO\n", argv[0]), 2;
  emotion_detector_config_init (&config);
  config.rate = (guint)atoi (argv[2]);
  config.channels = (guint)atoi (argv[3]);
  EmotionModel *model = emotion_model_load (argv[1], &error);
  EmotionDetector *detector = model ? emotion_detector_new (model, &config, &error) : NULL;
  if (!detector)
    return fprintf (stderr, "%s\n", error->message), 1;

  float *block = g_new (float, BLOCK *config.channels);
  for (gsize n; (n = fread (block, sizeof (float) * config.channels, BLOCK, stdin)) > 0;)
    for (gsize done = 0; done < n; print_windows (detector, config.rate))
      done += emotion_detector_push (detector, block + done * config.channels, n - done);
  emotion_detector_finish (detector);
  print_windows (detector, config.rate);
  if (emotion_detector_summarize (detector, &summary))
    print (model, &summary, config.rate, "whole");

  g_free (block);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  return 0;
}
