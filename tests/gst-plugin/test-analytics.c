/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The GstAnalytics metas, where GStreamer has them. */
#include "fixture.h"

#ifdef HAVE_GST_ANALYTICS
#include <gst/analytics/analytics.h>

#define RATE 16000

/* The next classification on the buffer. */
static gboolean
next_classification (GstBuffer *buffer, gpointer *state, GstAnalyticsMtd *mtd)
{
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (buffer);
  return meta != NULL && gst_analytics_relation_meta_iterate (
                             meta, state, gst_analytics_cls_mtd_get_mtd_type (), mtd);
}

/* It has the scores of `report`, the prediction first, the others by falling score. */
static void
assert_classifies (GstAnalyticsMtd *mtd, const GstStructure *report)
{
  const GstStructure *scores = gst_value_get_structure (gst_structure_get_value (report, "scores"));
  gsize n = gst_analytics_cls_mtd_get_length (mtd);
  fail_unless_equals_uint64 (n, (guint64)gst_structure_n_fields (scores));
  fail_unless_equals_string (g_quark_to_string (gst_analytics_cls_mtd_get_quark (mtd, 0)),
                             gst_structure_get_string (report, "emotion"));
  for (gsize i = 0; i < n; i++) {
    GQuark label = gst_analytics_cls_mtd_get_quark (mtd, i);
    gfloat level = gst_analytics_cls_mtd_get_level (mtd, i);
    double score = -1;
    fail_unless (gst_structure_get_double (scores, g_quark_to_string (label), &score));
    fail_unless_equals_float (level, (gfloat)score);
    fail_unless_equals_int (gst_analytics_cls_mtd_get_index_by_quark (mtd, label), (gint)i);
    fail_unless (i < 2 || level <= gst_analytics_cls_mtd_get_level (mtd, i - 1));
  }
}

/* The classifications on `buffer` are those of its GstEmotionMetas whose prediction is an emotion,
 * in their order; returns their number. */
static guint
check_buffer (GstBuffer *buffer)
{
  GType api = gst_meta_get_info ("GstEmotionMeta")->api;
  gpointer at = NULL, state = NULL;
  GstAnalyticsMtd mtd;
  GstMeta *meta;
  guint n = 0;
  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &at, api)) != NULL) {
    const GstStructure *report = gst_custom_meta_get_structure ((GstCustomMeta *)meta);
    if (g_str_equal (gst_structure_get_string (report, "emotion"), "none"))
      continue;
    fail_unless (next_classification (buffer, &state, &mtd));
    assert_classifies (&mtd, report);
    n++;
  }
  fail_if (next_classification (buffer, &state, &mtd));
  return n;
}

static guint
check_stream (Fixture *fixture, guint n_buffers)
{
  guint n = 0;
  for (guint i = 0; i < n_buffers; i++) {
    fixture_push (fixture, 100, RATE / 10, i * 100 * GST_MSECOND);
    GstBuffer *out = gst_harness_pull (fixture->harness);
    n += check_buffer (out);
    gst_buffer_unref (out);
  }
  return n;
}

/* Also if smoothing and hysteresis keep a prediction that is not the window's best. */
GST_START_TEST (test_classification)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "attach-meta", TRUE, "threshold", 0., "smoothing", 2 * GST_SECOND,
                NULL);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  fixture->restless = TRUE;
  fail_unless (check_stream (fixture, 100) >= 10);
  fixture_free (fixture);
}
GST_END_TEST

/* Separate channels, also with many windows in one buffer. */
GST_START_TEST (test_channels)
{
  Fixture *fixture = fixture_new_f32 (RATE, 2);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  g_object_set (fixture->element, "attach-meta", TRUE, "threshold", 0., NULL);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  fail_unless (check_stream (fixture, 30) >= 4);
  fixture_push (fixture, 20000, RATE * 20, 3 * GST_SECOND);
  GstBuffer *out = gst_harness_pull (fixture->harness);
  fail_unless (check_buffer (out) >= 40);
  gst_buffer_unref (out);
  fixture_free (fixture);
}
GST_END_TEST

/* Without an emotion there is no classification; nor without the property. */
GST_START_TEST (test_nothing)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  g_object_set (fixture->element, "attach-meta", TRUE, "threshold", 1., NULL);
  fail_unless_equals_int (check_stream (fixture, 30), 0);
  fail_unless (fixture_collect (fixture) >= 4);
  fixture_free (fixture);

  fixture = fixture_new_f32 (RATE, 1);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  g_object_set (fixture->element, "threshold", 0., NULL);
  for (guint i = 0; i < 30; i++) {
    fixture_push (fixture, 100, RATE / 10, i * 100 * GST_MSECOND);
    GstBuffer *out = gst_harness_pull (fixture->harness);
    fail_unless (gst_buffer_get_analytics_relation_meta (out) == NULL);
    gst_buffer_unref (out);
  }
  fixture_free (fixture);
}
GST_END_TEST

/* Results of elements upstream are kept. */
GST_START_TEST (test_upstream)
{
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "attach-meta", TRUE, "threshold", 0., NULL);
  gst_harness_set_drop_buffers (fixture->harness, FALSE);
  GstBuffer *buffer = fixture_make (fixture, 0, RATE);
  GstAnalyticsMtd mtd;
  gpointer state = NULL;
  GST_BUFFER_PTS (buffer) = 0;
  fail_unless (gst_analytics_relation_meta_add_one_cls_mtd (
      gst_buffer_add_analytics_relation_meta (buffer), 0.25f, g_quark_from_string ("rain"), &mtd));
  fixture_push_buffer (fixture, buffer);
  buffer = gst_harness_pull (fixture->harness);
  fail_unless (next_classification (buffer, &state, &mtd));
  fail_unless_equals_string (g_quark_to_string (gst_analytics_cls_mtd_get_quark (&mtd, 0)), "rain");
  fail_unless (next_classification (buffer, &state, &mtd));
  fail_unless_equals_uint64 (gst_analytics_cls_mtd_get_length (&mtd), 4);
  gst_buffer_unref (buffer);
  fixture_free (fixture);
}
GST_END_TEST

static Suite *
analytics_suite (void)
{
  Suite *suite = suite_create ("analytics");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_classification);
  tcase_add_test (tests, test_channels);
  tcase_add_test (tests, test_nothing);
  tcase_add_test (tests, test_upstream);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (analytics)
#else
int
main (void)
{
  g_printerr ("skipped: built without GstAnalytics, which needs GStreamer 1.24 or later\n");
  return 77;
}
#endif
