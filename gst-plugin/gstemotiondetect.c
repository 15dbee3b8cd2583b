/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-emotiondetect
 * @title: emotiondetect
 *
 * Detects the emotion of speech. The audio passes through unchanged, in any raw format, with 1 to
 * 64 channels at 8 to 192 kHz. The element adds no latency: a result comes at the end of its
 * window.
 *
 * ## Messages
 *
 * The element posts element messages with a structure named `emotiondetect`. The property
 * `message-mode` selects them: one for each window, one for each change of the predicted emotion,
 * or both. In every mode there is a summary at the end of the stream. Fields with unknown values
 * are absent.
 *
 * * string `type`: `window`; `change`, if the predicted emotion differs from the one before; or
 *   `summary`
 * * uint64 `timestamp`: buffer time of the start, in ns; absent if the stream has no timestamps
 * * uint64 `stream-time`: position of the start in the media, in ns
 * * uint64 `running-time`: running time of the start, in ns; at a playback rate of 2, the window
 *   ends `duration` / 2 later
 * * uint64 `duration`: length of the audio, in ns
 * * int `channel`: the analysed channel, from 0; absent with channel-mode=mix
 * * string `emotion`: the predicted emotion: a label of the model or `none`, after priors,
 *   smoothing, hysteresis and thresholds. In a summary it is the most probable label of the whole
 *   stream, after priors, or `none` if there was no speech or only out-of-distribution sound
 * * double `confidence`: probability of the predicted emotion, 0 to 1; with `none`, of the most
 *   probable label
 * * string `reason`: the reason for `none`: `silence`, `no-speech`, `out-of-distribution` or
 *   `low-confidence`. Out of distribution is sound unlike the speech that the model was trained on,
 *   such as music, noise and tones
 * * structure `scores`: the probability of each label as a double, 0 to 1 with sum 1: in this
 *   window alone, or for a summary in the whole stream
 * * double `speech-ratio`: fraction of speech, 0 to 1
 * * double `level`: in dBFS, from -120. It can exceed 0 with floating-point samples beyond full
 *   scale, and with more than two loud channels, whose mix can be louder than each
 * * double `intensity`: strength of the emotion, from 0 (normal) to 1 (strong); only for speech,
 *   and only with models that predict it
 * * double `valence`: how pleasant the emotion is, -1 to 1: the mean of the labels' values,
 *   weighted by the scores. The values are those of Russell and Mehrabian (1977): angry -0.51,
 *   boredom -0.65, calm 0.68, disgust -0.60, fearful -0.64, happy 0.81, neutral 0, sad -0.63,
 *   surprised 0.40. Only for speech, and only with models whose labels all have a value
 * * double `arousal`: how excited the emotion is, computed in the same way: angry 0.59, boredom
 *   -0.62, calm -0.46, disgust 0.35, fearful 0.60, happy 0.51, neutral 0, sad -0.27, surprised 0.67
 * * boolean `partial`: whether the audio is shorter than a full window; absent in a summary
 * * string `model`: file name of the model
 * * array of double `features`: the feature vector; only with send-features=true, and absent in a
 *   summary. Its type is GST_TYPE_ARRAY; Python without the package python3-gst-1.0 reads it with
 *   `structure.get_array("features")`
 * * string `previous`: the emotion predicted before; only in a change
 * * structure `fractions`: the fraction of the time for each label and for `none`, as doubles from
 *   0 to 1 with sum 1; only in a summary
 * * structure `longest-stretch`: the longest time with the same predicted emotion: string
 *   `emotion`, uint64 `timestamp` and uint64 `duration` in ns; only in a summary
 * * uint64 `transitions`: number of changes of the predicted emotion, including the first one from
 *   none; only in a summary
 * * uint64 `windows`: number of windows; only in a summary
 *
 * Messages stay in memory until the application takes them off the bus. A window's message takes
 * less than 1.3 kB with up to 8 labels and less than 1.6 kB with up to 16. channel-mode=separate
 * adds 0.4 kB. With send-features=true it takes more than 30 kB.
 *
 * ## Tags
 *
 * With post-tags=true, the element sends the tags `emotion` and `emotion-confidence` downstream
 * when the predicted emotion changes and at the end of the stream, together with the tags from
 * upstream. At the end it adds the extended comment `EMOTION=label`, which containers can store.
 *
 * Encoders and muxers that write their tags before the sound miss later tags. To store the emotion
 * in an Opus, Vorbis, FLAC or MP3 file, read it from the summary, then encode in a second run with
 * `taginject` before the encoder.
 *
 * ## Meta
 *
 * With attach-meta=true, the buffer that completes a window carries the structure of the window as
 * a GstCustomMeta named `GstEmotionMeta`. The memory of the buffer is not copied. If a
 * discontinuity ends a window, the next buffer carries it. If an event such as EOS ends a window,
 * no buffer carries it.
 *
 * With GStreamer 1.24 or later, if the plugin was built with the GstAnalytics library, the buffer
 * also carries the window in the format of other analysis elements: as a classification
 * (GstAnalyticsClsMtd) in its GstAnalyticsRelationMeta.
 *
 * * The first class is the predicted emotion. The others follow by falling score.
 * * The confidence levels are the scores of this window alone. After smoothing, priors or
 *   hysteresis, the first class need not have the highest score. The field `confidence` is only in
 *   the GstEmotionMeta.
 * * A window with the prediction `none` has no classification.
 * * One buffer can complete several windows, for example with channel-mode=separate. The
 *   classifications are in the order of those GstEmotionMetas whose `emotion` is not `none`.
 *
 * ## Stream
 *
 * Timestamps:
 * * A jump forward of up to the length of a window is a hole, which is analysed as silence. If the
 *   buffer has the flag DISCONT or a gap event comes before it, this happens at once. Otherwise the
 *   jump must be longer than 40 ms and last for a second.
 * * A longer jump forward starts the windows anew. So does a jump back that is longer than a
 *   window, has the flag DISCONT or lasts for a second.
 * * Jitter and bursts, as in timestamps of arrival, add no silence. The windows follow timestamps
 *   that drift.
 *
 * Gaps:
 * * Buffers with the flag GAP, and gap events of up to the length of a window, are analysed as
 *   silence.
 * * A longer gap event gives one result at once, for the first window of the gap: `none` with the
 *   reason `silence` and all fields of a window. The windows start anew after the gap.
 *
 * Windows:
 * * A window never starts before the previous window, before the first timestamp of the stream or
 *   outside the segment. Samples outside the segment are cut off.
 * * A new segment or new caps end the current window. A flush discards it.
 * * At EOS, at SEGMENT_DONE and before a new stream id, the element reports a last window, which
 *   ends with the stream, and the summary. Then it forwards the event.
 * * There is no analysis during backward playback.
 *
 * Buffers:
 * * Interleaved buffers may end within a frame, if the next buffer continues it. If it does not, a
 *   warning recommends rawaudioparse.
 * * Planar buffers need a GstAudioMeta.
 * * A buffer before any caps is an error.
 *
 * ## Channels
 *
 * With channel-mode=mix, the element analyses the mean of one or two channels. More channels are
 * mixed according to the channel-mask, as in the downmix to stereo of ITU-R BS.775 followed by the
 * mean of both sides. The weights are:
 * * 0.5: front left and right, including front left and right of centre and wide left and right
 * * 0.71: front centre, which has the speech in film and broadcast
 * * 0.35: side, rear, top and bottom channels
 * * 0: low-frequency effects (LFE)
 *
 * So a 5.1 stream has the same results as its stereo version. Channels without positions,
 * (bitmask)0, have equal weights.
 *
 * If one channel alone has the speech, select it: `channel-mode=single channel=2` is the front
 * centre of 5.1, whose order is front left, front right, front centre, LFE, rear left, rear right.
 * If the stream lacks the channel, that is an error.
 *
 * ## Adaptation
 *
 * With adaptation=running, a model that can adapt corrects its predictions by the mean of the
 * stream's speech so far, separately for each channel with channel-mode=separate. The adaptation
 * survives discontinuities, flushes, seeks, EOS, new caps and new windows. It starts again with a
 * new stream id, another model, the signal `reset` or the state READY.
 *
 * ## The model in use
 *
 * The property `model-info` is a structure with these fields:
 * * string `model`: file name
 * * string `sha256`: hash of the file
 * * array of string `labels`, and `label-texts`: names for people in the same order, such as
 *   `wütend` for `wutend`; in most models both are equal
 * * string `features` and uint `n-features`: name of the feature set, and number of features
 * * uint64 `window`, `interval` and `min-window`: the model's own values, in ns
 * * double `threshold`, `silence-threshold` (dBFS) and `min-speech-ratio`: the model's own values
 * * structure `priors`, uint64 `smoothing` and `hold-time` in ns, and double `hysteresis`: the
 *   model's own values
 * * string `adaptation`: `running` if the model can adapt to a stream, or `none`
 * * structure `provenance`: strings about the origin and the quality of the model; the shipped
 *   models have `corpus`, `licence`, `speakers`, `clips`, `protocol`, `uar` and `accuracy`
 *
 * ## Properties while playing
 *
 * All properties can be set at any time. `model`, `window`, `interval`, `min-window`,
 * `channel-mode` and `channel` take effect at the end of the current window, `attach-meta` with the
 * next buffer, and the others with the next result. A GstController can control `threshold`.
 *
 * ## Example launch lines
 *
 * Print a message for each window of a file, and the summary:
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! emotiondetect ! fakesink
 * ]|
 *
 * Print a message only when the emotion changes, and expect half of the speech to be neutral:
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! emotiondetect message-mode=change priors="priors,neutral=0.5" ! fakesink
 * ]|
 *
 * Analyse both sides of a call, one on each channel:
 * |[
 * gst-launch-1.0 -m filesrc location=call.wav ! wavparse ! emotiondetect channel-mode=separate ! fakesink
 * ]|
 *
 * Analyse only the second side:
 * |[
 * gst-launch-1.0 -m filesrc location=call.wav ! wavparse ! emotiondetect channel-mode=single channel=1 ! fakesink
 * ]|
 */
#include "gstemotiondetect.h"

#include "caps.h"
#include "properties.h"

GST_DEBUG_CATEGORY (gst_emotion_detect_debug);
#define GST_CAT_DEFAULT gst_emotion_detect_debug
GST_DEBUG_CATEGORY_STATIC (performance_debug);

G_DEFINE_TYPE (GstEmotionDetect, gst_emotion_detect, GST_TYPE_AUDIO_FILTER)
GST_ELEMENT_REGISTER_DEFINE (emotiondetect, "emotiondetect", GST_RANK_NONE, GST_TYPE_EMOTION_DETECT)

/* --- Results --- */

/* Applies the changes that setters have made since the last call. Locks only if there are any. */
static void
take_settings (GstEmotionDetect *self)
{
  GstEmotionAnalysis *analysis;
  if (!gst_emotion_control_take_changes (&self->control, &self->settings, &analysis))
    return;
  if (self->stream.current != NULL)
    gst_emotion_analysis_configure (self->stream.current, &self->settings);
  if (analysis != NULL)
    gst_emotion_stream_replace (&self->stream, analysis);
}

static void
warn_of_cost (GstEmotionDetect *self, const GstEmotionResult *result)
{
  if (self->warned_of_cost || result->cost <= result->analysis->interval / 4)
    return;
  self->warned_of_cost = TRUE;
  GST_CAT_WARNING_OBJECT (performance_debug, self,
                          "the analysis of a window took %" GST_TIME_FORMAT
                          " of the interval of %" GST_TIME_FORMAT,
                          GST_TIME_ARGS (result->cost), GST_TIME_ARGS (result->analysis->interval));
}

static void
on_result (gpointer owner, const GstEmotionResult *result)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (owner);
  const GstSegment *segment =
      result->summary ? &self->first_segment : &GST_BASE_TRANSFORM (self)->segment;
  take_settings (self);
  if (!result->summary) {
    gst_emotion_control_set_last (&self->control, result->channel->last_reported,
                                  result->output->confidence);
    gst_emotion_control_dump (&self->control, result, self->stream_id);
    warn_of_cost (self, result);
  }
  gst_emotion_emitter_emit (&self->emitter, result, segment);
}

/* --- Buffers --- */

static void
warn_of_bad_samples (GstEmotionDetect *self)
{
  if (self->warned_of_bad_samples ||
      gst_emotion_analysis_get_bad_samples (self->stream.current) == 0)
    return;
  self->warned_of_bad_samples = TRUE;
  GST_WARNING_OBJECT (self, "the stream has NaN or infinite samples, which count as 0");
}

/* Warns once for each stream of buffers with unusable layouts. */
static void
warn_of_layout (GstEmotionDetect *self, const char *text)
{
  if (self->warned_of_layout)
    return;
  self->warned_of_layout = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, FORMAT, ("%s", text), (NULL));
}

static void
reset (GstEmotionDetect *self)
{
  g_atomic_int_set (&self->wants_reset, TRUE);
}

/* Does the reset that the signal has requested, if any. */
static void
take_reset (GstEmotionDetect *self)
{
  if (self->stream.current == NULL ||
      !g_atomic_int_compare_and_exchange (&self->wants_reset, TRUE, FALSE))
    return;
  gst_emotion_stream_reset (&self->stream);
  gst_emotion_stream_forget_last_reported (&self->stream);
  gst_emotion_stream_forget_adaptation (&self->stream);
  gst_emotion_control_set_last (&self->control, 0, 0);
}

/* Runs before the base class decides whether the element needs writable buffers. */
static GstFlowReturn
gst_emotion_detect_submit_input_buffer (GstBaseTransform *trans, gboolean is_discont,
                                        GstBuffer *buffer)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  GstClockTime stream_time =
      trans->segment.format == GST_FORMAT_TIME
          ? gst_segment_to_stream_time (&trans->segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer))
          : GST_CLOCK_TIME_NONE;
  if (GST_CLOCK_TIME_IS_VALID (stream_time))
    gst_object_sync_values (GST_OBJECT (self), stream_time);
  take_settings (self);
  if (self->attaching != self->settings.attach_meta) {
    self->attaching = self->settings.attach_meta;
    gst_base_transform_set_passthrough (trans, !self->attaching);
  }
  return GST_BASE_TRANSFORM_CLASS (gst_emotion_detect_parent_class)
      ->submit_input_buffer (trans, is_discont, buffer);
}

/* Begins the stream if it has not begun. FALSE if there is nothing to analyse. */
static gboolean
begin_analysis (GstEmotionDetect *self)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  if (self->stream.current == NULL || segment->rate < 0)
    return FALSE;
  take_reset (self);
  if (!self->stream.begun)
    self->first_segment = *segment;
  return TRUE;
}

static GstFlowReturn
gst_emotion_detect_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  if (self->stream.current == NULL) { /* the base class lets buffers without caps pass */
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION, ("The format of the stream is unknown."),
                       ("a buffer came before caps; put a parser or decodebin upstream"));
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (!begin_analysis (self))
    return GST_FLOW_OK;
  self->emitter.buffer = self->attaching ? buffer : NULL;
  GstEmotionReadStatus status =
      gst_emotion_stream_push (&self->stream, GST_AUDIO_FILTER_INFO (self), buffer);
  self->emitter.buffer = NULL;
  if (status == GST_EMOTION_READ_NO_PLANES)
    warn_of_layout (self,
                    "Planar buffers without a GstAudioMeta are not analysed: put rawaudioparse "
                    "upstream, or use layout=interleaved.");
  if (self->stream.cut_frame)
    warn_of_layout (self,
                    "A buffer ended within a frame, and the next one does not continue it. The "
                    "samples may be misread: put rawaudioparse upstream.");
  if (status == GST_EMOTION_READ_NOT_MAPPED) {
    GST_ELEMENT_ERROR (self, STREAM, FAILED, ("A buffer cannot be mapped for reading."), (NULL));
    return GST_FLOW_ERROR;
  }
  warn_of_bad_samples (self);
  return GST_FLOW_OK;
}

static void
take_gap (GstEmotionDetect *self, GstEvent *event)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  GstClockTime pts, duration;
  guint64 start, end;
  gst_event_parse_gap (event, &pts, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    duration = 0;
  if (segment->format != GST_FORMAT_TIME ||
      !gst_segment_clip (segment, GST_FORMAT_TIME, pts, pts + duration, &start, &end) ||
      !begin_analysis (self))
    return;
  take_settings (self);
  gst_emotion_stream_push_gap (&self->stream, GST_AUDIO_FILTER_INFO (self), start, end - start);
}

/* Reports the last window before a break, and at the end of a stream also the summary. */
static void
finish (GstEmotionDetect *self, gboolean stream_ends)
{
  if (self->stream.current == NULL)
    return;
  take_reset (self);
  gst_emotion_stream_finish (&self->stream);
  if (!stream_ends) {
    gst_emotion_stream_restart (&self->stream);
    return;
  }
  gst_emotion_stream_summarize (&self->stream);
  gst_emotion_stream_reset (&self->stream);
  gst_emotion_stream_forget_last_reported (&self->stream);
  self->warned_of_bad_samples = self->warned_of_layout = self->stream.cut_frame = FALSE;
}

/* --- Events, caps and states --- */

static gboolean
same_timeline (const GstSegment *a, const GstSegment *b)
{
  return a->format == b->format && a->rate == b->rate && a->applied_rate == b->applied_rate &&
         a->base == b->base && a->offset == b->offset && a->start == b->start && a->time == b->time;
}

static void
forget_stream (GstEmotionDetect *self)
{
  gst_emotion_emitter_forget_tags (&self->emitter);
  g_clear_pointer (&self->stream_id, g_free);
  gst_emotion_dumper_forget_stream (&self->control.dumper);
}

static void
start_stream (GstEmotionDetect *self, const char *stream_id)
{
  if (g_strcmp0 (self->stream_id, stream_id) == 0)
    return;
  finish (self, TRUE);
  if (self->stream.current != NULL)
    gst_emotion_stream_forget_adaptation (&self->stream);
  forget_stream (self);
  self->stream_id = g_strdup (stream_id);
}

/* The base class refuses incomplete caps without saying why. */
static void
check_caps (GstEmotionDetect *self, GstEvent *event)
{
  GstCaps *caps;
  GError *error = NULL;
  gst_event_parse_caps (event, &caps);
  if (!gst_emotion_caps_check (caps, &error))
    GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s", error->message), (NULL));
  g_clear_error (&error);
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
  case GST_EVENT_CAPS:
    check_caps (self, event);
    break;
  case GST_EVENT_SEGMENT:
    gst_event_parse_segment (event, &segment);
    if (segment->rate < 0)
      GST_INFO_OBJECT (self, "no analysis while playing backwards");
    if (!same_timeline (segment, &trans->segment))
      finish (self, FALSE);
    break;
  case GST_EVENT_GAP:
    take_gap (self, event);
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
    event = gst_emotion_emitter_take_tags (&self->emitter, event);
    break;
  default:
    break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_emotion_detect_parent_class)->sink_event (trans, event);
}

/* Keeps QoS events from the base class, which drops late buffers if its property "qos" is set. */
static gboolean
gst_emotion_detect_src_event (GstBaseTransform *trans, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    return gst_pad_push_event (GST_BASE_TRANSFORM_SINK_PAD (trans), event);
  return GST_BASE_TRANSFORM_CLASS (gst_emotion_detect_parent_class)->src_event (trans, event);
}

/* New caps. A change of only the sample format keeps the analysis. */
static gboolean
gst_emotion_detect_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (filter);
  GstEmotionFormat format = {(guint)info->rate, (guint)info->channels, 0},
                   *old = &self->control.format;
  gst_audio_channel_positions_to_mask (info->position, info->channels, TRUE, &format.positions);

  if (old->rate == format.rate && old->channels == format.channels &&
      old->positions == format.positions)
    return TRUE;
  finish (self, FALSE);
  GstEmotionAnalysis *analysis = gst_emotion_control_build (&self->control, &format);
  if (analysis == NULL)
    return FALSE;
  gst_emotion_stream_setup (&self->stream, analysis, format.rate);
  return TRUE;
}

static gboolean
gst_emotion_detect_start (GstBaseTransform *trans)
{
  return gst_emotion_control_start (&GST_EMOTION_DETECT (trans)->control);
}

static gboolean
gst_emotion_detect_stop (GstBaseTransform *trans)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (trans);
  gst_emotion_control_stop (&self->control);
  gst_emotion_stream_clear (&self->stream);
  forget_stream (self);
  self->warned_of_bad_samples = self->warned_of_cost = self->warned_of_layout = FALSE;
  g_atomic_int_set (&self->wants_reset, FALSE);
  return TRUE;
}

static void
gst_emotion_detect_set_property (GObject *object, guint property, const GValue *value,
                                 GParamSpec *pspec)
{
  gst_emotion_properties_set (&GST_EMOTION_DETECT (object)->control, property, value, pspec);
}

static void
gst_emotion_detect_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  gst_emotion_properties_get (&GST_EMOTION_DETECT (object)->control, property, value, pspec);
}

static void
gst_emotion_detect_finalize (GObject *object)
{
  GstEmotionDetect *self = GST_EMOTION_DETECT (object);
  gst_emotion_control_clear (&self->control);
  G_OBJECT_CLASS (gst_emotion_detect_parent_class)->finalize (object);
}

static void
gst_emotion_detect_class_init (GstEmotionDetectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GstAudioFilterClass *filter_class = GST_AUDIO_FILTER_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_emotion_detect_debug, "emotiondetect", 0, "Speech emotion detector");
  GST_DEBUG_CATEGORY_GET (performance_debug, "GST_PERFORMANCE");

  object_class->set_property = gst_emotion_detect_set_property;
  object_class->get_property = gst_emotion_detect_get_property;
  object_class->finalize = gst_emotion_detect_finalize;
  gst_emotion_properties_install (object_class);

  /**
   * GstEmotionDetect::reset:
   *
   * Discards the current window, the predicted emotion, the data of the summary and the adaptation.
   * It takes effect before the next buffer.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("reset", G_TYPE_FROM_CLASS (klass),
                              G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (reset), NULL, NULL,
                              NULL, G_TYPE_NONE, 0);

  gst_element_class_set_static_metadata (
      element_class, "Speech emotion detector", "Filter/Analyzer/Audio",
      "Tells the emotion of speech by messages and tags; the audio passes untouched",
      "The gst-emotiondetect authors");
  GstCaps *caps = gst_emotion_caps_new ();
  gst_audio_filter_class_add_pad_templates (filter_class, caps);
  gst_caps_unref (caps);

  trans_class->start = GST_DEBUG_FUNCPTR (gst_emotion_detect_start);
  trans_class->stop = GST_DEBUG_FUNCPTR (gst_emotion_detect_stop);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (gst_emotion_detect_sink_event);
  trans_class->src_event = GST_DEBUG_FUNCPTR (gst_emotion_detect_src_event);
  trans_class->submit_input_buffer = GST_DEBUG_FUNCPTR (gst_emotion_detect_submit_input_buffer);
  trans_class->transform_ip = GST_DEBUG_FUNCPTR (gst_emotion_detect_transform_ip);
  filter_class->setup = GST_DEBUG_FUNCPTR (gst_emotion_detect_setup);
}

static void
gst_emotion_detect_init (GstEmotionDetect *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  gst_emotion_control_init (&self->control, GST_ELEMENT (self),
                            GST_BASE_TRANSFORM_SINK_PAD (trans));
  gst_emotion_settings_init (&self->settings);
  gst_emotion_emitter_init (&self->emitter, GST_ELEMENT (self), GST_BASE_TRANSFORM_SRC_PAD (trans),
                            &self->settings);
  gst_emotion_stream_init (&self->stream, &self->settings, on_result, self);
  gst_base_transform_set_passthrough (trans, TRUE);
  gst_base_transform_set_gap_aware (trans, TRUE);
}
