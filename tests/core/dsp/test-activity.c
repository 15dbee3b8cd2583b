/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/activity.h"

#include <math.h>

#include "tests/core/signals.h"

#define RATE 16000
#define SPAN EMOTION_ACTIVITY_SPAN
#define HOP EMOTION_ACTIVITY_HOP
#define MARGIN EMOTION_ACTIVITY_MARGIN
#define STRIDE (sizeof (EmotionActivityFrame) / sizeof (float))

/* The activity of all whole frames of a signal that is padded with zeros. */
static EmotionActivityFrame *
frames_of (const float *x, guint n, guint *n_frames)
{
  float *padded = test_silence (n + 2 * MARGIN);
  EmotionPitch *pitch = emotion_pitch_new ();
  *n_frames = (n - SPAN) / HOP + 1;
  EmotionActivityFrame *frames = g_new (EmotionActivityFrame, *n_frames);
  for (guint i = 0; i < n; i++)
    padded[MARGIN + i] = x[i];
  for (guint t = 0; t < *n_frames; t++)
    emotion_activity_analyse (pitch, padded + t * HOP, &frames[t]);
  emotion_pitch_free (pitch);
  g_free (padded);
  return frames;
}

/* The mean does not count as sound. */
static void
test_level (void)
{
  guint n_frames;
  EmotionActivity activity;
  EmotionActivityTracker *tracker = emotion_activity_tracker_new (200);
  float *x = test_tone (RATE, RATE, 200, 0.1, 0);
  for (guint i = 0; i < RATE; i++)
    x[i] += 0.3f;
  EmotionActivityFrame *frames = frames_of (x, RATE, &n_frames);
  emotion_activity_track (tracker, &frames->rms, STRIDE, n_frames, &activity);
  g_assert_cmpuint (activity.n_frames, ==, 98);
  g_assert_cmpuint (activity.n_speech, ==, 98); /* all frames are voiced */
  g_assert_cmpfloat_with_epsilon (activity.level, 20 * log10 (0.1 / sqrt (2)), 0.01);
  for (guint t = 0; t < n_frames; t++) {
    g_assert_cmpuint (tracker->active[t], ==, 1);
    g_assert_cmpuint (tracker->voiced[t], ==, 1);
    g_assert_cmpfloat_with_epsilon (tracker->octaves[t], log2 (200), 0.01);
  }
  g_free (frames);
  g_free (x);
  emotion_activity_tracker_free (tracker);
  emotion_activity_tracker_free (NULL);
}

/* Active frames within 250 ms of voiced ones count as speech: 25 frames of the
 * noise after a tone. */
static void
test_reach (void)
{
  guint n_frames, voiced = 0, last = 0;
  EmotionActivity activity;
  EmotionActivityTracker *tracker = emotion_activity_tracker_new (300);
  float *x = test_tone (RATE, 2 * RATE, 150, 0.3, 0), *noise = test_noise (2 * RATE, 0.1, 3);
  for (guint i = RATE / 2; i < 2 * RATE; i++)
    x[i] = i < 3 * RATE / 2 ? noise[i] : 0;
  EmotionActivityFrame *frames = frames_of (x, 2 * RATE, &n_frames);
  emotion_activity_track (tracker, &frames->rms, STRIDE, n_frames, &activity);
  for (guint t = 0; t < n_frames; t++) {
    voiced += tracker->voiced[t];
    last = tracker->voiced[t] ? t : last;
  }
  g_test_message ("%u voiced frames to frame %u, %u of speech", voiced, last, activity.n_speech);
  g_assert_cmpuint (last, >=, 47);
  g_assert_cmpuint (last, <=, 50);
  g_assert_cmpuint (activity.n_speech, ==, last + 1 + 25);
  g_assert_cmpuint (tracker->n_active, >=, 148); /* tone and noise */
  g_assert_cmpuint (tracker->n_active, <=, 152);
  g_free (frames);
  g_free (noise);
  g_free (x);
  emotion_activity_tracker_free (tracker);
}

/* A second speaker talks all the time, 20 dB below the first: only the louder voice is active,
 * voiced and speech. The louder voice alone has as many such frames, and the quiet one alone counts
 * as speech. */
static void
test_loud_voice (void)
{
  EmotionActivityTracker *tracker = emotion_activity_tracker_new (200);
  float *other = test_tone (RATE, 2 * RATE, 150, 0.02, 0);
  float *voice = test_tone (RATE, 2 * RATE, 280, 0.2, 0);
  for (guint i = 0; i < 2 * RATE; i++)
    voice[i] *= i >= RATE / 2 && i < 3 * RATE / 2;
  for (guint mix = 0; mix < 3; mix++) {
    guint n_frames, n_voiced = 0;
    EmotionActivity activity;
    float *x = test_silence (2 * RATE);
    for (guint i = 0; i < 2 * RATE; i++)
      x[i] = (mix == 2 ? 0 : voice[i]) + (mix == 1 ? 0 : other[i]);
    EmotionActivityFrame *frames = frames_of (x, 2 * RATE, &n_frames);
    emotion_activity_track (tracker, &frames->rms, STRIDE, n_frames, &activity);
    for (guint t = 0; t < n_frames; t++)
      n_voiced += tracker->voiced[t];
    g_test_message ("%u active, %u voiced, %u of speech", tracker->n_active, n_voiced,
                    activity.n_speech);
    const guint expected = mix == 2 ? n_frames : 100;
    g_assert_cmpuint (ABS ((gint)tracker->n_active - (gint)expected), <=, 4);
    g_assert_cmpuint (ABS ((gint)n_voiced - (gint)expected), <=, 4);
    g_assert_cmpuint (ABS ((gint)activity.n_speech - (gint)expected), <=, 4);
    for (guint t = 0; t < n_frames; t++)
      g_assert_true (tracker->voiced[t] == (tracker->octaves[t] > 0));
    g_free (frames);
    g_free (x);
  }
  g_free (other);
  g_free (voice);
  emotion_activity_tracker_free (tracker);
}

static void
test_silence_frames (void)
{
  guint n_frames;
  EmotionActivity activity;
  EmotionActivityTracker *tracker = emotion_activity_tracker_new (100);
  float *x = test_silence (RATE);
  EmotionActivityFrame *frames = frames_of (x, RATE, &n_frames);
  for (guint n = 1; n <= n_frames; n += 10) {
    emotion_activity_track (tracker, &frames->rms, STRIDE, n, &activity);
    g_assert_cmpuint (activity.n_frames, ==, n);
    g_assert_cmpuint (activity.n_speech, ==, 0);
    g_assert_cmpuint (tracker->n_active, ==, 0);
    g_assert_cmpfloat (activity.level, ==, -120);
  }
  g_free (frames);
  g_free (x);
  emotion_activity_tracker_free (tracker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/activity/level", test_level);
  g_test_add_func ("/activity/reach", test_reach);
  g_test_add_func ("/activity/loud-voice", test_loud_voice);
  g_test_add_func ("/activity/silence", test_silence_frames);
  return g_test_run ();
}
