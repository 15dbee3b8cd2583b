/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-run.h"

#include <math.h>
#include <string.h>

#include "ordinary.h"
#include "training/base/options.h"

/* The split for the selected protocol. */
static TrainingSplit *
make_split (const TrainingOptions *o, const TrainingDataset *data,
            const TrainingAuxiliary *auxiliary, GError **error)
{
  const guint n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs;
  const gboolean predefined = strcmp (o->protocol, "split") == 0;
  const gboolean random = strcmp (o->protocol, "random") == 0 ||
                          training_dataset_has_no_speaker (data) ||
                          (predefined && training_dataset_count_shared (data) > 0);
  const TrainingSplitConfig config = {.hold = random ? TRAINING_HOLD_CLIPS : TRAINING_HOLD_SPEAKERS,
                                      .allow_duplicates = o->allow_duplicates,
                                      .seed = (guint32)o->random_state,
                                      .predefined = predefined,
                                      .auxiliary = auxiliary};
  TrainingSplit *split = training_split_new (data, &config, n_jobs, error);
  if (split && strcmp (o->protocol, "loso") == 0 && split->n_speakers > split->n_groups) {
    training_bad_option (error,
                         "--protocol loso: the data have %u speakers, and at most %d are "
                         "supported: use --protocol speaker",
                         split->n_speakers, TRAINING_MAX_GROUPS);
    g_clear_pointer (&split, training_split_free);
  }
  return split;
}

/* A plan with the final model's candidates, without a search. */
static TrainingPlan
plan_of_choice (const TrainingPlan *plan, const TrainingChoice *choice)
{
  TrainingPlan settled = *plan;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingCandidate));
  g_array_append_vals (list, choice->candidates, choice->n_fused);
  settled.candidates = list;
  settled.trials = NULL;
  return settled;
}

/* The speaker-dependent control: clips held out at random, with the final candidates. */
static TrainingEvaluation *
evaluate_random (const TrainingOptions *o, const TrainingSplit *main, const TrainingPlan *plan,
                 guint *n_folds, GError **error)
{
  const TrainingSplitConfig config = {
      .hold = TRAINING_HOLD_CLIPS, .seed = plan->seed, .auxiliary = main->auxiliary};
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  TrainingEvaluation *evaluation = NULL;
  TrainingSplit *split = training_split_new (main->data, &config, plan->n_jobs, error);
  if (split) {
    *n_folds = training_split_deal (split, split->all, (guint)o->cv_folds, plan->seed, folds);
    TrainingProgress *progress =
        training_progress_new ("random control", "folds", *n_folds, !o->quiet);
    evaluation = training_evaluate (split, folds, *n_folds, plan, -1, progress, error);
    training_progress_finish (progress);
  }
  training_split_free (split);
  return evaluation;
}

/* Holds out the statement together with the speaker: one evaluation per statement. */
static GPtrArray *
evaluate_statements (const TrainingOptions *o, const TrainingSplit *main, const TrainingPlan *plan,
                     GError **error)
{
  const TrainingDataset *data = main->data;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)training_evaluation_free);
  TrainingProgress *progress =
      training_progress_new ("new statements", "statements", data->n_statements, !o->quiet);
  for (guint s = 0; s < data->n_statements; s++) {
    const TrainingSplitConfig config = {.hold = TRAINING_HOLD_SPEAKERS,
                                        .seed = plan->seed,
                                        .statement_out = s + 1,
                                        .auxiliary = main->auxiliary};
    TrainingGroups folds[TRAINING_MAX_GROUPS];
    TrainingEvaluation *evaluation = NULL;
    TrainingSplit *split = training_split_new (data, &config, plan->n_jobs, error);
    if (split) {
      const guint n =
          training_split_deal (split, split->all, (guint)o->cv_folds, plan->seed, folds);
      evaluation = training_evaluate (split, folds, n, plan, (gint)s, NULL, error);
    }
    training_split_free (split);
    if (!evaluation) {
      g_clear_pointer (&all, g_ptr_array_unref);
      break;
    }
    g_ptr_array_add (all, evaluation);
    training_progress_step (progress);
  }
  training_progress_finish (progress);
  return all;
}

/* The evaluations that follow the final choice. */
static gboolean
evaluate_choice (TrainingResults *self, const TrainingOptions *o, TrainingTiming *timing,
                 GError **error)
{
  TrainingPlan settled = plan_of_choice (&self->plan, &self->final);
  gboolean ok = TRUE;
  settled.adaptation = FALSE;
  if (!o->no_random && !self->shares_speakers)
    ok = (self->random =
              evaluate_random (o, self->split, &settled, &self->n_random_folds, error)) != NULL;
  training_timing_mark (timing, "random");
  if (ok && o->repeat_statement)
    ok = (self->statements = evaluate_statements (o, self->split, &settled, error)) != NULL;
  training_timing_mark (timing, "statements");
  g_array_unref ((GArray *)settled.candidates);
  return ok;
}

/* The test clips of a predefined split are the only fold and the hold-out. */
static gboolean
evaluate_split (TrainingResults *self, const TrainingOptions *o, GError **error)
{
  const TrainingSplit *split = self->split;
  TrainingPlan outer = self->plan;
  TrainingProgress *progress = training_progress_new ("evaluating", "folds", 1, !o->quiet);
  outer.run.name = "hold-out";
  self->n_outer_folds = 1;
  self->held_out_groups = split->test;
  self->pooled = training_evaluate (split, &split->test, 1, &outer, -1, progress, error);
  self->held_out = self->pooled;
  training_progress_finish (progress);
  return self->pooled != NULL;
}

/* Evaluates the hold-out. If it is an outer fold, its evaluation is reused, except when a log is to
 * have the hold-out's search too. */
static TrainingEvaluation *
evaluate_held_out (TrainingResults *self, const TrainingOptions *o, const TrainingGroups *folds,
                   TrainingProgress *progress, GError **error)
{
  TrainingPlan plan = self->plan;
  plan.run.name = "hold-out";
  for (guint fold = 0; !o->trials && fold < self->n_outer_folds; fold++)
    if (folds[fold] == self->held_out_groups) {
      training_progress_step (progress);
      return training_evaluation_of_fold (self->pooled, self->split->data, fold);
    }
  return training_evaluate (self->split, &self->held_out_groups, 1, &plan, -1, progress, error);
}

/* Evaluates the outer folds and the hold-out. The hold-out is the first of n sets of speakers, n
 * from its fraction. */
static gboolean
evaluate_outer (TrainingResults *self, const TrainingOptions *o, GError **error)
{
  const TrainingSplit *split = self->split;
  if (split->test)
    return evaluate_split (self, o, error);
  TrainingGroups folds[TRAINING_MAX_GROUPS], held_out[TRAINING_MAX_GROUPS];
  TrainingPlan outer = self->plan;
  const gboolean alone = strcmp (o->protocol, "loso") == 0;
  const guint n_folds = training_split_deal (
      split, split->all, alone ? split->n_groups : (guint)o->cv_folds, self->seed, folds);
  training_split_deal (split, split->all,
                       (guint)lround (MIN (1 / o->test_size, TRAINING_MAX_GROUPS)), self->seed,
                       held_out);
  TrainingProgress *progress =
      training_progress_new ("evaluating", "folds", n_folds + 1, !o->quiet);
  if (!alone && n_folds < (guint)o->cv_folds)
    g_printerr ("emotion-train: --cv-folds %d: reduced to %u folds, as the data have no more "
                "speakers or clips to hold out\n",
                o->cv_folds, n_folds);
  self->n_outer_folds = n_folds;
  self->held_out_groups = held_out[0];
  outer.run.name = "outer";
  self->pooled = training_evaluate (split, folds, n_folds, &outer, -1, progress, error);
  if (self->pooled)
    self->held_out = evaluate_held_out (self, o, folds, progress, error);
  training_progress_finish (progress);
  return self->held_out != NULL;
}

/* The provenance for the model file, as key, value, ...: figures of the pooled folds; no date, no
 * path. NULL-terminated; free with g_strfreev(). */
static char **
name_provenance (const TrainingResults *self, const TrainingOptions *o)
{
  const TrainingDataset *data = self->split->data;
  const TrainingEvaluation *pooled = self->pooled;
  TrainingFigures f;
  training_figures_compute (pooled->strict.clips, pooled->strict.n_clips, data->n_labels,
                            data->n_speakers, 0, 0, &f);
  GPtrArray *pairs = g_ptr_array_new ();
  char *corpora = o->sources.names ? g_strjoinv ("+", o->sources.names)
                                   : training_options_name_corpora (o->sources.metadata);
  const char *plain[] = {"trained-by", "gst-emotiondetect " EMOTION_VERSION,
                         "corpus",     corpora,
                         "licence",    o->licence ? o->licence : "unstated",
                         "data-hash",  data->hash,
                         "protocol",   self->protocol};
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_ptr_array_add (pairs, g_strdup (plain[i]));
  if (o->auxiliary) {
    g_ptr_array_add (pairs, g_strdup ("background"));
    g_ptr_array_add (pairs, training_options_name_corpora (o->auxiliary));
  }
  g_free (corpora);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ptr_array_add (pairs, g_strdup ("uar"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.uar)));
  if (pooled->adapted.n_clips > 0) {
    TrainingFigures adapted;
    training_figures_compute (pooled->adapted.clips, pooled->adapted.n_clips, data->n_labels,
                              data->n_speakers, 0, 0, &adapted);
    g_ptr_array_add (pairs, g_strdup ("uar-adaptive"));
    g_ptr_array_add (pairs,
                     g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", adapted.uar)));
  }
  g_ptr_array_add (pairs, g_strdup ("accuracy"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.accuracy)));
  g_ptr_array_add (pairs, g_strdup ("clips"));
  g_ptr_array_add (pairs, g_strdup_printf ("%u", pooled->strict.n_clips));
  if (data->speakers_known) {
    g_ptr_array_add (pairs, g_strdup ("speakers"));
    g_ptr_array_add (pairs, g_strdup_printf ("%u", self->split->n_speakers));
  }
  g_ptr_array_add (pairs, NULL);
  return (char **)g_ptr_array_free (pairs, FALSE);
}

/* Adds the outlier gate, if the augmentations include enough noise to keep it from refusing noisy
 * speech, and the intensity. */
static gboolean
fit_others (TrainingResults *self, const TrainingOptions *o, GError **error)
{
  const TrainingSplit *split = self->split;
  const guint n_folds = (guint)o->cv_folds, n_jobs = self->plan.n_jobs;
  EmotionClassifier *outlier = NULL, *intensity = NULL;
  gboolean ok = TRUE;
  /* The last candidate of this split is fitted. */
  training_squares_forget (split->squares);
  if (self->plan.sounds) {
    self->outlier = g_new0 (TrainingOutlierFigures, 1);
    outlier = training_outlier_fit (split, split->all, self->plan.sounds, n_jobs, n_folds,
                                    self->seed, self->outlier, error);
    ok = outlier != NULL;
  }
  if (ok && training_intensity_is_possible (split)) {
    self->intensity = g_new0 (TrainingIntensityFigures, 1);
    intensity = training_intensity_fit (split, n_folds, self->seed, n_jobs, self->intensity, error);
    ok = intensity != NULL;
  }
  ok = ok && training_choice_extend (&self->final, outlier, intensity, error);
  emotion_classifier_unref (outlier);
  emotion_classifier_unref (intensity);
  return ok;
}

/* Selects the decision settings of the final model, if there is ordinary speech. */
static gboolean
fit_decision (TrainingResults *self, const TrainingOptions *o, GError **error)
{
  TrainingChoice *final = &self->final;
  TrainingStreams *sets[2];
  if (!self->data->ordinary)
    return TRUE;
  if (!training_ordinary_score (self->data->ordinary, final->model, self->split->data,
                                self->plan.n_jobs, self->seed, "emotion-train", sets, error))
    return FALSE;
  EmotionModel *model = NULL;
  char *names = training_options_name_corpora (o->ordinary);
  self->decision = g_new0 (TrainingDecisionFit, 1);
  if (training_decision_fit (final->model, sets, self->pooled->streams, o->false_windows,
                             self->decision, error))
    model = training_decision_apply (self->decision, final->model, names, error);
  g_free (names);
  training_streams_free (sets[0]);
  training_streams_free (sets[1]);
  if (!model)
    return FALSE;
  emotion_model_unref (final->model);
  final->model = model;
  return TRUE;
}

static gboolean
fit_final (TrainingResults *self, const TrainingOptions *o, GError **error)
{
  char **provenance = name_provenance (self, o);
  const gboolean ok = training_choose (self->split, self->split->all, &self->plan,
                                       (const char *const *)provenance, &self->final, error) &&
                      fit_others (self, o, error) && fit_decision (self, o, error);
  g_strfreev (provenance);
  return ok;
}

TrainingResults *
training_run (const TrainingOptions *o, const TrainingData *data, TrainingTrials *trials,
              TrainingTiming *timing, GError **error)
{
  const TrainingDataset *dataset = data->dataset;
  const gboolean predefined = strcmp (o->protocol, "split") == 0;
  const TrainingExtraction extraction = training_options_get_extraction (o);
  TrainingResults *self = g_new (TrainingResults, 1);
  *self = (TrainingResults){
      .data = data,
      .plan = {.candidates = o->candidate_list,
               .n_folds = (guint)o->cv_folds,
               .seed = (guint32)o->random_state,
               .n_jobs = o->n_jobs < 0 ? 0 : (guint)o->n_jobs,
               .hold_corpora = o->hold_corpora,
               .scoring = o->scoring,
               .max_fused = (guint)o->max_fused,
               .adaptation = !o->no_adaptation,
               .blend = o->blend,
               .trials = trials,
               .run = {"final", 0}},
      .split = make_split (o, dataset, data->auxiliary, error),
      .protocol = dataset->speakers_known || predefined ? o->protocol : "random",
      .shares_speakers = !dataset->speakers_known || strcmp (o->protocol, "random") == 0 ||
                         (predefined && training_dataset_count_shared (dataset) > 0),
      .seed = (guint32)o->random_state};
  /* After the split, which data may not allow: the sounds take a while. */
  TrainingSoundVectors *sounds = self->split ? training_sound_vectors_new (&extraction) : NULL;
  self->plan.sounds = sounds;
  training_timing_mark (timing, "moments");
  gboolean ok = self->split && evaluate_outer (self, o, error);
  training_timing_mark (timing, "evaluation");
  ok = ok && fit_final (self, o, error);
  training_timing_mark (timing, "model");
  ok = ok && evaluate_choice (self, o, timing, error);
  training_sound_vectors_free (sounds);
  self->plan.sounds = NULL;
  self->plan.trials = NULL;
  if (!ok)
    g_clear_pointer (&self, training_results_free);
  return self;
}

void
training_results_free (TrainingResults *self)
{
  if (!self)
    return;
  training_choice_clear (&self->final);
  if (self->held_out != self->pooled)
    training_evaluation_free (self->held_out);
  training_evaluation_free (self->pooled);
  training_evaluation_free (self->random);
  if (self->statements)
    g_ptr_array_unref (self->statements);
  training_split_free (self->split);
  g_free (self->outlier);
  g_free (self->intensity);
  g_free (self->decision);
  g_free (self);
}
