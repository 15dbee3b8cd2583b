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

static gboolean
make_voices (GstEmotionAnalysis *self, const GstEmotionConfig *config,
             const EmotionDetectorConfig *detector_config, GError **error)
{
  for (guint i = 0; i < self->n_voices; i++) {
    GstEmotionVoice *voice = &self->voices[i];
    voice->channel = config->channel_mode == GST_EMOTION_CHANNELS_MIX ? -1 : (gint)i;
    voice->detector = emotion_detector_new (config->model, detector_config, error);
    if (voice->detector == NULL)
      return FALSE;
    emotion_tally_init (&voice->tally);
  }
  return TRUE;
}

GstEmotionAnalysis *
gst_emotion_analysis_new (const GstEmotionConfig *config, guint rate, guint channels,
                          GError **error)
{
  const EmotionWindowing *windowing = emotion_model_get_windowing (config->model);
  EmotionDetectorConfig detector_config;
  emotion_detector_config_init (&detector_config);
  detector_config.rate = rate;
  detector_config.channels = config->channel_mode == GST_EMOTION_CHANNELS_MIX ? channels : 1;
  detector_config.window = config->window;
  detector_config.interval = config->interval;
  detector_config.min_window = config->min_window;

  GstEmotionAnalysis *self = g_new0 (GstEmotionAnalysis, 1);
  self->model = config->model;
  self->model_name = g_strdup (config->model_name);
  self->window = config->window != 0 ? config->window : windowing->window;
  self->interval = config->interval != 0 ? config->interval : windowing->interval;
  self->interval = MIN (self->interval, self->window); /* as the detectors cut it */
  self->n_voices = config->channel_mode == GST_EMOTION_CHANNELS_SEPARATE ? channels : 1;
  self->voices = g_new0 (GstEmotionVoice, self->n_voices);
  if (!make_voices (self, config, &detector_config, error))
    g_clear_pointer (&self, gst_emotion_analysis_free);
  return self;
}

void
gst_emotion_analysis_free (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_voices; i++)
    emotion_detector_free (self->voices[i].detector);
  g_free (self->voices);
  g_free (self->model_name);
  g_free (self);
}

void
gst_emotion_analysis_configure (GstEmotionAnalysis *self, const GstEmotionSettings *settings)
{
  EmotionDecisionConfig config;
  gst_emotion_settings_get_decision (settings, self->model, &config);
  for (guint i = 0; i < self->n_voices; i++) {
    emotion_detector_configure (self->voices[i].detector, &config);
    emotion_detector_set_adaptation (self->voices[i].detector,
                                     settings->adaptation == GST_EMOTION_ADAPTATION_RUNNING);
  }
}

gboolean
gst_emotion_analysis_inherit (GstEmotionAnalysis *self, GstEmotionAnalysis *before)
{
  if (self->n_voices != before->n_voices || self->voices[0].channel != before->voices[0].channel)
    return FALSE;
  gboolean same_model = TRUE;
  for (guint i = 0; i < self->n_voices; i++) {
    GstEmotionVoice *voice = &self->voices[i], *old = &before->voices[i];
    voice->told = old->told;
    same_model = emotion_detector_inherit (voice->detector, old->detector);
    if (same_model)
      voice->tally = old->tally;
  }
  return same_model;
}

void
gst_emotion_analysis_restart (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_voices; i++) {
    emotion_detector_restart (self->voices[i].detector);
    emotion_tally_break (&self->voices[i].tally);
  }
}

void
gst_emotion_analysis_reset (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_voices; i++) {
    emotion_detector_begin_clip (self->voices[i].detector);
    emotion_tally_init (&self->voices[i].tally);
  }
}

void
gst_emotion_analysis_forget_adaptation (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_voices; i++)
    emotion_detector_reset_adaptation (self->voices[i].detector);
}

guint64
gst_emotion_analysis_get_bad_samples (const GstEmotionAnalysis *self)
{
  guint64 bad = 0;
  for (guint i = 0; i < self->n_voices; i++)
    bad += emotion_detector_get_bad_samples (self->voices[i].detector);
  return bad;
}
