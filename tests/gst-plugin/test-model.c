/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the model comes from, and the error message if it cannot be used. */
#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"

/* Starts an element with `model`, expects a failure and returns its message. */
static char *
expect_error (const char *model, GQuark domain, gint code)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstBus *bus = gst_bus_new ();
  GError *error = NULL;

  g_object_set (element, "model", model, NULL);
  gst_element_set_bus (element, bus);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
                          GST_STATE_CHANGE_FAILURE);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, domain, code), "%s", error->message);
  char *text = g_strdup (error->message);

  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
  gst_object_unref (bus);
  return text;
}

static void
expect_error_with (const char *model, GQuark domain, gint code, const char *part)
{
  char *text = expect_error (model, domain, code);
  fail_unless (strstr (text, part) != NULL, "\"%s\" lacks \"%s\"", text, part);
  g_free (text);
}

/* The name of the model that an element without the property uses. */
static void
expect_model (const char *name)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", 16000, 1);
  Fixture *fixture = fixture_new (caps, "model", NULL, NULL);
  fixture_push (fixture, 600, 160, 0);
  fixture_push_eos (fixture);
  fail_unless_equals_string (fixture_string (fixture->windows, 0, "model"), name);
  fixture_free (fixture);
  g_free (caps);
}

static char *
in_folder (const char *name)
{
  return g_build_filename (fixture_folder (), name, NULL);
}

GST_START_TEST (test_missing)
{
  char *path = in_folder ("missing.emotion");
  expect_error_with (path, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, path);
  g_setenv ("EMOTIONDETECT_MODEL", path, TRUE);
  expect_error_with (NULL, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, path);
  expect_error_with ("", GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, path);
  g_free (path);
}
GST_END_TEST

GST_START_TEST (test_missing_default)
{
  const char *installed = EMOTION_MODEL_DIR "/default.emotion";
  if (g_file_test (installed, G_FILE_TEST_EXISTS))
    return; /* then there is always a default */
  char *one = in_folder ("a"), *two = in_folder ("b");
  char *folders = g_strdup_printf ("%s::%s", one, two);
  g_setenv ("EMOTIONDETECT_MODEL_PATH", folders, TRUE);
  char *text = expect_error (NULL, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  char *expected =
      g_strdup_printf ("%s/default.emotion, %s/default.emotion, %s", one, two, installed);
  fail_unless (strstr (text, expected) != NULL, "\"%s\" lacks \"%s\"", text, expected);
  g_free (expected);
  g_free (text);
  g_free (folders);
  g_free (one);
  g_free (two);
}
GST_END_TEST

/* The property, then $EMOTIONDETECT_MODEL, then the first folder that has a default. */
GST_START_TEST (test_order)
{
  char *none = in_folder ("none"), *path = in_folder ("default.emotion"), *content;
  gsize size;
  fail_unless (g_file_get_contents (fixture_model (), &content, &size, NULL));
  fail_unless (g_file_set_contents (path, content, (gssize)size, NULL));
  char *folders = g_strdup_printf ("%s:%s", none, fixture_folder ());
  g_setenv ("EMOTIONDETECT_MODEL_PATH", folders, TRUE);
  expect_model ("default.emotion");
  g_setenv ("EMOTIONDETECT_MODEL", fixture_other_model (), TRUE);
  expect_model ("two.emotion");
  g_setenv ("EMOTIONDETECT_MODEL", "", TRUE);
  expect_model ("default.emotion");

  g_setenv ("EMOTIONDETECT_MODEL", fixture_other_model (), TRUE);
  Fixture *fixture = fixture_new_f32 (16000, 1);
  fixture_push (fixture, 600, 160, 0);
  fixture_collect (fixture);
  fail_unless_equals_string (fixture_string (fixture->windows, 0, "model"), "one.emotion");
  fixture_free (fixture);

  g_remove (path);
  g_free (folders);
  g_free (content);
  g_free (path);
  g_free (none);
}
GST_END_TEST

GST_START_TEST (test_bad_files)
{
  char *path = in_folder ("bad.emotion"), *content;
  gsize size;
  fail_unless (g_file_get_contents (fixture_model (), &content, &size, NULL));

  for (guint part = 0; part < 8; part++) {
    fail_unless (g_file_set_contents (path, content, (gssize)(size * part / 8), NULL));
    expect_error_with (path, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT, path);
  }
  for (gsize i = 0; i < size; i++)
    content[i] = (char)(i * 7919 >> 3);
  fail_unless (g_file_set_contents (path, content, (gssize)size, NULL));
  expect_error_with (path, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT, path);
  g_remove (path);

  expect_error_with (fixture_folder (), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
                     fixture_folder ());
  g_free (content);
  g_free (path);
}
GST_END_TEST

/* After a failure is corrected, the element starts. */
GST_START_TEST (test_retry)
{
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  g_object_set (element, "model", "/nowhere/x.emotion", NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
                          GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (element, GST_STATE_NULL);
  g_object_set (element, "model", fixture_model (), NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
                          GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
}
GST_END_TEST

/* The shipped model; it reports its origin and its accuracy. */
GST_START_TEST (test_shipped)
{
  static const char *const fields[] = {"corpus", "licence", "uar", "speakers", "protocol"};
  char *path = g_build_filename (g_getenv ("EMOTION_MODELS"), "default.emotion", NULL);
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstStructure *info;
  g_setenv ("EMOTIONDETECT_MODEL", path, TRUE);
  expect_model ("default.emotion");
  gst_element_set_state (element, GST_STATE_PAUSED);
  g_object_get (element, "model-info", &info, NULL);
  const GstStructure *provenance =
      gst_value_get_structure (gst_structure_get_value (info, "provenance"));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    fail_unless (gst_structure_get_string (provenance, fields[i]) != NULL, "no %s", fields[i]);
  fail_unless (g_ascii_strtod (gst_structure_get_string (provenance, "uar"), NULL) > 0.125);
  gst_structure_free (info);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
  g_free (path);
}
GST_END_TEST

static void
clear_environment (void)
{
  g_unsetenv ("EMOTIONDETECT_MODEL");
  g_unsetenv ("EMOTIONDETECT_MODEL_PATH");
}

static Suite *
model_suite (void)
{
  Suite *suite = suite_create ("model");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_add_checked_fixture (tests, clear_environment, clear_environment);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_missing);
  tcase_add_test (tests, test_missing_default);
  tcase_add_test (tests, test_order);
  tcase_add_test (tests, test_bad_files);
  tcase_add_test (tests, test_retry);
  tcase_add_test (tests, test_shipped);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (model)
