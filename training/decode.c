/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decode.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/audio/audio.h>
#include <gst/pbutils/pbutils.h>
#include <string.h>

G_DEFINE_QUARK (training - error - quark, training_error)

typedef struct {
  TrainingAudio audio;
  gsize room;    /* floats allocated */
  char *missing; /* the first plugin that decoding asked for in vain, or NULL */
} Decoding;

/* Which Debian 12 package reads what, by the name of the caps. */
static const struct {
  const char *caps, *package;
} debian_packages[] = {
    {"application/ogg", "gstreamer1.0-plugins-base"},
    {"audio/x-opus", "gstreamer1.0-plugins-base"},
    {"audio/x-vorbis", "gstreamer1.0-plugins-base"},
    {"application/x-3gp", "gstreamer1.0-plugins-good"},
    {"application/x-apetag", "gstreamer1.0-plugins-good"},
    {"application/x-id3", "gstreamer1.0-plugins-good"},
    {"audio/webm", "gstreamer1.0-plugins-good"},
    {"audio/x-alaw", "gstreamer1.0-plugins-good"},
    {"audio/x-au", "gstreamer1.0-plugins-good"},
    {"audio/x-flac", "gstreamer1.0-plugins-good"},
    {"audio/x-m4a", "gstreamer1.0-plugins-good"},
    {"audio/x-matroska", "gstreamer1.0-plugins-good"},
    {"audio/x-mulaw", "gstreamer1.0-plugins-good"},
    {"audio/x-speex", "gstreamer1.0-plugins-good"},
    {"audio/x-wav", "gstreamer1.0-plugins-good"},
    {"audio/x-wavpack", "gstreamer1.0-plugins-good"},
    {"video/quicktime", "gstreamer1.0-plugins-good"},
    {"video/webm", "gstreamer1.0-plugins-good"},
    {"video/x-flv", "gstreamer1.0-plugins-good"},
    {"video/x-matroska", "gstreamer1.0-plugins-good"},
    {"video/x-msvideo", "gstreamer1.0-plugins-good"},
    {"audio/midi", "gstreamer1.0-plugins-bad"},
    {"audio/ms-gsm", "gstreamer1.0-plugins-bad"},
    {"audio/x-adpcm", "gstreamer1.0-plugins-bad"},
    {"audio/x-aiff", "gstreamer1.0-plugins-bad"},
    {"audio/x-dts", "gstreamer1.0-plugins-bad"},
    {"audio/x-gsm", "gstreamer1.0-plugins-bad"},
    {"audio/x-musepack", "gstreamer1.0-plugins-bad"},
    {"audio/x-rf64", "gstreamer1.0-plugins-bad"},
    {"audio/x-sbc", "gstreamer1.0-plugins-bad"},
    {"audio/x-voc", "gstreamer1.0-plugins-bad"},
    {"audio/x-w64", "gstreamer1.0-plugins-bad"},
    {"video/mpegts", "gstreamer1.0-plugins-bad"},
    {"application/vnd.rn-realmedia", "gstreamer1.0-plugins-ugly"},
    {"audio/AMR", "gstreamer1.0-plugins-ugly"},
    {"audio/AMR-WB", "gstreamer1.0-plugins-ugly"},
    {"audio/x-ac3", "gstreamer1.0-plugins-ugly"},
    {"video/x-ms-asf", "gstreamer1.0-plugins-ugly"},
    {"application/x-ape", "gstreamer1.0-libav"},
    {"audio/x-alac", "gstreamer1.0-libav"},
    {"audio/x-dsd", "gstreamer1.0-libav"},
    {"audio/x-eac3", "gstreamer1.0-libav"},
    {"audio/x-shorten", "gstreamer1.0-libav"},
    {"audio/x-tta", "gstreamer1.0-libav"},
    {"audio/x-ttafile", "gstreamer1.0-libav"},
    {"audio/x-wma", "gstreamer1.0-libav"},
};

static const char *
debian_package (const GstStructure *format)
{
  int version;
  if (gst_structure_has_name (format, "audio/mpeg"))
    return gst_structure_get_int (format, "mpegversion", &version) && version == 1
               ? "gstreamer1.0-plugins-good" /* MP3 */
               : "gstreamer1.0-libav";       /* AAC */
  for (guint i = 0; i < G_N_ELEMENTS (debian_packages); i++)
    if (gst_structure_has_name (format, debian_packages[i].caps))
      return debian_packages[i].package;
  return NULL;
}

static char *
describe_missing (GstMessage *message)
{
  char *plugin = gst_missing_plugin_message_get_description (message);
  const GValue *detail = gst_structure_get_value (gst_message_get_structure (message), "detail");
  const char *package = NULL;
  if (detail && GST_VALUE_HOLDS_CAPS (detail))
    package = debian_package (gst_caps_get_structure (gst_value_get_caps (detail), 0));
  char *text =
      package
          ? g_strdup_printf ("GStreamer has no %s; in Debian, apt install %s", plugin, package)
          : g_strdup_printf ("GStreamer has no %s; in Debian, one of gstreamer1.0-plugins-good, "
                             "-bad, -ugly or gstreamer1.0-libav may have it",
                             plugin);
  g_free (plugin);
  return text;
}

static gboolean
append (Decoding *decoding, const void *samples, gsize n)
{
  gsize used = decoding->audio.n_frames * decoding->audio.channels;
  if (n > decoding->room - used) {
    gsize room = MAX (used + n, 2 * decoding->room);
    float *grown = g_try_renew (float, decoding->audio.samples, room);
    if (!grown)
      return FALSE;
    decoding->audio.samples = grown;
    decoding->room = room;
  }
  memcpy (decoding->audio.samples + used, samples, n * sizeof (float));
  decoding->audio.n_frames += n / decoding->audio.channels;
  return TRUE;
}

/* Takes what lies inside the segment, as GstAudioFilter does for the element. */
static GstFlowReturn
take_buffer (GstElement *sink, Decoding *decoding, GstBuffer *buffer, const GstSegment *segment)
{
  const guint frame_size = decoding->audio.channels * sizeof (float);
  gst_buffer_ref (buffer);
  if (segment->format == GST_FORMAT_TIME)
    buffer = gst_audio_buffer_clip (buffer, segment, decoding->audio.rate, frame_size);
  if (!buffer)
    return GST_FLOW_OK;

  GstMapInfo map;
  GstFlowReturn flow = GST_FLOW_ERROR;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (sink, RESOURCE, READ, ("its decoded samples cannot be read"), (NULL));
  } else {
    if (append (decoding, map.data, map.size / frame_size * decoding->audio.channels))
      flow = GST_FLOW_OK;
    else
      GST_ELEMENT_ERROR (sink, RESOURCE, NO_SPACE_LEFT, ("too long for the memory; cut the file"),
                         (NULL));
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  return flow;
}

static GstFlowReturn
take_sample (GstAppSink *sink, gpointer data)
{
  Decoding *decoding = data;
  TrainingAudio *audio = &decoding->audio;
  GstSample *sample = gst_app_sink_pull_sample (sink);
  if (!sample)
    return GST_FLOW_FLUSHING;

  GstFlowReturn flow = GST_FLOW_NOT_NEGOTIATED;
  GstAudioInfo info;
  if (gst_audio_info_from_caps (&info, gst_sample_get_caps (sample))) {
    const guint rate = (guint)info.rate, channels = (guint)info.channels;
    if (audio->rate == 0) {
      audio->rate = rate;
      audio->channels = channels;
    }
    if (rate == audio->rate && channels == audio->channels) {
      flow = take_buffer (GST_ELEMENT (sink), decoding, gst_sample_get_buffer (sample),
                          gst_sample_get_segment (sample));
    } else {
      GST_ELEMENT_ERROR (
          sink, STREAM, FORMAT,
          ("changes from %u Hz with %u channel(s) to %u Hz with %u after %" G_GSIZE_FORMAT
           " frames; split the file there",
           audio->rate, audio->channels, rate, channels, audio->n_frames),
          (NULL));
      flow = GST_FLOW_ERROR;
    }
  }
  gst_sample_unref (sample);
  return flow;
}

static gboolean
is_linked (GstElement *convert)
{
  GstPad *pad = gst_element_get_static_pad (convert, "sink");
  const gboolean linked = gst_pad_is_linked (pad);
  gst_object_unref (pad);
  return linked;
}

static void
link_first_audio (GstElement *decoder, GstPad *pad, gpointer data)
{
  GstElement *convert = data;
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  if (!is_linked (convert) && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps) &&
      gst_structure_has_name (gst_caps_get_structure (caps, 0), "audio/x-raw"))
    gst_element_link_pads (decoder, GST_PAD_NAME (pad), convert, "sink");
  gst_caps_unref (caps);
}

static void
require_audio (GstElement *decoder, gpointer data)
{
  if (!is_linked (data))
    GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE, ("has no audio stream"), (NULL));
}

static GstElement *
make_element (GstElement *pipeline, const char *factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  if (element)
    gst_bin_add (GST_BIN (pipeline), element);
  return element;
}

/* uridecodebin ! audioconvert ! appsink; NULL if GStreamer's base plugins are not all there. */
static GstElement *
make_pipeline (const char *uri, Decoding *decoding)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *decoder = make_element (pipeline, "uridecodebin");
  GstElement *convert = make_element (pipeline, "audioconvert");
  GstElement *sink = make_element (pipeline, "appsink");
  if (!decoder || !convert || !sink) {
    gst_object_unref (pipeline);
    return NULL;
  }

  /* Streams that cannot end in raw audio need no decoder. */
  GstCaps *raw = gst_caps_from_string ("audio/x-raw(ANY)");
  g_object_set (decoder, "uri", uri, "caps", raw, "expose-all-streams", FALSE, NULL);
  gst_caps_unref (raw);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (link_first_audio), convert);
  g_signal_connect (decoder, "no-more-pads", G_CALLBACK (require_audio), convert);

  GstCaps *wanted = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32),
                                         "layout", G_TYPE_STRING, "interleaved", NULL);
  g_object_set (sink, "caps", wanted, "sync", FALSE, "enable-last-sample", FALSE, NULL);
  gst_caps_unref (wanted);
  GstAppSinkCallbacks callbacks = {.new_sample = take_sample};
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, decoding, NULL);
  gst_element_link (convert, sink);
  return pipeline;
}

/* Plays to the end; returns NULL, or what went wrong, to be freed. */
static char *
run_pipeline (GstElement *pipeline, Decoding *decoding)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  const gboolean started =
      gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
  char *problem = NULL;
  for (gboolean done = FALSE; !done;) {
    GstMessage *message =
        gst_bus_timed_pop_filtered (bus, started ? GST_CLOCK_TIME_NONE : 0,
                                    GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
    if (!message) {
      problem = g_strdup ("GStreamer cannot start to decode it");
      break;
    }
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      GError *error = NULL;
      gst_message_parse_error (message, &error, NULL);
      /* Without a word on which plugin: all there was is of no use here, such as video. */
      problem = g_strdup (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
                              ? "has no audio stream"
                              : error->message);
      g_error_free (error);
      done = TRUE;
    } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
      done = TRUE;
    } else if (!decoding->missing && gst_is_missing_plugin_message (message)) {
      decoding->missing = describe_missing (message);
    }
    gst_message_unref (message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  return problem;
}

/* What GStreamer would say less clearly. */
static char *
check_file (const char *path)
{
  GStatBuf status;
  if (g_stat (path, &status) != 0 || g_access (path, R_OK) != 0)
    return g_strdup (g_strerror (errno));
  if (S_ISDIR (status.st_mode))
    return g_strdup ("is a folder, not an audio file");
  if (S_ISREG (status.st_mode) && status.st_size == 0)
    return g_strdup ("is empty (0 bytes)");
  return NULL;
}

static char *
decode (const char *path, Decoding *decoding)
{
  char *problem = check_file (path);
  if (problem)
    return problem;
  char *uri = gst_filename_to_uri (path, NULL);
  GstElement *pipeline = uri ? make_pipeline (uri, decoding) : NULL;
  g_free (uri);
  if (!pipeline)
    return g_strdup (
        "GStreamer has no uridecodebin, audioconvert or appsink; in Debian, apt install "
        "gstreamer1.0-plugins-base");
  problem = run_pipeline (pipeline, decoding);
  gst_object_unref (pipeline);
  if (!problem && decoding->audio.n_frames == 0)
    problem = g_strdup ("has no audio samples");
  if (problem && decoding->missing) {
    g_free (problem);
    problem = g_steal_pointer (&decoding->missing);
  }
  return problem;
}

gboolean
training_decode (const char *path, TrainingAudio *audio, GError **error)
{
  Decoding decoding = {0};
  char *problem = decode (path, &decoding);
  g_free (decoding.missing);
  if (problem) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE, "%s: %s", path, problem);
    g_free (problem);
    training_audio_clear (&decoding.audio);
  }
  *audio = decoding.audio;
  return audio->samples != NULL;
}

void
training_audio_clear (TrainingAudio *audio)
{
  g_free (audio->samples);
  memset (audio, 0, sizeof *audio);
}
