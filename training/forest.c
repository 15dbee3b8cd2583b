/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "forest.h"

#include "decode.h"

#ifdef HAVE_XGBOOST

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

#define BOOST_ROWS "0.8"    /* share of rows that a boosted tree sees */
#define BOOST_COLUMNS "0.1" /* share of features that a level of it sees */
#define FOREST_ROWS "0.632" /* of a bootstrap sample, the share of distinct rows */

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

static gboolean
load (Machine *self, const float *matrix, guint n_features, const guint *rows, const guint *labels,
      const double *weights, guint n)
{
  float *gathered = g_new (float, (gsize)n *n_features), *y = g_new (float, n),
        *w = g_new (float, n);
  for (guint r = 0; r < n; r++) {
    memcpy (gathered + (gsize)r * n_features, matrix + (gsize)rows[r] * n_features,
            n_features * sizeof (float));
    y[r] = (float)labels[r];
    w[r] = (float)weights[r];
  }
  gboolean loaded = ok (self, XGDMatrixCreateFromMat (gathered, n, n_features, NAN, &self->data)) &&
                    ok (self, XGDMatrixSetFloatInfo (self->data, "label", y, n)) &&
                    ok (self, XGDMatrixSetFloatInfo (self->data, "weight", w, n)) &&
                    ok (self, XGBoosterCreate (&self->data, 1, &self->booster));
  g_free (gathered);
  g_free (y);
  g_free (w);
  return loaded;
}

static gboolean
grow (Machine *self, guint n_features, guint n_labels, const TrainingForestSettings *settings,
      guint32 seed)
{
  char share[G_ASCII_DTOSTR_BUF_SIZE];
  set (self, "objective", "multi:softprob");
  set (self, "num_class", "%u", n_labels);
  set (self, "nthread", "1");
  set (self, "seed", "%u", seed);
  set (self, "tree_method", "hist");
  set (self, "max_depth", "%u", settings->depth);
  set (self, "verbosity", "0");
  if (settings->boosted) {
    set (self, "eta", "%s", g_ascii_dtostr (share, sizeof share, settings->rate));
    set (self, "subsample", BOOST_ROWS);
    set (self, "colsample_bylevel", BOOST_COLUMNS);
  } else {
    set (self, "eta", "1");
    set (self, "num_parallel_tree", "%u", settings->n_trees);
    set (self, "subsample", FOREST_ROWS);
    set (self, "min_child_weight", "0");
    set (self, "colsample_bynode", "%s",
         g_ascii_dtostr (share, sizeof share, 1 / sqrt (n_features)));
  }
  for (guint round = 0; round < (settings->boosted ? settings->n_trees : 1); round++)
    if (!ok (self, XGBoosterUpdateOneIter (self->booster, (int)round, self->data)))
      return FALSE;
  return TRUE;
}

/* Appends one tree as XGBoost's JSON has it: a leaf has no left child and its value in place of the
 * threshold; features are numbered as ours, and none is ever missing. */
static void
append_tree (JsonObject *tree, guint label, GArray *trees, GArray *nodes)
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
        leaf ? -1 : (float)json_array_get_int_element (feature, i),
        (float)json_array_get_double_element (value, i),
        leaf ? 0 : (float)(first + child),
        leaf ? 0 : (float)(first + json_array_get_int_element (right, i)),
    };
    g_array_append_vals (nodes, node, 4);
  }
}

/* The trees of the booster, a row of `trees` and some of `nodes` each. */
static gboolean
take_trees (Machine *self, GArray *trees, GArray *nodes)
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
                   (guint)json_array_get_int_element (label, t), trees, nodes);
  }
  g_object_unref (parser);
  return parsed;
}

static EmotionView *
to_view (const TrainingForestSettings *settings, guint n_features, guint n_labels,
         const GArray *trees, const GArray *nodes, GError **error)
{
  float *zeros = g_new0 (float, MAX (n_features, n_labels)), *ones = g_new (float, n_features);
  for (guint i = 0; i < n_features; i++)
    ones[i] = 1;
  EmotionViewParts parts = {
      .name = settings->boosted ? "boost" : "forest",
      .n_features = n_features,
      .n_labels = n_labels,
      .mean = zeros, /* trees split the features as they are */
      .scale = ones,
      .classifier = EMOTION_CLASSIFIER_TREES,
      .bias = zeros,
      .n_trees = trees->len / 2,
      .n_nodes = nodes->len / 4,
      .trees = (const float *)(gconstpointer)trees->data,
      .nodes = (const float *)(gconstpointer)nodes->data,
      .temperature = 1,
  };
  EmotionView *view = NULL;
  if (parts.n_nodes > TRAINING_FOREST_MAX_NODES)
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "%u trees of %u nodes would make a model file of over 4 MB: use fewer or shallower "
        "ones",
        parts.n_trees, parts.n_nodes);
  else
    view = emotion_view_new (&parts, error);
  g_free (zeros);
  g_free (ones);
  return view;
}

EmotionView *
training_forest_fit (const float *matrix, guint n_features, guint n_labels, const guint *rows,
                     const guint *labels, const double *weights, guint n,
                     const TrainingForestSettings *settings, guint32 seed, GError **error)
{
  Machine machine = {.error = error};
  GArray *trees = g_array_new (FALSE, FALSE, sizeof (float));
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (float));
  EmotionView *view = NULL;
  if (load (&machine, matrix, n_features, rows, labels, weights, n) &&
      grow (&machine, n_features, n_labels, settings, seed) && take_trees (&machine, trees, nodes))
    view = to_view (settings, n_features, n_labels, trees, nodes, error);
  if (machine.booster)
    XGBoosterFree (machine.booster);
  if (machine.data)
    XGDMatrixFree (machine.data);
  g_array_unref (trees);
  g_array_unref (nodes);
  return view;
}

#else

EmotionView *
training_forest_fit (const float *matrix, guint n_features, guint n_labels, const guint *rows,
                     const guint *labels, const double *weights, guint n,
                     const TrainingForestSettings *settings, guint32 seed, GError **error)
{
  (void)matrix, (void)n_features, (void)n_labels, (void)rows, (void)labels, (void)weights, (void)n;
  (void)settings, (void)seed;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "this build cannot train trees: apt install libxgboost-dev, then meson configure "
               "-Dxgboost=enabled and build again");
  return NULL;
}

#endif
