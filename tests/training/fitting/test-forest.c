/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares classifiers of trees with XGBoost's own predictions, and tests which
 * features they use. */
#include "training/fitting/forest.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/base/error.h"

enum { N_FEATURES = 4, N_LABELS = 3, N_ROWS = 240 };

typedef struct {
  float *matrix; /* n_rows x n_features */
  guint n_features, rows[N_ROWS], labels[N_ROWS];
  double weights[N_ROWS];
  TrainingMoments *moments;
} Sample;

/* Features become less informative from left to right, and rows are in order, so XGBoost trained
 * here on the unchanged matrix must grow the same trees. */
static Sample *
sample_new (guint n_features)
{
  static const double offset[1000] = {0};
  Sample *s = g_new0 (Sample, 1);
  GRand *random = g_rand_new_with_seed (8);
  s->n_features = n_features;
  s->matrix = g_new (float, N_ROWS *n_features);
  for (guint r = 0; r < N_ROWS; r++) {
    s->rows[r] = r;
    s->labels[r] = r % N_LABELS;
    s->weights[r] = 0.5 + g_rand_double (random);
    for (guint f = 0; f < n_features; f++)
      s->matrix[r * n_features + f] =
          (float)(s->labels[r] + 0.3 * exp2 (MIN (f, 12)) * synthetic_normal (random));
  }
  g_rand_free (random);
  s->moments = training_moments_new (n_features, N_LABELS, offset);
  training_moments_add_rows (s->moments, s->matrix, s->rows, s->labels, s->weights, N_ROWS);
  return s;
}

static void
sample_free (Sample *s)
{
  training_moments_free (s->moments);
  g_free (s->matrix);
  g_free (s);
}

static EmotionClassifier *
fit (const Sample *s, const TrainingForestSettings *settings)
{
  GError *error = NULL;
  EmotionClassifier *classifier = training_forest_fit (s->moments, s->matrix, s->rows, s->labels,
                                                       s->weights, N_ROWS, settings, 5, &error);
  g_assert_no_error (error);
  return classifier;
}

#ifdef HAVE_XGBOOST

#include <xgboost/c_api.h>

static const char *const common[] = {
    "objective",   "multi:softprob", "num_class", "3", "nthread", "1",  "seed",      "5",
    "tree_method", "hist",           "max_depth", "4", "max_bin", "64", "verbosity", "0"};
static const char *const boosted[] = {"eta", "0.2", "subsample", "0.8", "colsample_bylevel", "0.1"};
static const char *const forest[] = {"eta",
                                     "1",
                                     "num_parallel_tree",
                                     "12",
                                     "subsample",
                                     "0.632",
                                     "min_child_weight",
                                     "0",
                                     "colsample_bynode"};

static void
set_all (BoosterHandle booster, const char *const *pairs, guint n)
{
  for (guint i = 0; i < n; i += 2)
    g_assert_cmpint (XGBoosterSetParam (booster, pairs[i], pairs[i + 1]), ==, 0);
}

/* XGBoost's posteriors of the rows, N_ROWS x N_LABELS. */
static float *
ask_xgboost (const Sample *s, gboolean boost, guint rounds)
{
  DMatrixHandle data;
  BoosterHandle booster;
  float y[N_ROWS], w[N_ROWS];
  const float *prediction;
  bst_ulong n;
  char fraction[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint r = 0; r < N_ROWS; r++) {
    y[r] = (float)s->labels[r];
    w[r] = (float)s->weights[r];
  }
  g_assert_cmpint (XGDMatrixCreateFromMat (s->matrix, N_ROWS, N_FEATURES, NAN, &data), ==, 0);
  g_assert_cmpint (XGDMatrixSetFloatInfo (data, "label", y, N_ROWS), ==, 0);
  g_assert_cmpint (XGDMatrixSetFloatInfo (data, "weight", w, N_ROWS), ==, 0);
  g_assert_cmpint (XGBoosterCreate (&data, 1, &booster), ==, 0);
  set_all (booster, common, G_N_ELEMENTS (common));
  if (boost) {
    set_all (booster, boosted, G_N_ELEMENTS (boosted));
  } else {
    const char *columns[] = {forest[8],
                             g_ascii_dtostr (fraction, sizeof fraction, 1 / sqrt (N_FEATURES))};
    set_all (booster, forest, 8);
    set_all (booster, columns, 2);
  }
  for (guint round = 0; round < rounds; round++)
    g_assert_cmpint (XGBoosterUpdateOneIter (booster, (int)round, data), ==, 0);
  g_assert_cmpint (XGBoosterPredict (booster, data, 0, 0, 0, &n, &prediction), ==, 0);
  g_assert_cmpuint (n, ==, N_ROWS * N_LABELS);
  float *copy = g_memdup2 (prediction, n * sizeof *prediction);
  XGBoosterFree (booster);
  XGDMatrixFree (data);
  return copy;
}

static void
test_xgboost (void)
{
  Sample *s = sample_new (N_FEATURES);
  for (guint boost = 0; boost < 2; boost++) {
    EmotionClassifier *classifier = fit (s, &(TrainingForestSettings){boost, 12, 4, 0.2});
    double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), scores[N_LABELS];
    float *expected = ask_xgboost (s, boost, boost ? 12 : 1);
    double max = 0;
    g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_trees, ==, 12 * N_LABELS);
    for (guint r = 0; r < N_ROWS; r++) {
      emotion_classifier_score (classifier, s->matrix + r * N_FEATURES, scratch, scores);
      for (guint k = 0; k < N_LABELS; k++) {
        g_assert_cmpfloat_with_epsilon (exp (scores[k]), expected[r * N_LABELS + k], 1e-5);
        max = MAX (max, fabs (exp (scores[k]) - 1.0 / N_LABELS));
      }
    }
    g_assert_cmpfloat (max, >, 0.3); /* the posteriors are informative */
    g_free (expected);
    g_free (scratch);
    emotion_classifier_unref (classifier);
  }
  sample_free (s);
}

/* However many and deep trees are requested, the nodes fit into a file. */
static void
test_cap (void)
{
  Sample *s = sample_new (N_FEATURES);
  EmotionClassifier *classifier = fit (s, &(TrainingForestSettings){FALSE, 2000, 30, 1});
  g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_nodes, <=,
                    TRAINING_FOREST_MAX_NODES);
  g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_trees, >, 10 * N_LABELS);
  emotion_classifier_unref (classifier);
  sample_free (s);
}

/* Of many features, only those that separate the labels are used. */
static void
test_selection (void)
{
  Sample *s = sample_new (900);
  EmotionClassifier *classifier = fit (s, &(TrainingForestSettings){TRUE, 20, 3, 0.3});
  const EmotionClassifierParts *p = emotion_classifier_get_parts (classifier);
  guint highest = 0, n_best = 0;
  for (guint i = 0; i < p->n_nodes; i++)
    if (p->nodes[4 * i] >= 0) {
      highest = MAX (highest, (guint)p->nodes[4 * i]);
      n_best += p->nodes[4 * i] < 2;
    }
  g_assert_cmpuint (p->n_features, ==, 900);
  g_assert_cmpuint (highest, >, 500); /* indices are those of all features */
  g_assert_cmpuint (n_best, >, 5);
  emotion_classifier_unref (classifier);
  sample_free (s);
}

#else

static void
test_missing (void)
{
  Sample *s = sample_new (N_FEATURES);
  GError *error = NULL;
  const TrainingForestSettings settings = {TRUE, 20, 3, 0.3};
  g_assert_null (training_forest_fit (s->moments, s->matrix, s->rows, s->labels, s->weights, N_ROWS,
                                      &settings, 5, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "libxgboost-dev"));
  g_clear_error (&error);
  sample_free (s);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#ifdef HAVE_XGBOOST
  g_test_add_func ("/training/forest/xgboost", test_xgboost);
  g_test_add_func ("/training/forest/cap", test_cap);
  g_test_add_func ("/training/forest/selection", test_selection);
#else
  g_test_add_func ("/training/forest/missing", test_missing);
#endif
  return g_test_run ();
}
