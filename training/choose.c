/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "choose.h"

#include <math.h>
#include <string.h>

#include "calibrate.h"
#include "core/clip.h"
#include "decode.h"
#include "metrics.h"

/* Gates of the models made here. */
#define CONFIDENCE_OVER_CHANCE 1.5 /* below this many times the chance level: no answer */
#define MOST_CONFIDENCE 0.5        /* what has a majority is answered, however few the labels */
#define MIN_SPEECH_RATIO 0.1
#define SILENCE (-60.0) /* dBFS */

/* Cross-validated log-posteriors (temperature 1) of all rows, for one candidate. */
typedef struct {
  double *log_posteriors; /* n_rows x n_labels */
  GError **errors;        /* one a fold */
  double view_temperature, clip_temperature;
  TrainingOutcome *outcomes; /* the clips of the units, in order */
  double *posteriors;        /* their storage */
  guint *folds;              /* of the outcomes */
  guint n_outcomes;
} Trial;

typedef struct {
  const TrainingProblem *problem;
  const TrainingPlan *plan;
  TrainingUnits units;
  TrainingUnits folds[TRAINING_MAX_UNITS];
  guint n_folds;
  Trial *trials; /* one a candidate */
} Search;

static const TrainingCandidate *
candidate_at (const TrainingPlan *plan, guint i)
{
  return &g_array_index (plan->candidates, TrainingCandidate, i);
}

static void
score_rows (const TrainingProblem *problem, TrainingUnits units, const EmotionView *view,
            double *log_posteriors)
{
  const TrainingDataset *data = problem->data;
  double *scratch = g_new (double, emotion_view_get_scratch (view));
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (!training_problem_has_clip (problem, c, units))
      continue;
    for (guint r = clip->first_row; r < clip->first_row + clip->n_rows; r++)
      emotion_view_score (view, data->rows[r].window.vector, scratch,
                          log_posteriors + (gsize)r * data->n_labels);
  }
  g_free (scratch);
}

/* One candidate, one fold. */
static void
run_fold (guint index, gpointer user_data)
{
  Search *search = user_data;
  guint fold = index % search->n_folds;
  Trial *trial = &search->trials[index / search->n_folds];
  EmotionView *view =
      training_candidate_fit (candidate_at (search->plan, index / search->n_folds), search->problem,
                              search->units & ~search->folds[fold], &trial->errors[fold]);
  if (view)
    score_rows (search->problem, search->folds[fold], view, trial->log_posteriors);
  emotion_view_unref (view);
}

static guint
fold_of_clip (const Search *search, guint clip)
{
  guint fold = 0;
  while (!training_problem_has_clip (search->problem, clip, search->folds[fold]))
    fold++;
  return fold;
}

/* Whether the model that answered the clip had seen its label. If not, the answer tells nothing on
 * how sure the final model may be, which has. */
static gboolean
label_is_known (const Search *search, guint clip)
{
  const TrainingProblem *problem = search->problem;
  TrainingUnits seen = search->units & ~search->folds[fold_of_clip (search, clip)];
  for (guint u = 0; u < problem->n_units; u++)
    if ((seen >> u & 1) && problem->moments[u]->weight[problem->data->clips[clip].label] > 0)
      return TRUE;
  return FALSE;
}

/* Temperature of the rows; leaves the rows' log-posteriors at it. */
static void
calibrate_rows (const Search *search, Trial *trial)
{
  const TrainingDataset *data = search->problem->data;
  guint *labels = g_new (guint, data->n_rows);
  double *weights = g_new0 (double, data->n_rows);
  for (guint r = 0; r < data->n_rows; r++) {
    guint clip = data->rows[r].clip;
    labels[r] = data->clips[clip].label;
    if (data->clips[clip].copy_of < 0 &&
        training_problem_has_clip (search->problem, clip, search->units) &&
        label_is_known (search, clip))
      weights[r] = data->rows[r].weight;
  }
  trial->view_temperature = training_fit_temperature (trial->log_posteriors, labels, weights,
                                                      data->n_rows, data->n_labels);
  for (guint r = 0; r < data->n_rows; r++)
    emotion_log_softmax (trial->log_posteriors + (gsize)r * data->n_labels, data->n_labels,
                         trial->view_temperature);
  g_free (labels);
  g_free (weights);
}

/* The clip decisions, their temperature, and the outcomes by it. */
static void
decide_clips (const Search *search, Trial *trial)
{
  const TrainingDataset *data = search->problem->data;
  const guint n = data->n_labels;
  guint *labels = g_new (guint, data->n_clips);
  double *weights = g_new (double, data->n_clips);
  trial->outcomes = g_new0 (TrainingOutcome, data->n_clips);
  trial->posteriors = g_new (double, (gsize)data->n_clips *n);
  trial->folds = g_new (guint, data->n_clips);
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    EmotionClip decision;
    if (!training_problem_has_clip (search->problem, c, search->units))
      continue;
    guint at = trial->n_outcomes++;
    emotion_clip_init (&decision);
    for (guint r = clip->first_row; r < clip->first_row + clip->n_rows; r++)
      emotion_clip_add (&decision, &data->rows[r].window, trial->log_posteriors + (gsize)r * n, n);
    emotion_clip_mean (&decision, n, trial->posteriors + (gsize)at * n);
    labels[at] = clip->label;
    weights[at] = label_is_known (search, c);
    trial->folds[at] = fold_of_clip (search, c);
    trial->outcomes[at] =
        (TrainingOutcome){clip->label, clip->group, trial->posteriors + (gsize)at * n};
  }
  trial->clip_temperature =
      training_fit_temperature (trial->posteriors, labels, weights, trial->n_outcomes, n);
  for (guint i = 0; i < trial->n_outcomes; i++) {
    double *row = trial->posteriors + (gsize)i * n;
    emotion_log_softmax (row, n, trial->clip_temperature);
    for (guint k = 0; k < n; k++)
      row[k] = exp (row[k]);
  }
  g_free (labels);
  g_free (weights);
}

/* Mean and deviation of weighted F1 over the folds. */
static void
measure_folds (const Search *search, const Trial *trial, TrainingChoice *choice)
{
  const TrainingDataset *data = search->problem->data;
  TrainingOutcome *of_fold = g_new (TrainingOutcome, trial->n_outcomes);
  double sum = 0, sum2 = 0;
  for (guint fold = 0; fold < search->n_folds; fold++) {
    TrainingFigures figures;
    guint n = 0;
    for (guint i = 0; i < trial->n_outcomes; i++)
      if (trial->folds[i] == fold)
        of_fold[n++] = trial->outcomes[i];
    training_figures_compute (of_fold, n, data->n_labels, data->n_groups, 0, 0, &figures);
    sum += figures.f1_weighted;
    sum2 += figures.f1_weighted * figures.f1_weighted;
  }
  choice->f1_mean = sum / search->n_folds;
  choice->f1_sd = sqrt (MAX (sum2 / search->n_folds - choice->f1_mean * choice->f1_mean, 0));
  g_free (of_fold);
}

static EmotionView *
with_temperature (EmotionView *view, double temperature)
{
  EmotionViewParts parts = *emotion_view_get_parts (view);
  parts.temperature = temperature;
  return emotion_view_new (&parts, NULL);
}

static EmotionModel *
make_model (const Search *search, const Trial *trial, EmotionView *raw,
            const char *const *provenance, GError **error)
{
  const TrainingDataset *data = search->problem->data;
  static const double whole = 1;
  EmotionView *view = with_temperature (raw, trial->view_temperature);
  EmotionModelParts parts = {
      .features = data->features,
      .windowing = data->windowing,
      .labels = (const char *const *)data->labels,
      .views = &view,
      .fusion = &whole,
      .n_views = 1,
      .window_temperature = 1, /* the one view is calibrated on windows */
      .clip_temperature = trial->clip_temperature,
      .thresholds = {.confidence = MIN (CONFIDENCE_OVER_CHANCE / data->n_labels, MOST_CONFIDENCE),
                     .min_speech_ratio = MIN_SPEECH_RATIO,
                     .silence = SILENCE},
      .provenance = provenance,
  };
  EmotionModel *model = emotion_model_new (&parts, error);
  emotion_view_unref (view);
  return model;
}

static const GError *
first_error (const Search *search, const Trial *trial)
{
  for (guint fold = 0; fold < search->n_folds; fold++)
    if (trial->errors[fold])
      return trial->errors[fold];
  return NULL;
}

/* Scores every candidate; the index of the best, the first of equals, or -1. */
static gint
pick (Search *search, TrainingChoice *choice)
{
  const TrainingDataset *data = search->problem->data;
  gint best = -1;
  for (guint i = 0; i < search->plan->candidates->len; i++) {
    Trial *trial = &search->trials[i];
    TrainingFigures figures;
    choice->candidate_uar[i] = NAN;
    if (first_error (search, trial))
      continue;
    calibrate_rows (search, trial);
    decide_clips (search, trial);
    training_figures_compute (trial->outcomes, trial->n_outcomes, data->n_labels, data->n_groups, 0,
                              0, &figures);
    choice->candidate_uar[i] = figures.uar;
    if (best < 0 || figures.uar > choice->uar) {
      best = (gint)i;
      choice->uar = figures.uar;
    }
  }
  return best;
}

static void
search_init (Search *search, const TrainingProblem *problem, TrainingUnits units,
             const TrainingPlan *plan)
{
  *search = (Search){.problem = problem, .plan = plan, .units = units};
  search->n_folds =
      training_problem_deal (problem, units, plan->n_folds, plan->seed, search->folds);
  search->trials = g_new0 (Trial, plan->candidates->len);
  for (guint i = 0; i < plan->candidates->len; i++) {
    search->trials[i].log_posteriors =
        g_new0 (double, (gsize)problem->data->n_rows * problem->data->n_labels);
    search->trials[i].errors = g_new0 (GError *, search->n_folds);
  }
}

static void
search_clear (Search *search)
{
  for (guint i = 0; i < search->plan->candidates->len; i++) {
    Trial *trial = &search->trials[i];
    for (guint fold = 0; fold < search->n_folds; fold++)
      g_clear_error (&trial->errors[fold]);
    g_free (trial->errors);
    g_free (trial->log_posteriors);
    g_free (trial->outcomes);
    g_free (trial->posteriors);
    g_free (trial->folds);
  }
  g_free (search->trials);
}

gboolean
training_choose (const TrainingProblem *problem, TrainingUnits units, const TrainingPlan *plan,
                 const char *const *provenance, TrainingChoice *choice, GError **error)
{
  Search search;
  *choice = (TrainingChoice){0};
  if (training_units_count (units) < 2) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "a fold leaves one speaker to choose and calibrate on, where 2 are needed: use "
                 "more folds (--cv-folds), a smaller --test-size or more speakers");
    return FALSE;
  }
  choice->candidate_uar = g_new0 (double, plan->candidates->len);
  search_init (&search, problem, units, plan);
  training_parallel (plan->candidates->len * search.n_folds, plan->n_jobs, run_fold, &search);
  gint best = pick (&search, choice);
  if (best < 0) {
    g_propagate_error (error, g_error_copy (first_error (&search, &search.trials[0])));
  } else {
    choice->candidate = *candidate_at (plan, (guint)best);
    measure_folds (&search, &search.trials[best], choice);
    EmotionView *view = training_candidate_fit (&choice->candidate, problem, units, error);
    if (view)
      choice->model = make_model (&search, &search.trials[best], view, provenance, error);
    emotion_view_unref (view);
  }
  search_clear (&search);
  if (!choice->model)
    training_choice_clear (choice);
  return choice->model != NULL;
}

void
training_choice_clear (TrainingChoice *choice)
{
  g_clear_pointer (&choice->model, emotion_model_unref);
  g_clear_pointer (&choice->candidate_uar, g_free);
}
