/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "choose.h"

#include <math.h>
#include <string.h>

#include "neutral-streams.h"
#include "training/base/error.h"
#include "training/base/parallel.h"

/* Gates of the models made here. */
#define CONFIDENCE_OVER_CHANCE 1.5 /* below this many times the chance level: no prediction */
#define MAX_CONFIDENCE 0.5         /* what has a majority is answered, however few the labels */
#define MIN_SPEECH_RATIO 0.1
#define SILENCE (-60.0) /* dBFS */

/* Adaptation to streams. Measured on RAVDESS, EMO-DB and nEMO with the same constants: flat for a prior
 * of 4 to 15 s, with 6 s best from corpus to corpus; forgetting gains nothing and only bounds the memory. */
#define PRIOR 6.0    /* s of speech */
#define MEMORY 300.0 /* s of speech */
/* How sure the centre is of what it takes off as emotion: the share of the labels' offsets, and how much more often
 * than another label neutral is expected. The first is best for streams where all labels are alike, but where four
 * of five clips are neutral its centre may drift until neutral sounds sad. A model takes the first with which
 * such streams of held-out speakers surely lose nothing; without a label neutral, the first. */
static const struct {
  double debias_weight;
  float neutral_expected;
} presets[] = {{0.5, 6}, {0.75, 4}, {1, 4}};
#define N_PRESETS G_N_ELEMENTS (presets)
#define TOLERANCE 0.01 /* of UAR, which rests on the few clips that are not neutral */
/* By how much more clips must be right, as one draw of streams stands for all: of RAVDESS with 18 speakers, what
 * gained nothing in the simulation lost 1.5 points on streams drawn anew. */
#define MIN_GAIN 0.01

#define MIN_CANDIDATE_GAIN 0.003 /* of the score, for which a model takes in another candidate */

typedef struct {
  const TrainingPlan *plan;
  TrainingFolds folds;
  TrainingTrial **trials;          /* one a candidate, NULL for one that failed */
  EmotionClassifier **classifiers; /* by candidate and fold, raw */
  GError **errors;                 /* the same */
  /* By candidate. */
  gint *n_left;          /* folds to do */
  double *scores;        /* NAN: failed */
  TrainingTrial **alone; /* from its last fold until it is settled; NULL for one that failed */
  gboolean *is_done;
  guint n_settled; /* the first of them, in order */
  GMutex lock;     /* of these three, of the chosen and of the log */
  guint chosen[TRAINING_MAX_FUSED], n_chosen;
  TrainingTrial *fused; /* of the chosen */
  /* Of the chosen, on centred rows. */
  EmotionClassifier **centred_classifiers; /* by chosen and fold; behind the folds, of all groups */
  TrainingTrial *centred_trials[TRAINING_MAX_FUSED];
  guint preset; /* of the adaptation */
  TrainingTrial *adapted;
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

/* One line of the log; `alone` is NULL for a candidate that failed. */
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

/* One more candidate is through; the first of equals is the best. */
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

/* All folds of a candidate are done. Candidates are settled in their order, whichever thread is first. */
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

/* One candidate, one fold. */
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

/* Adds the candidate that helps the fusion most, if one does (Caruana et al. 2004). */
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

static EmotionClassifier *
with_temperature (EmotionClassifier *classifier, double temperature)
{
  EmotionClassifierParts parts = *emotion_classifier_get_parts (classifier);
  parts.temperature = temperature;
  return emotion_classifier_new (&parts, NULL);
}

/* The mean of each label's centred rows, less their mean over the labels that there are. */
static void
label_offsets (const Search *search, TrainingGroups groups, float *offsets)
{
  const TrainingSplit *centred = search->folds.split->centred;
  const gsize d = centred->data->features->n_features, n = centred->data->n_labels;
  TrainingMoments *moments = training_split_sum (centred, groups);
  double *mean = g_new0 (double, d);
  guint present = 0;
  for (gsize k = 0; k < n; k++)
    present += moments->weight[k] > 0;
  for (gsize k = 0; k < n; k++)
    for (gsize i = 0; i < d && moments->weight[k] > 0; i++)
      mean[i] += moments->sum[k * d + i] / moments->weight[k] / present;
  for (gsize k = 0; k < n; k++)
    for (gsize i = 0; i < d; i++)
      offsets[k * d + i] = moments->weight[k] > 0
                               ? (float)(moments->sum[k * d + i] / moments->weight[k] - mean[i])
                               : 0;
  training_moments_free (moments);
  g_free (mean);
}

static EmotionModelParts
plain_parts (const Search *search, EmotionClassifier **classifiers, const double *fusion)
{
  const TrainingDataset *data = search->folds.split->data;
  return (EmotionModelParts){
      .features = data->features,
      .windowing = data->windowing,
      .labels = (const char *const *)data->labels,
      .label_texts = (const char *const *)data->label_texts,
      .classifiers = classifiers,
      .fusion = fusion,
      .n_classifiers = search->n_chosen,
      .window_temperature = search->fused->window_temperature,
      .clip_temperature = search->fused->clip_temperature,
      .thresholds = {.confidence = MIN (CONFIDENCE_OVER_CHANCE / data->n_labels, MAX_CONFIDENCE),
                     .min_speech_ratio = MIN_SPEECH_RATIO,
                     .silence = SILENCE},
  };
}

/* A model of the classifiers given, one a chosen candidate, with the temperatures of the trials; `centred`
 * may be NULL. What else an adaptation needs is of `groups`. */
static EmotionModel *
make_model (const Search *search, EmotionClassifier **raw, EmotionClassifier **centred,
            guint preset, TrainingGroups groups, const char *const *provenance, GError **error)
{
  const TrainingSplit *split = search->folds.split;
  const gsize d = split->data->features->n_features;
  const guint n = search->n_chosen;
  EmotionClassifier *classifiers[2 * TRAINING_MAX_FUSED] = {NULL};
  double fusion[2 * TRAINING_MAX_FUSED];
  gboolean is_centred[2 * TRAINING_MAX_FUSED];
  float *centre = g_new (float, d), *offsets = g_new (float, split->data->n_labels *d);
  float expected[EMOTION_MAX_LABELS];
  EmotionModelParts parts = plain_parts (search, classifiers, fusion);
  parts.provenance = provenance;
  for (guint i = 0; i < n; i++) {
    classifiers[i] =
        with_temperature (raw[i], search->trials[search->chosen[i]]->window_temperature);
    if (centred)
      classifiers[n + i] =
          with_temperature (centred[i], search->centred_trials[i]->window_temperature);
    is_centred[i] = FALSE;
    is_centred[n + i] = TRUE;
    fusion[i] = fusion[n + i] = 1.0 / n;
  }
  if (centred) {
    training_split_centre (split, groups, centre);
    label_offsets (search, groups, offsets);
    for (guint k = 0; k < split->data->n_labels; k++)
      expected[k] =
          strcmp (split->data->labels[k], "neutral") == 0 ? presets[preset].neutral_expected : 1;
    parts.n_classifiers = 2 * n;
    parts.adaptation = (EmotionAdaptationParts){
        .running = TRUE,
        .prior = PRIOR,
        .memory = MEMORY,
        .blend = search->plan->blend,
        .centre = centre,
        .debias_weight = presets[preset].debias_weight,
        .expected = expected,
        .offsets = offsets,
        .centred = is_centred,
        .window_temperature = search->adapted ? search->adapted->window_temperature : 1,
        .clip_temperature = search->adapted ? search->adapted->clip_temperature : 1,
    };
  }
  EmotionModel *model = emotion_model_new (&parts, error);
  for (guint i = 0; i < 2 * n; i++)
    emotion_classifier_unref (classifiers[i]);
  g_free (centre);
  g_free (offsets);
  return model;
}

/* The chosen on centred rows: one candidate, one fold or, as the last fold, all groups. */
static void
run_centred_fold (guint index, gpointer user_data)
{
  Search *search = user_data;
  const TrainingFolds *folds = &search->folds;
  const TrainingSplit *centred = folds->split->centred;
  const guint fold = index % (folds->n_folds + 1), i = index / (folds->n_folds + 1);
  const TrainingGroups held_out = fold < folds->n_folds ? folds->folds[fold] : 0;
  EmotionClassifier *classifier = training_candidate_fit (
      candidate_at (search->plan, search->chosen[i]), centred, folds->groups & ~held_out, NULL);
  if (classifier && held_out)
    training_score_by_classifier (centred, held_out, classifier,
                                  search->centred_trials[i]->log_posteriors);
  search->centred_classifiers[index] = classifier;
}

/* A model of the speakers outside one fold. */
static EmotionModel *
model_of_fold (const Search *search, guint fold, guint preset)
{
  const TrainingFolds *folds = &search->folds;
  EmotionClassifier *raw[TRAINING_MAX_FUSED], *centred[TRAINING_MAX_FUSED];
  for (guint i = 0; i < search->n_chosen; i++) {
    raw[i] = search->classifiers[search->chosen[i] * folds->n_folds + fold];
    centred[i] = search->centred_classifiers[i * (folds->n_folds + 1) + fold];
  }
  return make_model (search, raw, centred, preset, folds->groups & ~folds->folds[fold],
                     (const char *const[]){NULL}, NULL);
}

/* Streams of one fold's speakers, by a model of the others. */
static void
run_streams (guint fold, gpointer user_data)
{
  Search *search = user_data;
  const TrainingFolds *folds = &search->folds;
  EmotionModel *model = model_of_fold (search, fold, search->preset);
  TrainingScores scores = {search->adapted->log_posteriors, NULL};
  training_scores_add_adapted (&scores, folds->split, folds->folds[fold], model,
                               search->plan->seed);
  emotion_model_unref (model);
}

/* Mostly neutral streams: of each fold by each preset, and behind these without adaptation. */
typedef struct {
  const Search *search;
  guint *confusions; /* N_PRESETS + 1, each n_labels x n_labels, of each fold */
} Simulation;

static gsize
confusion_size (const Search *search)
{
  const gsize n = search->folds.split->data->n_labels;
  return n * n;
}

static void
simulate (guint index, gpointer user_data)
{
  const Simulation *simulation = user_data;
  const Search *search = simulation->search;
  const TrainingFolds *folds = &search->folds;
  const guint fold = index / (N_PRESETS + 1), preset = index % (N_PRESETS + 1);
  const gboolean adapted = preset < N_PRESETS;
  EmotionModel *model = model_of_fold (search, fold, adapted ? preset : 0);
  training_neutral_streams_evaluate (folds->split, folds->folds[fold], model, adapted,
                                     search->plan->seed,
                                     simulation->confusions + index * confusion_size (search));
  emotion_model_unref (model);
}

static TrainingNeutralFigures
sum_simulations (const Simulation *simulation, guint preset)
{
  const Search *search = simulation->search;
  const gsize size = confusion_size (search);
  guint *sum = g_new0 (guint, size);
  for (guint fold = 0; fold < search->folds.n_folds; fold++)
    for (gsize i = 0; i < size; i++)
      sum[i] += simulation->confusions[(fold * (N_PRESETS + 1) + preset) * size + i];
  const TrainingNeutralFigures figures =
      training_neutral_streams_sum_up (sum, search->folds.split->data->n_labels);
  g_free (sum);
  return figures;
}

/* The first preset that surely loses nothing on mostly neutral streams; where none does, the last. */
static guint
choose_preset (const Search *search)
{
  const guint n = search->folds.n_folds * (N_PRESETS + 1);
  Simulation simulation = {search, g_new0 (guint, n * confusion_size (search))};
  training_parallel (n, search->plan->n_jobs, simulate, &simulation);
  const TrainingNeutralFigures strict = sum_simulations (&simulation, N_PRESETS);
  guint preset = 0;
  for (; strict.n > 0 && preset + 1 < N_PRESETS; preset++) {
    const TrainingNeutralFigures adapted = sum_simulations (&simulation, preset);
    if (adapted.accuracy >= strict.accuracy + MIN_GAIN && adapted.uar >= strict.uar - TOLERANCE)
      break;
  }
  g_free (simulation.confusions);
  return preset;
}

/* Fits the chosen on centred rows and calibrates their predictions to streams; FALSE when one failed. */
static gboolean
adapt (Search *search)
{
  const TrainingFolds *folds = &search->folds;
  const guint n = search->n_chosen * (folds->n_folds + 1);
  search->centred_classifiers = g_new0 (EmotionClassifier *, n);
  for (guint i = 0; i < search->n_chosen; i++)
    search->centred_trials[i] = training_trial_new (folds->split);
  training_parallel (n, search->plan->n_jobs, run_centred_fold, search);
  for (guint i = 0; i < n; i++)
    if (!search->centred_classifiers[i])
      return FALSE;
  for (guint i = 0; i < search->n_chosen; i++)
    training_trial_calibrate_rows (search->centred_trials[i], folds, FALSE);
  TrainingTrial *adapted = training_trial_new (folds->split);
  search->adapted = adapted;
  adapted->window_temperature = adapted->clip_temperature = 1;
  search->preset = choose_preset (search);
  training_parallel (folds->n_folds, search->plan->n_jobs, run_streams, search);
  training_trial_calibrate_rows (adapted, folds, FALSE);
  training_trial_decide (adapted, folds);
  return TRUE;
}

/* The model of all groups. */
static EmotionModel *
finish (Search *search, const char *const *provenance, GError **error)
{
  EmotionClassifier *raw[TRAINING_MAX_FUSED] = {NULL}, *centred[TRAINING_MAX_FUSED];
  const TrainingFolds *folds = &search->folds;
  EmotionModel *model = NULL;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < search->n_chosen; i++) {
    raw[i] = training_candidate_fit (candidate_at (search->plan, search->chosen[i]), folds->split,
                                     folds->groups, error);
    ok = raw[i] != NULL;
    if (search->adapted)
      centred[i] = search->centred_classifiers[i * (folds->n_folds + 1) + folds->n_folds];
  }
  if (ok)
    model = make_model (search, raw, search->adapted ? centred : NULL, search->preset,
                        folds->groups, provenance, error);
  for (guint i = 0; i < search->n_chosen; i++)
    emotion_classifier_unref (raw[i]);
  return model;
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
  for (guint i = 0;
       search->centred_classifiers && i < search->n_chosen * (search->folds.n_folds + 1); i++)
    emotion_classifier_unref (search->centred_classifiers[i]);
  for (guint i = 0; i < search->n_chosen; i++)
    training_trial_free (search->centred_trials[i]);
  training_trial_free (search->fused);
  training_trial_free (search->adapted);
  g_free (search->trials);
  g_free (search->classifiers);
  g_free (search->errors);
  g_free (search->n_left);
  g_free (search->alone);
  g_free (search->is_done);
  g_mutex_clear (&search->lock);
  g_free (search->centred_classifiers);
}

static void
report_choice (const Search *search, TrainingChoice *choice)
{
  choice->n_fused = search->n_chosen;
  for (guint i = 0; i < search->n_chosen; i++)
    choice->candidates[i] = *candidate_at (search->plan, search->chosen[i]);
  choice->uar = training_trial_uar (search->fused, search->folds.split);
  choice->adapted_uar =
      search->adapted ? training_trial_uar (search->adapted, search->folds.split) : NAN;
  training_trial_f1_by_fold (search->fused, &search->folds, &choice->f1_mean, &choice->f1_sd);
}

static void
log_choice (const Search *search, const TrainingChoice *choice)
{
  char *description = training_choice_describe (choice);
  const TrainingChoiceLine line = {
      .trials = search->chosen,
      .n_trials = search->n_chosen,
      .description = description,
      .scoring = training_scoring_to_string (search->plan->scoring),
      .score = score_of (search, search->fused),
      .adaptive_score = search->adapted ? score_of (search, search->adapted) : NAN,
  };
  training_trials_choose (search->plan->trials, search->plan->run, &line);
  g_free (description);
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
    /* A candidate that cannot be fitted on centred rows leaves a model that does not adapt. */
    if (plan->adaptation && split->centred && !adapt (&search))
      g_clear_pointer (&search.adapted, training_trial_free);
    report_choice (&search, choice);
    log_choice (&search, choice);
    choice->model = finish (&search, provenance, error);
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
