/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/pbutils/pbutils.h>

#include "decode.h"

#define REFUSED_CAPS                                                                               \
  "its sample rate or number of channels cannot be used; 8 to 192 kHz and up to 64 channels can"

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

/* Takes `sink`; NULL if GStreamer's base plugins are not all there. */
static GstElement *
make_pipeline (const char *uri, GstElement *sink)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *decoder = gst_element_factory_make ("uridecodebin", NULL);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *elements[] = {decoder, convert, sink};
  gboolean complete = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    if (elements[i])
      gst_bin_add (GST_BIN (pipeline), elements[i]);
    else
      complete = FALSE;
  }
  if (!complete || !gst_element_link (convert, sink)) {
    gst_object_unref (pipeline);
    return NULL;
  }

  /* Streams that cannot end in raw audio need no decoder. */
  GstCaps *raw = gst_caps_from_string ("audio/x-raw(ANY)");
  g_object_set (decoder, "uri", uri, "caps", raw, "expose-all-streams", FALSE, NULL);
  gst_caps_unref (raw);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (link_first_audio), convert);
  g_signal_connect (decoder, "no-more-pads", G_CALLBACK (require_audio), convert);
  return pipeline;
}

/* Plays to the end; returns NULL, or what went wrong, to be freed. */
static char *
run_pipeline (GstElement *pipeline, TrainingMessageFunc func, gpointer data)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  char *problem = NULL, *missing = NULL;
  GstClockTime timeout = GST_CLOCK_TIME_NONE;
  gboolean done = FALSE;
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
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
  gst_element_set_state (pipeline, GST_STATE_NULL);
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

gboolean
training_play (const char *path, GstElement *sink, TrainingMessageFunc func, gpointer data,
               GError **error)
{
  gboolean uri_given = gst_uri_is_valid (path) && !g_file_test (path, G_FILE_TEST_EXISTS);
  char *uri = uri_given ? g_strdup (path) : gst_filename_to_uri (path, NULL);
  char *problem = uri_given ? NULL : check_file (path);
  GstElement *pipeline = make_pipeline (uri, sink);
  if (!pipeline && !problem)
    problem = g_strdup ("GStreamer's base plugins are not all there; in Debian, apt install "
                        "gstreamer1.0-plugins-base");
  else if (!problem)
    problem = run_pipeline (pipeline, func, data);
  g_clear_pointer (&pipeline, gst_object_unref);
  g_free (uri);
  if (!problem)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE, "%s: %s", path, problem);
  g_free (problem);
  return FALSE;
}
