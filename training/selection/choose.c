/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "choose.h"

#include <math.h>
#include <string.h>

#include "training/base/error.h"
#include "training/base/parallel.h"

/* minimum gain of the score that adds another candidate to a model */
#define MIN_CANDIDATE_GAIN 0.003

typedef struct {
  const TrainingPlan *plan;
  TrainingFolds folds;
  TrainingTrial **trials;          /* one per candidate, NULL for a failed one */
  EmotionClassifier **classifiers; /* by candidate and fold, on raw rows */
  GError **errors;                 /* by candidate and fold */
  /* By candidate. */
  gint *n_left;   /* remaining folds */
  double *scores; /* NAN: failed */
  /* From the end of its last fold until it is settled; NULL for a failed one. */
  TrainingTrial **alone;
  gboolean *is_done;
  guint n_settled; /* settled candidates, in order from the first */
  GMutex lock;     /* protects the previous three members, the chosen ones and the log */
  guint chosen[TRAINING_MAX_FUSED], n_chosen;
  TrainingTrial *fused; /* of the chosen candidates */
} Search;

const char *
training_scoring_to_string (TrainingScoring scoring)
{
  return scoring == TRAINING_SCORING_UAR ? "uar" : "f1-weighted";
}

static const TrainingCandidate *
candidate_at (const TrainingPlan *plan, guint i)
{
  return &g_array_index (plan->candidates, TrainingCandidate, i);
}

static double
score_of (const Search *search, const TrainingTrial *trial)
{
  return search->plan->scoring == TRAINING_SCORING_UAR
             ? training_trial_uar (trial, search->folds.split)
             : training_trial_f1 (trial, search->folds.split);
}

static const GError *
error_of (const Search *search, guint candidate)
{
  for (guint fold = 0; fold < search->folds.n_folds; fold++)
    if (search->errors[candidate * search->folds.n_folds + fold])
      return search->errors[candidate * search->folds.n_folds + fold];
  return NULL;
}

/* Logs one candidate; `alone` is NULL for a failed one. */
static void
log_trial (const Search *search, guint candidate, const TrainingTrial *alone, gboolean best)
{
  const TrainingPlan *plan = search->plan;
  if (!plan->trials)
    return;
  double scores[TRAINING_MAX_GROUPS];
  TrainingFigures figures[TRAINING_MAX_GROUPS];
  if (alone)
    training_trial_figures_by_fold (alone, &search->folds, figures);
  for (guint fold = 0; alone && fold < search->folds.n_folds; fold++)
    scores[fold] =
        plan->scoring == TRAINING_SCORING_UAR ? figures[fold].uar : figures[fold].f1_weighted;
  const GError *failure = error_of (search, candidate);
  const TrainingTrialLine line = {.trial = candidate + 1,
                                  .n_trials = plan->candidates->len,
                                  .candidate = candidate_at (plan, candidate),
                                  .scoring = training_scoring_to_string (plan->scoring),
                                  .score = search->scores[candidate],
                                  .fold_scores = scores,
                                  .n_folds = alone ? search->folds.n_folds : 0,
                                  .best_so_far = best,
                                  .failure = failure ? failure->message : NULL};
  training_trials_add (plan->trials, plan->run, &line);
}

static TrainingTrial *
fuse (const Search *search, const guint *candidates, guint n)
{
  TrainingTrial *parts[TRAINING_MAX_FUSED];
  for (guint i = 0; i < n; i++)
    parts[i] = search->trials[candidates[i]];
  TrainingTrial *fused = training_trial_fuse (search->folds.split, parts, n);
  training_trial_calibrate_rows (fused, &search->folds, FALSE);
  training_trial_decide (fused, &search->folds);
  return fused;
}

/* Settles the next candidate; of equal candidates the first is the best. */
static void
settle (Search *search, guint candidate)
{
  TrainingTrial *alone = g_steal_pointer (&search->alone[candidate]);
  const double score = alone ? score_of (search, alone) : NAN;
  const gboolean best =
      alone && (search->n_chosen == 0 || score > search->scores[search->chosen[0]]);
  search->scores[candidate] = score;
  log_trial (search, candidate, alone, best);
  if (best) {
    training_trial_free (search->fused);
    search->fused = g_steal_pointer (&alone);
    search->chosen[0] = candidate;
    search->n_chosen = 1;
  }
  training_trial_free (alone);
}

/* Called when all folds of a candidate are done. Candidates are settled in their order, whichever
 * thread finishes first. */
static void
finish_candidate (Search *search, guint candidate)
{
  TrainingTrial *alone = NULL;
  if (!error_of (search, candidate)) {
    training_trial_calibrate_rows (search->trials[candidate], &search->folds, TRUE);
    alone = fuse (search, &candidate, 1);
  }
  g_mutex_lock (&search->lock);
  search->alone[candidate] = alone;
  search->is_done[candidate] = TRUE;
  for (; search->n_settled < search->plan->candidates->len && search->is_done[search->n_settled];
       search->n_settled++)
    settle (search, search->n_settled);
  g_mutex_unlock (&search->lock);
}

/* Fits one candidate without one fold. */
static void
run_fold (guint index, gpointer user_data)
{
  Search *search = user_data;
  const TrainingFolds *folds = &search->folds;
  const guint fold = index % folds->n_folds, candidate = index / folds->n_folds;
  search->classifiers[index] =
      training_candidate_fit (candidate_at (search->plan, candidate), folds->split,
                              folds->groups & ~folds->folds[fold], &search->errors[index]);
  if (search->classifiers[index])
    training_score_by_classifier (folds->split, folds->folds[fold], search->classifiers[index],
                                  search->trials[candidate]->log_posteriors);
  if (g_atomic_int_dec_and_test (&search->n_left[candidate]))
    finish_candidate (search, candidate);
}

static gboolean
is_chosen (const Search *search, guint candidate)
{
  for (guint i = 0; i < search->n_chosen; i++)
    if (search->chosen[i] == candidate)
      return TRUE;
  return FALSE;
}

/* Adds the candidate that improves the fusion most, if any does (Caruana et al. 2004). */
static gboolean
grow (Search *search)
{
  double max = score_of (search, search->fused) + MIN_CANDIDATE_GAIN;
  guint set[TRAINING_MAX_FUSED], added = 0;
  TrainingTrial *better = NULL;
  memcpy (set, search->chosen, sizeof set);
  for (guint i = 0; i < search->plan->candidates->len; i++) {
    if (isnan (search->scores[i]) || is_chosen (search, i))
      continue;
    set[search->n_chosen] = i;
    TrainingTrial *trial = fuse (search, set, search->n_chosen + 1);
    const double score = score_of (search, trial);
    if (score > max) {
      max = score;
      added = i;
      training_trial_free (better);
      better = g_steal_pointer (&trial);
    }
    training_trial_free (trial);
  }
  if (!better)
    return FALSE;
  search->chosen[search->n_chosen++] = added;
  training_trial_free (search->fused);
  search->fused = better;
  return TRUE;
}

static void
search_init (Search *search, const TrainingSplit *split, TrainingGroups groups,
             const TrainingPlan *plan)
{
  *search = (Search){.plan = plan};
  if (plan->hold_corpora)
    training_folds_init_by_corpus (&search->folds, split, groups);
  if (search->folds.n_folds < 2)
    training_folds_init (&search->folds, split, groups, plan->n_folds, plan->seed);
  const guint n = plan->candidates->len;
  search->trials = g_new0 (TrainingTrial *, n);
  for (guint i = 0; i < n; i++)
    search->trials[i] = training_trial_new (split);
  search->classifiers = g_new0 (EmotionClassifier *, n * search->folds.n_folds);
  search->errors = g_new0 (GError *, n * search->folds.n_folds);
  search->n_left = g_new (gint, n);
  search->scores = g_new0 (double, n);
  search->alone = g_new0 (TrainingTrial *, n);
  search->is_done = g_new0 (gboolean, n);
  g_mutex_init (&search->lock);
  for (guint i = 0; i < n; i++)
    search->n_left[i] = (gint)search->folds.n_folds;
}

static void
search_clear (Search *search)
{
  const guint n = search->plan->candidates->len * search->folds.n_folds;
  for (guint i = 0; i < n; i++) {
    emotion_classifier_unref (search->classifiers[i]);
    g_clear_error (&search->errors[i]);
  }
  for (guint i = 0; i < search->plan->candidates->len; i++)
    training_trial_free (search->trials[i]);
  training_trial_free (search->fused);
  g_free (search->trials);
  g_free (search->classifiers);
  g_free (search->errors);
  g_free (search->n_left);
  g_free (search->alone);
  g_free (search->is_done);
  g_mutex_clear (&search->lock);
}

static void
report_choice (const Search *search, const TrainingFusion *fusion, TrainingChoice *choice)
{
  choice->n_fused = search->n_chosen;
  for (guint i = 0; i < search->n_chosen; i++)
    choice->candidates[i] = *candidate_at (search->plan, search->chosen[i]);
  choice->uar = training_trial_uar (search->fused, search->folds.split);
  choice->adapted_uar =
      fusion->adapted ? training_trial_uar (fusion->adapted, search->folds.split) : NAN;
  training_trial_f1_by_fold (search->fused, &search->folds, &choice->f1_mean, &choice->f1_sd);
}

static void
log_choice (const Search *search, const TrainingFusion *fusion, const TrainingChoice *choice)
{
  char *description = training_choice_describe (choice);
  const TrainingChoiceLine line = {
      .trials = search->chosen,
      .n_trials = search->n_chosen,
      .description = description,
      .scoring = training_scoring_to_string (search->plan->scoring),
      .score = score_of (search, search->fused),
      .adaptive_score = fusion->adapted ? score_of (search, fusion->adapted) : NAN,
  };
  training_trials_choose (search->plan->trials, search->plan->run, &line);
  g_free (description);
}

static TrainingFusion
fusion_of (Search *search)
{
  const TrainingPlan *plan = search->plan;
  TrainingFusion fusion = {.folds = &search->folds,
                           .fused = search->fused,
                           .n = search->n_chosen,
                           .blend = plan->blend,
                           .seed = plan->seed,
                           .n_jobs = plan->n_jobs};
  for (guint i = 0; i < search->n_chosen; i++) {
    const guint candidate = search->chosen[i];
    fusion.candidates[i] = candidate_at (plan, candidate);
    fusion.trials[i] = search->trials[candidate];
    fusion.classifiers[i] = search->classifiers + candidate * search->folds.n_folds;
  }
  return fusion;
}

/* Adapts and fits the chosen candidates and reports their figures. Without a fitted adaptation, the
 * model does not adapt. choice->model stays NULL with an error. */
static void
fit_choice (Search *search, const char *const *provenance, TrainingChoice *choice, GError **error)
{
  TrainingFusion fusion = fusion_of (search);
  if (search->plan->adaptation && search->folds.split->centred)
    training_fusion_adapt (&fusion);
  report_choice (search, &fusion, choice);
  log_choice (search, &fusion, choice);
  choice->model = training_fusion_fit_model (&fusion, provenance, error);
  training_fusion_clear (&fusion);
}

gboolean
training_choose (const TrainingSplit *split, TrainingGroups groups, const TrainingPlan *plan,
                 const char *const *provenance, TrainingChoice *choice, GError **error)
{
  Search search;
  *choice = (TrainingChoice){0};
  if (training_groups_count (groups) < 2) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "a fold leaves only one speaker for selection and calibration, and 2 are "
                 "required: use more folds (--cv-folds), a smaller --test-size or more speakers");
    return FALSE;
  }
  search_init (&search, split, groups, plan);
  choice->candidate_scores = search.scores;
  training_parallel (plan->candidates->len * search.folds.n_folds, plan->n_jobs, run_fold, &search);
  if (search.n_chosen == 0) {
    g_propagate_error (error, g_error_copy (error_of (&search, 0)));
  } else {
    while (search.n_chosen < MIN (plan->max_fused, TRAINING_MAX_FUSED) && grow (&search))
      ;
    fit_choice (&search, provenance, choice, error);
  }
  search_clear (&search);
  if (!choice->model)
    training_choice_clear (choice);
  return choice->model != NULL;
}

gboolean
training_choice_extend (TrainingChoice *choice, EmotionClassifier *outlier,
                        EmotionClassifier *intensity, GError **error)
{
  EmotionModelParts parts = *emotion_model_get_parts (choice->model);
  parts.outlier = outlier;
  parts.intensity = intensity;
  EmotionModel *model = emotion_model_new (&parts, error);
  if (!model)
    return FALSE;
  emotion_model_unref (choice->model);
  choice->model = model;
  return TRUE;
}

void
training_choice_clear (TrainingChoice *choice)
{
  g_clear_pointer (&choice->model, emotion_model_unref);
  g_clear_pointer (&choice->candidate_scores, g_free);
}

char *
training_choice_describe (const TrainingChoice *choice)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < choice->n_fused; i++) {
    char *one = training_candidate_describe (&choice->candidates[i]);
    g_string_append_printf (text, "%s%s", i ? " + " : "", one);
    g_free (one);
  }
  return g_string_free (text, FALSE);
}
