/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline.h"

#include "element-runner.h"

static void
take_prediction (const TrainingElementResult *prediction, gpointer data)
{
  TrainingTimeline *self = data;
  if (prediction->whole) {
    self->prediction = prediction->emotion;
    self->confidence = prediction->confidence;
    return;
  }
  TrainingTimelineWindow window = {
      .start = prediction->start,
      .end = prediction->start + prediction->duration,
      .prediction = prediction->emotion,
      .confidence = prediction->confidence,
      .scores = g_memdup2 (prediction->scores, self->labels->len * sizeof (double))};
  g_array_append_val (self->windows, window);
}

static void
window_clear (gpointer data)
{
  g_free (((TrainingTimelineWindow *)data)->scores);
}

static TrainingTimeline *
timeline_new (const TrainingElementRunner *runner)
{
  TrainingTimeline *self = g_new0 (TrainingTimeline, 1);
  guint n_labels;
  const char *const *labels = training_element_runner_get_labels (runner, &n_labels);
  self->labels = g_ptr_array_new ();
  for (guint i = 0; i < n_labels; i++)
    g_ptr_array_add (self->labels, (gpointer)labels[i]);
  self->windows = g_array_new (FALSE, FALSE, sizeof (TrainingTimelineWindow));
  g_array_set_clear_func (self->windows, window_clear);
  self->model = g_strdup (training_element_runner_get_model (runner));
  return self;
}

TrainingTimeline *
training_timeline_new (const char *file, const char *model, GError **error)
{
  TrainingElementRunner *runner = training_element_runner_new (model, FALSE, TRUE, error);
  if (!runner)
    return NULL;
  TrainingTimeline *self = timeline_new (runner);
  if (!training_element_runner_run (runner, file, take_prediction, self, error))
    g_clear_pointer (&self, training_timeline_free);
  training_element_runner_free (runner);
  return self;
}

void
training_timeline_free (TrainingTimeline *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->labels);
  g_array_unref (self->windows);
  g_free (self->model);
  g_free (self);
}
