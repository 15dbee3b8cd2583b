/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/selection/metrics.h"

#include <math.h>

#define TOLERANCE 1e-12
#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, TOLERANCE)

/* Truth 0 0 0 1 1 2 (label 3 does not occur), predictions 0 0 1 1 3 2:
 *            precision  recall  F1    support
 *   label 0  2/2        2/3     4/5   3
 *   label 1  1/2        1/2     1/2   2
 *   label 2  1/1        1/1     1     1
 *   label 3  0/1        -       0     0 */
static const double posteriors[][4] = {
    {0.7, 0.1, 0.1, 0.1}, {0.7, 0.1, 0.1, 0.1}, {0.1, 0.7, 0.1, 0.1},
    {0.0, 1.0, 0.0, 0.0}, {0.1, 0.1, 0.1, 0.7}, {0.0, 0.0, 1.0, 0.0},
};
static const TrainingOutcome six[] = {
    {0, 0, posteriors[0]}, {0, 0, posteriors[1]}, {0, 1, posteriors[2]},
    {1, 1, posteriors[3]}, {1, 3, posteriors[4]}, {2, 3, posteriors[5]},
};
static const char *const labels[] = {"angry", "calm", "happy", "sad", NULL};
static const char *const groups[] = {"a", "b", "c", "d", NULL};

static TrainingFigures
compute_six (guint n_bootstrap, guint32 seed)
{
  TrainingFigures figures;
  training_figures_compute (six, 6, 4, 4, n_bootstrap, seed, &figures);
  return figures;
}

static void
test_prediction (void)
{
  const double equal[] = {0.2, 0.4, 0.4};
  const TrainingOutcome outcome = {0, 0, equal};
  g_assert_cmpuint (training_outcome_predict (&outcome, 3), ==, 1);
  g_assert_cmpuint (training_outcome_predict (&outcome, 1), ==, 0);
}

static void
test_by_hand (void)
{
  const TrainingFigures figures = compute_six (0, 0);
  assert_near (figures.accuracy, 4.0 / 6);
  assert_near (figures.uar, (2.0 / 3 + 1.0 / 2 + 1) / 3);
  assert_near (figures.f1_weighted, (3 * 0.8 + 2 * 0.5 + 1 * 1) / 6);
  assert_near (figures.f1_macro, (0.8 + 0.5 + 1) / 3);
  /* Four predictions with 0.7, of which two are right; two with 1, both right. */
  assert_near (figures.ece, 4.0 / 6 * fabs (0.7 - 0.5));
  assert_near (figures.mean_max_probability, (4 * 0.7 + 2 * 1) / 6);
  /* Right with 0.7: 0.09 + 3 * 0.01; wrong: 0.81 + 0.49 + 2 * 0.01. */
  assert_near (figures.brier, (2 * 0.12 + 2 * 1.32) / 6);
  g_assert_true (isnan (figures.uar_low) && isnan (figures.uar_high));
}

/* The bins of the calibration error are closed above: 5/15 and slightly less are in the same bin,
 * slightly more is not. */
static void
test_calibration_bins (void)
{
  const double p[][3] = {{1.0 / 3 - 1e-9, 0.33, 0.33}, {1.0 / 3 + 1e-3, 0.33, 0.33}};
  const TrainingOutcome apart[] = {{0, 0, p[0]}, {1, 0, p[1]}};
  TrainingFigures figures;
  training_figures_compute (apart, 2, 3, 1, 0, 0, &figures);
  g_assert_cmpfloat_with_epsilon (figures.ece, (2.0 / 3 + 1.0 / 3) / 2, 1e-2);
  const TrainingOutcome together[] = {{0, 0, p[0]}, {1, 0, p[0]}};
  training_figures_compute (together, 2, 3, 1, 0, 0, &figures);
  g_assert_cmpfloat_with_epsilon (figures.ece, 0.5 - 1.0 / 3, 1e-6);
}

static void
test_perfect (void)
{
  const double certain[][2] = {{1, 0}, {0, 1}};
  const TrainingOutcome outcomes[] = {
      {0, 0, certain[0]}, {1, 0, certain[1]}, {0, 1, certain[0]}, {1, 1, certain[1]}};
  TrainingFigures figures;
  training_figures_compute (outcomes, 4, 2, 2, 100, 1, &figures);
  g_assert_cmpfloat (figures.accuracy, ==, 1);
  g_assert_cmpfloat (figures.uar, ==, 1);
  g_assert_cmpfloat (figures.f1_weighted, ==, 1);
  g_assert_cmpfloat (figures.f1_macro, ==, 1);
  g_assert_cmpfloat (figures.ece, ==, 0);
  g_assert_cmpfloat (figures.brier, ==, 0);
  g_assert_cmpfloat (figures.mean_max_probability, ==, 1);
  g_assert_cmpfloat (figures.uar_low, ==, 1);
  g_assert_cmpfloat (figures.uar_high, ==, 1);
}

/* Twenty speakers of different accuracy: the interval contains the UAR, is the same for the same
 * seed, differs for another, and does not exist for one speaker. */
static void
test_interval (void)
{
  enum { N_GROUPS = 20, PER_GROUP = 30, N = N_GROUPS * PER_GROUP };
  static const double predictions[][2] = {{0.8, 0.2}, {0.2, 0.8}};
  TrainingOutcome outcomes[N];
  GRand *generator = g_rand_new_with_seed (3);
  for (guint i = 0; i < N; i++) {
    const guint group = i / PER_GROUP, label = i % 2;
    const gboolean hit = g_rand_double (generator) < 0.4 + 0.025 * group;
    outcomes[i] = (TrainingOutcome){label, group, predictions[hit ? label : 1 - label]};
  }
  g_rand_free (generator);

  TrainingFigures first, again, other;
  training_figures_compute (outcomes, N, 2, N_GROUPS, 1000, 5, &first);
  training_figures_compute (outcomes, N, 2, N_GROUPS, 1000, 5, &again);
  training_figures_compute (outcomes, N, 2, N_GROUPS, 1000, 6, &other);
  g_assert_cmpfloat (first.uar_low, <, first.uar);
  g_assert_cmpfloat (first.uar_high, >, first.uar);
  g_assert_cmpfloat (first.uar_low, ==, again.uar_low);
  g_assert_cmpfloat (first.uar_high, ==, again.uar_high);
  g_assert_true (first.uar_low != other.uar_low || first.uar_high != other.uar_high);

  /* The bootstrap interval agrees with +-1.96 times the standard error over groups. */
  double squares = 0;
  for (guint group = 0; group < N_GROUPS; group++) {
    TrainingFigures one;
    training_figures_compute (outcomes + group * PER_GROUP, PER_GROUP, 2, N_GROUPS, 100, 5, &one);
    squares += (one.uar - first.uar) * (one.uar - first.uar);
    g_assert_true (isnan (one.uar_low) && isnan (one.uar_high));
  }
  const double width = 2 * 1.96 * sqrt (squares / N_GROUPS / N_GROUPS);
  g_assert_cmpfloat_with_epsilon (first.uar_high - first.uar_low, width, 0.2 * width);
}

static void
test_json (void)
{
  const TrainingFigures figures = compute_six (0, 0);
  JsonObject *object = training_figures_to_json (&figures, six, 6, labels);
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 6);
  assert_near (json_object_get_double_member (object, "balanced_accuracy"), figures.uar);
  g_assert_true (json_object_get_null_member (object, "uar_interval"));

  static const int expected[4][4] = {{2, 1, 0, 0}, {0, 1, 0, 1}, {0, 0, 1, 0}, {0, 0, 0, 0}};
  JsonArray *confusion = json_object_get_array_member (object, "confusion_matrix");
  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++) {
      JsonArray *row = json_array_get_array_element (confusion, i);
      g_assert_cmpint (json_array_get_int_element (row, j), ==, expected[i][j]);
    }

  JsonObject *report = json_object_get_object_member (object, "classification_report");
  g_assert_cmpuint (json_object_get_size (report), ==, 6);
  JsonObject *angry = json_object_get_object_member (report, "angry");
  assert_near (json_object_get_double_member (angry, "precision"), 1);
  assert_near (json_object_get_double_member (angry, "recall"), 2.0 / 3);
  assert_near (json_object_get_double_member (angry, "f1-score"), 0.8);
  g_assert_cmpint (json_object_get_int_member (angry, "support"), ==, 3);
  JsonObject *sad = json_object_get_object_member (report, "sad");
  assert_near (json_object_get_double_member (sad, "precision"), 0);
  g_assert_cmpint (json_object_get_int_member (sad, "support"), ==, 0);
  JsonObject *macro = json_object_get_object_member (report, "macro avg");
  assert_near (json_object_get_double_member (macro, "recall"), figures.uar);
  assert_near (json_object_get_double_member (macro, "f1-score"), figures.f1_macro);
  JsonObject *weighted = json_object_get_object_member (report, "weighted avg");
  assert_near (json_object_get_double_member (weighted, "f1-score"), figures.f1_weighted);
  assert_near (json_object_get_double_member (weighted, "precision"), (3 * 1 + 2 * 0.5 + 1) / 6);
  json_object_unref (object);
}

/* Four predictions with 0.7, of which two are right, are in bin 10 of 15; two with 1, both right,
 * in the last. The bins contain all terms of the calibration error. */
static void
test_reliability (void)
{
  const TrainingFigures figures = compute_six (0, 0);
  JsonObject *object = training_figures_to_json (&figures, six, 6, labels);
  JsonArray *bins = json_object_get_array_member (object, "reliability");
  g_assert_cmpuint (json_array_get_length (bins), ==, 15);
  double gap = 0;
  for (guint b = 0; b < 15; b++) {
    JsonObject *bin = json_array_get_object_element (bins, b);
    const gint64 n = json_object_get_int_member (bin, "n");
    g_assert_cmpint (n, ==, b == 10 ? 4 : b == 14 ? 2 : 0);
    g_assert_true (json_object_get_null_member (bin, "confidence") == (n == 0));
    g_assert_true (json_object_get_null_member (bin, "accuracy") == (n == 0));
    if (n == 0)
      continue;
    const double confidence = json_object_get_double_member (bin, "confidence");
    const double accuracy = json_object_get_double_member (bin, "accuracy");
    assert_near (confidence, b == 10 ? 0.7 : 1);
    assert_near (accuracy, b == 10 ? 0.5 : 1);
    gap += (double)n * fabs (confidence - accuracy) / 6;
  }
  assert_near (gap, figures.ece);
  json_object_unref (object);
}

static void
test_per_group (void)
{
  JsonObject *object = training_per_group_to_json (six, 6, 4, groups);
  g_assert_cmpuint (json_object_get_size (object), ==, 3);
  g_assert_false (json_object_has_member (object, "c"));
  JsonObject *d = json_object_get_object_member (object, "d");
  assert_near (json_object_get_double_member (d, "uar"), 0.5);
  assert_near (json_object_get_double_member (d, "accuracy"), 0.5);
  g_assert_cmpint (json_object_get_int_member (d, "n"), ==, 2);
  json_object_unref (object);
}

/* Without predictions there are no figures, and the JSON has null instead of invalid numbers. */
static void
test_nothing (void)
{
  TrainingFigures figures;
  training_figures_compute (NULL, 0, 4, 4, 100, 1, &figures);
  g_assert_true (isnan (figures.accuracy) && isnan (figures.uar) && isnan (figures.ece));
  g_assert_true (isnan (figures.uar_low) && isnan (figures.uar_high));
  JsonObject *object = training_figures_to_json (&figures, NULL, 0, labels);
  g_assert_true (json_object_get_null_member (object, "accuracy"));
  json_object_unref (object);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/metrics/prediction", test_prediction);
  g_test_add_func ("/training/metrics/by-hand", test_by_hand);
  g_test_add_func ("/training/metrics/calibration-bins", test_calibration_bins);
  g_test_add_func ("/training/metrics/perfect", test_perfect);
  g_test_add_func ("/training/metrics/interval", test_interval);
  g_test_add_func ("/training/metrics/json", test_json);
  g_test_add_func ("/training/metrics/reliability", test_reliability);
  g_test_add_func ("/training/metrics/per-group", test_per_group);
  g_test_add_func ("/training/metrics/nothing", test_nothing);
  return g_test_run ();
}
