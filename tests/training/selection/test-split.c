/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/selection/split.h"

#include <math.h>

#include <string.h>

#include "core/model/model.h"
#include "tests/training/synthetic-dataset.h"
#include "training/base/error.h"
#include "training/base/parallel.h"
#include "training/selection/trial.h"

static const SyntheticShape small = {.n_speakers = 5, .n_labels = 3, .n_clips = 2, .n_rows = 2};

/* Every group is in one fold, no fold is empty, sizes are as even as possible; the same for the
 * same seed. */
static void
assert_dealt (const TrainingSplit *split, TrainingGroups groups, guint wanted, guint32 seed)
{
  TrainingGroups folds[TRAINING_MAX_GROUPS], again[TRAINING_MAX_GROUPS], all = 0;
  guint n = training_split_deal (split, groups, wanted, seed, folds);
  guint min = G_MAXUINT, max = 0;
  g_assert_cmpuint (n, ==, MIN (wanted, training_groups_count (groups)));
  for (guint i = 0; i < n; i++) {
    guint count = training_groups_count (folds[i]);
    g_assert_cmpuint (all & folds[i], ==, 0);
    all |= folds[i];
    min = MIN (min, count);
    max = MAX (max, count);
  }
  g_assert_cmpuint (all, ==, groups);
  g_assert_cmpuint (min, >, 0);
  g_assert_cmpuint (max - min, <=, 1);
  g_assert_cmpuint (training_split_deal (split, groups, wanted, seed, again), ==, n);
  g_assert_true (memcmp (folds, again, n * sizeof *folds) == 0);
}

static void
test_deal (void)
{
  static const guint speakers[] = {3, 4, 7, 31, 32, 50};
  for (guint i = 0; i < G_N_ELEMENTS (speakers); i++) {
    const SyntheticShape shape = {speakers[i], 2, 1, 1};
    TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 1);
    TrainingSplit *split = synthetic_split_new (data, 1);
    for (guint n = 1; n <= TRAINING_MAX_GROUPS; n++)
      for (guint32 seed = 0; seed < 3; seed++) {
        assert_dealt (split, split->all, n, seed);
        assert_dealt (split, split->all & 0xaaaaaaaa, n, seed);
        assert_dealt (split, split->all & ~(TrainingGroups)1, n, seed);
      }
    training_split_free (split);
    training_dataset_free (data);
  }
  training_split_free (NULL);
}

/* Another seed gives another assignment. */
static void
test_seed (void)
{
  const SyntheticShape shape = {20, 2, 1, 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 1);
  TrainingSplit *split = synthetic_split_new (data, 1);
  TrainingGroups first[4], folds[4];
  guint same = 0;
  training_split_deal (split, split->all, 4, 0, first);
  for (guint32 seed = 1; seed <= 20; seed++) {
    training_split_deal (split, split->all, 4, seed, folds);
    same += folds[0] == first[0];
  }
  g_assert_cmpuint (same, <, 3);
  training_split_free (split);
  training_dataset_free (data);
}

static void
test_groups_count (void)
{
  g_assert_cmpuint (training_groups_count (0), ==, 0);
  g_assert_cmpuint (training_groups_count (0x80000001), ==, 2);
  g_assert_cmpuint (training_groups_count (0xffffffff), ==, 32);
}

/* Each speaker is in one group, each group has one speaker, and every clip that is not a duplicate
 * is in its speaker's group with all its rows, and nowhere else. */
static void
assert_whole (const TrainingSplit *split)
{
  const TrainingDataset *data = split->data;
  guint group_of[64], seen = 0;
  TrainingGroups occupied = 0;
  memset (group_of, 0xff, sizeof group_of);
  g_assert_cmpuint (data->n_speakers, <=, G_N_ELEMENTS (group_of));
  for (guint c = 0; c < data->n_clips; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    guint group = split->group_of_clip[c];
    if (clip->duplicate_of >= 0) {
      g_assert_cmpuint (group, ==, G_MAXUINT);
      g_assert_false (training_split_has_clip (split, c, ~(TrainingGroups)0));
      continue;
    }
    g_assert_cmpuint (group, <, split->n_groups);
    g_assert_true (group_of[clip->speaker] == G_MAXUINT || group_of[clip->speaker] == group);
    g_assert_true (training_split_has_clip (split, c, (TrainingGroups)1 << group));
    g_assert_false (training_split_has_clip (split, c, ~((TrainingGroups)1 << group)));
    group_of[clip->speaker] = group;
    occupied |= (TrainingGroups)1 << group;
  }
  g_assert_cmpuint (occupied, ==, split->all);
  g_assert_cmpuint (training_groups_count (split->all), ==, split->n_groups);

  for (guint r = 0; r < data->n_rows; r++)
    seen += data->clips[data->rows[r].clip].duplicate_of < 0;
  for (guint u = 0; u < split->n_groups; u++)
    for (guint i = 0; i < split->n_rows_of_group[u]; i++) {
      const guint row = split->rows_of_group[u][i];
      g_assert_true (i == 0 || row > split->rows_of_group[u][i - 1]);
      g_assert_cmpuint (split->group_of_clip[data->rows[row].clip], ==, u);
      seen--;
    }
  g_assert_cmpuint (seen, ==, 0);
}

/* Each clip that is not a duplicate has weight 1 in the moments. */
static void
assert_weighs (const TrainingSplit *split, double clips)
{
  double sum = 0;
  for (guint u = 0; u < split->n_groups; u++)
    for (guint k = 0; k < split->data->n_labels; k++)
      sum += split->moments[u]->weight[k];
  g_assert_cmpfloat_with_epsilon (sum, clips, 1e-9);
}

static void
test_speakers (void)
{
  static const guint speakers[] = {3, 5, 31, 32};
  for (guint i = 0; i < G_N_ELEMENTS (speakers); i++) {
    const SyntheticShape shape = {speakers[i], 3, 2, 3};
    TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 1);
    TrainingSplit *split = synthetic_split_new (data, i);
    g_assert_cmpuint (split->n_groups, ==, speakers[i]);
    g_assert_cmpuint (split->n_speakers, ==, speakers[i]);
    assert_whole (split);
    assert_weighs (split, data->n_clips);
    training_split_free (split);
    training_dataset_free (data);
  }
}

/* More speakers than groups: each group has one or two. */
static void
test_merged (void)
{
  const SyntheticShape shape = {60, 2, 1, 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 1);
  TrainingSplit *split = synthetic_split_new (data, 3);
  guint count[TRAINING_MAX_GROUPS] = {0};
  g_assert_cmpuint (split->n_groups, ==, TRAINING_MAX_GROUPS);
  g_assert_cmpuint (split->n_speakers, ==, 60);
  assert_whole (split);
  for (guint c = 0; c < data->n_clips; c += 2)
    count[split->group_of_clip[c]]++;
  for (guint u = 0; u < TRAINING_MAX_GROUPS; u++)
    g_assert_true (count[u] == 1 || count[u] == 2);
  training_split_free (split);
  training_dataset_free (data);
}

/* Rows without speech have no weight and are not training data. */
static void
test_weightless_rows (void)
{
  TrainingDataset *data = synthetic_dataset_new (&small, NULL, 1);
  for (guint r = 0; r < data->n_rows; r++)
    data->rows[r].weight = r % 2;
  TrainingSplit *split = synthetic_split_new (data, 3);
  for (guint u = 0; u < split->n_groups; u++)
    for (guint i = 0; i < split->n_rows_of_group[u]; i++)
      g_assert_cmpuint (split->rows_of_group[u][i] % 2, ==, 1);
  assert_weighs (split, data->n_clips);
  training_split_free (split);
  training_dataset_free (data);
}

/* Duplicates are left out, and a speaker with nothing else does not count: a group without clips
 * would make an empty fold. */
static void
test_duplicates (void)
{
  TrainingDataset *data = synthetic_dataset_new (&small, NULL, 1);
  const guint of_speaker = small.n_labels * small.n_clips;
  synthetic_dataset_set_duplicate (data, 3 * of_speaker + 1, 0);
  for (guint c = of_speaker; c < 2 * of_speaker; c++)
    synthetic_dataset_set_duplicate (data, c, c - of_speaker);
  TrainingSplit *split = synthetic_split_new (data, 3);
  g_assert_cmpuint (split->n_speakers, ==, small.n_speakers - 1);
  g_assert_cmpuint (split->n_groups, ==, small.n_speakers - 1);
  assert_whole (split);
  assert_weighs (split, data->n_clips - of_speaker - 1);
  training_split_free (split);
  training_dataset_free (data);
}

static void
assert_refused (TrainingDataset *data, const char *words)
{
  GError *error = NULL;
  g_assert_null (training_split_new (data, &(TrainingSplitConfig){.seed = 1}, 1, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_error_free (error);
  training_dataset_free (data);
}

static void
test_refused (void)
{
  const guint of_speaker = small.n_labels * small.n_clips;
  SyntheticShape shape = small;
  shape.n_speakers = 2;
  assert_refused (synthetic_dataset_new (&shape, NULL, 1), "2 speaker(s)");

  shape.n_speakers = 3;
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 1);
  for (guint c = of_speaker; c < 2 * of_speaker; c++)
    synthetic_dataset_set_duplicate (data, c, 0);
  assert_refused (data, "2 speaker(s)");

  /* A label that, without duplicates, has one speaker or none. */
  data = synthetic_dataset_new (&small, NULL, 1);
  for (guint c = 0; c < data->n_clips; c++)
    if (data->clips[c].label == 1 && data->clips[c].speaker != 2)
      data->clips[c].label = 0;
  assert_refused (data, "'l01' has clips of 1 speaker(s)");
  data = synthetic_dataset_new (&small, NULL, 1);
  for (guint c = 1; c < data->n_clips; c++)
    if (data->clips[c].label == 2)
      synthetic_dataset_set_duplicate (data, c, 0);
  assert_refused (data, "'l02' has clips of 0 speaker(s)");

  /* More labels than a model can hold. */
  shape = small;
  shape.n_labels = 1;
  assert_refused (synthetic_dataset_new (&shape, NULL, 1), "1 label(s)");
  shape.n_labels = EMOTION_MAX_LABELS + 1;
  assert_refused (synthetic_dataset_new (&shape, NULL, 1), "65 label(s)");
  data = synthetic_dataset_new (&small, NULL, 1);
  g_free (data->labels[1]);
  data->labels[1] = g_strdup ("none");
  assert_refused (data, "'none'");
  data = synthetic_dataset_new (&small, NULL, 1);
  g_free (data->labels[1]);
  data->labels[1] = g_strnfill (64, 'x');
  assert_refused (data, "63");

  shape.n_labels = EMOTION_MAX_LABELS;
  data = synthetic_dataset_new (&shape, NULL, 1);
  training_split_free (synthetic_split_new (data, 1));
  training_dataset_free (data);
}

static void
count_call (guint index, gpointer data)
{
  g_atomic_int_inc (&((gint *)data)[index]);
}

static void
test_parallel (void)
{
  static const guint jobs[] = {0, 1, 3, 1024};
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++) {
    gint calls[100] = {0};
    training_parallel (G_N_ELEMENTS (calls), jobs[i], count_call, calls);
    for (guint c = 0; c < G_N_ELEMENTS (calls); c++)
      g_assert_cmpint (calls[c], ==, 1);
  }
}

/* The mean of the rows of a speaker. */
static double
mean_of (const TrainingDataset *data, guint speaker, guint feature)
{
  double sum = 0, n = 0;
  for (guint r = 0; r < data->n_rows; r++)
    if (data->clips[data->rows[r].clip].speaker == speaker) {
      sum += data->matrix[(gsize)r * SYNTHETIC_FEATURES + feature];
      n++;
    }
  return sum / n;
}

/* The moments of centred rows, derived from those of the raw rows, equal those of the centred rows
 * and of the rows minus the overall mean, mixed. */
static void
test_centred (void)
{
  const SyntheticShape shape = {.n_speakers = 4, .n_labels = 3, .n_clips = 5, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 29);
  for (guint r = 0; r < data->n_rows; r++)
    for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
      data->matrix[(gsize)r * SYNTHETIC_FEATURES + i] += (float)(i * data->clips[r].speaker);
  TrainingSplit *split = synthetic_split_new (data, 3);
  TrainingMoments *moments = training_split_sum (split->centred, split->all, TRUE);
  float centre[SYNTHETIC_FEATURES];
  training_split_centre (split, split->all, centre);
  const guint a = 1, b = SYNTHETIC_FEATURES - 1, label = 2;
  double square = 0, sum = 0;
  for (guint r = 0; r < data->n_rows; r++) {
    const float *row = data->matrix + (gsize)r * SYNTHETIC_FEATURES;
    const float *centred = split->centred->matrix + (gsize)r * SYNTHETIC_FEATURES;
    const guint speaker = data->clips[r].speaker;
    g_assert_cmpfloat_with_epsilon (centred[b], row[b] - mean_of (data, speaker, b), 1e-4);
    square += (1 - TRAINING_RAW_FRACTION) * centred[a] * centred[b] +
              TRAINING_RAW_FRACTION * (row[a] - centre[a]) * (row[b] - centre[b]);
    if (data->clips[r].label == label)
      sum +=
          (1 - TRAINING_RAW_FRACTION) * centred[b] + TRAINING_RAW_FRACTION * (row[b] - centre[b]);
  }
  g_assert_cmpfloat_with_epsilon (moments->square[a * SYNTHETIC_FEATURES + b], square,
                                  1e-3 * (1 + fabs (square)));
  g_assert_cmpfloat_with_epsilon (moments->sum[label * SYNTHETIC_FEATURES + b], sum, 1e-3);
  g_assert_cmpfloat_with_epsilon (
      centre[b],
      (mean_of (data, 0, b) + mean_of (data, 1, b) + mean_of (data, 2, b) + mean_of (data, 3, b)) /
          4,
      1e-4);
  training_moments_free (moments);
  training_split_free (split);
  training_dataset_free (data);
}

/* A sum with only the diagonal is part of the whole one; the whole one is the same bits when its
 * parts are computed again. */
static void
test_sums (void)
{
  const gsize d = SYNTHETIC_FEATURES;
  TrainingDataset *data = synthetic_dataset_new (&small, NULL, 37);
  TrainingSplit *split = synthetic_split_new (data, 3);
  const TrainingSplit *const both[] = {split, split->centred};
  const TrainingGroups groups = split->all & ~(TrainingGroups)2;
  for (guint s = 0; s < 2; s++) {
    TrainingMoments *whole = training_split_sum (both[s], groups, TRUE);
    training_squares_forget (split->squares);
    TrainingMoments *again = training_split_sum (both[s], groups, TRUE);
    TrainingMoments *diagonal = training_split_sum (both[s], groups, FALSE);
    g_assert_true (memcmp (whole->square, again->square, d * d * sizeof (double)) == 0);
    g_assert_true (memcmp (whole->sum, diagonal->sum, data->n_labels * d * sizeof (double)) == 0);
    g_assert_null (diagonal->square);
    for (guint i = 0; i < d; i++)
      g_assert_cmpfloat_with_epsilon (training_moments_get_square (whole, i),
                                      training_moments_get_square (diagonal, i), 1e-9);
    training_moments_free (whole);
    training_moments_free (again);
    training_moments_free (diagonal);
  }
  training_split_free (split);
  training_dataset_free (data);
}

/* Augmented clips are training data with their source clips, with the requested weight, and are
 * never predicted; each set counts as a speaker of its own. */
static void
test_augmented_clips (void)
{
  const SyntheticShape shape = {.n_speakers = 5, .n_labels = 3, .n_clips = 4, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 31);
  data->n_source_clips = data->n_clips / 2;
  data->n_augmentations = 1;
  for (guint c = data->n_source_clips; c < data->n_clips; c++) {
    const guint source = c - data->n_source_clips;
    data->clips[c].source_clip = (gint)source;
    data->clips[c].speaker = data->clips[source].speaker;
    data->clips[c].label = data->clips[source].label;
    data->clips[c].augmentation = 1;
    data->clips[c].weight = 0.25;
  }
  TrainingSplit *split = synthetic_split_new (data, 3);
  for (guint r = 0; r < data->n_rows; r++)
    g_assert_cmpfloat_with_epsilon (split->weights[r],
                                    data->rows[r].clip < data->n_source_clips ? 1 : 0.25, 1e-12);
  for (guint c = data->n_source_clips; c < data->n_clips; c++) {
    const guint source = (guint)data->clips[c].source_clip;
    g_assert_cmpuint (split->group_of_clip[c], ==, split->group_of_clip[source]);
    g_assert_false (training_split_has_clip (split, c, split->all));
    g_assert_cmpuint (split->voices->of_clip[c], !=, split->voices->of_clip[source]);
  }
  guint n_rows = 0;
  for (guint u = 0; u < split->n_groups; u++)
    n_rows += split->n_rows_of_group[u];
  g_assert_cmpuint (n_rows, ==, data->n_rows);
  training_split_free (split);
  training_dataset_free (data);
}

/* A small corpus has the same weight as a large one. */
static void
test_corpora (void)
{
  const SyntheticShape shape = {.n_speakers = 5, .n_labels = 3, .n_clips = 4, .n_rows = 2};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 33);
  double of_corpus[2] = {0};
  data->n_corpora = 2;
  for (guint c = 0; c < data->n_clips; c++)
    data->clips[c].corpus = data->clips[c].speaker == 4;
  TrainingSplit *split = synthetic_split_new (data, 3);
  for (guint r = 0; r < data->n_rows; r++)
    of_corpus[data->clips[data->rows[r].clip].corpus] += split->weights[r];
  g_assert_cmpfloat_with_epsilon (of_corpus[0], of_corpus[1], 1e-6);
  g_assert_cmpfloat_with_epsilon (of_corpus[0] + of_corpus[1], data->n_clips, 1e-6);

  /* Whole corpora as folds */
  TrainingFolds folds;
  training_folds_init_by_corpus (&folds, split, split->all);
  g_assert_cmpuint (folds.n_folds, ==, 2);
  g_assert_cmpuint (folds.folds[0] | folds.folds[1], ==, split->all);
  g_assert_cmpuint (training_groups_count (folds.folds[1]), ==, 1);
  for (guint c = 0; c < data->n_clips; c++)
    g_assert_true (training_split_has_clip (split, c, folds.folds[data->clips[c].corpus]));
  training_split_free (split);
  training_dataset_free (data);
}

/* A held-out statement is not training data, but its clips can be predicted. */
static void
test_statement (void)
{
  const SyntheticShape shape = {.n_speakers = 5, .n_labels = 3, .n_clips = 4, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 35);
  GError *error = NULL;
  for (guint c = 0; c < data->n_clips; c++)
    data->clips[c].statement = c % 2;
  TrainingSplit *split =
      training_split_new (data, &(TrainingSplitConfig){.seed = 1, .statement_out = 2}, 1, &error);
  g_assert_no_error (error);
  for (guint u = 0; u < split->n_groups; u++)
    for (guint i = 0; i < split->n_rows_of_group[u]; i++)
      g_assert_cmpint (data->clips[data->rows[split->rows_of_group[u][i]].clip].statement, ==, 0);
  for (guint c = 0; c < data->n_clips; c++)
    g_assert_true (training_split_has_clip (split, c, split->all));
  training_split_free (split);
  training_dataset_free (data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/split/deal", test_deal);
  g_test_add_func ("/training/split/seed", test_seed);
  g_test_add_func ("/training/split/group-count", test_groups_count);
  g_test_add_func ("/training/split/speakers", test_speakers);
  g_test_add_func ("/training/split/merged", test_merged);
  g_test_add_func ("/training/split/weightless-rows", test_weightless_rows);
  g_test_add_func ("/training/split/duplicates", test_duplicates);
  g_test_add_func ("/training/split/refused", test_refused);
  g_test_add_func ("/training/split/parallel", test_parallel);
  g_test_add_func ("/training/split/centred", test_centred);
  g_test_add_func ("/training/split/sums", test_sums);
  g_test_add_func ("/training/split/augmented-clips", test_augmented_clips);
  g_test_add_func ("/training/split/corpora", test_corpora);
  g_test_add_func ("/training/split/statement", test_statement);
  return g_test_run ();
}
