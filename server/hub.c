/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hub.h"

#include <string.h>

#include "problem.h"

#define CHECK_INTERVAL 5   /* s between looks for old results */
#define MAX_FORGOTTEN 1000 /* ids */
#define MAX_KEPT 10000     /* results */

/* Follows a recording for the metrics. */
typedef struct {
  ServerHub *hub;
  guint position;
} Watch;

static void
count_windows (ServerRecording *recording, gpointer data)
{
  Watch *watch = data;
  GPtrArray *windows = server_recording_get_windows (recording, &watch->position);
  for (guint i = 0; i < windows->len; i++)
    server_metrics_count_window (watch->hub->metrics, recording, windows->pdata[i]);
  g_ptr_array_unref (windows);
  if (!server_recording_has_ended (recording))
    return;
  server_recording_unfollow (recording, count_windows, watch);
  g_free (watch);
}

void
server_hub_watch (ServerHub *self, ServerRecording *recording)
{
  Watch *watch = g_new0 (Watch, 1);
  watch->hub = self;
  server_recording_follow (recording, count_windows, watch);
}

static void
drop (ServerHub *self, GList *link)
{
  ServerRecording *recording = link->data;
  g_queue_push_head (&self->forgotten, g_strdup (recording->id));
  if (self->forgotten.length > MAX_FORGOTTEN)
    g_free (g_queue_pop_tail (&self->forgotten));
  g_queue_delete_link (&self->kept, link);
  server_recording_unref (recording);
}

/* From the newest to the oldest: each costs memory, and the last ones go. */
static gboolean
drop_old (gpointer data)
{
  ServerHub *self = data;
  const gint64 oldest = g_get_real_time () - self->config->keep;
  gsize size = 0;
  guint n = 0;
  for (GList *link = self->kept.head, *next; link; link = next) {
    ServerRecording *recording = link->data;
    next = link->next;
    size += server_recording_get_size (recording);
    const gint64 ended = server_recording_get_end (recording);
    if (ended > 0 && (ended < oldest || size > self->config->keep_memory || ++n > MAX_KEPT))
      drop (self, link);
  }
  return G_SOURCE_CONTINUE;
}

ServerHub *
server_hub_new (const ServerConfig *config, const ServerModels *models)
{
  ServerHub *self = g_new0 (ServerHub, 1);
  self->config = config;
  self->models = models;
  self->metrics = server_metrics_new ();
  g_queue_init (&self->kept);
  g_queue_init (&self->forgotten);
  self->timer = g_timeout_add_seconds (CHECK_INTERVAL, drop_old, self);
  return self;
}

void
server_hub_free (ServerHub *self)
{
  g_source_remove (self->timer);
  g_queue_clear_full (&self->kept, (GDestroyNotify)server_recording_unref);
  g_queue_clear_full (&self->forgotten, g_free);
  server_metrics_free (self->metrics);
  g_free (self);
}

void
server_hub_keep (ServerHub *self, ServerRecording *recording)
{
  g_queue_push_head (&self->kept, server_recording_ref (recording));
  drop_old (self);
}

ServerRecording *
server_hub_find (ServerHub *self, const char *id, GError **error)
{
  for (GList *link = self->kept.head; link; link = link->next)
    if (strcmp (((ServerRecording *)link->data)->id, id) == 0)
      return link->data;
  const gboolean forgotten =
      g_queue_find_custom (&self->forgotten, id, (GCompareFunc)strcmp) != NULL;
  g_set_error (error, SERVER_PROBLEM, forgotten ? SERVER_PROBLEM_GONE : SERVER_PROBLEM_NOT_FOUND,
               forgotten ? "the result %s was forgotten" : "there is no result %s", id);
  return NULL;
}

void
server_hub_forget (ServerHub *self, ServerRecording *recording)
{
  GList *link = g_queue_find (&self->kept, recording);
  if (link)
    drop (self, link);
}
