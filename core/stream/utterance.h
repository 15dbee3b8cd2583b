/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clip decision, defined once: the mean log-posterior over a stream's windows, weighted by
 * their speech frames, before priors, smoothing, hysteresis and gates. Early partial windows do not
 * count, as full windows cover their samples; a stream shorter than a window is one window. Where
 * no window has speech, all count alike.
 *
 * The trainer's clip figures, emotion-predict and the element's summary all come from here. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

typedef struct {
  double speech_sum[EMOTION_MAX_LABELS]; /* of log-posterior * speech frames */
  double plain_sum[EMOTION_MAX_LABELS];  /* of log-posterior */
  guint64 n_windows;
  guint64
      n_outliers; /* of them out of distribution, counted by whoever adds them as without speech */
  guint64 n_speech; /* speech frames, counted once per window */
  guint64 n_frames;
  double intensity_sum; /* of intensity * speech frames; NAN where it is not known */
  double energy;        /* of the windows' mean squares, weighted by frames */
} EmotionUtterance;

void emotion_utterance_init (EmotionUtterance *clip);

/* Adds one window; early partial ones are left out. */
void emotion_utterance_add (EmotionUtterance *clip, const EmotionWindow *window,
                            const double *log_posteriors, guint n_labels);

/* Adds to the same window what else is known of it. */
void emotion_utterance_add_intensity (EmotionUtterance *clip, const EmotionWindow *window,
                                      double intensity);

/* The mean intensity of the windows, weighted by their speech frames; NAN when it is not known. */
double emotion_utterance_mean_intensity (const EmotionUtterance *clip);

/* The clip's mean log-posteriors; FALSE when no window was added. */
gboolean emotion_utterance_mean (const EmotionUtterance *clip, guint n_labels,
                                 double *log_posteriors);

G_END_DECLS
