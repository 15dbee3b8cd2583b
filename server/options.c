/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <string.h>

#include "problem.h"

#define MAX_NAME 200 /* characters */
#define MIN_SECONDS 0.1
#define MAX_SECONDS 60

static gboolean
refuse (GError **error, const char *name, const char *text, const char *advice)
{
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION, "%s=%s: %s", name, text, advice);
  return FALSE;
}

gboolean
server_options_read_flag (GHashTable *texts, const char *name, gboolean *flag, GError **error)
{
  const char *text = g_hash_table_lookup (texts, name);
  *flag = text && (strcmp (text, "1") == 0 || strcmp (text, "true") == 0);
  if (text && !*flag && strcmp (text, "0") != 0 && strcmp (text, "false") != 0)
    return refuse (error, name, text, "use 1 or 0");
  return TRUE;
}

static gboolean
read_seconds (GHashTable *texts, const char *name, guint64 *time, GError **error)
{
  const char *text = g_hash_table_lookup (texts, name);
  char *end;
  if (!text)
    return TRUE;
  const double seconds = g_ascii_strtod (text, &end);
  if (end == text || *end || !(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS))
    return refuse (error, name, text, "use seconds from 0.1 to 60");
  *time = (guint64)(seconds * GST_SECOND + 0.5);
  return TRUE;
}

double
server_options_get_interval (const ServerOptions *self)
{
  return self->interval ? (double)self->interval / GST_SECOND : self->model->interval;
}

static gboolean
read_windows (ServerOptions *self, GHashTable *texts, GError **error)
{
  if (!read_seconds (texts, "window", &self->window, error) ||
      !read_seconds (texts, "interval", &self->interval, error))
    return FALSE;
  const double window = self->window ? (double)self->window / GST_SECOND : self->model->window;
  if (server_options_get_interval (self) > window)
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION,
                 "the interval of %g s must not be longer than the window of %g s",
                 server_options_get_interval (self), window);
  return server_options_get_interval (self) <= window;
}

static gboolean
read_adaptation (ServerOptions *self, GHashTable *texts, GError **error)
{
  const char *text = g_hash_table_lookup (texts, "adaptation");
  self->adapt = !text || strcmp (text, "running") == 0;
  return self->adapt || strcmp (text, "none") == 0 ||
         refuse (error, "adaptation", text, "use running or none");
}

static gboolean
read_priors (ServerOptions *self, GHashTable *texts, GError **error)
{
  const char *text = g_hash_table_lookup (texts, "priors");
  if (!text || strcmp (text, "model") == 0)
    return TRUE;
  self->priors = server_model_parse_priors (self->model, text, error);
  self->priors_text = g_strdup (text);
  return self->priors != NULL;
}

ServerOptions *
server_options_new (const ServerModels *models, GHashTable *texts, GError **error)
{
  const ServerModel *model =
      server_models_find (models, g_hash_table_lookup (texts, "model"), error);
  if (!model)
    return NULL;
  ServerOptions *self = g_new0 (ServerOptions, 1);
  const char *name = g_hash_table_lookup (texts, "name");
  self->model = model;
  if (name) {
    char *valid = g_utf8_make_valid (name, -1);
    self->name = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_NAME));
    g_free (valid);
  }
  if (read_priors (self, texts, error) && read_adaptation (self, texts, error) &&
      read_windows (self, texts, error) &&
      server_options_read_flag (texts, "peaks", &self->peaks, error) &&
      server_options_read_flag (texts, "spectrogram", &self->spectrogram, error) &&
      server_options_read_flag (texts, "keep", &self->keep, error) &&
      server_options_read_flag (texts, "stream", &self->stream, error))
    return self;
  server_options_free (self);
  return NULL;
}

void
server_options_free (ServerOptions *self)
{
  if (!self)
    return;
  g_free (self->name);
  g_free (self->priors_text);
  g_clear_pointer (&self->priors, gst_structure_free);
  g_free (self);
}

/* neutral=0.7,sad=0.1 */
static char *
join_priors (JsonObject *priors)
{
  GString *text = g_string_new (NULL);
  JsonObjectIter iter;
  const char *label;
  JsonNode *value;
  json_object_iter_init (&iter, priors);
  while (json_object_iter_next (&iter, &label, &value)) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    const GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : 0;
    const double prior =
        type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (value) : -1;
    g_string_append_printf (text, "%s%s=%s", text->len ? "," : "", label,
                            g_ascii_formatd (digits, sizeof digits, "%f", prior));
  }
  return g_string_free (text, FALSE);
}

GHashTable *
server_options_read_json (JsonObject *object)
{
  GHashTable *texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node)) {
    char *text = NULL;
    if (JSON_NODE_HOLDS_OBJECT (node) && strcmp (name, "priors") == 0) {
      text = join_priors (json_node_get_object (node));
    } else if (JSON_NODE_HOLDS_VALUE (node)) {
      text = json_node_get_value_type (node) == G_TYPE_STRING
                 ? g_strdup (json_node_get_string (node))
                 : json_to_string (node, FALSE);
    }
    if (text)
      g_hash_table_insert (texts, g_strdup (name), text);
  }
  return texts;
}

ServerRecording *
server_options_make_recording (const ServerOptions *self, ServerRecordingKind kind)
{
  ServerSound *sound =
      self->peaks || self->spectrogram ? server_sound_new (self->peaks, self->spectrogram) : NULL;
  return server_recording_new (kind, self->model, server_options_get_interval (self), self->name,
                               self->priors_text, sound);
}

static GstElement *
make_detector (const ServerOptions *self)
{
  GstElement *detector = gst_element_factory_make ("emotiondetect", NULL);
  if (!detector)
    return NULL;
  g_object_set (detector, "model", self->model->path, "post-tags", FALSE, "priors", self->priors,
                "window", self->window, "interval", self->interval, NULL);
  gst_util_set_object_arg (G_OBJECT (detector), "adaptation", self->adapt ? "running" : "none");
  return detector;
}

GstElement *
server_options_make_sink (const ServerOptions *self, ServerSound *sound, gboolean queue)
{
  GstElement *entry = gst_element_factory_make (queue ? "queue" : "identity", NULL);
  GstElement *detector = make_detector (self);
  GstElement *sink =
      sound ? server_sound_make_sink (sound) : gst_element_factory_make ("fakesink", NULL);
  if (!entry || !detector || !sink) {
    g_clear_object (&entry);
    g_clear_object (&detector);
    g_clear_object (&sink);
    return NULL;
  }
  GstElement *bin = gst_bin_new (NULL);
  if (!sound)
    g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (bin), entry, detector, sink, NULL);
  gst_element_link_many (entry, detector, sink, NULL);
  GstPad *pad = gst_element_get_static_pad (entry, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));
  gst_object_unref (pad);
  return bin;
}
