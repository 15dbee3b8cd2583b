/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "adaptation.h"

#include <math.h>

#include "core/base/audio.h"

#define TURNS 2 /* iterations of expectation maximisation; in measurements more change nothing */

struct _EmotionAdaptation {
  EmotionModel *model;
  guint n_features;
  double *sum;     /* n_features: sum of weight * (vector - training mean - expected offset) */
  double weight;   /* s of speech */
  guint64 covered; /* input frames whose speech is already counted */
  float *centred;  /* n_features */
  double *neutral; /* n_features: the current vector - training mean - expected offset */
  double *scratch; /* emotion_model_get_scratch() */
};

EmotionAdaptation *
emotion_adaptation_new (EmotionModel *model)
{
  EmotionAdaptation *self = g_new0 (EmotionAdaptation, 1);
  self->model = emotion_model_ref (model);
  self->n_features = emotion_model_get_features (model)->n_features;
  self->sum = g_new0 (double, self->n_features);
  self->centred = g_new0 (float, self->n_features);
  self->neutral = g_new0 (double, self->n_features);
  self->scratch = g_new (double, emotion_model_get_scratch (model));
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
  g_free (self->neutral);
  g_free (self->scratch);
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

/* Seconds of speech in the new part of the window, assuming that speech is spread evenly over it.
 */
static double
fresh_speech (const EmotionAdaptation *self, const EmotionWindow *window)
{
  const EmotionFeatureSet *set = emotion_model_get_features (self->model);
  const guint64 end = window->start + window->length;
  const guint64 fresh = end - CLAMP (self->covered, window->start, end);
  const double seconds = (double)window->activity.n_speech * set->hop / EMOTION_SAMPLE_RATE;
  return window->length ? seconds * (double)fresh / (double)window->length : 0;
}

/* centred = vector - speaker mean. The mean includes this window, as `speech` seconds of `neutral`;
 * `keep` is the weight of earlier speech. */
static void
centre (EmotionAdaptation *self, const float *vector, double keep, double speech)
{
  const EmotionAdaptationParts *parts = &emotion_model_get_parts (self->model)->adaptation;
  const double total = parts->prior + keep * self->weight + speech;
  for (guint i = 0; i < self->n_features; i++) {
    const double x = (double)vector[i] - parts->centre[i];
    const double sum = keep * self->sum[i] + speech * self->neutral[i];
    self->centred[i] = (float)(total > 0 ? x - sum / total : x);
  }
}

/* Posteriors of the centred classifiers, with the expected frequencies as priors. */
static void
judge (EmotionAdaptation *self, const float *vector, double *posteriors)
{
  const EmotionAdaptationParts *parts = &emotion_model_get_parts (self->model)->adaptation;
  const guint n = emotion_model_get_n_labels (self->model);
  double sum = 0;
  emotion_model_score_adapted (self->model, vector, self->centred, 1, self->scratch, posteriors);
  for (guint k = 0; k < n; k++)
    sum += posteriors[k] = parts->expected[k] * exp (posteriors[k]);
  for (guint k = 0; k < n; k++)
    posteriors[k] /= sum;
}

/* neutral = vector - training mean - expected offset, by the posteriors of the centred classifiers.
 */
static void
take_off_emotion (EmotionAdaptation *self, const float *vector)
{
  const EmotionAdaptationParts *parts = &emotion_model_get_parts (self->model)->adaptation;
  double posteriors[EMOTION_MAX_LABELS];
  for (guint i = 0; i < self->n_features; i++)
    self->neutral[i] = (double)vector[i] - parts->centre[i];
  if (parts->debias_weight <= 0)
    return;
  judge (self, vector, posteriors);
  for (guint k = 0; k < emotion_model_get_n_labels (self->model); k++) {
    const float *offset = parts->offsets + (gsize)k * self->n_features;
    const double weight = parts->debias_weight * posteriors[k];
    for (guint i = 0; i < self->n_features; i++)
      self->neutral[i] -= weight * offset[i];
  }
}

double
emotion_adaptation_update (EmotionAdaptation *self, const EmotionWindow *window,
                           const float **centred)
{
  const EmotionAdaptationParts *parts = &emotion_model_get_parts (self->model)->adaptation;
  const double speech = fresh_speech (self, window), keep = exp (-speech / parts->memory);
  const double weight = keep * self->weight + speech;
  centre (self, window->vector, 1, 0); /* with the earlier windows only */
  for (guint turn = 0; turn < TURNS && speech > 0; turn++) {
    take_off_emotion (self, window->vector);
    centre (self, window->vector, keep, speech);
  }
  if (!window->early) {
    for (guint i = 0; i < self->n_features && speech > 0; i++)
      self->sum[i] = keep * self->sum[i] + speech * self->neutral[i];
    self->weight = weight;
    self->covered = window->start + window->length;
  }
  *centred = self->centred;
  return weight > 0 ? weight / (weight + parts->blend) : 0;
}
