/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jobs.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "media/error.h"
#include "media/play.h"
#include "problem.h"
#include "spool.h"

#define NOT_STOPPED (-1)

struct _ServerJobs {
  const ServerConfig *config;
  GThreadPool *pool, *enders; /* enders: of players */
  GQueue jobs;                /* of Job, in order */
  guint n_places;             /* reserved: uploads under way, and jobs */
};

typedef struct {
  ServerJobs *jobs;
  ServerRecording *recording;
  int fd;
  GBytes *part; /* of the file, or NULL */
  gint stopped; /* ServerProblem that stopped it, or NOT_STOPPED; atomic */
  gint timer;   /* atomic */
  double max_duration, time_limit;
  MediaPlayer *player;
} Job;

static void
stop (Job *job, ServerProblem reason)
{
  if (g_atomic_int_compare_and_exchange (&job->stopped, NOT_STOPPED, (gint)reason))
    media_player_stop (job->player);
}

static gboolean
end_time (gpointer data)
{
  Job *job = data;
  g_atomic_int_set (&job->timer, 0);
  stop (job, SERVER_PROBLEM_TIME_LIMIT);
  return G_SOURCE_REMOVE;
}

/* In the thread of the analysis. */
static void
take_message (GstMessage *message, gpointer data)
{
  Job *job = data;
  ServerRecording *recording = job->recording;
  if (recording->sound && server_sound_take_message (recording->sound, message))
    return;
  ServerResult *result =
      server_result_new (message, recording->model->labels, recording->model->n_labels);
  if (!result)
    return;
  if (!result->whole && result->start + result->duration > job->max_duration)
    stop (job, SERVER_PROBLEM_TOO_LONG);
  if (!result->whole && result->start <= 0)
    server_recording_set_total (recording, media_player_get_total (job->player));
  server_recording_add (recording, result);
}

static GError *
describe_stop (const Job *job)
{
  switch (g_atomic_int_get (&job->stopped)) {
  case SERVER_PROBLEM_TOO_LONG:
    if (job->max_duration < job->jobs->config->max_duration)
      return g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TOO_LONG,
                          "with an interval of %g s, the sound has more than %d windows",
                          job->recording->interval, SERVER_MAX_WINDOWS);
    return g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TOO_LONG,
                        "the sound is longer than %g minutes", job->max_duration / 60);
  case SERVER_PROBLEM_TIME_LIMIT:
    return g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_TIME_LIMIT,
                        "the analysis took longer than %g s", job->time_limit);
  default:
    return g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_STOPPED, "the analysis was stopped");
  }
}

/* The player's errors begin with the path that it played. */
static GError *
translate (const GError *error, const char *path)
{
  const ServerProblem problem = error->code == MEDIA_ERROR_NO_AUDIO ? SERVER_PROBLEM_NO_AUDIO
                                : error->code == MEDIA_ERROR_MISSING
                                    ? SERVER_PROBLEM_MISSING_DECODER
                                    : SERVER_PROBLEM_UNDECODABLE;
  const gsize n = g_str_has_prefix (error->message, path) ? strlen (path) + strlen (": ") : 0;
  const char *text = error->message + n;
  const gboolean goes_on = n > 0 && g_ascii_islower (*text); /* with "is empty" or the like */
  return g_error_new (SERVER_PROBLEM, problem, "the file %s%s",
                      goes_on ? "" : "cannot be read: ", text);
}

static gboolean finish (gpointer data);

/* Makes the part a file of its own. */
static gboolean
extract_part (Job *job, GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (job->part, &size);
  const int fd = server_spool_new (error);
  const gboolean ok = fd >= 0 && server_spool_write (fd, data, size, error);
  if (fd >= 0) {
    g_close (job->fd, NULL);
    job->fd = fd;
  }
  g_clear_pointer (&job->part, g_bytes_unref);
  return ok;
}

static gboolean
play (Job *job, GError **error)
{
  if (g_atomic_int_get (&job->stopped) != NOT_STOPPED)
    return FALSE;
  if (job->part && !extract_part (job, error))
    return FALSE;
  char *path = g_strdup_printf ("/proc/self/fd/%d", job->fd);
  GError *cause = NULL;
  const gboolean played = media_player_play (job->player, path, take_message, job, &cause);
  if (!played)
    g_propagate_error (error, translate (cause, path));
  g_clear_error (&cause);
  g_free (path);
  return played;
}

/* In a thread of the pool. */
static void
analyse (gpointer data, gpointer user_data)
{
  Job *job = data;
  GError *error = NULL;
  (void)user_data;
  server_recording_start (job->recording);
  g_atomic_int_set (&job->timer,
                    (gint)g_timeout_add_seconds ((guint)job->time_limit, end_time, job));
  const gboolean played = play (job, &error);
  ServerResult *summary = server_recording_get_summary (job->recording);
  if (g_atomic_int_get (&job->stopped) != NOT_STOPPED) {
    g_clear_error (&error);
    error = describe_stop (job);
  } else if (played && !summary) {
    error = g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_NO_AUDIO,
                         "the file has less than 25 ms of sound");
  }
  server_result_unref (summary);
  server_recording_end (job->recording, error);
  g_idle_add_full (G_PRIORITY_DEFAULT, finish, job, NULL);
}

/* Freeing the player may take time, so that another thread does it. */
static void
free_player (gpointer player, gpointer data)
{
  (void)data;
  media_player_free (player);
}

static gboolean
finish (gpointer data)
{
  Job *job = data;
  g_queue_remove (&job->jobs->jobs, job);
  for (GList *link = job->jobs->jobs.head; link; link = link->next) /* they move up */
    server_recording_touch (((Job *)link->data)->recording);
  server_jobs_release (job->jobs);
  if (g_atomic_int_get (&job->timer) != 0)
    g_source_remove ((guint)g_atomic_int_get (&job->timer));
  if (job->player)
    g_thread_pool_push (job->jobs->enders, job->player, NULL);
  g_close (job->fd, NULL);
  g_clear_pointer (&job->part, g_bytes_unref);
  server_recording_unref (job->recording);
  g_free (job);
  return G_SOURCE_REMOVE;
}

ServerJobs *
server_jobs_new (const ServerConfig *config)
{
  ServerJobs *self = g_new0 (ServerJobs, 1);
  self->config = config;
  self->pool = g_thread_pool_new (analyse, NULL, (gint)config->n_jobs, FALSE, NULL);
  self->enders = g_thread_pool_new (free_player, NULL, (gint)config->n_jobs, FALSE, NULL);
  g_queue_init (&self->jobs);
  return self;
}

void
server_jobs_free (ServerJobs *self)
{
  for (GList *link = self->jobs.head; link; link = link->next)
    stop (link->data, SERVER_PROBLEM_STOPPED);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  while (self->jobs.length > 0)
    g_main_context_iteration (NULL, TRUE);
  g_thread_pool_free (self->enders, FALSE, TRUE);
  g_free (self);
}

gboolean
server_jobs_reserve (ServerJobs *self, GError **error)
{
  if (self->n_places < self->config->n_jobs + self->config->n_queued) {
    self->n_places++;
    return TRUE;
  }
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BUSY,
               "%u files are being received or analysed, as many as this server takes",
               self->n_places);
  return FALSE;
}

void
server_jobs_release (ServerJobs *self)
{
  self->n_places--;
}

void
server_jobs_run (ServerJobs *self, ServerRecording *recording, const ServerOptions *options, int fd,
                 GBytes *part)
{
  Job *job = g_new0 (Job, 1);
  job->jobs = self;
  job->recording = server_recording_ref (recording);
  job->fd = fd;
  job->part = part;
  job->stopped = NOT_STOPPED;
  job->max_duration = server_recording_limit (recording, self->config->max_duration);
  job->time_limit = self->config->time_limit;
  job->player = media_player_new (server_options_make_sink (options, recording->sound, TRUE));
  media_player_isolate (job->player);
  g_queue_push_tail (&self->jobs, job);
  g_thread_pool_push (self->pool, job, NULL);
}

static Job *
find_job (ServerJobs *self, const ServerRecording *recording)
{
  for (GList *link = self->jobs.head; link; link = link->next)
    if (((Job *)link->data)->recording == recording)
      return link->data;
  return NULL;
}

void
server_jobs_stop (ServerJobs *self, ServerRecording *recording)
{
  Job *job = find_job (self, recording);
  if (job)
    stop (job, SERVER_PROBLEM_STOPPED);
}

guint
server_jobs_get_ahead (ServerJobs *self, ServerRecording *recording)
{
  Job *job = find_job (self, recording);
  return job ? (guint)g_queue_index (&self->jobs, job) : 0;
}

void
server_jobs_count (ServerJobs *self, guint *n_running, guint *n_queued)
{
  *n_running = MIN (self->jobs.length, self->config->n_jobs);
  *n_queued = self->jobs.length - *n_running;
}
