/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "adaptation.h"

#include <math.h>

struct _EmotionAdaptation {
  EmotionModel *model;
  guint n_features;
  double *sum;     /* n_features, of weight * (vector - the training's centre) */
  double weight;   /* s of speech */
  guint64 covered; /* frames of the input whose speech counts already */
  float *centred;  /* n_features */
};

EmotionAdaptation *
emotion_adaptation_new (EmotionModel *model)
{
  EmotionAdaptation *self = g_new0 (EmotionAdaptation, 1);
  self->model = emotion_model_ref (model);
  self->n_features = emotion_model_get_features (model)->n_features;
  self->sum = g_new0 (double, self->n_features);
  self->centred = g_new0 (float, self->n_features);
  return self;
}

void
emotion_adaptation_free (EmotionAdaptation *self)
{
  if (!self)
    return;
  emotion_model_unref (self->model);
  g_free (self->sum);
  g_free (self->centred);
  g_free (self);
}

void
emotion_adaptation_forget (EmotionAdaptation *self)
{
  for (guint i = 0; i < self->n_features; i++)
    self->sum[i] = 0;
  self->weight = 0;
}

void
emotion_adaptation_restart (EmotionAdaptation *self)
{
  self->covered = 0;
}

void
emotion_adaptation_inherit (EmotionAdaptation *self, const EmotionAdaptation *before)
{
  g_assert (self->model == before->model);
  for (guint i = 0; i < self->n_features; i++)
    self->sum[i] = before->sum[i];
  self->weight = before->weight;
}

double
emotion_adaptation_get_speech (const EmotionAdaptation *self)
{
  return self->weight;
}

/* Seconds of speech in the part of the window that is new, as if speech were spread evenly over it. */
static double
fresh_speech (const EmotionAdaptation *self, const EmotionWindow *window)
{
  const EmotionFeatureSet *set = emotion_model_get_features (self->model);
  const guint64 end = window->start + window->length;
  const guint64 fresh = end - CLAMP (self->covered, window->start, end);
  const double seconds = (double)window->activity.n_speech * set->hop / EMOTION_SAMPLE_RATE;
  return window->length ? seconds * (double)fresh / (double)window->length : 0;
}

double
emotion_adaptation_update (EmotionAdaptation *self, const EmotionWindow *window,
                           const float **centred)
{
  const EmotionAdaptationParts *parts = &emotion_model_get_parts (self->model)->adaptation;
  const double speech = fresh_speech (self, window);
  const double keep = exp (-speech / parts->memory);
  const double weight = keep * self->weight + speech, total = parts->prior + weight;
  for (guint i = 0; i < self->n_features; i++) {
    const double x = (double)window->vector[i] - parts->centre[i];
    const double sum = keep * self->sum[i] + speech * x;
    self->centred[i] = (float)(total > 0 ? x - sum / total : x);
    if (!window->early)
      self->sum[i] = sum;
  }
  if (!window->early) {
    self->weight = weight;
    self->covered = window->start + window->length;
  }
  *centred = self->centred;
  return weight > 0 ? weight / (weight + parts->blend) : 0;
}
