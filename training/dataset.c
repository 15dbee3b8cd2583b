/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dataset.h"

#include <string.h>

#include "decode.h"
#include "extract.h"
#include "progress.h"

/* What a thread makes of one clip. */
typedef struct {
  const EmotionFeatureSet *features;
  GArray *windows; /* EmotionWindow, their vectors not set */
  GArray *vectors; /* float, one vector a window */
  char hash[65];
  char *problem; /* NULL when there are windows */
} Extraction;

typedef struct {
  const TrainingCorpus *corpus;
  const EmotionFeatureSet *features;
  const EmotionWindowing *windowing;
  TrainingProgress *progress;
  Extraction *extractions; /* one a clip of the corpus */
} Job;

static void
hash_audio (const TrainingAudio *audio, char hash[65])
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const guint32 format[] = {GUINT32_TO_LE (audio->rate), GUINT32_TO_LE (audio->channels)};
  g_checksum_update (checksum, (const guchar *)format, sizeof format);
  g_checksum_update (checksum, (const guchar *)audio->samples,
                     (gssize)(audio->n_frames * audio->channels * sizeof (float)));
  g_strlcpy (hash, g_checksum_get_string (checksum), 65);
  g_checksum_free (checksum);
}

static void
keep_window (const EmotionWindow *window, gpointer data)
{
  Extraction *extraction = data;
  g_array_append_vals (extraction->windows, window, 1);
  g_array_append_vals (extraction->vectors, window->vector, extraction->features->n_features);
}

/* Runs in the pool's threads; touches nothing but its own clip's extraction. */
static void
extract_clip (gpointer data, gpointer user_data)
{
  Job *job = user_data;
  const guint index = GPOINTER_TO_UINT (data) - 1;
  const TrainingClip *clip = job->corpus->clips->pdata[index];
  Extraction *extraction = &job->extractions[index];
  extraction->features = job->features;
  extraction->windows = g_array_new (FALSE, FALSE, sizeof (EmotionWindow));
  extraction->vectors = g_array_new (FALSE, FALSE, sizeof (float));

  char *path = training_corpus_resolve (job->corpus, clip);
  GError *error = NULL;
  TrainingAudio audio;
  if (training_decode (path, &audio, &error)) {
    hash_audio (&audio, extraction->hash);
    if (!training_extract (&audio, job->features, job->windowing, keep_window, extraction, &error))
      g_prefix_error (&error, "%s: ", path);
    else if (extraction->windows->len == 0)
      g_set_error (&error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "%s: its %" G_GSIZE_FORMAT " frames are too short for a window", path,
                   audio.n_frames);
    training_audio_clear (&audio);
  }
  if (error)
    extraction->problem = g_strdup_printf ("%s:%u: %s; clip left out", job->corpus->metadata_path,
                                           clip->line, error->message);
  g_clear_error (&error);
  g_free (path);
  training_progress_step (job->progress);
}

static gboolean
extract_all (Job *job, guint n_jobs, gboolean progress, GError **error)
{
  const guint n_clips = job->corpus->clips->len;
  const guint n_threads = MIN (n_jobs ? n_jobs : g_get_num_processors (), n_clips);
  GThreadPool *pool = g_thread_pool_new (extract_clip, job, (gint)n_threads, TRUE, error);
  if (!pool)
    return FALSE;
  job->progress = training_progress_new ("Extracting", "clips", n_clips, progress);
  for (guint i = 0; i < n_clips; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL); /* NULL data is not allowed */
  g_thread_pool_free (pool, FALSE, TRUE);
  training_progress_finish (job->progress);
  return TRUE;
}

static void
extraction_clear (Extraction *extraction)
{
  g_clear_pointer (&extraction->windows, g_array_unref);
  g_clear_pointer (&extraction->vectors, g_array_unref);
  g_clear_pointer (&extraction->problem, g_free);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Adds `name` unless it is there. */
static void
add_name (GHashTable *names, const char *name)
{
  if (!g_hash_table_contains (names, name))
    g_hash_table_add (names, g_strdup (name));
}

/* The names in order, NULL-terminated; takes `names`. */
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
group_name (const TrainingClip *clip)
{
  return clip->speaker ? clip->speaker : clip->path;
}

/* Counts and names of what was extracted, and room for it. */
static void
prepare (TrainingDataset *dataset, const Job *job)
{
  GHashTable *labels = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *groups = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < job->corpus->clips->len; i++) {
    const TrainingClip *clip = job->corpus->clips->pdata[i];
    Extraction *extraction = &job->extractions[i];
    if (extraction->problem) {
      g_ptr_array_add (dataset->problems, g_steal_pointer (&extraction->problem));
      g_array_set_size (extraction->windows, 0);
      continue;
    }
    dataset->n_clips++;
    dataset->n_rows += extraction->windows->len;
    add_name (labels, clip->label);
    add_name (groups, group_name (clip));
  }
  dataset->labels = sort_names (labels, &dataset->n_labels);
  dataset->groups = sort_names (groups, &dataset->n_groups);
  dataset->clips = g_new0 (TrainingDatasetClip, dataset->n_clips);
  dataset->rows = g_new0 (TrainingRow, dataset->n_rows);
  dataset->matrix = g_new (float, (gsize)dataset->n_rows * dataset->features->n_features);
}

static void
add_rows (TrainingDataset *dataset, guint clip, const Extraction *extraction)
{
  const guint first = dataset->clips[clip].first_row, n = extraction->windows->len;
  const gsize width = dataset->features->n_features;
  memcpy (dataset->matrix + first * width, extraction->vectors->data, n * width * sizeof (float));
  double speech = 0;
  for (guint i = 0; i < n; i++)
    speech += g_array_index (extraction->windows, EmotionWindow, i).activity.n_speech;
  for (guint i = 0; i < n; i++) {
    TrainingRow *row = &dataset->rows[first + i];
    row->clip = clip;
    row->window = g_array_index (extraction->windows, EmotionWindow, i);
    row->window.vector = dataset->matrix + (first + i) * width;
    row->weight = speech > 0 ? row->window.activity.n_speech / speech : 1.0 / n;
  }
}

/* Copies the extractions into `dataset` in the clips' order and frees each. */
static void
gather (TrainingDataset *dataset, const Job *job)
{
  GHashTable *first_with = g_hash_table_new (g_str_hash, g_str_equal); /* hash -> clip */
  guint n = 0, n_rows = 0;
  for (guint i = 0; i < job->corpus->clips->len; i++) {
    const TrainingClip *source = job->corpus->clips->pdata[i];
    Extraction *extraction = &job->extractions[i];
    const guint rows = extraction->windows->len;
    if (rows > 0) {
      TrainingDatasetClip *clip = &dataset->clips[n];
      clip->path = source->path;
      clip->label = find_name (dataset->labels, dataset->n_labels, source->label);
      clip->group = find_name (dataset->groups, dataset->n_groups, group_name (source));
      clip->first_row = n_rows;
      clip->n_rows = rows;
      g_strlcpy (clip->hash, extraction->hash, sizeof clip->hash);
      gpointer twin;
      if (g_hash_table_lookup_extended (first_with, clip->hash, NULL, &twin)) {
        clip->twin_of = GPOINTER_TO_INT (twin);
      } else {
        clip->twin_of = -1;
        g_hash_table_insert (first_with, clip->hash, GUINT_TO_POINTER (n));
      }
      add_rows (dataset, n, extraction);
      n++;
      n_rows += rows;
    }
    extraction_clear (extraction);
  }
  g_hash_table_unref (first_with);
}

/* Each text with its NUL, so that no two lists of clips run into the same bytes. */
static void
hash_dataset (TrainingDataset *dataset)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < dataset->n_clips; i++) {
    const TrainingDatasetClip *clip = &dataset->clips[i];
    const char *texts[] = {clip->path, dataset->labels[clip->label], dataset->groups[clip->group],
                           clip->hash};
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      g_checksum_update (checksum, (const guchar *)texts[j], (gssize)strlen (texts[j]) + 1);
  }
  g_strlcpy (dataset->hash, g_checksum_get_string (checksum), sizeof dataset->hash);
  g_checksum_free (checksum);
}

TrainingDataset *
training_dataset_extract (const TrainingCorpus *corpus, const EmotionFeatureSet *features,
                          const EmotionWindowing *windowing, guint n_jobs, gboolean progress,
                          GError **error)
{
  if (!emotion_windowing_check (windowing, error))
    return NULL;
  Job job = {.corpus = corpus, .features = features, .windowing = windowing};
  job.extractions = g_new0 (Extraction, corpus->clips->len);
  if (!extract_all (&job, n_jobs, progress, error)) {
    g_free (job.extractions);
    return NULL;
  }

  TrainingDataset *dataset = g_new0 (TrainingDataset, 1);
  dataset->features = features;
  dataset->windowing = *windowing;
  dataset->problems = g_ptr_array_new_with_free_func (g_free);
  dataset->speakers_known = ((TrainingClip *)corpus->clips->pdata[0])->speaker != NULL;
  prepare (dataset, &job);
  gather (dataset, &job);
  hash_dataset (dataset);
  g_free (job.extractions);
  if (dataset->n_clips == 0) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: none of its %u clips can be used; the first: %s", corpus->metadata_path,
                 corpus->clips->len, (char *)dataset->problems->pdata[0]);
    g_clear_pointer (&dataset, training_dataset_free);
  }
  return dataset;
}

void
training_dataset_free (TrainingDataset *dataset)
{
  if (!dataset)
    return;
  g_strfreev (dataset->labels);
  g_strfreev (dataset->groups);
  g_free (dataset->clips);
  g_free (dataset->rows);
  g_free (dataset->matrix);
  g_ptr_array_unref (dataset->problems);
  g_free (dataset);
}
