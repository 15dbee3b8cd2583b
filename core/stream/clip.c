/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clip.h"

#include <math.h>

void
emotion_clip_init (EmotionClip *clip)
{
  *clip = (EmotionClip){0};
}

void
emotion_clip_add (EmotionClip *clip, const EmotionWindow *window, const double *log_posteriors,
                  guint n_labels)
{
  if (window->early)
    return;
  const EmotionActivity *activity = &window->activity;
  for (guint i = 0; i < n_labels; i++) {
    clip->plain_sum[i] += log_posteriors[i];
    clip->speech_sum[i] += log_posteriors[i] * activity->n_speech;
  }
  clip->n_windows++;
  clip->n_speech += activity->n_speech;
  clip->n_frames += activity->n_frames;
  clip->energy += activity->n_frames * pow (10, activity->level / 10);
}

void
emotion_clip_add_intensity (EmotionClip *clip, const EmotionWindow *window, double intensity)
{
  if (!window->early)
    clip->intensity_sum += intensity * window->activity.n_speech;
}

double
emotion_clip_mean_intensity (const EmotionClip *clip)
{
  return clip->n_speech ? clip->intensity_sum / (double)clip->n_speech : NAN;
}

gboolean
emotion_clip_mean (const EmotionClip *clip, guint n_labels, double *log_posteriors)
{
  if (clip->n_windows == 0)
    return FALSE;
  for (guint i = 0; i < n_labels; i++)
    log_posteriors[i] = clip->n_speech ? clip->speech_sum[i] / (double)clip->n_speech
                                       : clip->plain_sum[i] / (double)clip->n_windows;
  return TRUE;
}
