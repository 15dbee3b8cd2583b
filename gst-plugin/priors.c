/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "priors.h"

#define TOLERANCE 1e-6 /* of the sum, for rounded decimal fractions */

static gboolean
refuse (GError **error, const char *label, const char *why)
{
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
               "The property \"priors\" cannot be used: \"%s\" %s. Give labels with numbers from 0 "
               "to 1 and a sum of at most 1, as in \"priors,neutral=0.7\".",
               label, why);
  return FALSE;
}

gboolean
gst_emotion_priors_parse (GstEmotionPriors *self, const GstStructure *structure, GError **error)
{
  GstEmotionPriors priors = {.given = structure != NULL};
  double sum = 0;
  guint n = structure != NULL ? (guint)gst_structure_n_fields (structure) : 0;

  for (guint i = 0; i < n; i++) {
    const char *label = gst_structure_nth_field_name (structure, i);
    GValue number = G_VALUE_INIT;
    g_value_init (&number, G_TYPE_DOUBLE);
    if (i == EMOTION_MAX_LABELS)
      return refuse (error, label, "is one label more than a model can have");
    if (!g_value_transform (gst_structure_get_value (structure, label), &number))
      return refuse (error, label, "has no number");
    double probability = g_value_get_double (&number);
    if (!(probability >= 0 && probability <= 1))
      return refuse (error, label, "is not from 0 to 1");
    sum += probability;
    if (sum > 1 + TOLERANCE)
      return refuse (error, label, "makes the sum exceed 1");
    priors.labels[i] = g_quark_from_string (label);
    priors.probabilities[i] = probability;
    priors.n++;
  }
  *self = priors;
  return TRUE;
}

GstStructure *
gst_emotion_priors_to_structure (const GstEmotionPriors *self)
{
  if (!self->given)
    return NULL;
  GstStructure *structure = gst_structure_new_empty ("priors");
  for (guint i = 0; i < self->n; i++)
    gst_structure_set (structure, g_quark_to_string (self->labels[i]), G_TYPE_DOUBLE,
                       self->probabilities[i], NULL);
  return structure;
}

static gint
find_label (const EmotionModel *model, const char *label)
{
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    if (g_str_equal (emotion_model_get_label (model, i), label))
      return (gint)i;
  return -1;
}

void
gst_emotion_priors_apply (const GstEmotionPriors *self, const EmotionModel *model,
                          EmotionDecisionConfig *config)
{
  guint n = emotion_model_get_n_labels (model), n_named = 0;
  double named = 0;
  if (!self->given)
    return;
  for (guint i = 0; i < n; i++)
    config->priors[i] = -1;
  for (guint i = 0; i < self->n; i++) {
    gint label = find_label (model, g_quark_to_string (self->labels[i]));
    if (label < 0)
      continue;
    config->priors[label] = self->probabilities[i];
    named += self->probabilities[i];
    n_named++;
  }
  if (n_named == 0 && self->n > 0)
    return;
  double rest = n > n_named ? MAX (1 - named, 0) / (n - n_named) : 0;
  for (guint i = 0; i < n; i++)
    if (config->priors[i] < 0)
      config->priors[i] = rest;
  /* Zero for all labels means equal priors. */
  for (guint i = 0; i < n && named + rest <= 0; i++)
    config->priors[i] = 1;
  config->n_priors = n;
}

const char *
gst_emotion_priors_find_unknown (const GstEmotionPriors *self, const EmotionModel *model)
{
  for (guint i = 0; i < self->n; i++)
    if (find_label (model, g_quark_to_string (self->labels[i])) < 0)
      return g_quark_to_string (self->labels[i]);
  return NULL;
}
