/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "problem.h"

#include <string.h>

#include "core/model.h"
#include "core/text.h"
#include "decode.h"

#define TRAINING_CLIP_UNITS 30 /* units when clips are held out: 2, 3, 5, 6 or 10 even folds */

typedef struct {
  TrainingTask func;
  gpointer data;
} Work;

static void
run_task (gpointer index, gpointer data)
{
  const Work *work = data;
  work->func (GPOINTER_TO_UINT (index) - 1, work->data);
}

void
training_parallel (guint n, guint n_jobs, TrainingTask func, gpointer data)
{
  Work work = {func, data};
  guint n_threads = n_jobs ? n_jobs : g_get_num_processors ();
  GThreadPool *pool =
      g_thread_pool_new (run_task, &work, (gint)MIN (n_threads, MAX (n, 1)), TRUE, NULL);
  for (guint i = 0; i < n; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

guint
training_units_count (TrainingUnits units)
{
  guint n = 0;
  for (; units; units &= units - 1)
    n++;
  return n;
}

gboolean
training_problem_has_clip (const TrainingProblem *self, guint clip, TrainingUnits units)
{
  guint unit = self->unit_of_clip[clip];
  return unit != G_MAXUINT && (units >> unit & 1);
}

/* A seeded permutation of 0..n). */
static guint *
shuffle (guint n, guint32 seed)
{
  guint *order = g_new (guint, n);
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < n; i++)
    order[i] = i;
  for (guint i = n; i > 1; i--) {
    guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
    guint swap = order[i - 1];
    order[i - 1] = order[j];
    order[j] = swap;
  }
  g_rand_free (random);
  return order;
}

guint
training_problem_deal (const TrainingProblem *self, TrainingUnits units, guint n, guint32 seed,
                       TrainingUnits *folds)
{
  guint *order = shuffle (self->n_units, seed), dealt = 0;
  n = MIN (n, training_units_count (units));
  for (guint i = 0; i < n; i++)
    folds[i] = 0;
  for (guint i = 0; i < self->n_units; i++)
    if (units >> order[i] & 1)
      folds[dealt++ % n] |= 1u << order[i];
  g_free (order);
  return n;
}

static gboolean
is_kept (const TrainingDataset *data, const TrainingFolding *folding, guint clip)
{
  return folding->allow_twins || data->clips[clip].twin_of < 0;
}

/* Numbers what folds hold out, owner[clip]: the speaker or the clip; G_MAXUINT for a clip left out. */
static guint
number_owners (const TrainingDataset *data, const TrainingFolding *folding, guint *owner)
{
  guint n = 0, *number = g_new (guint, data->n_groups);
  for (guint g = 0; g < data->n_groups; g++)
    number[g] = G_MAXUINT;
  for (guint c = 0; c < data->n_clips; c++)
    if (is_kept (data, folding, c))
      number[data->clips[c].group] = 0;
  for (guint g = 0; g < data->n_groups; g++)
    if (number[g] == 0)
      number[g] = n++;
  for (guint c = 0; c < data->n_clips; c++)
    owner[c] = is_kept (data, folding, c) ? number[data->clips[c].group] : G_MAXUINT;
  g_free (number);
  if (folding->hold == TRAINING_HOLD_SPEAKERS)
    return n;
  /* Shuffled, then label by label, so that dealing them out in turn gives each unit its share of
   * every label. */
  guint *order = shuffle (data->n_originals, folding->seed);
  n = 0;
  for (guint k = 0; k < data->n_labels; k++)
    for (guint i = 0; i < data->n_originals; i++)
      if (is_kept (data, folding, order[i]) && data->clips[order[i]].label == k)
        owner[order[i]] = n++;
  for (guint c = data->n_originals; c < data->n_clips; c++)
    owner[c] = owner[data->clips[c].copy_of];
  g_free (order);
  return n;
}

static guint
count_speakers (const TrainingDataset *data, const TrainingFolding *folding)
{
  guint n = 0;
  gboolean *seen = g_new0 (gboolean, data->n_groups);
  for (guint c = 0; c < data->n_clips; c++) {
    guint group = data->clips[c].group;
    n += is_kept (data, folding, c) && !seen[group];
    seen[group] |= is_kept (data, folding, c);
  }
  g_free (seen);
  return n;
}

/* 0, 1, or 2 for more. */
static guint
count_owners (const TrainingDataset *data, const guint *owner, guint label)
{
  guint n = 0, first = 0;
  for (guint c = 0; c < data->n_clips && n < 2; c++)
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
                 "the data hold %u label(s), where 2 to %d are possible: is it the right column?",
                 data->n_labels, EMOTION_MAX_LABELS);
    return FALSE;
  }
  for (guint k = 0; k < data->n_labels; k++) {
    const char *label = data->labels[k];
    guint n = count_owners (data, owner, k);
    if (!emotion_text_is_name (label) || strcmp (label, "none") == 0)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "label '%s' cannot be in a model: rename it to something other than 'none', of "
                   "at most 63 bytes",
                   label);
    else if (n < 2)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "label '%s' has clips of %u speaker(s), where 2 are needed: add some, or leave "
                   "the label out",
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
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "the data hold %u speaker(s) with clips of their own; holding speakers out needs 3 "
        "or more",
        n_owners);
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%u clip(s) are too few", n_owners);
  return FALSE;
}

static void
fit_offset (TrainingProblem *self)
{
  const guint d = self->data->features->n_features;
  self->offset = g_new0 (double, d);
  for (guint r = 0; r < self->data->n_rows; r++)
    for (guint i = 0; i < d; i++)
      self->offset[i] += (double)self->data->matrix[(gsize)r * d + i] / self->data->n_rows;
}

static void
gather_unit (guint unit, gpointer user_data)
{
  TrainingProblem *self = user_data;
  const TrainingDataset *data = self->data;
  guint n = self->n_rows_of_unit[unit];
  guint *labels = g_new (guint, n);
  double *weights = g_new (double, n);
  for (guint i = 0; i < n; i++) {
    const TrainingRow *row = &data->rows[self->rows_of_unit[unit][i]];
    labels[i] = data->clips[row->clip].label;
    weights[i] = row->weight;
  }
  self->moments[unit] =
      training_moments_new (data->features->n_features, data->n_labels, self->offset);
  training_moments_add_rows (self->moments[unit], data->matrix, self->rows_of_unit[unit], labels,
                             weights, n);
  g_free (labels);
  g_free (weights);
}

/* Puts every owner in a unit; clips are numbered in an order of chance already. */
static void
place_clips (TrainingProblem *self, const guint *owner, guint n_owners,
             const TrainingFolding *folding)
{
  const TrainingDataset *data = self->data;
  guint *place = shuffle (n_owners, folding->seed);
  self->unit_of_clip = g_new (guint, data->n_clips);
  for (guint c = 0; c < data->n_clips; c++) {
    guint at = owner[c];
    if (at != G_MAXUINT && folding->hold == TRAINING_HOLD_SPEAKERS)
      at = place[at];
    self->unit_of_clip[c] = at == G_MAXUINT ? G_MAXUINT : at % self->n_units;
  }
  g_free (place);
}

static void
place_rows (TrainingProblem *self)
{
  const TrainingDataset *data = self->data;
  self->rows_of_unit = g_new0 (guint *, self->n_units);
  self->n_rows_of_unit = g_new0 (guint, self->n_units);
  for (guint r = 0; r < data->n_rows; r++) {
    guint unit = self->unit_of_clip[data->rows[r].clip];
    if (unit == G_MAXUINT || data->rows[r].weight <= 0)
      continue;
    guint n = self->n_rows_of_unit[unit]++;
    if ((n & (n - 1)) == 0) /* grown at each power of two */
      self->rows_of_unit[unit] = g_renew (guint, self->rows_of_unit[unit], MAX (2 * n, 1));
    self->rows_of_unit[unit][n] = r;
  }
}

TrainingProblem *
training_problem_new (const TrainingDataset *data, const TrainingFolding *folding, guint n_jobs,
                      GError **error)
{
  guint *owner = g_new (guint, MAX (data->n_clips, 1));
  guint n_owners = number_owners (data, folding, owner);
  TrainingProblem *self = NULL;
  if (check (data, owner, n_owners, folding->hold, error)) {
    self = g_new0 (TrainingProblem, 1);
    self->data = data;
    self->n_speakers = count_speakers (data, folding);
    self->n_units = MIN (n_owners, folding->hold == TRAINING_HOLD_CLIPS ? TRAINING_CLIP_UNITS
                                                                        : TRAINING_MAX_UNITS);
    self->all = (TrainingUnits)((G_GUINT64_CONSTANT (1) << self->n_units) - 1);
    self->moments = g_new0 (TrainingMoments *, self->n_units);
    place_clips (self, owner, n_owners, folding);
    place_rows (self);
    fit_offset (self);
    training_parallel (self->n_units, n_jobs, gather_unit, self);
  }
  g_free (owner);
  return self;
}

void
training_problem_free (TrainingProblem *self)
{
  if (!self)
    return;
  for (guint u = 0; u < self->n_units; u++) {
    training_moments_free (self->moments[u]);
    g_free (self->rows_of_unit[u]);
  }
  g_free (self->moments);
  g_free (self->rows_of_unit);
  g_free (self->n_rows_of_unit);
  g_free (self->unit_of_clip);
  g_free (self->offset);
  g_free (self);
}
