/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "label-statistics.h"

#define NONE (-1)

void
emotion_label_statistics_init (EmotionLabelStatistics *statistics)
{
  *statistics = (EmotionLabelStatistics){
      .current = {.label = NONE, .start = EMOTION_TIME_UNKNOWN},
      .longest = {.label = NONE, .start = EMOTION_TIME_UNKNOWN},
  };
}

void
emotion_label_statistics_add (EmotionLabelStatistics *statistics, gint label, guint64 start,
                              guint64 length)
{
  EmotionLabelSegment *current = &statistics->current;
  statistics->n_transitions += label != current->label;
  if (label != current->label || current->length == 0)
    *current = (EmotionLabelSegment){.label = label, .start = start};
  current->length += length;
  if (current->length > statistics->longest.length)
    statistics->longest = *current;

  if (label == NONE)
    statistics->none += length;
  else
    statistics->by_label[label] += length;
  statistics->total += length;
}

void
emotion_label_statistics_break (EmotionLabelStatistics *statistics)
{
  statistics->current.length = 0;
}

double
emotion_label_statistics_fraction (const EmotionLabelStatistics *statistics, gint label)
{
  guint64 part = label == NONE ? statistics->none : statistics->by_label[label];
  return statistics->total == 0 ? 0 : (double)part / (double)statistics->total;
}
