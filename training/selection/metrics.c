/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "metrics.h"

#include <math.h>
#include <string.h>

#define N_CALIBRATION_BINS 15

/* Bin b has the predictions with b / 15 < probability <= (b + 1) / 15. */
typedef struct {
  double probability; /* sum over the predictions */
  guint hits, n;
} CalibrationBin;

/* Precision, recall and F1 of one label; 0 if it is never predicted or never occurs. */
typedef struct {
  double precision, recall, f1;
  guint support;
} LabelFigures;

guint
training_outcome_predict (const TrainingOutcome *outcome, guint n_labels)
{
  guint best = 0;
  for (guint k = 1; k < n_labels; k++)
    if (outcome->posteriors[k] > outcome->posteriors[best])
      best = k;
  return best;
}

/* Rows are the truth, columns the predictions; free with g_free(). */
static guint *
count_confusion (const TrainingOutcome *outcomes, guint n, guint n_labels)
{
  guint *counts = g_new0 (guint, (gsize)n_labels * n_labels);
  for (guint i = 0; i < n; i++)
    counts[outcomes[i].label * n_labels + training_outcome_predict (&outcomes[i], n_labels)]++;
  return counts;
}

static double
fraction_of_hits (const guint *confusion, guint n_labels)
{
  guint hits = 0, all = 0;
  for (guint truth = 0; truth < n_labels; truth++) {
    hits += confusion[truth * n_labels + truth];
    for (guint prediction = 0; prediction < n_labels; prediction++)
      all += confusion[truth * n_labels + prediction];
  }
  return (double)hits / all;
}

static LabelFigures
label_figures (const guint *confusion, guint n_labels, guint label)
{
  const guint hits = confusion[label * n_labels + label];
  guint support = 0, predictions = 0;
  for (guint k = 0; k < n_labels; k++) {
    support += confusion[label * n_labels + k];
    predictions += confusion[k * n_labels + label];
  }
  return (LabelFigures){.precision = predictions ? (double)hits / predictions : 0,
                        .recall = support ? (double)hits / support : 0,
                        .f1 = hits ? 2.0 * hits / (support + predictions) : 0,
                        .support = support};
}

/* Means over the labels that occur, equal or weighted by support. Fractions of nothing are NaN. */
static LabelFigures
average_figures (const guint *confusion, guint n_labels, gboolean weighted)
{
  LabelFigures mean = {0};
  double weights = 0;
  for (guint k = 0; k < n_labels; k++) {
    const LabelFigures one = label_figures (confusion, n_labels, k);
    if (one.support == 0)
      continue;
    const double weight = weighted ? one.support : 1;
    mean.precision += weight * one.precision;
    mean.recall += weight * one.recall;
    mean.f1 += weight * one.f1;
    mean.support += one.support;
    weights += weight;
  }
  mean.precision /= weights;
  mean.recall /= weights;
  mean.f1 /= weights;
  return mean;
}

static void
fill_bins (const TrainingOutcome *outcomes, guint n, guint n_labels,
           CalibrationBin bins[N_CALIBRATION_BINS])
{
  memset (bins, 0, N_CALIBRATION_BINS * sizeof *bins);
  for (guint i = 0; i < n; i++) {
    const guint prediction = training_outcome_predict (&outcomes[i], n_labels);
    const double top = outcomes[i].posteriors[prediction];
    CalibrationBin *bin =
        &bins[(guint)CLAMP (ceil (top * N_CALIBRATION_BINS) - 1, 0, N_CALIBRATION_BINS - 1)];
    bin->probability += top;
    bin->hits += prediction == outcomes[i].label;
    bin->n++;
  }
}

static void
compute_probability_figures (const TrainingOutcome *outcomes, guint n, guint n_labels,
                             TrainingFigures *figures)
{
  CalibrationBin bins[N_CALIBRATION_BINS];
  double squares = 0, maxima = 0, gap = 0;
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n_labels; k++) {
      const double miss = outcomes[i].posteriors[k] - (k == outcomes[i].label);
      squares += miss * miss;
    }
  fill_bins (outcomes, n, n_labels, bins);
  for (guint b = 0; b < N_CALIBRATION_BINS; b++) {
    gap += fabs (bins[b].probability - bins[b].hits);
    maxima += bins[b].probability;
  }
  figures->ece = gap / n;
  figures->brier = squares / n;
  figures->mean_max_probability = maxima / n;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Percentile with linear interpolation (type 7 of Hyndman & Fan 1996). */
static double
percentile (const double *sorted, guint n, double fraction)
{
  const double place = fraction * (n - 1);
  const guint below = (guint)place;
  const guint above = MIN (below + 1, n - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/* Hits and support of each label in each group that occurs: [group][label][hits, support]. */
static guint *
count_by_group (const TrainingOutcome *outcomes, guint n, guint n_labels, guint n_groups,
                guint *n_occurring)
{
  guint *row_of = g_new (guint, n_groups);
  memset (row_of, 0xff, n_groups * sizeof *row_of);
  guint *counts = g_new0 (guint, (gsize)n_groups * n_labels * 2);
  *n_occurring = 0;
  for (guint i = 0; i < n; i++) {
    if (row_of[outcomes[i].group] == G_MAXUINT)
      row_of[outcomes[i].group] = (*n_occurring)++;
    guint *count = counts + ((gsize)row_of[outcomes[i].group] * n_labels + outcomes[i].label) * 2;
    count[0] += training_outcome_predict (&outcomes[i], n_labels) == outcomes[i].label;
    count[1]++;
  }
  g_free (row_of);
  return counts;
}

static double
resample_uar (const guint *counts, guint n_groups, guint n_labels, GRand *generator, guint *pooled)
{
  memset (pooled, 0, 2 * n_labels * sizeof *pooled);
  for (guint draw = 0; draw < n_groups; draw++) {
    const guint group = (guint)g_rand_int_range (generator, 0, (gint32)n_groups);
    for (guint j = 0; j < 2 * n_labels; j++)
      pooled[j] += counts[(gsize)group * 2 * n_labels + j];
  }
  double recalls = 0;
  guint occurring = 0;
  for (guint k = 0; k < n_labels; k++)
    if (pooled[2 * k + 1] > 0) {
      recalls += (double)pooled[2 * k] / pooled[2 * k + 1];
      occurring++;
    }
  return recalls / occurring;
}

static void
compute_interval (const TrainingOutcome *outcomes, guint n, guint n_labels, guint n_groups,
                  guint n_bootstrap, guint32 seed, TrainingFigures *figures)
{
  guint n_occurring;
  guint *counts = count_by_group (outcomes, n, n_labels, n_groups, &n_occurring);
  guint *pooled = g_new (guint, 2 * n_labels);
  double *uars = g_new (double, n_bootstrap);
  GRand *generator = g_rand_new_with_seed (seed);
  if (n_occurring > 1) {
    for (guint b = 0; b < n_bootstrap; b++)
      uars[b] = resample_uar (counts, n_occurring, n_labels, generator, pooled);
    qsort (uars, n_bootstrap, sizeof *uars, compare_doubles);
    figures->uar_low = percentile (uars, n_bootstrap, 0.025);
    figures->uar_high = percentile (uars, n_bootstrap, 0.975);
  }
  g_rand_free (generator);
  g_free (uars);
  g_free (pooled);
  g_free (counts);
}

void
training_figures_compute (const TrainingOutcome *outcomes, guint n, guint n_labels, guint n_groups,
                          guint n_bootstrap, guint32 seed, TrainingFigures *figures)
{
  guint *confusion = count_confusion (outcomes, n, n_labels);
  const LabelFigures macro = average_figures (confusion, n_labels, FALSE);
  const LabelFigures weighted = average_figures (confusion, n_labels, TRUE);
  *figures = (TrainingFigures){.accuracy = fraction_of_hits (confusion, n_labels),
                               .uar = macro.recall,
                               .f1_weighted = weighted.f1,
                               .f1_macro = macro.f1,
                               .uar_low = NAN,
                               .uar_high = NAN};
  g_free (confusion);
  compute_probability_figures (outcomes, n, n_labels, figures);
  if (n > 0 && n_bootstrap > 0)
    compute_interval (outcomes, n, n_labels, n_groups, n_bootstrap, seed, figures);
}

/* JSON has no NaN: null stands for an undefined figure. */
static JsonNode *
number_node (double value)
{
  JsonNode *node = json_node_new (isfinite (value) ? JSON_NODE_VALUE : JSON_NODE_NULL);
  if (isfinite (value))
    json_node_set_double (node, value);
  return node;
}

static void
set_number (JsonObject *object, const char *name, double value)
{
  json_object_set_member (object, name, number_node (value));
}

static void
set_label_figures (JsonObject *report, const char *name, LabelFigures figures)
{
  JsonObject *object = json_object_new ();
  set_number (object, "precision", figures.precision);
  set_number (object, "recall", figures.recall);
  set_number (object, "f1-score", figures.f1);
  json_object_set_int_member (object, "support", figures.support);
  json_object_set_object_member (report, name, object);
}

static JsonObject *
report_to_json (const guint *confusion, const char *const *labels, guint n_labels)
{
  JsonObject *report = json_object_new ();
  for (guint k = 0; k < n_labels; k++)
    set_label_figures (report, labels[k], label_figures (confusion, n_labels, k));
  set_label_figures (report, "macro avg", average_figures (confusion, n_labels, FALSE));
  set_label_figures (report, "weighted avg", average_figures (confusion, n_labels, TRUE));
  return report;
}

static JsonArray *
confusion_to_json (const guint *confusion, guint n_labels)
{
  JsonArray *rows = json_array_new ();
  for (guint truth = 0; truth < n_labels; truth++) {
    JsonArray *row = json_array_new ();
    for (guint prediction = 0; prediction < n_labels; prediction++)
      json_array_add_int_element (row, confusion[truth * n_labels + prediction]);
    json_array_add_array_element (rows, row);
  }
  return rows;
}

static JsonArray *
reliability_to_json (const TrainingOutcome *outcomes, guint n, guint n_labels)
{
  CalibrationBin bins[N_CALIBRATION_BINS];
  JsonArray *array = json_array_new ();
  fill_bins (outcomes, n, n_labels, bins);
  for (guint b = 0; b < N_CALIBRATION_BINS; b++) {
    JsonObject *object = json_object_new ();
    set_number (object, "confidence", bins[b].probability / bins[b].n);
    set_number (object, "accuracy", (double)bins[b].hits / bins[b].n);
    json_object_set_int_member (object, "n", bins[b].n);
    json_array_add_object_element (array, object);
  }
  return array;
}

JsonObject *
training_figures_to_json (const TrainingFigures *figures, const TrainingOutcome *outcomes, guint n,
                          const char *const *labels)
{
  const guint n_labels = g_strv_length ((char **)labels);
  JsonObject *object = json_object_new ();
  set_number (object, "accuracy", figures->accuracy);
  set_number (object, "balanced_accuracy", figures->uar);
  set_number (object, "f1_weighted", figures->f1_weighted);
  set_number (object, "f1_macro", figures->f1_macro);
  set_number (object, "ece", figures->ece);
  set_number (object, "brier", figures->brier);
  set_number (object, "mean_max_probability", figures->mean_max_probability);
  if (isfinite (figures->uar_low)) {
    JsonArray *interval = json_array_new ();
    json_array_add_double_element (interval, figures->uar_low);
    json_array_add_double_element (interval, figures->uar_high);
    json_object_set_array_member (object, "uar_interval", interval);
  } else {
    json_object_set_null_member (object, "uar_interval");
  }
  json_object_set_int_member (object, "n", n);
  json_object_set_array_member (object, "reliability", reliability_to_json (outcomes, n, n_labels));

  guint *confusion = count_confusion (outcomes, n, n_labels);
  json_object_set_object_member (object, "classification_report",
                                 report_to_json (confusion, labels, n_labels));
  json_object_set_array_member (object, "confusion_matrix",
                                confusion_to_json (confusion, n_labels));
  g_free (confusion);
  return object;
}

char *
training_figures_describe_interval (const TrainingFigures *figures)
{
  return isfinite (figures->uar_low)
             ? g_strdup_printf ("[%.3f-%.3f]", figures->uar_low, figures->uar_high)
             : g_strdup ("[no interval]");
}

JsonObject *
training_per_group_to_json (const TrainingOutcome *outcomes, guint n, guint n_labels,
                            const char *const *groups)
{
  JsonObject *object = json_object_new ();
  TrainingOutcome *of_group = g_new (TrainingOutcome, n);
  for (guint group = 0; groups[group]; group++) {
    guint n_of_group = 0;
    for (guint i = 0; i < n; i++)
      if (outcomes[i].group == group)
        of_group[n_of_group++] = outcomes[i];
    if (n_of_group == 0 || !*groups[group])
      continue;
    guint *confusion = count_confusion (of_group, n_of_group, n_labels);
    JsonObject *figures = json_object_new ();
    set_number (figures, "uar", average_figures (confusion, n_labels, FALSE).recall);
    set_number (figures, "accuracy", fraction_of_hits (confusion, n_labels));
    json_object_set_int_member (figures, "n", n_of_group);
    json_object_set_object_member (object, groups[group], figures);
    g_free (confusion);
  }
  g_free (of_group);
  return object;
}
