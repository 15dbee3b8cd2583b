/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "properties.h"

#include "core/base/audio.h"
#include "model-info.h"

enum {
  PROP_MODEL = 1,
  PROP_MODEL_INFO,
  PROP_WINDOW,
  PROP_INTERVAL,
  PROP_MIN_WINDOW,
  PROP_CHANNEL_MODE,
  PROP_CHANNEL,
  PROP_ADAPTATION,
  PROP_POST_MESSAGES,
  PROP_MESSAGE_MODE,
  PROP_THRESHOLD,
  PROP_HYSTERESIS,
  PROP_HOLD_TIME,
  PROP_SMOOTHING,
  PROP_PRIORS,
  PROP_SILENCE_THRESHOLD,
  PROP_MIN_SPEECH_RATIO,
  PROP_POST_TAGS,
  PROP_ATTACH_META,
  PROP_SEND_FEATURES,
  PROP_DUMP_FEATURES,
  PROP_LAST_EMOTION,
  PROP_LAST_CONFIDENCE,
  N_PROPS,
};

/* --- Values --- */

/* The field that holds a property's value. Values that need more than a field are elsewhere. */
typedef struct {
  enum { ELSEWHERE, IN_SETTINGS, IN_CONFIG } place;
  gsize offset;
  guint64 minimum; /* a smaller value that is not 0 is raised to it */
} Field;

#define SETTING(name)                                                                              \
  {                                                                                                \
    IN_SETTINGS, offsetof (GstEmotionSettings, name), 0                                            \
  }
#define CONFIG(name, minimum)                                                                      \
  {                                                                                                \
    IN_CONFIG, offsetof (GstEmotionConfig, name), minimum                                          \
  }

static const Field fields[N_PROPS] = {
    [PROP_WINDOW] = CONFIG (window, EMOTION_MIN_WINDOW),
    [PROP_INTERVAL] = CONFIG (interval, EMOTION_MIN_INTERVAL),
    [PROP_MIN_WINDOW] = CONFIG (min_window, 0),
    [PROP_CHANNEL_MODE] = CONFIG (channel_mode, 0),
    [PROP_CHANNEL] = CONFIG (channel, 0),
    [PROP_ADAPTATION] = SETTING (adaptation),
    [PROP_POST_MESSAGES] = SETTING (post_messages),
    [PROP_MESSAGE_MODE] = SETTING (message_mode),
    [PROP_THRESHOLD] = SETTING (threshold),
    [PROP_HYSTERESIS] = SETTING (hysteresis),
    [PROP_HOLD_TIME] = SETTING (hold_time),
    [PROP_SMOOTHING] = SETTING (smoothing),
    [PROP_SILENCE_THRESHOLD] = SETTING (silence_threshold),
    [PROP_MIN_SPEECH_RATIO] = SETTING (min_speech_ratio),
    [PROP_POST_TAGS] = SETTING (post_tags),
    [PROP_ATTACH_META] = SETTING (attach_meta),
    [PROP_SEND_FEATURES] = SETTING (send_features),
};

static void
store (gpointer field, const GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value))) {
  case G_TYPE_BOOLEAN:
    *(gboolean *)field = g_value_get_boolean (value);
    break;
  case G_TYPE_ENUM:
    *(guint *)field = (guint)g_value_get_enum (value);
    break;
  case G_TYPE_INT:
    *(guint *)field = (guint)g_value_get_int (value);
    break;
  case G_TYPE_UINT64:
    *(guint64 *)field = g_value_get_uint64 (value);
    break;
  default:
    *(double *)field = g_value_get_double (value);
  }
}

static void
load (gconstpointer field, GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value))) {
  case G_TYPE_BOOLEAN:
    g_value_set_boolean (value, *(const gboolean *)field);
    break;
  case G_TYPE_ENUM:
    g_value_set_enum (value, (gint) * (const guint *)field);
    break;
  case G_TYPE_INT:
    g_value_set_int (value, (gint) * (const guint *)field);
    break;
  case G_TYPE_UINT64:
    g_value_set_uint64 (value, *(const guint64 *)field);
    break;
  default:
    g_value_set_double (value, *(const double *)field);
  }
}

/* --- Setting --- */

/* Returns the warning if `time` was too short, else NULL. */
static GError *
raise_to_minimum (guint64 *time, guint64 minimum, GParamSpec *pspec)
{
  guint64 wanted = *time;
  if (wanted == 0 || wanted >= minimum)
    return NULL;
  *time = minimum;
  return g_error_new (GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
                      "The property \"%s\" of %" G_GUINT64_FORMAT
                      " ns is raised to %" G_GUINT64_FORMAT
                      " ns. Its unit is the nanosecond: 1 s is 1000000000.",
                      pspec->name, wanted, minimum);
}

/* Sets a property that an analysis is built from. If the analysis cannot be built, a running stream
 * goes on with the old one. */
static void
set_config (GstEmotionControl *control, const Field *field, const GValue *value, GParamSpec *pspec)
{
  GError *raised = NULL, *error = NULL;
  GstEmotionConfig config;
  gst_emotion_control_begin (control, &config);
  gpointer place = G_STRUCT_MEMBER_P (&config, field->offset);
  store (place, value);
  if (field->minimum > 0)
    raised = raise_to_minimum (place, field->minimum, pspec);
  gst_emotion_control_commit (control, &config, &error);
  gst_emotion_control_warn_of_property (control, pspec, raised);
  gst_emotion_control_warn (control, error);
}

static void
set_setting (GstEmotionControl *control, const Field *field, const GValue *value)
{
  GST_OBJECT_LOCK (control->element);
  store (G_STRUCT_MEMBER_P (&control->settings, field->offset), value);
  GST_OBJECT_UNLOCK (control->element);
  g_atomic_int_inc (&control->serial);
}

static void
set_priors (GstEmotionControl *control, const GValue *value, GParamSpec *pspec)
{
  GError *error = NULL;
  GstEmotionPriors priors;
  if (gst_emotion_priors_parse (&priors, g_value_get_boxed (value), &error))
    gst_emotion_control_set_priors (control, &priors);
  gst_emotion_control_warn_of_property (control, pspec, error);
}

void
gst_emotion_properties_set (GstEmotionControl *control, guint property, const GValue *value,
                            GParamSpec *pspec)
{
  const Field *field = &fields[property];
  if (field->place == IN_CONFIG)
    set_config (control, field, value, pspec);
  else if (field->place == IN_SETTINGS)
    set_setting (control, field, value);
  else if (property == PROP_MODEL)
    gst_emotion_control_set_model (control, g_value_get_string (value));
  else if (property == PROP_PRIORS)
    set_priors (control, value, pspec);
  else if (property == PROP_DUMP_FEATURES)
    gst_emotion_control_set_dump_path (control, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (control->element, property, pspec);
}

/* --- Getting --- */

static void
get_model_info (GstEmotionControl *control, GValue *value)
{
  GstEmotionConfig config;
  GST_OBJECT_LOCK (control->element);
  gst_emotion_config_copy (&config, &control->config);
  GST_OBJECT_UNLOCK (control->element);
  if (config.model != NULL)
    g_value_take_boxed (value, gst_emotion_model_info_new (config.model, config.model_name));
  gst_emotion_config_clear (&config);
}

/* With the object lock. */
static void
get_locked (GstEmotionControl *control, guint property, GValue *value, GParamSpec *pspec)
{
  switch (property) {
  case PROP_MODEL:
    g_value_set_string (value, control->config.path);
    break;
  case PROP_PRIORS:
    g_value_take_boxed (value, gst_emotion_priors_to_structure (&control->settings.priors));
    break;
  case PROP_DUMP_FEATURES:
    g_value_set_string (value, control->dump_path);
    break;
  case PROP_LAST_EMOTION:
    g_value_set_string (value, control->last_emotion == 0
                                   ? GST_EMOTION_NONE
                                   : g_quark_to_string (control->last_emotion));
    break;
  case PROP_LAST_CONFIDENCE:
    g_value_set_double (value, control->last_confidence);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (control->element, property, pspec);
  }
}

void
gst_emotion_properties_get (GstEmotionControl *control, guint property, GValue *value,
                            GParamSpec *pspec)
{
  const Field *field = &fields[property];
  if (property == PROP_MODEL_INFO) {
    get_model_info (control, value);
    return;
  }
  GST_OBJECT_LOCK (control->element);
  if (field->place == IN_CONFIG)
    load (G_STRUCT_MEMBER_P (&control->config, field->offset), value);
  else if (field->place == IN_SETTINGS)
    load (G_STRUCT_MEMBER_P (&control->settings, field->offset), value);
  else
    get_locked (control, property, value, pspec);
  GST_OBJECT_UNLOCK (control->element);
}

/* --- Specifications --- */

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

static void
install_model (GObjectClass *klass, const GstEmotionSettings *defaults)
{
  /**
   * GstEmotionDetect:model:
   *
   * Path of the model file. %NULL or empty: the file that `EMOTIONDETECT_MODEL` names, or else the
   * first `default.emotion` in the folders of `EMOTIONDETECT_MODEL_PATH` and the installed folder.
   * While playing, a file that cannot be used gives a warning, and the old model stays.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_MODEL,
      g_param_spec_string (
          "model", "Model",
          "Path of the model file (unset = $EMOTIONDETECT_MODEL, or the default model in "
          "$EMOTIONDETECT_MODEL_PATH or in the installed data folder); while playing, one that "
          "cannot be used gives a warning and the old one stays",
          NULL, MUTABLE));
  /**
   * GstEmotionDetect:model-info:
   *
   * A structure that describes the model in use: labels, features, windows, thresholds and
   * provenance. %NULL in the states NULL and READY.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_MODEL_INFO,
      g_param_spec_boxed ("model-info", "Model Info",
                          "The model in use: labels, features, windows, thresholds and provenance "
                          "(unset in the states NULL and READY)",
                          GST_TYPE_STRUCTURE, READABLE));
  /**
   * GstEmotionDetect:adaptation:
   *
   * Whether the predictions adapt to the speaker, the microphone and the room. Only models whose
   * #GstEmotionDetect:model-info has adaptation=running can adapt.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_ADAPTATION,
      g_param_spec_enum ("adaptation", "Adaptation",
                         "How the answers adapt to speaker, microphone and room, with a model that "
                         "can (adaptation=running in model-info)",
                         GST_TYPE_EMOTION_ADAPTATION, (gint)defaults->adaptation, MUTABLE));
}

static void
install_input (GObjectClass *klass)
{
  /**
   * GstEmotionDetect:window:
   *
   * Length of the audio that a result is computed from, in nanoseconds; 0 is the model's own. A
   * value below 100 ms is raised to that, with a warning.
   *
   * Since: 0.1
   */
  install_time (klass, PROP_WINDOW, "window", "Window",
                "Length of audio that a result is made from, in nanoseconds (0 = the model's; at "
                "least 100 ms)",
                EMOTION_MAX_WINDOW, 0);
  /**
   * GstEmotionDetect:interval:
   *
   * Time from one result to the next, in nanoseconds; 0 is the model's own. A value below 10 ms is
   * raised to that, with a warning. A value above the window's length is reduced to that.
   *
   * Since: 0.1
   */
  install_time (klass, PROP_INTERVAL, "interval", "Interval",
                "Time from one result to the next, in nanoseconds (0 = the model's; at least 10 "
                "ms, at most the window)",
                EMOTION_MAX_WINDOW, 0);
  /**
   * GstEmotionDetect:min-window:
   *
   * Length of audio from which on a stream has partial results, before its first full window, in
   * nanoseconds; 0 is the model's own. The window's length turns partial results off.
   *
   * Since: 0.1
   */
  install_time (klass, PROP_MIN_WINDOW, "min-window", "Minimum Window",
                "Shortest audio at the beginning of a stream that gives a partial result, in "
                "nanoseconds (0 = the model's; the window's length = no result before the first "
                "full window)",
                EMOTION_MAX_WINDOW, 0);
  /**
   * GstEmotionDetect:channel-mode:
   *
   * Which channels are analysed: a mix of all, each separately, or only one.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_CHANNEL_MODE,
      g_param_spec_enum ("channel-mode", "Channel Mode", "Which channels are analysed, and how",
                         GST_TYPE_EMOTION_CHANNEL_MODE, GST_EMOTION_CHANNELS_MIX, MUTABLE));
  /**
   * GstEmotionDetect:channel:
   *
   * The channel to analyse with channel-mode=single, from 0 in the order of the stream. It is an
   * error if the stream lacks it; while playing, it is a warning, and the old channel stays.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_CHANNEL,
      g_param_spec_int (
          "channel", "Channel",
          "The channel to analyse with channel-mode=single, from 0 in the order of the stream; if "
          "the stream lacks it, that is an error, or while playing a warning and the old channel "
          "stays",
          0, EMOTION_MAX_CHANNELS - 1, 0, MUTABLE));
}

/* How the scores of windows become a prediction. */
static void
install_decision (GObjectClass *klass, const GstEmotionSettings *defaults)
{
  /**
   * GstEmotionDetect:threshold:
   *
   * The prediction is `none` if its confidence, from 0 to 1, is below this value; -1 is the model's
   * own.
   *
   * Since: 0.1
   */
  install_double (klass, PROP_THRESHOLD, "threshold", "Threshold",
                  "Confidence from 0 to 1 below which the answer is none (-1 = the model's)", -1, 1,
                  defaults->threshold, GST_PARAM_CONTROLLABLE);
  /**
   * GstEmotionDetect:hysteresis:
   *
   * Another emotion replaces the predicted one only if its probability is higher by at least this
   * value, from 0 to 1; -1 is the model's own.
   *
   * Since: 0.1
   */
  install_double (klass, PROP_HYSTERESIS, "hysteresis", "Hysteresis",
                  "How much more probable, from 0 to 1, another emotion must be than the current "
                  "one to replace it (-1 = the model's)",
                  -1, 1, defaults->hysteresis, 0);
  /**
   * GstEmotionDetect:hold-time:
   *
   * Another emotion replaces the predicted one only after it has been ahead by the hysteresis for
   * this time, in nanoseconds, at most an hour; 18446744073709551615 is the model's own.
   *
   * Since: 0.1
   */
  install_time (klass, PROP_HOLD_TIME, "hold-time", "Hold Time",
                "How long another emotion must be ahead before it replaces the current one, in "
                "nanoseconds, at most an hour (18446744073709551615 = the model's)",
                G_MAXUINT64, defaults->hold_time);
  /**
   * GstEmotionDetect:smoothing:
   *
   * Time constant of the exponential mean of the windows' log-posteriors, in nanoseconds, at most
   * an hour; 0 is no smoothing, and 18446744073709551615 the model's own.
   *
   * Since: 0.1
   */
  install_time (klass, PROP_SMOOTHING, "smoothing", "Smoothing",
                "Time constant of the mean over windows, in nanoseconds, at most an hour (0 = each "
                "window by itself, 18446744073709551615 = the model's)",
                G_MAXUINT64, defaults->smoothing);
  /**
   * GstEmotionDetect:priors:
   *
   * Prior probabilities of the emotions: a structure with a number from 0 to 1 for each label, as
   * in `priors,neutral=0.7`. Labels that it does not name share the rest equally. The structure
   * `priors` without fields makes all labels equally probable; %NULL is the model's own priors.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_PRIORS,
      g_param_spec_boxed ("priors", "Priors",
                          "Prior probabilities of the emotions, from 0 to 1, as in "
                          "\"priors,neutral=0.7\"; those not named share the rest, so that "
                          "\"priors\" alone makes all equal (unset = the model's)",
                          GST_TYPE_STRUCTURE, MUTABLE));
  /**
   * GstEmotionDetect:silence-threshold:
   *
   * The prediction is `none` if the level of the window, in dBFS, is below this value, from -120 to
   * 0; 1 is the model's own.
   *
   * Since: 0.1
   */
  install_double (klass, PROP_SILENCE_THRESHOLD, "silence-threshold", "Silence Threshold",
                  "Level in dBFS, from -120 to 0, below which the answer is none (1 = the model's)",
                  -120, 1, defaults->silence_threshold, 0);
  /**
   * GstEmotionDetect:min-speech-ratio:
   *
   * The prediction is `none` if less than this fraction of the window is speech, from 0 to 1; -1 is
   * the model's own.
   *
   * Since: 0.1
   */
  install_double (
      klass, PROP_MIN_SPEECH_RATIO, "min-speech-ratio", "Minimum Speech Ratio",
      "Share of speech in the window, from 0 to 1, below which the answer is none (-1 = "
      "the model's)",
      -1, 1, defaults->min_speech_ratio, 0);
}

static void
install_output (GObjectClass *klass, const GstEmotionSettings *defaults)
{
  /**
   * GstEmotionDetect:post-messages:
   *
   * Whether to post element messages.
   *
   * Since: 0.1
   */
  install_boolean (klass, PROP_POST_MESSAGES, "post-messages", "Post Messages",
                   "Whether to post element messages", defaults->post_messages);
  /**
   * GstEmotionDetect:message-mode:
   *
   * When to post an element message: for each window, for each change of the predicted emotion, or
   * for both. The summary at the end of the stream comes in any mode.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_MESSAGE_MODE,
      g_param_spec_enum ("message-mode", "Message Mode",
                         "When to post an element message, besides the summary at the end",
                         GST_TYPE_EMOTION_MESSAGE_MODE, (gint)defaults->message_mode, MUTABLE));
  /**
   * GstEmotionDetect:post-tags:
   *
   * Whether to send tags downstream when the predicted emotion changes and at the end of the
   * stream. There are no tags with channel-mode=separate.
   *
   * Since: 0.1
   */
  install_boolean (klass, PROP_POST_TAGS, "post-tags", "Post Tags",
                   "Whether to send tags downstream when the emotion changes and at the end (not "
                   "with channel-mode=separate)",
                   defaults->post_tags);
  /**
   * GstEmotionDetect:attach-meta:
   *
   * Whether to attach the result of each window to the buffer that completes the window, as a
   * #GstCustomMeta with the name `GstEmotionMeta`.
   *
   * Since: 0.1
   */
  install_boolean (klass, PROP_ATTACH_META, "attach-meta", "Attach Meta",
                   "Whether to attach each window's result, as a GstCustomMeta \"GstEmotionMeta\", "
                   "to the buffer that completes the window",
                   defaults->attach_meta);
  /**
   * GstEmotionDetect:send-features:
   *
   * Whether to add the feature vector to the messages and metas of windows.
   *
   * Since: 0.1
   */
  install_boolean (klass, PROP_SEND_FEATURES, "send-features", "Send Features",
                   "Whether to add the feature vector to the messages of windows",
                   defaults->send_features);
  /**
   * GstEmotionDetect:dump-features:
   *
   * Path of a CSV file for the features of each window, in the format of `emotion-features`; %NULL
   * or empty: none. The file appears when the element stops or this property changes.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_DUMP_FEATURES,
      g_param_spec_string ("dump-features", "Dump Features",
                           "Path of a CSV file, as emotion-features writes it, with the features "
                           "of each window; it appears when the element stops or this property "
                           "changes (unset = none)",
                           NULL, MUTABLE));
  /**
   * GstEmotionDetect:last-emotion:
   *
   * The latest prediction: a label of the model, or `none`.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_LAST_EMOTION,
                                   g_param_spec_string ("last-emotion", "Last Emotion",
                                                        "The latest answer, or none",
                                                        GST_EMOTION_NONE, READABLE));
  /**
   * GstEmotionDetect:last-confidence:
   *
   * The confidence of the latest prediction, from 0 to 1.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
      klass, PROP_LAST_CONFIDENCE,
      g_param_spec_double ("last-confidence", "Last Confidence",
                           "Confidence of the latest answer, from 0 to 1", 0, 1, 0, READABLE));
}

void
gst_emotion_properties_install (GObjectClass *klass)
{
  GstEmotionSettings defaults;
  gst_emotion_settings_init (&defaults);
  install_model (klass, &defaults);
  install_input (klass);
  install_decision (klass, &defaults);
  install_output (klass, &defaults);
  gst_type_mark_as_plugin_api (GST_TYPE_EMOTION_MESSAGE_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_EMOTION_CHANNEL_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_EMOTION_ADAPTATION, 0);
}
