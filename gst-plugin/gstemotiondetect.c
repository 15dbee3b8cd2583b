/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-emotiondetect
 * @title: emotiondetect
 *
 * Listens to speech and tells its emotion. The audio passes through untouched, at any rate, with
 * any number of channels; the element adds no latency, and a result comes when its window has
 * passed.
 *
 * Each window, and each stream at its end, gives an element message with a structure called
 * `emotiondetect`:
 *
 * * string `type`: `window`, or `summary` for the whole stream
 * * uint64 `timestamp`, `stream-time`, `running-time`: of the window's start, in ns; left out where
 *   the stream has no timestamps
 * * uint64 `duration`: of the window, in ns of audio
 * * string `emotion`: the answer, a label of the model or `none`
 * * double `confidence`: probability of the answer
 * * structure `scores`: the probability of each label in this window alone
 * * double `speech-ratio`: share of the window that is speech, 0 to 1
 * * double `level`: in dBFS
 * * boolean `partial`: shorter than a full window
 * * string `reason`: why the answer is none: `silence`, `no-speech` or `low-confidence`
 * * string `model`: file name of the model
 * * uint64 `windows`: only in a summary, the windows that it is made of
 *
 * The tags `emotion` and `emotion-confidence` go downstream with each change of the answer and at
 * the end.
 *
 * ## Example
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! emotiondetect !
 *     fakesink
 * ]|
 */
#include "gstemotiondetect.h"

#include "core/error.h"
#include "report.h"
#include "stream.h"

GST_DEBUG_CATEGORY_STATIC (emotion_detect_debug);
#define GST_CAT_DEFAULT emotion_detect_debug

#define FORMATS                                                                                    \
  "{ " GST_AUDIO_NE (S16) ", " GST_AUDIO_NE (S24) ", " GST_AUDIO_NE (S24_32) ", " GST_AUDIO_NE (   \
      S32) ", " GST_AUDIO_NE (F32) ", " GST_AUDIO_NE (F64) " }"

#define DEFAULT_POST_MESSAGES TRUE
#define DEFAULT_POST_TAGS TRUE

enum {
  PROP_0,
  PROP_MODEL,
  PROP_WINDOW,
  PROP_INTERVAL,
  PROP_POST_MESSAGES,
  PROP_POST_TAGS,
};

struct _GstEmotionDetect {
  GstAudioFilter parent;

  /* Held to load a model or build an analysis, before the object lock and never while posting. */
  GMutex build_lock;
  gboolean started;
  guint rate, channels; /* 0 before caps */

  /* Read under the object lock or build_lock, written under both. */
  GstEmotionConfig config;

  /* Protected by the object lock. */
  gboolean post_messages, post_tags;
  GstEmotionAnalysis *pending; /* what a setter built for the streaming thread */

  gint serial; /* atomic; counts changes of what is above */

  /* Of the streaming thread, and of start() and stop(), when there is none. */
  gint seen_serial;
  gboolean posts_messages, posts_tags;
  GstEmotionStream stream;
  GstSegment first_segment; /* the one in which the stream began */
  gboolean warned_of_bad_samples;
  gint told;
  char *stream_id;
  GstTagList *upstream_tags; /* of stream scope, the last */
  GstTagList *own_tags;
};

G_DEFINE_TYPE (GstEmotionDetect, gst_emotion_detect, GST_TYPE_AUDIO_FILTER)
GST_ELEMENT_REGISTER_DEFINE (emotiondetect, "emotiondetect", GST_RANK_NONE, GST_TYPE_EMOTION_DETECT)

/* --- Configuration: any thread --- */

/* Posts `error` as an error or a warning of the element; no lock may be held. */
static void
post_error (GstEmotionDetect *self, GstMessageType type, const GError *error)
{
  GQuark domain = GST_LIBRARY_ERROR;
  gint code = GST_LIBRARY_ERROR_INIT;
  if (g_error_matches (error, EMOTION_ERROR, EMOTION_ERROR_NOT_FOUND)) {
    domain = GST_RESOURCE_ERROR;
    code = GST_RESOURCE_ERROR_NOT_FOUND;
  } else if (g_error_matches (error, EMOTION_ERROR, EMOTION_ERROR_IO)) {
    domain = GST_RESOURCE_ERROR;
    code = GST_RESOURCE_ERROR_OPEN_READ;
  }
  gst_element_message_full (GST_ELEMENT (self), type, domain, code, g_strdup (error->message), NULL,
                            __FILE__, GST_FUNCTION, __LINE__);
}

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

static guint64
at_least (GstEmotionDetect *self, const char *property, guint64 value, guint64 least)
{
  if (value == 0 || value >= least)
    return value;
  GST_WARNING_OBJECT (self, "%s of %" G_GUINT64_FORMAT " ns raised to %" G_GUINT64_FORMAT " ns",
                      property, value, least);
  return least;
}

/* Sets a property that an analysis is made from. A running stream goes on as it is when that
 * fails. */
static void
reconfigure (GstEmotionDetect *self, guint property, const GValue *value)
{
  GError *error = NULL;
  GstEmotionAnalysis *analysis = NULL;
  GstEmotionConfig config;

  g_mutex_lock (&self->build_lock);
  gst_emotion_config_copy (&config, &self->config);
  if (property == PROP_MODEL) {
    g_free (config.path);
    config.path = g_value_dup_string (value);
    if (self->started)
      gst_emotion_config_load (&config, &error);
  } else if (property == PROP_WINDOW) {
    config.window = at_least (self, "window", g_value_get_uint64 (value), EMOTION_MIN_WINDOW);
  } else {
    config.interval = at_least (self, "interval", g_value_get_uint64 (value), EMOTION_MIN_INTERVAL);
  }

  if (error == NULL && self->rate != 0)
    analysis = gst_emotion_analysis_new (&config, self->rate, self->channels, &error);
  if (error == NULL)
    commit (self, &config, analysis);
  else
    gst_emotion_config_clear (&config);
  g_mutex_unlock (&self->build_lock);

  if (error != NULL)
    post_error (self, GST_MESSAGE_WARNING, error);
  g_clear_error (&error);
}

static void
gst_emotion_detect_set_property (GObject *object, guint property, const GValue *value,
                                 GParamSpec *pspec)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);

  switch (property) {
  case PROP_MODEL:
  case PROP_WINDOW:
  case PROP_INTERVAL:
    reconfigure (self, property, value);
    return;
  case PROP_POST_MESSAGES:
    GST_OBJECT_LOCK (self);
    self->post_messages = g_value_get_boolean (value);
    GST_OBJECT_UNLOCK (self);
    break;
  case PROP_POST_TAGS:
    GST_OBJECT_LOCK (self);
    self->post_tags = g_value_get_boolean (value);
    GST_OBJECT_UNLOCK (self);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    return;
  }
  g_atomic_int_inc (&self->serial);
}

static void
gst_emotion_detect_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);

  GST_OBJECT_LOCK (self);
  switch (property) {
  case PROP_MODEL:
    g_value_set_string (value, self->config.path);
    break;
  case PROP_WINDOW:
    g_value_set_uint64 (value, self->config.window);
    break;
  case PROP_INTERVAL:
    g_value_set_uint64 (value, self->config.interval);
    break;
  case PROP_POST_MESSAGES:
    g_value_set_boolean (value, self->post_messages);
    break;
  case PROP_POST_TAGS:
    g_value_set_boolean (value, self->post_tags);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* --- Results: streaming thread from here on --- */

/* The tags of the answer, merged into those that upstream has sent. */
static GstEvent *
tag_event (GstEmotionDetect *self)
{
  return gst_event_new_tag (
      gst_tag_list_merge (self->upstream_tags, self->own_tags, GST_TAG_MERGE_REPLACE));
}

/* Takes over what setters have changed since the last call; locks only if there is something. */
static void
take_settings (GstEmotionDetect *self)
{
  gint serial = g_atomic_int_get (&self->serial);
  if (serial == self->seen_serial)
    return;
  self->seen_serial = serial;

  GST_OBJECT_LOCK (self);
  self->posts_messages = self->post_messages;
  self->posts_tags = self->post_tags;
  GstEmotionAnalysis *pending = g_steal_pointer (&self->pending);
  GST_OBJECT_UNLOCK (self);

  if (pending != NULL)
    gst_emotion_stream_replace (&self->stream, pending);
}

static void
report (gpointer owner, const EmotionResult *result, gboolean summary, GstClockTime timestamp,
        GstClockTime duration)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (owner);
  const GstSegment *segment = summary ? &self->first_segment : &GST_BASE_TRANSFORM (self)->segment;
  const GstEmotionAnalysis *analysis = self->stream.current;
  const EmotionModel *model = emotion_detector_get_model (analysis->detector);

  take_settings (self);
  gboolean changed = !summary && result->label != self->told;
  if (!summary)
    self->told = result->label;
  if (self->posts_tags && (summary || changed)) {
    g_clear_pointer (&self->own_tags, gst_tag_list_unref);
    self->own_tags = gst_emotion_report_tags (result, model);
    gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self), tag_event (self));
  }
  if (!self->posts_messages)
    return;

  GstEmotionTimes times = {timestamp, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, duration};
  if (segment->format == GST_FORMAT_TIME) {
    times.stream_time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, timestamp);
    times.running_time = gst_segment_to_running_time (segment, GST_FORMAT_TIME, timestamp);
  }
  GstStructure *structure =
      gst_emotion_report_new (result, summary, model, analysis->model_name, &times);
  gst_element_post_message (GST_ELEMENT (self),
                            gst_message_new_element (GST_OBJECT (self), structure));
}

static void
warn_of_bad_samples (GstEmotionDetect *self)
{
  guint64 bad = emotion_detector_get_bad_samples (self->stream.current->detector);
  if (bad == 0 || self->warned_of_bad_samples)
    return;
  self->warned_of_bad_samples = TRUE;
  GST_WARNING_OBJECT (self, "the stream has NaN or infinite samples; such count as 0");
}

static GstFlowReturn
gst_emotion_detect_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);

  if (self->stream.current == NULL || trans->segment.rate < 0)
    return GST_FLOW_OK;
  take_settings (self);
  if (!self->stream.begun)
    self->first_segment = trans->segment;
  if (!gst_emotion_stream_push (&self->stream, GST_AUDIO_FILTER_INFO (self), buffer)) {
    GST_ELEMENT_ERROR (self, STREAM, FAILED, ("A buffer cannot be mapped for reading."), (NULL));
    return GST_FLOW_ERROR;
  }
  warn_of_bad_samples (self);
  return GST_FLOW_OK;
}

/* What follows does not belong to what was heard: reports the last window, and at the end of the
 * stream the summary. */
static void
finish (GstEmotionDetect *self, gboolean stream_ends)
{
  if (self->stream.current == NULL)
    return;
  gst_emotion_stream_finish (&self->stream);
  if (!stream_ends) {
    gst_emotion_stream_restart (&self->stream);
    return;
  }
  gst_emotion_stream_summarize (&self->stream);
  gst_emotion_stream_reset (&self->stream);
  self->warned_of_bad_samples = FALSE;
}

/* --- Events, caps and states --- */

static gboolean
same_timeline (const GstSegment *a, const GstSegment *b)
{
  return a->format == b->format && a->rate == b->rate && a->applied_rate == b->applied_rate &&
         a->base == b->base && a->offset == b->offset && a->start == b->start && a->time == b->time;
}

static void
forget_tags (GstEmotionDetect *self)
{
  g_clear_pointer (&self->upstream_tags, gst_tag_list_unref);
  g_clear_pointer (&self->own_tags, gst_tag_list_unref);
}

static void
start_stream (GstEmotionDetect *self, const char *stream_id)
{
  if (self->stream_id != NULL && g_str_equal (self->stream_id, stream_id))
    return;
  finish (self, TRUE);
  forget_tags (self);
  g_free (self->stream_id);
  self->stream_id = g_strdup (stream_id);
}

/* Takes `event`, a tag event from upstream, and returns what goes downstream in its place. */
static GstEvent *
take_tags (GstEmotionDetect *self, GstEvent *event)
{
  GstTagList *tags;
  gst_event_parse_tag (event, &tags);
  if (gst_tag_list_get_scope (tags) != GST_TAG_SCOPE_STREAM)
    return event;
  g_clear_pointer (&self->upstream_tags, gst_tag_list_unref);
  self->upstream_tags = gst_tag_list_ref (tags);
  if (self->own_tags == NULL)
    return event;
  gst_event_unref (event);
  return tag_event (self);
}

static gboolean
gst_emotion_detect_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  const GstSegment *segment;
  const char *stream_id;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    gst_event_parse_stream_start (event, &stream_id);
    start_stream (self, stream_id);
    break;
  case GST_EVENT_SEGMENT:
    gst_event_parse_segment (event, &segment);
    if (segment->rate < 0)
      GST_INFO_OBJECT (self, "no analysis while playing backwards");
    if (same_timeline (segment, &trans->segment))
      break;
    finish (self, FALSE);
    break;
  case GST_EVENT_EOS:
  case GST_EVENT_SEGMENT_DONE:
    finish (self, TRUE);
    break;
  case GST_EVENT_FLUSH_STOP:
    if (self->stream.current != NULL)
      gst_emotion_stream_reset (&self->stream);
    break;
  case GST_EVENT_TAG:
    event = take_tags (self, event);
    break;
  default:
    break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_emotion_detect_parent_class)->sink_event (trans, event);
}

/* New caps. A change of the sample format alone does not touch the analysis. */
static gboolean
gst_emotion_detect_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (filter);
  guint rate = (guint)GST_AUDIO_INFO_RATE (info), channels = (guint)GST_AUDIO_INFO_CHANNELS (info);
  GError *error = NULL;

  if (self->rate == rate && self->channels == channels)
    return TRUE;
  finish (self, FALSE);

  g_mutex_lock (&self->build_lock);
  GstEmotionAnalysis *analysis = gst_emotion_analysis_new (&self->config, rate, channels, &error);
  if (analysis != NULL) {
    self->rate = rate;
    self->channels = channels;
    GST_OBJECT_LOCK (self);
    g_clear_pointer (&self->pending, gst_emotion_analysis_free);
    GST_OBJECT_UNLOCK (self);
  }
  g_mutex_unlock (&self->build_lock);

  if (analysis == NULL) {
    post_error (self, GST_MESSAGE_ERROR, error);
    g_error_free (error);
    return FALSE;
  }
  gst_emotion_stream_setup (&self->stream, analysis, rate);
  return TRUE;
}

static gboolean
gst_emotion_detect_start (GstBaseTransform *trans)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  GError *error = NULL;
  GstEmotionConfig config;

  g_mutex_lock (&self->build_lock);
  gst_emotion_config_copy (&config, &self->config);
  self->started = gst_emotion_config_load (&config, &error);
  if (self->started) {
    GST_INFO_OBJECT (self, "model %s", config.model_name);
    commit (self, &config, NULL);
  } else {
    gst_emotion_config_clear (&config);
  }
  g_mutex_unlock (&self->build_lock);

  if (error == NULL)
    return TRUE;
  post_error (self, GST_MESSAGE_ERROR, error);
  g_error_free (error);
  return FALSE;
}

static gboolean
gst_emotion_detect_stop (GstBaseTransform *trans)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  GstEmotionConfig config;

  g_mutex_lock (&self->build_lock);
  self->started = FALSE;
  self->rate = self->channels = 0;
  gst_emotion_config_copy (&config, &self->config);
  gst_emotion_config_unload (&config);
  commit (self, &config, NULL);
  g_mutex_unlock (&self->build_lock);

  gst_emotion_stream_clear (&self->stream);
  self->stream.begun = FALSE;
  g_clear_pointer (&self->stream_id, g_free);
  forget_tags (self);
  self->warned_of_bad_samples = FALSE;
  return TRUE;
}

static void
gst_emotion_detect_finalize (GObject *object)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);
  gst_emotion_config_clear (&self->config);
  g_mutex_clear (&self->build_lock);
  G_OBJECT_CLASS (gst_emotion_detect_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;

  g_object_class_install_property (
      object_class, PROP_MODEL,
      g_param_spec_string (
          "model", "Model",
          "Path of the model file (unset = $EMOTIONDETECT_MODEL, or the default model in "
          "$EMOTIONDETECT_MODEL_PATH or in the installed data folder)",
          NULL, flags));
  g_object_class_install_property (
      object_class, PROP_WINDOW,
      g_param_spec_uint64 ("window", "Window",
                           "Length of audio that a result is made from, in nanoseconds (0 = the "
                           "model's; at least 100 ms)",
                           0, EMOTION_MAX_WINDOW, 0, flags));
  g_object_class_install_property (
      object_class, PROP_INTERVAL,
      g_param_spec_uint64 ("interval", "Interval",
                           "Time from one result to the next, in nanoseconds (0 = the model's; at "
                           "least 10 ms, at most the window)",
                           0, EMOTION_MAX_WINDOW, 0, flags));
  g_object_class_install_property (
      object_class, PROP_POST_MESSAGES,
      g_param_spec_boolean ("post-messages", "Post Messages",
                            "Whether to post an element message for each window and at the end",
                            DEFAULT_POST_MESSAGES, flags));
  g_object_class_install_property (
      object_class, PROP_POST_TAGS,
      g_param_spec_boolean ("post-tags", "Post Tags",
                            "Whether to send tags downstream when the emotion changes and at the "
                            "end",
                            DEFAULT_POST_TAGS, flags));
}

static void
gst_emotion_detect_class_init (GstEmotionDetectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GstAudioFilterClass *filter_class = GST_AUDIO_FILTER_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (emotion_detect_debug, "emotiondetect", 0, "Speech emotion detector");

  object_class->set_property = gst_emotion_detect_set_property;
  object_class->get_property = gst_emotion_detect_get_property;
  object_class->finalize = gst_emotion_detect_finalize;
  install_properties (object_class);

  gst_element_class_set_static_metadata (
      element_class, "Speech emotion detector", "Filter/Analyzer/Audio",
      "Tells the emotion of speech by messages and tags; the audio passes untouched",
      "The gst-emotiondetect authors");
  GstCaps *caps = gst_caps_from_string ("audio/x-raw, format = " FORMATS
                                        ", layout = { interleaved, non-interleaved }");
  gst_caps_set_simple (caps, "rate", GST_TYPE_INT_RANGE, EMOTION_MIN_RATE, EMOTION_MAX_RATE,
                       "channels", GST_TYPE_INT_RANGE, 1, EMOTION_MAX_CHANNELS, NULL);
  gst_audio_filter_class_add_pad_templates (filter_class, caps);
  gst_caps_unref (caps);

  trans_class->start = GST_DEBUG_FUNCPTR (gst_emotion_detect_start);
  trans_class->stop = GST_DEBUG_FUNCPTR (gst_emotion_detect_stop);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (gst_emotion_detect_sink_event);
  trans_class->transform_ip = GST_DEBUG_FUNCPTR (gst_emotion_detect_transform_ip);
  filter_class->setup = GST_DEBUG_FUNCPTR (gst_emotion_detect_setup);
}

static void
gst_emotion_detect_init (GstEmotionDetect *self)
{
  g_mutex_init (&self->build_lock);
  gst_emotion_stream_init (&self->stream, report, self);
  self->told = -1;
  self->posts_messages = self->post_messages = DEFAULT_POST_MESSAGES;
  self->posts_tags = self->post_tags = DEFAULT_POST_TAGS;
  gst_base_transform_set_passthrough (GST_BASE_TRANSFORM (self), TRUE);
  gst_base_transform_set_gap_aware (GST_BASE_TRANSFORM (self), TRUE);
}
