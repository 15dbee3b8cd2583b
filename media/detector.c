/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "detector.h"

#include "error.h"

GstElement *
media_detector_new (const char *model, GError **error)
{
  GstElement *self = gst_element_factory_make ("emotiondetect", NULL);
  if (!self) {
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE,
                 "GStreamer has no element emotiondetect: install it (meson install), run in meson "
                 "devenv, or set GST_PLUGIN_PATH to the folder of libgstemotiondetect.so");
    return NULL;
  }
  GstBus *bus = gst_bus_new ();
  gst_object_ref_sink (self);
  gst_element_set_bus (self, bus);
  g_object_set (self, "model", model, NULL);
  const gboolean failed =
      gst_element_set_state (self, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE;
  if (failed) {
    GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    gst_message_parse_error (message, error, NULL);
    gst_message_unref (message);
  }
  gst_element_set_bus (self, NULL);
  gst_object_unref (bus);
  if (failed)
    g_clear_pointer (&self, media_detector_free);
  return self;
}

void
media_detector_free (GstElement *self)
{
  if (!self)
    return;
  gst_element_set_state (self, GST_STATE_NULL);
  gst_object_unref (self);
}

const char **
media_detector_read_texts (const GstStructure *info, const char *field, guint *n)
{
  const GValue *array = gst_structure_get_value (info, field);
  *n = gst_value_array_get_size (array);
  const char **texts = g_new0 (const char *, *n + 1);
  for (guint i = 0; i < *n; i++)
    texts[i] = g_intern_string (g_value_get_string (gst_value_array_get_value (array, i)));
  return texts;
}
