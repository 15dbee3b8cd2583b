/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "control.h"

#include "core/emotion.h"

GST_DEBUG_CATEGORY_EXTERN (gst_emotion_detect_debug);
#define GST_CAT_DEFAULT gst_emotion_detect_debug

static GHashTable *
new_deferred_warnings (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_error_free);
}

void
gst_emotion_control_init (GstEmotionControl *self, GstElement *element, GstPad *sinkpad)
{
  self->element = element;
  g_mutex_init (&self->build_lock);
  gst_emotion_settings_init (&self->settings);
  self->deferred_warnings = new_deferred_warnings ();
  gst_emotion_dumper_init (&self->dumper, sinkpad);
}

void
gst_emotion_control_clear (GstEmotionControl *self)
{
  gst_emotion_config_clear (&self->config);
  g_free (self->dump_path);
  g_hash_table_unref (self->deferred_warnings);
  g_mutex_clear (&self->build_lock);
  gst_emotion_dumper_clear (&self->dumper);
}

/* --- Errors and warnings --- */

/* Posts `error` as an error or a warning of the element. Call it without a lock. */
static void
post (GstEmotionControl *self, GstMessageType type, const GError *error)
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
  gst_element_message_full (self->element, type, domain, code, g_strdup (error->message), NULL,
                            __FILE__, GST_FUNCTION, __LINE__);
}

void
gst_emotion_control_warn (GstEmotionControl *self, GError *error)
{
  if (error != NULL)
    post (self, GST_MESSAGE_WARNING, error);
  g_clear_error (&error);
}

static gboolean
is_started (GstEmotionControl *self)
{
  g_mutex_lock (&self->build_lock);
  gboolean started = self->started;
  g_mutex_unlock (&self->build_lock);
  return started;
}

void
gst_emotion_control_warn_of_property (GstEmotionControl *self, GParamSpec *pspec, GError *error)
{
  gboolean started = is_started (self);
  GST_OBJECT_LOCK (self->element);
  if (error != NULL && !started)
    g_hash_table_insert (self->deferred_warnings, pspec, g_steal_pointer (&error));
  else
    g_hash_table_remove (self->deferred_warnings, pspec);
  GST_OBJECT_UNLOCK (self->element);
  gst_emotion_control_warn (self, error);
}

static void
post_deferred_warnings (GstEmotionControl *self)
{
  GHashTable *none = new_deferred_warnings ();
  GHashTableIter iter;
  gpointer error;
  GST_OBJECT_LOCK (self->element);
  GHashTable *deferred = self->deferred_warnings;
  self->deferred_warnings = none;
  GST_OBJECT_UNLOCK (self->element);
  g_hash_table_iter_init (&iter, deferred);
  while (g_hash_table_iter_next (&iter, NULL, &error))
    post (self, GST_MESSAGE_WARNING, error);
  g_hash_table_unref (deferred);
}

/* --- Model and windows --- */

/* Makes `config` the configuration and `analysis` the pending one; takes ownership of both. With
 * build_lock held. */
static void
store (GstEmotionControl *self, GstEmotionConfig *config, GstEmotionAnalysis *analysis)
{
  GstEmotionConfig old_config = self->config;
  GstEmotionAnalysis *old_pending;

  GST_OBJECT_LOCK (self->element);
  self->config = *config;
  old_pending = self->pending;
  self->pending = analysis;
  GST_OBJECT_UNLOCK (self->element);
  g_atomic_int_inc (&self->serial);

  gst_emotion_config_clear (&old_config);
  g_clear_pointer (&old_pending, gst_emotion_analysis_free);
}

/* Warns of a label in the priors that the model lacks. */
static void
warn_of_unknown_priors (GstEmotionControl *self)
{
  GError *error = NULL;
  GST_OBJECT_LOCK (self->element);
  const char *unknown =
      self->config.model != NULL
          ? gst_emotion_priors_find_unknown (&self->settings.priors, self->config.model)
          : NULL;
  if (unknown != NULL)
    g_set_error (
        &error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "The label \"%s\" in the property \"priors\" is ignored: the model %s does not have it. "
        "The property \"model-info\" lists its labels.",
        unknown, self->config.model_name);
  GST_OBJECT_UNLOCK (self->element);
  gst_emotion_control_warn (self, error);
}

/* With build_lock held. */
static GstEmotionAnalysis *
make_analysis (GstEmotionControl *self, const GstEmotionConfig *config,
               const GstEmotionFormat *format, GError **error)
{
  GstEmotionAnalysis *analysis = gst_emotion_analysis_new (config, format, error);
  if (analysis != NULL && config->interval > analysis->interval)
    GST_WARNING_OBJECT (
        self->element, "interval of %" GST_TIME_FORMAT " reduced to the window's %" GST_TIME_FORMAT,
        GST_TIME_ARGS (config->interval), GST_TIME_ARGS (analysis->interval));
  return analysis;
}

void
gst_emotion_control_begin (GstEmotionControl *self, GstEmotionConfig *config)
{
  g_mutex_lock (&self->build_lock);
  gst_emotion_config_copy (config, &self->config);
}

gboolean
gst_emotion_control_commit (GstEmotionControl *self, GstEmotionConfig *config, GError **error)
{
  GstEmotionAnalysis *analysis = NULL;
  gboolean built = TRUE;
  if (self->format.rate != 0) {
    analysis = make_analysis (self, config, &self->format, error);
    built = analysis != NULL;
  }
  if (built)
    store (self, config, analysis);
  else
    gst_emotion_config_clear (config);
  g_mutex_unlock (&self->build_lock);
  return built;
}

/* Moves the path and the model of `named` to `config`. With build_lock held. */
static gboolean
take_model (GstEmotionControl *self, GstEmotionConfig *config, GstEmotionConfig *named,
            GError **error)
{
  g_free (config->path);
  config->path = g_steal_pointer (&named->path);
  if (!self->started)
    return TRUE;
  gst_emotion_config_unload (config);
  config->model = g_steal_pointer (&named->model);
  config->model_name = g_steal_pointer (&named->model_name);
  /* The model is missing if the element has been started since is_started() was asked. */
  return config->model != NULL || gst_emotion_config_load (config, error);
}

void
gst_emotion_control_set_model (GstEmotionControl *self, const char *path)
{
  GError *error = NULL;
  GstEmotionConfig config, named = {.path = g_strdup (path)};

  /* Without a lock: a large file must not delay the start or the stop of the element. */
  if (is_started (self) && !gst_emotion_config_load (&named, &error)) {
    gst_emotion_config_clear (&named);
    gst_emotion_control_warn (self, error);
    return;
  }

  gst_emotion_control_begin (self, &config);
  gboolean loaded = FALSE;
  if (take_model (self, &config, &named, &error)) {
    gboolean started = self->started;
    loaded = gst_emotion_control_commit (self, &config, &error) && started;
  } else {
    gst_emotion_config_clear (&config);
    g_mutex_unlock (&self->build_lock);
  }

  gst_emotion_config_clear (&named);
  gst_emotion_control_warn (self, error);
  if (loaded) {
    g_object_notify (G_OBJECT (self->element), "model-info");
    warn_of_unknown_priors (self);
  }
}

void
gst_emotion_control_set_priors (GstEmotionControl *self, const GstEmotionPriors *priors)
{
  GST_OBJECT_LOCK (self->element);
  self->settings.priors = *priors;
  GST_OBJECT_UNLOCK (self->element);
  g_atomic_int_inc (&self->serial);
  warn_of_unknown_priors (self);
}

GstEmotionAnalysis *
gst_emotion_control_build (GstEmotionControl *self, const GstEmotionFormat *format)
{
  GError *error = NULL;
  g_mutex_lock (&self->build_lock);
  GstEmotionAnalysis *analysis = make_analysis (self, &self->config, format, &error);
  if (analysis != NULL) {
    self->format = *format;
    GST_OBJECT_LOCK (self->element);
    GstEmotionAnalysis *old_pending = g_steal_pointer (&self->pending);
    GST_OBJECT_UNLOCK (self->element);
    g_clear_pointer (&old_pending, gst_emotion_analysis_free);
  }
  g_mutex_unlock (&self->build_lock);

  if (error != NULL)
    post (self, GST_MESSAGE_ERROR, error);
  g_clear_error (&error);
  return analysis;
}

/* --- The streaming thread --- */

gboolean
gst_emotion_control_take_changes (GstEmotionControl *self, GstEmotionSettings *settings,
                                  GstEmotionAnalysis **analysis)
{
  gint serial = g_atomic_int_get (&self->serial);
  if (serial == self->seen_serial)
    return FALSE;
  self->seen_serial = serial;

  GST_OBJECT_LOCK (self->element);
  *settings = self->settings;
  *analysis = g_steal_pointer (&self->pending);
  GST_OBJECT_UNLOCK (self->element);
  return TRUE;
}

void
gst_emotion_control_set_last (GstEmotionControl *self, GQuark emotion, double confidence)
{
  GST_OBJECT_LOCK (self->element);
  gboolean new_emotion = self->last_emotion != emotion;
  gboolean new_confidence = self->last_confidence != confidence;
  self->last_emotion = emotion;
  self->last_confidence = confidence;
  GST_OBJECT_UNLOCK (self->element);

  if (new_emotion)
    g_object_notify (G_OBJECT (self->element), "last-emotion");
  if (new_confidence)
    g_object_notify (G_OBJECT (self->element), "last-confidence");
}

void
gst_emotion_control_dump (GstEmotionControl *self, const GstEmotionResult *result,
                          const char *stream_id)
{
  GError *error = NULL;
  if (!gst_emotion_dumper_write (&self->dumper, result, stream_id, &error))
    gst_emotion_control_warn (self, error);
}

/* --- Dump --- */

/* Opens a dump, or none if the path is not set. */
static gboolean
open_dump (const char *path, GstEmotionDump **dump, GError **error)
{
  *dump = NULL;
  if (path == NULL || *path == '\0')
    return TRUE;
  *dump = gst_emotion_dump_new (path, error);
  return *dump != NULL;
}

void
gst_emotion_control_set_dump_path (GstEmotionControl *self, const char *path)
{
  GstEmotionDump *dump = NULL;
  GError *error = NULL;

  g_mutex_lock (&self->build_lock);
  if (!self->started || open_dump (path, &dump, &error)) {
    char *new_path = g_strdup (path), *old_path;
    GST_OBJECT_LOCK (self->element);
    old_path = self->dump_path;
    self->dump_path = new_path;
    GST_OBJECT_UNLOCK (self->element);
    g_free (old_path);
    gst_emotion_dumper_replace (&self->dumper, dump, &error);
  }
  g_mutex_unlock (&self->build_lock);
  gst_emotion_control_warn (self, error);
}

/* --- States --- */

gboolean
gst_emotion_control_start (GstEmotionControl *self)
{
  GError *error = NULL;
  GstEmotionConfig config;
  GstEmotionDump *dump = NULL;

  gst_emotion_control_begin (self, &config);
  self->started =
      gst_emotion_config_load (&config, &error) && open_dump (self->dump_path, &dump, &error);
  if (self->started) {
    GST_INFO_OBJECT (self->element, "model %s", config.model_name);
    store (self, &config, NULL);
    gst_emotion_dumper_replace (&self->dumper, dump, NULL);
  } else {
    gst_emotion_config_clear (&config);
  }
  g_mutex_unlock (&self->build_lock);

  if (error != NULL) {
    post (self, GST_MESSAGE_ERROR, error);
    g_error_free (error);
    return FALSE;
  }
  gst_emotion_control_set_last (self, 0, 0);
  g_object_notify (G_OBJECT (self->element), "model-info");
  post_deferred_warnings (self);
  warn_of_unknown_priors (self);
  return TRUE;
}

void
gst_emotion_control_stop (GstEmotionControl *self)
{
  GError *error = NULL;
  GstEmotionConfig config;

  gst_emotion_control_begin (self, &config);
  self->started = FALSE;
  self->format = (GstEmotionFormat){0};
  gst_emotion_config_unload (&config);
  store (self, &config, NULL);
  gst_emotion_dumper_replace (&self->dumper, NULL, &error);
  g_mutex_unlock (&self->build_lock);
  gst_emotion_control_warn (self, error);
  g_object_notify (G_OBJECT (self->element), "model-info");
}
