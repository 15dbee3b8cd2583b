/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include <math.h>

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
figures_of (const TrainingReport *report, const TrainingOutcome *outcomes, guint n,
            TrainingFigures *figures)
{
  const TrainingDataset *data = report->problem->data;
  training_figures_compute (outcomes, n, data->n_labels, data->n_groups, BOOTSTRAP, report->seed,
                            figures);
  return training_figures_to_json (figures, outcomes, n, (const char *const *)data->labels);
}

static JsonObject *
evaluation_to_json (const TrainingReport *report, const TrainingEvaluation *evaluation)
{
  const TrainingDataset *data = report->problem->data;
  TrainingFigures clips, windows;
  JsonObject *object = figures_of (report, evaluation->clips, evaluation->n_clips, &clips);
  json_object_set_double_member (object, "uar", clips.uar);
  json_object_set_object_member (object, "per_speaker",
                                 training_per_group_to_json (evaluation->clips, evaluation->n_clips,
                                                             data->n_labels,
                                                             (const char *const *)data->groups));
  JsonObject *of_windows =
      figures_of (report, evaluation->windows, evaluation->n_windows, &windows);
  json_object_set_object_member (object, "windows", of_windows);
  g_ptr_array_add (evaluation->chosen, NULL);
  set_strings (object, "chosen", (const char *const *)evaluation->chosen->pdata);
  g_ptr_array_set_size (evaluation->chosen, (gint)evaluation->chosen->len - 1);
  return object;
}

static JsonObject *
choice_to_json (const TrainingReport *report, const TrainingChoice *choice)
{
  JsonObject *object = json_object_new (), *tried = json_object_new ();
  char *best = training_candidate_describe (&choice->candidate);
  json_object_set_string_member (object, "best_params", best);
  json_object_set_double_member (object, "cv_f1_weighted_mean", choice->f1_mean);
  json_object_set_double_member (object, "cv_f1_weighted_std", choice->f1_sd);
  json_object_set_double_member (object, "cv_uar", choice->uar);
  for (guint i = 0; i < report->plan->candidates->len; i++) {
    char *name = training_candidate_describe (
        &g_array_index (report->plan->candidates, TrainingCandidate, i));
    if (isfinite (choice->candidate_uar[i]))
      json_object_set_double_member (tried, name, choice->candidate_uar[i]);
    else
      json_object_set_null_member (tried, name);
    g_free (name);
  }
  json_object_set_object_member (object, "candidates_cv_uar", tried);
  g_free (best);
  return object;
}

static JsonObject *
held_out_to_json (const TrainingReport *report)
{
  const TrainingDataset *data = report->problem->data;
  JsonObject *object = evaluation_to_json (report, report->held_out);
  gboolean *held = g_new0 (gboolean, data->n_groups);
  JsonArray *speakers = json_array_new ();
  for (guint c = 0; c < data->n_clips; c++)
    if (training_problem_has_clip (report->problem, c, report->held_out_units))
      held[data->clips[c].group] = TRUE;
  for (guint g = 0; g < data->n_groups; g++)
    if (held[g])
      json_array_add_string_element (speakers, data->groups[g]);
  if (g_strcmp0 (report->protocol, "random") == 0)
    json_array_unref (speakers);
  else
    json_object_set_array_member (object, "speakers", speakers);
  json_object_set_string_member (object, "protocol", report->protocol);
  g_free (held);
  return object;
}

static void
set_data (JsonObject *root, const TrainingReport *report)
{
  const TrainingDataset *data = report->problem->data;
  char **names = emotion_feature_set_names (data->features);
  JsonObject *mapping = json_object_new ();
  JsonArray *paths = json_array_new (), *twins = json_array_new (), *problems = json_array_new ();
  guint n = 0, n_windows = 0;
  for (guint k = 0; k < data->n_labels; k++)
    json_object_set_int_member (mapping, data->labels[k], k);
  for (guint c = 0; c < data->n_originals; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (report->problem->unit_of_clip[c] != G_MAXUINT) {
      json_array_add_string_element (paths, clip->path);
      n++;
      n_windows += clip->n_rows;
    }
    if (clip->twin_of < 0)
      continue;
    JsonArray *pair = json_array_new ();
    json_array_add_string_element (pair, data->clips[clip->twin_of].path);
    json_array_add_string_element (pair, clip->path);
    json_array_add_array_element (twins, pair);
  }
  for (guint i = 0; i < report->problems->len; i++)
    json_array_add_string_element (problems, report->problems->pdata[i]);
  json_object_set_int_member (root, "n_samples", n);
  json_object_set_int_member (root, "n_windows", n_windows);
  json_object_set_int_member (root, "n_speakers", report->problem->n_speakers);
  json_object_set_object_member (root, "label_mapping", mapping);
  json_object_set_array_member (root, "duplicates", twins);
  json_object_set_array_member (root, "left_out", problems);
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

static JsonNode *
to_json (const TrainingReport *report)
{
  JsonObject *root = json_object_new (), *protocols = json_object_new ();
  const char *const versions[] = {"gst-emotiondetect", EMOTION_VERSION, "features",
                                  report->problem->data->features->name, NULL};
  json_object_set_string_member (root, "best_model_name",
                                 training_kind_to_string (report->final->candidate.kind));
  json_object_set_string_member (root, "model_hash", emotion_model_get_hash (report->final->model));
  json_object_set_string_member (root, "protocol", report->protocol);
  json_object_set_string_member (
      root, "note",
      "test_metrics: models fitted without the hold-out; protocols: pooled over outer folds, "
      "every choice made inside the fold; the model file was then fitted on all speakers and has "
      "no "
      "figure of its own");
  json_object_set_object_member (root, "model_selection", choice_to_json (report, report->final));
  json_object_set_object_member (root, "test_metrics", held_out_to_json (report));
  JsonObject *strict = evaluation_to_json (report, report->strict);
  json_object_set_int_member (strict, "folds", report->n_outer_folds);
  /* Without speakers a figure may not be called strict. */
  json_object_set_object_member (
      protocols, g_strcmp0 (report->protocol, "random") == 0 ? "random" : "strict", strict);
  json_object_set_object_member (root, "protocols", protocols);
  json_object_set_object_member (root, "settings", pairs_to_json (report->settings));
  json_object_set_object_member (root, "versions", pairs_to_json (versions));
  set_data (root, report);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, root);
  return node;
}

gboolean
training_report_write (const TrainingReport *report, const char *path, GError **error)
{
  JsonNode *node = to_json (report);
  char *text = json_to_string (node, TRUE), *line = g_strconcat (text, "\n", NULL);
  gboolean ok = g_file_set_contents (path, line, -1, error);
  g_free (text);
  g_free (line);
  json_node_unref (node);
  return ok;
}

static void
describe_figures (GString *text, const TrainingReport *report, const char *what,
                  const TrainingOutcome *outcomes, guint n)
{
  TrainingFigures f;
  const TrainingDataset *data = report->problem->data;
  training_figures_compute (outcomes, n, data->n_labels, data->n_groups, BOOTSTRAP, report->seed,
                            &f);
  g_string_append_printf (text, "  %-34s %.3f [%.3f-%.3f]  %.3f     %.3f        %.3f  %u\n", what,
                          f.uar, f.uar_low, f.uar_high, f.accuracy, f.f1_weighted, f.ece, n);
}

char *
training_report_describe (const TrainingReport *report)
{
  const TrainingEvaluation *strict = report->strict, *held_out = report->held_out;
  GString *text = g_string_new (NULL);
  char *chosen = training_candidate_describe (&report->final->candidate);
  gboolean held = g_strcmp0 (report->protocol, "random") != 0;
  g_string_append_printf (
      text, "%s, chance UAR %.3f\n  %-34s UAR [95%%]             accuracy  F1 weighted  ECE    n\n",
      held ? "Speakers held out"
           : "SPEAKERS NOT HELD OUT: the same voices may be in training and test, so these figures "
             "flatter",
      1.0 / report->problem->data->n_labels, "");
  describe_figures (text, report, "pooled folds, clips", strict->clips, strict->n_clips);
  describe_figures (text, report, "pooled folds, windows", strict->windows, strict->n_windows);
  describe_figures (text, report, "hold-out, clips", held_out->clips, held_out->n_clips);
  g_string_append_printf (text, "Model: %s, fitted on all %u speakers\n", chosen,
                          report->problem->n_speakers);
  g_free (chosen);
  return g_string_free (text, FALSE);
}
