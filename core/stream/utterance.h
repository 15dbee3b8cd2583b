/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The utterance-level decision: the mean of the log-posteriors over a stream's windows, weighted by
 * their speech frames, before priors, smoothing, hysteresis and gates. Early partial windows do not
 * count, because full windows cover their samples. A stream shorter than a window is one window. If
 * no window has speech, all have the same weight.
 *
 * The trainer's figures per clip, emotion-predict and the element's summary all use this
 * definition. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct {
  double speech_sum[EMOTION_MAX_LABELS]; /* of log-posterior * speech frames */
  double plain_sum[EMOTION_MAX_LABELS];  /* of log-posterior */
  guint64 n_windows;
  guint64 n_outliers; /* of these, out of distribution; their caller adds them without speech */
  guint64 n_speech;   /* speech frames, summed over the windows */
  guint64 n_frames;
  double intensity_sum; /* of intensity * speech frames; NAN if the intensity is unknown */
  double energy;        /* sum of the windows' mean squares, weighted by frames */
} EmotionUtterance;

void emotion_utterance_init (EmotionUtterance *clip);

/* Adds one window. Ignores early partial windows. */
void emotion_utterance_add (EmotionUtterance *clip, const EmotionWindow *window,
                            const double *log_posteriors, guint n_labels);

/* Adds the intensity (0..1 or NAN) of the same window. */
void emotion_utterance_add_intensity (EmotionUtterance *clip, const EmotionWindow *window,
                                      double intensity);

/* The mean intensity of the windows, weighted by their speech frames; NAN if it is unknown. */
double emotion_utterance_mean_intensity (const EmotionUtterance *clip);

/* The mean log-posteriors (n_labels); FALSE if no window was added. */
gboolean emotion_utterance_mean (const EmotionUtterance *clip, guint n_labels,
                                 double *log_posteriors);

G_END_DECLS
