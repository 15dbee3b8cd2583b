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

/* A thread's result for one clip. */
typedef struct {
  guint label, group;
  double *posteriors;  /* n_labels; NULL with a problem */
  GArray *windows;     /* double, n_labels per window with speech */
  guint n_none, n_all; /* windows */
  guint faults;        /* bits of TrainingFault */
  char *problem;
  const char *reason;
} Evaluated;

typedef struct {
  const TrainingEvaluationPlan *plan;
  const TrainingCondition *condition;
  gboolean adapted;
  TrainingProgress *progress;
  guint n_labels;
  guint *of_model;      /* the model's index of each label */
  Evaluated *evaluated; /* by clip */
  GPtrArray **stream;   /* of each group: clip numbers in the order of processing */
} Job;

/* Restricts posteriors to the labels that may be predicted, renormalised; uniform if all are 0. */
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
pull_all (const Job *job, EmotionDetector *detector, gboolean finished, Evaluated *evaluated)
{
  EmotionResult result;
  double posteriors[EMOTION_MAX_LABELS];
  while (emotion_detector_pull (detector, &result)) {
    if (result.partial && !finished) /* early partial window */
      continue;
    evaluated->n_all++;
    evaluated->n_none += result.label < 0;
    if (result.speech_ratio <= 0)
      continue;
    restrict_to_labels (job, result.scores, posteriors);
    g_array_append_vals (evaluated->windows, posteriors, job->n_labels);
  }
}

/* Depends on the clip only, so that order and threads do not matter. */
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

/* Processing of a clip block by block. */
typedef struct {
  const Job *job;
  Evaluated *evaluated;
  EmotionDetector *before, *detector; /* of the previous clip; of this one */
  TrainingClipCheck check;
  guint64 n_frames;
} ClipRun;

/* Starts with the adaptation state of the previous detector. */
static gboolean
start_detector (ClipRun *self, const TrainingAudio *audio, GError **error)
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
evaluate_block (ClipRun *self, const TrainingAudio *block, GError **error)
{
  if (!self->detector && !start_detector (self, block, error))
    return FALSE;
  for (gsize done = 0; done < block->n_frames;) {
    done += emotion_detector_push (self->detector, block->samples + done * block->channels,
                                   block->n_frames - done);
    pull_all (self->job, self->detector, FALSE, self->evaluated);
  }
  self->n_frames += block->n_frames;
  return TRUE;
}

static gboolean
take_block (const TrainingAudio *block, gpointer data, GError **error)
{
  ClipRun *self = data;
  training_clip_check_add (&self->check, block);
  return evaluate_block (self, block, error);
}

/* Augmentations need the whole clip. */
static gboolean
evaluate_altered (ClipRun *self, const TrainingClip *clip, const char *path, GError **error)
{
  TrainingAudio audio;
  if (!training_decode (path, &audio, error))
    return FALSE;
  training_clip_check_add (&self->check, &audio);
  const gboolean ok =
      alter (self->job, clip, &audio, error) && evaluate_block (self, &audio, error);
  if (!ok)
    g_prefix_error (error, "%s: ", path);
  training_audio_clear (&audio);
  return ok;
}

static gboolean
finish_clip (ClipRun *self, const char *path, GError **error)
{
  EmotionResult summary;
  emotion_detector_finish (self->detector);
  pull_all (self->job, self->detector, TRUE, self->evaluated);
  if (!emotion_detector_summarize (self->detector, &summary)) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: its %" G_GUINT64_FORMAT " frames are too short for a window", path,
                 self->n_frames);
    return FALSE;
  }
  self->evaluated->posteriors = g_new (double, self->job->n_labels);
  restrict_to_labels (self->job, summary.scores, self->evaluated->posteriors);
  return TRUE;
}

static void
set_problem (ClipRun *self, const TrainingClip *clip, const GError *error)
{
  self->evaluated->reason = training_clip_rows_reason (error);
  self->evaluated->problem = g_strdup_printf ("%s:%u: %s; clip left out",
                                              self->job->plan->corpus->metadata_paths[clip->corpus],
                                              clip->line, error->message);
}

/* Returns the detector to continue from: the successor of `before`, or `before` itself when the
 * clip fails. */
static EmotionDetector *
evaluate_clip (const Job *job, guint index, EmotionDetector *before)
{
  const TrainingClip *clip = job->plan->corpus->clips->pdata[index];
  ClipRun self = {.job = job, .evaluated = &job->evaluated[index], .before = before};
  char *path = training_corpus_resolve (job->plan->corpus, clip);
  GError *error = NULL;
  self.evaluated->windows = g_array_new (FALSE, FALSE, sizeof (double));
  const gboolean altered = job->condition->altered || job->condition->babble;
  const gboolean decoded = altered ? evaluate_altered (&self, clip, path, &error)
                                   : training_decode_blocks (path, take_block, &self, &error);
  const guint64 window = emotion_model_get_windowing (job->plan->model)->window;
  const guint faults = training_clip_check_finish (&self.check, path, window);
  self.evaluated->faults = decoded ? faults : 0;
  if (!decoded || !finish_clip (&self, path, &error))
    set_problem (&self, clip, error);
  g_clear_error (&error);
  g_free (path);
  training_progress_step (job->progress);
  emotion_detector_free (decoded ? before : self.detector);
  return decoded ? self.detector : before;
}

static void
evaluate_stream (guint index, gpointer data)
{
  const Job *job = data;
  EmotionDetector *detector = NULL;
  for (guint i = 0; i < job->stream[index]->len; i++)
    detector = evaluate_clip (job, GPOINTER_TO_UINT (job->stream[index]->pdata[i]), detector);
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

/* Names the groups and assigns the clips to them. */
static void
number_groups (const Job *job, TrainingEvaluationRun *self)
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
    job->evaluated[i].group =
        GPOINTER_TO_UINT (g_hash_table_lookup (number, clip->speaker ? clip->speaker : clip->id));
    while (strcmp (job->plan->labels[job->evaluated[i].label], clip->label) != 0)
      job->evaluated[i].label++;
  }
  g_hash_table_unref (number);
  self->n_groups = names->len;
  g_ptr_array_add (names, NULL);
  self->groups = (char **)g_ptr_array_free (names, FALSE);
}

static void
name_speakers (const Job *job, TrainingEvaluationRun *self)
{
  const GPtrArray *clips = job->plan->corpus->clips;
  self->speakers = g_new0 (const char *, self->n_groups + 1);
  for (guint i = 0; i < clips->len; i++) {
    const gboolean known = ((TrainingClip *)clips->pdata[i])->speaker != NULL;
    const guint group = job->evaluated[i].group;
    self->n_speakers += known && !self->speakers[group];
    self->speakers[group] = known ? self->groups[group] : "";
  }
}

static guint
make_streams (Job *job, const TrainingEvaluationRun *self)
{
  const guint n_clips = job->plan->corpus->clips->len;
  const guint n = job->adapted ? self->n_groups : n_clips;
  job->stream = g_new (GPtrArray *, n);
  for (guint i = 0; i < n; i++)
    job->stream[i] = g_ptr_array_new ();
  for (guint i = 0; i < n_clips; i++)
    g_ptr_array_add (job->stream[job->adapted ? job->evaluated[i].group : i], GUINT_TO_POINTER (i));
  for (guint i = 0; i < n && job->adapted; i++)
    put_in_order_of_chance (job->stream[i], seed_of (job, self->groups[i]));
  return n;
}

static void
add_outcome (const Evaluated *evaluated, guint n_labels, const double *from, double *storage,
             guint at, TrainingOutcome *outcomes)
{
  double *posteriors = storage + (gsize)at * n_labels;
  memcpy (posteriors, from, n_labels * sizeof *posteriors);
  outcomes[at] = (TrainingOutcome){evaluated->label, evaluated->group, posteriors};
}

static void
gather (const Job *job, TrainingEvaluationRun *self)
{
  const guint n_clips = job->plan->corpus->clips->len, n_labels = job->n_labels;
  guint n_windows = 0, n_none = 0, n_all = 0;
  for (guint i = 0; i < n_clips; i++)
    n_windows += job->evaluated[i].windows->len / n_labels;
  self->clips = g_new (TrainingOutcome, n_clips);
  self->windows = g_new (TrainingOutcome, n_windows);
  self->clip_posteriors = g_new (double, (gsize)n_clips *n_labels);
  self->window_posteriors = g_new (double, (gsize)n_windows *n_labels);
  for (guint i = 0; i < n_clips; i++) {
    Evaluated *evaluated = &job->evaluated[i];
    training_clip_report_add (
        &self->report, ((TrainingClip *)job->plan->corpus->clips->pdata[i])->id, evaluated->faults);
    if (evaluated->problem) {
      TrainingReject *reject = training_rejects_add (self->rejects, evaluated->reason,
                                                     g_steal_pointer (&evaluated->problem));
      reject->label = g_strdup (job->plan->labels[evaluated->label]);
    } else {
      add_outcome (evaluated, n_labels, evaluated->posteriors, self->clip_posteriors,
                   self->n_clips++, self->clips);
      for (guint w = 0; w < evaluated->windows->len; w += n_labels)
        add_outcome (evaluated, n_labels, &g_array_index (evaluated->windows, double, w),
                     self->window_posteriors, self->n_windows++, self->windows);
      n_none += evaluated->n_none;
      n_all += evaluated->n_all;
    }
    g_free (evaluated->posteriors);
    g_array_unref (evaluated->windows);
  }
  self->none = n_all > 0 ? (double)n_none / n_all : NAN;
}

TrainingEvaluationRun *
training_evaluation_run (const TrainingEvaluationPlan *plan, const TrainingCondition *condition,
                         gboolean adapted, TrainingProgress *progress)
{
  TrainingEvaluationRun *self = g_new0 (TrainingEvaluationRun, 1);
  Job job = {.plan = plan, .condition = condition, .adapted = adapted, .progress = progress};
  job.n_labels = g_strv_length ((char **)plan->labels);
  job.of_model = g_new0 (guint, job.n_labels);
  for (guint k = 0; k < job.n_labels; k++)
    while (strcmp (emotion_model_get_label (plan->model, job.of_model[k]), plan->labels[k]) != 0)
      job.of_model[k]++;
  job.evaluated = g_new0 (Evaluated, plan->corpus->clips->len);
  self->rejects = training_rejects_new ();
  number_groups (&job, self);
  name_speakers (&job, self);
  const guint n_streams = make_streams (&job, self);
  training_parallel (n_streams, plan->n_jobs, evaluate_stream, &job);
  gather (&job, self);
  for (guint i = 0; i < n_streams; i++)
    g_ptr_array_unref (job.stream[i]);
  g_free (job.stream);
  g_free (job.evaluated);
  g_free (job.of_model);
  return self;
}

void
training_evaluation_run_free (TrainingEvaluationRun *self)
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
