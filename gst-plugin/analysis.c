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
check_channel (const GstEmotionConfig *config, guint channels, GError **error)
{
  if (config->channel_mode != GST_EMOTION_CHANNELS_SINGLE || config->channel < channels)
    return TRUE;
  char *range = channels == 1 ? g_strdup ("1 channel: set \"channel\" to 0")
                              : g_strdup_printf ("%u channels: set \"channel\" to 0 to %u",
                                                 channels, channels - 1);
  g_set_error (
      error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "Channel-mode=single needs channel %u, but the stream has only %s, or choose another "
      "channel-mode.",
      config->channel, range);
  g_free (range);
  return FALSE;
}

/* The index of the `number`th channel that is analysed. */
static gint
get_index (const GstEmotionConfig *config, guint number)
{
  if (config->channel_mode == GST_EMOTION_CHANNELS_MIX)
    return -1;
  return (gint)(config->channel_mode == GST_EMOTION_CHANNELS_SINGLE ? config->channel : number);
}

static gboolean
make_channels (GstEmotionAnalysis *self, const GstEmotionConfig *config,
               const EmotionDetectorConfig *detector_config, GError **error)
{
  for (guint i = 0; i < self->n_channels; i++) {
    GstEmotionChannel *channel = &self->channels[i];
    channel->index = get_index (config, i);
    channel->detector = emotion_detector_new (config->model, detector_config, error);
    if (channel->detector == NULL)
      return FALSE;
    emotion_label_statistics_init (&channel->statistics);
  }
  return TRUE;
}

GstEmotionAnalysis *
gst_emotion_analysis_new (const GstEmotionConfig *config, const GstEmotionFormat *format,
                          GError **error)
{
  if (!check_channel (config, format->channels, error))
    return NULL;
  const EmotionWindowing *windowing = emotion_model_get_windowing (config->model);
  EmotionDetectorConfig detector_config;
  emotion_detector_config_init (&detector_config);
  detector_config.rate = format->rate;
  if (config->channel_mode == GST_EMOTION_CHANNELS_MIX) {
    detector_config.channels = format->channels;
    detector_config.positions = format->positions;
  }
  detector_config.window = config->window;
  detector_config.interval = config->interval;
  detector_config.min_window = config->min_window;

  GstEmotionAnalysis *self = g_new0 (GstEmotionAnalysis, 1);
  self->model = config->model;
  self->model_name = g_strdup (config->model_name);
  self->window = config->window != 0 ? config->window : windowing->window;
  self->interval = config->interval != 0 ? config->interval : windowing->interval;
  self->interval = MIN (self->interval, self->window); /* as the detectors do */
  self->n_channels = config->channel_mode == GST_EMOTION_CHANNELS_SEPARATE ? format->channels : 1;
  self->channels = g_new0 (GstEmotionChannel, self->n_channels);
  if (!make_channels (self, config, &detector_config, error))
    g_clear_pointer (&self, gst_emotion_analysis_free);
  return self;
}

void
gst_emotion_analysis_free (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_channels; i++)
    emotion_detector_free (self->channels[i].detector);
  g_free (self->channels);
  g_free (self->model_name);
  g_free (self);
}

void
gst_emotion_analysis_configure (GstEmotionAnalysis *self, const GstEmotionSettings *settings)
{
  EmotionDecisionConfig config;
  gst_emotion_settings_get_decision (settings, self->model, &config);
  for (guint i = 0; i < self->n_channels; i++) {
    emotion_detector_configure (self->channels[i].detector, &config);
    emotion_detector_set_adaptation (self->channels[i].detector,
                                     settings->adaptation == GST_EMOTION_ADAPTATION_RUNNING);
  }
}

gboolean
gst_emotion_analysis_inherit (GstEmotionAnalysis *self, GstEmotionAnalysis *before)
{
  if (self->n_channels != before->n_channels ||
      self->channels[0].index != before->channels[0].index)
    return FALSE;
  gboolean same_model = TRUE;
  for (guint i = 0; i < self->n_channels; i++) {
    GstEmotionChannel *channel = &self->channels[i], *old = &before->channels[i];
    channel->last_reported = old->last_reported;
    same_model = emotion_detector_inherit (channel->detector, old->detector);
    if (same_model)
      channel->statistics = old->statistics;
  }
  return same_model;
}

void
gst_emotion_analysis_restart (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_channels; i++) {
    emotion_detector_restart (self->channels[i].detector);
    emotion_label_statistics_break (&self->channels[i].statistics);
  }
}

void
gst_emotion_analysis_reset (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_channels; i++) {
    emotion_detector_begin_clip (self->channels[i].detector);
    emotion_label_statistics_init (&self->channels[i].statistics);
  }
}

void
gst_emotion_analysis_forget_adaptation (GstEmotionAnalysis *self)
{
  for (guint i = 0; i < self->n_channels; i++)
    emotion_detector_reset_adaptation (self->channels[i].detector);
}

guint64
gst_emotion_analysis_get_bad_samples (const GstEmotionAnalysis *self)
{
  guint64 bad = 0;
  for (guint i = 0; i < self->n_channels; i++)
    bad += emotion_detector_get_bad_samples (self->channels[i].detector);
  return bad;
}
