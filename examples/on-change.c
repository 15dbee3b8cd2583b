/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An example application that reacts when the emotion of speech changes.
 *   cc on-change.c -o on-change $(pkg-config --cflags --libs gstreamer-1.0)
 *   ./on-change [URI]       default: the microphone, until Ctrl-C */
#include <glib-unix.h>
#include <gst/gst.h>

typedef struct {
  GMainLoop *loop;
  gboolean failed;
} App;

/* The application's reaction goes here: turn on a light, notify an agent, write a log. */
static void
react (const GstStructure *change)
{
  guint64 start = 0, duration = 0;
  double confidence = 0;
  if (!gst_structure_get_uint64 (change, "stream-time", &start)) /* not all streams have one */
    gst_structure_get_uint64 (change, "running-time", &start);
  gst_structure_get_uint64 (change, "duration", &duration);
  gst_structure_get_double (change, "confidence", &confidence);
  g_print ("%.1f s: %s -> %s (%.0f %%)\n", (double)(start + duration) / GST_SECOND,
           gst_structure_get_string (change, "previous"),
           gst_structure_get_string (change, "emotion"), 100 * confidence);
}

/* Runs in the thread of the main loop, so it may block. */
static gboolean
on_message (G_GNUC_UNUSED GstBus *bus, GstMessage *message, gpointer data)
{
  App *app = data;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "emotiondetect") &&
        g_strcmp0 (gst_structure_get_string (s, "type"), "change") == 0)
      react (s);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;
    gst_message_parse_error (message, &error, NULL);
    g_printerr ("on-change: %s\n", error->message);
    app->failed = TRUE;
  }
  if (app->failed || GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    g_main_loop_quit (app->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt (gpointer pipeline)
{
  gst_element_send_event (pipeline, gst_event_new_eos ());
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  gst_init (&argc, &argv);
  const char *source = argc > 1 ? "uridecodebin name=source :" : "autoaudiosrc ! queue !";
  g_autofree char *text =
      g_strconcat (source, " audioconvert ! emotiondetect message-mode=change ! fakesink", NULL);
  GstElement *pipeline = gst_parse_launch (text, &error);
  if (error) { /* for example, there is no element "emotiondetect" */
    g_printerr ("on-change: %s\n", error->message);
    return 1;
  }
  App app = {.loop = g_main_loop_new (NULL, FALSE)};
  if (argc > 1)
    gst_child_proxy_set (GST_CHILD_PROXY (pipeline), "source::uri", argv[1], NULL);
  gst_bus_add_watch (GST_ELEMENT_BUS (pipeline), on_message, &app);
  g_unix_signal_add (SIGINT, on_interrupt, pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (app.loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return app.failed ? 1 : 0;
}
