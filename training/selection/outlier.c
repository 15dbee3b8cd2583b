/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outlier.h"

#include <string.h>

#include "binary-discriminant.h"
#include "training/audio/extract.h"
#include "training/audio/synthetic-sounds.h"
#include "training/base/parallel.h"

/* Decision bias: the log-odds of non-speech above which a window is refused. */
#define DECISION_BIAS 3.0

/* Relative weight of clips augmented with babble. Several talkers at once resemble music, so the
 * weight decides how both are treated: at full weight, one point less of game music is refused; at
 * zero, speech in babble is refused four times as often (docs/experiments.md). */
#define BABBLE_FRACTION 0.2

enum { SPEECH, SOUND, N_LABELS };

struct _TrainingSoundVectors {
  TrainingExtraction extraction;
  GArray *vectors[TRAINING_SOUNDS]; /* float, one vector per window */
};

typedef struct {
  const TrainingSplit *split;
  TrainingGroups groups;
  const TrainingSoundVectors *sounds;
  guint n_folds; /* 0: fit on all rows without measuring */
  guint n_rows, n_features;
  float *matrix;
  guint *labels, *folds; /* by row */
  double *weights;       /* by row */
  gboolean *augmented;   /* by row: of an augmented clip, which is not evaluated */
} Job;

static void
keep_vector (const EmotionWindow *window, gpointer data)
{
  GArray *vectors = ((gpointer *)data)[0];
  const EmotionFeatureSet *features = ((gpointer *)data)[1];
  g_array_append_vals (vectors, window->vector, features->n_features);
}

static void
extract_sound (guint index, gpointer user_data)
{
  TrainingSoundVectors *self = user_data;
  const EmotionFeatureSet *features = self->extraction.features;
  TrainingAudio audio;
  self->vectors[index] = g_array_new (FALSE, FALSE, sizeof (float));
  gpointer data[] = {self->vectors[index], (gpointer)features};
  training_sound_make (index, &audio);
  training_extract (&audio, features, &self->extraction.windowing, keep_vector, data, NULL);
  training_audio_clear (&audio);
}

static gboolean
has_noisy_rooms (const GArray *augmentations)
{
  for (guint i = 0; augmentations && i < augmentations->len; i++)
    if (g_array_index (augmentations, TrainingAugmentation, i).kind == TRAINING_AUGMENT_SCENE)
      return TRUE;
  return FALSE;
}

TrainingSoundVectors *
training_sound_vectors_new (const TrainingExtraction *extraction)
{
  if (!has_noisy_rooms (extraction->augmentations))
    return NULL;
  TrainingSoundVectors *self = g_new (TrainingSoundVectors, 1);
  self->extraction = *extraction;
  training_parallel (TRAINING_SOUNDS, extraction->n_jobs, extract_sound, self);
  return self;
}

void
training_sound_vectors_free (TrainingSoundVectors *self)
{
  if (!self)
    return;
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    g_array_unref (self->vectors[i]);
  g_free (self);
}

static void
add_row (Job *job, const float *vector, guint label, guint fold, double weight, gboolean augmented)
{
  memcpy (job->matrix + (gsize)job->n_rows * job->n_features, vector,
          job->n_features * sizeof (float));
  job->labels[job->n_rows] = label;
  job->weights[job->n_rows] = weight;
  job->folds[job->n_rows] = fold;
  job->augmented[job->n_rows++] = augmented;
}

static double
weight_of (const Job *job, const TrainingDatasetClip *clip)
{
  const GArray *augmentations = job->sounds->extraction.augmentations;
  const gboolean babble =
      clip->augmentation > 0 &&
      g_array_index (augmentations, TrainingAugmentation, clip->augmentation - 1).kind ==
          TRAINING_AUGMENT_BABBLE;
  return clip->weight * (babble ? BABBLE_FRACTION : 1);
}

static void
add_speech (Job *job, TrainingGroups groups, guint fold)
{
  const TrainingSplit *split = job->split;
  for (guint u = 0; u < split->n_groups; u++) {
    for (guint r = 0; (groups >> u & 1) && r < split->n_rows_of_group[u]; r++) {
      const guint row = split->rows_of_group[u][r];
      const TrainingRow *from = &split->data->rows[row];
      const TrainingDatasetClip *clip = &split->data->clips[from->clip];
      if (from->window.activity.n_speech > 0)
        add_row (job, split->matrix + (gsize)row * job->n_features, SPEECH, fold,
                 weight_of (job, clip), from->clip >= split->data->n_source_clips);
    }
  }
}

/* Without measuring, no row is in a fold. */
static guint
fold_of_sound (const Job *job, guint sound)
{
  return job->n_folds ? sound % job->n_folds : G_MAXUINT;
}

static void
gather (Job *job, guint32 seed)
{
  const TrainingSoundVectors *sounds = job->sounds;
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  gsize max = 0;
  for (guint u = 0; u < job->split->n_groups; u++)
    max += job->split->n_rows_of_group[u];
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    max += sounds->vectors[i]->len / job->n_features;
  job->matrix = g_new (float, max * job->n_features);
  job->labels = g_new (guint, max);
  job->folds = g_new (guint, max);
  job->weights = g_new (double, max);
  job->augmented = g_new (gboolean, max);
  if (job->n_folds)
    job->n_folds = training_split_deal (job->split, job->groups, job->n_folds, seed, folds);
  else
    add_speech (job, job->groups, G_MAXUINT);
  for (guint f = 0; f < job->n_folds; f++)
    add_speech (job, folds[f], f);
  for (guint i = 0; i < TRAINING_SOUNDS; i++)
    for (guint at = 0; at < sounds->vectors[i]->len; at += job->n_features)
      add_row (job, &g_array_index (sounds->vectors[i], float, at), SOUND, fold_of_sound (job, i),
               1, FALSE);
}

/* Gives speech and sounds equal weight, however many rows they have. */
static void
balance (Job *job)
{
  double sum[N_LABELS] = {0};
  for (guint r = 0; r < job->n_rows; r++)
    sum[job->labels[r]] += job->weights[r];
  for (guint r = 0; r < job->n_rows; r++)
    job->weights[r] /= sum[job->labels[r]];
}

static void
measure (const Job *job, const double *log_posteriors, TrainingOutlierFigures *figures)
{
  guint lost = 0, refused = 0;
  *figures = (TrainingOutlierFigures){0};
  for (gsize r = 0; r < job->n_rows; r++) {
    const double *of_row = log_posteriors + r * N_LABELS;
    const gboolean is_outlier = of_row[SOUND] > of_row[SPEECH] + DECISION_BIAS;
    if (job->augmented[r])
      continue;
    *(job->labels[r] == SPEECH ? &lost : &refused) += is_outlier;
    *(job->labels[r] == SPEECH ? &figures->n_speech : &figures->n_sounds) += 1;
  }
  figures->speech_lost = (double)lost / MAX (figures->n_speech, 1);
  figures->sounds_refused = (double)refused / MAX (figures->n_sounds, 1);
}

static void
job_clear (Job *job)
{
  g_free (job->matrix);
  g_free (job->labels);
  g_free (job->folds);
  g_free (job->weights);
  g_free (job->augmented);
}

EmotionClassifier *
training_outlier_fit (const TrainingSplit *split, TrainingGroups groups,
                      const TrainingSoundVectors *sounds, guint n_jobs, guint n_folds, guint32 seed,
                      TrainingOutlierFigures *figures, GError **error)
{
  Job job = {.split = split,
             .groups = groups,
             .sounds = sounds,
             .n_folds = figures ? n_folds : 0,
             .n_features = sounds->extraction.features->n_features};
  gather (&job, seed);
  balance (&job);
  double *log_posteriors = g_new (double, (gsize)job.n_rows *N_LABELS);
  const TrainingBinaryDiscriminant binary = {.n_features = job.n_features,
                                             .n_rows = job.n_rows,
                                             .n_folds = job.n_folds,
                                             .n_jobs = n_jobs,
                                             .matrix = job.matrix,
                                             .offset = split->offset,
                                             .labels = job.labels,
                                             .folds = job.folds,
                                             .weights = job.weights};
  EmotionClassifier *classifier = training_binary_discriminant_fit (&binary, log_posteriors, error);
  if (classifier && figures)
    measure (&job, log_posteriors, figures);
  if (classifier)
    classifier = training_binary_discriminant_finish (classifier, "outlier", DECISION_BIAS, 1);
  g_free (log_posteriors);
  job_clear (&job);
  return classifier;
}
