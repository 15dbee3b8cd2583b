/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "forest.h"

#include "training/base/error.h"

#ifdef HAVE_XGBOOST

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xgboost/c_api.h>

#define BOOST_ROWS "0.8"    /* fraction of rows per boosted tree */
#define BOOST_COLUMNS "0.1" /* fraction of features per level of a tree */
#define BINS "64"           /* histogram bins per feature */
/* The number of features available to trees: those that separate the labels best on their own.
 * RAVDESS with speakers held out, UAR and seconds per fit of boosted trees: 200 features 0.51, 0.6;
 * 500 0.55, 1.6; all 1474 0.56, 5.5. */
#define MAX_FEATURES 500
#define FOREST_ROWS "0.632" /* fraction of distinct rows in a bootstrap sample */

typedef struct {
  DMatrixHandle data;
  BoosterHandle booster;
  GError **error;
  gboolean failed;
} Machine;

/* Keeps the first failure. */
static gboolean
ok (Machine *self, int status)
{
  if (status != 0 && !self->failed) {
    g_set_error (self->error, TRAINING_ERROR, TRAINING_ERROR_DATA, "XGBoost: %s",
                 XGBGetLastError ());
    self->failed = TRUE;
  }
  return !self->failed;
}

static void set (Machine *self, const char *name, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
set (Machine *self, const char *name, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  char *value = g_strdup_vprintf (format, args);
  va_end (args);
  ok (self, XGBoosterSetParam (self->booster, name, value));
  g_free (value);
}

typedef struct {
  double ratio;
  guint feature;
} Rank;

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
  const Rank *x = a, *y = b;
  if (x->ratio != y->ratio)
    return x->ratio > y->ratio ? -1 : 1;
  return x->feature < y->feature ? -1 : 1;
}

/* The features sorted by how well each separates the labels on its own: the variance between the
 * labels' means over the variance within. */
static guint *
rank_features (const TrainingMoments *m)
{
  Rank *ranks = g_new (Rank, m->n_features);
  guint *order = g_new (guint, m->n_features);
  double total = 0;
  for (guint k = 0; k < m->n_labels; k++)
    total += m->weight[k];
  for (gsize i = 0; i < m->n_features; i++) {
    double sum = 0, between = 0;
    for (guint k = 0; k < m->n_labels; k++) {
      const double of_label = m->sum[k * m->n_features + i];
      sum += of_label;
      between += m->weight[k] > 0 ? of_label * of_label / m->weight[k] : 0;
    }
    const double square = training_moments_get_square (m, (guint)i), within = square - between;
    between -= sum * sum / total;
    ranks[i] = (Rank){within > 1e-12 * square ? between / within : 0, (guint)i};
  }
  qsort (ranks, m->n_features, sizeof *ranks, compare_ranks);
  for (guint i = 0; i < m->n_features; i++)
    order[i] = ranks[i].feature;
  g_free (ranks);
  return order;
}

static gboolean
load (Machine *self, const float *matrix, guint n_features, const guint *features, guint n_used,
      const guint *rows, const guint *labels, const double *weights, guint n)
{
  float *gathered = g_new (float, (gsize)n *n_used), *y = g_new (float, n), *w = g_new (float, n);
  for (guint r = 0; r < n; r++) {
    for (guint i = 0; i < n_used; i++)
      gathered[(gsize)r * n_used + i] = matrix[(gsize)rows[r] * n_features + features[i]];
    y[r] = (float)labels[r];
    w[r] = (float)weights[r];
  }
  gboolean loaded = ok (self, XGDMatrixCreateFromMat (gathered, n, n_used, NAN, &self->data)) &&
                    ok (self, XGDMatrixSetFloatInfo (self->data, "label", y, n)) &&
                    ok (self, XGDMatrixSetFloatInfo (self->data, "weight", w, n)) &&
                    ok (self, XGBoosterCreate (&self->data, 1, &self->booster));
  g_free (gathered);
  g_free (y);
  g_free (w);
  return loaded;
}

/* The number of trees per label: as set, or as many as fit even if each tree is full. */
static guint
count_trees (const TrainingForestSettings *settings, guint n_labels, guint n)
{
  const guint64 full =
      MIN ((G_GUINT64_CONSTANT (2) << MIN (settings->depth, 32)) - 1, 2 * (guint64)MAX (n, 1) - 1);
  return (guint)CLAMP (TRAINING_FOREST_MAX_NODES / (full * n_labels), 1, settings->n_trees);
}

static gboolean
grow (Machine *self, guint n_features, guint n_labels, guint n_rows,
      const TrainingForestSettings *settings, guint32 seed)
{
  const guint n_trees = count_trees (settings, n_labels, n_rows);
  char fraction[G_ASCII_DTOSTR_BUF_SIZE];
  set (self, "objective", "multi:softprob");
  set (self, "num_class", "%u", n_labels);
  set (self, "nthread", "1");
  set (self, "seed", "%u", seed);
  set (self, "tree_method", "hist");
  set (self, "max_bin", BINS);
  set (self, "max_depth", "%u", settings->depth);
  set (self, "verbosity", "0");
  if (settings->boosted) {
    set (self, "eta", "%s", g_ascii_dtostr (fraction, sizeof fraction, settings->rate));
    set (self, "subsample", BOOST_ROWS);
    set (self, "colsample_bylevel", BOOST_COLUMNS);
  } else {
    set (self, "eta", "1");
    set (self, "num_parallel_tree", "%u", n_trees);
    set (self, "subsample", FOREST_ROWS);
    set (self, "min_child_weight", "0");
    set (self, "colsample_bynode", "%s",
         g_ascii_dtostr (fraction, sizeof fraction, 1 / sqrt (n_features)));
  }
  for (guint round = 0; round < (settings->boosted ? n_trees : 1); round++)
    if (!ok (self, XGBoosterUpdateOneIter (self->booster, (int)round, self->data)))
      return FALSE;
  return TRUE;
}

/* Appends one tree from XGBoost's JSON. A leaf has no left child, and its value in place of the
 * threshold. Features have the same numbers as here, and none is ever missing. */
static void
append_tree (JsonObject *tree, guint label, const guint *features, GArray *trees, GArray *nodes)
{
  JsonArray *left = json_object_get_array_member (tree, "left_children");
  JsonArray *right = json_object_get_array_member (tree, "right_children");
  JsonArray *feature = json_object_get_array_member (tree, "split_indices");
  JsonArray *value = json_object_get_array_member (tree, "split_conditions");
  const guint first = nodes->len / 4;
  const float root[] = {(float)label, (float)first};
  g_array_append_vals (trees, root, 2);
  for (guint i = 0; i < json_array_get_length (left); i++) {
    gint64 child = json_array_get_int_element (left, i);
    gboolean leaf = child < 0;
    const float node[] = {
        leaf ? -1 : (float)features[json_array_get_int_element (feature, i)],
        (float)json_array_get_double_element (value, i),
        leaf ? 0 : (float)(first + child),
        leaf ? 0 : (float)(first + json_array_get_int_element (right, i)),
    };
    g_array_append_vals (nodes, node, 4);
  }
}

/* Converts the trees of the booster: a row of `trees` and several of `nodes` each. */
static gboolean
take_trees (Machine *self, const guint *features, GArray *trees, GArray *nodes)
{
  bst_ulong size;
  const char *text;
  if (!ok (self, XGBoosterSaveModelToBuffer (self->booster, "{\"format\":\"json\"}", &size, &text)))
    return FALSE;
  JsonParser *parser = json_parser_new_immutable ();
  gboolean parsed = json_parser_load_from_data (parser, text, (gssize)size, self->error);
  self->failed |= !parsed;
  if (parsed) {
    JsonObject *model = json_node_get_object (json_parser_get_root (parser));
    static const char *const way[] = {"learner", "gradient_booster", "model"};
    for (guint i = 0; i < G_N_ELEMENTS (way); i++)
      model = json_object_get_object_member (model, way[i]);
    JsonArray *list = json_object_get_array_member (model, "trees");
    JsonArray *label = json_object_get_array_member (model, "tree_info");
    for (guint t = 0; t < json_array_get_length (list); t++)
      append_tree (json_array_get_object_element (list, t),
                   (guint)json_array_get_int_element (label, t), features, trees, nodes);
  }
  g_object_unref (parser);
  return parsed;
}

static EmotionClassifier *
to_classifier (const TrainingForestSettings *settings, guint n_features, guint n_labels,
               const GArray *trees, const GArray *nodes, GError **error)
{
  float *zeros = g_new0 (float, MAX (n_features, n_labels)), *ones = g_new (float, n_features);
  for (guint i = 0; i < n_features; i++)
    ones[i] = 1;
  EmotionClassifierParts parts = {
      .name = settings->boosted ? "boost" : "forest",
      .n_features = n_features,
      .n_labels = n_labels,
      .mean = zeros, /* trees split raw features */
      .scale = ones,
      .kind = EMOTION_CLASSIFIER_TREES,
      .bias = zeros,
      .n_trees = trees->len / 2,
      .n_nodes = nodes->len / 4,
      .trees = (const float *)(gconstpointer)trees->data,
      .nodes = (const float *)(gconstpointer)nodes->data,
      .temperature = 1,
  };
  EmotionClassifier *classifier = emotion_classifier_new (&parts, error);
  g_free (zeros);
  g_free (ones);
  return classifier;
}

EmotionClassifier *
training_forest_fit (const TrainingMoments *moments, const float *matrix, const guint *rows,
                     const guint *labels, const double *weights, guint n,
                     const TrainingForestSettings *settings, guint32 seed, GError **error)
{
  Machine machine = {.error = error};
  GArray *trees = g_array_new (FALSE, FALSE, sizeof (float));
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (float));
  EmotionClassifier *classifier = NULL;
  const guint n_features = moments->n_features, n_labels = moments->n_labels;
  const guint n_used = MIN (n_features, MAX_FEATURES);
  guint *features = rank_features (moments);
  if (load (&machine, matrix, n_features, features, n_used, rows, labels, weights, n) &&
      grow (&machine, n_used, n_labels, n, settings, seed) &&
      take_trees (&machine, features, trees, nodes))
    classifier = to_classifier (settings, n_features, n_labels, trees, nodes, error);
  if (machine.booster)
    XGBoosterFree (machine.booster);
  if (machine.data)
    XGDMatrixFree (machine.data);
  g_array_unref (trees);
  g_array_unref (nodes);
  g_free (features);
  return classifier;
}

const char *
training_forest_get_missing (void)
{
  return NULL;
}

#else

EmotionClassifier *
training_forest_fit (const TrainingMoments *moments, const float *matrix, const guint *rows,
                     const guint *labels, const double *weights, guint n,
                     const TrainingForestSettings *settings, guint32 seed, GError **error)
{
  (void)moments, (void)matrix, (void)rows, (void)labels, (void)weights, (void)n;
  (void)settings, (void)seed;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%s", training_forest_get_missing ());
  return NULL;
}

const char *
training_forest_get_missing (void)
{
  return "this build cannot train trees: apt install libxgboost-dev, then meson configure "
         "-Dxgboost=enabled and rebuild";
}

#endif
