/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tally.h"

#define NONE (-1)

void
emotion_tally_init (EmotionTally *tally)
{
  *tally = (EmotionTally){
      .current = {.label = NONE, .start = EMOTION_TIME_UNKNOWN},
      .longest = {.label = NONE, .start = EMOTION_TIME_UNKNOWN},
  };
}

void
emotion_tally_add (EmotionTally *tally, gint label, guint64 start, guint64 length)
{
  EmotionStretch *current = &tally->current;
  tally->n_transitions += label != current->label;
  if (label != current->label || current->length == 0)
    *current = (EmotionStretch){.label = label, .start = start};
  current->length += length;
  if (current->length > tally->longest.length)
    tally->longest = *current;

  if (label == NONE)
    tally->none += length;
  else
    tally->by_label[label] += length;
  tally->total += length;
}

void
emotion_tally_break (EmotionTally *tally)
{
  tally->current.length = 0;
}

double
emotion_tally_fraction (const EmotionTally *tally, gint label)
{
  guint64 part = label == NONE ? tally->none : tally->by_label[label];
  return tally->total == 0 ? 0 : (double)part / (double)tally->total;
}
