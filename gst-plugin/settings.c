/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settings.h"

#include <math.h>

#include "core/base/audio.h"

#define OF_MODEL_RATIO (-1)                /* of threshold, hysteresis and min-speech-ratio */
#define OF_MODEL_LEVEL (1)                 /* of silence-threshold */
#define OF_MODEL_TIME GST_CLOCK_TIME_NONE  /* of smoothing and hold-time */
#define LONGEST_MEMORY (3600 * GST_SECOND) /* of the smoothing and the hold time */

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

gboolean
gst_emotion_settings_set (GstEmotionSettings *self, guint property, const GValue *value)
{
  switch (property) {
  case GST_EMOTION_PROP_ADAPTATION:
    self->adaptation = (GstEmotionAdaptation)g_value_get_enum (value);
    return TRUE;
  case GST_EMOTION_PROP_POST_MESSAGES:
    self->post_messages = g_value_get_boolean (value);
    return TRUE;
  case GST_EMOTION_PROP_MESSAGE_MODE:
    self->message_mode = (GstEmotionMessageMode)g_value_get_enum (value);
    return TRUE;
  case GST_EMOTION_PROP_THRESHOLD:
    self->threshold = g_value_get_double (value);
    return TRUE;
  case GST_EMOTION_PROP_HYSTERESIS:
    self->hysteresis = g_value_get_double (value);
    return TRUE;
  case GST_EMOTION_PROP_HOLD_TIME:
    self->hold_time = g_value_get_uint64 (value);
    return TRUE;
  case GST_EMOTION_PROP_SMOOTHING:
    self->smoothing = g_value_get_uint64 (value);
    return TRUE;
  case GST_EMOTION_PROP_SILENCE_THRESHOLD:
    self->silence_threshold = g_value_get_double (value);
    return TRUE;
  case GST_EMOTION_PROP_MIN_SPEECH_RATIO:
    self->min_speech_ratio = g_value_get_double (value);
    return TRUE;
  case GST_EMOTION_PROP_POST_TAGS:
    self->post_tags = g_value_get_boolean (value);
    return TRUE;
  case GST_EMOTION_PROP_ATTACH_META:
    self->attach_meta = g_value_get_boolean (value);
    return TRUE;
  case GST_EMOTION_PROP_SEND_FEATURES:
    self->send_features = g_value_get_boolean (value);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
gst_emotion_settings_get (const GstEmotionSettings *self, guint property, GValue *value)
{
  switch (property) {
  case GST_EMOTION_PROP_ADAPTATION:
    g_value_set_enum (value, (gint)self->adaptation);
    return TRUE;
  case GST_EMOTION_PROP_POST_MESSAGES:
    g_value_set_boolean (value, self->post_messages);
    return TRUE;
  case GST_EMOTION_PROP_MESSAGE_MODE:
    g_value_set_enum (value, (gint)self->message_mode);
    return TRUE;
  case GST_EMOTION_PROP_THRESHOLD:
    g_value_set_double (value, self->threshold);
    return TRUE;
  case GST_EMOTION_PROP_HYSTERESIS:
    g_value_set_double (value, self->hysteresis);
    return TRUE;
  case GST_EMOTION_PROP_HOLD_TIME:
    g_value_set_uint64 (value, self->hold_time);
    return TRUE;
  case GST_EMOTION_PROP_SMOOTHING:
    g_value_set_uint64 (value, self->smoothing);
    return TRUE;
  case GST_EMOTION_PROP_PRIORS:
    g_value_take_boxed (value, gst_emotion_priors_to_structure (&self->priors));
    return TRUE;
  case GST_EMOTION_PROP_SILENCE_THRESHOLD:
    g_value_set_double (value, self->silence_threshold);
    return TRUE;
  case GST_EMOTION_PROP_MIN_SPEECH_RATIO:
    g_value_set_double (value, self->min_speech_ratio);
    return TRUE;
  case GST_EMOTION_PROP_POST_TAGS:
    g_value_set_boolean (value, self->post_tags);
    return TRUE;
  case GST_EMOTION_PROP_ATTACH_META:
    g_value_set_boolean (value, self->attach_meta);
    return TRUE;
  case GST_EMOTION_PROP_SEND_FEATURES:
    g_value_set_boolean (value, self->send_features);
    return TRUE;
  default:
    return FALSE;
  }
}

/* NAN, which stands for the model's own, of no time. */
static double
to_seconds (guint64 ns)
{
  return ns == OF_MODEL_TIME ? NAN : (double)MIN (ns, LONGEST_MEMORY) / GST_SECOND;
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

static GType
message_mode_get_type (void)
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

static GType
channel_mode_get_type (void)
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

static GType
adaptation_get_type (void)
{
  static const GEnumValue values[] = {
      {GST_EMOTION_ADAPTATION_NONE, "Each stream is heard as any other", "none"},
      {GST_EMOTION_ADAPTATION_RUNNING, "To the mean of the stream's speech so far", "running"},
      {0, NULL, NULL},
  };
  static gsize type;
  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstEmotionAdaptation", values));
  return type;
}

#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)
#define MUTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)

static void
install_boolean (GObjectClass *klass, guint property, const char *name, const char *nick,
                 const char *blurb, gboolean preset)
{
  g_object_class_install_property (klass, property,
                                   g_param_spec_boolean (name, nick, blurb, preset, MUTABLE));
}

static void
install_time (GObjectClass *klass, guint property, const char *name, const char *nick,
              const char *blurb, guint64 maximum, guint64 preset)
{
  g_object_class_install_property (
      klass, property, g_param_spec_uint64 (name, nick, blurb, 0, maximum, preset, MUTABLE));
}

static void
install_double (GObjectClass *klass, guint property, const char *name, const char *nick,
                const char *blurb, double minimum, double maximum, double preset,
                GParamFlags more_flags)
{
  g_object_class_install_property (
      klass, property,
      g_param_spec_double (name, nick, blurb, minimum, maximum, preset, MUTABLE | more_flags));
}

/* What is analysed: model, windows and channels. */
static void
install_input (GObjectClass *klass)
{
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_MODEL,
      g_param_spec_string (
          "model", "Model",
          "Path of the model file (unset = $EMOTIONDETECT_MODEL, or the default model in "
          "$EMOTIONDETECT_MODEL_PATH or in the installed data folder); while playing, one that "
          "cannot be used gives a warning and the old one stays",
          NULL, MUTABLE));
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_MODEL_INFO,
      g_param_spec_boxed ("model-info", "Model Info",
                          "The model in use: labels, features, windows, thresholds and provenance "
                          "(unset before READY to PAUSED)",
                          GST_TYPE_STRUCTURE, READABLE));
  install_time (klass, GST_EMOTION_PROP_WINDOW, "window", "Window",
                "Length of audio that a result is made from, in nanoseconds (0 = the model's; at "
                "least 100 ms)",
                EMOTION_MAX_WINDOW, 0);
  install_time (klass, GST_EMOTION_PROP_INTERVAL, "interval", "Interval",
                "Time from one result to the next, in nanoseconds (0 = the model's; at least 10 "
                "ms, at most the window)",
                EMOTION_MAX_WINDOW, 0);
  install_time (klass, GST_EMOTION_PROP_MIN_WINDOW, "min-window", "Minimum Window",
                "Shortest audio at the beginning of a stream that gives a partial result, in "
                "nanoseconds (0 = the model's; as long as the window = none before the first full "
                "window)",
                EMOTION_MAX_WINDOW, 0);
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_CHANNEL_MODE,
      g_param_spec_enum ("channel-mode", "Channel Mode", "Which channels are heard, and how",
                         channel_mode_get_type (), GST_EMOTION_CHANNELS_MIX, MUTABLE));
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_CHANNEL,
      g_param_spec_int (
          "channel", "Channel",
          "The channel that is heard with channel-mode=single, from 0 in the order of "
          "the stream; a stream without it is an error, while playing a warning, and "
          "the one before stays",
          0, EMOTION_MAX_CHANNELS - 1, 0, MUTABLE));
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_ADAPTATION,
      g_param_spec_enum ("adaptation", "Adaptation",
                         "How the answers adapt to speaker, microphone and room, with a model that "
                         "can (adaptation=running in model-info)",
                         adaptation_get_type (), GST_EMOTION_ADAPTATION_RUNNING, MUTABLE));
}

/* How the scores of windows become a prediction. */
static void
install_deciding (GObjectClass *klass)
{
  install_double (klass, GST_EMOTION_PROP_THRESHOLD, "threshold", "Threshold",
                  "Confidence from 0 to 1 below which the answer is none (-1 = the model's)", -1, 1,
                  OF_MODEL_RATIO, GST_PARAM_CONTROLLABLE);
  install_double (klass, GST_EMOTION_PROP_HYSTERESIS, "hysteresis", "Hysteresis",
                  "How much more probable, from 0 to 1, another emotion must be than the current "
                  "one to replace it (-1 = the model's)",
                  -1, 1, OF_MODEL_RATIO, 0);
  install_time (klass, GST_EMOTION_PROP_HOLD_TIME, "hold-time", "Hold Time",
                "How long another emotion must be ahead before it replaces the current one, in "
                "nanoseconds, at most an hour (18446744073709551615 = the model's)",
                G_MAXUINT64, OF_MODEL_TIME);
  install_time (klass, GST_EMOTION_PROP_SMOOTHING, "smoothing", "Smoothing",
                "Time constant of the mean over windows, in nanoseconds, at most an hour (0 = each "
                "window by itself, 18446744073709551615 = the model's)",
                G_MAXUINT64, OF_MODEL_TIME);
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_PRIORS,
      g_param_spec_boxed ("priors", "Priors",
                          "Prior probabilities of the emotions, from 0 to 1, as in "
                          "\"priors,neutral=0.7\"; those not named share the rest, so that "
                          "\"priors\" alone makes all equal (unset = the model's)",
                          GST_TYPE_STRUCTURE, MUTABLE));
  install_double (klass, GST_EMOTION_PROP_SILENCE_THRESHOLD, "silence-threshold",
                  "Silence Threshold",
                  "Level in dBFS, from -120 to 0, below which the answer is none (1 = the model's)",
                  -120, 1, OF_MODEL_LEVEL, 0);
  install_double (
      klass, GST_EMOTION_PROP_MIN_SPEECH_RATIO, "min-speech-ratio", "Minimum Speech Ratio",
      "Share of speech in the window, from 0 to 1, below which the answer is none (-1 = "
      "the model's)",
      -1, 1, OF_MODEL_RATIO, 0);
}

/* Where the results go. */
static void
install_output (GObjectClass *klass)
{
  install_boolean (klass, GST_EMOTION_PROP_POST_MESSAGES, "post-messages", "Post Messages",
                   "Whether to post element messages", TRUE);
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_MESSAGE_MODE,
      g_param_spec_enum ("message-mode", "Message Mode",
                         "When to post an element message, besides the summary at the end",
                         message_mode_get_type (), GST_EMOTION_MESSAGES_INTERVAL, MUTABLE));
  install_boolean (klass, GST_EMOTION_PROP_POST_TAGS, "post-tags", "Post Tags",
                   "Whether to send tags downstream when the emotion changes and at the end (not "
                   "when channels are heard separately)",
                   TRUE);
  install_boolean (klass, GST_EMOTION_PROP_ATTACH_META, "attach-meta", "Attach Meta",
                   "Whether to attach each window's result, as a GstCustomMeta \"GstEmotionMeta\", "
                   "to the buffer that completes the window",
                   FALSE);
  install_boolean (klass, GST_EMOTION_PROP_SEND_FEATURES, "send-features", "Send Features",
                   "Whether to add the feature vector to the messages of windows", FALSE);
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_DUMP_FEATURES,
      g_param_spec_string ("dump-features", "Dump Features",
                           "Path of a CSV file, as emotion-features writes it, with the features "
                           "of each window; it appears when the element stops or this property "
                           "changes (unset = none)",
                           NULL, MUTABLE));
  g_object_class_install_property (klass, GST_EMOTION_PROP_LAST_EMOTION,
                                   g_param_spec_string ("last-emotion", "Last Emotion",
                                                        "The latest answer, or none", "none",
                                                        READABLE));
  g_object_class_install_property (
      klass, GST_EMOTION_PROP_LAST_CONFIDENCE,
      g_param_spec_double ("last-confidence", "Last Confidence",
                           "Confidence of the latest answer, from 0 to 1", 0, 1, 0, READABLE));
}

void
gst_emotion_properties_install (GObjectClass *klass)
{
  install_input (klass);
  install_deciding (klass);
  install_output (klass);
  gst_type_mark_as_plugin_api (message_mode_get_type (), 0);
  gst_type_mark_as_plugin_api (channel_mode_get_type (), 0);
  gst_type_mark_as_plugin_api (adaptation_get_type (), 0);
}
