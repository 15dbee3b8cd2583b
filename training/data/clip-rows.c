/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clip-rows.h"

#include <string.h>

#include "media/error.h"
#include "row-cache.h"
#include "training/audio/extract.h"
#include "training/base/error.h"
#include "training/base/progress.h"

typedef struct {
  const TrainingCorpus *corpus;
  const TrainingExtraction *extraction;
  TrainingRowCache *cache; /* or NULL */
  TrainingProgress *progress;
  guint n_augmentations;
  TrainingClipRows *rows; /* n_augmentations + 1 per clip of the corpus */
} Job;

guint
training_extraction_count_augmentations (const TrainingExtraction *extraction)
{
  return extraction->augmentations ? extraction->augmentations->len : 0;
}

/* Depends on the samples and the augmentation only: results do not depend on order or threads, and
 * duplicates have the same augmented clips. */
static guint32
seed_of (const TrainingAugmentation *augmentation, const char *hash, guint32 seed)
{
  char *name = training_augmentation_describe (augmentation);
  char *text = g_strdup_printf ("%s %s %" G_GUINT32_FORMAT, hash, name, seed);
  char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  digest[8] = '\0';
  const guint32 result = (guint32)g_ascii_strtoull (digest, NULL, 16);
  g_free (digest);
  g_free (text);
  g_free (name);
  return result;
}

/* Extraction of a clip block by block. */
typedef struct {
  TrainingExtract extract;
  TrainingClipRows *rows;
  TrainingClipCheck check;
  GChecksum *checksum;
} Clip;

static void
keep_window (const EmotionWindow *window, gpointer data)
{
  Clip *clip = data;
  g_array_append_vals (clip->rows->windows, window, 1);
  g_array_append_vals (clip->rows->vectors, window->vector, clip->extract.features->n_features);
}

static Clip
clip_init (const TrainingExtraction *extraction, TrainingClipRows *rows, Clip *self)
{
  return (Clip){.extract = {.features = extraction->features,
                            .windowing = &extraction->windowing,
                            .func = keep_window,
                            .data = self},
                .rows = rows};
}

static gboolean
take_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Clip *clip = data;
  training_audio_hash_add (&clip->checksum, block);
  training_clip_check_add (&clip->check, block);
  return training_extract_block (&clip->extract, block, error);
}

static gboolean
check_rows (const TrainingClipRows *rows, guint64 n_frames, GError **error)
{
  if (rows->windows->len > 0)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "its %" G_GUINT64_FORMAT " frames are too short for a window", n_frames);
  return FALSE;
}

/* Reads a whole clip into `held` if that is given, otherwise block by block. */
static gboolean
extract_source_clip (const TrainingExtraction *extraction, const char *path, TrainingAudio *held,
                     TrainingClipRows *rows, GError **error)
{
  Clip clip;
  clip = clip_init (extraction, rows, &clip);
  gboolean ok = held ? training_decode (path, held, error) && take_block (held, &clip, error)
                     : training_decode_blocks (path, take_block, &clip, error);
  training_extract_finish (&clip.extract, ok);
  const guint faults = training_clip_check_finish (&clip.check, path, extraction->windowing.window);
  rows->faults = ok ? faults : 0;
  if (clip.checksum)
    g_strlcpy (rows->hash, g_checksum_get_string (clip.checksum), sizeof rows->hash);
  g_clear_pointer (&clip.checksum, g_checksum_free);
  if (!ok || check_rows (rows, clip.extract.n_frames, error))
    return ok;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static gboolean
extract_copy (const TrainingExtraction *extraction, const TrainingAugmentation *augmentation,
              const TrainingAudio *audio, TrainingClipRows *rows, GError **error)
{
  TrainingAudio altered = *audio;
  altered.samples = g_memdup2 (audio->samples, audio->n_frames * audio->channels * sizeof (float));
  Clip clip;
  clip = clip_init (extraction, rows, &clip);
  gboolean ok =
      training_augmentation_apply (augmentation, &altered,
                                   seed_of (augmentation, rows->hash, extraction->seed), error) &&
      training_extract_block (&clip.extract, &altered, error);
  training_extract_finish (&clip.extract, ok);
  ok = ok && check_rows (rows, clip.extract.n_frames, error);
  training_audio_clear (&altered);
  if (!ok) {
    char *name = training_augmentation_describe (augmentation);
    g_prefix_error (error, "with %s: ", name);
    g_free (name);
  }
  return ok;
}

const char *
training_clip_rows_reason (const GError *error)
{
  if (g_error_matches (error, TRAINING_ERROR, TRAINING_ERROR_DATA))
    return "shorter than a window";
  if (error->domain == MEDIA_ERROR && error->code != MEDIA_ERROR_STOPPED)
    return "cannot be decoded";
  if (g_error_matches (error, TRAINING_ERROR, TRAINING_ERROR_LENGTH))
    return "too long";
  return "cannot be processed";
}

static void
set_problem (const Job *job, const TrainingClip *clip, TrainingClipRows *rows, const GError *cause,
             const char *what)
{
  rows->reason = training_clip_rows_reason (cause);
  rows->problem =
      g_strdup_printf ("%s:%u: %s; %s left out", job->corpus->metadata_paths[clip->corpus],
                       clip->line, cause->message, what);
  g_array_set_size (rows->windows, 0);
  g_array_set_size (rows->vectors, 0);
}

/* Augmentation 1.. by number, or NULL for the source clip. */
static const TrainingAugmentation *
augmentation_at (const Job *job, guint i)
{
  return i == 0 ? NULL
                : &g_array_index (job->extraction->augmentations, TrainingAugmentation, i - 1);
}

/* Whether the cache has the clip and all its augmented clips. Fills `rows` if so, and leaves them
 * empty otherwise. */
static gboolean
find_all (const Job *job, const char *digest, TrainingClipRows *rows)
{
  guint n = 0;
  while (n <= job->n_augmentations &&
         training_row_cache_get (job->cache, digest, augmentation_at (job, n), &rows[n]))
    n++;
  for (guint i = 0; i < n && n <= job->n_augmentations; i++) {
    g_array_set_size (rows[i].windows, 0);
    g_array_set_size (rows[i].vectors, 0);
  }
  return n > job->n_augmentations;
}

static void
extract_augmented (const Job *job, const TrainingClip *clip, const char *path,
                   const TrainingAudio *audio, TrainingClipRows *rows)
{
  for (guint i = 1; i <= job->n_augmentations; i++) {
    GError *error = NULL;
    g_strlcpy (rows[i].hash, rows->hash, sizeof rows->hash);
    if (extract_copy (job->extraction, augmentation_at (job, i), audio, &rows[i], &error))
      continue;
    g_prefix_error (&error, "%s: ", path);
    set_problem (job, clip, &rows[i], error, "copy");
    g_error_free (error);
  }
}

/* Fills `rows` of the clip and its augmented clips. Failed ones get a problem. */
static void
extract_all (const Job *job, const TrainingClip *clip, const char *path, TrainingClipRows *rows)
{
  GError *error = NULL;
  TrainingAudio audio = {0}; /* needed for augmented clips only */
  if (!extract_source_clip (job->extraction, path, job->n_augmentations > 0 ? &audio : NULL, rows,
                            &error)) {
    set_problem (job, clip, rows, error, "clip");
    g_error_free (error);
  } else {
    extract_augmented (job, clip, path, &audio, rows);
  }
  training_audio_clear (&audio);
}

/* Runs in the threads of the pool. Accesses only the rows of its own clip. */
static void
extract_clip (gpointer data, gpointer user_data)
{
  Job *job = user_data;
  const guint index = GPOINTER_TO_UINT (data) - 1;
  const TrainingClip *clip = job->corpus->clips->pdata[index];
  TrainingClipRows *rows = &job->rows[(gsize)index * (job->n_augmentations + 1)];
  char *path = training_corpus_resolve (job->corpus, clip);
  char digest[65];
  for (guint i = 0; i <= job->n_augmentations; i++) {
    rows[i].windows = g_array_new (FALSE, FALSE, sizeof (EmotionWindow));
    rows[i].vectors = g_array_new (FALSE, FALSE, sizeof (float));
  }
  const gboolean cached = job->cache && training_row_cache_digest (path, digest);
  if (!cached || !find_all (job, digest, rows)) {
    extract_all (job, clip, path, rows);
    for (guint i = 0; i <= job->n_augmentations && cached; i++)
      if (rows[i].windows->len > 0)
        training_row_cache_put (job->cache, digest, augmentation_at (job, i), &rows[i]);
  }
  g_free (path);
  training_progress_step (job->progress);
}

TrainingClipRows *
training_clip_rows_extract (const TrainingCorpus *corpus, const TrainingExtraction *extraction,
                            TrainingCacheUse *use, GError **error)
{
  const guint n_clips = corpus->clips->len;
  Job job = {.corpus = corpus,
             .extraction = extraction,
             .n_augmentations = training_extraction_count_augmentations (extraction)};
  if (!emotion_windowing_check (&extraction->windowing, error) ||
      !training_augmentations_check (extraction->augmentations, error))
    return NULL;
  if (extraction->cache && !(job.cache = training_row_cache_new (extraction, error)))
    return NULL;
  *use = (TrainingCacheUse){0};
  const guint n_threads =
      MIN (extraction->n_jobs ? extraction->n_jobs : g_get_num_processors (), n_clips);
  GThreadPool *pool = g_thread_pool_new (extract_clip, &job, (gint)n_threads, TRUE, error);
  if (!pool) {
    training_row_cache_free (job.cache);
    return NULL;
  }
  job.rows = g_new0 (TrainingClipRows, (gsize)n_clips * (job.n_augmentations + 1));
  job.progress = training_progress_new ("Extracting", "clips", n_clips, extraction->progress);
  for (guint i = 0; i < n_clips; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL); /* NULL data is not allowed */
  g_thread_pool_free (pool, FALSE, TRUE);
  training_progress_finish (job.progress);
  if (job.cache)
    *use = (TrainingCacheUse){training_row_cache_count_found (job.cache),
                              training_row_cache_count_damaged (job.cache),
                              g_strdup (training_row_cache_get_problem (job.cache))};
  training_row_cache_free (job.cache);
  return job.rows;
}

void
training_clip_rows_clear (TrainingClipRows *rows)
{
  g_clear_pointer (&rows->windows, g_array_unref);
  g_clear_pointer (&rows->vectors, g_array_unref);
  g_clear_pointer (&rows->problem, g_free);
}

void
training_clip_rows_free (TrainingClipRows *rows, guint n)
{
  for (guint i = 0; rows && i < n; i++)
    training_clip_rows_clear (&rows[i]);
  g_free (rows);
}
