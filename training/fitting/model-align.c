/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-align.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "core/model/model-reader.h"

#define MAX_VERSION 99
#define MAX_NUMBERS (1 << 26) /* of one array */

typedef struct {
  const EmotionFeatureSet *to;
  gsize n_before;                           /* features of the file */
  const EmotionClassifierParts *classifier; /* the classifier before alignment */
  GPtrArray *arrays;                        /* all allocated arrays */
  gboolean failed;
} Alignment;

static float *
new_array (Alignment *self, gsize n)
{
  float *array = g_new (float, n);
  g_ptr_array_add (self->arrays, array);
  return array;
}

/* Copies a matrix to as many columns as the set has features. */
static const float *
resize (Alignment *self, const float *values, gsize rows, float fill)
{
  const gsize before = self->n_before, after = self->to->n_features;
  self->failed = self->failed || rows > MAX_NUMBERS / after;
  if (self->failed)
    return values;
  float *resized = new_array (self, rows * after);
  for (gsize r = 0; r < rows; r++)
    for (gsize c = 0; c < after; c++)
      resized[r * after + c] = c < before ? values[r * before + c] : fill;
  return resized;
}

/* Multiplies the coefficients of each vector by the kernel factor of the removed features, which
 * are 0 in every input. */
static const float *
scale_coefficients (Alignment *self, const float *coefficients, gsize rows)
{
  const EmotionClassifierParts *classifier = self->classifier;
  float *scaled = new_array (self, rows * classifier->n_vectors);
  for (gsize v = 0; v < classifier->n_vectors; v++) {
    double square = 0;
    for (gsize k = self->to->n_features; k < self->n_before; k++)
      square += (double)classifier->vectors[v * self->n_before + k] *
                classifier->vectors[v * self->n_before + k];
    const float factor = (float)exp (-classifier->gamma * square);
    for (gsize i = v; i < rows * classifier->n_vectors; i += classifier->n_vectors)
      scaled[i] = coefficients[i] * factor;
  }
  return scaled;
}

/* Nodes that test a removed feature take the branch for 0. */
static const float *
settle_nodes (Alignment *self, const float *nodes, gsize n)
{
  float *settled = memcpy (new_array (self, 4 * n), nodes, 4 * n * sizeof *nodes);
  for (float *node = settled; node < settled + 4 * n; node += 4) {
    if (node[0] < (float)self->to->n_features)
      continue;
    node[0] = 0;
    node[1] = node[1] > 0 ? FLT_MAX : -FLT_MAX;
  }
  return settled;
}

static void
align_fields (Alignment *self, EmotionModelContent *content, const EmotionField *fields)
{
  const gboolean projected = content->classifier.n_components > 0;
  for (; fields->key; fields++) {
    const float **values = emotion_model_content_get (content, fields->place);
    const gsize rows = emotion_model_content_get_size (content, fields->rows);
    if (!emotion_model_content_has (content, fields))
      continue;
    if (fields->columns == EMOTION_SIZE_FEATURES ||
        (fields->columns == EMOTION_SIZE_INPUTS && !projected))
      *values = resize (self, *values, rows, fields->fill);
    else if (fields->columns == EMOTION_SIZE_VECTORS && !projected)
      *values = scale_coefficients (self, *values, rows);
    else if (fields->rows == EMOTION_SIZE_NODES && !projected)
      *values = settle_nodes (self, *values, rows);
  }
}

/* Replaces a classifier. */
static void
align_view (Alignment *self, EmotionClassifier **classifier)
{
  EmotionModelContent content = {.classifier = *emotion_classifier_get_parts (*classifier)};
  self->classifier = emotion_classifier_get_parts (*classifier);
  align_fields (self, &content, emotion_classifier_fields);
  content.classifier.n_features = self->to->n_features;
  EmotionClassifier *aligned =
      self->failed ? NULL : emotion_classifier_new (&content.classifier, NULL);
  self->failed = !aligned;
  if (aligned) {
    emotion_classifier_unref (*classifier);
    *classifier = aligned;
  }
}

/* The file of the aligned model; NULL when alignment is impossible. */
static GBytes *
align_content (EmotionModelContent *content, const EmotionFeatureSet *to)
{
  Alignment self = {.to = to,
                    .n_before = content->classifier.n_features,
                    .arrays = g_ptr_array_new_with_free_func (g_free)};
  GBytes *file = NULL;
  for (guint i = 0; i < content->model.n_classifiers; i++)
    align_view (&self, &content->classifiers[i]);
  if (content->model.outlier)
    align_view (&self, &content->model.outlier);
  if (content->model.intensity)
    align_view (&self, &content->model.intensity);
  EmotionModelContent aligned = *content; /* does not own its arrays */
  align_fields (&self, &aligned, emotion_adaptation_fields);
  aligned.model.features = to;
  EmotionModel *model = self.failed ? NULL : emotion_model_new (&aligned.model, NULL);
  if (model)
    file = emotion_model_serialize (model);
  emotion_model_unref (model);
  g_ptr_array_unref (self.arrays);
  return file;
}

/* The set of that name; otherwise another version of it: the latest with the file's number of
 * features, or the latest. */
static const EmotionFeatureSet *
find_nearest (const char *name, guint n_features)
{
  const char *dash = strrchr (name, '-');
  const EmotionFeatureSet *nearest = emotion_feature_set_find (name);
  gboolean alike = nearest != NULL;
  for (guint version = MAX_VERSION; !alike && dash && version > 0; version--) {
    char *other = g_strdup_printf ("%.*s-%u", (int)(dash - name), name, version);
    const EmotionFeatureSet *set = emotion_feature_set_find (other);
    alike = set && set->n_features == n_features;
    if (alike || (set && !nearest))
      nearest = set;
    g_free (other);
  }
  return nearest;
}

static char *
describe (const EmotionModelContent *from, const EmotionFeatureSet *to)
{
  const guint ours = to->n_features, before = from->classifier.n_features;
  char *layout = emotion_feature_set_hash (to);
  GString *text = g_string_new (NULL);
  g_string_printf (text,
                   "made for %u features of set '%s' with layout %.12s, used with "
                   "the %u of '%s' with layout %.12s: %u are matched by position",
                   before, from->set_name, from->layout, ours, to->name, layout,
                   MIN (ours, before));
  if (before > ours)
    g_string_append_printf (text, ", %u are missing and replaced by their mean in training",
                            before - ours);
  if (ours > before)
    g_string_append_printf (text, ", %u are not used", ours - before);
  g_string_append (text, "; the predictions may be meaningless");
  g_free (layout);
  return g_string_free (text, FALSE);
}

GBytes *
training_model_align (const char *text, gsize size, const EmotionFeatureSet *to, char **what)
{
  EmotionModelContent content;
  GBytes *aligned = NULL;
  if (emotion_model_content_read (&content, text, size, "", TRUE, NULL)) {
    if (!to && !content.model.features)
      to = find_nearest (content.set_name, content.classifier.n_features);
    if (to && to != content.model.features)
      aligned = align_content (&content, to);
    if (aligned)
      *what = describe (&content, to);
  }
  emotion_model_content_clear (&content);
  return aligned;
}
