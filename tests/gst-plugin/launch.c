/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "launch.h"

#include <stdarg.h>

Launch *
launch_new (const char *format, ...)
{
  va_list arguments;
  GError *error = NULL;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  GstElement *pipeline = gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (g_error_matches (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT)) {
    g_printerr ("skipped: %s\n", error->message);
    g_error_free (error);
    g_free (text);
    return NULL;
  }
  if (error != NULL)
    g_error ("%s: %s", text, error->message);
  g_free (text);

  Launch *self = g_new0 (Launch, 1);
  self->pipeline = pipeline;
  self->bus = gst_element_get_bus (pipeline);
  self->detector = gst_bin_get_by_name (GST_BIN (pipeline), "detector");
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)gst_structure_free);
  return self;
}

void
launch_free (Launch *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_object (&self->detector);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->messages);
  g_free (self->error);
  g_free (self);
}

static void
keep_error (Launch *self, GstMessage *message)
{
  GError *error = NULL;
  char *debug = NULL;
  gst_message_parse_error (message, &error, &debug);
  g_free (self->error);
  self->error = g_strdup_printf ("%s (%s)", error->message, debug);
  g_error_free (error);
  g_free (debug);
}

gboolean
launch_wait (Launch *self, GstMessageType types)
{
  for (;;) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        self->bus, GST_CLOCK_TIME_NONE, types | GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
    GstMessageType type = GST_MESSAGE_TYPE (message);
    if (type == GST_MESSAGE_ERROR)
      keep_error (self, message);
    if (gst_message_has_name (message, "emotiondetect"))
      g_ptr_array_add (self->messages, gst_structure_copy (gst_message_get_structure (message)));
    gst_message_unref (message);
    if (type == GST_MESSAGE_ERROR || (type & types) != 0)
      return type != GST_MESSAGE_ERROR;
  }
}

gboolean
launch_run (Launch *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  gboolean ended = launch_wait (self, GST_MESSAGE_EOS);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  return ended;
}

guint
launch_count (const Launch *self, const char *type)
{
  guint n = 0;
  for (guint i = 0; i < self->messages->len; i++)
    n += g_strcmp0 (gst_structure_get_string (g_ptr_array_index (self->messages, i), "type"),
                    type) == 0;
  return n;
}

char *
launch_to_string (const Launch *self)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->messages->len; i++) {
    char *line = gst_structure_to_string (g_ptr_array_index (self->messages, i));
    g_string_append_printf (text, "%s\n", line);
    g_free (line);
  }
  return g_string_free (text, FALSE);
}
