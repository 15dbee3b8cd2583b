/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emitter.h"
#include "gstemotiondetect.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  gst_emotion_emitter_register ();
  return GST_ELEMENT_REGISTER (emotiondetect, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, emotiondetect, "Speech emotion detection",
                   plugin_init, VERSION, PLUGIN_LICENSE, PACKAGE, "Unknown package origin")
