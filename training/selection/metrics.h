/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metrics of classified clips or windows. Means over labels include the labels that occur as truth.
 * The precision of a label that is never predicted is 0. Without outcomes, all figures are NaN
 * (null in JSON). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  guint label;              /* truth */
  guint group;              /* speaker */
  const double *posteriors; /* n_labels, calibrated */
} TrainingOutcome;

typedef struct {
  double accuracy;
  double uar;         /* unweighted average recall over the labels that occur = balanced accuracy */
  double f1_weighted; /* F1 averaged over labels by their support */
  double f1_macro;    /* F1 averaged over the labels that occur */
  double ece;   /* expected calibration error of the top label, 15 equal bins (Guo et al. 2017) */
  double brier; /* mean over outcomes of the summed squared error of all posteriors (Brier 1950) */
  double mean_max_probability;
  /* 95 % percentile bootstrap interval over groups (Efron 1979); NaN for one group, from which
   * nothing can be inferred about others. */
  double uar_low, uar_high;
} TrainingFigures;

/* The label with the highest posterior; of equal labels the first. */
guint training_outcome_predict (const TrainingOutcome *outcome, guint n_labels);

/* Computes all figures. The interval uses `n_bootstrap` resamples of groups with a generator seeded
 * by `seed` (0 resamples: both ends NaN). */
void training_figures_compute (const TrainingOutcome *outcomes, guint n, guint n_labels,
                               guint n_groups, guint n_bootstrap, guint32 seed,
                               TrainingFigures *figures);

/* {accuracy, balanced_accuracy, f1_weighted, f1_macro, ece, brier, mean_max_probability,
 *  uar_interval: [low, high] or null, n, reliability: [{confidence, accuracy, n}],
 *  classification_report: {label: {precision, recall, f1-score, support}, "macro avg": ..,
 *  "weighted avg": ..}, confusion_matrix: rows truth, columns prediction}.
 * `reliability` has means over the predictions in each of the 15 bins of the ece. */
JsonObject *training_figures_to_json (const TrainingFigures *figures,
                                      const TrainingOutcome *outcomes, guint n,
                                      const char *const *labels);

/* "[0.312-0.524]", or a text of the same width without an interval. Free with g_free(). */
char *training_figures_describe_interval (const TrainingFigures *figures);

/* {group name: {uar, accuracy, n}} for the groups that occur and have a name. */
JsonObject *training_per_group_to_json (const TrainingOutcome *outcomes, guint n, guint n_labels,
                                        const char *const *groups);

G_END_DECLS
