/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ordinary.h"

#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "split.h"
#include "training/audio/clip-check.h"
#include "training/audio/decode.h"
#include "training/base/error.h"
#include "training/base/parallel.h"
#include "training/base/shuffle.h"
#include "training/data/rejects.h"

#define FRAMES 1000 /* analysis frames of a window, because a result has only their fraction */

/* A file without a speaker is a speaker of its own. */
static const char *
speaker_of (const TrainingClip *clip)
{
  return clip->speaker ? clip->speaker : clip->id;
}

static gboolean
check_speakers (const TrainingCorpus *corpus, GError **error)
{
  const TrainingClip *first = corpus->clips->pdata[0];
  for (guint i = 1; i < corpus->clips->len; i++)
    if (strcmp (speaker_of (corpus->clips->pdata[i]), speaker_of (first)) != 0)
      return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
               "%s: ordinary speech has only one speaker: add speakers, as the rate of false "
               "emotions is measured on held-out speakers",
               corpus->metadata_paths[0]);
  return FALSE;
}

TrainingCorpus *
training_ordinary_read (char **metadata, const char *program, GError **error)
{
  static const TrainingColumns columns = {.unlabelled = TRUE};
  TrainingCorpus *all = NULL;
  for (guint i = 0; metadata[i]; i++) {
    TrainingCorpus *one = training_corpus_read (metadata[i], NULL, NULL, &columns, error);
    gboolean ok = one != NULL;
    if (ok && all)
      ok = training_corpus_pool (all, one, error);
    else if (ok)
      all = one;
    if (!ok) {
      training_corpus_free (all);
      return NULL;
    }
  }
  training_corpus_find_files (all, program);
  training_rejects_print (all->rejects, program, FALSE, NULL);
  if (!training_corpus_check_losses (all, error) || !check_speakers (all, error))
    g_clear_pointer (&all, training_corpus_free);
  return all;
}

/* A thread's result for one file. */
typedef struct {
  TrainingStreams *stream;
  char hash[65];
  char *problem;
  guint faults; /* bits of TrainingFault */
} Scored;

typedef struct {
  const TrainingCorpus *corpus;
  EmotionModel *model;
  Scored *files;
} Job;

static void
add_results (EmotionDetector *detector, guint rate, TrainingStreams *stream)
{
  EmotionResult result;
  while (emotion_detector_pull (detector, &result)) {
    const guint n_speech = (guint)lround (result.speech_ratio * FRAMES);
    const TrainingStreamWindow window = {
        .end = (double)(result.start + result.length) / rate,
        .truth = -1,
        .activity = {.n_frames = FRAMES, .n_speech = n_speech, .level = result.level},
        .outlier = result.reason == EMOTION_REASON_OUT_OF_DISTRIBUTION,
        .first = stream->windows->len == 0,
    };
    training_streams_add (stream, &window, result.scores);
  }
}

/* Processing of a file block by block. */
typedef struct {
  EmotionModel *model;
  EmotionDetector *detector;
  TrainingStreams *stream;
  GChecksum *checksum;
  TrainingClipCheck check;
  guint rate;
} Scoring;

static gboolean
score_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Scoring *scoring = data;
  if (!scoring->detector) {
    EmotionDetectorConfig config;
    emotion_detector_config_init (&config);
    config.rate = scoring->rate = block->rate;
    config.channels = block->channels;
    config.positions = block->positions;
    scoring->detector = emotion_detector_new (scoring->model, &config, error);
    if (!scoring->detector)
      return FALSE;
  }
  training_audio_hash_add (&scoring->checksum, block);
  training_clip_check_add (&scoring->check, block);
  for (gsize done = 0; done < block->n_frames;) {
    done += emotion_detector_push (scoring->detector, block->samples + done * block->channels,
                                   block->n_frames - done);
    add_results (scoring->detector, scoring->rate, scoring->stream);
  }
  return TRUE;
}

static void
score_file (guint index, gpointer data)
{
  const Job *job = data;
  Scored *file = &job->files[index];
  const guint n_labels = emotion_model_get_n_labels (job->model);
  char *path = training_corpus_resolve (job->corpus, job->corpus->clips->pdata[index]);
  Scoring scoring = {.model = job->model, .stream = training_streams_new (n_labels)};
  GError *error = NULL;
  const gboolean decoded = training_decode_blocks (path, score_block, &scoring, &error);
  const guint faults = training_clip_check_finish (
      &scoring.check, path, emotion_model_get_windowing (job->model)->window);
  if (decoded) {
    file->faults = faults;
    emotion_detector_finish (scoring.detector);
    add_results (scoring.detector, scoring.rate, scoring.stream);
    g_strlcpy (file->hash, g_checksum_get_string (scoring.checksum), sizeof file->hash);
    file->stream = g_steal_pointer (&scoring.stream);
  } else {
    file->problem = g_strdup (error->message);
    file->stream = training_streams_new (n_labels);
    g_error_free (error);
  }
  training_streams_free (scoring.stream);
  emotion_detector_free (scoring.detector);
  if (scoring.checksum)
    g_checksum_free (scoring.checksum);
  g_free (path);
}

/* Files that the model was fitted on cannot show how it behaves on others. */
static gboolean
check_apart (const Job *job, const TrainingDataset *data, GError **error)
{
  GHashTable *known = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean ok = TRUE;
  for (guint c = 0; c < data->n_source_clips; c++)
    g_hash_table_insert (known, data->clips[c].hash, (gpointer)data->clips[c].path);
  for (guint i = 0; ok && i < job->corpus->clips->len; i++) {
    const TrainingClip *clip = job->corpus->clips->pdata[i];
    const char *path = g_hash_table_lookup (known, job->files[i].hash);
    ok = path == NULL;
    if (!ok)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                   "--ordinary: %s has the same samples as the training clip %s: remove it",
                   clip->id, path);
  }
  g_hash_table_unref (known);
  return ok;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* The set, 0 or 1, of each speaker. */
static GHashTable *
deal_speakers (const TrainingCorpus *corpus, guint32 seed)
{
  GHashTable *sets = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const char *name = speaker_of (corpus->clips->pdata[i]);
    if (g_hash_table_add (sets, (gpointer)name))
      g_ptr_array_add (names, (gpointer)name);
  }
  g_ptr_array_sort (names, compare_names);
  training_shuffle (names->pdata, names->len, sizeof (gpointer), random);
  for (guint i = 0; i < names->len; i++)
    g_hash_table_insert (sets, names->pdata[i], GUINT_TO_POINTER (i % 2));
  g_ptr_array_unref (names);
  g_rand_free (random);
  return sets;
}

static void
gather (const Job *job, GHashTable *set_of, const char *program, TrainingStreams *sets[2])
{
  TrainingClipReport report = {0};
  for (guint i = 0; i < job->corpus->clips->len; i++) {
    const char *name = speaker_of (job->corpus->clips->pdata[i]);
    training_clip_report_add (&report, ((TrainingClip *)job->corpus->clips->pdata[i])->id,
                              job->files[i].faults);
    if (job->files[i].problem)
      g_printerr ("%s: ordinary speech left out: %s\n", program, job->files[i].problem);
    training_streams_append (sets[GPOINTER_TO_UINT (g_hash_table_lookup (set_of, name))],
                             job->files[i].stream);
  }
  char *which = g_strconcat (program, ": ordinary speech", NULL);
  training_clip_report_print (&report, which);
  training_clip_report_clear (&report);
  g_free (which);
}

gboolean
training_ordinary_score (const TrainingCorpus *corpus, EmotionModel *model,
                         const TrainingDataset *data, guint n_jobs, guint32 seed,
                         const char *program, TrainingStreams *sets[2], GError **error)
{
  const guint n = corpus->clips->len;
  GHashTable *set_of = deal_speakers (corpus, seed);
  Job job = {corpus, model, g_new0 (Scored, n)};
  training_parallel (n, n_jobs, score_file, &job);
  const gboolean ok = check_apart (&job, data, error);
  for (guint i = 0; i < 2; i++)
    sets[i] = ok ? training_streams_new (emotion_model_get_n_labels (model)) : NULL;
  if (ok)
    gather (&job, set_of, program, sets);
  for (guint i = 0; i < n; i++) {
    training_streams_free (job.files[i].stream);
    g_free (job.files[i].problem);
  }
  g_free (job.files);
  g_hash_table_unref (set_of);
  return ok;
}
