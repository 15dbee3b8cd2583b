/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emitter.h"

#include <math.h>
#include <string.h>

#include "analytics-meta.h"

#define TAG "emotion"
#define TAG_CONFIDENCE "emotion-confidence"
#define META "GstEmotionMeta"
#define COMMENT_KEY "EMOTION="

void
gst_emotion_emitter_register (void)
{
  gst_tag_register (TAG, GST_TAG_FLAG_META, G_TYPE_STRING, "emotion",
                    "predicted emotion of the speech, or none", NULL);
  gst_tag_register (TAG_CONFIDENCE, GST_TAG_FLAG_META, G_TYPE_DOUBLE, "emotion confidence",
                    "probability of the emotion, 0 to 1", NULL);
  const char *tags[] = {GST_META_TAG_AUDIO_STR, NULL};
  gst_meta_register_custom (META, tags, NULL, NULL, NULL);
}

static const char *
label_name (const EmotionModel *model, gint label)
{
  return label < 0 ? GST_EMOTION_NONE : emotion_model_get_label (model, (guint)label);
}

static const char *
predicted_label (const GstEmotionResult *result)
{
  return label_name (result->analysis->model, result->output->label);
}

/* --- Structures --- */

static void
set_time (GstStructure *structure, const char *field, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_structure_set (structure, field, G_TYPE_UINT64, time, NULL);
}

/* Sets one of a few words. All structures share one copy of it, which saves memory where nobody
 * takes the messages off the bus. */
static void
set_word (GstStructure *structure, const char *field, const char *word)
{
  GValue value = G_VALUE_INIT;
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_interned_string (&value, g_intern_string (word));
  gst_structure_take_value (structure, field, &value);
}

static void
set_number (GstStructure *structure, const char *field, double number)
{
  gst_structure_set (structure, field, G_TYPE_DOUBLE, number, NULL);
}

static void
set_if_known (GstStructure *structure, const char *field, double number)
{
  if (!isnan (number))
    set_number (structure, field, number);
}

/* Takes ownership of `part`. */
static void
take_part (GstStructure *structure, const char *field, GstStructure *part)
{
  GValue value = G_VALUE_INIT;
  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, part);
  gst_structure_take_value (structure, field, &value);
}

static void
set_scores (GstStructure *report, const GstEmotionResult *result)
{
  const EmotionModel *model = result->analysis->model;
  GstStructure *scores = gst_structure_new_empty ("scores");
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    set_number (scores, emotion_model_get_label (model, i), result->output->scores[i]);
  take_part (report, "scores", scores);
}

static void
set_features (GstStructure *report, const GstEmotionResult *result)
{
  guint n = emotion_model_get_features (result->analysis->model)->n_features;
  GValue array = G_VALUE_INIT, feature = G_VALUE_INIT;
  gst_value_array_init (&array, n);
  for (guint i = 0; i < n; i++) {
    g_value_init (&feature, G_TYPE_DOUBLE);
    g_value_set_double (&feature, result->output->features[i]);
    gst_value_array_append_and_take_value (&array, &feature);
  }
  gst_structure_take_value (report, "features", &array);
}

static void
set_tally (GstStructure *report, const GstEmotionResult *result)
{
  const EmotionModel *model = result->analysis->model;
  const EmotionLabelStatistics *statistics = &result->channel->statistics;
  GstStructure *fractions = gst_structure_new_empty ("fractions");
  for (gint i = -1; i < (gint)emotion_model_get_n_labels (model); i++)
    set_number (fractions, label_name (model, i),
                emotion_label_statistics_fraction (statistics, i));
  take_part (report, "fractions", fractions);

  GstStructure *longest = gst_structure_new_empty ("longest-stretch");
  set_word (longest, "emotion", label_name (model, statistics->longest.label));
  set_time (longest, "timestamp", statistics->longest.start);
  set_time (longest, "duration", statistics->longest.length);
  take_part (report, "longest-stretch", longest);

  gst_structure_set (report, "transitions", G_TYPE_UINT64, statistics->n_transitions, "windows",
                     G_TYPE_UINT64, result->output->n_windows, NULL);
}

/* Where timestamps drift, the first window of a segment can seem to start before the segment, where
 * stream time and running time are not defined. */
static GstClockTime
clip_to_segment (const GstSegment *segment, GstClockTime timestamp)
{
  if (segment->format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID (timestamp))
    return timestamp;
  if (GST_CLOCK_TIME_IS_VALID (segment->stop))
    timestamp = MIN (timestamp, segment->stop);
  return MAX (timestamp, segment->start);
}

static void
set_start (GstStructure *report, GstClockTime timestamp, const GstSegment *segment)
{
  timestamp = clip_to_segment (segment, timestamp);
  set_time (report, "timestamp", timestamp);
  if (segment->format != GST_FORMAT_TIME)
    return;
  set_time (report, "stream-time",
            gst_segment_to_stream_time (segment, GST_FORMAT_TIME, timestamp));
  set_time (report, "running-time",
            gst_segment_to_running_time (segment, GST_FORMAT_TIME, timestamp));
}

/* The structure "emotiondetect" of a window or a summary. */
static GstStructure *
make_report (const GstEmotionResult *result, const GstSegment *segment, gboolean send_features)
{
  const EmotionResult *output = result->output;
  GstStructure *report = gst_structure_new_empty ("emotiondetect");
  set_word (report, "type", result->summary ? "summary" : "window");
  set_start (report, result->timestamp, segment);
  set_time (report, "duration", result->duration);
  if (result->channel->index >= 0)
    gst_structure_set (report, "channel", G_TYPE_INT, result->channel->index, NULL);
  set_word (report, "emotion", predicted_label (result));
  set_number (report, "confidence", output->confidence);
  if (output->label < 0)
    set_word (report, "reason", emotion_reason_to_string (output->reason));
  set_scores (report, result);
  set_number (report, "speech-ratio", output->speech_ratio);
  set_number (report, "level", output->level);
  set_if_known (report, "intensity", output->intensity);
  set_if_known (report, "valence", output->valence);
  set_if_known (report, "arousal", output->arousal);
  if (result->summary)
    set_tally (report, result);
  else
    gst_structure_set (report, "partial", G_TYPE_BOOLEAN, output->partial, NULL);
  set_word (report, "model", result->analysis->model_name);
  if (send_features && !result->summary)
    set_features (report, result);
  return report;
}

/* Makes the report of a window the report of the change that the window has brought. */
static void
turn_into_change (GstStructure *report, const GstEmotionResult *result)
{
  GQuark previous = result->channel->previous;
  set_word (report, "type", "change");
  set_word (report, "previous", previous == 0 ? GST_EMOTION_NONE : g_quark_to_string (previous));
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, field, value);
  return TRUE;
}

/* --- Tags --- */

/* With a summary also a comment, which containers can store. */
static GstTagList *
make_tags (const GstEmotionResult *result)
{
  const char *label = predicted_label (result);
  GstTagList *tags =
      gst_tag_list_new (TAG, label, TAG_CONFIDENCE, result->output->confidence, NULL);
  if (result->summary) {
    char *comment = g_strconcat (COMMENT_KEY, label, NULL);
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_EXTENDED_COMMENT, comment, NULL);
    g_free (comment);
  }
  return tags;
}

/* Adds the comments of `upstream` to `tags`, except our own of an earlier run. */
static void
add_comments (GstTagList *tags, const GstTagList *upstream)
{
  const char *comment;
  for (guint i = 0;
       gst_tag_list_peek_string_index (upstream, GST_TAG_EXTENDED_COMMENT, i, &comment); i++)
    if (g_ascii_strncasecmp (comment, COMMENT_KEY, strlen (COMMENT_KEY)) != 0)
      gst_tag_list_add (tags, GST_TAG_MERGE_APPEND, GST_TAG_EXTENDED_COMMENT, comment, NULL);
}

static GstTagList *
merge_tags (const GstTagList *upstream, const GstTagList *own)
{
  GstTagList *tags = gst_tag_list_merge (upstream, own, GST_TAG_MERGE_REPLACE);
  if (upstream != NULL && gst_tag_list_get_tag_size (own, GST_TAG_EXTENDED_COMMENT) > 0)
    add_comments (tags, upstream);
  return tags;
}

/* --- Sending --- */

void
gst_emotion_emitter_init (GstEmotionEmitter *self, GstElement *element, GstPad *srcpad,
                          const GstEmotionSettings *settings)
{
  self->element = element;
  self->srcpad = srcpad;
  self->settings = settings;
}

/* Own and upstream tags in one event, as a tag event replaces the one before of the same scope. */
static GstEvent *
make_tag_event (GstEmotionEmitter *self)
{
  return gst_event_new_tag (merge_tags (self->upstream_tags, self->own_tags));
}

static void
send_tags (GstEmotionEmitter *self, const GstEmotionResult *result)
{
  g_clear_pointer (&self->own_tags, gst_tag_list_unref);
  self->own_tags = make_tags (result);
  gst_pad_push_event (self->srcpad, make_tag_event (self));
}

static void
attach_metas (GstEmotionEmitter *self, const GstStructure *report, const GstEmotionResult *result)
{
  GstCustomMeta *meta = gst_buffer_add_custom_meta (self->buffer, META);
  gst_structure_foreach (report, copy_field, gst_custom_meta_get_structure (meta));
#ifdef HAVE_GST_ANALYTICS
  gst_emotion_analytics_attach (result, self->buffer);
#else
  (void)result;
#endif
}

/* Posts a copy: it has no spare room for more fields, which saves 40 % of the memory of messages
 * that nobody takes off the bus. */
static void
post (GstEmotionEmitter *self, const GstStructure *report)
{
  gst_element_post_message (self->element, gst_message_new_element (GST_OBJECT (self->element),
                                                                    gst_structure_copy (report)));
}

void
gst_emotion_emitter_emit (GstEmotionEmitter *self, const GstEmotionResult *result,
                          const GstSegment *segment)
{
  const GstEmotionSettings *settings = self->settings;
  gboolean summary = result->summary;
  gboolean changed = !summary && result->channel->last_reported != result->channel->previous;
  gboolean attaches = !summary && self->buffer != NULL;
  gboolean posts =
      settings->post_messages && (summary || settings->message_mode != GST_EMOTION_MESSAGES_CHANGE);
  gboolean posts_change =
      settings->post_messages && changed && settings->message_mode != GST_EMOTION_MESSAGES_INTERVAL;

  /* Separate channels have no common prediction for the tags. */
  if (settings->post_tags && (summary || changed) && result->analysis->n_channels == 1)
    send_tags (self, result);
  if (!attaches && !posts && !posts_change)
    return;

  GstStructure *report = make_report (result, segment, settings->send_features);
  if (attaches)
    attach_metas (self, report, result);
  if (posts)
    post (self, report);
  if (posts_change) {
    turn_into_change (report, result);
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
  return make_tag_event (self);
}

void
gst_emotion_emitter_forget_tags (GstEmotionEmitter *self)
{
  g_clear_pointer (&self->upstream_tags, gst_tag_list_unref);
  g_clear_pointer (&self->own_tags, gst_tag_list_unref);
}
