/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/selection/intensity.h"

#include <math.h>

#include "tests/training/synthetic-dataset.h"

enum { N_SPEAKERS = 8, N_LABELS = 3, LOUD = 2 };

static const SyntheticShape shape = {N_SPEAKERS, N_LABELS, 8, 2};

/* Labels differ in the feature that intensity raises, but by less than intensity does. */
static void
fill (guint speaker, guint label, GRand *random, float *row)
{
  (void)speaker;
  (void)random;
  row[LOUD] += (float)label;
}

/* Every other clip is strong, but none of label 0 is. */
static TrainingDataset *
dataset_new (double augmentation)
{
  TrainingDataset *data = synthetic_dataset_new (&shape, fill, 5);
  for (guint c = 0; c < data->n_clips; c++)
    data->clips[c].intensity = data->clips[c].label == 0 ? 0 : (gint)(c % 2);
  for (guint r = 0; r < data->n_rows; r++)
    if (data->clips[data->rows[r].clip].intensity == 1)
      data->matrix[r * SYNTHETIC_FEATURES + LOUD] += (float)augmentation;
  return data;
}

static EmotionClassifier *
fit (const TrainingSplit *split, TrainingIntensityFigures *figures)
{
  GError *error = NULL;
  EmotionClassifier *classifier = training_intensity_fit (split, 4, 1, 1, figures, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_labels, ==, 2);
  return classifier;
}

static double
intensity_of (const EmotionClassifier *classifier, const float *row)
{
  double log_posteriors[2], scratch[4 * SYNTHETIC_FEATURES];
  g_assert_cmpuint (emotion_classifier_get_scratch (classifier), <=, G_N_ELEMENTS (scratch));
  emotion_classifier_score (classifier, row, scratch, log_posteriors);
  return exp (log_posteriors[1]);
}

/* Intensity is recognised for every label; a label with one sort of clips has no influence, and
 * figures are of the labels with both sorts. */
static void
test_found (void)
{
  TrainingIntensityFigures figures;
  TrainingDataset *data = dataset_new (4);
  TrainingSplit *split = synthetic_split_new (data, 1);
  g_assert_true (training_intensity_is_possible (split));
  EmotionClassifier *classifier = fit (split, &figures);
  g_assert_cmpuint (figures.n_clips, ==, N_SPEAKERS * 2 * 8);
  g_assert_cmpfloat (figures.uar, >, 0.7);
  g_assert_cmpfloat (figures.correlation, >, 0.5);
  g_assert_cmpfloat (figures.concordance, <=, figures.correlation);
  float row[SYNTHETIC_FEATURES] = {0};
  row[LOUD] = 1;
  const double weak = intensity_of (classifier, row);
  row[LOUD] = 5;
  g_assert_cmpfloat (intensity_of (classifier, row), >, weak + 0.2);
  emotion_classifier_unref (classifier);
  training_split_free (split);
  training_dataset_free (data);
}

/* If there is no effect, the held-out speakers show that, and so does the classifier. */
static void
test_nothing (void)
{
  TrainingIntensityFigures figures;
  TrainingDataset *data = dataset_new (0);
  TrainingSplit *split = synthetic_split_new (data, 1);
  EmotionClassifier *classifier = fit (split, &figures);
  g_assert_cmpfloat (fabs (figures.uar - 0.5), <, 0.12);
  g_assert_cmpfloat (fabs (figures.correlation), <, 0.25);
  for (guint r = 0; r < data->n_rows; r++)
    g_assert_cmpfloat (
        fabs (intensity_of (classifier, data->matrix + r * SYNTHETIC_FEATURES) - 0.5), <, 0.25);
  emotion_classifier_unref (classifier);
  training_split_free (split);
  training_dataset_free (data);
}

static void
test_impossible (void)
{
  TrainingDataset *data = dataset_new (1);
  TrainingSplit *split = synthetic_split_new (data, 1);
  for (guint c = 0; c < data->n_clips; c++)
    data->clips[c].intensity =
        data->clips[c].label == 1; /* strong if the label is this one, weak otherwise */
  g_assert_false (training_intensity_is_possible (split));
  for (guint c = 0; c < data->n_clips; c++)
    data->clips[c].intensity = -1;
  g_assert_false (training_intensity_is_possible (split));
  training_split_free (split);
  training_dataset_free (data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/intensity/found", test_found);
  g_test_add_func ("/training/intensity/nothing", test_nothing);
  g_test_add_func ("/training/intensity/impossible", test_impossible);
  return g_test_run ();
}
