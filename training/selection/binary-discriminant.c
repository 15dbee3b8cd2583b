/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "binary-discriminant.h"

#include "split.h"
#include "training/base/parallel.h"
#include "training/fitting/clipped.h"
#include "training/fitting/discriminant.h"

enum { N_LABELS = 2 };

typedef struct {
  const TrainingBinaryDiscriminant *binary;
  EmotionClassifier **classifiers; /* fitted without each fold; the last one on all rows */
  GError **errors;
  double *log_posteriors;
} Job;

static EmotionClassifier *
fit_rows (const TrainingBinaryDiscriminant *c, const guint *rows, const guint *labels,
          const double *weights, guint n, GError **error)
{
  TrainingMoments *moments = training_moments_new_diagonal (c->n_features, N_LABELS, c->offset);
  training_moments_add_rows (moments, c->matrix, rows, labels, weights, n);
  TrainingClipped *clipped = training_clipped_new (moments, c->matrix, rows, labels, weights, n,
                                                   TRAINING_BINARY_LIMIT, FALSE);
  TrainingDiscriminant *discriminant =
      training_discriminant_fit (clipped->moments, TRAINING_BINARY_SHRINKAGE, FALSE, error);
  EmotionClassifier *classifier = NULL;
  if (discriminant)
    classifier =
        training_clipped_wrap (clipped, training_discriminant_to_classifier (discriminant));
  training_discriminant_free (discriminant);
  training_clipped_free (clipped);
  training_moments_free (moments);
  return classifier;
}

static void
score_fold (const Job *job, guint fold, const EmotionClassifier *classifier)
{
  const TrainingBinaryDiscriminant *c = job->binary;
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  for (gsize r = 0; r < c->n_rows; r++)
    if (c->folds[r] == fold)
      emotion_classifier_score (classifier, c->matrix + r * c->n_features, scratch,
                                job->log_posteriors + r * N_LABELS);
  g_free (scratch);
}

static void
run_fold (guint fold, gpointer data)
{
  Job *job = data;
  const TrainingBinaryDiscriminant *c = job->binary;
  guint n = 0, *rows = g_new (guint, c->n_rows), *labels = g_new (guint, c->n_rows);
  double *weights = g_new (double, c->n_rows);
  for (guint r = 0; r < c->n_rows; r++) {
    if (c->folds[r] == fold)
      continue;
    labels[n] = c->labels[r];
    weights[n] = c->weights[r];
    rows[n++] = r;
  }
  job->classifiers[fold] = fit_rows (c, rows, labels, weights, n, &job->errors[fold]);
  if (job->classifiers[fold])
    score_fold (job, fold, job->classifiers[fold]);
  g_free (rows);
  g_free (labels);
  g_free (weights);
}

EmotionClassifier *
training_binary_discriminant_fit (const TrainingBinaryDiscriminant *binary, double *log_posteriors,
                                  GError **error)
{
  const guint n = binary->n_folds + 1;
  Job job = {binary, g_new0 (EmotionClassifier *, n), g_new0 (GError *, n), log_posteriors};
  EmotionClassifier *classifier = NULL;
  guint fitted = 0;
  training_parallel (n, binary->n_jobs, run_fold, &job);
  while (fitted < n && job.classifiers[fitted])
    fitted++;
  if (fitted < n)
    g_propagate_error (error, g_steal_pointer (&job.errors[fitted]));
  else
    classifier = emotion_classifier_ref (job.classifiers[binary->n_folds]);
  for (guint f = 0; f < n; f++) {
    emotion_classifier_unref (job.classifiers[f]);
    g_clear_error (&job.errors[f]);
  }
  g_free (job.classifiers);
  g_free (job.errors);
  return classifier;
}

EmotionClassifier *
training_binary_discriminant_finish (EmotionClassifier *classifier, const char *name, double bias,
                                     double temperature)
{
  EmotionClassifierParts parts = *emotion_classifier_get_parts (classifier);
  const float biases[N_LABELS] = {parts.bias[0] + (float)bias, parts.bias[1]};
  parts.name = name;
  parts.bias = biases;
  parts.temperature = temperature;
  EmotionClassifier *finished = emotion_classifier_new (&parts, NULL);
  emotion_classifier_unref (classifier);
  return finished;
}
