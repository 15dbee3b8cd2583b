/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "caps.h"

#include <gst/audio/audio.h>

#include "core/base/audio.h"

#define BOTH(format) GST_AUDIO_NE (format), GST_AUDIO_OE (format)

/* All raw formats of GStreamer 1.22, best first: upstream takes the first that it can produce. */
static const char *const formats[] = {
    GST_AUDIO_NE (S16),
    GST_AUDIO_NE (S24),
    GST_AUDIO_NE (S24_32),
    GST_AUDIO_NE (S32),
    GST_AUDIO_NE (F32),
    GST_AUDIO_NE (F64),
    GST_AUDIO_OE (S16),
    GST_AUDIO_OE (S24),
    GST_AUDIO_OE (S24_32),
    GST_AUDIO_OE (S32),
    GST_AUDIO_OE (F32),
    GST_AUDIO_OE (F64),
    "S8",
    "U8",
    BOTH (U16),
    BOTH (S18),
    BOTH (U18),
    BOTH (S20),
    BOTH (U20),
    BOTH (U24),
    BOTH (U24_32),
    BOTH (U32),
    NULL,
};
static const char *const layouts[] = {"interleaved", "non-interleaved", NULL};

static void
set_choices (GstCaps *caps, const char *field, const char *const *choices)
{
  GValue list = G_VALUE_INIT, choice = G_VALUE_INIT;
  gst_value_list_init (&list, g_strv_length ((char **)choices));
  for (; *choices != NULL; choices++) {
    g_value_init (&choice, G_TYPE_STRING);
    g_value_set_static_string (&choice, *choices);
    gst_value_list_append_and_take_value (&list, &choice);
  }
  gst_caps_set_value (caps, field, &list);
  g_value_unset (&list);
}

GstCaps *
gst_emotion_caps_new (void)
{
  GstCaps *caps = gst_caps_new_empty_simple ("audio/x-raw");
  set_choices (caps, "format", formats);
  set_choices (caps, "layout", layouts);
  gst_caps_set_simple (caps, "rate", GST_TYPE_INT_RANGE, EMOTION_MIN_RATE, EMOTION_MAX_RATE,
                       "channels", GST_TYPE_INT_RANGE, 1, EMOTION_MAX_CHANNELS, NULL);
  return caps;
}

gboolean
gst_emotion_caps_check (const GstCaps *caps, GError **error)
{
  GstAudioInfo info;
  if (gst_audio_info_from_caps (&info, caps))
    return TRUE;
  char *text = gst_caps_to_string (caps);
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
               "These caps are incomplete: %s. More than two channels need a channel-mask; "
               "(bitmask)0 is for channels without positions.",
               text);
  g_free (text);
  return FALSE;
}
