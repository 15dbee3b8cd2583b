/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "streams.h"

#include <math.h>
#include <string.h>

TrainingStreams *
training_streams_new (guint n_labels)
{
  TrainingStreams *self = g_new (TrainingStreams, 1);
  self->n_labels = n_labels;
  self->windows = g_array_new (FALSE, FALSE, sizeof (TrainingStreamWindow));
  self->posteriors = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
training_streams_free (TrainingStreams *self)
{
  if (!self)
    return;
  g_array_unref (self->windows);
  g_array_unref (self->posteriors);
  g_free (self);
}

void
training_streams_add (TrainingStreams *self, const TrainingStreamWindow *window,
                      const double *posteriors)
{
  g_array_append_vals (self->windows, window, 1);
  g_array_append_vals (self->posteriors, posteriors, self->n_labels);
}

void
training_streams_append (TrainingStreams *self, const TrainingStreams *from)
{
  g_array_append_vals (self->windows, from->windows->data, from->windows->len);
  g_array_append_vals (self->posteriors, from->posteriors->data, from->posteriors->len);
}

gint
training_find_neutral (const char *const *labels)
{
  for (guint k = 0; labels[k]; k++)
    if (strcmp (labels[k], "neutral") == 0)
      return (gint)k;
  return -1;
}

/* Counts while predictions arrive. */
typedef struct {
  guint neutral, n, n_emotions, n_changes, n_noticed, n_neutral, n_false;
  guint n_of_label[EMOTION_MAX_LABELS], n_right[EMOTION_MAX_LABELS];
  double seconds, last_end;
  gint last;
} Counts;

static void
count (Counts *c, const TrainingStreamWindow *window, const EmotionPrediction *prediction)
{
  const gboolean gated = prediction->reason != EMOTION_REASON_PREDICTED &&
                         prediction->reason != EMOTION_REASON_LOW_CONFIDENCE;
  const gboolean emotion = prediction->label >= 0 && prediction->label != (gint)c->neutral;
  c->n_changes += !window->first && prediction->label != c->last;
  c->seconds += window->end - (window->first ? 0 : c->last_end);
  c->last = prediction->label;
  c->last_end = window->end;
  if (gated)
    return;
  c->n++;
  c->n_emotions += emotion;
  if (window->truth == (gint)c->neutral) {
    c->n_neutral++;
    c->n_false += emotion;
  }
  if (window->truth < 0 || window->truth == (gint)c->neutral)
    return;
  c->n_of_label[window->truth]++;
  c->n_noticed += emotion;
  c->n_right[window->truth] += prediction->label == window->truth;
}

static void
sum_up (const Counts *c, guint n_labels, TrainingStreamFigures *figures)
{
  guint n_emotional = 0, n_present = 0;
  double right = 0;
  for (guint k = 0; k < n_labels; k++) {
    if (c->n_of_label[k] == 0)
      continue;
    n_present++;
    n_emotional += c->n_of_label[k];
    right += (double)c->n_right[k] / c->n_of_label[k];
  }
  *figures = (TrainingStreamFigures){
      .n = c->n,
      .emotions = (double)c->n_emotions / MAX (c->n, 1),
      .changes = c->seconds > 0 ? c->n_changes / c->seconds * 60 : 0,
      .minutes = c->seconds / 60,
      .n_emotional = n_emotional,
      .noticed = n_emotional ? (double)c->n_noticed / n_emotional : NAN,
      .right = n_present ? right / n_present : NAN,
      .false_emotions = c->n_neutral ? (double)c->n_false / c->n_neutral : NAN,
  };
}

void
training_streams_decide (const TrainingStreams *self, EmotionModel *model,
                         const EmotionDecisionConfig *config, guint neutral,
                         TrainingStreamFigures *figures)
{
  EmotionDecision *decision = emotion_decision_new (model, config);
  Counts counts = {.neutral = neutral};
  for (guint i = 0; i < self->windows->len; i++) {
    const TrainingStreamWindow *window = &g_array_index (self->windows, TrainingStreamWindow, i);
    const double *posteriors = &g_array_index (self->posteriors, double, (gsize)i * self->n_labels);
    EmotionPrediction prediction;
    if (window->first)
      emotion_decision_reset (decision);
    emotion_decision_update (decision, posteriors, &window->activity, window->outlier, window->end,
                             &prediction);
    count (&counts, window, &prediction);
  }
  emotion_decision_free (decision);
  sum_up (&counts, self->n_labels, figures);
}
