/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "element.h"

#include "core/base/error.h"
#include "model-info.h"

#define GST_CAT_DEFAULT gst_emotion_detect_debug

void
gst_emotion_detect_post_error (GstEmotionDetect *self, GstMessageType type, const GError *error)
{
  GQuark domain = GST_LIBRARY_ERROR;
  gint code = GST_LIBRARY_ERROR_INIT;
  if (error->domain != EMOTION_ERROR) {
    domain = error->domain;
    code = error->code;
  } else if (error->code == EMOTION_ERROR_NOT_FOUND) {
    domain = GST_RESOURCE_ERROR;
    code = GST_RESOURCE_ERROR_NOT_FOUND;
  } else if (error->code == EMOTION_ERROR_IO) {
    domain = GST_RESOURCE_ERROR;
    code = GST_RESOURCE_ERROR_OPEN_READ;
  }
  gst_element_message_full (GST_ELEMENT (self), type, domain, code, g_strdup (error->message), NULL,
                            __FILE__, GST_FUNCTION, __LINE__);
}

/* Posts `error` if there is one, and frees it. */
static void
warn_and_clear (GstEmotionDetect *self, GError **error)
{
  if (*error != NULL)
    gst_emotion_detect_post_error (self, GST_MESSAGE_WARNING, *error);
  g_clear_error (error);
}

static gboolean
is_started (GstEmotionDetect *self)
{
  g_mutex_lock (&self->build_lock);
  gboolean started = self->started;
  g_mutex_unlock (&self->build_lock);
  return started;
}

/* Warns of what is wrong with a property, if `error` (transfer full) is not NULL; before the element
 * is started only then, as nobody reads the bus while gst-launch builds its pipeline. */
static void
warn_of_property (GstEmotionDetect *self, GParamSpec *pspec, GError *error)
{
  gboolean started = is_started (self);
  GST_OBJECT_LOCK (self);
  if (error != NULL && !started)
    g_hash_table_insert (self->deferred_warnings, pspec, g_steal_pointer (&error));
  else
    g_hash_table_remove (self->deferred_warnings, pspec);
  GST_OBJECT_UNLOCK (self);
  warn_and_clear (self, &error);
}

static void
post_deferred_warnings (GstEmotionDetect *self)
{
  GHashTable *none = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_error_free);
  GHashTableIter iter;
  gpointer error;
  GST_OBJECT_LOCK (self);
  GHashTable *deferred_warnings = self->deferred_warnings;
  self->deferred_warnings = none;
  GST_OBJECT_UNLOCK (self);
  g_hash_table_iter_init (&iter, deferred_warnings);
  while (g_hash_table_iter_next (&iter, NULL, &error))
    gst_emotion_detect_post_error (self, GST_MESSAGE_WARNING, error);
  g_hash_table_unref (deferred_warnings);
}

/* --- Model and windows --- */

/* Makes `config`, whose ownership it takes, the element's, and hands `analysis` to the streaming
 * thread. With build_lock held. */
static void
commit (GstEmotionDetect *self, GstEmotionConfig *config, GstEmotionAnalysis *analysis)
{
  GstEmotionConfig old_config = self->config;
  GstEmotionAnalysis *old_pending;

  GST_OBJECT_LOCK (self);
  self->config = *config;
  old_pending = self->pending;
  self->pending = analysis;
  GST_OBJECT_UNLOCK (self);
  g_atomic_int_inc (&self->serial);

  gst_emotion_config_clear (&old_config);
  g_clear_pointer (&old_pending, gst_emotion_analysis_free);
}

/* Names a label of the priors that the model lacks. */
static void
warn_of_unknown_priors (GstEmotionDetect *self)
{
  GError *error = NULL;
  GST_OBJECT_LOCK (self);
  const char *unknown =
      self->config.model != NULL
          ? gst_emotion_priors_find_unknown (&self->requested.priors, self->config.model)
          : NULL;
  if (unknown != NULL)
    g_set_error (&error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
                 "The property \"priors\" names \"%s\", which is no label of %s and does not "
                 "count. Its labels are in the property \"model-info\".",
                 unknown, self->config.model_name);
  GST_OBJECT_UNLOCK (self);
  warn_and_clear (self, &error);
}

static guint64
at_least (const GValue *value, GParamSpec *pspec, guint64 least, GError **error)
{
  guint64 time = g_value_get_uint64 (value);
  if (time == 0 || time >= least)
    return time;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
               "The property \"%s\" of %" G_GUINT64_FORMAT " ns is raised to %" G_GUINT64_FORMAT
               " ns. It is in nanoseconds: a second is 1000000000.",
               pspec->name, time, least);
  return least;
}

/* An analysis for these caps. With build_lock held. */
static GstEmotionAnalysis *
make_analysis (GstEmotionDetect *self, const GstEmotionConfig *config,
               const GstEmotionFormat *format, GError **error)
{
  GstEmotionAnalysis *analysis = gst_emotion_analysis_new (config, format, error);
  if (analysis != NULL && config->interval > analysis->interval)
    GST_WARNING_OBJECT (self,
                        "interval of %" GST_TIME_FORMAT " cut to the window's %" GST_TIME_FORMAT,
                        GST_TIME_ARGS (config->interval), GST_TIME_ARGS (analysis->interval));
  return analysis;
}

/* Gives `config` the path and the model of `named`. With build_lock held. */
static void
take_model (GstEmotionDetect *self, GstEmotionConfig *config, GstEmotionConfig *named,
            GError **error)
{
  g_free (config->path);
  config->path = g_steal_pointer (&named->path);
  if (!self->started)
    return;
  gst_emotion_config_unload (config);
  config->model = g_steal_pointer (&named->model);
  config->model_name = g_steal_pointer (&named->model_name);
  if (config->model == NULL) /* started since it was asked */
    gst_emotion_config_load (config, error);
}

/* Sets a property that an analysis is made from. A running stream goes on as it is when that
 * fails. */
static void
reconfigure (GstEmotionDetect *self, guint property, const GValue *value, GParamSpec *pspec)
{
  GError *error = NULL, *raised = NULL;
  GstEmotionAnalysis *analysis = NULL;
  GstEmotionConfig config, named = {0};

  if (property == GST_EMOTION_PROP_MODEL) {
    named.path = g_value_dup_string (value);
    /* Without a lock: to stop and start the element need not wait for a large file. */
    if (is_started (self) && !gst_emotion_config_load (&named, &error)) {
      gst_emotion_config_clear (&named);
      warn_and_clear (self, &error);
      return;
    }
  }

  g_mutex_lock (&self->build_lock);
  gst_emotion_config_copy (&config, &self->config);
  if (property == GST_EMOTION_PROP_MODEL) {
    take_model (self, &config, &named, &error);
  } else if (property == GST_EMOTION_PROP_WINDOW) {
    config.window = at_least (value, pspec, EMOTION_MIN_WINDOW, &raised);
  } else if (property == GST_EMOTION_PROP_INTERVAL) {
    config.interval = at_least (value, pspec, EMOTION_MIN_INTERVAL, &raised);
  } else if (property == GST_EMOTION_PROP_MIN_WINDOW) {
    config.min_window = g_value_get_uint64 (value);
  } else if (property == GST_EMOTION_PROP_CHANNEL) {
    config.channel = (guint)g_value_get_int (value);
  } else {
    config.channel_mode = (GstEmotionChannelMode)g_value_get_enum (value);
  }

  if (error == NULL && self->format.rate != 0)
    analysis = make_analysis (self, &config, &self->format, &error);
  gboolean loaded = property == GST_EMOTION_PROP_MODEL && self->started && error == NULL;
  if (error == NULL)
    commit (self, &config, analysis);
  else
    gst_emotion_config_clear (&config);
  g_mutex_unlock (&self->build_lock);

  gst_emotion_config_clear (&named);
  warn_of_property (self, pspec, raised);
  warn_and_clear (self, &error);
  if (loaded) {
    g_object_notify (G_OBJECT (self), "model-info");
    warn_of_unknown_priors (self);
  }
}

GstEmotionAnalysis *
gst_emotion_detect_build (GstEmotionDetect *self, const GstEmotionFormat *format)
{
  GError *error = NULL;
  g_mutex_lock (&self->build_lock);
  GstEmotionAnalysis *analysis = make_analysis (self, &self->config, format, &error);
  if (analysis != NULL) {
    self->format = *format;
    GST_OBJECT_LOCK (self);
    GstEmotionAnalysis *old_pending = g_steal_pointer (&self->pending);
    GST_OBJECT_UNLOCK (self);
    g_clear_pointer (&old_pending, gst_emotion_analysis_free);
  }
  g_mutex_unlock (&self->build_lock);

  if (error != NULL)
    gst_emotion_detect_post_error (self, GST_MESSAGE_ERROR, error);
  g_clear_error (&error);
  return analysis;
}

/* --- Dump --- */

static gboolean
is_set (const char *path)
{
  return path != NULL && *path != '\0';
}

/* Hands `dump`, which may be NULL, to the streaming thread, and completes the one before. */
static void
replace_dump (GstEmotionDetect *self, GstEmotionDump *dump, GError **error)
{
  g_mutex_lock (&self->dump_lock);
  GstEmotionDump *old = self->dump;
  self->dump = dump;
  g_mutex_unlock (&self->dump_lock);
  if (old != NULL)
    gst_emotion_dump_close (old, error);
}

static void
set_dump_path (GstEmotionDetect *self, const char *path)
{
  GstEmotionDump *dump = NULL;
  GError *error = NULL;

  g_mutex_lock (&self->build_lock);
  if (self->started && is_set (path))
    dump = gst_emotion_dump_new (path, &error);
  if (error == NULL) {
    char *new_path = g_strdup (path), *old_path;
    GST_OBJECT_LOCK (self);
    old_path = self->dump_path;
    self->dump_path = new_path;
    GST_OBJECT_UNLOCK (self);
    g_free (old_path);
    replace_dump (self, dump, &error);
  }
  g_mutex_unlock (&self->build_lock);
  warn_and_clear (self, &error);
}

/* What the dump calls the stream: its file, or its URI, or else its id. */
static const char *
get_stream_name (GstEmotionDetect *self)
{
  if (self->stream_name != NULL)
    return self->stream_name;
  GstQuery *query = gst_query_new_uri ();
  char *uri = NULL;
  if (gst_pad_peer_query (GST_BASE_TRANSFORM_SINK_PAD (self), query))
    gst_query_parse_uri (query, &uri);
  gst_query_unref (query);
  if (uri != NULL)
    self->stream_name = g_filename_from_uri (uri, NULL, NULL);
  if (self->stream_name == NULL)
    self->stream_name = g_strdup (uri != NULL ? uri : self->stream_id);
  g_free (uri);
  return self->stream_name;
}

static gboolean
write_row (GstEmotionDetect *self, const GstEmotionResult *result, const char *name, GError **error)
{
  char *channel_name = NULL;
  if (result->analysis->n_channels > 1)
    name = channel_name = g_strdup_printf ("%s#channel=%d", name, result->channel->index);
  gboolean written = gst_emotion_dump_write (
      self->dump, emotion_model_get_features (result->analysis->model), name, result->start,
      (double)result->output->length / self->stream.clock.rate, result->output->features, error);
  g_free (channel_name);
  return written;
}

static gboolean
is_dumping (GstEmotionDetect *self)
{
  g_mutex_lock (&self->dump_lock);
  gboolean dumping = self->dump != NULL;
  g_mutex_unlock (&self->dump_lock);
  return dumping;
}

void
gst_emotion_detect_dump (GstEmotionDetect *self, const GstEmotionResult *result)
{
  GError *error = NULL;
  GstEmotionDump *broken = NULL;
  if (!is_dumping (self))
    return;
  const char *name = get_stream_name (self); /* asks upstream, hence without a lock */
  g_mutex_lock (&self->dump_lock);
  if (self->dump != NULL && !write_row (self, result, name, &error))
    broken = g_steal_pointer (&self->dump);
  g_mutex_unlock (&self->dump_lock);
  if (broken == NULL)
    return;
  gst_emotion_dump_close (broken, NULL);
  gst_emotion_detect_post_error (self, GST_MESSAGE_WARNING, error);
  g_error_free (error);
}

/* --- Properties --- */

static void
set_priors (GstEmotionDetect *self, const GValue *value, GParamSpec *pspec)
{
  GError *error = NULL;
  GstEmotionPriors priors;
  if (gst_emotion_priors_parse (&priors, g_value_get_boxed (value), &error)) {
    GST_OBJECT_LOCK (self);
    self->requested.priors = priors;
    GST_OBJECT_UNLOCK (self);
    g_atomic_int_inc (&self->serial);
    warn_of_unknown_priors (self);
  }
  warn_of_property (self, pspec, error);
}

void
gst_emotion_detect_set_property (GObject *object, guint property, const GValue *value,
                                 GParamSpec *pspec)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);
  gboolean known;

  switch (property) {
  case GST_EMOTION_PROP_MODEL:
  case GST_EMOTION_PROP_WINDOW:
  case GST_EMOTION_PROP_INTERVAL:
  case GST_EMOTION_PROP_MIN_WINDOW:
  case GST_EMOTION_PROP_CHANNEL_MODE:
  case GST_EMOTION_PROP_CHANNEL:
    reconfigure (self, property, value, pspec);
    break;
  case GST_EMOTION_PROP_PRIORS:
    set_priors (self, value, pspec);
    break;
  case GST_EMOTION_PROP_DUMP_FEATURES:
    set_dump_path (self, g_value_get_string (value));
    break;
  default:
    GST_OBJECT_LOCK (self);
    known = gst_emotion_settings_set (&self->requested, property, value);
    GST_OBJECT_UNLOCK (self);
    g_atomic_int_inc (&self->serial);
    if (!known)
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
  }
}

static void
get_model_info (GstEmotionDetect *self, GValue *value)
{
  GstEmotionConfig config;
  GST_OBJECT_LOCK (self);
  gst_emotion_config_copy (&config, &self->config);
  GST_OBJECT_UNLOCK (self);
  if (config.model != NULL)
    g_value_take_boxed (value, gst_emotion_model_info_new (config.model, config.model_name));
  gst_emotion_config_clear (&config);
}

void
gst_emotion_detect_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);

  if (property == GST_EMOTION_PROP_MODEL_INFO) {
    get_model_info (self, value);
    return;
  }
  GST_OBJECT_LOCK (self);
  switch (property) {
  case GST_EMOTION_PROP_MODEL:
    g_value_set_string (value, self->config.path);
    break;
  case GST_EMOTION_PROP_WINDOW:
    g_value_set_uint64 (value, self->config.window);
    break;
  case GST_EMOTION_PROP_INTERVAL:
    g_value_set_uint64 (value, self->config.interval);
    break;
  case GST_EMOTION_PROP_MIN_WINDOW:
    g_value_set_uint64 (value, self->config.min_window);
    break;
  case GST_EMOTION_PROP_CHANNEL_MODE:
    g_value_set_enum (value, (gint)self->config.channel_mode);
    break;
  case GST_EMOTION_PROP_CHANNEL:
    g_value_set_int (value, (gint)self->config.channel);
    break;
  case GST_EMOTION_PROP_DUMP_FEATURES:
    g_value_set_string (value, self->dump_path);
    break;
  case GST_EMOTION_PROP_LAST_EMOTION:
    g_value_set_string (value, self->last_emotion == 0 ? GST_EMOTION_NONE
                                                       : g_quark_to_string (self->last_emotion));
    break;
  case GST_EMOTION_PROP_LAST_CONFIDENCE:
    g_value_set_double (value, self->last_confidence);
    break;
  default:
    if (!gst_emotion_settings_get (&self->requested, property, value))
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

void
gst_emotion_detect_remember (GstEmotionDetect *self, GQuark emotion, double confidence)
{
  GST_OBJECT_LOCK (self);
  gboolean new_emotion = self->last_emotion != emotion;
  gboolean new_confidence = self->last_confidence != confidence;
  self->last_emotion = emotion;
  self->last_confidence = confidence;
  GST_OBJECT_UNLOCK (self);

  if (new_emotion)
    g_object_notify (G_OBJECT (self), "last-emotion");
  if (new_confidence)
    g_object_notify (G_OBJECT (self), "last-confidence");
}

/* --- States --- */

gboolean
gst_emotion_detect_load (GstEmotionDetect *self)
{
  GError *error = NULL;
  GstEmotionConfig config;
  GstEmotionDump *dump = NULL;

  g_mutex_lock (&self->build_lock);
  gst_emotion_config_copy (&config, &self->config);
  self->started = gst_emotion_config_load (&config, &error);
  if (self->started && is_set (self->dump_path)) {
    dump = gst_emotion_dump_new (self->dump_path, &error);
    self->started = dump != NULL;
  }
  if (self->started) {
    GST_INFO_OBJECT (self, "model %s", config.model_name);
    commit (self, &config, NULL);
    replace_dump (self, dump, NULL);
  } else {
    gst_emotion_config_clear (&config);
  }
  g_mutex_unlock (&self->build_lock);

  if (error != NULL) {
    gst_emotion_detect_post_error (self, GST_MESSAGE_ERROR, error);
    g_error_free (error);
    return FALSE;
  }
  gst_emotion_detect_remember (self, 0, 0);
  g_object_notify (G_OBJECT (self), "model-info");
  post_deferred_warnings (self);
  warn_of_unknown_priors (self);
  return TRUE;
}

void
gst_emotion_detect_unload (GstEmotionDetect *self)
{
  GError *error = NULL;
  GstEmotionConfig config;

  g_mutex_lock (&self->build_lock);
  self->started = FALSE;
  self->format = (GstEmotionFormat){0};
  gst_emotion_config_copy (&config, &self->config);
  gst_emotion_config_unload (&config);
  commit (self, &config, NULL);
  replace_dump (self, NULL, &error);
  g_mutex_unlock (&self->build_lock);
  warn_and_clear (self, &error);
  g_object_notify (G_OBJECT (self), "model-info");
}
