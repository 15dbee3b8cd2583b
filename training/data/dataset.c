/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dataset.h"

#include <string.h>

#include "predefined-split.h"
#include "rejects.h"
#include "training/base/error.h"

/* The rows of all clips while the dataset is assembled. */
typedef struct {
  const TrainingCorpus *corpus;
  const TrainingExtraction *extraction;
  TrainingClipRows *rows; /* n_augmentations + 1 per clip of the corpus */
  guint n_augmentations;
} Source;

static TrainingClipRows *
rows_of (const Source *source, guint clip, guint augmentation)
{
  return &source->rows[(gsize)clip * (source->n_augmentations + 1) + augmentation];
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Adds `name` unless it is present. */
static void
add_name (GHashTable *names, const char *name)
{
  if (!g_hash_table_contains (names, name))
    g_hash_table_add (names, g_strdup (name));
}

/* The names sorted, NULL-terminated; takes `names`. */
static char **
sort_names (GHashTable *names, guint *n)
{
  char **sorted = (char **)g_hash_table_get_keys_as_array (names, n);
  g_hash_table_steal_all (names);
  g_hash_table_unref (names);
  qsort (sorted, *n, sizeof *sorted, compare_names);
  return sorted;
}

static guint
find_name (char **sorted, guint n, const char *name)
{
  char **found = bsearch (&name, sorted, n, sizeof *sorted, compare_names);
  return (guint)(found - sorted);
}

static const char *
speaker_name (const TrainingClip *clip)
{
  return clip->speaker ? clip->speaker : clip->id;
}

/* The first text of each label; NULL when all equal the labels. */
static char **
gather_label_texts (const TrainingDataset *dataset, const Source *source)
{
  char **texts = g_new0 (char *, dataset->n_labels + 1);
  gboolean any = FALSE;
  for (guint i = 0; i < source->corpus->clips->len; i++) {
    const TrainingClip *clip = source->corpus->clips->pdata[i];
    if (rows_of (source, i, 0)->windows->len == 0)
      continue;
    char **text = &texts[find_name (dataset->labels, dataset->n_labels, clip->label)];
    if (!*text)
      *text = g_strdup (clip->label_text ? clip->label_text : clip->label);
    any |= clip->label_text != NULL;
  }
  if (!any)
    g_clear_pointer (&texts, g_strfreev);
  return texts;
}

static void
leave_out (TrainingDataset *dataset, const TrainingClip *clip, TrainingClipRows *rows,
           gboolean augmented)
{
  TrainingReject *reject =
      training_rejects_add (dataset->rejects, rows->reason, g_steal_pointer (&rows->problem));
  reject->label = g_strdup (clip->label);
  reject->label_text = g_strdup (clip->label_text);
  reject->corpus = clip->corpus;
  reject->augmented = augmented;
}

/* Sets counts and names, and allocates the arrays. */
static void
prepare (TrainingDataset *dataset, const Source *source)
{
  GHashTable *labels = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *groups = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *statements = g_hash_table_new (g_str_hash, g_str_equal);
  dataset->speakers_known = TRUE;
  for (guint i = 0; i < source->corpus->clips->len; i++) {
    const TrainingClip *clip = source->corpus->clips->pdata[i];
    training_clip_report_add (&dataset->report, clip->id, rows_of (source, i, 0)->faults);
    for (guint augmentation = 0; augmentation <= source->n_augmentations; augmentation++) {
      TrainingClipRows *rows = rows_of (source, i, augmentation);
      if (rows->problem)
        leave_out (dataset, clip, rows, augmentation > 0);
      dataset->n_clips += rows->windows->len > 0;
      dataset->n_rows += rows->windows->len;
    }
    if (rows_of (source, i, 0)->windows->len == 0)
      continue;
    dataset->n_source_clips++;
    dataset->speakers_known &= clip->speaker != NULL;
    add_name (labels, clip->label);
    add_name (groups, speaker_name (clip));
    if (clip->statement)
      add_name (statements, clip->statement);
  }
  dataset->labels = sort_names (labels, &dataset->n_labels);
  dataset->label_texts = gather_label_texts (dataset, source);
  dataset->speakers = sort_names (groups, &dataset->n_speakers);
  dataset->statements = sort_names (statements, &dataset->n_statements);
  dataset->clips = g_new0 (TrainingDatasetClip, dataset->n_clips);
  dataset->rows = g_new0 (TrainingRow, dataset->n_rows);
  dataset->matrix = g_new (float, (gsize)dataset->n_rows * dataset->features->n_features);
}

static void
add_rows (TrainingDataset *dataset, guint clip, const TrainingClipRows *source)
{
  const guint first = dataset->clips[clip].first_row, n = source->windows->len;
  const gsize width = dataset->features->n_features;
  memcpy (dataset->matrix + first * width, source->vectors->data, n * width * sizeof (float));
  double speech = 0;
  for (guint i = 0; i < n; i++)
    speech += g_array_index (source->windows, EmotionWindow, i).activity.n_speech;
  for (guint i = 0; i < n; i++) {
    TrainingRow *row = &dataset->rows[first + i];
    row->clip = clip;
    row->window = g_array_index (source->windows, EmotionWindow, i);
    row->window.vector = dataset->matrix + (first + i) * width;
    row->weight = speech > 0 ? row->window.activity.n_speech / speech : 1.0 / n;
  }
}

/* Maps from augmented clips to their source clips, and from hashes to duplicates. */
typedef struct {
  gint *source_clip;      /* by clip of the corpus; -1 for a rejected one */
  GHashTable *first_with; /* hash -> clip, of the current augmentation */
  guint n, n_rows;        /* added so far */
} Gathering;

static const TrainingAugmentation *
augmentation_at (const TrainingExtraction *extraction, guint i)
{
  return &g_array_index (extraction->augmentations, TrainingAugmentation, i);
}

static void
gather_clip (TrainingDataset *dataset, const Source *source, guint index, guint augmentation,
             Gathering *g)
{
  const TrainingClip *from = source->corpus->clips->pdata[index];
  TrainingClipRows *rows = rows_of (source, index, augmentation);
  TrainingDatasetClip *clip = &dataset->clips[g->n];
  gpointer duplicate;
  clip->path = from->id;
  clip->label = find_name (dataset->labels, dataset->n_labels, from->label);
  clip->speaker = find_name (dataset->speakers, dataset->n_speakers, speaker_name (from));
  clip->statement = -1;
  if (from->statement)
    clip->statement = (gint)find_name (dataset->statements, dataset->n_statements, from->statement);
  clip->intensity = from->intensity;
  clip->test = training_predefined_split_is_test (from->split);
  clip->corpus = from->corpus;
  clip->source_clip = augmentation ? g->source_clip[index] : -1;
  clip->augmentation = augmentation;
  clip->weight = augmentation ? augmentation_at (source->extraction, augmentation - 1)->weight : 1;
  clip->first_row = g->n_rows;
  clip->n_rows = rows->windows->len;
  g_strlcpy (clip->hash, rows->hash, sizeof clip->hash);
  clip->duplicate_of = -1;
  if (g_hash_table_lookup_extended (g->first_with, clip->hash, NULL, &duplicate))
    clip->duplicate_of = GPOINTER_TO_INT (duplicate);
  else
    g_hash_table_insert (g->first_with, clip->hash, GUINT_TO_POINTER (g->n));
  if (augmentation == 0)
    g->source_clip[index] = (gint)g->n;
  add_rows (dataset, g->n, rows);
  g->n_rows += clip->n_rows;
  g->n++;
}

/* Copies the extracted rows into `dataset`, source clips first, and frees them. */
static void
gather (TrainingDataset *dataset, const Source *source)
{
  const guint n_clips = source->corpus->clips->len;
  Gathering g = {.source_clip = g_new (gint, n_clips)};
  for (guint augmentation = 0; augmentation <= source->n_augmentations; augmentation++) {
    g.first_with = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < n_clips; i++) {
      if (rows_of (source, i, augmentation)->windows->len > 0)
        gather_clip (dataset, source, i, augmentation, &g);
      training_clip_rows_clear (rows_of (source, i, augmentation));
    }
    g_hash_table_unref (g.first_with);
  }
  g_free (g.source_clip);
}

/* Includes the NUL, so that different lists of texts never give the same bytes. */
static void
hash_text (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text) + 1);
}

static void
hash_dataset (TrainingDataset *dataset, const TrainingExtraction *extraction)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < dataset->n_source_clips; i++) {
    const TrainingDatasetClip *clip = &dataset->clips[i];
    hash_text (checksum, clip->path);
    hash_text (checksum, dataset->labels[clip->label]);
    hash_text (checksum, dataset->speakers[clip->speaker]);
    hash_text (checksum, clip->hash);
  }
  for (guint i = 0; i < dataset->n_augmentations; i++) {
    const TrainingAugmentation *augmentation = augmentation_at (extraction, i);
    char *name = training_augmentation_describe (augmentation), weight[G_ASCII_DTOSTR_BUF_SIZE];
    hash_text (checksum, name);
    if (augmentation->weight < 1)
      hash_text (checksum, g_ascii_dtostr (weight, sizeof weight, augmentation->weight));
    g_free (name);
  }
  g_strlcpy (dataset->hash, g_checksum_get_string (checksum), sizeof dataset->hash);
  g_checksum_free (checksum);
}

TrainingDataset *
training_dataset_extract (const TrainingCorpus *corpus, const TrainingExtraction *extraction,
                          GError **error)
{
  TrainingCacheUse use;
  Source source = {corpus, extraction, training_clip_rows_extract (corpus, extraction, &use, error),
                   training_extraction_count_augmentations (extraction)};
  if (!source.rows)
    return NULL;
  TrainingDataset *dataset = g_new0 (TrainingDataset, 1);
  dataset->features = extraction->features;
  dataset->windowing = extraction->windowing;
  dataset->cache_use = use;
  dataset->n_augmentations = source.n_augmentations;
  dataset->n_corpora = corpus->n_corpora;
  dataset->corpora = g_strdupv (corpus->names);
  dataset->rejects = training_rejects_new ();
  prepare (dataset, &source);
  gather (dataset, &source);
  hash_dataset (dataset, extraction);
  g_free (source.rows);
  if (dataset->n_source_clips == 0) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: none of its %u clips can be used; the first problem: %s",
                 corpus->metadata_paths[0], corpus->clips->len,
                 ((TrainingReject *)dataset->rejects->pdata[0])->text);
    g_clear_pointer (&dataset, training_dataset_free);
  }
  return dataset;
}

gboolean
training_dataset_has_no_speaker (const TrainingDataset *dataset)
{
  return !dataset->speakers_known && dataset->n_speakers == dataset->n_source_clips;
}

const char *
training_dataset_get_speaker (const TrainingDataset *dataset, guint clip)
{
  const char *name = dataset->speakers[dataset->clips[clip].speaker];
  const gboolean own = !dataset->speakers_known && strcmp (name, dataset->clips[clip].path) == 0;
  return own ? NULL : name;
}

const char **
training_dataset_name_speakers (const TrainingDataset *dataset, guint *n_speakers)
{
  const char **names = g_new0 (const char *, dataset->n_speakers + 1);
  *n_speakers = 0;
  for (guint c = 0; c < dataset->n_source_clips; c++) {
    const char *name = training_dataset_get_speaker (dataset, c);
    const guint speaker = dataset->clips[c].speaker;
    *n_speakers += name && !names[speaker];
    names[speaker] = name ? name : "";
  }
  return names;
}

guint
training_dataset_count_shared (const TrainingDataset *data)
{
  guint n = 0, *sides = g_new0 (guint, data->n_speakers);
  for (guint c = 0; c < data->n_source_clips; c++)
    if (training_dataset_get_speaker (data, c))
      sides[data->clips[c].speaker] |= data->clips[c].test ? 2 : 1;
  for (guint g = 0; g < data->n_speakers; g++)
    n += sides[g] == 3;
  g_free (sides);
  return n;
}

void
training_dataset_free (TrainingDataset *dataset)
{
  if (!dataset)
    return;
  g_strfreev (dataset->labels);
  g_strfreev (dataset->label_texts);
  g_strfreev (dataset->speakers);
  g_strfreev (dataset->statements);
  g_strfreev (dataset->corpora);
  g_free (dataset->clips);
  g_free (dataset->rows);
  g_free (dataset->matrix);
  g_free (dataset->cache_use.problem);
  training_clip_report_clear (&dataset->report);
  g_ptr_array_unref (dataset->rejects);
  g_free (dataset);
}
