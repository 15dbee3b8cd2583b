/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/pbutils/pbutils.h>
#include <string.h>

#include "decode.h"

#define REFUSED_CAPS                                                                               \
  "its sample rate or number of channels cannot be used; 8 to 192 kHz and up to 64 channels can"

struct _TrainingPlayer {
  GstElement *pipeline, *convert;
  gboolean complete; /* all elements are there */
};

#define NO_FORMAT                                                                                  \
  "is empty, or in no format that GStreamer knows; raw samples want a header, as that of WAV"
#define NO_AUDIO "has no audio stream"
#define ANY_PACKAGE "one of gstreamer1.0-plugins-good, -bad, -ugly or gstreamer1.0-libav"

/* Which Debian 12 package reads what, by the name of the caps. */
static const struct {
  const char *package;
  const char *const *caps;
} debian_packages[] = {
    {"gstreamer1.0-plugins-base",
     (const char *const[]){"application/ogg", "audio/x-opus", "audio/x-vorbis", NULL}},
    {"gstreamer1.0-plugins-good",
     (const char *const[]){"application/x-3gp", "application/x-apetag", "application/x-id3",
                           "audio/webm", "audio/x-alaw", "audio/x-au", "audio/x-flac",
                           "audio/x-m4a", "audio/x-matroska", "audio/x-mulaw", "audio/x-speex",
                           "audio/x-wav", "audio/x-wavpack", "video/quicktime", "video/webm",
                           "video/x-flv", "video/x-matroska", "video/x-msvideo", NULL}},
    {"gstreamer1.0-plugins-bad",
     (const char *const[]){"audio/midi", "audio/ms-gsm", "audio/x-adpcm", "audio/x-aiff",
                           "audio/x-dts", "audio/x-gsm", "audio/x-musepack", "audio/x-rf64",
                           "audio/x-sbc", "audio/x-voc", "audio/x-w64", "video/mpegts", NULL}},
    {"gstreamer1.0-plugins-ugly",
     (const char *const[]){"application/vnd.rn-realmedia", "audio/AMR", "audio/AMR-WB",
                           "audio/x-ac3", "video/x-ms-asf", NULL}},
    {"gstreamer1.0-libav", (const char *const[]){"application/x-ape", "audio/x-alac", "audio/x-dsd",
                                                 "audio/x-eac3", "audio/x-shorten", "audio/x-tta",
                                                 "audio/x-ttafile", "audio/x-wma", NULL}},
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
    if (g_strv_contains (debian_packages[i].caps, gst_structure_get_name (format)))
      return debian_packages[i].package;
  return ANY_PACKAGE;
}

static char *
describe_missing (GstMessage *message)
{
  const GValue *detail = gst_structure_get_value (gst_message_get_structure (message), "detail");
  const char *package = ANY_PACKAGE;
  if (detail && GST_VALUE_HOLDS_CAPS (detail))
    package = debian_package (gst_caps_get_structure (gst_value_get_caps (detail), 0));
  char *plugin = gst_missing_plugin_message_get_description (message);
  char *text = g_strdup_printf ("GStreamer has no %s; in Debian, apt install %s", plugin, package);
  g_free (plugin);
  return text;
}

static char *
describe_error (GstMessage *message)
{
  const GstStructure *details = NULL;
  gint flow = GST_FLOW_ERROR;
  GError *error = NULL;
  gst_message_parse_error (message, &error, NULL);
  gst_message_parse_error_details (message, &details);
  if (details)
    gst_structure_get_int (details, "flow-return", &flow);

  const char *text = error->message;
  if (flow == GST_FLOW_NOT_NEGOTIATED)
    text = REFUSED_CAPS;
  else if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    text = NO_AUDIO; /* nothing was decoded; a decoder that is missing has a message of its own */
  else if (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND))
    text = NO_FORMAT;
  char *copy = g_strdup (text);
  g_error_free (error);
  return copy;
}

static gboolean
is_linked (GstElement *element)
{
  GstPad *pad = gst_element_get_static_pad (element, "sink");
  gboolean linked = gst_pad_is_linked (pad);
  gst_object_unref (pad);
  return linked;
}

static void
link_first_audio (GstElement *decoder, GstPad *pad, gpointer data)
{
  GstElement *convert = data;
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  if (!is_linked (convert) && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps) &&
      gst_structure_has_name (gst_caps_get_structure (caps, 0), "audio/x-raw") &&
      !gst_element_link_pads (decoder, GST_PAD_NAME (pad), convert, "sink"))
    GST_ELEMENT_ERROR (decoder, STREAM, FORMAT, (REFUSED_CAPS), (NULL));
  gst_caps_unref (caps);
}

static void
require_audio (GstElement *decoder, gpointer data)
{
  if (!is_linked (data))
    GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE, (NO_AUDIO), (NULL));
}

/* Every file as the same stream to what hears it. */
static GstPadProbeReturn
unite_streams (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  (void)pad;
  (void)data;
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    GstEvent *united = gst_event_new_stream_start ("files");
    gst_event_set_group_id (united, gst_util_group_id_next ());
    gst_event_unref (event);
    GST_PAD_PROBE_INFO_DATA (info) = united;
  }
  return GST_PAD_PROBE_OK;
}

TrainingPlayer *
training_player_new (GstElement *sink)
{
  TrainingPlayer *self = g_new0 (TrainingPlayer, 1);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *elements[] = {self->convert, sink};
  self->complete = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    if (elements[i])
      gst_bin_add (GST_BIN (self->pipeline), elements[i]);
    else
      self->complete = FALSE;
  }
  if (self->complete) {
    self->complete = gst_element_link (self->convert, sink);
    GstPad *pad = gst_element_get_static_pad (self->convert, "sink");
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, unite_streams, NULL, NULL);
    gst_object_unref (pad);
  }
  return self;
}

void
training_player_free (TrainingPlayer *self)
{
  if (!self)
    return;
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_free (self);
}

/* NULL if GStreamer's base plugins are not all there. */
static GstElement *
add_decoder (TrainingPlayer *self, const char *uri)
{
  GstElement *decoder = self->complete ? gst_element_factory_make ("uridecodebin", NULL) : NULL;
  if (!decoder)
    return NULL;
  /* Streams that cannot end in raw audio need no decoder. */
  GstCaps *raw = gst_caps_from_string ("audio/x-raw(ANY)");
  g_object_set (decoder, "uri", uri, "caps", raw, "expose-all-streams", FALSE, NULL);
  gst_caps_unref (raw);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (link_first_audio), self->convert);
  g_signal_connect (decoder, "no-more-pads", G_CALLBACK (require_audio), self->convert);
  gst_bin_add (GST_BIN (self->pipeline), decoder);
  return decoder;
}

/* Leaves the sink as if nothing had come, but for what it keeps of a stream over a flush. */
static void
remove_decoder (TrainingPlayer *self, GstElement *decoder)
{
  gst_element_set_state (decoder, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->pipeline), decoder);
  GstPad *pad = gst_element_get_static_pad (self->convert, "sink");
  gst_pad_send_event (pad, gst_event_new_flush_start ());
  gst_pad_send_event (pad, gst_event_new_flush_stop (TRUE));
  gst_object_unref (pad);
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_flushing (bus, TRUE);
  gst_bus_set_flushing (bus, FALSE);
  gst_object_unref (bus);
}

/* Plays to the end; returns NULL, or what went wrong, to be freed. */
static char *
run_pipeline (GstElement *pipeline, GstElement *decoder, TrainingMessageFunc func, gpointer data)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  char *problem = NULL, *missing = NULL;
  GstClockTime timeout = GST_CLOCK_TIME_NONE;
  gboolean done = FALSE;
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE ||
      !gst_element_sync_state_with_parent (decoder))
    timeout = 0;
  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        bus, timeout, GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
    if (!message) {
      problem = g_strdup ("GStreamer cannot start to play it");
      break;
    }
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      problem = describe_error (message);
    else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT && func)
      func (message, data);
    if (!missing && gst_is_missing_plugin_message (message))
      missing = describe_missing (message);
    done = GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT;
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  if (problem && missing) {
    g_free (problem);
    return missing;
  }
  g_free (missing);
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
play (TrainingPlayer *self, const char *uri, TrainingMessageFunc func, gpointer data)
{
  GstElement *decoder = add_decoder (self, uri);
  if (!decoder)
    return g_strdup ("GStreamer's base plugins are not all there; in Debian, apt install "
                     "gstreamer1.0-plugins-base");
  char *problem = run_pipeline (self->pipeline, decoder, func, data);
  remove_decoder (self, decoder);
  return problem;
}

const char *
training_play_name (const char *path)
{
  return strcmp (path, "-") == 0 ? "standard input" : path;
}

gboolean
training_player_play (TrainingPlayer *self, const char *path, TrainingMessageFunc func,
                      gpointer data, GError **error)
{
  const gboolean input = strcmp (path, "-") == 0;
  const gboolean uri_given =
      !input && gst_uri_is_valid (path) && !g_file_test (path, G_FILE_TEST_EXISTS);
  char *uri = input       ? g_strdup ("fd://0")
              : uri_given ? g_strdup (path)
                          : gst_filename_to_uri (path, NULL);
  char *problem = input || uri_given ? NULL : check_file (path);
  if (!problem)
    problem = play (self, uri, func, data);
  g_free (uri);
  if (!problem)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE, "%s: %s", training_play_name (path),
               problem);
  g_free (problem);
  return FALSE;
}

gboolean
training_play (const char *path, GstElement *sink, TrainingMessageFunc func, gpointer data,
               GError **error)
{
  TrainingPlayer *player = training_player_new (sink);
  const gboolean played = training_player_play (player, path, func, data, error);
  training_player_free (player);
  return played;
}
