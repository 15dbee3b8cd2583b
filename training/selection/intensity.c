/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intensity.h"

#include <math.h>
#include <string.h>

#include "binary-discriminant.h"
#include "training/fitting/calibrate.h"

#define MIN_SPEAKERS 3

enum { WEAK, STRONG, N_LEVELS };

typedef struct {
  const TrainingSplit *split;
  guint n_rows, n_features, n_folds;
  float *matrix;
  guint *levels, *folds, *rows; /* by row; rows: in the dataset */
  double *weights;              /* equal for each label and level */
  double *speech;               /* by row: fraction of a source clip, 0 for augmented clips */
} Sample;

static const TrainingDatasetClip *
clip_of (const TrainingSplit *split, guint row)
{
  return &split->data->clips[split->data->rows[row].clip];
}

/* Whether a label has both weak and strong clips; n_labels. */
static gboolean *
find_labels (const TrainingSplit *split)
{
  const TrainingDataset *data = split->data;
  guint (*count)[N_LEVELS] = g_malloc0_n (data->n_labels, sizeof *count);
  gboolean *both = g_new (gboolean, data->n_labels);
  for (guint c = 0; c < data->n_source_clips; c++)
    if (data->clips[c].intensity >= 0 && split->group_of_clip[c] != G_MAXUINT)
      count[data->clips[c].label][data->clips[c].intensity]++;
  for (guint k = 0; k < data->n_labels; k++)
    both[k] = count[k][WEAK] > 0 && count[k][STRONG] > 0;
  g_free (count);
  return both;
}

gboolean
training_intensity_is_possible (const TrainingSplit *split)
{
  gboolean *both = find_labels (split), any = FALSE;
  TrainingGroups groups = 0;
  for (guint c = 0; c < split->data->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &split->data->clips[c];
    if (clip->intensity < 0 || !both[clip->label] || split->group_of_clip[c] == G_MAXUINT)
      continue;
    groups |= (TrainingGroups)1 << split->group_of_clip[c];
    any = TRUE;
  }
  g_free (both);
  return any && training_groups_count (groups) >= MIN_SPEAKERS;
}

/* Adds the usable rows of a group. */
static void
add_unit (Sample *s, guint group, guint fold, const gboolean *both)
{
  const TrainingSplit *split = s->split;
  for (guint i = 0; i < split->n_rows_of_group[group]; i++) {
    const guint row = split->rows_of_group[group][i];
    const TrainingDatasetClip *clip = clip_of (split, row);
    const TrainingRow *from = &split->data->rows[row];
    if (clip->intensity < 0 || !both[clip->label] || from->window.activity.n_speech == 0)
      continue;
    memcpy (s->matrix + (gsize)s->n_rows * s->n_features,
            split->matrix + (gsize)row * s->n_features, s->n_features * sizeof (float));
    s->levels[s->n_rows] = (guint)clip->intensity;
    s->folds[s->n_rows] = fold;
    s->speech[s->n_rows] = clip->source_clip < 0 && !from->window.early ? from->weight : 0;
    s->weights[s->n_rows] = from->weight;
    s->rows[s->n_rows++] = row;
  }
}

/* Scales the weights so that each label and level sums to 1. */
static void
balance (Sample *s)
{
  double (*sum)[N_LEVELS] = g_malloc0_n (s->split->data->n_labels, sizeof *sum);
  for (guint r = 0; r < s->n_rows; r++)
    sum[clip_of (s->split, s->rows[r])->label][s->levels[r]] += s->weights[r];
  for (guint r = 0; r < s->n_rows; r++)
    s->weights[r] /= sum[clip_of (s->split, s->rows[r])->label][s->levels[r]];
  g_free (sum);
}

static void
gather (Sample *s, const TrainingSplit *split, guint n_folds, guint32 seed)
{
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  gboolean *both = find_labels (split);
  const gsize max = split->data->n_rows;
  *s = (Sample){.split = split,
                .n_features = split->data->features->n_features,
                .n_folds = training_split_deal (split, split->all, n_folds, seed, folds),
                .levels = g_new (guint, max),
                .folds = g_new (guint, max),
                .rows = g_new (guint, max),
                .weights = g_new (double, max),
                .speech = g_new (double, max)};
  s->matrix = g_new (float, max * s->n_features);
  for (guint f = 0; f < s->n_folds; f++)
    for (guint u = 0; u < split->n_groups; u++)
      if (folds[f] >> u & 1)
        add_unit (s, u, f, both);
  balance (s);
  g_free (both);
}

static void
sample_clear (Sample *s)
{
  g_free (s->matrix);
  g_free (s->levels);
  g_free (s->folds);
  g_free (s->rows);
  g_free (s->weights);
  g_free (s->speech);
}

/* Computes the figures from n predictions in 0..1 and the truth. */
static void
compare (const double *predictions, const guint *levels, guint n, TrainingIntensityFigures *figures)
{
  double mean[2] = {0}, square[2] = {0}, product = 0;
  guint hits[N_LEVELS] = {0}, all[N_LEVELS] = {0};
  for (guint i = 0; i < n; i++) {
    const guint evaluated = predictions[i] > 0.5 ? STRONG : WEAK;
    hits[levels[i]] += evaluated == levels[i];
    all[levels[i]]++;
    mean[0] += predictions[i] / n;
    mean[1] += (double)levels[i] / n;
  }
  for (guint i = 0; i < n; i++) {
    const double x = predictions[i] - mean[0], y = levels[i] - mean[1];
    square[0] += x * x / n;
    square[1] += y * y / n;
    product += x * y / n;
  }
  const double apart = mean[0] - mean[1];
  *figures = (TrainingIntensityFigures){.n_clips = n,
                                        .uar = 0.5 * ((double)hits[WEAK] / MAX (all[WEAK], 1) +
                                                      (double)hits[STRONG] / MAX (all[STRONG], 1)),
                                        .correlation = product / sqrt (square[0] * square[1]),
                                        .concordance =
                                            2 * product / (square[0] + square[1] + apart * apart)};
}

/* The temperature fitted on all rows except those of a fold; n_folds: on all rows. */
static double
fit_temperature (const Sample *s, const double *log_posteriors, guint without)
{
  double *weights = g_new (double, s->n_rows);
  for (guint r = 0; r < s->n_rows; r++)
    weights[r] = s->folds[r] == without ? 0 : s->speech[r];
  const double temperature =
      training_fit_temperature (log_posteriors, s->levels, weights, s->n_rows, N_LEVELS);
  g_free (weights);
  return temperature;
}

/* The clips' predictions: means over their windows. */
static void
measure (const Sample *s, const double *log_posteriors, TrainingIntensityFigures *figures)
{
  double temperatures[TRAINING_MAX_GROUPS];
  const guint n_clips = s->split->data->n_source_clips;
  double *sum = g_new0 (double, n_clips), *weight = g_new0 (double, n_clips);
  guint *levels = g_new (guint, n_clips), n = 0;
  for (guint f = 0; f < s->n_folds; f++)
    temperatures[f] = fit_temperature (s, log_posteriors, f);
  for (gsize r = 0; r < s->n_rows; r++) {
    const double *of_row = log_posteriors + r * N_LEVELS;
    const guint clip = s->split->data->rows[s->rows[r]].clip;
    if (s->speech[r] <= 0)
      continue;
    const double odds = (of_row[STRONG] - of_row[WEAK]) / temperatures[s->folds[r]];
    sum[clip] += s->speech[r] / (1 + exp (-odds));
    weight[clip] += s->speech[r];
  }
  for (guint c = 0; c < n_clips; c++)
    if (weight[c] > 0) {
      levels[n] = (guint)s->split->data->clips[c].intensity;
      sum[n++] = sum[c] / weight[c];
    }
  compare (sum, levels, n, figures);
  g_free (sum);
  g_free (weight);
  g_free (levels);
}

EmotionClassifier *
training_intensity_fit (const TrainingSplit *split, guint n_folds, guint32 seed, guint n_jobs,
                        TrainingIntensityFigures *figures, GError **error)
{
  Sample s;
  gather (&s, split, n_folds, seed);
  double *log_posteriors = g_new (double, (gsize)s.n_rows *N_LEVELS);
  const TrainingBinaryDiscriminant binary = {.n_features = s.n_features,
                                             .n_rows = s.n_rows,
                                             .n_folds = s.n_folds,
                                             .n_jobs = n_jobs,
                                             .matrix = s.matrix,
                                             .offset = split->offset,
                                             .labels = s.levels,
                                             .folds = s.folds,
                                             .weights = s.weights};
  EmotionClassifier *classifier = training_binary_discriminant_fit (&binary, log_posteriors, error);
  if (classifier) {
    measure (&s, log_posteriors, figures);
    classifier = training_binary_discriminant_finish (
        classifier, "intensity", 0, fit_temperature (&s, log_posteriors, s.n_folds));
  }
  g_free (log_posteriors);
  sample_clear (&s);
  return classifier;
}
