/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of every kind of candidate. */
#include "training/selection/candidate.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"

#define SEED 9

static void
data_clear (TrainingDataset *data, TrainingSplit *split)
{
  training_split_free (split);
  training_dataset_free (data);
}

/* Two overlapping labels; the second is a sixth of all rows. */
static TrainingDataset *
rare_label_new (void)
{
  const SyntheticShape shape = {.n_speakers = 6, .n_labels = 2, .n_clips = 30, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, SEED);
  for (guint c = 0; c < data->n_clips; c++) {
    data->clips[c].label = c % 6 == 0;
    data->matrix[(gsize)c * SYNTHETIC_FEATURES] += data->clips[c].label ? 1.5f : 0;
  }
  return data;
}

/* The recall per label of a candidate that is fitted on the first half of the speakers and applied
 * to the others, and the scores of all rows. */
static double *
measure (const TrainingCandidate *candidate, const TrainingSplit *split, double recall[2])
{
  const TrainingDataset *data = split->data;
  const TrainingGroups first = (1u << split->n_groups / 2) - 1;
  double *scores = g_new (double, 2 * data->n_rows), count[2] = {0};
  GError *error = NULL;
  EmotionClassifier *classifier = training_candidate_fit (candidate, split, first, &error);
  g_assert_no_error (error);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  recall[0] = recall[1] = 0;
  for (guint r = 0; r < data->n_rows; r++) {
    const guint label = data->clips[data->rows[r].clip].label;
    emotion_classifier_score (classifier, data->rows[r].window.vector, scratch, scores + 2 * r);
    if (!training_split_has_clip (split, data->rows[r].clip, split->all & ~first))
      continue;
    count[label]++;
    recall[label] += scores[2 * r + label] > scores[2 * r + !label];
  }
  for (guint k = 0; k < 2; k++)
    recall[k] /= count[k];
  g_free (scratch);
  emotion_classifier_unref (classifier);
  return scores;
}

/* Labels have equal weights, or weights by frequency: then the recall of the rare one is lower. */
static void
test_class_weights (void)
{
  TrainingDataset *data = rare_label_new ();
  TrainingSplit *split = synthetic_split_new (data, SEED);
  GArray *list = training_candidates_list (NULL, 0, SEED, NULL);
  for (guint i = 0; i < list->len; i++) {
    TrainingCandidate candidate = g_array_index (list, TrainingCandidate, i);
    double alike[2], by_fraction[2];
    candidate.cost = 0.1; /* with a high one, few coefficients reach the bound */
    g_free (measure (&candidate, split, alike));
    candidate.unbalanced = TRUE;
    g_free (measure (&candidate, split, by_fraction));
    g_test_message ("%s: recall %.2f %.2f alike, %.2f %.2f by share",
                    training_kind_to_string (candidate.kind), alike[0], alike[1], by_fraction[0],
                    by_fraction[1]);
    g_assert_cmpfloat (by_fraction[1], <, alike[1]);
    g_assert_cmpfloat (by_fraction[0], >, alike[0]);
  }
  g_array_unref (list);
  data_clear (data, split);
}

/* The same settings and rows give the same scores to the last bit. */
static void
test_repeatable (void)
{
  TrainingDataset *data = rare_label_new ();
  TrainingSplit *split = synthetic_split_new (data, SEED);
  GArray *list = training_candidates_list (NULL, 20, SEED, NULL);
  for (guint i = 0; i < list->len; i++) {
    const TrainingCandidate *candidate = &g_array_index (list, TrainingCandidate, i);
    double recall[2];
    double *once = measure (candidate, split, recall), *again = measure (candidate, split, recall);
    g_assert_cmpint (memcmp (once, again, 2 * data->n_rows * sizeof *once), ==, 0);
    g_free (once);
    g_free (again);
  }
  g_array_unref (list);
  data_clear (data, split);
}

/* A clipping limit that no value reaches changes nothing; beyond a limit that is reached, values
 * are clipped. */
static void
test_clipping (void)
{
  TrainingDataset *data = rare_label_new ();
  TrainingSplit *split = synthetic_split_new (data, SEED);
  GArray *list = training_candidates_list ("lda,logistic,lda-svc,svc,kernel", 0, SEED, NULL);
  for (guint i = 0; i < list->len; i++) {
    TrainingCandidate candidate = g_array_index (list, TrainingCandidate, i);
    double recall[2], worst = 0;
    candidate.limit = 0;
    double *none = measure (&candidate, split, recall);
    candidate.limit = 1000;
    double *far = measure (&candidate, split, recall);
    for (guint s = 0; s < 2 * data->n_rows; s++)
      worst = MAX (worst, fabs (exp (none[s]) - exp (far[s])));
    /* Vectors of components are rounded differently, from another origin. */
    g_assert_cmpfloat (worst, <, candidate.n_components ? 0.03 : 1e-3);

    candidate.limit = 1.5;
    EmotionClassifier *classifier = training_candidate_fit (&candidate, split, split->all, NULL);
    double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), beyond[2],
           farther[2];
    float x[SYNTHETIC_FEATURES];
    for (guint f = 0; f < SYNTHETIC_FEATURES; f++)
      x[f] = f % 2 ? 50 : -50;
    emotion_classifier_score (classifier, x, scratch, beyond);
    for (guint f = 0; f < SYNTHETIC_FEATURES; f++)
      x[f] *= 100;
    emotion_classifier_score (classifier, x, scratch, farther);
    g_assert_cmpmem (beyond, sizeof beyond, farther, sizeof farther);
    emotion_classifier_unref (classifier);
    g_free (scratch);
    g_free (none);
    g_free (far);
  }
  g_array_unref (list);
  data_clear (data, split);
}

/* The second half of the clips become augmented clips of the first half. */
static void
make_augmented_clips (TrainingDataset *data)
{
  data->n_source_clips /= 2;
  data->n_augmentations = 1;
  for (guint c = 0; c < data->n_source_clips; c++) {
    TrainingDatasetClip *copy = &data->clips[data->n_source_clips + c];
    copy->label = data->clips[c].label;
    copy->speaker = data->clips[c].speaker;
    copy->source_clip = (gint)c;
    copy->augmentation = 1;
  }
}

/* A kernel machine trains on augmented clips, but stores rows of source clips only. */
static void
test_augmented_clips (void)
{
  TrainingDataset *data = rare_label_new ();
  make_augmented_clips (data);
  TrainingSplit *split = synthetic_split_new (data, SEED);
  GArray *list = training_candidates_list ("kernel", 1, SEED, NULL);
  const TrainingCandidate *kernel = &g_array_index (list, TrainingCandidate, 0);
  EmotionClassifier *classifier = training_candidate_fit (kernel, split, split->all, NULL);
  g_assert_cmpuint (emotion_classifier_get_parts (classifier)->n_vectors, ==, data->n_source_clips);

  double recall[2], apart = 0;
  double *before = measure (kernel, split, recall);
  for (guint r = data->n_source_clips; r < data->n_rows; r++)
    split->weights[r] *= 10;
  double *after = measure (kernel, split, recall);
  for (guint s = 0; s < 2 * data->n_rows; s++)
    apart = MAX (apart, fabs (before[s] - after[s]));
  g_assert_cmpfloat (apart, >, 0.1);
  g_free (before);
  g_free (after);
  emotion_classifier_unref (classifier);
  g_array_unref (list);
  data_clear (data, split);
}

/* A candidate that is not in this build is refused with the remedy. */
static void
test_missing (void)
{
  GError *error = NULL;
  GArray *list = training_candidates_list ("lda,forest", 0, SEED, &error);
  g_assert_cmpint (list != NULL, ==, training_forest_get_missing () == NULL);
  if (!list)
    g_assert_nonnull (strstr (error->message, "candidate 'forest': this build cannot"));
  g_assert_cmpint (strstr (training_candidates_default (), "forest") != NULL, ==, list != NULL);
  g_clear_error (&error);
  g_clear_pointer (&list, g_array_unref);
}

/* The posteriors of source clips do not depend on augmented clips that a candidate does not train
 * on. */
static void
test_sources (void)
{
  TrainingDataset *data = rare_label_new ();
  make_augmented_clips (data);
  TrainingSplit *split = synthetic_split_new (data, SEED);
  for (guint source_clips_only = 0; source_clips_only < 2; source_clips_only++) {
    TrainingCandidate lda = {.kind = TRAINING_CANDIDATE_LDA,
                             .shrinkage = 0.3,
                             .limit = 2,
                             .source_clips_only = source_clips_only};
    double recall[2], apart = 0;
    double *before = measure (&lda, split, recall);
    for (guint r = data->n_source_clips; r < data->n_rows; r++)
      split->weights[r] *= 10;
    double *after = measure (&lda, split, recall);
    for (guint r = data->n_source_clips; r < data->n_rows; r++)
      split->weights[r] /= 10;
    for (guint s = 0; s < 2 * data->n_source_clips; s++)
      apart = MAX (apart, fabs (before[s] - after[s]));
    if (source_clips_only)
      g_assert_cmpfloat (apart, <, 1e-5);
    else
      g_assert_cmpfloat (apart, >, 1e-3);
    g_free (before);
    g_free (after);
  }
  data_clear (data, split);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/candidate/class-weights", test_class_weights);
  g_test_add_func ("/training/candidate/repeatable", test_repeatable);
  g_test_add_func ("/training/candidate/clipping", test_clipping);
  g_test_add_func ("/training/candidate/augmented-clips", test_augmented_clips);
  g_test_add_func ("/training/candidate/sources", test_sources);
  g_test_add_func ("/training/candidate/missing", test_missing);
  return g_test_run ();
}
