/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/emotion.h"
#include "model-cache.h"

struct _EmotionModel {
  gint ref_count;
  EmotionModelParts parts; /* owns its arrays */
  guint n_labels;
  char *hash;        /* NULL until computed; atomic */
  gboolean interned; /* it is in the cache of living models */
};

static gboolean invalid (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
invalid (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID, "invalid model: %s", what);
  g_free (what);
  return FALSE;
}

static gboolean
check_labels (const char *const *labels, GError **error)
{
  guint n = g_strv_length ((char **)labels);
  if (n < 2 || n > EMOTION_MAX_LABELS)
    return invalid (error, "%u labels are out of range: use 2 to %d", n, EMOTION_MAX_LABELS);
  for (guint i = 0; i < n; i++) {
    if (!emotion_text_is_name (labels[i]) || strcmp (labels[i], "none") == 0)
      return invalid (error, "label '%s' is not of the form [a-z][a-z0-9_-]*, or it is 'none'",
                      labels[i]);
    for (guint j = 0; j < i; j++)
      if (strcmp (labels[i], labels[j]) == 0)
        return invalid (error, "label '%s' occurs twice", labels[i]);
  }
  return TRUE;
}

static gboolean
check_label_texts (const EmotionModelParts *p, GError **error)
{
  if (!p->label_texts)
    return TRUE;
  if (g_strv_length ((char **)p->label_texts) != g_strv_length ((char **)p->labels))
    return invalid (error, "the number of texts is not the number of labels");
  for (guint i = 0; p->label_texts[i]; i++)
    if (!*p->label_texts[i] || strchr (p->label_texts[i], '\n') ||
        !g_utf8_validate (p->label_texts[i], -1, NULL))
      return invalid (error, "the text of label '%s' is not one line of UTF-8", p->labels[i]);
  return TRUE;
}

static gboolean
check_classifier (const EmotionModelParts *p, guint n_labels, guint i, GError **error)
{
  const EmotionClassifierParts *classifier = emotion_classifier_get_parts (p->classifiers[i]);
  if (classifier->n_features != p->features->n_features || classifier->n_labels != n_labels)
    return invalid (error, "classifier '%s' maps %u features to %u labels, the model %u to %u",
                    classifier->name, classifier->n_features, classifier->n_labels,
                    p->features->n_features, n_labels);
  if (!(p->fusion[i] >= 0))
    return invalid (error, "the fusion weight of classifier '%s' is %g, not 0 or above",
                    classifier->name, p->fusion[i]);
  return TRUE;
}

static gboolean
is_centred (const EmotionModelParts *p, guint classifier)
{
  return p->adaptation.running && p->adaptation.centred[classifier];
}

/* The number of raw or centred classifiers; sets `sum` to the sum of their weights. */
static guint
count_classifiers (const EmotionModelParts *p, gboolean centred, double *sum)
{
  guint n = 0;
  *sum = 0;
  for (guint i = 0; i < p->n_classifiers; i++)
    if (is_centred (p, i) == centred) {
      *sum += p->fusion[i];
      n++;
    }
  return n;
}

static gboolean
check_classifiers (const EmotionModelParts *p, guint n_labels, GError **error)
{
  if (p->n_classifiers < 1 || p->n_classifiers > EMOTION_MAX_CLASSIFIERS)
    return invalid (error, "%u classifiers are out of range: use 1 to %d", p->n_classifiers,
                    EMOTION_MAX_CLASSIFIERS);
  for (guint i = 0; i < p->n_classifiers; i++)
    if (!check_classifier (p, n_labels, i, error))
      return FALSE;
  for (guint centred = 0; centred < 2; centred++) {
    double sum;
    if (count_classifiers (p, (gboolean)centred, &sum) > 0 && !(fabs (sum - 1) < 1e-6))
      return invalid (error, "the fusion weights of the %s classifiers sum to %g, not to 1",
                      centred ? "centred" : "raw", sum);
  }
  return TRUE;
}

static gboolean
check_adaptation (const EmotionModelParts *p, GError **error)
{
  const EmotionAdaptationParts *a = &p->adaptation;
  double sum;
  if (!a->running)
    return TRUE;
  if (count_classifiers (p, TRUE, &sum) == 0)
    return invalid (error, "it adapts to streams, but has no centred classifier");
  if (!(a->prior >= 0 && a->blend >= 0 && a->memory > 0 && a->debias_weight >= 0 &&
        a->debias_weight <= 1 && a->window_temperature > 0 && a->clip_temperature > 0) ||
      !isfinite (a->prior + a->blend + a->memory + a->window_temperature + a->clip_temperature))
    return invalid (
        error,
        "adaptation out of range: prior %g s, memory %g s, blend %g s, offset share %g, "
        "temperatures %g and %g",
        a->prior, a->memory, a->blend, a->debias_weight, a->window_temperature,
        a->clip_temperature);
  const gsize n = p->features->n_features;
  gboolean finite = TRUE;
  for (guint k = 0; p->labels[k]; k++)
    if (!(a->expected[k] > 0 && isfinite (a->expected[k])))
      return invalid (error, "the expected frequency of label '%s' is %g, not above 0",
                      p->labels[k], a->expected[k]);
  for (gsize i = 0; finite && i < n; i++)
    finite = isfinite (a->centre[i]);
  for (gsize i = 0; finite && i < g_strv_length ((char **)p->labels) * n; i++)
    finite = isfinite (a->offsets[i]);
  return finite || invalid (error, "a number of the adaptation's centre or offsets is not finite");
}

/* Checks the classifiers whose labels are not emotions. */
static gboolean
check_other_classifiers (const EmotionModelParts *p, GError **error)
{
  EmotionClassifier *const others[] = {p->outlier, p->intensity};
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    const EmotionClassifierParts *classifier =
        others[i] ? emotion_classifier_get_parts (others[i]) : NULL;
    if (classifier &&
        (classifier->n_features != p->features->n_features || classifier->n_labels != 2))
      return invalid (error, "classifier '%s' maps %u features to %u labels, not %u to 2",
                      classifier->name, classifier->n_features, classifier->n_labels,
                      p->features->n_features);
  }
  return TRUE;
}

static gboolean
check_decision (const EmotionModelParts *p, GError **error)
{
  const EmotionDecisionDefaults *d = p->decision;
  if (!d)
    return TRUE;
  if (!(d->smoothing >= 0 && d->smoothing <= EMOTION_MAX_HOLD && d->hold_time >= 0 &&
        d->hold_time <= EMOTION_MAX_HOLD && d->hysteresis >= 0 && d->hysteresis <= 1))
    return invalid (error, "decision out of range: smoothing %g s, hysteresis %g, hold time %g s",
                    d->smoothing, d->hysteresis, d->hold_time);
  for (guint k = 0; d->priors && p->labels[k]; k++)
    if (!(d->priors[k] > 0 && isfinite (d->priors[k])))
      return invalid (error, "the prior of label '%s' is %g, not above 0", p->labels[k],
                      d->priors[k]);
  return TRUE;
}

static gboolean
check_provenance (const char *const *provenance, GError **error)
{
  for (guint i = 0; provenance[i]; i += 2) {
    if (!provenance[i + 1])
      return invalid (error, "provenance '%s' has no value", provenance[i]);
    if (!emotion_text_is_name (provenance[i]) || strchr (provenance[i + 1], '\n') ||
        !g_utf8_validate (provenance[i + 1], -1, NULL))
      return invalid (error, "provenance '%s' must have a lower-case key and one line of UTF-8",
                      provenance[i]);
  }
  return TRUE;
}

static gboolean
check (const EmotionModelParts *p, GError **error)
{
  const EmotionThresholds *t = &p->thresholds;
  if (!check_labels (p->labels, error) || !emotion_windowing_check (&p->windowing, error) ||
      !check_classifiers (p, g_strv_length ((char **)p->labels), error) ||
      !check_adaptation (p, error) || !check_other_classifiers (p, error) ||
      !check_decision (p, error) || !check_label_texts (p, error) ||
      !check_provenance (p->provenance, error))
    return FALSE;
  if (!(p->window_temperature > 0 && p->clip_temperature > 0) ||
      !isfinite (p->window_temperature + p->clip_temperature))
    return invalid (error, "temperatures %g and %g must be above 0", p->window_temperature,
                    p->clip_temperature);
  if (!(t->confidence >= 0 && t->confidence <= 1 && t->min_speech_ratio >= 0 &&
        t->min_speech_ratio <= 1 && t->silence >= -200 && t->silence <= 0))
    return invalid (error,
                    "thresholds out of range: confidence %g, speech ratio %g, silence %g dBFS",
                    t->confidence, t->min_speech_ratio, t->silence);
  return TRUE;
}

static const EmotionDecisionDefaults *
copy_decision (const EmotionDecisionDefaults *from, guint n_labels)
{
  if (!from)
    return NULL;
  EmotionDecisionDefaults *copy = g_memdup2 (from, sizeof *from);
  copy->priors = g_memdup2 (from->priors, n_labels * sizeof *from->priors);
  return copy;
}

EmotionModel *
emotion_model_new (const EmotionModelParts *parts, GError **error)
{
  if (!check (parts, error))
    return NULL;
  EmotionModel *self = g_new0 (EmotionModel, 1);
  EmotionModelParts *own = &self->parts;
  self->ref_count = 1;
  self->n_labels = g_strv_length ((char **)parts->labels);
  *own = *parts;
  own->labels = (const char *const *)g_strdupv ((char **)parts->labels);
  own->label_texts = (const char *const *)g_strdupv ((char **)parts->label_texts);
  own->provenance = (const char *const *)g_strdupv ((char **)parts->provenance);
  own->fusion = g_memdup2 (parts->fusion, parts->n_classifiers * sizeof (double));
  own->classifiers =
      g_memdup2 (parts->classifiers, parts->n_classifiers * sizeof (EmotionClassifier *));
  for (guint i = 0; i < own->n_classifiers; i++)
    emotion_classifier_ref (own->classifiers[i]);
  EmotionClassifier *const others[] = {own->outlier, own->intensity};
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i])
      emotion_classifier_ref (others[i]);
  if (parts->adaptation.running) {
    own->adaptation.centre =
        g_memdup2 (parts->adaptation.centre, parts->features->n_features * sizeof (float));
    own->adaptation.offsets =
        g_memdup2 (parts->adaptation.offsets,
                   self->n_labels * (gsize)parts->features->n_features * sizeof (float));
    own->adaptation.expected =
        g_memdup2 (parts->adaptation.expected, self->n_labels * sizeof (float));
    own->adaptation.centred =
        g_memdup2 (parts->adaptation.centred, parts->n_classifiers * sizeof (gboolean));
  } else {
    own->adaptation = (EmotionAdaptationParts){0};
  }
  own->decision = copy_decision (parts->decision, self->n_labels);
  return self;
}

const EmotionModelParts *
emotion_model_get_parts (const EmotionModel *self)
{
  return &self->parts;
}

EmotionModel *
emotion_model_ref (EmotionModel *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

EmotionModel *
emotion_model_intern (EmotionModel *self)
{
  self->interned = TRUE;
  EmotionModel *living = emotion_model_cache_intern (self->hash, self, &self->ref_count);
  if (living != self)
    emotion_model_unref (self);
  return living;
}

void
emotion_model_unref (EmotionModel *self)
{
  if (!self || !(self->interned ? emotion_model_cache_release (self->hash, self, &self->ref_count)
                                : g_atomic_int_dec_and_test (&self->ref_count)))
    return;
  EmotionModelParts *p = &self->parts;
  for (guint i = 0; i < p->n_classifiers; i++)
    emotion_classifier_unref (p->classifiers[i]);
  emotion_classifier_unref (p->outlier);
  emotion_classifier_unref (p->intensity);
  g_free (p->classifiers);
  g_free ((gpointer)p->fusion);
  g_free ((gpointer)p->adaptation.centre);
  g_free ((gpointer)p->adaptation.offsets);
  g_free ((gpointer)p->adaptation.expected);
  g_free ((gpointer)p->adaptation.centred);
  if (p->decision)
    g_free ((gpointer)p->decision->priors);
  g_free ((gpointer)p->decision);
  g_strfreev ((char **)p->labels);
  g_strfreev ((char **)p->label_texts);
  g_strfreev ((char **)p->provenance);
  g_free (self->hash);
  g_free (self);
}

const EmotionFeatureSet *
emotion_model_get_features (const EmotionModel *self)
{
  return self->parts.features;
}

const EmotionWindowing *
emotion_model_get_windowing (const EmotionModel *self)
{
  return &self->parts.windowing;
}

const EmotionThresholds *
emotion_model_get_thresholds (const EmotionModel *self)
{
  return &self->parts.thresholds;
}

const EmotionDecisionDefaults *
emotion_model_get_decision (const EmotionModel *self)
{
  static const EmotionDecisionDefaults built_in = {
      .smoothing = 0, .hysteresis = 0.1, .hold_time = 1, .priors = NULL};
  return self->parts.decision ? self->parts.decision : &built_in;
}

guint
emotion_model_get_n_labels (const EmotionModel *self)
{
  return self->n_labels;
}

const char *
emotion_model_get_label (const EmotionModel *self, guint index)
{
  g_return_val_if_fail (index < self->n_labels, NULL);
  return self->parts.labels[index];
}

const char *
emotion_model_get_label_text (const EmotionModel *self, guint index)
{
  return self->parts.label_texts ? self->parts.label_texts[index] : self->parts.labels[index];
}

const char *const *
emotion_model_get_provenance (const EmotionModel *self)
{
  return self->parts.provenance;
}

const char *
emotion_model_peek_hash (const EmotionModel *self)
{
  return g_atomic_pointer_get (&((EmotionModel *)self)->hash);
}

const char *
emotion_model_keep_hash (const EmotionModel *self, char *hash)
{
  if (!g_atomic_pointer_compare_and_exchange (&((EmotionModel *)self)->hash, NULL, hash))
    g_free (hash);
  return emotion_model_peek_hash (self);
}

gboolean
emotion_model_adapts (const EmotionModel *self)
{
  return self->parts.adaptation.running;
}

gsize
emotion_model_get_scratch (const EmotionModel *self)
{
  const EmotionModelParts *p = &self->parts;
  EmotionClassifier *const others[] = {p->outlier, p->intensity};
  gsize max = 0;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i])
      max = MAX (max, emotion_classifier_get_scratch (others[i]));
  for (guint i = 0; i < p->n_classifiers; i++)
    max = MAX (max, emotion_classifier_get_scratch (p->classifiers[i]));
  return max + p->features->n_features; /* plus a vector minus the training mean */
}

/* Adds the fused log-posteriors of the raw or the centred classifiers, multiplied by `weight`. */
static void
add_classifiers (const EmotionModel *self, gboolean centred, const float *vector, double weight,
                 double *scratch, double *log_posteriors)
{
  double of_classifier[EMOTION_MAX_LABELS];
  const EmotionModelParts *p = &self->parts;
  for (guint v = 0; v < p->n_classifiers; v++) {
    if (is_centred (p, v) != centred)
      continue;
    emotion_classifier_score (p->classifiers[v], vector, scratch, of_classifier);
    for (guint i = 0; i < self->n_labels; i++)
      log_posteriors[i] += weight * p->fusion[v] * of_classifier[i];
  }
}

static const float *
less_training_centre (const EmotionModel *self, const float *vector, double *scratch)
{
  float *centred =
      (float *)(scratch + emotion_model_get_scratch (self) - self->parts.features->n_features);
  for (guint i = 0; i < self->parts.features->n_features; i++)
    centred[i] = vector[i] - self->parts.adaptation.centre[i];
  return centred;
}

void
emotion_model_score (const EmotionModel *self, const float *vector, double *scratch,
                     double *log_posteriors)
{
  double sum;
  memset (log_posteriors, 0, self->n_labels * sizeof *log_posteriors);
  if (count_classifiers (&self->parts, FALSE, &sum) > 0)
    add_classifiers (self, FALSE, vector, 1, scratch, log_posteriors);
  else
    add_classifiers (self, TRUE, less_training_centre (self, vector, scratch), 1, scratch,
                     log_posteriors);
  emotion_log_softmax (log_posteriors, self->n_labels, 1);
}

void
emotion_model_score_adapted (const EmotionModel *self, const float *vector, const float *centred,
                             double weight, double *scratch, double *log_posteriors)
{
  double sum;
  memset (log_posteriors, 0, self->n_labels * sizeof *log_posteriors);
  if (count_classifiers (&self->parts, FALSE, &sum) == 0)
    weight = 1;
  if (weight < 1)
    add_classifiers (self, FALSE, vector, 1 - weight, scratch, log_posteriors);
  if (weight > 0)
    add_classifiers (self, TRUE, centred, weight, scratch, log_posteriors);
  emotion_log_softmax (log_posteriors, self->n_labels, 1);
}

gboolean
emotion_model_is_outlier (const EmotionModel *self, const float *vector, double *scratch)
{
  double log_posteriors[2];
  if (!self->parts.outlier)
    return FALSE;
  emotion_classifier_score (self->parts.outlier, vector, scratch, log_posteriors);
  return log_posteriors[1] > log_posteriors[0];
}

double
emotion_model_rate_intensity (const EmotionModel *self, const float *vector, double *scratch)
{
  double log_posteriors[2];
  if (!self->parts.intensity)
    return NAN;
  emotion_classifier_score (self->parts.intensity, vector, scratch, log_posteriors);
  return exp (log_posteriors[1]);
}

gboolean
emotion_model_rate_affect (const EmotionModel *self, const double *posteriors,
                           EmotionAffect *affect)
{
  *affect = (EmotionAffect){0};
  for (guint i = 0; i < self->n_labels; i++) {
    EmotionAffect of_label;
    if (!emotion_affect_find (self->parts.labels[i], &of_label))
      return FALSE;
    affect->valence += posteriors[i] * of_label.valence;
    affect->arousal += posteriors[i] * of_label.arousal;
  }
  return TRUE;
}

void
emotion_model_calibrate (const EmotionModel *self, EmotionCalibrate which,
                         const double *log_posteriors, double *posteriors)
{
  const EmotionModelParts *p = &self->parts;
  const gboolean clip = (which & EMOTION_CALIBRATE_CLIP) != 0;
  double temperature = clip ? p->clip_temperature : p->window_temperature;
  if ((which & EMOTION_CALIBRATE_ADAPTED) && p->adaptation.running)
    temperature = clip ? p->adaptation.clip_temperature : p->adaptation.window_temperature;
  memmove (posteriors, log_posteriors, self->n_labels * sizeof *posteriors);
  emotion_log_softmax (posteriors, self->n_labels, temperature);
  for (guint i = 0; i < self->n_labels; i++)
    posteriors[i] = exp (posteriors[i]);
}
