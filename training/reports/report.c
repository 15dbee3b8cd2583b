/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include "training/data/rejects.h"

#include <math.h>

#include "mistakes.h"
#include "training/selection/candidate-settings.h"

#define BOOTSTRAP 2000 /* resamples of speakers */

static void
set_strings (JsonObject *object, const char *member, const char *const *strings)
{
  JsonArray *array = json_array_new ();
  for (guint i = 0; strings[i]; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, member, array);
}

static JsonObject *
figures_of (const TrainingResults *results, const TrainingOutcome *outcomes, guint n,
            TrainingFigures *figures)
{
  const TrainingDataset *data = results->split->data;
  training_figures_compute (outcomes, n, data->n_labels, data->n_speakers, BOOTSTRAP, results->seed,
                            figures);
  return training_figures_to_json (figures, outcomes, n, (const char *const *)data->labels);
}

static JsonObject *
predictions_to_json (const TrainingResults *results, const TrainingPredictions *predictions)
{
  const TrainingDataset *data = results->split->data;
  TrainingFigures clips, windows;
  JsonObject *object = figures_of (results, predictions->clips, predictions->n_clips, &clips);
  json_object_set_double_member (object, "uar", clips.uar);
  guint n_speakers;
  const char **speakers = training_dataset_name_speakers (data, &n_speakers);
  if (n_speakers > 0)
    json_object_set_object_member (object, "per_speaker",
                                   training_per_group_to_json (predictions->clips,
                                                               predictions->n_clips, data->n_labels,
                                                               speakers));
  g_free (speakers);
  JsonObject *of_windows =
      figures_of (results, predictions->windows, predictions->n_windows, &windows);
  json_object_set_object_member (object, "windows", of_windows);
  return object;
}

static void
set_folds (JsonObject *object, const TrainingEvaluation *evaluation, guint n_folds)
{
  JsonArray *chosen = json_array_new ();
  for (guint i = 0; i < evaluation->chosen->len; i++)
    json_array_add_string_element (chosen, evaluation->chosen->pdata[i]);
  json_object_set_array_member (object, "chosen", chosen);
  json_object_set_int_member (object, "folds", n_folds);
}

/* Figures over all statements, and of each. */
static JsonObject *
statements_to_json (const TrainingResults *results)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; i < results->statements->len; i++) {
    const TrainingEvaluation *evaluation = results->statements->pdata[i];
    json_object_set_object_member (object, results->split->data->statements[i],
                                   predictions_to_json (results, &evaluation->strict));
  }
  return object;
}

static JsonObject *
neutral_to_json (const TrainingNeutralFigures *figures)
{
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "uar", figures->uar);
  json_object_set_double_member (object, "accuracy", figures->accuracy);
  json_object_set_int_member (object, "n", figures->n);
  return object;
}

/* Figures of mostly neutral streams of held-out speakers. */
static JsonObject *
neutral_streams_to_json (const TrainingEvaluation *evaluation)
{
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "share", TRAINING_NEUTRAL_FRACTION);
  json_object_set_object_member (object, "strict", neutral_to_json (&evaluation->neutral_strict));
  json_object_set_object_member (object, "adaptive",
                                 neutral_to_json (&evaluation->neutral_adapted));
  return object;
}

static JsonObject *
protocols_to_json (const TrainingResults *results)
{
  JsonObject *object = json_object_new ();
  /* Figures without held-out speakers must not be called strict. */
  const gboolean random = results->shares_speakers;
  JsonObject *strict = predictions_to_json (results, &results->pooled->strict);
  set_folds (strict, results->pooled, results->n_outer_folds);
  json_object_set_object_member (object, random ? "random" : "strict", strict);
  if (results->pooled->adapted.n_clips > 0) {
    JsonObject *adapted = predictions_to_json (results, &results->pooled->adapted);
    json_object_set_int_member (adapted, "folds", results->n_outer_folds);
    json_object_set_object_member (object, "adaptive", adapted);
  }
  if (results->pooled->neutral_adapted.n > 0)
    json_object_set_object_member (object, "mostly_neutral",
                                   neutral_streams_to_json (results->pooled));
  if (results->random) {
    JsonObject *control = predictions_to_json (results, &results->random->strict);
    set_folds (control, results->random, results->n_random_folds);
    json_object_set_object_member (object, "random", control);
  }
  if (results->statements)
    json_object_set_object_member (object, "statements", statements_to_json (results));
  return object;
}

static JsonObject *
choice_to_json (const TrainingResults *results, const TrainingChoice *choice)
{
  JsonObject *object = json_object_new (), *tried = json_object_new ();
  JsonArray *best = json_array_new ();
  char *description = training_choice_describe (choice);
  for (guint i = 0; i < choice->n_fused; i++)
    json_array_add_object_element (best, training_candidate_to_json (&choice->candidates[i]));
  json_object_set_array_member (object, "best_params", best);
  json_object_set_string_member (object, "description", description);
  json_object_set_double_member (object, "cv_f1_weighted_mean", choice->f1_mean);
  json_object_set_double_member (object, "cv_f1_weighted_std", choice->f1_sd);
  json_object_set_double_member (object, "cv_uar", choice->uar);
  if (isfinite (choice->adapted_uar))
    json_object_set_double_member (object, "cv_uar_adaptive", choice->adapted_uar);
  json_object_set_string_member (object, "scoring",
                                 training_scoring_to_string (results->plan.scoring));
  for (guint i = 0; i < results->plan.candidates->len; i++) {
    char *name = training_candidate_describe (
        &g_array_index (results->plan.candidates, TrainingCandidate, i));
    if (isfinite (choice->candidate_scores[i]))
      json_object_set_double_member (tried, name, choice->candidate_scores[i]);
    else
      json_object_set_null_member (tried, name);
    g_free (name);
  }
  json_object_set_object_member (object, "candidates_cv", tried);
  g_free (description);
  return object;
}

static JsonObject *
held_out_to_json (const TrainingResults *results)
{
  const TrainingDataset *data = results->split->data;
  JsonObject *object = predictions_to_json (results, &results->held_out->strict);
  set_folds (object, results->held_out, 1);
  gboolean *held = g_new0 (gboolean, data->n_speakers);
  JsonArray *speakers = json_array_new ();
  for (guint c = 0; c < data->n_clips; c++)
    if (training_split_has_clip (results->split, c, results->held_out_groups))
      held[data->clips[c].speaker] = TRUE;
  for (guint g = 0; g < data->n_speakers; g++)
    if (held[g])
      json_array_add_string_element (speakers, data->speakers[g]);
  if (results->shares_speakers)
    json_array_unref (speakers);
  else
    json_object_set_array_member (object, "speakers", speakers);
  json_object_set_string_member (object, "protocol", results->protocol);
  g_free (held);
  return object;
}

static void
set_data (JsonObject *root, const TrainingResults *results)
{
  const TrainingDataset *data = results->split->data;
  char **names = emotion_feature_set_names (data->features);
  JsonObject *mapping = json_object_new ();
  JsonArray *paths = json_array_new (), *duplicates = json_array_new (),
            *rejects = json_array_new ();
  guint n = 0, n_windows = 0;
  for (guint k = 0; k < data->n_labels; k++)
    json_object_set_int_member (mapping, data->labels[k], k);
  for (guint c = 0; c < data->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (results->split->group_of_clip[c] != G_MAXUINT) {
      json_array_add_string_element (paths, clip->path);
      n++;
      n_windows += clip->n_rows;
    }
    if (clip->duplicate_of < 0)
      continue;
    JsonArray *pair = json_array_new ();
    json_array_add_string_element (pair, data->clips[clip->duplicate_of].path);
    json_array_add_string_element (pair, clip->path);
    json_array_add_array_element (duplicates, pair);
  }
  for (guint i = 0; i < results->data->rejects->len; i++)
    json_array_add_string_element (rejects,
                                   ((TrainingReject *)results->data->rejects->pdata[i])->text);
  json_object_set_int_member (root, "n_samples", n);
  json_object_set_int_member (root, "n_windows", n_windows);
  if (data->speakers_known)
    json_object_set_int_member (root, "n_speakers", results->split->n_speakers);
  else
    json_object_set_null_member (root, "n_speakers");
  json_object_set_string_member (root, "intervals_over",
                                 data->speakers_known ? "speakers" : "clips");
  json_object_set_object_member (root, "label_mapping", mapping);
  if (data->label_texts) {
    JsonObject *texts = json_object_new ();
    for (guint k = 0; k < data->n_labels; k++)
      json_object_set_string_member (texts, data->labels[k], data->label_texts[k]);
    json_object_set_object_member (root, "label_texts", texts);
  }
  json_object_set_array_member (root, "duplicates", duplicates);
  json_object_set_array_member (root, "left_out", rejects);
  json_object_set_object_member (root, "data_report", training_clip_report_to_json (&data->report));
  json_object_set_string_member (root, "data_hash", data->hash);
  set_strings (root, "feature_names", (const char *const *)names);
  json_object_set_array_member (root, "used_audio_paths", paths);
  g_strfreev (names);
}

static JsonObject *
pairs_to_json (const char *const *pairs)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; pairs[i]; i += 2)
    json_object_set_string_member (object, pairs[i], pairs[i + 1]);
  return object;
}

static JsonObject *
outlier_to_json (const TrainingOutlierFigures *figures)
{
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "speech_lost", figures->speech_lost);
  json_object_set_int_member (object, "speech_windows", figures->n_speech);
  json_object_set_double_member (object, "sounds_refused", figures->sounds_refused);
  json_object_set_int_member (object, "sound_windows", figures->n_sounds);
  return object;
}

static JsonObject *
intensity_to_json (const TrainingIntensityFigures *figures)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "n", figures->n_clips);
  json_object_set_double_member (object, "uar", figures->uar);
  json_object_set_double_member (object, "correlation", figures->correlation);
  json_object_set_double_member (object, "concordance", figures->concordance);
  return object;
}

static JsonObject *
ordinary_to_json (const TrainingStreamFigures *figures)
{
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "emotions", figures->emotions);
  json_object_set_double_member (object, "changes_per_minute", figures->changes);
  return object;
}

static JsonObject *
emotional_to_json (const TrainingStreamFigures *figures)
{
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "noticed", figures->noticed);
  json_object_set_double_member (object, "right", figures->right);
  json_object_set_double_member (object, "neutral_with_emotion", figures->false_emotions);
  return object;
}

/* The decision settings, and the figures with and without them. */
static JsonObject *
decision_to_json (const TrainingResults *results)
{
  const TrainingDecisionFit *fit = results->decision;
  const TrainingDataset *data = results->split->data;
  JsonObject *object = json_object_new (), *priors = json_object_new ();
  json_object_set_double_member (object, "target", fit->target);
  json_object_set_double_member (object, "smoothing", fit->defaults.smoothing);
  json_object_set_double_member (object, "hysteresis", fit->defaults.hysteresis);
  json_object_set_double_member (object, "hold_time", fit->defaults.hold_time);
  for (guint k = 0; k < data->n_labels; k++)
    json_object_set_double_member (priors, data->labels[k], fit->priors[k]);
  json_object_set_object_member (object, "priors", priors);

  JsonObject *ordinary = ordinary_to_json (&fit->ordinary);
  json_object_set_int_member (ordinary, "windows", fit->ordinary.n);
  json_object_set_double_member (ordinary, "minutes", fit->ordinary.minutes);
  json_object_set_object_member (ordinary, "plain", ordinary_to_json (&fit->ordinary_plain));
  json_object_set_object_member (object, "ordinary", ordinary);
  if (fit->emotional.n_emotional > 0) {
    JsonObject *emotional = emotional_to_json (&fit->emotional);
    json_object_set_int_member (emotional, "windows", fit->emotional.n_emotional);
    json_object_set_object_member (emotional, "plain", emotional_to_json (&fit->emotional_plain));
    json_object_set_object_member (object, "emotional", emotional);
  }
  return object;
}

static const char note[] =
    "test_metrics: models fitted without the hold-out; protocols: pooled over outer folds, with "
    "every selection made inside the fold: strict (speaker-independent): each clip of a new "
    "speaker alone; adaptive (speaker-adapted): a new speaker's clips as one stream in random "
    "order; random (speaker-dependent control): the same speakers in training and test, so its "
    "figures are optimistic; random beside strict, and statements, use the settings of the final "
    "selection; the model file was then fitted on all speakers and has no figures of its own";
static const char split_note[] =
    "test_metrics and protocols: the test clips of the column split, by a model that was selected, "
    "calibrated and fitted on the others; strict (speaker-independent): each clip of a new speaker "
    "alone; adaptive (speaker-adapted): a new speaker's clips as one stream in random order; "
    "random (speaker-dependent control): the same speakers in training and test, so its figures "
    "are optimistic; random beside strict has clips of all splits on both sides; the model file "
    "was fitted on the clips outside the test split";

static JsonNode *
to_json (const TrainingResults *results, JsonObject *settings)
{
  JsonObject *root = json_object_new ();
  const char *const versions[] = {"gst-emotiondetect", EMOTION_VERSION, "features",
                                  results->split->data->features->name, NULL};
  json_object_set_string_member (root, "best_model_name",
                                 training_kind_to_string (results->final.candidates[0].kind));
  json_object_set_string_member (root, "model_hash", emotion_model_get_hash (results->final.model));
  json_object_set_string_member (root, "protocol", results->protocol);
  json_object_set_string_member (root, "note", results->split->test ? split_note : note);
  json_object_set_object_member (root, "model_selection",
                                 choice_to_json (results, &results->final));
  json_object_set_object_member (root, "test_metrics", held_out_to_json (results));
  json_object_set_object_member (root, "protocols", protocols_to_json (results));
  json_object_set_array_member (
      root, "surest_mistakes",
      training_mistakes_to_json (&results->pooled->strict, results->split->data));
  if (results->outlier)
    json_object_set_object_member (root, "outlier", outlier_to_json (results->outlier));
  if (results->intensity)
    json_object_set_object_member (root, "intensity", intensity_to_json (results->intensity));
  if (results->decision)
    json_object_set_object_member (root, "decision", decision_to_json (results));
  json_object_set_object_member (root, "settings", json_object_ref (settings));
  json_object_set_object_member (root, "versions", pairs_to_json (versions));
  set_data (root, results);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, root);
  return node;
}

char *
training_report_to_text (const TrainingResults *results, JsonObject *settings)
{
  JsonNode *node = to_json (results, settings);
  char *text = json_to_string (node, TRUE), *lines = g_strconcat (text, "\n", NULL);
  g_free (text);
  json_node_unref (node);
  return lines;
}

static void
describe_figures (GString *text, const TrainingResults *results, const char *what,
                  const TrainingOutcome *outcomes, guint n)
{
  TrainingFigures f;
  const TrainingDataset *data = results->split->data;
  training_figures_compute (outcomes, n, data->n_labels, data->n_speakers, BOOTSTRAP, results->seed,
                            &f);
  char *interval = training_figures_describe_interval (&f);
  g_string_append_printf (text, "  %-34s %.3f %s  %.3f     %.3f        %.3f  %u\n", what, f.uar,
                          interval, f.accuracy, f.f1_weighted, f.ece, n);
  g_free (interval);
}

/* The outcomes of all statements, concatenated. */
static void
describe_statements (GString *text, const TrainingResults *results)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (TrainingOutcome));
  for (guint i = 0; i < results->statements->len; i++) {
    const TrainingPredictions *predictions =
        &((TrainingEvaluation *)results->statements->pdata[i])->strict;
    g_array_append_vals (all, predictions->clips, predictions->n_clips);
  }
  describe_figures (text, results, "new speaker and statement, clips",
                    (const TrainingOutcome *)(gpointer)all->data, all->len);
  g_array_unref (all);
}

static void
describe_decision (GString *text, const TrainingResults *results, const char *held_out)
{
  const TrainingDecisionFit *fit = results->decision;
  const guint neutral =
      (guint)training_find_neutral ((const char *const *)results->split->data->labels);
  g_string_append_printf (text,
                          "Ordinary speech, speakers held out: %.1f %% of %u windows get an "
                          "emotion, %.1f changes per minute (%.1f %%, %.1f with equal priors)\n",
                          100 * fit->ordinary.emotions, fit->ordinary.n, fit->ordinary.changes,
                          100 * fit->ordinary_plain.emotions, fit->ordinary_plain.changes);
  if (fit->emotional.n_emotional > 0)
    g_string_append_printf (text,
                            "Mostly neutral streams of %s: %.1f %% of the emotional windows get an "
                            "emotion, %.1f %% the right one; %.1f %% of the neutral windows get an "
                            "emotion (%.1f, %.1f, %.1f %% with equal priors)\n",
                            held_out, 100 * fit->emotional.noticed, 100 * fit->emotional.right,
                            100 * fit->emotional.false_emotions, 100 * fit->emotional_plain.noticed,
                            100 * fit->emotional_plain.right,
                            100 * fit->emotional_plain.false_emotions);
  g_string_append_printf (
      text,
      "Decision: prior of neutral %.4f, smoothing %g s, hysteresis %g, hold time "
      "%g s\n",
      fit->priors[neutral], fit->defaults.smoothing, fit->defaults.hysteresis,
      fit->defaults.hold_time);
}

/* The lines of the outer folds. */
static void
describe_pooled (GString *text, const TrainingResults *results)
{
  const TrainingPredictions *strict = &results->pooled->strict,
                            *adapted = &results->pooled->adapted;
  const gboolean held = !results->shares_speakers;
  describe_figures (text, results, held ? "strict, clips" : "random, clips", strict->clips,
                    strict->n_clips);
  describe_figures (text, results, held ? "strict, windows" : "random, windows", strict->windows,
                    strict->n_windows);
  if (adapted->n_clips > 0) {
    describe_figures (text, results, "adaptive, clips", adapted->clips, adapted->n_clips);
    describe_figures (text, results, "adaptive, windows", adapted->windows, adapted->n_windows);
  }
  const TrainingNeutralFigures *neutral[] = {&results->pooled->neutral_strict,
                                             &results->pooled->neutral_adapted};
  for (guint i = 0; i < 2 && neutral[i]->n > 0; i++)
    g_string_append_printf (text,
                            "  %-34s %.3f                %.3f                            %u\n",
                            i ? "adaptive, 80 % of clips neutral" : "strict, 80 % of clips neutral",
                            neutral[i]->uar, neutral[i]->accuracy, neutral[i]->n);
}

/* The lines of what the model reports besides emotions. */
static void
describe_others (GString *text, const TrainingResults *results, const char *held_out)
{
  if (results->intensity)
    g_string_append_printf (text,
                            "Intensity (weak or strong) of %s: UAR %.3f, correlation %.3f, "
                            "concordance %.3f, %u clips\n",
                            held_out, results->intensity->uar, results->intensity->correlation,
                            results->intensity->concordance, results->intensity->n_clips);
  if (results->outlier)
    g_string_append_printf (text,
                            "Rejected as non-speech: %.1f %% of %u windows of %s, %.1f %% of %u "
                            "windows of held-out music, noise and tones\n",
                            100 * results->outlier->speech_lost, results->outlier->n_speech,
                            held_out, 100 * results->outlier->sounds_refused,
                            results->outlier->n_sounds);
}

char *
training_report_describe (const TrainingResults *results)
{
  GString *text = g_string_new (NULL);
  char *chosen = training_choice_describe (&results->final);
  const gboolean held = !results->shares_speakers, predefined = results->split->test != 0;
  const char *held_out = held ? "held-out speakers" : "clips held out at random";
  g_string_append_printf (
      text,
      "%s%s, chance UAR %.3f\n%s  %-34s UAR [95%%]             accuracy  F1 weighted  ECE    n\n",
      predefined ? "Test clips of the column split. " : "",
      held ? "Speakers held out"
           : "SPEAKERS NOT HELD OUT: the same speakers may be in training and test, so these "
             "figures are optimistic",
      1.0 / results->split->data->n_labels,
      held ? "strict: speaker-independent, each clip alone; adaptive: speaker-adapted, a speaker's "
             "clips as one stream\n"
           : "",
      "");
  describe_pooled (text, results);
  if (!predefined)
    describe_figures (text, results, "hold-out, clips", results->held_out->strict.clips,
                      results->held_out->strict.n_clips);
  if (results->statements)
    describe_statements (text, results);
  if (results->random) {
    g_string_append (
        text, "Speakers NOT held out: a speaker-dependent control with optimistic figures\n");
    describe_figures (text, results, "random, clips", results->random->strict.clips,
                      results->random->strict.n_clips);
  }
  describe_others (text, results, held_out);
  if (results->decision)
    describe_decision (text, results, held_out);
  g_string_append_printf (text, "Model: %s, fitted on %s %u %s\n", chosen,
                          predefined ? "the train and dev clips of" : "all",
                          results->split->n_speakers,
                          results->split->data->speakers_known ? "speakers" : "clips");
  g_free (chosen);
  return g_string_free (text, FALSE);
}
