/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The contribution of auxiliary corpora to the moments of a discriminant. */
#include "training/selection/auxiliary.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/base/error.h"
#include "training/selection/candidate.h"

#define SEED 42
#define N_LABELS 4
#define D SYNTHETIC_FEATURES

static const SyntheticShape few = {
    .n_speakers = 4, .n_labels = N_LABELS, .n_clips = 3, .n_rows = 2};
static const SyntheticShape many = {
    .n_speakers = 30, .n_labels = N_LABELS, .n_clips = 3, .n_rows = 2};

/* Labels differ in one number each; speakers differ much more in the same numbers. */
static void
fill (guint speaker, guint label, GRand *random, float *row)
{
  (void)random;
  row[label] += 2;
  for (guint i = 0; i < N_LABELS; i++)
    row[i] += 4 * sinf ((float)(speaker * N_LABELS + i) * 2.3f);
}

/* Another room: all values are shifted, and its speakers are different. */
static void
fill_elsewhere (guint speaker, guint label, GRand *random, float *row)
{
  fill (speaker + 50, label, random, row);
  for (guint i = 0; i < D; i++)
    row[i] += 7;
}

static TrainingAuxiliary *
make_auxiliary (const TrainingDataset *others, const TrainingDataset *data)
{
  GError *error = NULL;
  TrainingAuxiliary *auxiliary = training_auxiliary_new (others, data, &error);
  g_assert_no_error (error);
  return auxiliary;
}

static TrainingMoments *
moments_of (const TrainingDataset *data, const float *matrix, const double *zeros, double factor)
{
  guint *rows = g_new (guint, data->n_rows), *labels = g_new (guint, data->n_rows);
  double *weights = g_new (double, data->n_rows);
  for (guint r = 0; r < data->n_rows; r++) {
    rows[r] = r;
    labels[r] = data->clips[data->rows[r].clip].label;
    weights[r] = data->rows[r].weight * factor;
  }
  TrainingMoments *moments = training_moments_new (D, N_LABELS, zeros);
  training_moments_add_rows (moments, matrix, rows, labels, weights, data->n_rows);
  g_free (rows);
  g_free (labels);
  g_free (weights);
  return moments;
}

static void
mean_of_labels (const TrainingMoments *m, double *mean)
{
  for (guint i = 0; i < D; i++)
    mean[i] = 0;
  for (guint k = 0; k < N_LABELS; k++)
    for (guint i = 0; i < D; i++)
      mean[i] += m->sum[k * D + i] / m->weight[k] / N_LABELS;
}

static void
assert_close (const double *a, const double *b, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1e-3 * (1 + fabs (b[i])));
}

/* The rows minus their speaker's mean. */
static void
centre (const TrainingDataset *data, float *matrix)
{
  const guint n = data->n_rows / data->n_speakers;
  for (guint s = 0; s < data->n_speakers; s++)
    for (guint i = 0; i < D; i++) {
      double mean = 0;
      for (guint r = s * n; r < (s + 1) * n; r++)
        mean += (double)matrix[r * D + i] / n;
      for (guint r = s * n; r < (s + 1) * n; r++)
        matrix[r * D + i] -= (float)mean;
    }
}

/* The result is the same as if its rows, scaled and shifted, were in the data, with the weight of
 * one and a half speakers. */
static void
test_adds_rows (void)
{
  const double zeros[D] = {0};
  float scale[D];
  for (guint i = 0; i < D; i++)
    scale[i] = 0.5f + 0.1f * (float)i;
  TrainingDataset *data = synthetic_dataset_new (&few, fill, SEED);
  TrainingDataset *others = synthetic_dataset_new (&many, fill_elsewhere, SEED + 1);
  TrainingAuxiliary *auxiliary = make_auxiliary (others, data);
  g_assert_cmpuint (auxiliary->n_clips, ==, others->n_clips);
  for (guint centred = 0; centred < 2; centred++) {
    const double n_speakers = 20, fraction = 1.5 / n_speakers * data->n_clips / others->n_clips;
    double to[D], from[D];
    TrainingMoments *moments = moments_of (data, data->matrix, zeros, 1);
    TrainingMoments *expected = moments_of (data, data->matrix, zeros, 1);
    float *matrix = g_memdup2 (others->matrix, others->n_rows * D * sizeof (float));
    if (centred)
      centre (others, matrix);
    for (guint r = 0; r < others->n_rows * D; r++)
      matrix[r] *= scale[r % D];
    TrainingMoments *scaled = moments_of (others, matrix, zeros, 1);
    mean_of_labels (scaled, from);
    mean_of_labels (moments, to);
    for (guint r = 0; r < others->n_rows * D; r++)
      matrix[r] += (float)(to[r % D] - from[r % D]);
    TrainingMoments *moved = moments_of (others, matrix, zeros, fraction);
    training_moments_add (expected, moved);
    training_auxiliary_add (auxiliary, centred, scale, n_speakers, moments);
    assert_close (moments->weight, expected->weight, N_LABELS);
    assert_close (moments->sum, expected->sum, N_LABELS * D);
    for (guint i = 0; i < D; i++)
      assert_close (moments->square + i * D + i, expected->square + i * D + i, D - i);
    training_moments_free (moments);
    training_moments_free (expected);
    training_moments_free (scaled);
    training_moments_free (moved);
    g_free (matrix);
  }
  training_auxiliary_free (auxiliary);
  training_dataset_free (others);
  training_dataset_free (data);
}

/* The number of correct predictions for the clips of the speakers of `test`. */
static guint
count_right (const TrainingDataset *data, const TrainingAuxiliary *auxiliary,
             const TrainingDataset *test)
{
  const TrainingSplitConfig config = {.seed = SEED, .auxiliary = auxiliary};
  const TrainingCandidate lda = {.kind = TRAINING_CANDIDATE_LDA, .shrinkage = 0.1, .limit = 3};
  TrainingSplit *split = training_split_new (data, &config, 1, NULL);
  EmotionClassifier *classifier = training_candidate_fit (&lda, split, split->all, NULL);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier)), scores[N_LABELS];
  guint right = 0;
  for (guint r = 0; r < test->n_rows; r++) {
    guint best = 0;
    emotion_classifier_score (classifier, test->matrix + (gsize)r * D, scratch, scores);
    for (guint k = 1; k < N_LABELS; k++)
      if (scores[k] > scores[best])
        best = k;
    right += best == test->clips[test->rows[r].clip].label;
  }
  g_free (scratch);
  emotion_classifier_unref (classifier);
  training_split_free (split);
  return right;
}

/* Three speakers do not show how speakers vary; those of another room do. */
static void
test_helps_few (void)
{
  const SyntheticShape three = {.n_speakers = 3, .n_labels = N_LABELS, .n_clips = 6, .n_rows = 1};
  TrainingDataset *others = synthetic_dataset_new (&many, fill_elsewhere, SEED + 1);
  TrainingDataset *test = synthetic_dataset_new (&many, fill, SEED + 2);
  guint alone = 0, helped = 0;
  for (guint32 seed = 0; seed < 5; seed++) {
    TrainingDataset *data = synthetic_dataset_new (&three, fill, seed);
    TrainingAuxiliary *auxiliary = make_auxiliary (others, data);
    alone += count_right (data, NULL, test);
    helped += count_right (data, auxiliary, test);
    training_auxiliary_free (auxiliary);
    training_dataset_free (data);
  }
  g_test_message ("right of %u: alone %u, helped %u", 5 * test->n_rows, alone, helped);
  g_assert_cmpuint (helped, >, alone + test->n_rows / 10);
  training_dataset_free (others);
  training_dataset_free (test);
}

/* Labels that the data lack are left out and have no weight. */
static void
test_other_labels (void)
{
  TrainingDataset *data = synthetic_dataset_new (&few, fill, SEED);
  TrainingDataset *others = synthetic_dataset_new (&many, fill_elsewhere, SEED + 1);
  g_free (others->labels[1]);
  others->labels[1] = g_strdup ("other");
  TrainingAuxiliary *auxiliary = make_auxiliary (others, data);
  double total = 0;
  g_assert_cmpuint (auxiliary->n_clips, ==, others->n_clips * (N_LABELS - 1) / N_LABELS);
  g_assert_cmpfloat (auxiliary->raw[0]->weight[1], ==, 0);
  for (guint k = 0; k < N_LABELS; k++)
    total += auxiliary->raw[0]->weight[k];
  g_assert_cmpfloat_with_epsilon (total, 1, 1e-9);
  training_auxiliary_free (auxiliary);
  training_dataset_free (others);
  training_dataset_free (data);
}

/* Two corpora with the same sound, each with its own half of the labels, do not shift these: each
 * is aligned at the labels that it shares with the data, not at the mean of all. */
static void
test_own_labels (void)
{
  float scale[D];
  for (guint i = 0; i < D; i++)
    scale[i] = 1;
  const double zeros[D] = {0};
  TrainingDataset *data = synthetic_dataset_new (&many, fill, SEED);
  TrainingDataset *others = synthetic_dataset_new (&many, fill, SEED + 1);
  others->n_corpora = 2;
  for (guint c = 0; c < others->n_clips; c++)
    others->clips[c].corpus = others->clips[c].label / 2;
  TrainingAuxiliary *auxiliary = make_auxiliary (others, data);
  TrainingMoments *before = moments_of (data, data->matrix, zeros, 1);
  TrainingMoments *after = moments_of (data, data->matrix, zeros, 1);
  training_auxiliary_add (auxiliary, FALSE, scale, 5, after);
  for (guint k = 0; k < N_LABELS; k++)
    g_assert_cmpfloat_with_epsilon (after->sum[k * D + k] / after->weight[k],
                                    before->sum[k * D + k] / before->weight[k], 0.05);
  training_moments_free (before);
  training_moments_free (after);
  training_auxiliary_free (auxiliary);
  training_dataset_free (others);
  training_dataset_free (data);
}

static void
assert_refused (const TrainingDataset *others, const TrainingDataset *data, const char *pattern)
{
  GError *error = NULL;
  g_assert_null (training_auxiliary_new (others, data, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
  g_clear_error (&error);
}

static void
test_refused (void)
{
  TrainingDataset *data = synthetic_dataset_new (&few, fill, SEED);
  TrainingDataset *others = synthetic_dataset_new (&many, fill_elsewhere, SEED + 1);
  g_strlcpy (others->clips[5].hash, data->clips[7].hash, sizeof others->clips[5].hash);
  assert_refused (others, data, "*same samples as*remove that corpus*");
  g_strlcpy (others->clips[5].hash, "another", sizeof others->clips[5].hash);
  others->speakers_known = FALSE;
  assert_refused (others, data, "*column speaker*");
  others->speakers_known = TRUE;
  for (guint k = 1; k < N_LABELS; k++) {
    g_free (others->labels[k]);
    others->labels[k] = g_strdup_printf ("other-%u", k);
  }
  assert_refused (others, data,
                  "*--background: corpus c00*l00, other-1*at least two*remove the corpus*");
  training_dataset_free (others);
  training_dataset_free (data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/auxiliary/adds-rows", test_adds_rows);
  g_test_add_func ("/training/auxiliary/helps-few", test_helps_few);
  g_test_add_func ("/training/auxiliary/other-labels", test_other_labels);
  g_test_add_func ("/training/auxiliary/own-labels", test_own_labels);
  g_test_add_func ("/training/auxiliary/refused", test_refused);
  return g_test_run ();
}
