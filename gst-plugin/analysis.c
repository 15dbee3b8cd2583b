/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis.h"

#include "model-lookup.h"

void
gst_emotion_config_copy (GstEmotionConfig *to, const GstEmotionConfig *from)
{
  *to = *from;
  to->path = g_strdup (from->path);
  to->model_name = g_strdup (from->model_name);
  if (from->model != NULL)
    emotion_model_ref (from->model);
}

void
gst_emotion_config_unload (GstEmotionConfig *self)
{
  g_clear_pointer (&self->model, emotion_model_unref);
  g_clear_pointer (&self->model_name, g_free);
}

void
gst_emotion_config_clear (GstEmotionConfig *self)
{
  gst_emotion_config_unload (self);
  g_clear_pointer (&self->path, g_free);
}

gboolean
gst_emotion_config_load (GstEmotionConfig *self, GError **error)
{
  char *found = NULL;
  gst_emotion_config_unload (self);
  self->model = gst_emotion_model_lookup (self->path, &found, error);
  if (self->model == NULL)
    return FALSE;
  self->model_name = g_filename_display_basename (found);
  g_free (found);
  return TRUE;
}

GstEmotionAnalysis *
gst_emotion_analysis_new (const GstEmotionConfig *config, guint rate, guint channels,
                          GError **error)
{
  EmotionDetectorConfig detector_config;
  emotion_detector_config_init (&detector_config);
  detector_config.rate = rate;
  detector_config.channels = channels;
  detector_config.window = config->window;
  detector_config.interval = config->interval;

  EmotionDetector *detector = emotion_detector_new (config->model, &detector_config, error);
  if (detector == NULL)
    return NULL;
  GstEmotionAnalysis *self = g_new0 (GstEmotionAnalysis, 1);
  self->detector = detector;
  self->model_name = g_strdup (config->model_name);
  return self;
}

void
gst_emotion_analysis_free (GstEmotionAnalysis *self)
{
  emotion_detector_free (self->detector);
  g_free (self->model_name);
  g_free (self);
}
