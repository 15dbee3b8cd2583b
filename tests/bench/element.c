/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "element.h"

#include <stdio.h>
#include <stdlib.h>

static void
print_error (GstMessage *message)
{
  GError *error = NULL;
  gst_message_parse_error (message, &error, NULL);
  fprintf (stderr, "emotion-bench: the element stopped: %s\n", error->message);
  g_error_free (error);
}

/* Takes the place of the application: messages do not stay on the bus. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  BenchElement *self = data;
  const GstStructure *structure = gst_message_get_structure (message);
  (void)bus;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    self->failed = TRUE;
    print_error (message);
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
      gst_structure_has_name (structure, "emotiondetect") &&
      g_strcmp0 (gst_structure_get_string (structure, "type"), "window") == 0) {
    self->n_windows++;
    if (self->on_window != NULL)
      self->on_window (self, structure, self->data);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static GstFlowReturn
discard (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  (void)pad;
  (void)parent;
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static void
push_segment (BenchElement *self)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
  self->position = 0;
}

static void
link_pads (BenchElement *self)
{
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  self->sink = gst_pad_new ("sink", GST_PAD_SINK);
  gst_pad_set_chain_function (self->sink, discard);
  GstPad *entry = gst_element_get_static_pad (self->element, "sink");
  GstPad *exit = gst_element_get_static_pad (self->element, "src");
  gst_pad_set_active (self->sink, TRUE);
  gst_pad_set_active (self->src, TRUE);
  gst_pad_link (self->src, entry);
  gst_pad_link (exit, self->sink);
  gst_object_unref (entry);
  gst_object_unref (exit);
}

static void
push_start (BenchElement *self)
{
  GstCaps *caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
      "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, (gint)self->rate, "channels",
      G_TYPE_INT, (gint)self->channels, NULL);
  if (self->channels == 2) /* front left and right */
    gst_caps_set_simple (caps, "channel-mask", GST_TYPE_BITMASK, G_GUINT64_CONSTANT (3), NULL);
  gst_pad_push_event (self->src, gst_event_new_stream_start ("bench"));
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_caps_unref (caps);
  push_segment (self);
}

BenchElement *
bench_element_new (const char *model, guint rate, guint channels, guint64 window, guint64 interval)
{
  BenchElement *self = g_new0 (BenchElement, 1);
  self->rate = rate;
  self->channels = channels;
  self->element = gst_element_factory_make ("emotiondetect", NULL);
  if (self->element == NULL) {
    fprintf (stderr,
             "emotion-bench: no element emotiondetect: set GST_PLUGIN_PATH to its folder\n");
    exit (EXIT_FAILURE);
  }
  gst_object_ref_sink (self->element);
  g_object_set (self->element, "model", model, NULL);
  if (window > 0)
    g_object_set (self->element, "window", window, NULL);
  if (interval > 0)
    g_object_set (self->element, "interval", interval, NULL);
  self->bus = gst_bus_new ();
  gst_bus_set_sync_handler (self->bus, on_message, self, NULL);
  gst_element_set_bus (self->element, self->bus);
  link_pads (self);
  gst_element_set_state (self->element, GST_STATE_PLAYING);
  push_start (self);
  if (self->failed)
    exit (EXIT_FAILURE);
  return self;
}

void
bench_element_free (BenchElement *self)
{
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_pad_set_active (self->src, FALSE);
  gst_pad_set_active (self->sink, FALSE);
  gst_element_set_bus (self->element, NULL);
  gst_object_unref (self->element);
  gst_object_unref (self->src);
  gst_object_unref (self->sink);
  gst_object_unref (self->bus);
  g_free (self);
}

void
bench_element_restart (BenchElement *self)
{
  gst_pad_push_event (self->src, gst_event_new_flush_start ());
  gst_pad_push_event (self->src, gst_event_new_flush_stop (TRUE));
  push_segment (self);
}

void
bench_element_push (BenchElement *self, const gint16 *frames, gsize n)
{
  gsize size = n * self->channels * sizeof *frames;
  GstBuffer *buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, (gpointer)frames, size,
                                                   0, size, NULL, NULL);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->position, GST_SECOND, self->rate);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, self->rate);
  self->position += n;
  if (gst_pad_push (self->src, buffer) != GST_FLOW_OK)
    self->failed = TRUE;
}
