/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The work of which the guard counts the instructions: always the same sound, through the core
 * alone. */
#include <stdio.h>
#include <string.h>

#include "core/base/audio.h"
#include "rows.h"

#define WARM_UP 4 /* s; the windows are full then */
#define COUNTED 6 /* s */

/* callgrind counts what happens in this function alone. */
G_NO_INLINE static void
counted (EmotionDetector *detector, const float *samples, gsize n, guint channels)
{
  EmotionResult result;
  for (gsize taken; n > 0; n -= taken, samples += taken * channels) {
    taken = emotion_detector_push (detector, samples, MIN (n, 320));
    while (emotion_detector_pull (detector, &result)) {
    }
  }
}

G_NO_INLINE static void
counted_clip (EmotionExtractor *extractor, const BenchAudio *audio)
{
  EmotionWindow window;
  emotion_extractor_push (extractor, audio->samples, audio->n_frames);
  emotion_extractor_finish (extractor);
  emotion_extractor_pull (extractor, &window);
}

static void
count_clip (const BenchAudio *audio)
{
  EmotionExtractor *extractor = emotion_extractor_new_clip (
      emotion_feature_set_find ("descriptors-1"), audio->rate, 1, audio->n_frames, NULL);
  counted_clip (extractor, audio);
  emotion_extractor_free (extractor);
}

static gboolean
count_stream (const char *path, const BenchAudio *audio)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_load (path, &error);
  if (model == NULL) {
    fprintf (stderr, "emotion-bench: %s\n", error->message);
    g_error_free (error);
    return FALSE;
  }
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  config.rate = audio->rate;
  config.channels = audio->channels;
  EmotionDetector *detector = emotion_detector_new (model, &config, NULL);
  EmotionResult result;
  gsize warm = WARM_UP * (gsize)audio->rate, taken = 0;
  while (taken < warm) {
    taken +=
        emotion_detector_push (detector, audio->samples + taken * audio->channels, warm - taken);
    while (emotion_detector_pull (detector, &result)) {
    }
  }
  counted (detector, audio->samples + warm * audio->channels, audio->n_frames - warm,
           audio->channels);
  emotion_detector_free (detector);
  emotion_model_unref (model);
  return TRUE;
}

/* A stereo sound with the voice on both sides. */
static BenchAudio
make_stereo (double seconds)
{
  BenchAudio audio = bench_audio_voice (48000, seconds);
  float *both = g_new (float, 2 * audio.n_frames);
  for (gsize i = 0; i < 2 * audio.n_frames; i++)
    both[i] = audio.samples[i / 2];
  g_free (audio.samples);
  audio.samples = both;
  audio.channels = 2;
  return audio;
}

gboolean
bench_count (const char *model, const char *work)
{
  const double seconds = WARM_UP + COUNTED;
  gboolean clip = g_str_equal (work, "descriptors"), done = TRUE;
  BenchAudio audio;
  if (g_str_equal (work, "speech"))
    audio = bench_audio_voice (EMOTION_SAMPLE_RATE, seconds);
  else if (g_str_equal (work, "silence"))
    audio = bench_audio_silence (EMOTION_SAMPLE_RATE, seconds);
  else if (g_str_equal (work, "stereo"))
    audio = make_stereo (seconds);
  else if (clip)
    audio = bench_audio_voice (EMOTION_SAMPLE_RATE, COUNTED);
  else {
    fprintf (stderr, "emotion-bench: no work '%s': speech, silence, stereo or descriptors\n", work);
    return FALSE;
  }
  if (clip)
    count_clip (&audio);
  else
    done = count_stream (model, &audio);
  printf ("%d\n", COUNTED); /* s of audio */
  bench_audio_clear (&audio);
  return done;
}
