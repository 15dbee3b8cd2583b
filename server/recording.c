/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recording.h"

#include <math.h>
#include <string.h>
#include <sys/random.h>

#include "problem.h"

#define DROP_FRACTION 8 /* of the windows, at once */

typedef struct {
  ServerRecordingFunc func;
  gpointer data;
} Follower;

static char *
make_id (void)
{
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* 32, none alike */
  guint8 random[20];
  GString *id = g_string_sized_new (sizeof random);
  if (getrandom (random, sizeof random, 0) != sizeof random)
    g_error ("the system gives no random numbers");
  for (guint i = 0; i < sizeof random; i++)
    g_string_append_c (id, letters[random[i] % 32]);
  return g_string_free (id, FALSE);
}

ServerRecording *
server_recording_new (ServerRecordingKind kind, const ServerModel *model, double interval,
                      const char *name, const char *priors, ServerSound *sound)
{
  ServerRecording *self = g_atomic_rc_box_new0 (ServerRecording);
  self->id = make_id ();
  self->name = g_utf8_make_valid (name ? name : "", -1);
  self->kind = kind;
  self->model = model;
  self->interval = interval;
  self->priors = g_strdup (priors ? priors : "model");
  self->sound = sound;
  self->created = g_get_real_time ();
  self->windows = g_ptr_array_new_with_free_func ((GDestroyNotify)server_result_unref);
  self->total = NAN;
  g_mutex_init (&self->lock);
  return self;
}

ServerRecording *
server_recording_ref (ServerRecording *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  ServerRecording *self = data;
  g_free (self->id);
  g_free (self->name);
  g_free (self->priors);
  server_sound_free (self->sound);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->windows);
  server_result_unref (self->summary);
  g_slist_free_full (self->followers, g_free);
  g_mutex_clear (&self->lock);
}

void
server_recording_unref (ServerRecording *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static gboolean
dispatch (gpointer data)
{
  ServerRecording *self = data;
  g_mutex_lock (&self->lock);
  self->dispatching = FALSE;
  g_mutex_unlock (&self->lock);
  for (GSList *item = self->followers, *next; item; item = next) {
    Follower *follower = item->data;
    next = item->next; /* a follower may leave */
    follower->func (self, follower->data);
  }
  return G_SOURCE_REMOVE;
}

/* Ends a change that the lock protects. */
static void
unlock_changed (ServerRecording *self)
{
  const gboolean due = !self->dispatching;
  self->dispatching = TRUE;
  g_mutex_unlock (&self->lock);
  if (due)
    g_idle_add_full (G_PRIORITY_DEFAULT, dispatch, server_recording_ref (self),
                     (GDestroyNotify)server_recording_unref);
}

static gboolean
is_over (const ServerRecording *self)
{
  return self->state == SERVER_RECORDING_DONE || self->state == SERVER_RECORDING_FAILED;
}

void
server_recording_start (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  if (!is_over (self)) {
    self->state = SERVER_RECORDING_RUNNING;
    self->started = g_get_real_time ();
  }
  unlock_changed (self);
}

double
server_recording_limit (ServerRecording *self, double max_duration)
{
  const double n = MAX (SERVER_MAX_WINDOWS, max_duration / self->model->interval);
  const double longest = MIN (max_duration, n * self->interval);
  /* Also the partial one at the end, and the one that shows that there are too many. */
  self->max_windows = (guint)(longest / self->interval) + 2;
  return longest;
}

void
server_recording_touch (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  unlock_changed (self);
}

void
server_recording_set_total (ServerRecording *self, double total)
{
  g_mutex_lock (&self->lock);
  self->total = total;
  unlock_changed (self);
}

void
server_recording_add (ServerRecording *self, ServerResult *result)
{
  g_mutex_lock (&self->lock);
  if (self->windows->len >= self->max_windows) {
    const guint n = MAX (1, self->max_windows / DROP_FRACTION);
    g_ptr_array_remove_range (self->windows, 0, n);
    self->n_dropped += n;
  }
  if (result->whole) {
    server_result_unref (self->summary);
    self->summary = result;
    self->duration = result->duration;
  } else {
    g_ptr_array_add (self->windows, result);
    self->duration = MAX (self->duration, result->start + result->duration);
  }
  unlock_changed (self);
}

void
server_recording_end (ServerRecording *self, GError *error)
{
  g_mutex_lock (&self->lock);
  if (is_over (self)) {
    g_clear_error (&error);
  } else {
    self->state = error ? SERVER_RECORDING_FAILED : SERVER_RECORDING_DONE;
    self->error = error;
    self->ended = g_get_real_time ();
  }
  unlock_changed (self);
}

gboolean
server_recording_has_ended (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  const gboolean ended = is_over (self);
  g_mutex_unlock (&self->lock);
  return ended;
}

gint64
server_recording_get_end (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  const gint64 ended = self->ended;
  g_mutex_unlock (&self->lock);
  return ended;
}

gsize
server_recording_get_size (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  const gsize window = sizeof (ServerResult) + (2 * self->model->n_labels + 1) * sizeof (double);
  gsize size = sizeof *self + strlen (self->name) + strlen (self->priors) +
               self->windows->len * (window + sizeof (gpointer));
  g_mutex_unlock (&self->lock);
  if (self->sound)
    size += server_sound_get_size (self->sound);
  return size;
}

void
server_recording_follow (ServerRecording *self, ServerRecordingFunc func, gpointer data)
{
  Follower *follower = g_new (Follower, 1);
  *follower = (Follower){func, data};
  self->followers = g_slist_append (self->followers, follower);
}

void
server_recording_unfollow (ServerRecording *self, ServerRecordingFunc func, gpointer data)
{
  for (GSList *item = self->followers; item; item = item->next) {
    Follower *follower = item->data;
    if (follower->func == func && follower->data == data) {
      self->followers = g_slist_delete_link (self->followers, item);
      g_free (follower);
      return;
    }
  }
}

GPtrArray *
server_recording_get_windows (ServerRecording *self, guint *position)
{
  GPtrArray *windows = g_ptr_array_new_with_free_func ((GDestroyNotify)server_result_unref);
  g_mutex_lock (&self->lock);
  const guint n = self->n_dropped + self->windows->len;
  for (guint i = MAX (*position, self->n_dropped); i < n; i++)
    g_ptr_array_add (windows, server_result_ref (self->windows->pdata[i - self->n_dropped]));
  *position = n;
  g_mutex_unlock (&self->lock);
  return windows;
}

ServerResult *
server_recording_get_summary (ServerRecording *self)
{
  g_mutex_lock (&self->lock);
  ServerResult *summary = self->summary ? server_result_ref (self->summary) : NULL;
  g_mutex_unlock (&self->lock);
  return summary;
}

ServerRecordingState
server_recording_get_state (ServerRecording *self, GError **error)
{
  g_mutex_lock (&self->lock);
  const ServerRecordingState state = self->state;
  if (error && self->error)
    *error = g_error_copy (self->error);
  g_mutex_unlock (&self->lock);
  return state;
}

void
server_recording_get_times (ServerRecording *self, double *duration, double *total)
{
  g_mutex_lock (&self->lock);
  *duration = self->duration;
  *total = self->total;
  g_mutex_unlock (&self->lock);
}

static void
set_time (JsonObject *object, const char *name, gint64 us)
{
  GDateTime *time = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  char *text = g_date_time_format_iso8601 (time);
  json_object_set_string_member (object, name, text);
  g_free (text);
  g_date_time_unref (time);
}

/* What the lock protects. */
static void
describe_state (ServerRecording *self, guint ahead, gint64 keep_us, JsonObject *object)
{
  static const char *const states[] = {"queued", "running", "done", "failed"};
  g_mutex_lock (&self->lock);
  json_object_set_string_member (object, "state", states[self->state]);
  if (self->state == SERVER_RECORDING_QUEUED)
    json_object_set_int_member (object, "ahead", ahead);
  if (self->ended > 0)
    set_time (object, "expires", self->ended + keep_us);
  json_object_set_double_member (object, "duration", self->duration);
  if (isfinite (self->total))
    json_object_set_double_member (object, "total", self->total);
  if (self->error) {
    JsonObject *error = json_object_new ();
    server_problem_describe (self->error, error);
    json_object_set_object_member (object, "error", error);
  }
  g_mutex_unlock (&self->lock);
}

void
server_recording_describe (ServerRecording *self, guint ahead, gint64 keep_us, JsonObject *object)
{
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "kind",
                                 self->kind == SERVER_RECORDING_FILE ? "file" : "live");
  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "model", self->model->name);
  server_model_describe_labels (self->model, object);
  json_object_set_string_member (object, "priors", self->priors);
  set_time (object, "created", self->created);
  json_object_set_boolean_member (object, "peaks", server_sound_has_peaks (self->sound));
  json_object_set_boolean_member (object, "spectrogram",
                                  server_sound_has_spectrogram (self->sound));
  describe_state (self, ahead, keep_us, object);
}
