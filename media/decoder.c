/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder.h"

#include <string.h>

#include "odd-wav.h"
#include "play-errors.h"

#define MAX_CLOSE 5 /* s to stop a decoder before it is abandoned */

/* Shared with the thread that runs the element. */
struct _MediaDecoder {
  GstElement *pipeline, *entry; /* not owned; not used by the thread */
  GstElement *element;
  GAsyncQueue *requests, *confirmations; /* of the stop */
};

gboolean
media_is_linked (GstElement *element)
{
  GstPad *pad = gst_element_get_static_pad (element, "sink");
  gboolean linked = gst_pad_is_linked (pad);
  gst_object_unref (pad);
  return linked;
}

static void
link_first_audio (GstElement *decoder, GstPad *pad, gpointer data)
{
  GstElement *entry = data;
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  if (!media_is_linked (entry) && !gst_caps_is_empty (caps) && !gst_caps_is_any (caps) &&
      gst_structure_has_name (gst_caps_get_structure (caps, 0), "audio/x-raw") &&
      !gst_element_link_pads (decoder, GST_PAD_NAME (pad), entry, "sink")) {
    char *problem = media_describe_refused (caps);
    GST_ELEMENT_ERROR (decoder, STREAM, FORMAT, ("%s", problem), (NULL));
    g_free (problem);
  }
  gst_caps_unref (caps);
}

static void
require_audio (GstElement *decoder, gpointer data)
{
  if (!media_is_linked (data))
    GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE, ("has no audio stream"), (NULL));
}

/* GStreamer's a52dec writes out of bounds on damaged AC-3: libav's decoder replaces it if
 * available. */
static gpointer
avoid_a52dec (gpointer data)
{
  GstRegistry *registry = gst_registry_get ();
  GstPluginFeature *better = gst_registry_lookup_feature (registry, "avdec_ac3");
  GstPluginFeature *broken = gst_registry_lookup_feature (registry, "a52dec");
  if (better && broken)
    gst_plugin_feature_set_rank (broken, GST_RANK_NONE);
  g_clear_object (&better);
  g_clear_object (&broken);
  return data;
}

static void
clear (gpointer data)
{
  MediaDecoder *self = data;
  gst_object_unref (self->element);
  g_async_queue_unref (self->requests);
  g_async_queue_unref (self->confirmations);
}

void
media_decoder_unref (MediaDecoder *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* GstAutoplugSelectResult of decodebin, which has no header. */
enum { AUTOPLUG_TRY, AUTOPLUG_EXPOSE, AUTOPLUG_SKIP };

/* HLS, DASH and Smooth Streaming are of the class Adaptive, SDP is of the class Network, and edit
 * lists of the class Editing. */
static int
skip_references (GstElement *decoder, GstPad *pad, GstCaps *caps, GstElementFactory *factory,
                 gpointer data)
{
  const char *class = gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS);
  (void)decoder;
  (void)pad;
  (void)caps;
  (void)data;
  return strstr (class, "Adaptive") || strstr (class, "Network") || strstr (class, "Source") ||
                 strstr (class, "Editing")
             ? AUTOPLUG_SKIP
             : AUTOPLUG_TRY;
}

MediaDecoder *
media_decoder_new (GstElement *pipeline, GstElement *entry, const char *uri, gboolean isolated)
{
  static GOnce once = G_ONCE_INIT;
  g_once (&once, avoid_a52dec, NULL);
  GstElement *element = gst_element_factory_make ("uridecodebin", NULL);
  if (!element)
    return NULL;
  /* Streams that cannot become raw audio need no decoder. */
  GstCaps *raw = gst_caps_from_string ("audio/x-raw(ANY)");
  g_object_set (element, "uri", uri, "caps", raw, "expose-all-streams", FALSE, NULL);
  gst_caps_unref (raw);
  g_signal_connect_object (element, "pad-added", G_CALLBACK (link_first_audio), entry, 0);
  g_signal_connect_object (element, "no-more-pads", G_CALLBACK (require_audio), entry, 0);
  if (isolated)
    g_signal_connect (element, "autoplug-select", G_CALLBACK (skip_references), NULL);
  media_odd_wav_prepare (element);
  MediaDecoder *self = g_atomic_rc_box_new0 (MediaDecoder);
  self->pipeline = pipeline;
  self->entry = entry;
  self->element = gst_object_ref_sink (element);
  self->requests = g_async_queue_new ();
  self->confirmations = g_async_queue_new ();
  gst_bin_add (GST_BIN (pipeline), element);
  return self;
}

/* Starts the decoder and stops it on request. It has a thread of its own: a source may wait here,
 * for example for the writer of a pipe, and a broken decoder may never stop. */
static gpointer
run (gpointer data)
{
  MediaDecoder *self = data;
  if (gst_element_set_state (self->element, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    gst_element_post_message (
        self->element, gst_message_new_application (GST_OBJECT (self->element),
                                                    gst_structure_new_empty ("cannot-start")));
  g_async_queue_pop (self->requests);
  gst_element_set_state (self->element, GST_STATE_NULL);
  g_async_queue_push (self->confirmations, self->element);
  media_decoder_unref (self);
  return NULL;
}

void
media_decoder_start (MediaDecoder *self)
{
  g_thread_unref (g_thread_new ("decoder", run, g_atomic_rc_box_acquire (self)));
}

/* Locks the decoder's state: a state change of the pipeline, in any thread, would restart it. */
static void
hide (MediaDecoder *self)
{
  const gint64 end = g_get_monotonic_time () + MAX_CLOSE * G_USEC_PER_SEC;
  gst_element_set_locked_state (self->element, TRUE);
  gst_bin_remove (GST_BIN (self->pipeline), self->element);
  gboolean idle;
  while (!(idle = GST_STATE_TRYLOCK (self->pipeline)) && g_get_monotonic_time () < end)
    g_usleep (1000);
  if (idle)
    GST_STATE_UNLOCK (self->pipeline);
}

void
media_decoder_stop (MediaDecoder *self)
{
  GstPad *pad = gst_element_get_static_pad (self->entry, "sink");
  g_signal_handlers_disconnect_by_data (self->element, self->entry);
  /* Release threads that wait in the sink. */
  gst_pad_send_event (pad, gst_event_new_flush_start ());
  hide (self);
  g_async_queue_push (self->requests, self->element);
  g_async_queue_timeout_pop (self->confirmations, MAX_CLOSE * G_USEC_PER_SEC);
  gst_pad_send_event (pad, gst_event_new_flush_stop (TRUE));
  gst_object_unref (pad);
}
