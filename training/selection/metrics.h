/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Figures of a set of classified clips (or windows). Means over labels go over those that occur as
 * the truth; precision of a label that is never the prediction counts as 0. Of no outcomes, all are NaN
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
  /* 95 % percentile bootstrap interval over groups (Efron 1979); NaN for one group, which tells
   * nothing of others */
  double uar_low, uar_high;
} TrainingFigures;

/* The label with the greatest posterior, the first of equals. */
guint training_outcome_predict (const TrainingOutcome *outcome, guint n_labels);

/* All figures; the interval from `n_bootstrap` resamples of groups with a generator seeded by
 * `seed` (0 resamples: both ends NaN). */
void training_figures_compute (const TrainingOutcome *outcomes, guint n, guint n_labels,
                               guint n_groups, guint n_bootstrap, guint32 seed,
                               TrainingFigures *figures);

/* {accuracy, balanced_accuracy, f1_weighted, f1_macro, ece, brier, mean_max_probability,
 *  uar_interval: [low, high] or null, n, reliability: [{confidence, accuracy, n}], means over the predictions
 *  in each of the 15 bins of the ece, classification_report: {label: {precision, recall, f1-score,
 *  support}, "macro avg": .., "weighted avg": ..}, confusion_matrix: rows truth, columns prediction}.
 */
JsonObject *training_figures_to_json (const TrainingFigures *figures,
                                      const TrainingOutcome *outcomes, guint n,
                                      const char *const *labels);

/* "[0.312-0.524]", or as wide a text where there is none; free with g_free(). */
char *training_figures_describe_interval (const TrainingFigures *figures);

/* {group name: {uar, accuracy, n}} for the groups that occur and whose name is not empty. */
JsonObject *training_per_group_to_json (const TrainingOutcome *outcomes, guint n, guint n_labels,
                                        const char *const *groups);

G_END_DECLS
