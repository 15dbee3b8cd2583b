/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-emotiondetect
 * @title: emotiondetect
 *
 * Listens to speech and tells its emotion. The audio passes through untouched, in any raw format, at any
 * rate from 8 to 192 kHz, with 1 to 64 channels; the element adds no latency, and a result comes when its
 * window has passed.
 *
 * ## Messages
 *
 * The element posts element messages with a structure called `emotiondetect`, as `message-mode`
 * wants them: one for each window, one for each change of the answer, and in any case one for each
 * stream at its end. A field whose value is not known is left out.
 *
 * * string `type`: `window`; `change`, when the answer is another one than before; or `summary`
 * * uint64 `timestamp`: buffer time of the start, in ns; not in a stream without timestamps
 * * uint64 `stream-time`: position in the media of the start, in ns
 * * uint64 `running-time`: running time of the start, in ns; the window ends `duration` / rate later
 * * uint64 `duration`: length of the audio, in ns
 * * int `channel`: the channel that was heard, from 0; not with channel-mode=mix
 * * string `emotion`: the answer, a label of the model or `none`, after priors, smoothing,
 *   hysteresis and thresholds; in a summary by priors the most probable label over the whole stream, `none`
 *   only where there was no speech at all, or nothing but what is out of distribution
 * * double `confidence`: probability of the answer, 0 to 1; with `none`, of the best label
 * * string `reason`: why the answer is none: `silence`; `no-speech`; `out-of-distribution`, when the
 *   sound is unlike the speech that the model was trained on, as music, noise and tones are; or
 *   `low-confidence`
 * * structure `scores`: a double for each label, its probability in this window alone, or in a
 *   summary in the whole stream, 0 to 1 with sum 1
 * * double `speech-ratio`: share of speech, 0 to 1
 * * double `level`: in dBFS, from -120; above 0 only of floating-point samples beyond full scale, or of
 *   loud sound in more than two channels, whose mix may be louder than each
 * * double `intensity`: how intense the emotion is, whichever it is: 0, as in a normal tone, to 1,
 *   strong; only of speech, and with models that tell it
 * * double `valence`: how pleasant the emotion is, -1 to 1, expected by the scores: the mean of the
 *   labels' places on this axis (Russell and Mehrabian 1977: angry -0.51, boredom -0.65, calm 0.68,
 *   disgust -0.60, fearful -0.64, happy 0.81, neutral 0, sad -0.63, surprised 0.40); only of speech,
 *   and with models whose labels all have such a place
 * * double `arousal`: how excited, in the same way (0.59, -0.62, -0.46, 0.35, 0.60, 0.51, 0, -0.27,
 *   0.67)
 * * boolean `partial`: shorter than a full window; not in a summary
 * * string `model`: file name of the model
 * * array of double `features`: the feature vector, with send-features; not in a summary. It is a
 *   GST_TYPE_ARRAY; Python without the package python3-gst-1.0 reads it by
 *   `structure.get_array("features")`
 * * string `previous`: the answer before; only in a change
 * * structure `fractions`: a double for each label and for `none`, the part of the time in which it
 *   was the answer, 0 to 1 with sum 1; only in a summary
 * * structure `longest-stretch`: string `emotion`, uint64 `timestamp` and uint64 `duration` in ns of
 *   the longest time with one answer; only in a summary
 * * uint64 `transitions`: how often the answer changed, the first one from none included; only in a
 *   summary
 * * uint64 `windows`: the windows that the summary is made of; only in a summary
 *
 * A message not taken off the bus stays in memory: a window's takes less than 1.3 kB with up to 8
 * labels, 1.6 kB with up to 16, 0.4 kB more with channel-mode=separate, and with send-features more
 * than 30 kB.
 *
 * ## Tags
 *
 * With post-tags, the tags `emotion` and `emotion-confidence` go downstream with each change of the
 * answer and at the end, together with the tags of upstream; at the end also, for containers, as
 * the extended comment `EMOTION=answer`. Encoders and muxers that write their tags before the sound
 * miss what comes later: to store the answer in an Opus, Vorbis, FLAC or MP3 file, take it from the
 * summary and encode in a second run, with `taginject` before the encoder.
 *
 * ## Meta
 *
 * With attach-meta, each window's structure is on the buffer that completes the window, as a
 * GstCustomMeta with the name `GstEmotionMeta`. The buffer's memory stays the one that came in. A
 * window that a discontinuity has ended is on the buffer after it; one that an event has ended, such
 * as EOS, is on none.
 *
 * With GStreamer 1.24 or later, if the plugin was built with the GstAnalytics library, the buffer
 * also carries the window as other analysis elements do: a classification (GstAnalyticsClsMtd) in
 * its GstAnalyticsRelationMeta. The first class is the answer, the others follow by falling score;
 * the confidence levels are the scores, which are of this window alone, so that after smoothing,
 * priors or hysteresis another class can have the highest one. The field `confidence` is only in the
 * GstEmotionMeta. A window whose answer is none gives no classification. Of several windows on one
 * buffer, with channel-mode=separate say, the classifications come in the order of the
 * GstEmotionMetas whose `emotion` is not none.
 *
 * ## Stream
 *
 * Small holes are silence. A hole is a forward jump of the timestamps, up to the length of a window: at
 * once where a buffer with DISCONT or a gap event marks it, otherwise when the jump of more than 40 ms has
 * lasted for a second. Jitter that goes back and bursts, as in timestamps of the time of arrival, insert
 * nothing; timestamps that drift are followed from window to window. A longer hole starts the windows
 * anew, as does a jump back that is longer than a window, is marked by DISCONT or lasts for a second.
 *
 * Buffers marked as gaps, and gap events up to the length of a window, are silence. A longer gap gives one
 * result at once: `none` with the reason `silence`, of the first window of the gap, with all fields of a
 * window of silence; the windows start anew after it.
 *
 * A window does not start before the window before, before the stream's first timestamp or outside the
 * segment. Interleaved buffers need not hold whole frames: what is left over waits for the next buffer.
 * If that does not continue it, a warning names rawaudioparse. Planar buffers need a GstAudioMeta.
 *
 * New segments and new caps end the window that is heard; a flush discards it. At EOS, SEGMENT_DONE and a
 * stream with a new id, the last window, anchored to the end, and the summary come before the event goes
 * on. Backwards, nothing is heard. Samples outside the segment are cut off. A stream without caps is an
 * error.
 *
 * ## Channels
 *
 * With channel-mode=mix, one or two channels count alike: the mean of both. Of more, the channel-mask
 * decides: low-frequency effects (LFE) do not count, and the others are mixed as in the downmix to
 * stereo of ITU-R BS.775, whose sides are then averaged:
 *
 * * 0.5: front left and right, also those front of centre and wide
 * * 0.71: front centre, where film and broadcast have the speech
 * * 0.35: all others, to the sides, behind, above and below
 *
 * So a stream in 5.1 gets the answers of its stereo version. Channels without positions,
 * (bitmask)0, count alike: the mean of all. Where the speech is known to be in one channel, hear that
 * alone: `channel-mode=single channel=2` is the front centre of 5.1, whose order is front left, front
 * right, front centre, LFE, rear left, rear right. A stream without that channel is an error.
 *
 * ## Adaptation
 *
 * With adaptation=running and a model that can, the answers take account of the mean of the stream's
 * speech so far, each channel's by itself with channel-mode=separate. What was learnt outlives
 * discontinuities, flushes, seeks, EOS and changes of caps or windows; a new stream id, another model,
 * the signal `reset` and the state READY end it.
 *
 * ## The model in use
 *
 * The property `model-info` is a structure with
 *
 * * string `model`: the file's name
 * * string `sha256`: of its content
 * * array of string `labels`, and `label-texts`: what people call them, `wütend` for `wutend`, in the
 *   same order; most models call them the same
 * * string `features` and uint `n-features`: the feature set, and how many it has
 * * uint64 `window`, `interval` and `min-window`: what 0 stands for, in ns
 * * double `threshold`, `silence-threshold` (dBFS) and `min-speech-ratio`: the model's own
 * * structure `priors`, uint64 `smoothing` and `hold-time` in ns, and double `hysteresis`: the same
 * * string `adaptation`: `running` if it can adapt to a stream, or `none`
 * * structure `provenance`: strings that tell where the model comes from and how good it is, in those
 *   that are shipped `corpus`, `licence`, `speakers`, `clips`, `protocol`, `uar` and `accuracy`
 *
 * ## Properties while playing
 *
 * All can be set at any time. Model, window, interval, min-window, channel-mode and channel take effect
 * when the window that is heard has ended, attach-meta with the next buffer, and the others with the
 * next result. `threshold` can be controlled.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! emotiondetect ! fakesink
 * ]|
 * Prints a message for each window of a file, and the summary.
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! emotiondetect message-mode=change priors="priors,neutral=0.5" ! fakesink
 * ]|
 * Tells only when the emotion changes, and expects most speech to be neutral.
 * |[
 * gst-launch-1.0 -m filesrc location=call.wav ! wavparse ! emotiondetect channel-mode=separate ! fakesink
 * ]|
 * Hears both sides of a call that has one on each channel.
 * |[
 * gst-launch-1.0 -m filesrc location=call.wav ! wavparse ! emotiondetect channel-mode=single channel=1 ! fakesink
 * ]|
 * Hears the second side alone.
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

/* Takes over what setters have changed since the last call; locks only if there is something. */
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
                          "a window took %" GST_TIME_FORMAT " of the %" GST_TIME_FORMAT
                          " until the next one",
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
  GST_WARNING_OBJECT (self, "the stream has NaN or infinite samples; such count as 0");
}

/* Once for a stream: buffers whose samples are not where they should be. */
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

/* Makes up for a reset that was asked for. */
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

/* Before the base class looks whether the element passes buffers through. */
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

/* FALSE if nothing is to be analysed; otherwise begins the stream if it has not begun. */
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
  if (self->stream.current == NULL) { /* the base class passes through what has no caps */
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION, ("The stream is not known to be raw audio."),
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
                    "Planar buffers have no GstAudioMeta that says where their planes are, and "
                    "are not heard: put rawaudioparse upstream, or use layout=interleaved.");
  if (self->stream.cut_frame)
    warn_of_layout (self, "Buffers end within a frame that the next one does not continue, so that "
                          "the samples may be misread: put rawaudioparse upstream.");
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

/* What follows does not belong to what was analysed: reports the last window, and at the end of the
 * stream the summary. */
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

/* The base class would drop late buffers if somebody has set its property "qos". */
static gboolean
gst_emotion_detect_src_event (GstBaseTransform *trans, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    return gst_pad_push_event (GST_BASE_TRANSFORM_SINK_PAD (trans), event);
  return GST_BASE_TRANSFORM_CLASS (gst_emotion_detect_parent_class)->src_event (trans, event);
}

/* New caps. A change of the sample format alone does not touch the analysis. */
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
   * Forgets before the next buffer what was heard: window, answer, what the summary would tell, and
   * what the adaptation has learnt.
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
