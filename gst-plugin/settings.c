/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <math.h>

/* These values stand for the model's own. */
#define OF_MODEL_RATIO (-1)
#define OF_MODEL_LEVEL (1)
#define OF_MODEL_TIME GST_CLOCK_TIME_NONE

#define MAX_MEMORY (3600 * GST_SECOND) /* of smoothing and hold-time */

void
gst_emotion_settings_init (GstEmotionSettings *self)
{
  *self = (GstEmotionSettings){
      .adaptation = GST_EMOTION_ADAPTATION_RUNNING,
      .post_messages = TRUE,
      .post_tags = TRUE,
      .message_mode = GST_EMOTION_MESSAGES_INTERVAL,
      .threshold = OF_MODEL_RATIO,
      .hysteresis = OF_MODEL_RATIO,
      .hold_time = OF_MODEL_TIME,
      .smoothing = OF_MODEL_TIME,
      .silence_threshold = OF_MODEL_LEVEL,
      .min_speech_ratio = OF_MODEL_RATIO,
  };
}

/* NAN stands for the model's own value in the decision. */
static double
to_seconds (guint64 ns)
{
  return ns == OF_MODEL_TIME ? NAN : (double)MIN (ns, MAX_MEMORY) / GST_SECOND;
}

void
gst_emotion_settings_get_decision (const GstEmotionSettings *self, const EmotionModel *model,
                                   EmotionDecisionConfig *config)
{
  emotion_decision_config_init (config);
  config->smoothing = to_seconds (self->smoothing);
  config->hysteresis = self->hysteresis < 0 ? NAN : self->hysteresis;
  config->hold_time = to_seconds (self->hold_time);
  config->thresholds = (EmotionThresholds){
      .confidence = self->threshold < 0 ? NAN : self->threshold,
      .min_speech_ratio = self->min_speech_ratio < 0 ? NAN : self->min_speech_ratio,
      .silence = self->silence_threshold > 0 ? NAN : self->silence_threshold,
  };
  gst_emotion_priors_apply (&self->priors, model, config);
}

GType
gst_emotion_message_mode_get_type (void)
{
  static const GEnumValue values[] = {
      {GST_EMOTION_MESSAGES_INTERVAL, "A message for each window", "interval"},
      {GST_EMOTION_MESSAGES_CHANGE, "A message when the emotion changes", "change"},
      {GST_EMOTION_MESSAGES_BOTH, "A message for each window, and one when the emotion changes",
       "both"},
      {0, NULL, NULL},
  };
  static gsize type;
  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstEmotionMessageMode", values));
  return type;
}

GType
gst_emotion_channel_mode_get_type (void)
{
  static const GEnumValue values[] = {
      {GST_EMOTION_CHANNELS_MIX, "All channels as one, by their positions, without LFE", "mix"},
      {GST_EMOTION_CHANNELS_SEPARATE, "Each channel by itself", "separate"},
      {GST_EMOTION_CHANNELS_FIRST, "Only the first channel", "first"},
      {GST_EMOTION_CHANNELS_SINGLE, "Only the channel that the property \"channel\" names",
       "single"},
      {0, NULL, NULL},
  };
  static gsize type;
  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstEmotionChannelMode", values));
  return type;
}

GType
gst_emotion_adaptation_get_type (void)
{
  static const GEnumValue values[] = {
      {GST_EMOTION_ADAPTATION_NONE, "No adaptation", "none"},
      {GST_EMOTION_ADAPTATION_RUNNING, "To the mean of the stream's speech so far", "running"},
      {0, NULL, NULL},
  };
  static gsize type;
  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstEmotionAdaptation", values));
  return type;
}
