/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams as a decision sees them: scores of windows, one stream behind the other; and what the element
 * would prediction to them. */
#pragma once

#include "core/stream/decision.h"

G_BEGIN_DECLS

typedef struct {
  double end; /* s, from the start of its stream */
  gint truth; /* index of the label; -1: not known */
  EmotionActivity activity;
  gboolean outlier; /* out of distribution */
  gboolean first;   /* of its stream */
} TrainingStreamWindow;

typedef struct {
  guint n_labels;
  GArray *windows;    /* TrainingStreamWindow */
  GArray *posteriors; /* double, n_labels a window: calibrated, at equal priors */
} TrainingStreams;

TrainingStreams *training_streams_new (guint n_labels);
void training_streams_free (TrainingStreams *self); /* NULL is fine */
void training_streams_add (TrainingStreams *self, const TrainingStreamWindow *window,
                           const double *posteriors);
/* Adds all of `from`. */
void training_streams_append (TrainingStreams *self, const TrainingStreams *from);

/* What predictions there were. Windows that a gate stopped (silence, no speech, out of distribution) do not
 * count. */
typedef struct {
  guint n;         /* windows */
  double emotions; /* fraction answered with another label than neutral */
  double changes;  /* of the prediction, a minute of the streams; to and from none included */
  double minutes;
  /* Of windows whose truth is another label than neutral: how many there are, the fraction that was
   * answered with any such label, and the mean over the labels of the fraction answered with the right
   * one. NAN without such windows. */
  guint n_emotional;
  double noticed, right;
  double
      false_emotions; /* of windows whose truth is neutral, the fraction with an emotion; NAN without such */
} TrainingStreamFigures;

/* `neutral` is the index of that label. */
void training_streams_decide (const TrainingStreams *self, EmotionModel *model,
                              const EmotionDecisionConfig *config, guint neutral,
                              TrainingStreamFigures *figures);

/* The label "neutral"; -1 where there is none. */
gint training_find_neutral (const char *const *labels);

G_END_DECLS
