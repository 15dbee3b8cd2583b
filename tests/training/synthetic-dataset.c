/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-dataset.h"

#include <math.h>
#include <string.h>

#include "training/data/rejects.h"

#define N_FRAMES 300

static void
describe (guint index, GString *name, const char **group)
{
  g_string_append_printf (name, "number_%u", index);
  *group = "1";
}

static const EmotionFeatureSet synthetic_features = {
    .name = "made", .hop = 160, .n_features = SYNTHETIC_FEATURES, .describe = describe};

double
synthetic_normal (GRand *random)
{
  const double radius = sqrt (-2 * log (1 - g_rand_double (random)));
  return radius * cos (2 * G_PI * g_rand_double (random));
}

static char **
make_names (const char *format, guint n)
{
  char **names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup_printf ("%s%02u", format, i);
  return names;
}

static void
make_row (TrainingDataset *dataset, guint index, guint n_rows, SyntheticFill fill, GRand *random)
{
  TrainingRow *row = &dataset->rows[index];
  const TrainingDatasetClip *clip = &dataset->clips[index / n_rows];
  float *vector = dataset->matrix + (gsize)index * SYNTHETIC_FEATURES;
  for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
    vector[i] = (float)synthetic_normal (random);
  if (fill)
    fill (clip->speaker, clip->label, random, vector);
  row->clip = index / n_rows;
  row->weight = 1.0 / n_rows;
  row->window =
      (EmotionWindow){.activity = {N_FRAMES, N_FRAMES, -20}, .length = 48000, .vector = vector};
}

TrainingDataset *
synthetic_dataset_new (const SyntheticShape *shape, SyntheticFill fill, guint32 seed)
{
  TrainingDataset *dataset = g_new0 (TrainingDataset, 1);
  GRand *random = g_rand_new_with_seed (seed);
  dataset->features = &synthetic_features;
  dataset->windowing = (EmotionWindowing){3000000000, 1000000000, 1000000000};
  dataset->n_labels = shape->n_labels;
  dataset->n_speakers = shape->n_speakers;
  dataset->n_clips = shape->n_speakers * shape->n_labels * shape->n_clips;
  dataset->n_source_clips = dataset->n_clips;
  dataset->n_corpora = 1;
  dataset->corpora = make_names ("c", 1);
  dataset->n_rows = dataset->n_clips * shape->n_rows;
  dataset->speakers_known = TRUE;
  dataset->labels = make_names ("l", shape->n_labels);
  dataset->speakers = make_names ("s", shape->n_speakers);
  dataset->clips = g_new0 (TrainingDatasetClip, dataset->n_clips);
  dataset->rows = g_new0 (TrainingRow, dataset->n_rows);
  dataset->matrix = g_new (float, (gsize)dataset->n_rows *SYNTHETIC_FEATURES);
  dataset->rejects = training_rejects_new ();
  for (guint c = 0; c < dataset->n_clips; c++)
    dataset->clips[c] = (TrainingDatasetClip){.path = "made",
                                              .label = c / shape->n_clips % shape->n_labels,
                                              .speaker = c / (shape->n_clips * shape->n_labels),
                                              .first_row = c * shape->n_rows,
                                              .n_rows = shape->n_rows,
                                              .duplicate_of = -1,
                                              .statement = -1,
                                              .source_clip = -1,
                                              .weight = 1};
  for (guint c = 0; c < dataset->n_clips; c++)
    g_snprintf (dataset->clips[c].hash, sizeof dataset->clips[c].hash, "%u of %u", c, seed);
  for (guint r = 0; r < dataset->n_rows; r++)
    make_row (dataset, r, shape->n_rows, fill, random);
  g_rand_free (random);
  return dataset;
}

void
synthetic_dataset_set_duplicate (TrainingDataset *dataset, guint clip, guint of)
{
  g_assert_cmpuint (of, <, clip);
  dataset->clips[clip].duplicate_of = (gint)of;
}

TrainingSplit *
synthetic_split_new (const TrainingDataset *dataset, guint32 seed)
{
  GError *error = NULL;
  TrainingSplit *split =
      training_split_new (dataset, &(TrainingSplitConfig){.seed = seed}, 2, &error);
  g_assert_no_error (error);
  return split;
}
