/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline.h"

#include "decode.h"
#include "play.h"

/* emotiondetect ! fakesink; NULL without the element. */
static GstElement *
make_sink (const char *model)
{
  GstElement *detector = gst_element_factory_make ("emotiondetect", NULL);
  if (!detector)
    return NULL;
  GstElement *bin = gst_bin_new (NULL), *sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (detector, "model", model, "post-tags", FALSE, NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  gst_bin_add_many (GST_BIN (bin), detector, sink, NULL);
  gst_element_link (detector, sink);
  GstPad *pad = gst_element_get_static_pad (detector, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));
  gst_object_unref (pad);
  return bin;
}

static void
add_window (TrainingTimeline *self, const GstStructure *report)
{
  const GstStructure *scores = gst_value_get_structure (gst_structure_get_value (report, "scores"));
  const guint n = (guint)gst_structure_n_fields (scores);
  guint64 start = 0, duration = 0;
  TrainingTimelineWindow window = {.scores = g_new0 (double, n)};
  gst_structure_get (report, "stream-time", G_TYPE_UINT64, &start, "duration", G_TYPE_UINT64,
                     &duration, NULL);
  gst_structure_get_double (report, "confidence", &window.confidence);
  window.start = (double)start / GST_SECOND;
  window.end = (double)(start + duration) / GST_SECOND;
  window.answer = g_intern_string (gst_structure_get_string (report, "emotion"));
  for (guint i = 0; i < n; i++) {
    const char *label = gst_structure_nth_field_name (scores, i);
    gst_structure_get_double (scores, label, &window.scores[i]);
    if (self->labels->len < n)
      g_ptr_array_add (self->labels, (gpointer)g_intern_string (label));
  }
  g_array_append_val (self->windows, window);
}

static void
take_message (GstMessage *message, gpointer data)
{
  TrainingTimeline *self = data;
  const GstStructure *report = gst_message_get_structure (message);
  if (!gst_structure_has_name (report, "emotiondetect"))
    return;
  const char *type = gst_structure_get_string (report, "type");
  if (g_strcmp0 (type, "window") == 0) {
    add_window (self, report);
  } else if (g_strcmp0 (type, "summary") == 0) {
    self->answer = g_intern_string (gst_structure_get_string (report, "emotion"));
    gst_structure_get_double (report, "confidence", &self->confidence);
    g_free (self->model);
    self->model = g_strdup (gst_structure_get_string (report, "model"));
  }
}

static void
window_clear (gpointer data)
{
  g_free (((TrainingTimelineWindow *)data)->scores);
}

TrainingTimeline *
training_timeline_new (const char *file, const char *model, GError **error)
{
  GstElement *sink = make_sink (model);
  if (!sink) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE,
                 "GStreamer has no element emotiondetect: install it (meson install), or run in "
                 "meson devenv, or set GST_PLUGIN_PATH to the folder of libgstemotiondetect.so");
    return NULL;
  }
  TrainingTimeline *self = g_new0 (TrainingTimeline, 1);
  self->labels = g_ptr_array_new ();
  self->windows = g_array_new (FALSE, FALSE, sizeof (TrainingTimelineWindow));
  g_array_set_clear_func (self->windows, window_clear);
  gboolean ok = training_play (file, sink, take_message, self, error);
  if (ok && (self->windows->len == 0 || !self->answer)) {
    ok = FALSE;
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE,
                 "%s: has no audio, or less than one frame of the analysis (25 ms)", file);
  }
  if (!ok)
    g_clear_pointer (&self, training_timeline_free);
  return self;
}

void
training_timeline_free (TrainingTimeline *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->labels);
  g_array_unref (self->windows);
  g_free (self->model);
  g_free (self);
}
