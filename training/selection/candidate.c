/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "candidate.h"

#include <math.h>
#include <string.h>

#include "training/base/error.h"
#include "training/fitting/clipped.h"
#include "training/fitting/discriminant.h"
#include "training/fitting/kernel.h"
#include "training/fitting/logistic.h"
#include "training/fitting/svc.h"

/* Maximum size of a classifier in a model file: two of them, raw and centred, stay under 4 MB with
 * the rest. */
#define CLASSIFIER_BYTES 1.8e6
#define FLOAT_BYTES 13.0 /* of a number in a model file, with its space */
#define WHOLE_BYTES 2.7  /* of an integer, see TRAINING_COORDINATE_UNIT; measured 2.6 */
#define MIN_VECTORS 100
#define MAX_VECTORS 3000 /* a kernel machine's equations: 72 MB, a second or two */
#define FOREST_SEED 1    /* of the trees' samples, fixed: the search varies settings only */

/* Limit in standard deviations at which linear classifiers clip features. Within a corpus it
 * changes little (RAVDESS, speakers held out: UAR 0.628 without, 0.631 with); on another corpus,
 * language or microphone it gains 1 to 2 points, and more with noise. */
#define LIMIT 2.0

/* The best guess of each kind, before any search. */
static const TrainingCandidate guesses[] = {
    {.kind = TRAINING_CANDIDATE_LDA, .shrinkage = 0.3, .limit = LIMIT},
    {.kind = TRAINING_CANDIDATE_LOGISTIC, .penalty = 0.1, .limit = LIMIT},
    {.kind = TRAINING_CANDIDATE_SVC, .n_components = 96, .cost = 10, .gamma = 1},
    {.kind = TRAINING_CANDIDATE_LDA_SVC,
     .shrinkage = 0.4,
     .cost = 0.3,
     .gamma = 0.3,
     .limit = LIMIT},
    {.kind = TRAINING_CANDIDATE_KERNEL,
     .n_components = 128,
     .gamma = 0.8,
     .linear = 1,
     .ridge = 0.2},
    {.kind = TRAINING_CANDIDATE_FOREST, .trees = {.n_trees = 40, .depth = 7}},
    {.kind = TRAINING_CANDIDATE_BOOST,
     .trees = {.boosted = TRUE, .n_trees = 120, .depth = 3, .rate = 0.1}},
};

static const char *const kinds[] = {"lda",    "logistic", "svc",  "lda-svc",
                                    "kernel", "forest",   "boost"};

const char *
training_kind_to_string (TrainingKind kind)
{
  return kinds[kind];
}

const char *
training_candidates_default (void)
{
  return training_forest_get_missing () ? "lda,logistic,svc,lda-svc,kernel"
                                        : "lda,logistic,svc,lda-svc,kernel,forest,boost";
}

/* Rounds to two significant digits, so that printed and used values agree. */
static double
rounded (double value)
{
  double unit = pow (10, floor (log10 (value)) - 1);
  return round (value / unit) * unit;
}

static double
draw (GRand *random, double min, double max)
{
  return rounded (min * pow (max / min, g_rand_double (random)));
}

/* Draws settings of a kind from useful ranges, uniform in the logarithm. */
static TrainingCandidate
draw_candidate (TrainingKind kind, GRand *random)
{
  static const guint components[] = {48, 64, 96, 128};
  TrainingCandidate c = guesses[kind];
  switch (kind) {
  case TRAINING_CANDIDATE_LDA:
    c.shrinkage = draw (random, 0.05, 0.8);
    break;
  case TRAINING_CANDIDATE_LOGISTIC:
    c.penalty = draw (random, 0.01, 3);
    break;
  case TRAINING_CANDIDATE_SVC:
    c.n_components = components[g_rand_int_range (random, 0, G_N_ELEMENTS (components))];
    c.cost = draw (random, 0.5, 30);
    c.gamma = draw (random, 0.1, 3);
    break;
  case TRAINING_CANDIDATE_LDA_SVC:
    c.shrinkage = draw (random, 0.2, 0.8);
    c.cost = draw (random, 0.03, 3);
    c.gamma = draw (random, 0.1, 1);
    break;
  case TRAINING_CANDIDATE_KERNEL:
    c.n_components = components[g_rand_int_range (random, 0, G_N_ELEMENTS (components))];
    c.gamma = draw (random, 0.3, 1.5);
    c.linear = draw (random, 0.3, 3);
    c.ridge = draw (random, 0.05, 0.6);
    break;
  case TRAINING_CANDIDATE_FOREST:
    c.trees.n_trees = (guint)g_rand_int_range (random, 20, 50);
    c.trees.depth = (guint)g_rand_int_range (random, 5, 9);
    break;
  case TRAINING_CANDIDATE_BOOST:
    c.trees.n_trees = (guint)g_rand_int_range (random, 60, 160);
    c.trees.depth = (guint)g_rand_int_range (random, 2, 5);
    c.trees.rate = draw (random, 0.05, 0.3);
    break;
  }
  return c;
}

static gboolean
is_built (TrainingKind kind, GError **error)
{
  const char *missing = training_forest_get_missing ();
  if (!missing || (kind != TRAINING_CANDIDATE_FOREST && kind != TRAINING_CANDIDATE_BOOST))
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "candidate '%s': %s", kinds[kind],
               missing);
  return FALSE;
}

/* The kinds that `names` lists, each once, as an array of TrainingKind. */
static GArray *
parse_kinds (const char *names, GError **error)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingKind));
  char **words = g_strsplit (names ? names : training_candidates_default (), ",", -1);
  const char *word = "";
  gboolean ok = words[0] != NULL;
  for (guint w = 0; ok && words[w]; w++) {
    guint kind = 0;
    word = g_strstrip (words[w]);
    while (kind < G_N_ELEMENTS (kinds) && strcmp (word, kinds[kind]) != 0)
      kind++;
    ok = kind < G_N_ELEMENTS (kinds);
    for (guint i = 0; ok && i < list->len; i++)
      ok = g_array_index (list, TrainingKind, i) != kind;
    if (ok)
      g_array_append_val (list, ((TrainingKind){kind}));
  }
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--candidates: '%s' is unknown, or listed twice; use one of lda, logistic, svc, "
                 "lda-svc, kernel, forest, boost",
                 word);
  for (guint i = 0; ok && i < list->len; i++)
    ok = is_built (g_array_index (list, TrainingKind, i), error);
  if (!ok)
    g_clear_pointer (&list, g_array_unref);
  g_strfreev (words);
  return list;
}

GArray *
training_candidates_list (const char *names, guint n_settings, guint32 seed, GError **error)
{
  GArray *wanted = parse_kinds (names, error);
  if (!wanted)
    return NULL;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingCandidate));
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < MAX (n_settings, wanted->len); i++) {
    TrainingKind kind = g_array_index (wanted, TrainingKind, i % wanted->len);
    TrainingCandidate c = i < wanted->len ? guesses[kind] : draw_candidate (kind, random);
    g_array_append_val (list, c);
  }
  g_rand_free (random);
  g_array_unref (wanted);
  return list;
}

/* The rows of some groups, with their labels and weights. */
typedef struct {
  guint n;
  guint n_memorable; /* the first rows, see sort_for_memory() */
  guint *rows, *labels;
  double *weights;
} Rows;

static Rows
rows_new (guint max)
{
  return (Rows){0, 0, g_new (guint, max), g_new (guint, max), g_new (double, max)};
}

static void
rows_clear (Rows *r)
{
  g_free (r->rows);
  g_free (r->labels);
  g_free (r->weights);
}

gboolean
training_kind_gains_by_augmentation (TrainingKind kind)
{
  return kind == TRAINING_CANDIDATE_LDA || kind == TRAINING_CANDIDATE_KERNEL;
}

static Rows
gather (const TrainingSplit *split, TrainingGroups groups, gboolean source_clips_only)
{
  const TrainingDataset *data = split->data;
  Rows r = rows_new (data->n_rows);
  for (guint u = 0; u < split->n_groups; u++)
    for (guint i = 0; (groups >> u & 1) && i < split->n_rows_of_group[u]; i++) {
      const TrainingRow *row = &data->rows[split->rows_of_group[u][i]];
      if (source_clips_only && data->clips[row->clip].source_clip >= 0)
        continue;
      r.rows[r.n] = split->rows_of_group[u][i];
      r.labels[r.n] = data->clips[row->clip].label;
      r.weights[r.n++] = split->weights[split->rows_of_group[u][i]];
    }
  return r;
}

/* Gives all labels equal weights. */
static void
balance (Rows *r, guint n_labels)
{
  double *of_label = g_new0 (double, n_labels), total = 0;
  guint present = 0;
  for (guint i = 0; i < r->n; i++) {
    of_label[r->labels[i]] += r->weights[i];
    total += r->weights[i];
  }
  for (guint k = 0; k < n_labels; k++)
    present += of_label[k] > 0;
  for (guint i = 0; i < r->n; i++)
    r->weights[i] *= total / (present * of_label[r->labels[i]]);
  g_free (of_label);
}

/* Keeps about `max` rows, spread evenly. */
static void
thin (Rows *r, guint max)
{
  guint kept = MIN (r->n, max);
  for (guint i = 0; i < kept; i++) {
    const guint at = (guint)((guint64)i * r->n / kept);
    r->rows[i] = r->rows[at];
    r->labels[i] = r->labels[at];
    r->weights[i] = r->weights[at];
  }
  r->n = kept;
}

/* The number of vectors of that dimension, with a coefficient per label, that fit into
 * CLASSIFIER_BYTES. */
static guint
vectors_that_fit (const TrainingProjection *space, guint n_labels)
{
  const double number = space->unit > 1 ? WHOLE_BYTES : FLOAT_BYTES;
  const double fixed = FLOAT_BYTES * (n_labels + 2.0) * space->n_features +
                       number * space->n_components * space->n_features;
  const double each = number * space->n_components + FLOAT_BYTES * n_labels;
  return (guint)CLAMP ((CLASSIFIER_BYTES - fixed) / each, MIN_VECTORS, MAX_VECTORS);
}

static EmotionClassifier *
fit_svc (const TrainingCandidate *c, const TrainingProjection *space, guint n_labels,
         const float *matrix, Rows *r, GError **error)
{
  thin (r, vectors_that_fit (space, n_labels));
  return training_svc_fit (space, n_labels, matrix, r->rows, r->labels, r->weights, r->n, c->cost,
                           c->gamma, error);
}

static EmotionClassifier *
fit_discriminant (const TrainingCandidate *c, const TrainingMoments *moments, const float *matrix,
                  Rows *r, GError **error)
{
  EmotionClassifier *classifier = NULL;
  TrainingDiscriminant *discriminant =
      training_discriminant_fit (moments, c->shrinkage, c->unbalanced, error);
  if (discriminant && c->kind == TRAINING_CANDIDATE_LDA) {
    classifier = training_discriminant_to_classifier (discriminant);
  } else if (discriminant) {
    TrainingProjection space = training_discriminant_get_projection (discriminant);
    classifier = fit_svc (c, &space, moments->n_labels, matrix, r, error);
  }
  training_discriminant_free (discriminant);
  return classifier;
}

/* Fits on principal components. */
static EmotionClassifier *
fit_machine (const TrainingCandidate *c, const TrainingMoments *moments, const float *matrix,
             Rows *r, GError **error)
{
  TrainingProjection *space = training_components_fit (moments, c->n_components, error);
  EmotionClassifier *classifier = NULL;
  if (space && c->kind == TRAINING_CANDIDATE_SVC) {
    classifier = fit_svc (c, space, moments->n_labels, matrix, r, error);
  } else if (space) {
    const TrainingKernelSettings settings = {
        c->ridge, c->gamma, c->linear, vectors_that_fit (space, moments->n_labels), r->n_memorable};
    classifier = training_kernel_fit (space, moments->n_labels, matrix, r->rows, r->labels,
                                      r->weights, r->n, &settings, error);
  }
  training_projection_free (space);
  return classifier;
}

/* Sorts the rows for a kernel machine, which memorises single rows. The early windows of a clip
 * repeat its first one and are dropped: measured on RAVDESS, results are better without them.
 * Augmented clips come last, so that vectors are source clips: with as many vectors, clips held
 * out, UAR is 0.03 higher than with augmented clips among them. `place` gives the position of each
 * row in the dataset. */
static void
sort_for_memory (Rows *r, const guint *place, const TrainingDataset *data)
{
  Rows sorted = rows_new (r->n);
  for (gboolean augmented = FALSE; augmented <= TRUE; augmented++) {
    for (guint i = 0; i < r->n; i++) {
      const TrainingRow *row = &data->rows[place[i]];
      if (row->window.early || (data->clips[row->clip].augmentation > 0) != augmented)
        continue;
      sorted.rows[sorted.n] = r->rows[i];
      sorted.labels[sorted.n] = r->labels[i];
      sorted.weights[sorted.n++] = r->weights[i];
    }
    if (!augmented)
      sorted.n_memorable = sorted.n;
  }
  rows_clear (r);
  *r = sorted;
}

static gboolean
is_discriminant (TrainingKind kind)
{
  return kind == TRAINING_CANDIDATE_LDA || kind == TRAINING_CANDIDATE_LDA_SVC;
}

/* Whether it is fitted on all second moments of the rows as they are. */
static gboolean
needs_squares (const TrainingCandidate *c)
{
  return c->kind == TRAINING_CANDIDATE_SVC || c->kind == TRAINING_CANDIDATE_KERNEL ||
         (is_discriminant (c->kind) && c->limit <= 0);
}

/* Approximate: a speaker group may contain several speakers. */
static double
count_speakers (const TrainingSplit *split, TrainingGroups groups)
{
  return (double)split->n_speakers * training_groups_count (groups) /
         training_groups_count (split->all);
}

static EmotionClassifier *
fit_on (const TrainingCandidate *c, const TrainingMoments *moments, const float *matrix, Rows *r,
        GError **error)
{
  switch (c->kind) {
  case TRAINING_CANDIDATE_LDA:
  case TRAINING_CANDIDATE_LDA_SVC:
    return fit_discriminant (c, moments, matrix, r, error);
  case TRAINING_CANDIDATE_LOGISTIC:
    return training_logistic_fit (moments, matrix, r->rows, r->labels, r->weights, r->n, c->penalty,
                                  error);
  case TRAINING_CANDIDATE_SVC:
  case TRAINING_CANDIDATE_KERNEL:
    return fit_machine (c, moments, matrix, r, error);
  case TRAINING_CANDIDATE_FOREST:
  case TRAINING_CANDIDATE_BOOST:
    return training_forest_fit (moments, matrix, r->rows, r->labels, r->weights, r->n, &c->trees,
                                FOREST_SEED, error);
  }
  g_assert_not_reached ();
}

EmotionClassifier *
training_candidate_fit (const TrainingCandidate *c, const TrainingSplit *split,
                        TrainingGroups groups, GError **error)
{
  const TrainingDataset *data = split->data;
  const float *matrix = split->matrix;
  TrainingClipped *clipped = NULL;
  Rows r = gather (split, groups, c->source_clips_only);
  guint *place = g_memdup2 (r.rows, r.n * sizeof *r.rows);
  TrainingMoments *moments = training_split_sum (split, groups, needs_squares (c));
  if (c->limit > 0) {
    clipped = training_clipped_new (moments, matrix, r.rows, r.labels, r.weights, r.n, c->limit,
                                    c->kind != TRAINING_CANDIDATE_LDA);
    if (split->raw)
      training_clipped_mix (clipped, split->raw->matrix, r.rows, r.labels, r.weights, r.n,
                            TRAINING_RAW_FRACTION);
    if (split->auxiliary && is_discriminant (c->kind))
      training_auxiliary_add (split->auxiliary, split->raw != NULL, clipped->scale,
                              count_speakers (split, groups), clipped->moments);
    matrix = clipped->matrix;
    for (guint i = 0; i < r.n; i++)
      r.rows[i] = i;
  }
  if (c->kind == TRAINING_CANDIDATE_SVC || c->kind == TRAINING_CANDIDATE_KERNEL)
    sort_for_memory (&r, place, data);
  if (!c->unbalanced)
    balance (&r, data->n_labels);
  EmotionClassifier *classifier =
      fit_on (c, clipped ? clipped->moments : moments, matrix, &r, error);
  if (clipped)
    classifier = training_clipped_wrap (clipped, classifier);
  training_clipped_free (clipped);
  training_moments_free (moments);
  rows_clear (&r);
  g_free (place);
  return classifier;
}
