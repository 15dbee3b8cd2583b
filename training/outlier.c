/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outlier.h"

#include <string.h>

#include "discriminant.h"
#include "extract.h"
#include "limited.h"
#include "sounds.h"

#define SHRINKAGE 0.3
#define LIMIT 2.0
/* How much more probable than not it must be that a window is speech for it to be answered, in ln: below
 * e^-5 it is refused. */
#define BENEFIT_OF_DOUBT 5.0f

enum { SPEECH, SOUND, N_LABELS };

typedef struct {
  const TrainingProblem *problem;
  const TrainingExtraction *extraction;
  GArray **sounds; /* float: the vectors of each made sound */
  guint n_folds, n_rows, n_features;
  float *matrix;
  guint *labels, *fold; /* by row */
  gboolean *copy;       /* by row: of an altered copy, which is not evaluated */
  EmotionView **views;  /* of each fold's other rows; the last one of all rows */
  GError **errors;      /* n_folds + 1 */
} Job;

gboolean
training_outlier_is_possible (const GArray *effects)
{
  for (guint i = 0; effects && i < effects->len; i++)
    if (g_array_index (effects, TrainingEffect, i).kind == TRAINING_EFFECT_SCENE)
      return TRUE;
  return FALSE;
}

static void
keep_vector (const EmotionWindow *window, gpointer data)
{
  const Job *job = ((gpointer *)data)[0];
  g_array_append_vals (((gpointer *)data)[1], window->vector, job->n_features);
}

static void
extract_sound (guint index, gpointer user_data)
{
  Job *job = user_data;
  TrainingAudio audio;
  job->sounds[index] = g_array_new (FALSE, FALSE, sizeof (float));
  gpointer data[] = {job, job->sounds[index]};
  training_sound_make (index, &audio);
  training_extract (&audio, job->extraction->features, &job->extraction->windowing, keep_vector,
                    data, NULL);
  training_audio_clear (&audio);
}

static void
add_row (Job *job, const float *vector, guint label, guint fold, gboolean copy)
{
  memcpy (job->matrix + (gsize)job->n_rows * job->n_features, vector,
          job->n_features * sizeof (float));
  job->labels[job->n_rows] = label;
  job->fold[job->n_rows] = fold;
  job->copy[job->n_rows++] = copy;
}

static void
add_speech (Job *job, TrainingUnits units, guint fold)
{
  const TrainingProblem *problem = job->problem;
  for (guint u = 0; u < problem->n_units; u++) {
    for (guint r = 0; (units >> u & 1) && r < problem->n_rows_of_unit[u]; r++) {
      const guint row = problem->rows_of_unit[u][r];
      const TrainingRow *from = &problem->data->rows[row];
      if (from->window.activity.n_speech > 0)
        add_row (job, problem->matrix + (gsize)row * job->n_features, SPEECH, fold,
                 from->clip >= problem->data->n_originals);
    }
  }
}

static void
gather (Job *job, guint32 seed)
{
  TrainingUnits folds[TRAINING_MAX_UNITS];
  gsize most = 0;
  for (guint u = 0; u < job->problem->n_units; u++)
    most += job->problem->n_rows_of_unit[u];
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    most += job->sounds[i]->len / job->n_features;
  job->matrix = g_new (float, most * job->n_features);
  job->labels = g_new (guint, most);
  job->fold = g_new (guint, most);
  job->copy = g_new (gboolean, most);
  job->n_folds = training_problem_deal (job->problem, job->problem->all, job->n_folds, seed, folds);
  for (guint f = 0; f < job->n_folds; f++)
    add_speech (job, folds[f], f);
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    for (guint at = 0; at < job->sounds[i]->len; at += job->n_features)
      add_row (job, &g_array_index (job->sounds[i], float, at), SOUND, i % job->n_folds, FALSE);
}

/* Speech has the benefit of the doubt, in the bias. */
static EmotionView *
favour_speech (EmotionView *view)
{
  if (!view)
    return NULL;
  EmotionViewParts parts = *emotion_view_get_parts (view);
  const float bias[N_LABELS] = {parts.bias[SPEECH] + BENEFIT_OF_DOUBT, parts.bias[SOUND]};
  parts.name = "outlier";
  parts.bias = bias;
  EmotionView *favoured = emotion_view_new (&parts, NULL);
  emotion_view_unref (view);
  return favoured;
}

/* Speech and sounds count alike, however many rows they have. */
static double *
weigh (const Job *job, const guint *rows, const guint *labels, guint n)
{
  double *weights = g_new (double, n);
  guint count[N_LABELS] = {0};
  for (guint i = 0; i < n; i++)
    count[labels[i]]++;
  for (guint i = 0; i < n; i++)
    weights[i] = 1.0 / count[job->labels[rows[i]]];
  return weights;
}

/* Fits on the rows outside a fold and answers those in it; the last one has all rows. */
static void
run_fold (guint fold, gpointer data)
{
  Job *job = data;
  guint n = 0, *rows = g_new (guint, job->n_rows), *labels = g_new (guint, job->n_rows);
  for (guint r = 0; r < job->n_rows; r++)
    if (job->fold[r] != fold) {
      labels[n] = job->labels[r];
      rows[n++] = r;
    }
  double *weights = weigh (job, rows, labels, n);
  TrainingMoments *moments = training_moments_new (job->n_features, N_LABELS, job->problem->offset);
  training_moments_add_rows (moments, job->matrix, rows, labels, weights, n);
  TrainingLimited *limited =
      training_limited_new (moments, job->matrix, rows, labels, weights, n, LIMIT);
  TrainingDiscriminant *discriminant =
      training_discriminant_fit (limited->moments, SHRINKAGE, FALSE, &job->errors[fold]);
  if (discriminant)
    job->views[fold] = favour_speech (
        training_limited_wrap (limited, training_discriminant_to_view (discriminant)));
  training_discriminant_free (discriminant);
  training_limited_free (limited);
  training_moments_free (moments);
  g_free (weights);
  g_free (labels);
  g_free (rows);
}

static void
measure (const Job *job, TrainingOutlierFigures *figures)
{
  guint lost = 0, refused = 0;
  *figures = (TrainingOutlierFigures){0};
  for (guint r = 0; r < job->n_rows; r++) {
    double log_posteriors[N_LABELS];
    EmotionView *view = job->views[job->fold[r]];
    double *scratch = g_new (double, emotion_view_get_scratch (view));
    if (!job->copy[r]) {
      emotion_view_score (view, job->matrix + (gsize)r * job->n_features, scratch, log_posteriors);
      const gboolean is_outlier = log_posteriors[SOUND] > log_posteriors[SPEECH];
      *(job->labels[r] == SPEECH ? &lost : &refused) += is_outlier;
      *(job->labels[r] == SPEECH ? &figures->n_speech : &figures->n_sounds) += 1;
    }
    g_free (scratch);
  }
  figures->speech_lost = (double)lost / MAX (figures->n_speech, 1);
  figures->sounds_refused = (double)refused / MAX (figures->n_sounds, 1);
}

static void
job_clear (Job *job)
{
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    g_array_unref (job->sounds[i]);
  for (guint f = 0; f <= job->n_folds; f++) {
    emotion_view_unref (job->views[f]);
    g_clear_error (&job->errors[f]);
  }
  g_free (job->sounds);
  g_free (job->matrix);
  g_free (job->labels);
  g_free (job->fold);
  g_free (job->copy);
  g_free (job->views);
  g_free (job->errors);
}

EmotionView *
training_outlier_fit (const TrainingProblem *problem, const TrainingExtraction *extraction,
                      guint n_folds, guint32 seed, TrainingOutlierFigures *figures, GError **error)
{
  Job job = {.problem = problem,
             .extraction = extraction,
             .n_folds = n_folds,
             .n_features = extraction->features->n_features,
             .sounds = g_new0 (GArray *, TRAINING_SOUNDS)};
  training_parallel (TRAINING_SOUNDS, extraction->n_jobs, extract_sound, &job);
  gather (&job, seed);
  job.views = g_new0 (EmotionView *, job.n_folds + 1);
  job.errors = g_new0 (GError *, job.n_folds + 1);
  training_parallel (job.n_folds + 1, extraction->n_jobs, run_fold, &job);
  EmotionView *view = NULL;
  guint fitted = 0;
  while (fitted <= job.n_folds && job.views[fitted])
    fitted++;
  if (fitted <= job.n_folds) {
    g_propagate_error (error, g_steal_pointer (&job.errors[fitted]));
  } else {
    measure (&job, figures);
    view = emotion_view_ref (job.views[job.n_folds]);
  }
  job_clear (&job);
  return view;
}
