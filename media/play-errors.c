/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play-errors.h"

#include <gst/pbutils/pbutils.h>
#include <string.h>

#define NO_FORMAT                                                                                  \
  "is empty or in a format that GStreamer does not know; raw samples need a header, such as a "    \
  "WAV header"
#define NO_AUDIO "has no audio stream"
#define CONVERT "convert it, for example with ffmpeg -i IN OUT.flac"
#define ANY_PACKAGE "one of gstreamer1.0-plugins-good, -bad, -ugly or gstreamer1.0-libav"

typedef struct {
  const char *package;
  const char *const *names;
} Package;

/* The Debian packages of decoders, by the name of the caps. */
static const Package formats[] = {
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

/* The same by URI scheme. */
static const Package schemes[] = {
    {"gstreamer1.0-plugins-good", (const char *const[]){"http", "https", "icyx", "rtsp", "rtsps",
                                                        "rtspt", "rtspu", "udp", NULL}},
    {"gstreamer1.0-plugins-bad",
     (const char *const[]){"rist", "rtmp", "rtmps", "rtp", "srt", NULL}},
};

/* Sound devices, which have elements but no URIs in GStreamer. */
static const Package devices[] = {
    {"alsasrc", (const char *const[]){"alsa", NULL}},
    {"autoaudiosrc", (const char *const[]){"autoaudio", "mic", "microphone", NULL}},
    {"jackaudiosrc", (const char *const[]){"jack", NULL}},
    {"pipewiresrc", (const char *const[]){"pipewire", NULL}},
    {"pulsesrc", (const char *const[]){"pulse", "pulseaudio", NULL}},
};

static const char *
find_package (const Package *packages, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strv_contains (packages[i].names, name))
      return packages[i].package;
  return NULL;
}

static const char *
format_package (const GstStructure *format)
{
  int version;
  if (gst_structure_has_name (format, "audio/mpeg"))
    return gst_structure_get_int (format, "mpegversion", &version) && version == 1
               ? "gstreamer1.0-plugins-good" /* MP3 */
               : "gstreamer1.0-libav";       /* AAC */
  const char *package =
      find_package (formats, G_N_ELEMENTS (formats), gst_structure_get_name (format));
  return package ? package : ANY_PACKAGE;
}

/* A decoder for the format exists but rejects this variant. */
static gboolean
is_refused_kind (const GstStructure *format)
{
  GstCaps *caps = gst_caps_new_empty_simple (gst_structure_get_name (format));
  const GValue *version = gst_structure_get_value (format, "mpegversion");
  if (version)
    gst_caps_set_value (caps, "mpegversion", version);
  GList *decoders =
      gst_element_factory_list_get_elements (GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
  GList *fitting = gst_element_factory_list_filter (decoders, caps, GST_PAD_SINK, FALSE);
  const gboolean refused = fitting != NULL;
  gst_plugin_feature_list_free (fitting);
  gst_plugin_feature_list_free (decoders);
  gst_caps_unref (caps);
  return refused;
}

/* The package with the most decoders. */
static gboolean
has_libav (void)
{
  GstPlugin *plugin = gst_registry_find_plugin (gst_registry_get (), "libav");
  const gboolean found = plugin != NULL;
  g_clear_object (&plugin);
  return found;
}

static char *
describe_missing_format (const char *plugin, const GstStructure *format)
{
  const gboolean refused = is_refused_kind (format);
  if (!refused || !has_libav ())
    return g_strdup_printf ("GStreamer has no %s; on Debian: apt install %s", plugin,
                            refused ? "gstreamer1.0-libav" : format_package (format));
  /* MPEG-4 ALS has the caps of AAC, with the ALS configuration removed. */
  const gboolean mpeg = gst_structure_has_name (format, "audio/mpeg");
  return g_strdup_printf (
      "GStreamer has no %s for this variant of the format%s, and no package provides one; " CONVERT,
      plugin, mpeg ? " (such as MPEG-4 ALS)" : "");
}

static char *
describe_missing_source (const char *scheme)
{
  const char *device = find_package (devices, G_N_ELEMENTS (devices), scheme);
  const char *package = find_package (schemes, G_N_ELEMENTS (schemes), scheme);
  if (device)
    return g_strdup_printf ("GStreamer has no URIs for sound devices; to record from one, use "
                            "pipelines/microphone.sh %s",
                            device);
  if (package)
    return g_strdup_printf ("GStreamer has no source for %s://; on Debian: apt install %s", scheme,
                            package);
  return g_strdup_printf ("GStreamer has no source for %s://; check the URI", scheme);
}

char *
media_describe_missing (GstMessage *message)
{
  const GstStructure *s = gst_message_get_structure (message);
  const GValue *detail = gst_structure_get_value (s, "detail");
  char *plugin = gst_missing_plugin_message_get_description (message), *text;
  if (detail && GST_VALUE_HOLDS_CAPS (detail))
    text =
        describe_missing_format (plugin, gst_caps_get_structure (gst_value_get_caps (detail), 0));
  else if (detail && G_VALUE_HOLDS_STRING (detail) &&
           g_strcmp0 (gst_structure_get_string (s, "type"), "urisource") == 0)
    text = describe_missing_source (g_value_get_string (detail));
  else
    text = g_strdup_printf ("GStreamer has no %s; on Debian: apt install " ANY_PACKAGE, plugin);
  g_free (plugin);
  return text;
}

gboolean
media_is_list (GstMessage *message)
{
  static const char *const lists[] = {
      "application/dash+xml", "application/sdp",  "application/smil", "application/vnd.ms-sstr+xml",
      "application/x-hls",    "application/xges", "text/uri-list",    NULL};
  const GValue *detail = gst_structure_get_value (gst_message_get_structure (message), "detail");
  return detail && GST_VALUE_HOLDS_CAPS (detail) &&
         g_strv_contains (lists, gst_structure_get_name (
                                     gst_caps_get_structure (gst_value_get_caps (detail), 0)));
}

char *
media_describe_refused (const GstCaps *caps)
{
  const GstStructure *format =
      caps && gst_caps_is_fixed (caps) ? gst_caps_get_structure (caps, 0) : NULL;
  int rate = 0, channels = 0;
  if (format && gst_structure_get_int (format, "rate", &rate) && (rate < 8000 || rate > 192000))
    return g_strdup_printf ("its sample rate of %u Hz is not supported; resample to 8 to 192 kHz",
                            (guint)rate);
  if (format && gst_structure_get_int (format, "channels", &channels) && channels > 64)
    return g_strdup_printf ("its %d channels are not supported; use up to 64", channels);
  char *text = caps ? gst_caps_to_string (caps) : g_strdup ("unknown");
  char *description = g_strdup_printf ("its sample format is not supported (%s); " CONVERT, text);
  g_free (text);
  return description;
}

char *
media_describe_error (GstMessage *message, const GstCaps *caps, MediaError *code)
{
  const GstStructure *details = NULL;
  gint flow = GST_FLOW_ERROR;
  GError *error = NULL;
  char *copy;
  gst_message_parse_error (message, &error, NULL);
  gst_message_parse_error_details (message, &details);
  if (details)
    gst_structure_get_int (details, "flow-return", &flow);
  if (flow == GST_FLOW_NOT_NEGOTIATED)
    copy = media_describe_refused (caps);
  else if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    copy = g_strdup (NO_AUDIO); /* a missing decoder has a message of its own */
  else if (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND))
    copy = g_strdup (NO_FORMAT);
  else
    copy = g_strdup (error->message);
  *code = strcmp (copy, NO_AUDIO) == 0 ? MEDIA_ERROR_NO_AUDIO : MEDIA_ERROR_DECODE;
  g_error_free (error);
  return copy;
}
