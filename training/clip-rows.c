/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clip-rows.h"

#include <string.h>

#include "extract.h"
#include "progress.h"
#include "row-cache.h"

typedef struct {
  const TrainingCorpus *corpus;
  const TrainingExtraction *extraction;
  TrainingRowCache *cache; /* or NULL */
  TrainingProgress *progress;
  guint n_effects;
  TrainingClipRows *rows; /* n_effects + 1 a clip of the corpus */
} Job;

guint
training_extraction_count_effects (const TrainingExtraction *extraction)
{
  return extraction->effects ? extraction->effects->len : 0;
}

/* By the samples and the effect, so that neither order nor threads matter, and that twins have the
 * same copies. */
static guint32
seed_of (const TrainingEffect *effect, const char *hash, guint32 seed)
{
  char *name = training_effect_describe (effect);
  char *text = g_strdup_printf ("%s %s %" G_GUINT32_FORMAT, hash, name, seed);
  char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  digest[8] = '\0';
  const guint32 result = (guint32)g_ascii_strtoull (digest, NULL, 16);
  g_free (digest);
  g_free (text);
  g_free (name);
  return result;
}

typedef struct {
  const EmotionFeatureSet *features;
  TrainingClipRows *rows;
} Keeping;

static void
keep_window (const EmotionWindow *window, gpointer data)
{
  const Keeping *keeping = data;
  g_array_append_vals (keeping->rows->windows, window, 1);
  g_array_append_vals (keeping->rows->vectors, window->vector, keeping->features->n_features);
}

static gboolean
extract_audio (const TrainingExtraction *extraction, const TrainingAudio *audio,
               TrainingClipRows *rows, GError **error)
{
  Keeping keeping = {extraction->features, rows};
  if (!training_extract (audio, extraction->features, &extraction->windowing, keep_window, &keeping,
                         error))
    return FALSE;
  if (rows->windows->len > 0)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "its %" G_GSIZE_FORMAT " frames are too short for a window", audio->n_frames);
  return FALSE;
}

static gboolean
extract_copy (const TrainingExtraction *extraction, const TrainingEffect *effect,
              const TrainingAudio *audio, TrainingClipRows *rows, GError **error)
{
  TrainingAudio altered = *audio;
  altered.samples = g_memdup2 (audio->samples, audio->n_frames * audio->channels * sizeof (float));
  const gboolean ok =
      training_effect_apply (effect, &altered, seed_of (effect, rows->hash, extraction->seed),
                             error) &&
      extract_audio (extraction, &altered, rows, error);
  training_audio_clear (&altered);
  if (!ok) {
    char *name = training_effect_describe (effect);
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
  if (g_error_matches (error, TRAINING_ERROR, TRAINING_ERROR_DECODE))
    return "cannot be decoded";
  return "cannot be heard";
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

/* Effect 1.., or NULL for the clip itself. */
static const TrainingEffect *
effect_at (const Job *job, guint i)
{
  return i == 0 ? NULL : &g_array_index (job->extraction->effects, TrainingEffect, i - 1);
}

/* Whether the cache has the clip and all its copies; `rows` is filled then, and else empty. */
static gboolean
find_all (const Job *job, const char *digest, TrainingClipRows *rows)
{
  guint n = 0;
  while (n <= job->n_effects &&
         training_row_cache_get (job->cache, digest, effect_at (job, n), &rows[n]))
    n++;
  for (guint i = 0; i < n && n <= job->n_effects; i++) {
    g_array_set_size (rows[i].windows, 0);
    g_array_set_size (rows[i].vectors, 0);
  }
  return n > job->n_effects;
}

/* Fills `rows`, of the clip and its copies; those that fail get a problem. */
static void
extract_all (const Job *job, const TrainingClip *clip, const char *path, TrainingClipRows *rows)
{
  GError *error = NULL;
  TrainingAudio audio;
  if (training_decode (path, &audio, &error)) {
    training_audio_hash (&audio, rows->hash);
    if (!extract_audio (job->extraction, &audio, rows, &error))
      g_prefix_error (&error, "%s: ", path);
    for (guint i = 1; i <= job->n_effects && !error; i++) {
      GError *cause = NULL;
      g_strlcpy (rows[i].hash, rows->hash, sizeof rows->hash);
      if (extract_copy (job->extraction, effect_at (job, i), &audio, &rows[i], &cause))
        continue;
      g_prefix_error (&cause, "%s: ", path);
      set_problem (job, clip, &rows[i], cause, "copy");
      g_error_free (cause);
    }
    training_audio_clear (&audio);
  }
  if (error)
    set_problem (job, clip, rows, error, "clip");
  g_clear_error (&error);
}

/* Runs in the pool's threads; touches nothing but its own clip's rows. */
static void
extract_clip (gpointer data, gpointer user_data)
{
  Job *job = user_data;
  const guint index = GPOINTER_TO_UINT (data) - 1;
  const TrainingClip *clip = job->corpus->clips->pdata[index];
  TrainingClipRows *rows = &job->rows[(gsize)index * (job->n_effects + 1)];
  char *path = training_corpus_resolve (job->corpus, clip);
  char digest[65];
  for (guint i = 0; i <= job->n_effects; i++) {
    rows[i].windows = g_array_new (FALSE, FALSE, sizeof (EmotionWindow));
    rows[i].vectors = g_array_new (FALSE, FALSE, sizeof (float));
  }
  const gboolean cached = job->cache && training_row_cache_digest (path, digest);
  if (!cached || !find_all (job, digest, rows)) {
    extract_all (job, clip, path, rows);
    for (guint i = 0; i <= job->n_effects && cached; i++)
      if (rows[i].windows->len > 0)
        training_row_cache_put (job->cache, digest, effect_at (job, i), &rows[i]);
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
             .n_effects = training_extraction_count_effects (extraction)};
  if (!emotion_windowing_check (&extraction->windowing, error) ||
      !training_effects_check (extraction->effects, error))
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
  job.rows = g_new0 (TrainingClipRows, (gsize)n_clips * (job.n_effects + 1));
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
