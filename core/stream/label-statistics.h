/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionLabelStatistics: how a stream's time divides among the predictions: how long each stood in all, how often
 * the prediction changed, and the longest segment of one.
 *
 * An prediction stands for the time since the result before it (`fresh` of an EmotionResult). Before
 * the first one the prediction is none. One thread at a time; nothing here allocates. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

#define EMOTION_TIME_UNKNOWN G_MAXUINT64

/* Time without a break in which the prediction was the same. */
typedef struct {
  gint label;     /* index, or -1 for none */
  guint64 start;  /* as it was given; EMOTION_TIME_UNKNOWN if it was */
  guint64 length; /* ns */
} EmotionLabelSegment;

typedef struct {
  guint64 by_label[EMOTION_MAX_LABELS]; /* ns */
  guint64 none;                         /* ns */
  guint64 total;                        /* ns, the sum of the above */
  guint64 n_transitions;
  EmotionLabelSegment current, longest;
} EmotionLabelStatistics;

void emotion_label_statistics_init (EmotionLabelStatistics *statistics);

/* The prediction of the next result, which stands for `length` ns from `start` on. */
void emotion_label_statistics_add (EmotionLabelStatistics *statistics, gint label, guint64 start,
                                   guint64 length);

/* What comes next does not follow in time: the current segment ends, the prediction does not. */
void emotion_label_statistics_break (EmotionLabelStatistics *statistics);

/* The part of the time, 0..1, in which the prediction was `label`, or -1 for none. */
double emotion_label_statistics_fraction (const EmotionLabelStatistics *statistics, gint label);

G_END_DECLS
