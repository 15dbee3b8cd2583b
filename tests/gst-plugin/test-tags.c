/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags: at each change of the prediction and at the end, merged with the tags of upstream. */
#include <gst/tag/tag.h>

#include "fixture.h"

#define RATE 16000

/* What has come downstream since the last call: the last stream-scope tags, and the number of tag
 * events. */
static GstTagList *
pull_tags (Fixture *fixture, guint *n)
{
  GstTagList *last = NULL;
  GstEvent *event;
  *n = 0;
  while ((event = gst_harness_try_pull_event (fixture->harness)) != NULL) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_TAG) {
      GstTagList *tags;
      gst_event_parse_tag (event, &tags);
      if (gst_tag_list_get_scope (tags) == GST_TAG_SCOPE_STREAM) {
        g_clear_pointer (&last, gst_tag_list_unref);
        last = gst_tag_list_ref (tags);
        (*n)++;
      }
    }
    gst_event_unref (event);
  }
  return last;
}

/* Fails unless the last tags since the last call are these; NULL for one that must be absent. */
static void
check_tags (Fixture *fixture, const char *emotion, const char *title)
{
  guint n;
  char *text = NULL;
  GstTagList *tags = pull_tags (fixture, &n);
  fail_unless (tags != NULL);
  gst_tag_list_get_string (tags, "emotion", &text);
  fail_unless_equals_string (text, emotion);
  g_clear_pointer (&text, g_free);
  gst_tag_list_get_string (tags, GST_TAG_TITLE, &text);
  fail_unless_equals_string (text, title);
  g_free (text);
  if (emotion != NULL) {
    double confidence = -1;
    fail_unless (gst_tag_list_get_double (tags, "emotion-confidence", &confidence));
    fail_unless (confidence > 0 && confidence <= 1);
  }
  gst_tag_list_unref (tags);
}

static void
push_title (Fixture *fixture, const char *title)
{
  fixture_push_event (fixture, gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, title, NULL)));
}

GST_START_TEST (test_merged)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  push_title (fixture, "one");
  check_tags (fixture, NULL, "one");
  fixture_push (fixture, 700, 160, 0);
  fixture_collect (fixture);
  char *emotion = g_strdup (fixture_string (fixture->windows, 0, "emotion"));
  check_tags (fixture, emotion, "one");
  push_title (fixture, "two");
  check_tags (fixture, emotion, "two");

  fixture_push (fixture, 700, 160, 700 * GST_MSECOND);
  fixture_push_eos (fixture);
  check_tags (fixture, fixture_string (fixture->summaries, 0, "emotion"), "two");

  /* Another stream does not keep the tags of this one. */
  fixture_push_event (fixture, gst_event_new_stream_start ("another"));
  push_title (fixture, "three");
  check_tags (fixture, NULL, "three");
  g_free (emotion);
  fixture_free (fixture);
}
GST_END_TEST

/* One event for each change, from or to none, and one at the end. */
GST_START_TEST (test_changes)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  guint changes = 0, n;
  const char *before = "none";
  for (guint i = 0; i < 6; i++) {
    for (guint k = 0; k < 15; k++) {
      GstBuffer *buffer = fixture_make (fixture, fixture->position, RATE / 10);
      fixture->position += RATE / 10;
      if (i % 2)
        GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
      fixture_push_buffer (fixture, buffer);
    }
  }
  fixture_push_eos (fixture);
  for (guint i = 0; i < fixture->windows->len; i++) {
    const char *emotion = fixture_string (fixture->windows, i, "emotion");
    changes += !g_str_equal (emotion, before);
    before = emotion;
  }
  fail_unless (changes >= 5);
  GstTagList *tags = pull_tags (fixture, &n);
  fail_unless_equals_int (n, changes + 1);
  gst_tag_list_unref (tags);
  fixture_free (fixture);
}
GST_END_TEST

/* At the end there is a comment for containers, besides those of upstream, that replaces one from
 * an earlier run. */
GST_START_TEST (test_comment)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  guint n;
  const char *comment;
  fixture_push_event (fixture, gst_event_new_tag (gst_tag_list_new (
                                   GST_TAG_TITLE, "one", GST_TAG_EXTENDED_COMMENT, "KEY=value",
                                   GST_TAG_EXTENDED_COMMENT, "emotion=bored",
                                   GST_TAG_EXTENDED_COMMENT, "X=y", NULL)));
  fixture_push (fixture, 700, 160, 0);
  GstTagList *tags = pull_tags (fixture, &n);
  fail_unless_equals_int (n, 2);
  fail_unless_equals_int (gst_tag_list_get_tag_size (tags, GST_TAG_EXTENDED_COMMENT), 3);
  gst_tag_list_unref (tags);

  fixture_push_eos (fixture);
  char *own = g_strconcat ("EMOTION=", fixture_string (fixture->summaries, 0, "emotion"), NULL);
  tags = pull_tags (fixture, &n);
  const char *expected[] = {own, "KEY=value", "X=y"};
  fail_unless_equals_int (gst_tag_list_get_tag_size (tags, GST_TAG_EXTENDED_COMMENT), 3);
  for (guint i = 0; i < 3; i++) {
    fail_unless (gst_tag_list_peek_string_index (tags, GST_TAG_EXTENDED_COMMENT, i, &comment));
    fail_unless_equals_string (comment, expected[i]);
  }

  /* In the form that muxers with Vorbis comments write. */
  GstBuffer *vorbis = gst_tag_list_to_vorbiscomment_buffer (tags, NULL, 0, "test");
  GstTagList *read = gst_tag_list_from_vorbiscomment_buffer (vorbis, NULL, 0, NULL);
  gboolean found = FALSE;
  for (guint i = 0; gst_tag_list_peek_string_index (read, GST_TAG_EXTENDED_COMMENT, i, &comment);
       i++)
    found = found || g_str_equal (comment, own);
  fail_unless (found);
  gst_buffer_unref (vorbis);
  gst_tag_list_unref (read);
  gst_tag_list_unref (tags);
  g_free (own);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_global_scope)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  GstTagList *album = gst_tag_list_new (GST_TAG_ALBUM, "album", NULL);
  gst_tag_list_set_scope (album, GST_TAG_SCOPE_GLOBAL);
  fixture_push (fixture, 700, 160, 0);
  GstEvent *event = gst_event_new_tag (album), *out;
  gst_event_ref (event);
  fixture_push_event (fixture, event);
  do {
    out = gst_harness_try_pull_event (fixture->harness);
    fail_unless (out != NULL, "the event did not come through as it is");
    gst_event_unref (out);
  } while (out != event);
  gst_event_unref (event);
  fixture_free (fixture);
}
GST_END_TEST

GST_START_TEST (test_off)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  guint n;
  g_object_set (fixture->element, "post-tags", FALSE, NULL);
  push_title (fixture, "one");
  fixture_push (fixture, 1400, 160, 0);
  fixture_push_eos (fixture);
  GstTagList *tags = pull_tags (fixture, &n);
  fail_unless_equals_int (n, 1);
  gst_tag_list_unref (tags);
  fail_unless_equals_int (fixture->summaries->len, 1);
  fixture_free (fixture);
}
GST_END_TEST

/* In a pipeline the tags reach the application before the end of the stream. */
GST_START_TEST (test_pipeline)
{
  char *text = g_strdup_printf ("audiotestsrc num-buffers=100 samplesperbuffer=441 ! taginject "
                                "tags=\"title=test\" ! emotiondetect model=%s ! fakesink",
                                fixture_model ());
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_free (text);
  if (error != NULL) {
    g_printerr ("skipped: %s\n", error->message);
    g_error_free (error);
    g_clear_object (&pipeline);
    return;
  }
  GstBus *bus = gst_element_get_bus (pipeline);
  GstTagList *last = NULL;
  gboolean done = FALSE;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_TAG | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR);
    done = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    if (!done) {
      g_clear_pointer (&last, gst_tag_list_unref);
      gst_message_parse_tag (message, &last);
    }
    gst_message_unref (message);
  }
  char *title = NULL, *emotion = NULL;
  fail_unless (gst_tag_list_get_string (last, GST_TAG_TITLE, &title));
  fail_unless_equals_string (title, "test");
  fail_unless (gst_tag_list_get_string (last, "emotion", &emotion));
  g_free (title);
  g_free (emotion);
  gst_tag_list_unref (last);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}
GST_END_TEST

static Suite *
tags_suite (void)
{
  Suite *suite = suite_create ("tags");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_merged);
  tcase_add_test (tests, test_changes);
  tcase_add_test (tests, test_comment);
  tcase_add_test (tests, test_global_scope);
  tcase_add_test (tests, test_off);
  tcase_add_test (tests, test_pipeline);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (tags)
