/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "split.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/model.h"
#include "training/base/error.h"
#include "training/base/parallel.h"
#include "training/base/shuffle.h"

/* groups if clips are held out: gives 2, 3, 5, 6 or 10 even folds */
#define TRAINING_CLIP_GROUPS 30

guint
training_groups_count (TrainingGroups groups)
{
  guint n = 0;
  for (; groups; groups &= groups - 1)
    n++;
  return n;
}

gboolean
training_split_has_clip (const TrainingSplit *self, guint clip, TrainingGroups groups)
{
  guint group = self->group_of_clip[clip];
  return clip < self->data->n_source_clips && group != G_MAXUINT && (groups >> group & 1);
}

/* A seeded permutation of 0..n-1. */
static guint *
shuffle (guint n, guint32 seed)
{
  guint *order = g_new (guint, n);
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < n; i++)
    order[i] = i;
  training_shuffle (order, n, sizeof *order, random);
  g_rand_free (random);
  return order;
}

guint
training_split_deal (const TrainingSplit *self, TrainingGroups groups, guint n, guint32 seed,
                     TrainingGroups *folds)
{
  guint *order = shuffle (self->n_groups, seed), dealt = 0;
  n = MIN (n, training_groups_count (groups));
  for (guint i = 0; i < n; i++)
    folds[i] = 0;
  for (guint i = 0; i < self->n_groups; i++)
    if (groups >> order[i] & 1)
      folds[dealt++ % n] |= (TrainingGroups)1 << order[i];
  g_free (order);
  return n;
}

static gboolean
is_kept (const TrainingDataset *data, const TrainingSplitConfig *config, guint clip)
{
  return config->allow_duplicates || data->clips[clip].duplicate_of < 0;
}

/* Whether the clip is dealt to folds: it is kept and not a test clip of a predefined split. */
static gboolean
is_dealt (const TrainingDataset *data, const TrainingSplitConfig *config, guint clip)
{
  return is_kept (data, config, clip) && !(config->predefined && data->clips[clip].test);
}

/* Numbers the held-out units, owner[source clip]: the speaker or the clip; G_MAXUINT for a clip
 * that is not dealt. */
static guint
number_owners (const TrainingDataset *data, const TrainingSplitConfig *config, guint *owner)
{
  guint n = 0, *number = g_new (guint, data->n_speakers);
  for (guint g = 0; g < data->n_speakers; g++)
    number[g] = G_MAXUINT;
  for (guint c = 0; c < data->n_source_clips; c++)
    if (is_dealt (data, config, c))
      number[data->clips[c].speaker] = 0;
  for (guint g = 0; g < data->n_speakers; g++)
    if (number[g] == 0)
      number[g] = n++;
  for (guint c = 0; c < data->n_source_clips; c++)
    owner[c] = is_dealt (data, config, c) ? number[data->clips[c].speaker] : G_MAXUINT;
  g_free (number);
  if (config->hold == TRAINING_HOLD_SPEAKERS)
    return n;
  /* Clips are shuffled, then sorted by label, so that dealing them in turn stratifies the
   * groups. */
  guint *order = shuffle (data->n_source_clips, config->seed);
  n = 0;
  for (guint k = 0; k < data->n_labels; k++)
    for (guint i = 0; i < data->n_source_clips; i++)
      if (is_dealt (data, config, order[i]) && data->clips[order[i]].label == k)
        owner[order[i]] = n++;
  g_free (order);
  return n;
}

static guint
count_speakers (const TrainingDataset *data, const TrainingSplitConfig *config)
{
  guint n = 0;
  gboolean *seen = g_new0 (gboolean, data->n_speakers);
  for (guint c = 0; c < data->n_source_clips; c++) {
    guint speaker = data->clips[c].speaker;
    n += is_dealt (data, config, c) && !seen[speaker];
    seen[speaker] |= is_dealt (data, config, c);
  }
  g_free (seen);
  return n;
}

/* 0, 1, or 2 for more. */
static guint
count_owners (const TrainingDataset *data, const guint *owner, guint label)
{
  guint n = 0, first = 0;
  for (guint c = 0; c < data->n_source_clips && n < 2; c++)
    if (data->clips[c].label == label && owner[c] != G_MAXUINT && (n == 0 || owner[c] != first)) {
      first = owner[c];
      n++;
    }
  return n;
}

static gboolean
check_labels (const TrainingDataset *data, const guint *owner, GError **error)
{
  if (data->n_labels < 2 || data->n_labels > EMOTION_MAX_LABELS) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "the data have %u label(s), and a model needs 2 to %d: check --label-column and "
                 "--label-map",
                 data->n_labels, EMOTION_MAX_LABELS);
    return FALSE;
  }
  for (guint k = 0; k < data->n_labels; k++) {
    const char *label = data->labels[k];
    guint n = count_owners (data, owner, k);
    if (!emotion_text_is_name (label) || strcmp (label, "none") == 0)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "label '%s' is not allowed in a model: rename it to something other than "
                   "'none', of at most 63 bytes",
                   label);
    else if (n < 2)
      g_set_error (
          error, TRAINING_ERROR, TRAINING_ERROR_DATA,
          "label '%s' has clips of %u speaker(s), and 2 are required: add clips, or drop the label",
          label, n);
    else
      continue;
    return FALSE;
  }
  return TRUE;
}

static gboolean
check (const TrainingDataset *data, const guint *owner, guint n_owners, TrainingHold hold,
       GError **error)
{
  if (n_owners >= 3)
    return check_labels (data, owner, error);
  if (hold == TRAINING_HOLD_SPEAKERS)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "the data have %u speaker(s) (without duplicates), and 3 are required to hold "
                 "speakers out: pool another corpus with a second --metadata, or use --protocol "
                 "random, whose figures are optimistic",
                 n_owners);
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%u clip(s) are too few: add clips",
                 n_owners);
  return FALSE;
}

/* Whether there are test clips left to evaluate. */
static gboolean
check_test (const TrainingDataset *data, const TrainingSplitConfig *config, GError **error)
{
  for (guint c = 0; c < data->n_source_clips; c++)
    if (data->clips[c].test && is_kept (data, config, c))
      return TRUE;
  if (config->predefined)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--protocol split: no test clip remains; all were left out, or are duplicates of "
                 "other clips");
  return !config->predefined;
}

/* Whether a source or augmented clip is in the group of test clips, which must not be trained
 * on. */
static gboolean
is_in_test (const TrainingSplit *self, guint clip)
{
  const guint group = self->group_of_clip[clip];
  return group != G_MAXUINT && (self->test >> group & 1);
}

static void
fit_offset (TrainingSplit *self)
{
  const TrainingDataset *data = self->data;
  const guint d = data->features->n_features;
  guint n = 0;
  self->offset = g_new0 (double, d);
  for (guint r = 0; r < data->n_rows; r++)
    n += !is_in_test (self, data->rows[r].clip);
  for (guint r = 0; r < data->n_rows; r++)
    for (guint i = 0; i < d && !is_in_test (self, data->rows[r].clip); i++)
      self->offset[i] += (double)data->matrix[(gsize)r * d + i] / n;
}

/* Gives corpora equal total weights, whatever their sizes. */
static void
weigh_rows (TrainingSplit *self)
{
  const TrainingDataset *data = self->data;
  double *of_corpus = g_new0 (double, data->n_corpora), total = 0;
  guint present = 0;
  for (guint c = 0; c < data->n_clips; c++)
    if (self->group_of_clip[c] != G_MAXUINT && !is_in_test (self, c)) {
      of_corpus[data->clips[c].corpus]++;
      total++;
    }
  for (guint i = 0; i < data->n_corpora; i++)
    present += of_corpus[i] > 0;
  self->weights = g_new0 (double, data->n_rows);
  for (guint r = 0; r < data->n_rows; r++) {
    const TrainingRow *row = &data->rows[r];
    const TrainingDatasetClip *clip = &data->clips[row->clip];
    if (is_in_test (self, row->clip))
      self->weights[r] = row->weight * clip->weight;
    else if (self->group_of_clip[row->clip] != G_MAXUINT)
      self->weights[r] = row->weight * clip->weight * total / (present * of_corpus[clip->corpus]);
  }
  g_free (of_corpus);
}

/* The moments of a group's rows, added to `moments`. */
static void
add_group (const TrainingSplit *self, guint group, TrainingMoments *moments)
{
  const TrainingDataset *data = self->data;
  const guint n = self->n_rows_of_group[group];
  guint *labels = g_new (guint, n);
  double *weights = g_new (double, n);
  for (guint i = 0; i < n; i++) {
    const guint row = self->rows_of_group[group][i];
    labels[i] = data->clips[data->rows[row].clip].label;
    weights[i] = self->weights[row];
  }
  training_moments_add_rows (moments, data->matrix, self->rows_of_group[group], labels, weights, n);
  g_free (labels);
  g_free (weights);
}

static void
gather_group (guint group, gpointer user_data)
{
  TrainingSplit *self = user_data;
  self->moments[group] = training_moments_new_diagonal (self->data->features->n_features,
                                                        self->data->n_labels, self->offset);
  add_group (self, group, self->moments[group]);
}

static TrainingMoments *
gather_squares (guint group, gpointer user_data)
{
  const TrainingSplit *self = user_data;
  TrainingMoments *moments =
      training_moments_new (self->data->features->n_features, self->data->n_labels, self->offset);
  add_group (self, group, moments);
  return moments;
}

/* Assigns owners to groups; clips are already numbered in random order. Augmented clips follow
 * their source clip. */
static void
place_clips (TrainingSplit *self, const guint *owner, guint n_owners,
             const TrainingSplitConfig *config)
{
  const TrainingDataset *data = self->data;
  const guint n_dealt = training_groups_count (self->all);
  guint *place = shuffle (n_owners, config->seed);
  self->group_of_clip = g_new (guint, data->n_clips);
  for (guint c = 0; c < data->n_clips; c++) {
    const guint source = data->clips[c].source_clip < 0 ? c : (guint)data->clips[c].source_clip;
    guint at = owner[source];
    if (at != G_MAXUINT && config->hold == TRAINING_HOLD_SPEAKERS)
      at = place[at];
    self->group_of_clip[c] = at == G_MAXUINT ? G_MAXUINT : at % n_dealt;
    if (at == G_MAXUINT && is_kept (data, config, source))
      self->group_of_clip[c] = n_dealt; /* the group of test clips */
  }
  g_free (place);
}

static void
place_rows (TrainingSplit *self, const TrainingSplitConfig *config)
{
  const TrainingDataset *data = self->data;
  self->rows_of_group = g_new0 (guint *, self->n_groups);
  self->n_rows_of_group = g_new0 (guint, self->n_groups);
  for (guint r = 0; r < data->n_rows; r++) {
    const TrainingDatasetClip *clip = &data->clips[data->rows[r].clip];
    guint group = self->group_of_clip[data->rows[r].clip];
    if (group == G_MAXUINT || data->rows[r].weight <= 0 ||
        (config->statement_out > 0 && clip->statement + 1 == (gint)config->statement_out))
      continue;
    guint n = self->n_rows_of_group[group]++;
    if ((n & (n - 1)) == 0) /* grows at powers of two */
      self->rows_of_group[group] = g_renew (guint, self->rows_of_group[group], MAX (2 * n, 1));
    self->rows_of_group[group][n] = r;
  }
}

/* Sums and weights of every voice's rows. */
static void
gather_voices (TrainingSplit *self)
{
  const TrainingDataset *data = self->data;
  const gsize d = data->features->n_features;
  const guint per_speaker = data->n_augmentations + 1;
  TrainingVoices *voices = self->voices = g_new0 (TrainingVoices, 1);
  voices->n = data->n_speakers * per_speaker;
  voices->of_clip = g_new (guint, data->n_clips);
  voices->group = g_new (guint, voices->n);
  voices->sum = g_new0 (double, voices->n *d);
  voices->weights = g_new0 (double, (gsize)voices->n * data->n_labels);
  for (guint v = 0; v < voices->n; v++)
    voices->group[v] = G_MAXUINT;
  for (guint c = 0; c < data->n_clips; c++)
    voices->of_clip[c] = data->clips[c].speaker * per_speaker + data->clips[c].augmentation;
  for (guint u = 0; u < self->n_groups; u++)
    for (guint i = 0; i < self->n_rows_of_group[u]; i++) {
      const guint row = self->rows_of_group[u][i], clip = data->rows[row].clip;
      const guint voice = voices->of_clip[clip];
      const double w = self->weights[row];
      voices->group[voice] = u;
      voices->weights[(gsize)voice * data->n_labels + data->clips[clip].label] += w;
      for (gsize k = 0; k < d; k++)
        voices->sum[voice * d + k] += w * (data->matrix[row * d + k] - self->offset[k]);
    }
}

static double
voice_weight (const TrainingSplit *self, guint voice)
{
  double sum = 0;
  for (guint k = 0; k < self->data->n_labels; k++)
    sum += self->voices->weights[(gsize)voice * self->data->n_labels + k];
  return sum;
}

/* Rows of voices without weight stay unchanged: they are not trained on. */
static float *
centre_rows (const TrainingSplit *self)
{
  const TrainingDataset *data = self->data;
  const gsize d = data->features->n_features;
  float *matrix = g_memdup2 (data->matrix, data->n_rows * d * sizeof (float));
  for (guint r = 0; r < data->n_rows; r++) {
    const guint voice = self->voices->of_clip[data->rows[r].clip];
    const double weight = voice_weight (self, voice);
    for (gsize i = 0; i < d && weight > 0; i++)
      matrix[r * d + i] = (float)((double)matrix[r * d + i] - self->offset[i] -
                                  self->voices->sum[voice * d + i] / weight);
  }
  return matrix;
}

/* Shares everything except the matrix and the offset with the raw split. */
static TrainingSplit *
centre_split (const TrainingSplit *raw)
{
  TrainingSplit *self = g_memdup2 (raw, sizeof *raw);
  self->raw = raw;
  self->matrix = centre_rows (raw);
  self->offset = g_new0 (double, raw->data->features->n_features);
  self->centred = NULL;
  return self;
}

TrainingSplit *
training_split_new (const TrainingDataset *data, const TrainingSplitConfig *config, guint n_jobs,
                    GError **error)
{
  guint *owner = g_new (guint, MAX (data->n_source_clips, 1));
  guint n_owners = number_owners (data, config, owner);
  TrainingSplit *self = NULL;
  gboolean ok = check (data, owner, n_owners, config->hold, error);
  if (!ok && config->predefined)
    g_prefix_error (error, "--protocol split, without the test clips: ");
  ok = ok && check_test (data, config, error);
  if (ok) {
    self = g_new0 (TrainingSplit, 1);
    self->data = data;
    self->matrix = data->matrix;
    self->auxiliary = config->auxiliary;
    self->n_speakers = count_speakers (data, config);
    const guint max =
        config->hold == TRAINING_HOLD_CLIPS ? TRAINING_CLIP_GROUPS : TRAINING_MAX_GROUPS;
    const guint n_dealt = MIN (n_owners, max - (config->predefined ? 1 : 0));
    self->n_groups = n_dealt + (config->predefined ? 1 : 0);
    self->all = (TrainingGroups)-1 >> (64 - n_dealt);
    self->test = config->predefined ? (TrainingGroups)1 << n_dealt : 0;
    place_clips (self, owner, n_owners, config);
    weigh_rows (self);
    place_rows (self, config);
    fit_offset (self);
    self->moments = g_new0 (TrainingMoments *, self->n_groups);
    self->squares = training_squares_new (self->n_groups, gather_squares, self);
    training_parallel (self->n_groups, n_jobs, gather_group, self);
    if (config->hold == TRAINING_HOLD_SPEAKERS && data->speakers_known) {
      gather_voices (self);
      self->centred = centre_split (self);
    }
  }
  g_free (owner);
  return self;
}

static void
voices_free (TrainingVoices *voices)
{
  if (!voices)
    return;
  g_free (voices->of_clip);
  g_free (voices->group);
  g_free (voices->sum);
  g_free (voices->weights);
  g_free (voices);
}

void
training_split_free (TrainingSplit *self)
{
  if (!self)
    return;
  if (self->centred) {
    g_free ((gpointer)self->centred->matrix);
    g_free (self->centred->offset);
    g_free (self->centred);
  }
  voices_free (self->voices);
  for (guint u = 0; u < self->n_groups; u++) {
    training_moments_free (self->moments[u]);
    g_free (self->rows_of_group[u]);
  }
  g_free (self->moments);
  training_squares_free (self->squares);
  g_free (self->rows_of_group);
  g_free (self->n_rows_of_group);
  g_free (self->group_of_clip);
  g_free (self->weights);
  g_free (self->offset);
  g_free (self);
}

static gboolean
is_voice_of (const TrainingSplit *self, guint voice, TrainingGroups groups)
{
  const guint group = self->voices->group[voice];
  return group != G_MAXUINT && (groups >> group & 1);
}

/* Moments about the split's offset become (1 - fraction) * those of rows minus their voice's
 * mean + fraction * those of rows minus the overall mean. Both have the mean 0, and so has the
 * new offset. */
static void
centre_moments (const TrainingSplit *self, TrainingGroups groups, TrainingMoments *m,
                double fraction)
{
  const gsize d = m->n_features;
  double *mean = g_new0 (double, d), total = 0;
  for (guint k = 0; k < m->n_labels; k++) {
    total += m->weight[k];
    for (gsize i = 0; i < d; i++)
      mean[i] += m->sum[k * d + i];
  }
  /* Sum of w (x - c)(x - c)' = sum of w x x' - (sum of w) c c' where c is the mean of these x. */
  training_moments_add_product (m, -fraction / total, mean);
  for (gsize i = 0; i < d; i++)
    mean[i] /= total;
  for (guint k = 0; k < m->n_labels; k++)
    for (gsize i = 0; i < d; i++)
      m->sum[k * d + i] -= fraction * m->weight[k] * mean[i];
  for (guint v = 0; v < self->voices->n; v++) {
    const double weight = voice_weight (self, v), *sum = self->voices->sum + v * d;
    if (weight <= 0 || !is_voice_of (self, v, groups))
      continue;
    training_moments_add_product (m, -(1 - fraction) / weight, sum);
    for (guint k = 0; k < m->n_labels; k++) {
      const double of_label = self->voices->weights[v * m->n_labels + k];
      for (gsize i = 0; i < d && of_label > 0; i++)
        m->sum[k * d + i] -= (1 - fraction) * of_label * sum[i] / weight;
    }
  }
  m->offset = self->offset;
  g_free (mean);
}

TrainingMoments *
training_split_sum (const TrainingSplit *self, TrainingGroups groups, gboolean whole)
{
  const double *offset = self->raw ? self->raw->offset : self->offset;
  const guint d = self->data->features->n_features, n_labels = self->data->n_labels;
  TrainingMoments *sum = whole ? training_moments_new (d, n_labels, offset)
                               : training_moments_new_diagonal (d, n_labels, offset);
  for (guint u = 0; u < self->n_groups; u++) {
    if (!(groups >> u & 1))
      continue;
    training_moments_add (sum, self->moments[u]);
    if (whole)
      training_moments_add_packed (sum, training_squares_get (self->squares, u));
  }
  if (self->raw)
    centre_moments (self, groups, sum, TRAINING_RAW_FRACTION);
  return sum;
}

void
training_split_centre (const TrainingSplit *self, TrainingGroups groups, float *centre)
{
  const TrainingSplit *raw = self->raw ? self->raw : self;
  const gsize d = self->data->features->n_features;
  const guint per_speaker = self->data->n_augmentations + 1;
  double *sum = g_new0 (double, d), total = 0;
  for (guint v = 0; v < self->voices->n;
       v += per_speaker) /* the first voice of each speaker: no augmentation */
    if (is_voice_of (self, v, groups)) {
      total += voice_weight (self, v);
      for (gsize i = 0; i < d; i++)
        sum[i] += self->voices->sum[v * d + i];
    }
  for (gsize i = 0; i < d; i++)
    centre[i] = (float)(raw->offset[i] + (total > 0 ? sum[i] / total : 0));
  g_free (sum);
}
