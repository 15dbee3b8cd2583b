/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "classifier.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/emotion.h"

#define MIN_LOG (-1e300) /* minimum of a log-posterior, so that all are finite */
#define LANES 8          /* partial sums */

struct _EmotionClassifier {
  gint ref_count;
  EmotionClassifierParts parts; /* its arrays are owned */
};

static guint
n_pairs (const EmotionClassifierParts *p)
{
  return p->n_labels * (p->n_labels - 1) / 2;
}

/* The size of the classifier's input. */
static guint
n_inputs (const EmotionClassifierParts *p)
{
  return p->n_components ? p->n_components : p->n_features;
}

static gsize
n_weights (const EmotionClassifierParts *p)
{
  return (gsize)p->n_labels * (p->kind == EMOTION_CLASSIFIER_KERNEL ? p->n_features : n_inputs (p));
}

static gboolean
check_numbers (const char *what, const float *numbers, gsize n, gboolean positive, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    if (isfinite (numbers[i]) && (!positive || numbers[i] > 0))
      continue;
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "number %" G_GSIZE_FORMAT " of the classifier's %s is %g: it must be %s", i, what,
                 numbers[i], positive ? "finite and above 0" : "finite");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_kernel (const EmotionClassifierParts *p, GError **error)
{
  if (p->n_vectors < 1 || !(p->gamma > 0) || !isfinite (p->gamma)) {
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "the classifier's kernel has %u vectors and gamma %g: both must be above 0",
                 p->n_vectors, p->gamma);
    return FALSE;
  }
  return check_numbers ("vectors", p->vectors, (gsize)p->n_vectors * n_inputs (p), FALSE, error) &&
         check_numbers ("coefficients", p->coefficients, (gsize)p->n_labels * p->n_vectors, FALSE,
                        error);
}

static gboolean
check_svm (const EmotionClassifierParts *p, GError **error)
{
  guint64 total = 0;
  for (guint i = 0; i < p->n_labels; i++)
    total += p->vectors_per_label[i];
  if (total < 1 || total != p->n_vectors || !(p->gamma > 0) || !isfinite (p->gamma)) {
    g_set_error (
        error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
        "the classifier's SVM has %u support vectors, %" G_GUINT64_FORMAT
        " by its counts per label, and gamma %g: the counts must agree and gamma must be above 0",
        p->n_vectors, total, p->gamma);
    return FALSE;
  }
  return check_numbers ("vectors", p->vectors, (gsize)p->n_vectors * n_inputs (p), FALSE, error) &&
         check_numbers ("coefficients", p->coefficients, (gsize)(p->n_labels - 1) * p->n_vectors,
                        FALSE, error) &&
         check_numbers ("rho", p->rho, n_pairs (p), FALSE, error);
}

static gboolean
is_index (float value, guint below)
{
  return value >= 0 && value < (float)below && value == floorf (value);
}

/* As children come after their parents, every path ends in a leaf. */
static gboolean
check_trees (const EmotionClassifierParts *p, GError **error)
{
  gboolean ok = p->n_trees > 0 && p->n_nodes > 0 && p->n_nodes <= EMOTION_MAX_NODES;
  for (guint t = 0; ok && t < p->n_trees; t++)
    ok = is_index (p->trees[2 * t], p->n_labels) && is_index (p->trees[2 * t + 1], p->n_nodes);
  for (guint i = 0; ok && i < p->n_nodes; i++) {
    const float *node = p->nodes + 4 * (gsize)i;
    ok = node[0] == -1 ||
         (is_index (node[0], n_inputs (p)) && is_index (node[2], p->n_nodes) &&
          is_index (node[3], p->n_nodes) && node[2] > (float)i && node[3] > (float)i);
  }
  if (!ok)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "the classifier's %u trees of %u nodes are inconsistent", p->n_trees, p->n_nodes);
  return ok && check_numbers ("nodes", p->nodes, 4 * (gsize)p->n_nodes, FALSE, error) &&
         check_numbers ("bias", p->bias, p->n_labels, FALSE, error);
}

static gboolean
check (const EmotionClassifierParts *p, GError **error)
{
  if (!emotion_text_is_name (p->name) || p->n_labels < 2 || p->n_features < 1 ||
      p->n_components > p->n_features || !(p->temperature > 0) || !isfinite (p->temperature)) {
    g_set_error (
        error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
        "classifier '%s' with %u features, %u components, %u labels and temperature %g: it needs a "
        "lower-case name, features, no more components than these, two labels and a "
        "temperature above 0",
        p->name, p->n_features, p->n_components, p->n_labels, p->temperature);
    return FALSE;
  }
  if (!(p->limit >= 0) || !isfinite (p->limit)) {
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "the classifier's limit is %g: it must be finite and 0 or above", p->limit);
    return FALSE;
  }
  if (!check_numbers ("mean", p->mean, p->n_features, FALSE, error) ||
      !check_numbers ("scale", p->scale, p->n_features, TRUE, error) ||
      !check_numbers ("projection", p->projection, (gsize)p->n_components * p->n_features, FALSE,
                      error))
    return FALSE;
  if (p->kind == EMOTION_CLASSIFIER_SVM)
    return check_svm (p, error);
  if (p->kind == EMOTION_CLASSIFIER_TREES)
    return check_trees (p, error);
  return check_numbers ("weights", p->weights, n_weights (p), FALSE, error) &&
         check_numbers ("bias", p->bias, p->n_labels, FALSE, error) &&
         (p->kind != EMOTION_CLASSIFIER_KERNEL || check_kernel (p, error));
}

static float *
copy (const float *numbers, gsize n)
{
  return g_memdup2 (numbers, n * sizeof *numbers);
}

EmotionClassifier *
emotion_classifier_new (const EmotionClassifierParts *p, GError **error)
{
  if (!check (p, error))
    return NULL;
  EmotionClassifier *self = g_new0 (EmotionClassifier, 1);
  EmotionClassifierParts *own = &self->parts;
  guint d = n_inputs (p);
  self->ref_count = 1;
  own->name = g_strdup (p->name);
  own->n_features = p->n_features;
  own->n_labels = p->n_labels;
  own->n_components = p->n_components;
  own->kind = p->kind;
  own->temperature = p->temperature;
  own->limit = p->limit;
  own->mean = copy (p->mean, p->n_features);
  own->scale = copy (p->scale, p->n_features);
  own->projection = copy (p->projection, (gsize)p->n_components * p->n_features);
  if (p->kind == EMOTION_CLASSIFIER_LINEAR || p->kind == EMOTION_CLASSIFIER_KERNEL) {
    own->weights = copy (p->weights, n_weights (p));
    own->bias = copy (p->bias, p->n_labels);
  }
  if (p->kind == EMOTION_CLASSIFIER_KERNEL) {
    own->n_vectors = p->n_vectors;
    own->gamma = p->gamma;
    own->vectors = copy (p->vectors, (gsize)p->n_vectors * d);
    own->coefficients = copy (p->coefficients, (gsize)p->n_labels * p->n_vectors);
  } else if (p->kind == EMOTION_CLASSIFIER_TREES) {
    own->bias = copy (p->bias, p->n_labels);
    own->n_trees = p->n_trees;
    own->n_nodes = p->n_nodes;
    own->trees = copy (p->trees, 2 * (gsize)p->n_trees);
    own->nodes = copy (p->nodes, 4 * (gsize)p->n_nodes);
  } else if (p->kind == EMOTION_CLASSIFIER_SVM) {
    own->n_vectors = p->n_vectors;
    own->gamma = p->gamma;
    own->vectors_per_label = g_memdup2 (p->vectors_per_label, p->n_labels * sizeof (guint));
    own->vectors = copy (p->vectors, (gsize)p->n_vectors * d);
    own->coefficients = copy (p->coefficients, (gsize)(p->n_labels - 1) * p->n_vectors);
    own->rho = copy (p->rho, n_pairs (p));
  }
  return self;
}

EmotionClassifier *
emotion_classifier_ref (EmotionClassifier *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
emotion_classifier_unref (EmotionClassifier *self)
{
  if (!self || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  EmotionClassifierParts *p = &self->parts;
  gconstpointer owned[] = {
      p->name,    p->mean,         p->scale, p->projection,        p->weights, p->bias,
      p->vectors, p->coefficients, p->rho,   p->vectors_per_label, p->trees,   p->nodes};
  for (guint i = 0; i < G_N_ELEMENTS (owned); i++)
    g_free ((gpointer)owned[i]);
  g_free (self);
}

const EmotionClassifierParts *
emotion_classifier_get_parts (const EmotionClassifier *self)
{
  return &self->parts;
}

gsize
emotion_classifier_get_scratch (const EmotionClassifier *self)
{
  const EmotionClassifierParts *p = &self->parts;
  return (gsize)p->n_features + p->n_components + p->n_vectors + n_pairs (p);
}

/* Sums in several lanes, because the additions of different lanes need not wait for each other. */

static double
add_up (const double sum[LANES])
{
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static double
product (const float *row, const double *x, guint n)
{
  double sum[LANES] = {0};
  guint i = 0;
  for (; i + LANES <= n; i += LANES)
    for (guint l = 0; l < LANES; l++)
      sum[l] += row[i + l] * x[i + l];
  for (; i < n; i++)
    sum[i % LANES] += row[i] * x[i];
  return add_up (sum);
}

static double
square_distance (const float *row, const double *x, guint n)
{
  double sum[LANES] = {0};
  guint i = 0;
  for (; i + LANES <= n; i += LANES)
    for (guint l = 0; l < LANES; l++)
      sum[l] += (x[i + l] - row[i + l]) * (x[i + l] - row[i + l]);
  for (; i < n; i++)
    sum[i % LANES] += (x[i] - row[i]) * (x[i] - row[i]);
  return add_up (sum);
}

/* Scales, clips and projects `vector` into `scratch`. Returns the classifier's input, which is in
 * `scratch`, and sets `rest` to the unused scratch memory behind it. */
static const double *
prepare (const EmotionClassifierParts *p, const float *vector, double *scratch, double **rest)
{
  double *scaled = scratch, *projected = scaled + p->n_features;
  *rest = projected + p->n_components;
  const double limit = p->limit > 0 ? p->limit : G_MAXDOUBLE;
  for (guint i = 0; i < p->n_features; i++)
    scaled[i] = CLAMP (((double)vector[i] - p->mean[i]) * p->scale[i], -limit, limit);
  for (guint c = 0; c < p->n_components; c++)
    projected[c] = product (p->projection + (gsize)c * p->n_features, scaled, p->n_features);
  return p->n_components ? projected : scaled;
}

static void
evaluate_kernels (const EmotionClassifierParts *p, const double *x, double *kernel)
{
  const guint d = n_inputs (p);
  for (guint v = 0; v < p->n_vectors; v++)
    kernel[v] = exp (-p->gamma * square_distance (p->vectors + (gsize)v * d, x, d));
}

/* Writes the kernel values to `kernel` and the decision values of all pairs to `decisions`. */
static void
decide_pairs (const EmotionClassifierParts *p, const double *x, double *kernel, double *decisions)
{
  evaluate_kernels (p, x, kernel);
  guint pair = 0, start_i = 0;
  for (guint i = 0; i < p->n_labels; start_i += p->vectors_per_label[i++]) {
    guint start_j = start_i + p->vectors_per_label[i];
    for (guint j = i + 1; j < p->n_labels; start_j += p->vectors_per_label[j++], pair++) {
      const float *of_i = p->coefficients + (gsize)(j - 1) * p->n_vectors;
      const float *of_j = p->coefficients + (gsize)i * p->n_vectors;
      double sum = -(double)p->rho[pair];
      for (guint k = start_i; k < start_i + p->vectors_per_label[i]; k++)
        sum += of_i[k] * kernel[k];
      for (guint k = start_j; k < start_j + p->vectors_per_label[j]; k++)
        sum += of_j[k] * kernel[k];
      decisions[pair] = sum;
    }
  }
}

void
emotion_classifier_svm_decisions (const EmotionClassifier *self, const float *vector,
                                  double *scratch, double *decisions)
{
  double *rest;
  const double *x = prepare (&self->parts, vector, scratch, &rest);
  decide_pairs (&self->parts, x, rest, decisions);
}

static void
score_svm (const EmotionClassifierParts *p, const double *x, double *scratch, double *scores)
{
  double *decisions = scratch + p->n_vectors;
  decide_pairs (p, x, scratch, decisions);
  memset (scores, 0, p->n_labels * sizeof *scores);
  for (guint i = 0, pair = 0; i < p->n_labels; i++)
    for (guint j = i + 1; j < p->n_labels; j++, pair++) {
      const double vote = tanh (EMOTION_VOTE_STEEPNESS * decisions[pair]);
      scores[i] += vote;
      scores[j] -= vote;
    }
}

static void
score_linear (const EmotionClassifierParts *p, const double *x, guint n, double *scores)
{
  for (guint k = 0; k < p->n_labels; k++)
    scores[k] = p->bias[k] + product (p->weights + (gsize)k * n, x, n);
}

static void
score_kernel (const EmotionClassifierParts *p, const double *x, const double *scaled,
              double *kernel, double *scores)
{
  evaluate_kernels (p, x, kernel);
  score_linear (p, scaled, p->n_features, scores);
  for (guint k = 0; k < p->n_labels; k++)
    scores[k] += product (p->coefficients + (gsize)k * p->n_vectors, kernel, p->n_vectors);
}

static void
score_trees (const EmotionClassifierParts *p, const double *x, double *scores)
{
  for (guint k = 0; k < p->n_labels; k++)
    scores[k] = p->bias[k];
  for (guint t = 0; t < p->n_trees; t++) {
    const float *node = p->nodes + 4 * (gsize)p->trees[2 * t + 1];
    while (node[0] >= 0)
      node = p->nodes + 4 * (gsize)node[(float)x[(guint)node[0]] < node[1] ? 2 : 3];
    scores[(guint)p->trees[2 * t]] += node[1];
  }
}

void
emotion_classifier_score (const EmotionClassifier *self, const float *vector, double *scratch,
                          double *log_posteriors)
{
  const EmotionClassifierParts *p = &self->parts;
  double *rest;
  const double *x = prepare (p, vector, scratch, &rest);
  if (p->kind == EMOTION_CLASSIFIER_SVM)
    score_svm (p, x, rest, log_posteriors);
  else if (p->kind == EMOTION_CLASSIFIER_KERNEL)
    score_kernel (p, x, scratch, rest, log_posteriors);
  else if (p->kind == EMOTION_CLASSIFIER_TREES)
    score_trees (p, x, log_posteriors);
  else
    score_linear (p, x, n_inputs (p), log_posteriors);
  emotion_log_softmax (log_posteriors, p->n_labels, p->temperature);
}

void
emotion_log_softmax (double *log_posteriors, guint n, double temperature)
{
  double max = log_posteriors[0], sum = 0;
  for (guint i = 1; i < n; i++)
    max = MAX (max, log_posteriors[i]);
  for (guint i = 0; i < n; i++) {
    log_posteriors[i] = MAX ((log_posteriors[i] - max) / temperature, MIN_LOG);
    sum += exp (log_posteriors[i]);
  }
  for (guint i = 0; i < n; i++)
    log_posteriors[i] -= log (sum);
}
