/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timing.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "output.h"

struct _TrainingTiming {
  GDateTime *started;
  gint64 start, last; /* us, monotonic */
  JsonObject *stages;
};

TrainingTiming *
training_timing_new (void)
{
  TrainingTiming *self = g_new0 (TrainingTiming, 1);
  self->started = g_date_time_new_now_utc ();
  self->start = self->last = g_get_monotonic_time ();
  self->stages = json_object_new ();
  return self;
}

void
training_timing_free (TrainingTiming *self)
{
  if (!self)
    return;
  g_date_time_unref (self->started);
  json_object_unref (self->stages);
  g_free (self);
}

static double
seconds (gint64 from, gint64 to)
{
  return round ((double)(to - from) / 1e3) / 1e3; /* to the ms */
}

void
training_timing_mark (TrainingTiming *self, const char *stage)
{
  const gint64 now = g_get_monotonic_time ();
  json_object_set_double_member (self->stages, stage, seconds (self->last, now));
  self->last = now;
}

gboolean
training_timing_write (const TrainingTiming *self, guint jobs, guint feature_jobs, const char *path,
                       GError **error)
{
  const guint cores = g_get_num_processors ();
  JsonObject *root = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  char *started = g_date_time_format_iso8601 (self->started);
  json_object_set_string_member (root, "started", started);
  json_object_set_string_member (root, "host", g_get_host_name ());
  json_object_set_int_member (root, "cores", cores);
  json_object_set_int_member (root, "jobs", jobs ? jobs : cores);
  json_object_set_int_member (root, "feature_jobs", feature_jobs ? feature_jobs : cores);
  json_object_set_object_member (root, "stages", json_object_ref (self->stages));
  json_object_set_double_member (root, "total", seconds (self->start, self->last));
  json_node_take_object (node, root);
  char *text = json_to_string (node, TRUE), *line = g_strconcat (text, "\n", NULL);
  gboolean ok = training_output_save (path, line, strlen (line), error);
  g_free (line);
  g_free (text);
  g_free (started);
  json_node_unref (node);
  return ok;
}
