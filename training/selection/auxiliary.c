/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auxiliary.h"

#include <cblas.h>
#include <string.h>

#include "training/base/error.h"
#include "training/data/sources.h"

/* Measured on nEMO, EMO-DB and RAVDESS, each with the other two as auxiliary corpora
 * (docs/experiments.md): the corpora of 9 and 10 speakers gain; a higher weight lowers the figures
 * of the corpus with 24. */
#define SPEAKERS_WORTH 1.5
/* maximum weight relative to the corpus itself, however few its speakers */
#define MAX_FRACTION 0.3

/* The rows with shared labels, in order; labels are those of the data. */
typedef struct {
  guint n;
  guint *rows, *labels;
  double *weights;
} Rows;

static gint
find_label (const TrainingDataset *data, const char *label)
{
  for (guint k = 0; k < data->n_labels; k++)
    if (strcmp (data->labels[k], label) == 0)
      return (gint)k;
  return -1;
}

/* The rows of one corpus, with a total weight of 1. */
static Rows
gather (const TrainingDataset *others, guint corpus, const TrainingDataset *data, guint *n_clips)
{
  Rows r = {0, g_new (guint, others->n_rows), g_new (guint, others->n_rows),
            g_new (double, others->n_rows)};
  guint n = 0;
  for (guint c = 0; c < others->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &others->clips[c];
    const gint label = find_label (data, others->labels[clip->label]);
    if (clip->corpus != corpus || label < 0 || clip->duplicate_of >= 0)
      continue;
    n++;
    for (guint i = clip->first_row; i < clip->first_row + clip->n_rows; i++) {
      r.rows[r.n] = i;
      r.labels[r.n] = (guint)label;
      r.weights[r.n++] = others->rows[i].weight;
    }
  }
  for (guint i = 0; i < r.n; i++)
    r.weights[i] /= n;
  *n_clips += n;
  return r;
}

/* Subtracts each speaker's mean. */
static void
centre_speakers (const TrainingDataset *data, float *matrix)
{
  const gsize d = data->features->n_features;
  double *sum = g_new0 (double, data->n_speakers *d), *weight = g_new0 (double, data->n_speakers);
  for (gsize r = 0; r < data->n_rows; r++) {
    const guint speaker = data->clips[data->rows[r].clip].speaker;
    weight[speaker] += data->rows[r].weight;
    for (gsize i = 0; i < d; i++)
      sum[speaker * d + i] += data->rows[r].weight * matrix[r * d + i];
  }
  for (gsize r = 0; r < data->n_rows; r++) {
    const guint speaker = data->clips[data->rows[r].clip].speaker;
    for (gsize i = 0; i < d && weight[speaker] > 0; i++)
      matrix[r * d + i] = (float)(matrix[r * d + i] - sum[speaker * d + i] / weight[speaker]);
  }
  g_free (sum);
  g_free (weight);
}

/* The mean of sum / weight over the labels with weight. */
static double *
mean_of_labels (const double *sum, const double *weight, const double *mask, guint n_labels,
                gsize d)
{
  double *mean = g_new0 (double, d);
  guint present = 0;
  for (guint k = 0; k < n_labels; k++)
    present += weight[k] > 0 && mask[k] > 0;
  for (guint k = 0; k < n_labels; k++)
    for (gsize i = 0; i < d && weight[k] > 0 && mask[k] > 0; i++)
      mean[i] += sum[k * d + i] / weight[k] / present;
  return mean;
}

/* Shifts the rows so that their label means have the mean 0. */
static void
centre_rows (const Rows *r, guint n_labels, gsize d, float *matrix)
{
  double *sum = g_new0 (double, n_labels *d), *weight = g_new0 (double, n_labels);
  for (guint i = 0; i < r->n; i++) {
    weight[r->labels[i]] += r->weights[i];
    for (gsize k = 0; k < d; k++)
      sum[r->labels[i] * d + k] += r->weights[i] * matrix[r->rows[i] * d + k];
  }
  double *mean = mean_of_labels (sum, weight, weight, n_labels, d);
  for (guint i = 0; i < r->n; i++)
    for (gsize k = 0; k < d; k++)
      matrix[r->rows[i] * d + k] = (float)(matrix[r->rows[i] * d + k] - mean[k]);
  g_free (sum);
  g_free (weight);
  g_free (mean);
}

static TrainingMoments *
sum_up (const TrainingAuxiliary *self, const Rows *r, guint n_labels, gsize d, float *matrix)
{
  centre_rows (r, n_labels, d, matrix);
  TrainingMoments *moments = training_moments_new ((guint)d, n_labels, self->offset);
  training_moments_add_rows (moments, matrix, r->rows, r->labels, r->weights, r->n);
  return moments;
}

/* Checks that no clip of the data is also an auxiliary clip, which would be in every fold. */
static gboolean
check_apart (const TrainingDataset *others, const TrainingDataset *data, GError **error)
{
  GHashTable *known = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean ok = TRUE;
  for (guint c = 0; c < data->n_source_clips; c++)
    g_hash_table_insert (known, data->clips[c].hash, (gpointer)data->clips[c].path);
  for (guint c = 0; c < others->n_source_clips && ok; c++) {
    const char *path = g_hash_table_lookup (known, others->clips[c].hash);
    ok = path == NULL;
    if (!ok)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "--background: clip %s has the same samples as %s, which would leak into every "
                   "training fold: remove that corpus",
                   others->clips[c].path, path);
  }
  g_hash_table_unref (known);
  return ok;
}

/* The shift of a corpus needs at least two shared labels. */
static gboolean
check_labels (const TrainingDataset *others, guint corpus, const TrainingDataset *data,
              GError **error)
{
  gboolean *seen = g_new0 (gboolean, others->n_labels);
  GString *theirs = g_string_new (NULL);
  guint n = 0;
  for (guint c = 0; c < others->n_source_clips; c++) {
    const guint label = others->clips[c].label;
    if (others->clips[c].corpus != corpus || others->clips[c].duplicate_of >= 0 || seen[label])
      continue;
    seen[label] = TRUE;
    n += find_label (data, others->labels[label]) >= 0;
    g_string_append_printf (theirs, "%s%s", theirs->len > 0 ? ", " : "", others->labels[label]);
  }
  if (n < 2) {
    char *ours = g_strjoinv (", ", data->labels);
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--background: corpus %s has the labels %s, and the data have %s: at least two "
                 "must be the same; rename labels, or remove the corpus",
                 others->corpora[corpus], theirs->str, ours);
    g_free (ours);
  }
  g_string_free (theirs, TRUE);
  g_free (seen);
  return n >= 2;
}

static gboolean
check (const TrainingDataset *others, const TrainingDataset *data, GError **error)
{
  gboolean ok = others->speakers_known;
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--background: there is no speaker column; add a column speaker");
  for (guint corpus = 0; ok && corpus < others->n_corpora; corpus++)
    ok = check_labels (others, corpus, data, error);
  return ok && check_apart (others, data, error);
}

TrainingAuxiliary *
training_auxiliary_new (const TrainingDataset *others, const TrainingDataset *data, GError **error)
{
  if (!check (others, data, error))
    return NULL;
  const gsize d = others->features->n_features, size = others->n_rows * d * sizeof (float);
  TrainingAuxiliary *self = g_new0 (TrainingAuxiliary, 1);
  float *raw = g_memdup2 (others->matrix, size), *centred = g_memdup2 (others->matrix, size);
  centre_speakers (others, centred);
  self->offset = g_new0 (double, d);
  self->n_corpora = others->n_corpora;
  self->raw = g_new (TrainingMoments *, self->n_corpora);
  self->centred = g_new (TrainingMoments *, self->n_corpora);
  for (guint corpus = 0; corpus < self->n_corpora; corpus++) {
    Rows r = gather (others, corpus, data, &self->n_clips);
    self->raw[corpus] = sum_up (self, &r, data->n_labels, d, raw);
    self->centred[corpus] = sum_up (self, &r, data->n_labels, d, centred);
    g_free (r.rows);
    g_free (r.labels);
    g_free (r.weights);
  }
  g_free (raw);
  g_free (centred);
  return self;
}

TrainingAuxiliary *
training_auxiliary_read (char **metadata, const char *program, const TrainingExtraction *extraction,
                         const TrainingDataset *data, GError **error)
{
  const TrainingSources sources = {.metadata = metadata};
  TrainingExtraction plain = *extraction;
  plain.augmentations = NULL;
  TrainingAuxiliary *self = NULL;
  TrainingCorpus *corpus = training_sources_read (&sources, program, error);
  TrainingDataset *others = NULL;
  if (corpus && training_corpus_check_losses (corpus, error))
    others = training_dataset_extract (corpus, &plain, error);
  if (others)
    self = training_auxiliary_new (others, data, error);
  if (self) {
    char *which = g_strconcat (program, ": background", NULL);
    training_clip_report_print (&others->report, which);
    g_free (which);
  }
  if (self && (corpus->rejects->len > 0 || others->rejects->len > 0))
    g_printerr ("%s: background: %u clips left out\n", program,
                corpus->rejects->len + others->rejects->len);
  training_dataset_free (others);
  training_corpus_free (corpus);
  return self;
}

void
training_auxiliary_free (TrainingAuxiliary *self)
{
  if (!self)
    return;
  for (guint corpus = 0; corpus < self->n_corpora; corpus++) {
    training_moments_free (self->raw[corpus]);
    training_moments_free (self->centred[corpus]);
  }
  g_free (self->raw);
  g_free (self->centred);
  g_free (self->offset);
  g_free (self);
}

/* Adds a corpus' scaled rows with weight `fraction`, shifted to `to`. With t = sum of w x, the
 * second moments of rows x + c are those of x, + t c' + c t' + (sum of w) c c'. */
static void
add_moved (const TrainingMoments *own, const float *scale, double fraction, const double *to,
           TrainingMoments *m)
{
  const gsize d = m->n_features;
  double weight = 0, *t = g_new0 (double, d);
  for (guint k = 0; k < m->n_labels; k++) {
    m->weight[k] += fraction * own->weight[k];
    weight += fraction * own->weight[k];
    for (gsize i = 0; i < d; i++) {
      const double sum = fraction * own->sum[k * d + i] * scale[i];
      t[i] += sum;
      m->sum[k * d + i] += sum + fraction * own->weight[k] * to[i];
    }
  }
  for (gsize i = 0; i < d; i++)
    for (gsize j = i; j < d; j++)
      m->square[i * d + j] += fraction * own->square[i * d + j] * scale[i] * scale[j];
  cblas_dsyr2 (CblasRowMajor, CblasUpper, (int)d, 1, t, 1, to, 1, m->square, (int)d);
  cblas_dsyr (CblasRowMajor, CblasUpper, (int)d, weight, to, 1, m->square, (int)d);
  g_free (t);
}

void
training_auxiliary_add (const TrainingAuxiliary *self, gboolean centred, const float *scale,
                        double n_speakers, TrainingMoments *m)
{
  TrainingMoments *const *corpora = centred ? self->centred : self->raw;
  double total = 0, **to = g_new (double *, self->n_corpora);
  for (guint k = 0; k < m->n_labels; k++)
    total += m->weight[k];
  /* Compute all shifts before adding the first corpus. */
  for (guint c = 0; c < self->n_corpora; c++)
    to[c] = mean_of_labels (m->sum, m->weight, corpora[c]->weight, m->n_labels, m->n_features);
  const double fraction = total * MIN (SPEAKERS_WORTH / n_speakers, MAX_FRACTION) / self->n_corpora;
  for (guint c = 0; c < self->n_corpora; c++) {
    add_moved (corpora[c], scale, fraction, to[c], m);
    g_free (to[c]);
  }
  g_free (to);
}
