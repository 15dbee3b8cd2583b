/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionLabelStatistics: the time of a stream by predicted label: the total time of each label,
 * the number of changes, and the longest segment.
 *
 * A prediction stands for the time since the previous result (`fresh` of an EmotionResult). Before
 * the first result the prediction is none. One thread at a time; these functions do not allocate.
 */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

#define EMOTION_TIME_UNKNOWN G_MAXUINT64

/* A span of continuous time with the same prediction. */
typedef struct {
  gint label;     /* index, or -1 for none */
  guint64 start;  /* as passed by the caller, so it may be EMOTION_TIME_UNKNOWN */
  guint64 length; /* ns */
} EmotionLabelSegment;

typedef struct {
  guint64 by_label[EMOTION_MAX_LABELS]; /* ns */
  guint64 none;                         /* ns */
  guint64 total;                        /* ns, the sum of `by_label` and `none` */
  guint64 n_transitions;
  EmotionLabelSegment current, longest;
} EmotionLabelStatistics;

void emotion_label_statistics_init (EmotionLabelStatistics *statistics);

/* Adds the prediction of the next result, which stands for `length` ns from `start` on. */
void emotion_label_statistics_add (EmotionLabelStatistics *statistics, gint label, guint64 start,
                                   guint64 length);

/* Marks a gap in time: the current segment ends; the prediction stays. */
void emotion_label_statistics_break (EmotionLabelStatistics *statistics);

/* The fraction, 0..1, of the total time with the prediction `label` (-1: none). */
double emotion_label_statistics_fraction (const EmotionLabelStatistics *statistics, gint label);

G_END_DECLS
