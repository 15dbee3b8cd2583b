/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trials-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "candidate-settings.h"
#include "training/base/error.h"

struct _TrainingTrials {
  FILE *stream;
  char *path;
  int failure; /* errno of the first write that failed */
};

static void
fail (const TrainingTrials *self, int failure, GError **error)
{
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT, "cannot write %s: %s", self->path,
               g_strerror (failure));
}

TrainingTrials *
training_trials_open (const char *path, GError **error)
{
  TrainingTrials *self = g_new0 (TrainingTrials, 1);
  self->path = g_strdup (path);
  self->stream = g_fopen (path, "we");
  if (self->stream) {
    setvbuf (self->stream, NULL, _IONBF, 0); /* each line is there at once */
  } else {
    fail (self, errno, error);
    training_trials_close (g_steal_pointer (&self), NULL);
  }
  return self;
}

/* A number, or null for NaN. */
static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
begin (const char *event, TrainingRun run)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "event", event);
  json_object_set_string_member (object, "run", run.name);
  if (run.fold > 0)
    json_object_set_int_member (object, "fold", run.fold);
  else
    json_object_set_null_member (object, "fold");
  return object;
}

/* Writes the line whole or, to a file, not at all; returns errno. */
static int
put_line (TrainingTrials *self, const char *line)
{
  const gsize size = strlen (line);
  const off_t start = ftello (self->stream);
  errno = 0;
  if (fwrite (line, 1, size, self->stream) == size)
    return 0;
  const int failure = errno ? errno : EIO;
  /* On a device this fails: there is nothing to take back. */
  G_GNUC_UNUSED const int status = ftruncate (fileno (self->stream), start);
  return failure;
}

/* Takes `object`. */
static void
write_line (TrainingTrials *self, JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  char *text = json_to_string (node, FALSE), *line = g_strconcat (text, "\n", NULL);
  if (self->failure == 0 && (self->failure = put_line (self, line)) != 0)
    g_printerr ("emotion-train: cannot write %s: %s; the training continues\n", self->path,
                g_strerror (self->failure));
  g_free (line);
  g_free (text);
  json_node_unref (node);
}

void
training_trials_add (TrainingTrials *self, TrainingRun run, const TrainingTrialLine *line)
{
  if (!self)
    return;
  JsonObject *object = begin ("trial", run);
  JsonArray *fold_scores = json_array_new ();
  for (guint i = 0; i < line->n_folds; i++)
    if (isfinite (line->fold_scores[i]))
      json_array_add_double_element (fold_scores, line->fold_scores[i]);
    else
      json_array_add_null_element (fold_scores);
  json_object_set_int_member (object, "trial", line->trial);
  json_object_set_int_member (object, "of", line->n_trials);
  json_object_set_string_member (object, "classifier",
                                 training_kind_to_string (line->candidate->kind));
  json_object_set_object_member (object, "settings",
                                 training_candidate_settings_to_json (line->candidate));
  json_object_set_string_member (object, "scoring", line->scoring);
  set_number (object, "score", line->score);
  json_object_set_array_member (object, "fold_scores", fold_scores);
  json_object_set_boolean_member (object, "best_so_far", line->best_so_far);
  json_object_set_string_member (object, "error", line->failure); /* NULL becomes null */
  write_line (self, object);
}

void
training_trials_choose (TrainingTrials *self, TrainingRun run, const TrainingChoiceLine *line)
{
  if (!self)
    return;
  JsonObject *object = begin ("choice", run);
  JsonArray *trials = json_array_new ();
  for (guint i = 0; i < line->n_trials; i++)
    json_array_add_int_element (trials, line->trials[i] + 1);
  json_object_set_array_member (object, "chosen", trials);
  json_object_set_string_member (object, "description", line->description);
  json_object_set_string_member (object, "scoring", line->scoring);
  set_number (object, "score", line->score);
  set_number (object, "adaptive_score", line->adaptive_score);
  write_line (self, object);
}

gboolean
training_trials_close (TrainingTrials *self, GError **error)
{
  if (!self)
    return TRUE;
  if (self->stream && fclose (self->stream) != 0 && self->failure == 0)
    self->failure = errno;
  const gboolean ok = self->failure == 0;
  if (!ok)
    fail (self, self->failure, error);
  g_free (self->path);
  g_free (self);
  return ok;
}
