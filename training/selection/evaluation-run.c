/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evaluation-run.h"

#include <math.h>
#include <string.h>

#include "core/emotion.h"
#include "split.h"
#include "training/base/error.h"
#include "training/base/parallel.h"
#include "training/base/shuffle.h"
#include "training/data/rejects.h"

/* What a thread makes of one clip. */
typedef struct {
  guint label, group;
  double *posteriors;  /* n_labels; NULL when there is a problem */
  GArray *windows;     /* double, n_labels a window with speech */
  guint n_none, n_all; /* windows */
  guint faults;        /* bits of TrainingFault */
  char *problem;
  const char *reason;
} Heard;

typedef struct {
  const TrainingHearingPlan *plan;
  const TrainingCondition *condition;
  gboolean adapted;
  TrainingProgress *progress;
  guint n_labels;
  guint *of_model;    /* the model's index of each label */
  Heard *heard;       /* by clip */
  GPtrArray **stream; /* of each unit: clip numbers, in the order they are heard */
} Job;

/* Those of the labels that may be the prediction, in proportion; all alike when they have nothing. */
static void
restrict_to_labels (const Job *job, const double *scores, double *posteriors)
{
  double sum = 0;
  for (guint k = 0; k < job->n_labels; k++)
    sum += scores[job->of_model[k]];
  for (guint k = 0; k < job->n_labels; k++)
    posteriors[k] = sum > 0 ? scores[job->of_model[k]] / sum : 1.0 / job->n_labels;
}

static void
pull_all (const Job *job, EmotionDetector *detector, gboolean finished, Heard *heard)
{
  EmotionResult result;
  double posteriors[EMOTION_MAX_LABELS];
  while (emotion_detector_pull (detector, &result)) {
    if (result.partial && !finished) /* early */
      continue;
    heard->n_all++;
    heard->n_none += result.label < 0;
    if (result.speech_ratio <= 0)
      continue;
    restrict_to_labels (job, result.scores, posteriors);
    g_array_append_vals (heard->windows, posteriors, job->n_labels);
  }
}

/* By the clip, so that neither order nor threads matter. */
static guint32
seed_of (const Job *job, const char *text)
{
  return job->plan->seed ^ g_str_hash (text);
}

static gboolean
alter (const Job *job, const TrainingClip *clip, TrainingAudio *audio, GError **error)
{
  const TrainingCondition *condition = job->condition;
  if (condition->babble)
    training_babble_add (job->plan->babble, clip, audio, condition->augmentation.value,
                         seed_of (job, clip->id));
  else if (condition->altered)
    return training_augmentation_apply (&condition->augmentation, audio, seed_of (job, clip->id),
                                        error);
  return TRUE;
}

/* A clip that comes block by block. */
typedef struct {
  const Job *job;
  Heard *heard;
  EmotionDetector *before, *detector; /* of the clip before; of this one */
  TrainingClipCheck check;
  guint64 n_frames;
} Hearing;

/* Goes on with what the detector before has learnt. */
static gboolean
start_detector (Hearing *self, const TrainingAudio *audio, GError **error)
{
  const Job *job = self->job;
  EmotionDetectorConfig config;
  emotion_detector_config_init (&config);
  config.rate = audio->rate;
  config.channels = audio->channels;
  config.positions = audio->positions;
  config.adaptation = job->adapted;
  config.window = (guint64)llround (job->condition->window * 1e9);
  self->detector = emotion_detector_new (job->plan->model, &config, error);
  if (self->detector && self->before && job->adapted) {
    emotion_detector_inherit (self->detector, self->before);
    emotion_detector_begin_clip (self->detector);
  }
  return self->detector != NULL;
}

static gboolean
hear_block (Hearing *self, const TrainingAudio *block, GError **error)
{
  if (!self->detector && !start_detector (self, block, error))
    return FALSE;
  for (gsize done = 0; done < block->n_frames;) {
    done += emotion_detector_push (self->detector, block->samples + done * block->channels,
                                   block->n_frames - done);
    pull_all (self->job, self->detector, FALSE, self->heard);
  }
  self->n_frames += block->n_frames;
  return TRUE;
}

static gboolean
take_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Hearing *self = data;
  training_clip_check_add (&self->check, block);
  return hear_block (self, block, error);
}

/* What alters a clip needs all of it. */
static gboolean
hear_altered (Hearing *self, const TrainingClip *clip, const char *path, GError **error)
{
  TrainingAudio audio;
  if (!training_decode (path, &audio, error))
    return FALSE;
  training_clip_check_add (&self->check, &audio);
  const gboolean ok = alter (self->job, clip, &audio, error) && hear_block (self, &audio, error);
  if (!ok)
    g_prefix_error (error, "%s: ", path);
  training_audio_clear (&audio);
  return ok;
}

static gboolean
finish_clip (Hearing *self, const char *path, GError **error)
{
  EmotionResult summary;
  emotion_detector_finish (self->detector);
  pull_all (self->job, self->detector, TRUE, self->heard);
  if (!emotion_detector_summarize (self->detector, &summary)) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: its %" G_GUINT64_FORMAT " frames are too short for a window", path,
                 self->n_frames);
    return FALSE;
  }
  self->heard->posteriors = g_new (double, self->job->n_labels);
  restrict_to_labels (self->job, summary.scores, self->heard->posteriors);
  return TRUE;
}

static void
set_problem (Hearing *self, const TrainingClip *clip, const GError *error)
{
  self->heard->reason = training_clip_rows_reason (error);
  self->heard->problem = g_strdup_printf ("%s:%u: %s; clip left out",
                                          self->job->plan->corpus->metadata_paths[clip->corpus],
                                          clip->line, error->message);
}

/* The detector for what comes next is `before`'s successor; that itself when the clip fails. */
static EmotionDetector *
hear_clip (const Job *job, guint index, EmotionDetector *before)
{
  const TrainingClip *clip = job->plan->corpus->clips->pdata[index];
  Hearing self = {.job = job, .heard = &job->heard[index], .before = before};
  char *path = training_corpus_resolve (job->plan->corpus, clip);
  GError *error = NULL;
  self.heard->windows = g_array_new (FALSE, FALSE, sizeof (double));
  const gboolean altered = job->condition->altered || job->condition->babble;
  const gboolean decoded = altered ? hear_altered (&self, clip, path, &error)
                                   : training_decode_blocks (path, take_block, &self, &error);
  const guint64 window = emotion_model_get_windowing (job->plan->model)->window;
  const guint faults = training_clip_check_finish (&self.check, path, window);
  self.heard->faults = decoded ? faults : 0;
  if (!decoded || !finish_clip (&self, path, &error))
    set_problem (&self, clip, error);
  g_clear_error (&error);
  g_free (path);
  training_progress_step (job->progress);
  emotion_detector_free (decoded ? before : self.detector);
  return decoded ? self.detector : before;
}

static void
hear_stream (guint index, gpointer data)
{
  const Job *job = data;
  EmotionDetector *detector = NULL;
  for (guint i = 0; i < job->stream[index]->len; i++)
    detector = hear_clip (job, GPOINTER_TO_UINT (job->stream[index]->pdata[i]), detector);
  emotion_detector_free (detector);
}

static void
put_in_order_of_chance (GPtrArray *clips, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  training_shuffle (clips->pdata, clips->len, sizeof (gpointer), random);
  g_rand_free (random);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names the groups, and gives each clip its own. */
static void
number_groups (const Job *job, TrainingHearing *self)
{
  const GPtrArray *clips = job->plan->corpus->clips;
  GPtrArray *names = g_ptr_array_new ();
  GHashTable *number = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < clips->len; i++) {
    const TrainingClip *clip = clips->pdata[i];
    const char *name = clip->speaker ? clip->speaker : clip->id;
    if (g_hash_table_add (number, (gpointer)name))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_texts);
  for (guint g = 0; g < names->len; g++)
    g_hash_table_insert (number, names->pdata[g], GUINT_TO_POINTER (g));
  for (guint i = 0; i < clips->len; i++) {
    const TrainingClip *clip = clips->pdata[i];
    job->heard[i].group =
        GPOINTER_TO_UINT (g_hash_table_lookup (number, clip->speaker ? clip->speaker : clip->id));
    while (strcmp (job->plan->labels[job->heard[i].label], clip->label) != 0)
      job->heard[i].label++;
  }
  g_hash_table_unref (number);
  self->n_groups = names->len;
  g_ptr_array_add (names, NULL);
  self->groups = (char **)g_ptr_array_free (names, FALSE);
}

static void
name_speakers (const Job *job, TrainingHearing *self)
{
  const GPtrArray *clips = job->plan->corpus->clips;
  self->speakers = g_new0 (const char *, self->n_groups + 1);
  for (guint i = 0; i < clips->len; i++) {
    const gboolean known = ((TrainingClip *)clips->pdata[i])->speaker != NULL;
    const guint group = job->heard[i].group;
    self->n_speakers += known && !self->speakers[group];
    self->speakers[group] = known ? self->groups[group] : "";
  }
}

static guint
make_streams (Job *job, const TrainingHearing *self)
{
  const guint n_clips = job->plan->corpus->clips->len;
  const guint n = job->adapted ? self->n_groups : n_clips;
  job->stream = g_new (GPtrArray *, n);
  for (guint i = 0; i < n; i++)
    job->stream[i] = g_ptr_array_new ();
  for (guint i = 0; i < n_clips; i++)
    g_ptr_array_add (job->stream[job->adapted ? job->heard[i].group : i], GUINT_TO_POINTER (i));
  for (guint i = 0; i < n && job->adapted; i++)
    put_in_order_of_chance (job->stream[i], seed_of (job, self->groups[i]));
  return n;
}

static void
add_outcome (const Heard *heard, guint n_labels, const double *from, double *storage, guint at,
             TrainingOutcome *outcomes)
{
  double *posteriors = storage + (gsize)at * n_labels;
  memcpy (posteriors, from, n_labels * sizeof *posteriors);
  outcomes[at] = (TrainingOutcome){heard->label, heard->group, posteriors};
}

static void
gather (const Job *job, TrainingHearing *self)
{
  const guint n_clips = job->plan->corpus->clips->len, n_labels = job->n_labels;
  guint n_windows = 0, n_none = 0, n_all = 0;
  for (guint i = 0; i < n_clips; i++)
    n_windows += job->heard[i].windows->len / n_labels;
  self->clips = g_new (TrainingOutcome, n_clips);
  self->windows = g_new (TrainingOutcome, n_windows);
  self->clip_posteriors = g_new (double, (gsize)n_clips *n_labels);
  self->window_posteriors = g_new (double, (gsize)n_windows *n_labels);
  for (guint i = 0; i < n_clips; i++) {
    Heard *heard = &job->heard[i];
    training_clip_report_add (
        &self->report, ((TrainingClip *)job->plan->corpus->clips->pdata[i])->id, heard->faults);
    if (heard->problem) {
      TrainingReject *left_out =
          training_rejects_add (self->rejects, heard->reason, g_steal_pointer (&heard->problem));
      left_out->label = g_strdup (job->plan->labels[heard->label]);
    } else {
      add_outcome (heard, n_labels, heard->posteriors, self->clip_posteriors, self->n_clips++,
                   self->clips);
      for (guint w = 0; w < heard->windows->len; w += n_labels)
        add_outcome (heard, n_labels, &g_array_index (heard->windows, double, w),
                     self->window_posteriors, self->n_windows++, self->windows);
      n_none += heard->n_none;
      n_all += heard->n_all;
    }
    g_free (heard->posteriors);
    g_array_unref (heard->windows);
  }
  self->none = n_all > 0 ? (double)n_none / n_all : NAN;
}

TrainingHearing *
training_hear (const TrainingHearingPlan *plan, const TrainingCondition *condition,
               gboolean adapted, TrainingProgress *progress)
{
  TrainingHearing *self = g_new0 (TrainingHearing, 1);
  Job job = {.plan = plan, .condition = condition, .adapted = adapted, .progress = progress};
  job.n_labels = g_strv_length ((char **)plan->labels);
  job.of_model = g_new0 (guint, job.n_labels);
  for (guint k = 0; k < job.n_labels; k++)
    while (strcmp (emotion_model_get_label (plan->model, job.of_model[k]), plan->labels[k]) != 0)
      job.of_model[k]++;
  job.heard = g_new0 (Heard, plan->corpus->clips->len);
  self->rejects = training_rejects_new ();
  number_groups (&job, self);
  name_speakers (&job, self);
  const guint n_streams = make_streams (&job, self);
  training_parallel (n_streams, plan->n_jobs, hear_stream, &job);
  gather (&job, self);
  for (guint i = 0; i < n_streams; i++)
    g_ptr_array_unref (job.stream[i]);
  g_free (job.stream);
  g_free (job.heard);
  g_free (job.of_model);
  return self;
}

void
training_hearing_free (TrainingHearing *self)
{
  if (!self)
    return;
  g_free (self->clips);
  g_free (self->windows);
  g_free (self->clip_posteriors);
  g_free (self->window_posteriors);
  g_free (self->speakers);
  g_strfreev (self->groups);
  g_ptr_array_unref (self->rejects);
  training_clip_report_clear (&self->report);
  g_free (self);
}
