/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams for tests of decision settings: concatenated scores of windows, and the predictions that
 * the element would make. */
#pragma once

#include "core/stream/decision.h"

G_BEGIN_DECLS

typedef struct {
  double end; /* s, from the start of its stream */
  gint truth; /* index of the label; -1: unknown */
  EmotionActivity activity;
  gboolean outlier; /* refused by the outlier gate */
  gboolean first;   /* first window of its stream */
} TrainingStreamWindow;

typedef struct {
  guint n_labels;
  GArray *windows;    /* TrainingStreamWindow */
  GArray *posteriors; /* double, n_labels per window: calibrated, at equal priors */
} TrainingStreams;

TrainingStreams *training_streams_new (guint n_labels);
void training_streams_free (TrainingStreams *self); /* NULL is fine */
void training_streams_add (TrainingStreams *self, const TrainingStreamWindow *window,
                           const double *posteriors);
/* Appends all streams of `from`. */
void training_streams_append (TrainingStreams *self, const TrainingStreams *from);

/* Figures of the predictions. Windows stopped by a gate (silence, no speech, out of distribution)
 * do not count. */
typedef struct {
  guint n;         /* windows */
  double emotions; /* fraction predicted with another label than neutral */
  double changes;  /* changes of the prediction per minute; to and from none included */
  double minutes;
  /* Of windows whose truth is another label than neutral: their number, the fraction predicted with
   * any such label, and the mean over the labels of the fraction predicted correctly. NAN without
   * such windows. */
  guint n_emotional;
  double noticed, right;
  /* Of windows whose truth is neutral, the fraction with an emotion; NAN without such windows. */
  double false_emotions;
} TrainingStreamFigures;

/* `neutral` is the index of that label. */
void training_streams_decide (const TrainingStreams *self, EmotionModel *model,
                              const EmotionDecisionConfig *config, guint neutral,
                              TrainingStreamFigures *figures);

/* The index of the label "neutral"; -1 without one. */
gint training_find_neutral (const char *const *labels);

G_END_DECLS
