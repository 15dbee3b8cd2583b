/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "utterance.h"

#include <math.h>

void
emotion_utterance_init (EmotionUtterance *clip)
{
  *clip = (EmotionUtterance){0};
}

void
emotion_utterance_add (EmotionUtterance *clip, const EmotionWindow *window,
                       const double *log_posteriors, guint n_labels)
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
emotion_utterance_add_intensity (EmotionUtterance *clip, const EmotionWindow *window,
                                 double intensity)
{
  if (!window->early)
    clip->intensity_sum += intensity * window->activity.n_speech;
}

double
emotion_utterance_mean_intensity (const EmotionUtterance *clip)
{
  return clip->n_speech ? clip->intensity_sum / (double)clip->n_speech : NAN;
}

gboolean
emotion_utterance_mean (const EmotionUtterance *clip, guint n_labels, double *log_posteriors)
{
  if (clip->n_windows == 0)
    return FALSE;
  for (guint i = 0; i < n_labels; i++)
    log_posteriors[i] = clip->n_speech ? clip->speech_sum[i] / (double)clip->n_speech
                                       : clip->plain_sum[i] / (double)clip->n_windows;
  return TRUE;
}
